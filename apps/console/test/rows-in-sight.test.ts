import { describe, expect, it } from 'vitest';
import { ROW_PX, drawnRows, neighbours, sightOf } from '../lib/unauthorized/rows-in-sight';

const drawnAt = (scrollTopRows: number, frameRows: number, count: number, kept: readonly number[] = []) =>
  drawnRows(sightOf(scrollTopRows * ROW_PX, frameRows * ROW_PX), count, kept);

describe('the rows of a long table that are drawn', () => {
  it('cover every row in sight wherever the table is scrolled to', () => {
    for (let top = 0; top <= 480; top += 0.5) {
      const drawn = new Set(drawnAt(top, 20, 500));
      for (let row = Math.floor(top); row < Math.min(500, top + 20); row += 1)
        expect(drawn.has(row), `row ${String(row)} at ${String(top)}`).toBe(true);
    }
  });

  it('are as many at the five hundredth row as at the first, and never all', () => {
    expect(drawnAt(0, 20, 500).length).toBe(26);
    expect(drawnAt(480, 20, 500).length).toBe(26);
    expect(drawnAt(240, 20, 500).length).toBe(32);
  });

  it('keep the row that has the focus, once and in its place, where it is out of sight', () => {
    expect(drawnAt(240, 20, 500, [3]).slice(0, 2)).toEqual([3, 234]);
    expect(drawnAt(240, 20, 500, [480, 250]).slice(-2)).toEqual([265, 480]);
    expect(drawnAt(240, 20, 500, [250]).length).toBe(32);
  });

  it('include where an arrow leads from a kept row, once each, and nothing beyond the ends', () => {
    expect(neighbours([3], 500)).toEqual([2, 3, 4]);
    expect(neighbours([4, 3], 500)).toEqual([2, 3, 4, 5]);
    expect(neighbours([0, 499], 500)).toEqual([0, 1, 498, 499]);
    expect(drawnAt(240, 20, 500, neighbours([3], 500)).slice(0, 4)).toEqual([2, 3, 4, 234]);
  });

  it('are none of none, and the last ones where rows went while the table was scrolled down', () => {
    expect(drawnAt(0, 20, 0)).toEqual([]);
    expect(drawnAt(400, 20, 60)).toEqual([54, 55, 56, 57, 58, 59]);
  });
});
