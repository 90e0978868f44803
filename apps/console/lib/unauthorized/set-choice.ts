/** Values of one closed or listed field: those wanted, and those left out. */
export interface SetChoice {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/** Reads `a,b,!c`, as the API writes it; null when a part is not one of the field's values. */
export function parseSetChoice(text: string, isValue: (value: string) => boolean): SetChoice | null {
  const include: string[] = [];
  const exclude: string[] = [];
  for (const part of text.split(',').filter((one) => one !== '')) {
    const negative = part.startsWith('!');
    const value = negative ? part.slice(1) : part;
    if (!isValue(value)) return null;
    (negative ? exclude : include).push(value);
  }
  return include.length + exclude.length === 0 ? null : { include, exclude };
}

export const serializeSetChoice = ({ include, exclude }: SetChoice): string =>
  [...include, ...exclude.map((value) => `!${value}`)].join(',');

export const sameSetChoice = (a: SetChoice, b: SetChoice): boolean =>
  serializeSetChoice(a) === serializeSetChoice(b);

const NOTHING: SetChoice = { include: [], exclude: [] };
const orNull = (choice: SetChoice): SetChoice | null =>
  choice.include.length + choice.exclude.length === 0 ? null : choice;
const without = (values: readonly string[], value: string): readonly string[] =>
  values.filter((one) => one !== value);

/** Takes a value in, or out again; a value that was excluded is not any more. */
export function toggleIncluded(choice: SetChoice | null, value: string): SetChoice | null {
  const { include, exclude } = choice ?? NOTHING;
  return orNull({
    include: include.includes(value) ? without(include, value) : [...include, value],
    exclude: without(exclude, value),
  });
}

/** Leaves a value out, or no longer. */
export function toggleExcluded(choice: SetChoice | null, value: string): SetChoice | null {
  const { include, exclude } = choice ?? NOTHING;
  return orNull({
    include: without(include, value),
    exclude: exclude.includes(value) ? without(exclude, value) : [...exclude, value],
  });
}

/** This value and no other; asked a second time, all again. */
export const onlyThis = (choice: SetChoice | null, value: string): SetChoice | null =>
  choice?.include.length === 1 && choice.include[0] === value && choice.exclude.length === 0
    ? null
    : { include: [value], exclude: [] };

export const removeValue = (choice: SetChoice | null, value: string): SetChoice | null =>
  choice === null
    ? null
    : orNull({ include: without(choice.include, value), exclude: without(choice.exclude, value) });
