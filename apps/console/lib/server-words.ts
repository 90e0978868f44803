/** Texts of the server in English, `{names}` in place of what it fills in, and the same in another language. */
export type ServerWords = Readonly<Record<string, string>>;

const PLACE = /\{(\w+)\}/g;
const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/** What a text with places looks like once they are filled. */
const shapeOf = (english: string): RegExp =>
  new RegExp(
    `^${english
      .split(PLACE)
      .map((part, index) => (index % 2 === 0 ? escaped(part) : `(?<${part}>.*)`))
      .join('')}$`,
    's',
  );

/**
 * Makes what tells the server's texts in another language; a text without words there is not told.
 *
 * @example createTranslator({ 'has {max}': 'hat {max}' })('has 3') // 'hat 3'
 */
export function createTranslator(words: ServerWords): (english: string) => string | undefined {
  const whole = new Map(Object.entries(words));
  // The text with most letters of its own is meant where several fit.
  const shapes = [...whole.keys()]
    .filter((english) => english.search(PLACE) >= 0)
    .toSorted((one, other) => other.replaceAll(PLACE, '').length - one.replaceAll(PLACE, '').length)
    .map((english) => [shapeOf(english), whole.get(english) ?? english] as const);
  return (english) => {
    const known = whole.get(english);
    if (known !== undefined) return known;
    for (const [shape, told] of shapes) {
      const filled = shape.exec(english)?.groups;
      if (filled !== undefined) return told.replaceAll(PLACE, (place, name: string) => filled[name] ?? place);
    }
    return undefined;
  };
}
