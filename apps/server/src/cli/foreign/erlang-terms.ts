/** An Erlang term, as far as `acl.conf` of EMQX needs them. */
export type Term =
  | { readonly kind: 'atom' | 'string'; readonly text: string }
  | { readonly kind: 'tuple' | 'list'; readonly items: readonly Term[] };

/** A term that ended with a full stop, or what kept it from being read; with the line where it began. */
export interface ReadTerm {
  readonly line: number;
  readonly term: Term | undefined;
}

interface Token {
  readonly line: number;
  readonly kind: 'atom' | 'string' | 'mark' | 'odd';
  readonly text: string;
}

/** Nesting that a rule has at most: `{allow, {'and', [{user, "a"}]}, publish, [{eq, "t"}]}` has four. */
const DEPTH_MAX = 16;

const TOKEN =
  /(?<space>\s+|%[^\n]*)|"(?<text>(?:[^"\\]|\\[\s\S])*)"|'(?<quoted>(?:[^'\\]|\\[\s\S])*)'|(?<atom>[a-z][\w@]*)|(?<mark>[{}[\],.])|(?<odd>[\s\S])/gu;

const unescaped = (text: string): string => text.replaceAll(/\\([\s\S])/gu, '$1');

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let line = 1;
  for (const { 0: whole, groups = {} } of text.matchAll(TOKEN)) {
    const { text: string, quoted, atom, mark, odd } = groups;
    if (string !== undefined) tokens.push({ line, kind: 'string', text: unescaped(string) });
    else if (quoted !== undefined) tokens.push({ line, kind: 'atom', text: unescaped(quoted) });
    else if (atom !== undefined) tokens.push({ line, kind: 'atom', text: atom });
    else if (mark !== undefined) tokens.push({ line, kind: 'mark', text: mark });
    else if (odd !== undefined) tokens.push({ line, kind: 'odd', text: odd });
    line += whole.split('\n').length - 1;
  }
  return tokens;
}

/** Tokens of each term, cut at the full stops. */
function sentencesOf(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const sentences: Token[][] = [[]];
  for (const token of tokens) {
    if (token.kind === 'mark' && token.text === '.') sentences.push([]);
    else sentences.at(-1)?.push(token);
  }
  return sentences.filter((sentence) => sentence.length > 0);
}

const CLOSING: Readonly<Record<string, { readonly mark: string; readonly kind: 'tuple' | 'list' }>> = {
  '{': { mark: '}', kind: 'tuple' },
  '[': { mark: ']', kind: 'list' },
};

interface Read {
  readonly term: Term;
  readonly next: number;
}

const isMark = (token: Token | undefined, text: string): boolean =>
  token?.kind === 'mark' && token.text === text;

function readTerm(tokens: readonly Token[], at: number, depth: number): Read | undefined {
  const token = tokens[at];
  if (token === undefined || depth > DEPTH_MAX || token.kind === 'odd') return undefined;
  if (token.kind !== 'mark') return { term: { kind: token.kind, text: token.text }, next: at + 1 };
  const closing = CLOSING[token.text];
  if (closing === undefined) return undefined;
  const items: Term[] = [];
  let next = at + 1;
  while (!isMark(tokens[next], closing.mark)) {
    if (items.length > 0) {
      if (!isMark(tokens[next], ',')) return undefined;
      next += 1;
    }
    const item = readTerm(tokens, next, depth + 1);
    if (item === undefined) return undefined;
    items.push(item.term);
    next = item.next;
  }
  return { term: { kind: closing.kind, items }, next: next + 1 };
}

/** Reads a file of Erlang terms, each ended by a full stop: atoms, strings, tuples and lists. */
export const readTerms = (text: string): readonly ReadTerm[] =>
  sentencesOf(tokensOf(text)).map((sentence) => {
    const read = readTerm(sentence, 0, 0);
    const isWhole = read?.next === sentence.length;
    return { line: sentence[0]?.line ?? 1, term: isWhole ? read.term : undefined };
  });
