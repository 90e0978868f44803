import { expect, test } from 'vitest';
import { withRulesForCn } from '../components/authentication/with-cn.ts';
import { exactly, NEW_RULES, withEntryFor } from '../components/credentials/cn-entry.ts';

test('a common name becomes the expression that it alone matches', () => {
  for (const name of ['pump-7', 'a.b', 'x[1]', 'c+(d)|e', '^$', 'back\\slash']) {
    const expression = new RegExp(`^(?:${exactly(name)})$`);
    expect(expression.test(name)).toBe(true);
    expect(expression.test(`${name}x`)).toBe(false);
  }
  expect(new RegExp(`^(?:${exactly('a.b')})$`).test('aXb')).toBe(false);
});

test('an entry for a name is added behind those there are, once', () => {
  const other = { pattern: 'gw-.*', rules: [] };
  const first = withEntryFor([other], 'pump.7');
  expect(first).toEqual([other, { pattern: 'pump\\.7', rules: NEW_RULES }]);
  expect(withEntryFor(first, 'pump.7')).toEqual(first);
  expect(withEntryFor(null, 'a')).toHaveLength(1);
});

test("rules for a refused name go into the credential that it matched, and into none of an authenticator's others", () => {
  const pumps = { name: 'Pumps', match: { cn_pattern: 'pump-.*' } };
  const other = { name: 'Other', match: { cn: 'x' } };
  const settings = { type: 'x509', credentials: [pumps, other] };
  expect(withRulesForCn(settings, { cn: 'pump-7', credential: 'Pumps' })).toEqual({
    type: 'x509',
    credentials: [{ ...pumps, rules_by_cn: { 'pump-7': NEW_RULES } }, other],
  });
  expect(withRulesForCn(settings, { cn: 'pump-7', credential: null })).toEqual(settings);
  const written = [{ ...pumps, rules_by_cn: { 'pump-7': [] } }];
  expect(withRulesForCn({ credentials: written }, { cn: 'pump-7', credential: 'Pumps' })).toEqual({
    credentials: written,
  });
});
