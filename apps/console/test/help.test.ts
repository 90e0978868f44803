import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { marked } from 'marked';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Blocks } from '../components/help/markdown.tsx';
import { addressOf, filesOf, targetOf } from '../lib/help/addresses.ts';
import { ownTokens, parseDocument, plainText, sectionId, type Document } from '../lib/help/document.ts';
import { listGuides, readGuide } from '../lib/help/library.ts';
import { PAGE_GUIDES } from '../lib/help/page-guides.ts';

const DOCS = fileURLToPath(new URL('../../../docs/', import.meta.url));
const SHELVES = ['guides', 'reasons', 'reference'];

beforeEach(() => {
  vi.stubEnv('GATEHOUSE_DOCS_DIR', DOCS);
});
// A server that another file starts would be asked to know it.
afterEach(() => {
  vi.unstubAllEnvs();
});

const FILES = SHELVES.flatMap((shelf) =>
  readdirSync(join(DOCS, shelf), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${shelf}/${name}`),
);

const segmentsOf = (address: string): string[] => address.split('/').slice(2);

/** What links can lead to within a document. */
const anchorsOf = ({ blocks }: Document): string[] =>
  blocks.flatMap((token) => (token.type === 'heading' ? [sectionId(plainText(token.tokens))] : []));

/** Every link of a file that leads to another, with the anchor. */
function linksOf(file: string): string[] {
  const links: string[] = [];
  void marked.walkTokens(marked.lexer(readFileSync(join(DOCS, file), 'utf8')), (token) => {
    const [own] = ownTokens([token]);
    if (own?.type === 'link' && !/^[a-z]+:/.test(own.href)) links.push(own.href);
  });
  return links;
}

describe('guides in the console', () => {
  test.each(FILES)('%s is found where its address says', (file) => {
    expect(filesOf(segmentsOf(addressOf(file) ?? ''))).toContain(file);
  });

  test('each link of each document leads to a document that is there, and to a part that it has', async () => {
    const broken: string[] = [];
    for (const file of FILES) {
      for (const link of linksOf(file)) {
        const target = targetOf(link, file);
        if (target.kind === 'nowhere') continue;
        const [address = '', anchor = ''] = target.href.split('#');
        const found = await readGuide(segmentsOf(address === '' ? (addressOf(file) ?? '') : address));
        if (found === undefined || (anchor !== '' && !anchorsOf(found).includes(anchor)))
          broken.push(`${file}: ${link}`);
      }
    }
    expect(broken).toEqual([]);
  });

  test('each page of the console has a guide', async () => {
    for (const guide of Object.values(PAGE_GUIDES))
      expect((await readGuide(guide.split('/')))?.title, guide).toMatch(/\w/);
  });

  test.each([
    ['..', 'package'],
    ['guides', '..', '..', 'package'],
    ['%2e%2e', 'adr'],
    ['.', 'overview'],
    ['overview.md'],
    ['adr', '0001'],
    ['no-such-guide'],
    [''],
  ])('nothing but a document is shown: %s', async (...segments) => {
    expect(await readGuide(segments)).toBeUndefined();
  });

  test('a list has every document of its folder, by title', async () => {
    const entries = await listGuides('guides');
    const titles = entries.map(({ title }) => title);
    expect(entries).toContainEqual(
      expect.objectContaining({ href: '/help/overview', title: 'The overview' }),
    );
    expect(entries).toHaveLength(
      readdirSync(join(DOCS, 'guides')).filter((name) => name.endsWith('.md')).length,
    );
    expect(titles).toEqual([...titles].sort((one, other) => one.localeCompare(other, 'en')));
  });

  test('without documents there are no guides, and no error', async () => {
    vi.stubEnv('GATEHOUSE_DOCS_DIR', join(DOCS, 'no-such-folder'));
    expect(existsSync(join(DOCS, 'no-such-folder'))).toBe(false);
    expect(await listGuides('guides')).toEqual([]);
    expect(await readGuide(['overview'])).toBeUndefined();
  });
});

describe('text of a guide', () => {
  const drawn = (markdown: string): string => {
    const { blocks, file } = parseDocument('guides/x.md', markdown);
    return renderToStaticMarkup(createElement(Blocks, { tokens: blocks, file, codeLabel: 'Code' }));
  };

  test.each([
    ['<script>alert(1)</script>', '&lt;script&gt;'],
    ['text <img src=x onerror=alert(1)> text', '&lt;img'],
    ['[x](javascript:alert(1))', 'x'],
    ['[x](data:text/html,y)', 'x'],
  ])('never becomes markup or a script: %s', (markdown, shown) => {
    const html = drawn(markdown);
    expect(html).toContain(shown);
    expect(html).not.toMatch(/<script|<img|href=/);
  });

  test('keeps what it says: emphasis, code, lists in lists, tables', () => {
    const html = drawn('A **b** _c_ `d<e`\n\n1. one\n   - two\n\n| h |\n| - |\n| i |');
    expect(html).toMatch(/<strong[^>]*>b<\/strong> <em>c<\/em> <code[^>]*>d&lt;e<\/code>/);
    expect(html).toMatch(/<ol[^>]*><li[^>]*>one<ul[^>]*><li[^>]*>two/);
    expect(html).toMatch(/<th[^>]*>h<\/th>.*<td[^>]*>i<\/td>/);
  });

  test('its title and the parts that can be linked are known', () => {
    const { title, summary, sections } = parseDocument(
      'guides/x.md',
      '<!-- made -->\n\n# A `b`\n\nWords _here_.\n\n## What’s new, and 2 more',
    );
    expect({ title, summary, sections }).toEqual({
      title: 'A b',
      summary: 'Words here.',
      sections: [{ id: 'whats-new-and-2-more', title: 'What’s new, and 2 more' }],
    });
  });
});
