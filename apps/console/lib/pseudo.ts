import type { MessageTree } from './i18n';
import { parseIcu, type IcuPart } from './icu';

const PLAIN = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const ACCENTED = Array.from('áƀçðéƒĝĥîĵķļɱñöþɋŕšţûṽŵẋýžÅƁÇÐÉƑĜĤÎĴĶĻṀÑÖÞɊŔŠŢÛṼŴẊÝŽ');
/** How much longer than English other languages get; German comes near. */
const LONGER = 0.4;
/** Letters of the longest word that is added; words of other languages are about as long. */
const WORD_MAX = 12;

/** English in disguise: accented, longer, in brackets. Arguments of ICU messages stay as they are. */
export const pseudoTree = (tree: MessageTree): MessageTree =>
  Object.fromEntries(
    Object.entries(tree).map(([key, value]) => [
      key,
      typeof value === 'string' ? pseudoText(value) : pseudoTree(value),
    ]),
  );

const pseudoText = (message: string): string => {
  const parts = parseIcu(message);
  const letters = parts.reduce((sum, part) => sum + (part.kind === 'text' ? part.text.length : 0), 0);
  return `[${parts.map(disguise).join('')}${padding(Math.ceil(letters * LONGER))}]`;
};

/** So many characters more, in words that lines can break between. */
const padding = (length: number): string =>
  Array.from({ length }, (_, index) => (index % (WORD_MAX + 1) === WORD_MAX ? ' ' : '~')).join('');

const accented = (text: string): string =>
  Array.from(text, (character) => ACCENTED[PLAIN.indexOf(character)] ?? character).join('');

function disguise(part: IcuPart): string {
  switch (part.kind) {
    case 'text':
      return accented(part.text);
    case 'verbatim':
      return part.text;
    case 'argument':
      return part.source;
    case 'choice': {
      const branches = part.branches.map(({ when, parts }) => `${when} {${parts.map(disguise).join('')}}`);
      return `{${part.name}, ${part.type}, ${branches.join(' ')}}`;
    }
  }
}
