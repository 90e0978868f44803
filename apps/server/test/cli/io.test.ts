import { describe, expect, test } from 'vitest';
import { writeBody } from '../../src/cli/io.ts';

describe('a body written to standard output', () => {
  test.each([1, 2, 3, 5])('keeps its characters, however it is cut (%i bytes a chunk)', async (size) => {
    const text = 'Außenstelle,насос-7,ポンプ,🚰\r\n';
    const bytes = Buffer.from(text);
    const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
      bytes.subarray(index * size, (index + 1) * size),
    );
    let written = '';
    await writeBody(
      (part) => (written += part),
      (async function* () {
        for (const chunk of chunks) yield await Promise.resolve(chunk);
      })(),
    );
    expect(written).toBe(text);
  });
});
