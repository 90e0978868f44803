import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { actionsNamed, AUDIT_ACTIONS, wordsOf } from '../components/audit/actions.ts';
import type { MessageTree } from '../lib/i18n.tsx';
import de from '../messages/de/audit.json' with { type: 'json' };
import en from '../messages/en/audit.json' with { type: 'json' };

const services = new URL('../../../packages/api/src/services/', import.meta.url);
const written = readdirSync(services, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .flatMap((path) => [
    ...readFileSync(new URL(path, services), 'utf8').matchAll(/action: '([\w-]+\.[\w-]+)'/g),
  ])
  .map(([, action = '']) => action.replace(/-many$/, ''));

/** The page's words, as its messages have them; a key without any stands for itself. */
const speak =
  (audit: MessageTree) =>
  (key: string, values: Readonly<Record<string, string>> = {}): string => {
    const at = (tree: string | MessageTree | undefined, part: string) =>
      typeof tree === 'object' ? tree[part] : undefined;
    const found = key.split('.').reduce(at, audit);
    return typeof found === 'string' ? found.replace('{what}', values['what'] ?? '') : key;
  };

describe.each([
  ['en', en],
  ['de', de],
])('the audit log in %s', (_locale, messages) => {
  const t = speak(messages);

  test('has words of its own for each action that the API writes', () => {
    expect(new Set(written).size).toBeGreaterThan(60);
    expect(written.filter((action) => !AUDIT_ACTIONS.some((one) => one === action))).toEqual([]);
    const words = AUDIT_ACTIONS.map((action) => wordsOf(t, action));
    expect(words.filter((one) => one.includes('did.'))).toEqual([]);
    expect(new Set(words).size).toBe(AUDIT_ACTIONS.length);
  });

  test('finds each action by the words that it shows', () => {
    for (const action of AUDIT_ACTIONS)
      expect(actionsNamed(t, wordsOf(t, action).toUpperCase())).toContain(action);
  });
});

test('what is done to several says so, a newer server’s action stands for itself, and two letters name nothing', () => {
  const t = speak(de);
  expect(wordsOf(t, 'credential.delete-many')).toBe('Credential gelöscht (mehrere)');
  expect(wordsOf(t, 'probe.launch')).toBe('probe.launch');
  expect(actionsNamed(t, 'credential gelöscht')).toEqual(['credential.delete', 'credential.delete-many']);
  expect(actionsNamed(t, 'cr')).toEqual([]);
});
