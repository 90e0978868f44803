import { describe, expect, it } from 'vitest';
import { leavesOf, valueAt } from '../lib/leaves';

const BODY = { name: 'Ops', target: { to: ['a', 'b'], ca: null, port: 25, more: {} } };

describe('a JSON value', () => {
  it('has its ends by their dotted path', () => {
    expect(Object.fromEntries(leavesOf(BODY))).toEqual({
      name: '"Ops"',
      'target.to.0': '"a"',
      'target.to.1': '"b"',
      'target.ca': 'null',
      'target.port': '25',
    });
  });

  it.each([
    ['name', '"Ops"'],
    ['target.to', '["a","b"]'],
    ['target.to.1', '"b"'],
    ['target.to.2', undefined],
    ['target.port.x', undefined],
    ['__proto__', undefined],
  ])('has at %s %s', (path, value) => {
    expect(valueAt(BODY, path)).toBe(value);
  });
});
