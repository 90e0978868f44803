import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { visibleText } from '../lib/visible-text.ts';

const MAX = 100;
const shown = (text: string): string =>
  visibleText(text, MAX)
    .parts.map((part) => (part.kind === 'text' ? part.text : `[${part.name}]`))
    .join('');

describe('text that a client chose', () => {
  test.each([
    ['plain ASCII stays as it is', 'pump-7', 'pump-7'],
    ['letters of other scripts stay as they are', 'насос-7 ポンプ', 'насос-7 ポンプ'],
    ['markup is text', '<script>alert(1)</script>', '<script>alert(1)</script>'],
    ['an override of direction is shown', 'a\u202Egnp.exe', 'a[RLO]gnp.exe'],
    ['isolates are shown', '\u2066x\u2069', '[LRI]x[PDI]'],
    ['zero-width characters are shown', 'pump\u200B-7', 'pump[ZWSP]-7'],
    ['control characters are shown', 'a\u0000b\tc\r\n', 'a[NUL]b[TAB]c[CR][LF]'],
    ['spaces that look like a space are shown', 'a\u00A0b\u3000c', 'a[NBSP]b[U+3000]c'],
    ['a lone surrogate is shown', 'a\uD800b', 'a[U+D800]b'],
    ['a tag character outside the basic plane is shown', 'a\u{E0041}', 'a[U+E0041]'],
  ])('%s', (_name, text, expected) => {
    expect(shown(text)).toBe(expected);
  });

  test('what is longer than the bound is cut, and says so', () => {
    expect(visibleText('x'.repeat(MAX), MAX).cut).toBe(false);
    const { parts, cut } = visibleText('x'.repeat(MAX + 1), MAX);
    expect(cut).toBe(true);
    expect(parts).toEqual([{ kind: 'text', text: 'x'.repeat(MAX) }]);
  });

  test('no part of kind text ever holds a control, format or separator character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) =>
        visibleText(text, MAX).parts.every(
          (part) => part.kind === 'token' || !/[\p{C}\p{Zl}\p{Zp}]/u.test(part.text),
        ),
      ),
    );
  });
});
