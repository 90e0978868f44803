import type { Zone } from './zone';

const NAME_CHARACTERS_MAX = 64;

const isZone = (name: string): boolean => {
  if (name === '' || name.length > NAME_CHARACTERS_MAX) return false;
  try {
    Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
};

/**
 * The zone of a request. The cookie holds the choice and, for `browser`, which zone that was (`browser:Europe/Berlin`):
 * so the server's first byte says the same time as the browser. Before the browser has told, it is the server's.
 */
export function parseZone(cookie: string | undefined, serverZone: string): Zone {
  const [choice, name = ''] = decodeURIComponentSafely(cookie ?? '').split(':', 2);
  if (choice === 'utc') return { choice, name: 'UTC' };
  if (choice === 'server') return { choice, name: serverZone };
  return { choice: 'browser', name: isZone(name) ? name : serverZone };
}

const decodeURIComponentSafely = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
};
