import { LOCALES, TEST_LOCALES, type ShownLocale } from './locale';

const ACCEPTED_MAX = 20;

interface Asked {
  readonly cookie: string | undefined;
  readonly acceptLanguage: string | null;
  readonly testLocales: boolean;
}

/** The cookie's language, else the first that the browser accepts and the console speaks, else English. */
export function chooseLocale({ cookie, acceptLanguage, testLocales }: Asked): ShownLocale {
  const known: readonly ShownLocale[] = testLocales ? [...LOCALES, ...TEST_LOCALES] : LOCALES;
  const chosen = known.find((each) => each === cookie);
  if (chosen !== undefined) return chosen;
  for (const tag of accepted(acceptLanguage ?? '')) {
    const found = LOCALES.find((each) => tag === each || tag.startsWith(`${each}-`));
    if (found !== undefined) return found;
  }
  return LOCALES[0];
}

/** Tags of an Accept-Language header, the most welcome first; those of weight 0 are refused ones (RFC 9110 §12.5.4). */
const accepted = (header: string): readonly string[] =>
  header
    .split(',', ACCEPTED_MAX)
    .map((part) => {
      const [tag = '', ...parameters] = part.split(';');
      const weight = parameters.map((each) => /^\s*q=([\d.]+)\s*$/i.exec(each)?.[1]).find(Boolean);
      return { tag: tag.trim().toLowerCase(), weight: Number(weight ?? 1) };
    })
    .filter(({ weight }) => weight > 0)
    .toSorted((a, b) => b.weight - a.weight)
    .map(({ tag }) => tag);
