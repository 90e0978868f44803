import { readdirSync, readFileSync } from 'node:fs';
import { REASONS } from '@gatehouse/auth-core/reasons';
import { checkForm } from '@gatehouse/contract/forms';
import { PASSWORD_FAULTS } from '@gatehouse/contract/password-rules';
import { describe, expect, test } from 'vitest';
import { createTranslator } from '../lib/server-words.ts';
import { words } from '../server-words/de.ts';

const translate = createTranslator(words);
const packages = new URL('../../../packages/', import.meta.url);

const TEXT = String.raw`('(?:[^'\\\n]|\\.)*'|` + '`(?:[^`\\\\]|\\\\.)*`)';
/** Where the sources say something that a page may show: details of problems, and what is wrong with fields. */
const SAID = [
  `(?:detail|message|error|problem):\\s*${TEXT}`,
  `invalidField\\(\\s*[^,]+,\\s*${TEXT}`,
  `\\)\\s*,\\s*${TEXT}\\s*\\)`,
].map((source) => new RegExp(source, 'g'));
/** The API of another broker, which no page of the console calls, and a file of the console's own texts. */
const ELSEWHERE = /emqx-v4|\.test\./;

/** A text of the sources with `~` for what is filled in; escapes as they are meant. */
const filled = (source: string): string =>
  source
    .slice(1, -1)
    .replaceAll(/\$\{[^}]*\}/g, '~')
    .replaceAll(/\\(['"`\\])/g, '$1');

const said = ['api/src/', 'contract/src/', 'auth-core/src/blocks/']
  .flatMap((folder) =>
    readdirSync(new URL(folder, packages), { recursive: true }).map((file) => `${folder}${String(file)}`),
  )
  .filter((file) => file.endsWith('.ts'))
  .filter((file) => !ELSEWHERE.test(file))
  .flatMap((file) => {
    const source = readFileSync(new URL(file, packages), 'utf8');
    return SAID.flatMap((shape) => [...source.matchAll(shape)].map((found) => filled(found[1] ?? '')));
  })
  // Words of their own, and no sentence put together of others.
  .filter((text) => /[a-z]{2}.* |[A-Z].* /.test(text.replaceAll('~', '')));

describe('what the server says, in German', () => {
  test('has words for what to do about every reason', () => {
    const without = Object.values(REASONS).filter(({ fix }) => translate(fix.text) === undefined);
    expect(without.map(({ fix }) => fix.text)).toEqual([]);
  });

  test('has words for every detail of a problem and everything that is said of fields', () => {
    expect(said.length).toBeGreaterThan(100);
    expect([...new Set(said)].filter((text) => translate(text) === undefined)).toEqual([]);
  });

  test('has words for what forms say while they are written', () => {
    const found = [
      ...checkForm('createInvitation', { email: 'ada', role: 'none' }),
      ...checkForm('createCredential', {
        type: 'basic',
        name: '',
        username: 7,
        passwordless: 'yes',
        extra: 1,
      }),
      ...checkForm('createApiKey', { name: 'x'.repeat(10_000) }),
      ...checkForm('createBlock', {}),
      ...checkForm('createAlertRule', { name: 'a', forMinutes: -1, channels: 'none' }),
      ...checkForm('issueCertificate', { commonName: '', days: 1e9 }),
      ...Object.values(PASSWORD_FAULTS).map((message) => ({ path: 'password', message })),
    ];
    expect(found.length).toBeGreaterThan(15);
    expect(found.filter(({ message }) => translate(message) === undefined)).toEqual([]);
  });

  test('fills in what the server filled in, and nothing else', () => {
    const placesOf = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).toSorted();
    const told = Object.entries(words).map(([english, german]) => [
      english,
      placesOf(german).filter((place) => !placesOf(english).includes(place)),
    ]);
    expect(told.filter(([, unknown]) => unknown?.length !== 0)).toEqual([]);
    expect(translate('There may be 7 rules; remove one first.')).toBe(
      'Es darf 7 Regeln geben; zuerst eine entfernen.',
    );
    expect(translate('The credential "{max}" has this identity.')).toBe(
      'Das Credential „{max}“ hat diese Identität.',
    );
  });

  test('leaves alone what it has no words for', () => {
    expect(translate('connect ECONNREFUSED 10.0.0.1:5432')).toBeUndefined();
    expect(translate('toString')).toBeUndefined();
  });
});
