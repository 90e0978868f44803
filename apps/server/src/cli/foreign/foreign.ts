import type { CreateAccessRule, CreateBlock, ImportRowInput } from '@gatehouse/contract';

/** A file of another broker, read. */
export interface ForeignFile {
  readonly name: string;
  readonly text: string;
}

/** Where something stands: `passwords:12`, or `export.json, auth_mnesia 3`. */
export type Place = string;

export interface ForeignCredential {
  readonly at: Place;
  readonly row: ImportRowInput;
}

/** A rule about clients that are not among the credentials, or about all of them. */
export interface ForeignRule {
  readonly at: Place;
  readonly rule: CreateAccessRule;
}

/** Somebody who may not connect at all. */
export interface ForeignBlock {
  readonly at: Place;
  readonly block: CreateBlock;
}

/** Something that cannot be carried over, and why; the words hold no secret. */
export interface Leftover {
  readonly at: Place;
  readonly message: string;
}

/** What files of another broker hold, in our words. */
export interface Foreign {
  readonly credentials: readonly ForeignCredential[];
  readonly rules: readonly ForeignRule[];
  readonly blocks: readonly ForeignBlock[];
  readonly leftovers: readonly Leftover[];
  /** Said once, about the whole. */
  readonly notes: readonly string[];
}

export const NOTHING: Foreign = { credentials: [], rules: [], blocks: [], leftovers: [], notes: [] };

/** All parts as one. */
export const together = (parts: readonly Partial<Foreign>[]): Foreign => ({
  credentials: parts.flatMap(({ credentials }) => credentials ?? []),
  rules: parts.flatMap(({ rules }) => rules ?? []),
  blocks: parts.flatMap(({ blocks }) => blocks ?? []),
  leftovers: parts.flatMap(({ leftovers }) => leftovers ?? []),
  notes: parts.flatMap(({ notes }) => notes ?? []),
});

export const left = (at: Place, message: string): Partial<Foreign> => ({ leftovers: [{ at, message }] });

export interface Line {
  readonly at: Place;
  readonly text: string;
}

/** The lines of a file that say something: blank ones and comments left out. */
export const linesOf = ({ name, text }: ForeignFile): readonly Line[] =>
  text
    .split('\n')
    .map((line, index) => ({ at: `${name}:${index + 1}`, text: line.replace(/\r$/, '') }))
    .filter((line) => line.text.trim() !== '' && !line.text.trimStart().startsWith('#'));

/** A line of two parts, parted by the first colon; undefined where a part is missing. */
export function pairOf(text: string): readonly [name: string, value: string] | undefined {
  const colon = text.indexOf(':');
  return colon < 1 || colon === text.length - 1 ? undefined : [text.slice(0, colon), text.slice(colon + 1)];
}
