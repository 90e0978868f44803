import type { DenialBatch } from '@gatehouse/ports';
import { expect, test } from 'vitest';
import { DenialBook } from '../src/index.ts';

const session = {
  clientId: 'pump-7',
  username: undefined,
  principal: { namespace: 'builtin', subject: '1' },
  origin: undefined,
};
const NO_MATCH = { by: 'no-match', rule: null } as const;

/** A book that was told of as many different denials, and its clock. */
function bookOf(different: number) {
  const clock = { at: 1_000, now: () => clock.at };
  const book = new DenialBook(clock);
  const deny = (topic: string): void => book.record(session, 'publish', topic, NO_MATCH);
  for (let index = 0; index < different; index += 1) deny(`t/${index}`);
  return { book, clock, deny };
}

const taken = (book: DenialBook): DenialBatch => book.take() ?? { denials: [], aggregates: [] };

/** How many denials are in the book, however it tells them. */
function countOf(book: DenialBook): number {
  let count = 0;
  for (let batch = book.take(); batch !== undefined; batch = book.take()) {
    for (const one of [...batch.denials, ...batch.aggregates]) count += one.count;
  }
  return count;
}

test('a batch that could not be stored is counted on with what came meanwhile', () => {
  const { book, clock, deny } = bookOf(1);
  const failed = taken(book);
  clock.at = 2_000;
  deny('t/0');
  book.putBack(failed);
  expect(taken(book).denials).toMatchObject([{ topic: 't/0', count: 2, firstAt: 1_000, lastAt: 2_000 }]);
});

test('a batch that is put back into a full book is counted all the same', () => {
  const { book, deny } = bookOf(2_000);
  const failed = taken(book);
  for (let index = 0; index < 500; index += 1) deny(`more/${index}`);
  book.putBack(failed);
  expect(countOf(book)).toBe(2_500);
});

test('a storm of any length waits as a bounded number of entries, all of it counted', () => {
  expect(countOf(bookOf(50_000).book)).toBe(50_000);
});

test('what is discarded does not come back with a batch that was on its way', () => {
  const { book } = bookOf(600);
  const failed = taken(book);
  book.discard();
  book.putBack(failed);
  expect(book.take()).toBeUndefined();
});

test('long texts of clients are cut, and those that are alike up to there are one', () => {
  const { book, deny } = bookOf(0);
  const long = 'x'.repeat(600);
  deny(`${long}1`);
  deny(`${long}2`);
  expect(taken(book).denials).toMatchObject([{ topic: 'x'.repeat(512), count: 2 }]);
});
