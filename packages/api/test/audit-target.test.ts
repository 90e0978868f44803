import { describe, expect, test } from 'vitest';
import { manyTarget } from '../src/present/audit-target.ts';

const named = (count: number, name = 'meter-') =>
  Array.from({ length: count }, (_, at) => ({ id: `id-${at}`, name: `${name}${at}` }));

describe('the target of an audit entry about several', () => {
  test('one of a kind is itself, so that a filter by it finds what was done to it alone and among others', () => {
    expect(manyTarget('credential', named(1))).toEqual({ kind: 'credential', id: 'id-0', name: 'meter-0' });
  });

  test('of more the count comes first and the names after it', () => {
    expect(manyTarget('credential', named(2))).toEqual({
      kind: 'credential',
      id: 'many',
      name: '2: meter-0, meter-1',
    });
  });

  test('it is bounded, and says that there are more', () => {
    const { name } = manyTarget('credential', named(1_000));
    expect(name).toMatch(/^1000: meter-0, .*meter-49, …$/);
    expect(manyTarget('client', named(50, 'x'.repeat(500))).name).toHaveLength(2_001);
  });

  test('where only some are known by name, or none, the count is whole', () => {
    expect(manyTarget('client', named(1), 7).name).toBe('7: meter-0, …');
    expect(manyTarget('client', [], 7).name).toBe('7');
  });
});
