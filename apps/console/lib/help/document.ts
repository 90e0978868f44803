import { lexer, type MarkedToken, type Token } from 'marked';

/** A part of a page that a link can lead to. */
export interface Section {
  readonly id: string;
  readonly title: string;
}

/** A file of `docs/` as the console shows it. */
export interface Document {
  /** Relative to `docs/`. */
  readonly file: string;
  readonly title: string;
  /** The first paragraph in plain words; empty when there is none. */
  readonly summary: string;
  /** All but the title. */
  readonly blocks: readonly MarkedToken[];
  readonly sections: readonly Section[];
}

/** Tokens of text without extensions are marked's own. */
export const ownTokens = (tokens: readonly Token[] | undefined): readonly MarkedToken[] =>
  (tokens ?? []) as readonly MarkedToken[];

/** What tokens say, without what marks it. */
export function plainText(tokens: readonly Token[] | undefined): string {
  return ownTokens(tokens)
    .map((token) => {
      if (token.type === 'br') return ' ';
      if ('tokens' in token) return plainText(token.tokens);
      return 'text' in token ? token.text : '';
    })
    .join('')
    .replace(/\s+/g, ' ');
}

/** The id of a heading, as the forges make it of its words. */
export const sectionId = (title: string): string =>
  title
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');

/** Space, and remarks to who edits the file. */
const isSilent = (token: MarkedToken): boolean =>
  token.type === 'space' || (token.type === 'html' && token.text.startsWith('<!--'));

/** Takes a Markdown file apart. */
export function parseDocument(file: string, markdown: string): Document {
  const all = ownTokens(lexer(markdown)).filter((token) => !isSilent(token));
  const [first] = all;
  const hasTitle = first?.type === 'heading' && first.depth === 1;
  const blocks = hasTitle ? all.slice(1) : all;
  const opening = blocks.find((token) => token.type === 'paragraph');
  return {
    file,
    title: hasTitle ? plainText(first.tokens) : file,
    summary: opening?.type === 'paragraph' ? plainText(opening.tokens) : '',
    blocks,
    sections: blocks.flatMap((token) => {
      if (token.type !== 'heading' || token.depth !== 2) return [];
      const title = plainText(token.tokens);
      return [{ id: sectionId(title), title }];
    }),
  };
}
