import { setImmediate } from 'node:timers/promises';
import { API_LIMITS } from '@gatehouse/contract';
import { ProblemError } from '../problem.ts';

/** Characters that are parsed in one go: a few milliseconds. */
const PART_CHARACTERS = 65_536;
/** Characters of one entry: it is parsed in one go. */
const ENTRY_CHARACTERS_MAX = 262_144;

/** Characters that mean nothing for where an entry ends, outside strings and inside. */
const PLAIN = /[^"[\]{},]+/y;
const PLAIN_QUOTED = /[^"\\]+/y;

/** What parses a part: complete JSON. @throws what it has to say about other texts */
export type ParseJson = (text: string) => unknown;

const notJson = (): ProblemError =>
  new ProblemError('invalid-input', { detail: 'The body is not valid JSON.' });

const runAt = (pattern: RegExp, text: string, i: number): number => {
  pattern.lastIndex = i;
  return pattern.exec(text)?.[0].length ?? 0;
};

/** Where the string that begins at `i` ends, behind its quote. */
function endOfString(text: string, start: number): number {
  let i = start + 1;
  while (i < text.length) {
    i += runAt(PLAIN_QUOTED, text, i);
    if (text.charAt(i) === '"') return i + 1;
    i += 2;
  }
  throw notJson();
}

/** Where the entry that begins at `start` ends: at the comma or bracket behind it. Whether it is JSON is not looked at. */
function endOfEntry(text: string, start: number): number {
  let depth = 0;
  let i = start;
  while (i < text.length && i - start <= ENTRY_CHARACTERS_MAX) {
    const character = text.charAt(i);
    if (depth === 0 && (character === ',' || character === ']')) return i;
    if (character === '"') {
      i = endOfString(text, i);
      continue;
    }
    if (character === '[' || character === '{') depth += 1;
    if (character === ']' || character === '}') depth -= 1;
    if (depth < 0) throw notJson();
    i += Math.max(1, runAt(PLAIN, text, i));
  }
  if (i >= text.length) throw notJson();
  throw new ProblemError('payload-too-large', {
    detail: `An entry has more than ${ENTRY_CHARACTERS_MAX} characters.`,
  });
}

/** Cuts the text of an array between its entries, into arrays of a bounded length. */
function* partsOf(text: string): Generator<string> {
  let from = text.indexOf('[') + 1;
  let i = from;
  let entries = 0;
  for (;;) {
    const end = endOfEntry(text, i);
    const isLast = text.charAt(end) === ']';
    const isBlank = text.slice(i, end).trim() === '';
    if (isBlank && !(isLast && entries === 0)) throw notJson();
    entries += 1;
    if (entries > API_LIMITS.importRowsMax + 1) {
      throw new ProblemError('payload-too-large', {
        detail: `At most ${API_LIMITS.importRowsMax} rows at once.`,
      });
    }
    if (isLast || end - from >= PART_CHARACTERS) {
      yield `[${text.slice(from, end)}]`;
      from = end + 1;
    }
    i = end + 1;
    if (isLast) break;
  }
  if (text.slice(i).trim() !== '') throw notJson();
}

/**
 * Reads a JSON array part by part, and lets the thread serve its clients in between; null where the text is no array.
 *
 * @throws ProblemError where it is no JSON, or holds more than an import may
 */
export async function parseJsonArray(body: string, parse: ParseJson): Promise<readonly unknown[] | null> {
  const text = body.startsWith('\uFEFF') ? body.slice(1) : body;
  if (!/^\s*\[/.test(text)) return null;
  const entries: unknown[] = [];
  for (const part of partsOf(text)) {
    const parsed = parse(part);
    if (Array.isArray(parsed)) for (const entry of parsed) entries.push(entry);
    await setImmediate();
  }
  return entries;
}
