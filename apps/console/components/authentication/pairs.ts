import { isTree } from './schema.ts';

type Scalar = string | number | boolean;

/** Text that JSON reads as a number, a truth value or a quoted text means that; everything else is text as it stands. */
function readScalar(text: string): Scalar {
  if (!/^(?:-?\d|"|true$|false$)/.test(text)) return text;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      ? value
      : text;
  } catch {
    return text;
  }
}

const writeScalar = (value: unknown): string =>
  typeof value === 'string' && readScalar(value) === value && value === value.trim()
    ? value
    : JSON.stringify(value);

/** One `name = value` per line, as the field shows a map. */
export const pairsText = (value: unknown): string =>
  isTree(value)
    ? Object.entries(value)
        .map(([name, one]) => `${name} = ${writeScalar(one)}`)
        .join('\n')
    : '';

/** The map that the lines say; undefined when a line is none or a name comes twice. */
export function readPairs(text: string): Readonly<Record<string, Scalar>> | undefined {
  const pairs = new Map<string, Scalar>();
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const at = line.indexOf('=');
    const name = line.slice(0, Math.max(at, 0)).trim();
    if (at < 0 || name === '' || pairs.has(name)) return undefined;
    pairs.set(name, readScalar(line.slice(at + 1).trim()));
  }
  return Object.fromEntries(pairs);
}

/** One entry per line. */
export const linesText = (value: unknown): string => (Array.isArray(value) ? value.join('\n') : '');
export const readLines = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** What has a form of its own, as the API takes it. */
export const jsonText = (value: unknown): string =>
  value === undefined ? '' : JSON.stringify(value, undefined, 2);

/** A list or an object; undefined for text that is neither. */
export function readJson(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
