import { remember } from './remember';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export const THEME_COOKIE = 'gatehouse-theme';

/** Anything unknown is `system`. */
export const parseTheme = (text: string | undefined): Theme =>
  THEMES.find((theme) => theme === text) ?? 'system';

/** Puts the theme on the page at once and remembers it for the server's next first byte. */
export function applyTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
  remember(THEME_COOKIE, theme);
  window.dispatchEvent(new Event('gatehouse:theme'));
}

export const currentTheme = (): Theme => parseTheme(document.documentElement.dataset['theme']);
