import type { Problem } from '@gatehouse/contract';
import { createTranslator } from './server-words';
import { noteTold } from './told';

type Translate = (english: string) => string | undefined;

/** Words for what the server says, by the language of the page; it says everything in English. */
const WORDS: Readonly<Record<string, () => Promise<Translate>>> = {
  de: () => import('@/server-words/de').then(({ words }) => createTranslator(words)),
};
let loaded: { readonly lang: string; readonly translate: Promise<Translate> } | undefined;

const none: Translate = () => undefined;
function wordsOf(lang: string): Promise<Translate> {
  const load = WORDS[lang];
  if (load === undefined) return Promise.resolve(none);
  if (loaded?.lang !== lang) {
    loaded = {
      lang,
      // What cannot be had now is English once more, and is asked for again with the next text.
      translate: load().catch(() => {
        loaded = undefined;
        return none;
      }),
    };
  }
  return loaded.translate;
}

/** A text of the server in the page's language; one that has no words there as it is. */
export async function inPageLanguage(english: string): Promise<string> {
  const translated = (await wordsOf(document.documentElement.lang))(english);
  return translated === undefined ? english : noteTold(translated);
}

/** The same for everything that has a `message`: what is said of fields, and of an import's rows. */
export const messagesInPageLanguage = async <T extends { readonly message: string }>(
  said: readonly T[],
): Promise<T[]> =>
  Promise.all(said.map(async (one) => ({ ...one, message: await inPageLanguage(one.message) })));

/** A problem with its detail, and what it says of fields, in the page's language; its title goes by its code. */
export async function problemInPageLanguage(problem: Problem): Promise<Problem> {
  const { detail, errors } = problem;
  return {
    ...problem,
    ...(detail !== undefined && { detail: await inPageLanguage(detail) }),
    ...(errors !== undefined && { errors: await messagesInPageLanguage(errors) }),
  };
}
