import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvCell, csvLine } from '@gatehouse/contract/csv';
import { delimiterOf, parseCsv } from '../src/services/credentials/csv-parse.ts';

const ROWS_MAX = 1000;
const records = (text: string) => {
  const parsed = parseCsv(text, ROWS_MAX);
  return parsed.result === 'ok' ? parsed.records : parsed;
};

describe('a CSV cell', () => {
  it.each(['=1', '+1', '-1', '@a', '\ta', '\ra'])('that begins like the formula %j is disarmed', (text) => {
    expect(csvCell(text)).toMatch(/^"'/);
  });

  it('never spans lines, never ends early and never begins a formula, whatever a client sends', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const cell = csvCell(text);
        expect(cell).not.toMatch(/[\r\n\t]/);
        expect(cell.slice(1, -1).replaceAll('""', '')).not.toContain('"');
        expect(cell.charAt(1)).not.toMatch(/[=+\-@\t\r]/);
      }),
    );
  });
});

describe('the delimiter of a CSV', () => {
  it.each([
    ['username,name\n', ','],
    ['username;name;tags\r\na;"b,c,d,e";f\r\n', ';'],
    ['\uFEFFusername\tname\n', '\t'],
    ['username\na;b;c\n', ','],
    ['', ','],
  ])('of %j is the one that its header has', (text, delimiter) => {
    expect(delimiterOf(text)).toBe(delimiter);
  });
});

describe('parsing CSV', () => {
  it('reads back what was written, for texts without control characters', () => {
    const cell = fc
      .stringMatching(/^[\x20-\x7e\u00c0-\u017f]{0,20}$/)
      .filter((text) => !/^[=+\-@]/.test(text));
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { minLength: 2, maxLength: 5 }), { minLength: 1, maxLength: 10 }),
        (rows) => {
          expect(records(rows.map(csvLine).join(''))).toEqual(rows);
        },
      ),
    );
  });

  it.each([
    [
      'a,b\n1,2',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'a,b\r\n1,2\r\n\r\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    ['\uFEFFa\n"x\ny"', [['a'], ['x\ny']]],
    [
      'a,\n,b',
      [
        ['a', ''],
        ['', 'b'],
      ],
    ],
    ['"a""b",c', [['a"b', 'c']]],
    ['', []],
  ])('%j gives %j', (text, expected) => {
    expect(records(text)).toEqual(expected);
  });

  it.each([
    ['a\n"open', 2],
    ['a\nx"y', 2],
    ['"a"b', 1],
    ['a\n"b\nc"\nx"y', 4],
  ])('%j is malformed in line %i', (text, line) => {
    expect(parseCsv(text, ROWS_MAX)).toMatchObject({ result: 'malformed', line });
  });

  it('tells the line in which each record begins, whatever stands between them', () => {
    expect(parseCsv('a\r\n\r\n"x\ny"\nz', ROWS_MAX)).toMatchObject({ lines: [1, 3, 5] });
  });

  it('stops at its bound', () => {
    expect(parseCsv('a\n'.repeat(ROWS_MAX + 1), ROWS_MAX)).toEqual({ result: 'too-many-rows' });
    expect(parseCsv('a\n'.repeat(ROWS_MAX), ROWS_MAX).result).toBe('ok');
  });
});
