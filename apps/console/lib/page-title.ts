import { consoleMessages } from './messages';
import { textOf } from './text';

const pages = textOf(consoleMessages, 'shell.nav');

/** Title of a page of the console, from the shell's names of pages. */
export const pageTitle = (key: keyof (typeof consoleMessages)['shell']['nav']): string => pages(key);
