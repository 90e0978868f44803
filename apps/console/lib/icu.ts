/** A part of an ICU message: text as it is written, or an argument with the branches of `plural` and `select`. */
export type IcuPart =
  | { readonly kind: 'text'; readonly text: string }
  /** Kept as it is: quoted text, a tag. */
  | { readonly kind: 'verbatim'; readonly text: string }
  | { readonly kind: 'argument'; readonly name: string; readonly source: string }
  | {
      readonly kind: 'choice';
      readonly name: string;
      /** `plural` or `select`. */
      readonly type: string;
      readonly branches: readonly { readonly when: string; readonly parts: readonly IcuPart[] }[];
    };

const QUOTED = /^'[{}#<][^']*'?/;
const TAG = /^<\/?[a-z]+>/i;
const CHOICE = /^\{\s*(\w+)\s*,\s*(plural|select|selectordinal)\s*,/;
const BRANCH = /^\s*(=?\w+)\s*(?=\{)/;

/** Reads an ICU message into its parts, as far as tests of translations need it. */
export function parseIcu(message: string): readonly IcuPart[] {
  const parts: IcuPart[] = [];
  let rest = message;
  while (rest !== '') {
    const verbatim = QUOTED.exec(rest)?.[0] ?? TAG.exec(rest)?.[0];
    const part: IcuPart =
      verbatim !== undefined
        ? { kind: 'verbatim', text: verbatim }
        : rest.startsWith('{')
          ? argumentOf(rest.slice(0, closing(rest) + 1))
          : { kind: 'text', text: /^.[^{'<]*/su.exec(rest)?.[0] ?? rest };
    parts.push(part);
    rest = rest.slice(lengthOf(part, rest));
  }
  return parts;
}

const lengthOf = (part: IcuPart, rest: string): number =>
  part.kind === 'text' || part.kind === 'verbatim' ? part.text.length : closing(rest) + 1;

/** Where the brace that opens the text closes. */
function closing(text: string): number {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '{') depth += 1;
    if (text[at] === '}') depth -= 1;
    if (depth === 0) return at;
  }
  throw new Error(`a brace is never closed: ${text}`);
}

function argumentOf(source: string): IcuPart {
  const [head = '', name = '', type = ''] = CHOICE.exec(source) ?? [];
  if (head === '') {
    return { kind: 'argument', name: /\w+/.exec(source)?.[0] ?? '', source };
  }
  const branches: { when: string; parts: readonly IcuPart[] }[] = [];
  let rest = source.slice(head.length, -1);
  for (;;) {
    const [label, when] = BRANCH.exec(rest) ?? [];
    if (label === undefined || when === undefined) break;
    rest = rest.slice(label.length);
    const end = closing(rest);
    branches.push({ when, parts: parseIcu(rest.slice(1, end)) });
    rest = rest.slice(end + 1);
  }
  return { kind: 'choice', name, type, branches };
}

/** Names of all arguments, each once, in order. */
export const argumentsOf = (parts: readonly IcuPart[]): readonly string[] =>
  [
    ...new Set(
      parts.flatMap((part) => {
        if (part.kind === 'argument') return [part.name];
        if (part.kind !== 'choice') return [];
        return [part.name, ...part.branches.flatMap((branch) => argumentsOf(branch.parts))];
      }),
    ),
  ].toSorted();
