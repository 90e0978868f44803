import * as de from '@/messages/de';
import * as en from '@/messages/en';
import type { MessageTree } from './i18n';
import type { ShownLocale } from './locale';
import { pseudoTree } from './pseudo';

/** Words of one language: of the signed-in console, and of the pages before the sign-in. */
export interface Messages {
  readonly consoleMessages: Words<typeof en.consoleMessages>;
  readonly authMessages: Words<typeof en.authMessages>;
  readonly limitMessages: Words<typeof en.limitMessages>;
}

/** The same keys in every language; a missing one does not compile. */
type Words<T> = { readonly [K in keyof T]: T[K] extends string ? string : Words<T[K]> };

const disguised = <T extends MessageTree>(tree: T): Words<T> => pseudoTree(tree) as Words<T>;

/** Only the server imports this; a page gets the words of one language. */
export function messagesOf(locale: ShownLocale): Messages {
  if (locale === 'de') {
    return {
      consoleMessages: de.consoleMessages,
      authMessages: de.authMessages,
      limitMessages: de.limitMessages,
    };
  }
  if (locale === 'en') {
    return {
      consoleMessages: en.consoleMessages,
      authMessages: en.authMessages,
      limitMessages: en.limitMessages,
    };
  }
  return {
    consoleMessages: disguised(en.consoleMessages),
    authMessages: disguised(en.authMessages),
    limitMessages: disguised(en.limitMessages),
  };
}
