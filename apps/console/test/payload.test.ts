import { describe, expect, it } from 'vitest';
import { bytesOf, payloadViews, textOfStart } from '../lib/payload';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const names = (bytes: Uint8Array, isWhole = true): string[] =>
  payloadViews(bytes, isWhole).map(({ view }) => view);

describe('a payload', () => {
  it('is shown as JSON first where it is JSON, as text where it is text, and as hex always', () => {
    expect(names(utf8('{"a":1}'))).toEqual(['json', 'text', 'hex']);
    expect(names(utf8('21.5 °C'))).toEqual(['text', 'hex']);
    expect(names(Uint8Array.of(0xff, 0x00))).toEqual(['hex']);
  });

  it('of which only the beginning is there is not called JSON, and a character cut in two is left out', () => {
    expect(names(utf8('1'), false)).toEqual(['text', 'hex']);
    expect(textOfStart(utf8('aü').subarray(0, 2), false)).toBe('a');
    expect(textOfStart(utf8('aü').subarray(0, 2), true)).toBeNull();
  });

  it('shows characters that would not be seen, and keeps its lines', () => {
    const [text] = payloadViews(utf8('a\u202eb\u0007\nc'), true);
    expect(text?.shown).toBe('a\\u202eb\\u0007\nc');
  });

  it('as hex has offsets, sixteen bytes a line, and what prints', () => {
    const hex = payloadViews(utf8('Gatehouse speaks MQTT'), true).at(-1)?.shown.split('\n');
    expect(hex).toEqual([
      '000000  47 61 74 65 68 6f 75 73 65 20 73 70 65 61 6b 73  Gatehouse speaks',
      `000010  20 4d 51 54 54${' '.repeat(35)} MQTT`,
    ]);
  });

  it('comes out of base64 byte for byte', () => {
    expect([...bytesOf('AP+A')]).toEqual([0, 255, 128]);
  });
});
