import { describe, expect, test } from 'vitest';
import { createLogger } from '../../src/runtime/logger.ts';

/** What a logger of this form writes of some facts. */
const written = (format: 'json' | 'text', facts: object): string => {
  let text = '';
  const log = createLogger({ level: 'info', format }, 'data', { write: (line) => void (text += line) });
  log.info(facts, 'a client was refused');
  return text;
};

describe.each(['json', 'text'] as const)('a log line as %s', (format) => {
  test('is one line without control or bidi characters, whatever a client calls itself', () => {
    const clientId = 'a\r\nlevel=info forged\u001b[2J\u009b2J\u2028\u202egnp.exe';
    const line = written(format, { clientId });
    expect(line.split('\n')).toHaveLength(2);
    expect(line.slice(0, -1)).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202e]/u);
    expect(line).toContain('forged');
  });

  test('has [secret] where a secret is named, at any of three depths', () => {
    const secrets = { password: 'hunter2', token: 'hunter2', authorization: 'hunter2', cookie: 'hunter2' };
    const line = written(format, { ...secrets, one: secrets, two: { two: secrets } });
    expect(line).not.toContain('hunter2');
    expect(line.match(/\[secret\]/g)).toHaveLength(12);
  });
});
