import { describe, expect, test } from 'vitest';
import { filterOfExpression } from '../src/acl/topic-expression.ts';
import { levelsOf, matches } from '../src/acl/topic.ts';

describe('expressions over topics that say what a filter says', () => {
  test.each([
    ['.*', '#', '#'],
    ['^.*$', '#', '#'],
    ['country/.*', 'country/+/#', 'country/#'],
    ['country\\/.*', 'country/+/#', 'country/#'],
    ['plant/[^/]+/state', 'plant/+/state', 'plant/+/state'],
    ['[^\\/]*/state', '+/state', '+/state'],
    ['plant/north\\.hall', 'plant/north.hall', 'plant/north.hall'],
    ['^plant/7$', 'plant/7', 'plant/7'],
    ['state/${cn}', 'state/${cn}', 'state/${cn}'],
    ['devices/${clientId}/.*', 'devices/${clientid}/+/#', 'devices/${clientid}/#'],
    ['plant/größe/😀', 'plant/größe/😀', 'plant/größe/😀'],
  ])('%s publishes to %s and subscribes to %s', (expression, publish, subscribe) => {
    expect(filterOfExpression(expression, 'publish')).toBe(publish);
    expect(filterOfExpression(expression, 'subscribe')).toBe(subscribe);
  });

  test.each([
    ['farm/\\+/cmd', 'farm/+/cmd'],
    ['farm/#', 'farm/#'],
    ['farm/\\#', 'farm/#'],
  ])('%s is the text of a filter, which nobody publishes to', (expression, filter) => {
    expect(filterOfExpression(expression, 'publish')).toBeUndefined();
    expect(filterOfExpression(expression, 'subscribe')).toBe(filter);
  });

  test.each([
    '',
    'sensors/[0-9]+/.*',
    'plant.*',
    '.*/state',
    'plant/.*/state',
    'plant/(a|b)',
    'a|b',
    'plant.7/x',
    'plant/x?',
    'plant/\\d+',
    '\\Qplant\\E',
    'x[^/]+',
    '[^/]+x',
    'farm/a\\+',
    'farm/#/a',
    'devices/%c/a',
    'devices/%u',
    'devices/\\$\\{username\\}',
    'plant/\ue000',
    'plant\\',
    'a\0b',
  ])('%j is no filter, and nothing is made of it', (expression) => {
    expect(filterOfExpression(expression, 'publish')).toBeUndefined();
    expect(filterOfExpression(expression, 'subscribe')).toBeUndefined();
  });

  test('for what is published, the filter matches what the expression matches', () => {
    const topics = ['country', 'country/', 'country/a', 'country/a/b', 'countryside/a', 'other/country/a'];
    const filter = filterOfExpression('country/.*', 'publish') ?? '';
    for (const topic of topics)
      expect([topic, matches(levelsOf(filter), levelsOf(topic))]).toEqual([
        topic,
        /^country\/.*$/.test(topic),
      ]);
  });
});
