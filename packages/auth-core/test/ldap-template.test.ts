import { describe, expect, test } from 'vitest';
import { attributesToRead, schemeOf } from '../src/methods/ldap-entry.ts';
import {
  escapeDnValue,
  escapeFilterValue,
  filterOf,
  type LdapTemplate,
  parseLdapTemplate,
  placeholdersOf,
  questionFor,
  shownTemplate,
} from '../src/methods/ldap-template.ts';
import { attemptOf } from '../src/testing/index.ts';

const template = (text: string): LdapTemplate => {
  const parsed = parseLdapTemplate(text);
  if ('unknown' in parsed) throw new Error(parsed.unknown);
  return parsed;
};

const ATTRIBUTES = {
  password: 'userPassword',
  enabled: 'isEnabled',
  publish: 'mqttPublishTopic',
  subscribe: 'mqttSubscriptionTopic',
  publishAndSubscribe: 'mqttPubSubTopic',
};

describe('a value', () => {
  // RFC 4514 §2.4 and its examples.
  test.each([
    ['plain', 'plain'],
    ['James "Jim" Smith, III', 'James \\"Jim\\" Smith\\, III'],
    ['a+b=c;<d>\\', 'a\\+b\\=c\\;\\<d\\>\\\\'],
    [' lead', '\\ lead'],
    ['#lead', '\\#lead'],
    ['trail ', 'trail\\ '],
    [' ', '\\ '],
    ['\\ ', '\\\\\\ '],
    ['before\rafter', 'before\\0dafter'],
    ['nul\0', 'nul\\00'],
    ['next\u0085line', 'next\\c2\\85line'],
    ['Lu\u010di\u0107', 'Lu\u010di\u0107'],
  ])('in a name, %j is written %j', (value, written) => {
    expect(escapeDnValue(value)).toBe(written);
  });

  // RFC 4515 §4.
  test.each([
    ['plain', 'plain'],
    [
      'Parens R Us (for all your parenthetical needs)',
      'Parens R Us \\28for all your parenthetical needs\\29',
    ],
    ['*', '\\2a'],
    ['C:\\MyFile', 'C:\\5cMyFile'],
    ['nul\0', 'nul\\00'],
    ['Lu\u010di\u0107', 'Lu\u010di\u0107'],
  ])('in a filter, %j is written %j', (value, written) => {
    expect(escapeFilterValue(value)).toBe(written);
  });
});

describe('a template', () => {
  test('takes both spellings of a placeholder, and is shown with the long one', () => {
    const both = template('%u ${clientid} %C ${subject} %a');
    expect(placeholdersOf(both)).toEqual(['username', 'clientid', 'cn', 'subject', 'ip']);
    expect(shownTemplate(both)).toBe('${username} ${clientid} ${cn} ${subject} ${ip}');
  });

  test('with a placeholder that is unknown is none', () => {
    expect(parseLdapTemplate('uid=${user}')).toEqual({ unknown: '${user}' });
  });

  test.each([
    ['', '', '(objectClass=*)'],
    ['mqttUser', '', '(objectClass=mqttUser)'],
    ['', 'uid=${username}', '(uid=${username})'],
    ['', '${cn}', '(${cn})'],
    ['mqttUser', '(uid=${username})', '(&(objectClass=mqttUser)(uid=${username}))'],
  ])('with the class %j and the filter %j asks for both', (objectClass, filter, both) => {
    expect(shownTemplate(filterOf(objectClass, template(filter)))).toBe(both);
  });

  const form = (text: string) => ({ base: template(text), filter: template('(a=${username})') });

  test('puts each value in escaped for its place', () => {
    expect(questionFor(form('uid=${username}'), attemptOf({ username: 'a,(b' }))).toEqual({
      base: 'uid=a\\,(b',
      filter: '(a=a,\\28b)',
    });
  });

  test('knows the certificate and the address of the client', () => {
    const certificate = {
      subject: 'CN=pump\\, 7,O=Works',
      issuer: 'CN=CA',
      commonName: 'pump, 7',
      fingerprint: '00',
      serialNumber: '01',
      notBefore: '2026-01-01T00:00:00Z',
      notAfter: '2027-01-01T00:00:00Z',
    };
    const tls = {
      version: 'TLSv1.3',
      cipher: 'x',
      serverName: undefined,
      certificate,
      pskIdentity: undefined,
    };
    const form = { base: template('cn=%C'), filter: template('(&(s=%d)(ip=%a))') };
    expect(questionFor(form, attemptOf({ tls }))).toEqual({
      base: 'cn=pump\\, 7',
      filter: '(&(s=CN=pump\\5c, 7,O=Works)(ip=203.0.113.7))',
    });
  });

  test('takes no value for another placeholder', () => {
    expect(questionFor(form('cn=x'), attemptOf({ username: '${clientid}%c' }))).toEqual({
      base: 'cn=x',
      filter: '(a=${clientid}%c)',
    });
  });

  test.each([
    ['uid=%u', {}, 'username'],
    ['uid=%u', { username: '' }, 'username'],
    ['uid=%c', { username: 'a', clientIdAssigned: true }, 'client ID of its own'],
    ['cn=%C', { username: 'a' }, 'common name'],
    ['cn=%d', { username: 'a' }, 'certificate'],
    ['uid=%u', { username: 'x'.repeat(1_025) }, 'longer than 1024'],
  ] as const)('%s asks nothing for a client of which %j is all that is known', (base, differs, problem) => {
    const question = questionFor(form(base), attemptOf(differs));
    expect('problem' in question ? question.problem : 'asked').toContain(problem);
  });
});

test('only attributes with a name are asked for', () => {
  expect(attributesToRead({ ...ATTRIBUTES, publish: '' })).not.toContain('');
});

test.each([
  ['{SSHA}abc', 'SSHA'],
  ['{ssha256}abc', 'SSHA256'],
  ['{hunter2}abc', 'unknown'],
  ['hunter2', 'none'],
])('of a stored password no more is told than the scheme (%s: %s)', (stored, scheme) => {
  expect(schemeOf(stored)).toBe(scheme);
});
