import { LOCALE } from './locale';
import { messageWriter, type TextValues } from './message-format';

export interface MessageTree {
  readonly [key: string]: string | MessageTree;
}

/** Text by key, from one area of the messages. */
export interface Text {
  (key: string, values?: TextValues): string;
  readonly has: (key: string) => boolean;
}

const write = messageWriter(LOCALE);
const NO_VALUES: TextValues = {};

function messageAt(messages: MessageTree, path: string): string | undefined {
  let found: string | MessageTree | undefined = messages;
  for (const key of path.split('.')) {
    found = typeof found === 'object' && Object.hasOwn(found, key) ? found[key] : undefined;
  }
  return typeof found === 'string' ? found : undefined;
}

/** The text of an area, as `shell` or `shell.nav`. A missing key shows its own name rather than breaking the page. */
export function textOf(messages: MessageTree, area: string): Text {
  const find = (key: string): string | undefined => messageAt(messages, `${area}.${key}`);
  const text = (key: string, values: TextValues = NO_VALUES): string => {
    const message = find(key);
    return message === undefined ? `${area}.${key}` : write(message, values);
  };
  return Object.assign(text, { has: (key: string) => find(key) !== undefined });
}
