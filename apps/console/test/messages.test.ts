import { readdirSync, readFileSync } from 'node:fs';
import { REASON_CODES } from '@gatehouse/auth-core/reasons';
import { PROBLEMS } from '@gatehouse/contract';
import { describe, expect, test } from 'vitest';
import { argumentsOf, parseIcu } from '../lib/icu.ts';
import { LOCALES } from '../lib/locale.ts';
import { pseudoTree } from '../lib/pseudo.ts';
import { chooseLocale } from '../lib/choose-locale.ts';

type Tree = { readonly [key: string]: string | Tree };

const root = new URL('..', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const areas = readdirSync(new URL('messages/en', root))
  .filter((name) => name.endsWith('.json'))
  .map((name) => name.slice(0, -'.json'.length));

const flat = (tree: Tree, above = ''): readonly (readonly [string, string])[] =>
  Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[above + key, value] as const] : flat(value, `${above}${key}.`),
  );
const texts = (locale: string, area: string): ReadonlyMap<string, string> =>
  new Map(flat(JSON.parse(read(`messages/${locale}/${area}.json`)) as Tree));

/** What MQTT and protocols call by their own names is the same in all languages; longer texts are not. */
const WORDS_MAX = 3;
const wordsOf = (text: string): number =>
  parseIcu(text)
    .map((part) => (part.kind === 'text' ? part.text : ' '))
    .join('')
    .split(' ')
    .filter((word) => /\p{L}/u.test(word)).length;

const others = LOCALES.filter((locale) => locale !== 'en');

describe.each(others)('%s', (locale) => {
  test.each(areas)('%s: has every text of English, and no other', (area) => {
    expect([...texts(locale, area).keys()].toSorted()).toEqual([...texts('en', area).keys()].toSorted());
  });

  test.each(areas)('%s: its texts are told the same as those of English', (area) => {
    const told = (texts: ReadonlyMap<string, string>) =>
      Object.fromEntries([...texts].map(([key, text]) => [key, argumentsOf(parseIcu(text))]));
    expect(told(texts(locale, area))).toEqual(told(texts('en', area)));
  });

  test.each(areas)('%s: no text is empty, and sentences are not left in English', (area) => {
    const english = texts('en', area);
    const same = [...texts(locale, area)].filter(
      ([key, text]) => text === '' || (text === english.get(key) && wordsOf(text) > WORDS_MAX),
    );
    expect(same.map(([key]) => key)).toEqual([]);
  });

  test('it is what a browser gets that asks for it', () => {
    const asked = (acceptLanguage: string, cookie?: string) =>
      chooseLocale({ cookie, acceptLanguage, testLocales: false });
    expect(asked(`fr, ${locale}-AT;q=0.8, en;q=0.5`)).toBe(locale);
    expect(asked(`en;q=0.5, ${locale}`)).toBe(locale);
    expect(asked(`${locale};q=0, en;q=0.1`)).toBe('en');
    expect(asked(locale, 'en')).toBe('en');
    expect(asked('en', locale)).toBe(locale);
  });
});

test('every problem of the API has a title here, in English the API’s own', () => {
  expect(Object.fromEntries(texts('en', 'problems'))).toMatchObject(
    Object.fromEntries(Object.entries(PROBLEMS).map(([code, { title }]) => [code, title])),
  );
});

describe('English in disguise', () => {
  test('what is written is accented and longer, what is told stays', () => {
    const told = pseudoTree({
      plain: 'Save',
      count: '{count, plural, one {# rule} other {# rules of {name}}}',
      quoted: "$'{cn}' stays",
    });
    expect(told).toEqual({
      plain: '[Šáṽé~~]',
      count: '[{count, plural, one {# ŕûļé} other {# ŕûļéš öƒ {name}}}]',
      quoted: "[$'{cn}' šţáýš~~~]",
    });
  });
});

const sources = ['app', 'components', 'lib'].flatMap((folder) =>
  readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path))
    .map((path) => `${folder}/${path}`),
);
const code = new Map(sources.map((path) => [path, read(path)]));

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
/** A template literal as the keys that it can become. */
const patternOf = (template: string): RegExp =>
  new RegExp(
    `^${template
      .split(/\$\{[^}]*\}/)
      .map(escaped)
      .join('[^]+')}$`,
  );

describe('keys', () => {
  test('every key that code names exists in its area', () => {
    const missing: string[] = [];
    for (const [path, text] of code) {
      const named = [...text.matchAll(/const (\w+) = useText\('([\w.]+)'\)/g)];
      for (const variable of new Set(named.map(([, variable]) => variable ?? ''))) {
        const keys = named
          .filter(([, name]) => name === variable)
          .flatMap(([, , area = '']) => {
            const [file = '', ...below] = area.split('.');
            const prefix = below.map((part) => `${part}.`).join('');
            return [...texts('en', file).keys()]
              .filter((key) => key.startsWith(prefix))
              .map((key) => key.slice(prefix.length));
          });
        for (const [, literal] of text.matchAll(new RegExp(`\\b${variable}\\('([^']+)'`, 'g')))
          if (!keys.includes(literal ?? '')) missing.push(`${path}: ${String(literal)}`);
        for (const [, template = ''] of text.matchAll(new RegExp(`\\b${variable}\\(\`([^\`]+)\``, 'g')))
          if (!keys.some((key) => patternOf(template).test(key))) missing.push(`${path}: ${template}`);
      }
    }
    expect(missing).toEqual([]);
  });

  test('every key is named by code', () => {
    const all = [...code.values()].join('\n');
    const told: readonly string[] = [...REASON_CODES, ...Object.keys(PROBLEMS), 'api-unreachable'];
    const literals = new Set([...told, ...[...all.matchAll(/'([\w.-]+)'/g)].map(([, literal]) => literal)]);
    const templates = [...new Set([...all.matchAll(/`([^`\n]+)`/g)].map(([, template = '']) => template))]
      .filter((template) => /^\w[\w.-]*\$\{|^\$\{[^}]*\}\.[\w$]/.test(template))
      .map(patternOf);
    // Named by the server, whose own words `apps/server/test/config/limit-words.test.ts` holds them to.
    const namedByCode = areas.filter((area) => area !== 'limits');
    const unused = namedByCode.flatMap((area) =>
      [...texts('en', area).keys()]
        .filter((key) => !literals.has(key) && !literals.has(key.split('.').at(-1)))
        .filter((key) => !templates.some((pattern) => pattern.test(key)))
        .map((key) => `${area}: ${key}`),
    );
    expect(unused).toEqual([]);
  });
});
