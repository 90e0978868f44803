import type { MessageTree } from './i18n';

const ACCENTS: Readonly<Record<string, string>> = {
  a: 'á', b: 'ƀ', c: 'ç', d: 'ð', e: 'é', f: 'ƒ', g: 'ĝ', h: 'ĥ', i: 'î', j: 'ĵ', k: 'ķ', l: 'ļ', m: 'ɱ',
  n: 'ñ', o: 'ö', p: 'þ', q: 'ɋ', r: 'ŕ', s: 'š', t: 'ţ', u: 'û', v: 'ṽ', w: 'ŵ', x: 'ẋ', y: 'ý', z: 'ž',
  A: 'Å', B: 'Ɓ', C: 'Ç', D: 'Ð', E: 'É', F: 'Ƒ', G: 'Ĝ', H: 'Ĥ', I: 'Î', J: 'Ĵ', K: 'Ķ', L: 'Ļ', M: 'Ṁ',
  N: 'Ñ', O: 'Ö', P: 'Þ', Q: 'Ɋ', R: 'Ŕ', S: 'Š', T: 'Ţ', U: 'Û', V: 'Ṽ', W: 'Ŵ', X: 'Ẋ', Y: 'Ý', Z: 'Ž',
}; // prettier-ignore
/** How much longer than English other languages get; German comes near. */
const LONGER = 0.4;

/** English in disguise: accented, longer, in brackets. Arguments of ICU messages stay as they are. */
export const pseudoTree = (tree: MessageTree): MessageTree =>
  Object.fromEntries(
    Object.entries(tree).map(([key, value]) => [
      key,
      typeof value === 'string' ? pseudoText(value) : pseudoTree(value),
    ]),
  );

function pseudoText(message: string): string {
  const { text, letters } = disguise(message);
  return `[${text}${'~'.repeat(Math.ceil(letters * LONGER))}]`;
}

interface Disguised {
  readonly text: string;
  readonly letters: number;
}

/** Walks an ICU message: literal text is disguised, `{name}` is not, branches of plural and select are. */
function disguise(message: string): Disguised {
  let text = '';
  let letters = 0;
  let at = 0;
  while (at < message.length) {
    const character = message.charAt(at);
    const quoted = character === "'" ? /^'[{}#<][^']*'?/.exec(message.slice(at))?.[0] : undefined;
    const tag = character === '<' ? /^<\/?[a-z]+>/i.exec(message.slice(at))?.[0] : undefined;
    const kept = quoted ?? tag;
    if (kept !== undefined) {
      text += kept;
      at += kept.length;
    } else if (character === '{') {
      const end = closing(message, at);
      text += disguiseArgument(message.slice(at, end + 1));
      at = end + 1;
    } else {
      text += ACCENTS[character] ?? character;
      letters += 1;
      at += 1;
    }
  }
  return { text, letters };
}

/** Where the brace that opens at `from` closes. */
function closing(message: string, from: number): number {
  let depth = 0;
  for (let at = from; at < message.length; at += 1) {
    if (message[at] === '{') depth += 1;
    if (message[at] === '}') depth -= 1;
    if (depth === 0) return at;
  }
  return message.length - 1;
}

/** `{count, plural, one {…} other {…}}`: what stands in the inner braces is text again. */
function disguiseArgument(argument: string): string {
  const head = /^\{\s*\w+\s*,\s*(?:plural|select|selectordinal)\s*,/.exec(argument)?.[0];
  if (head === undefined) return argument;
  let text = head;
  let at = head.length;
  while (at < argument.length) {
    if (argument[at] !== '{') {
      text += argument.charAt(at);
      at += 1;
      continue;
    }
    const end = closing(argument, at);
    text += `{${disguise(argument.slice(at + 1, end)).text}}`;
    at = end + 1;
  }
  return text;
}
