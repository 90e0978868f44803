import { describe, expect, it } from 'vitest';
import { errorsThatStand, isWithin } from '../lib/errors-that-stand';

const textOf = (name: string, to: readonly string[]): string => JSON.stringify({ name, target: { to } });
const NAME = { path: 'name', message: 'must not be empty' };
const SECOND = { path: 'target.to.1', message: 'Invalid email address' };
const WHOLE = { path: '', message: 'is not known here' };
const FOUND = { text: textOf('', ['a@b.cd', 'x']), errors: [NAME, SECOND, WHOLE] };

describe('what was found wrong with a form', () => {
  it('stands while nothing is written', () => {
    expect(errorsThatStand(FOUND, FOUND.text)).toBe(FOUND.errors);
  });

  it('goes with the value it is about, and leaves what is said of others', () => {
    expect(errorsThatStand(FOUND, textOf('A', ['a@b.cd', 'x']))).toEqual([SECOND, WHOLE]);
    expect(errorsThatStand(FOUND, textOf('', ['a@b.cd']))).toEqual([NAME, WHOLE]);
  });
});

describe('a dotted path', () => {
  it.each([
    ['target', 'target', true],
    ['target.to.1', 'target.to', true],
    ['target.tone', 'target.to', false],
    ['target', 'target.to', false],
  ])('%s is within %s: %s', (path, above, expected) => {
    expect(isWithin(path, above)).toBe(expected);
  });
});
