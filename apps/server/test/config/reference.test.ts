import { describe, expect, test } from 'vitest';
import { configurationReference } from '../../src/config/reference.ts';
import { SETTINGS } from '../../src/config/settings.ts';

describe('the generated reference', () => {
  test('every setting is described', () => {
    const own = SETTINGS.filter((setting) => !/(\[\]|\*)$/.test(setting.path));
    expect(own.filter((setting) => setting.doc === '').map((setting) => setting.path)).toEqual([]);
  });

  test('every setting that is no group has its row', () => {
    const text = configurationReference();
    const missing = SETTINGS.filter(
      (setting) => setting.kind !== 'group' && !text.includes(`| \`${setting.path}\``),
    );
    expect(missing.map((setting) => setting.path)).toEqual([]);
  });
});
