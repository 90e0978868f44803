import { describe, expect, test } from 'vitest';
import { askAgain, missingNow, onceThere, onMissing } from '../lib/missing-part.ts';

class ChunkLoadError extends Error {
  override readonly name = 'ChunkLoadError';
}

/** A server that has a part, has lost it, or is away. */
function partOf(answers: readonly ('part' | 'nothing')[]) {
  const left = [...answers];
  return () => (left.shift() === 'part' ? Promise.resolve('part') : Promise.reject(new ChunkLoadError('x')));
}

/** The next thing that is told of missing parts. */
const told = (): Promise<string | undefined> =>
  new Promise((resolve) => {
    const stop = onMissing(() => {
      stop();
      resolve(missingNow()?.cause);
    });
  });

describe('a part of a page that cannot be loaded', () => {
  test('is waited for, and comes when it is asked for again', async () => {
    const first = told();
    const part = onceThere(partOf(['nothing', 'part']));
    expect(await first).toBe('away');
    askAgain(true);
    expect(missingNow()).toBeNull();
    expect(await part).toBe('part');
  });

  test('is gone once it is missing on a server that answers, and only then', async () => {
    const first = told();
    const part = onceThere(partOf(['nothing', 'nothing', 'nothing', 'part']));
    expect(await first).toBe('away');
    askAgain(false);
    expect(await told()).toBe('away');
    askAgain(true);
    expect(await told()).toBe('gone');
    askAgain(false);
    expect(await part).toBe('part');
  });

  test('is asked for together with the others, and each that is missed is told anew', async () => {
    const first = told();
    const one = onceThere(partOf(['nothing', 'part']));
    await first;
    const before = missingNow();
    const second = told();
    const other = onceThere(partOf(['nothing', 'part']));
    await second;
    expect(missingNow()).not.toBe(before);
    askAgain(true);
    expect(await Promise.all([one, other])).toEqual(['part', 'part']);
  });

  test('breaks the page all the same when it came and is broken', async () => {
    await expect(onceThere(() => Promise.reject(new TypeError('x is not a function')))).rejects.toThrow(
      'x is not a function',
    );
    expect(missingNow()).toBeNull();
  });
});
