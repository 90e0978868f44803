import type { Messages } from './messages';

/** A file of `messages/<language>` that pages behind the sign-in show. */
export type Area = keyof Messages['consoleMessages'];

/** What the frame around every page says. */
export const FRAME_AREAS = ['common', 'problems', 'shell'] as const satisfies readonly Area[];
