import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Harness, startHarness } from './support/harness.ts';
import { refuse } from './support/refused.ts';

let house: Harness;
beforeAll(async () => {
  house = await startHarness();
});
afterAll(() => house.close());
beforeEach(async () => {
  await house.store.unauthorized.remove(
    { kind: 'all' },
    { kind: 'system', id: 'test', name: 'test' },
    house.clock.now(),
  );
  house.clock.advance(1000);
});

const get = (path: string) =>
  house.send({ method: 'GET', url: `/api/v1/unauthorized-clients${path}`, headers: house.owner });

describe('exports', () => {
  const HOSTILE = [
    '=cmd|calc',
    '+1',
    '-1',
    '@x',
    '<script>alert(1)</script>',
    'a"b,c',
    'line\r\nbreak',
    '\u202egnp.exe',
    '\u0007bell',
  ];

  it('as CSV disarm formulas, quote by RFC 4180 and write control and bidi characters out', async () => {
    await refuse(house, ...HOSTILE.map((clientId) => ({ clientId })));
    const response = await get('/export.csv');
    expect(response.headers['content-disposition']).toBe('attachment; filename="unauthorized-clients.csv"');
    const lines = response.body.split('\r\n').filter((line) => line !== '');
    expect(lines).toHaveLength(HOSTILE.length + 1);
    for (const cell of [
      `"'=cmd|calc"`,
      `"'+1"`,
      `"'-1"`,
      `"'@x"`,
      '"a""b,c"',
      '"line\\u000d\\u000abreak"',
      '"\\u202egnp.exe"',
      '"\\u0007bell"',
    ]) {
      expect(response.body).toContain(`,${cell},`);
    }
  });

  it('as JSON are one array, of the filtered rows only, and empty when there are none', async () => {
    await refuse(house, { clientId: 'j-1' }, { clientId: 'j-2' });
    const rows = JSON.parse((await get('/export.json?clientId=j-1')).body) as { clientId: string }[];
    expect(rows.map((row) => row.clientId)).toEqual(['j-1']);
    expect(JSON.parse((await get('/export.json?clientId=none')).body)).toEqual([]);
    const { items } = await house.store.audit.page(
      {},
      { limit: 1, sort: { field: 'at', direction: 'desc' } },
    );
    expect(items[0]?.action).toBe('unauthorized.export');
  });
});
