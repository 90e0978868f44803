import type { MarkedToken, Token, Tokens } from 'marked';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { CodeBlock } from '@/components/ui/copy';
import { ownTokens, plainText, sectionId } from '@/lib/help/document';
import { targetOf } from '@/lib/help/addresses';

interface Source {
  /** The file that links are relative to. */
  readonly file: string;
  /** Name of a block of code, for who cannot see that it is one. */
  readonly codeLabel: string;
}

interface BlocksProps extends Source {
  readonly tokens: readonly Token[];
}

/** Blocks of a document as elements: text stays text, whatever it looks like. */
export const Blocks = ({ tokens, ...source }: BlocksProps): ReactNode =>
  ownTokens(tokens).map((token, index) => <Block key={index} token={token} {...source} />);

function Block({ token, ...source }: Source & { readonly token: MarkedToken }): ReactNode {
  switch (token.type) {
    case 'heading':
      return <Heading token={token} {...source} />;
    case 'paragraph':
      return (
        <p>
          <Inline tokens={token.tokens} {...source} />
        </p>
      );
    case 'list':
      return <List token={token} {...source} />;
    case 'code':
      return <CodeBlock code={token.text} label={source.codeLabel} />;
    case 'table':
      return <Table token={token} {...source} />;
    case 'blockquote':
      return (
        <blockquote className="flex flex-col gap-3 border-s-2 border-line-strong ps-4 text-muted">
          <Blocks tokens={token.tokens} {...source} />
        </blockquote>
      );
    case 'hr':
      return <hr className="border-line" />;
    case 'space':
    case 'def':
      return null;
    default:
      return <Inline tokens={[token]} {...source} />;
  }
}

function Heading({ token, ...source }: Source & { readonly token: Tokens.Heading }) {
  const content = <Inline tokens={token.tokens} {...source} />;
  const id = sectionId(plainText(token.tokens));
  return token.depth <= 2 ? (
    <h2 id={id} className="mt-5 border-t border-line pt-5 text-lg font-semibold tracking-tight">
      {content}
    </h2>
  ) : (
    <h3 id={id} className="mt-2 font-semibold">
      {content}
    </h3>
  );
}

function List({ token, ...source }: Source & { readonly token: Tokens.List }) {
  const items = token.items.map((item, index) => (
    <li key={index} className="ps-1 [&>*+*]:mt-2">
      <Blocks tokens={item.tokens} {...source} />
    </li>
  ));
  return token.ordered ? (
    <ol
      start={token.start === '' ? 1 : token.start}
      className="nums flex list-decimal flex-col gap-2 ps-6 marker:text-faint"
    >
      {items}
    </ol>
  ) : (
    <ul className="flex list-disc flex-col gap-2 ps-5 marker:text-faint">{items}</ul>
  );
}

const ALIGN = { left: 'text-start', right: 'text-end', center: 'text-center' } as const;
const alignOf = (align: Tokens.TableCell['align']): string => ALIGN[align ?? 'left'];

/** Wide tables scroll by themselves, by keyboard as well. */
function Table({ token, ...source }: Source & { readonly token: Tokens.Table }) {
  return (
    <div
      tabIndex={0}
      role="group"
      aria-label={token.header.map((cell) => plainText(cell.tokens)).join(', ')}
      className="overflow-x-auto rounded-md border border-line"
    >
      <table className="w-full text-sm">
        <thead className="bg-sunken text-xs text-muted">
          <tr>
            {token.header.map((cell, column) => (
              <th key={column} scope="col" className={`px-3 py-2 font-medium ${alignOf(cell.align)}`}>
                <Inline tokens={cell.tokens} {...source} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {token.rows.map((row, index) => (
            <tr key={index} className="border-t border-line align-top">
              {row.map((cell, column) => (
                <td key={column} className={`px-3 py-2 ${alignOf(cell.align)}`}>
                  <Inline tokens={cell.tokens} {...source} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const Inline = ({ tokens, ...source }: BlocksProps): ReactNode =>
  ownTokens(tokens).map((token, index) => <Phrase key={index} token={token} {...source} />);

function Phrase({ token, ...source }: Source & { readonly token: MarkedToken }): ReactNode {
  switch (token.type) {
    case 'text':
      return token.tokens === undefined ? token.text : <Inline tokens={token.tokens} {...source} />;
    case 'strong':
      return (
        <strong className="font-semibold">
          <Inline tokens={token.tokens} {...source} />
        </strong>
      );
    case 'em':
      return (
        <em>
          <Inline tokens={token.tokens} {...source} />
        </em>
      );
    case 'del':
      return (
        <del>
          <Inline tokens={token.tokens} {...source} />
        </del>
      );
    case 'codespan':
      return (
        <code className="mono rounded-sm bg-sunken px-1 py-px text-[0.92em] break-words">{token.text}</code>
      );
    case 'br':
      return <br />;
    case 'link':
      return <Reference token={token} {...source} />;
    default:
      return 'text' in token ? token.text : null;
  }
}

const LINK = 'font-medium text-accent underline decoration-1 underline-offset-2';

function Reference({ token, ...source }: Source & { readonly token: Tokens.Link }) {
  const target = targetOf(token.href, source.file);
  const content = <Inline tokens={token.tokens} {...source} />;
  switch (target.kind) {
    case 'here':
      return (
        <Link href={target.href} prefetch={false} className={LINK}>
          {content}
        </Link>
      );
    case 'elsewhere':
      return (
        <a href={target.href} target="_blank" rel="noreferrer" className={LINK}>
          {content}
        </a>
      );
    case 'nowhere':
      return content;
  }
}
