import { describe, expect, test } from 'vitest';
import { declares, sourceOf } from './declares.ts';

/** What the console is held against, item by item of OWASP ASVS 5.0. */
const DESIGNED = [
  '6.2.x',
  '11.4.2',
  '6.1.1 / 6.3.1',
  '6.3.3, 6.5.1, 6.5.5',
  '6.3.8',
  '7.2.4, 7.3.1/2, 7.4.1/2',
  '3.3.1-3.3.3',
  '3.5.1',
  '3.4.1-3.4.6',
  '8.x',
  '1.2.10',
  '1.3.12',
  '13.3.1, 14.x',
  '16.x, 16.4.1',
  '15.1.2',
];

/** The rows of the page's table: its item, and the file and title of each test that proves it. */
const rows = sourceOf('docs/reference/security.md')
  .split('## The console by OWASP ASVS 5.0')[1]
  ?.split('\n## ')[0]
  ?.split('\n')
  .filter((line) => line.startsWith('| ') && /\d/.test(line.split('|')[1] ?? '') && !line.includes('ASVS'))
  .map((line) => {
    const [item = '', , proved = ''] = line.split('|').slice(1);
    const proofs = proved.split('<br>').flatMap((part) => {
      const file = /`([^`]+)`/.exec(part)?.[1] ?? '';
      return [...part.matchAll(/“([^”]+)”/g)].map(([, title = '']) => [file, title] as const);
    });
    return [item.trim(), proofs] as const;
  });

describe('the page about security', () => {
  test('has each item of the design’s table', () => {
    expect(rows?.map(([item]) => item)).toEqual(DESIGNED);
  });

  test.each(rows ?? [])('%s names tests, and they are there', (_item, proofs) => {
    expect(proofs.length).toBeGreaterThan(0);
    expect(proofs.filter(([file, title]) => !declares(file, title))).toEqual([]);
  });
});
