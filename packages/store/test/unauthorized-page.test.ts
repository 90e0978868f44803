import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import {
  UNAUTHORIZED_SORTS,
  type UnauthorizedClient,
  type UnauthorizedFilter,
  type UnauthorizedSort,
} from '@gatehouse/ports';
import { compare, matches } from './support/model.ts';
import { batch, delta, login } from './support/records.ts';
import { describeStores } from './support/stores.ts';

const ROWS = 240;
const REASONS = [
  'BASIC_NO_CREDENTIALS',
  'BASIC_PASSWORD_MISMATCH',
  'CREDENTIAL_DISABLED',
  'TLS_HANDSHAKE_FAILED',
] as const;
const LISTENERS = ['tcp', 'tls', 'ws'] as const;

/** Few distinct values, so that ties are the rule; every seventh has no client ID. */
const deltas = Array.from({ length: ROWS }, (_, index) =>
  delta({
    key: index.toString(16).padStart(64, '0'),
    clientId: index % 7 === 0 ? null : `Device-${index % 40}`,
    username: index % 5 === 0 ? null : `user-${index % 9}`,
    ip: `10.0.${index % 3}.${index % 11}`,
    at: 1_000 + (index % 50) * 1_000,
    attempts: 1 + (index % 4),
    reason: REASONS[index % REASONS.length] ?? 'CHAIN_EXHAUSTED',
    listener: LISTENERS[(index >> 1) % LISTENERS.length] ?? 'tcp',
    protocol: ([3, 4, 5, null] as const)[(index >> 2) % 4] ?? null,
    tlsUsed: index % 6 === 0,
    passwordProvided: index % 8 !== 0,
  }),
);

const filters: fc.Arbitrary<UnauthorizedFilter> = fc.record(
  {
    clientId: fc.constantFrom<NonNullable<UnauthorizedFilter['clientId']>[]>(
      { op: 'eq', value: 'Device-12' },
      { op: 'starts', value: 'Device-1' },
      { op: 'contains', value: 'vice-2' },
      { op: 'contains', value: 'DEVICE' },
    ),
    username: fc.constantFrom<NonNullable<UnauthorizedFilter['username']>[]>(
      { op: 'eq', value: 'user-3' },
      { op: 'starts', value: 'user' },
      { op: 'contains', value: 'er-4' },
    ),
    search: fc.constantFrom('vice-3', 'USER-1', '10.0.2', 'nothing at all'),
    reason: fc.record({
      include: fc.subarray([...REASONS]),
      exclude: fc.subarray([...REASONS], { maxLength: 2 }),
    }),
    family: fc.record({ include: fc.subarray(['basic', 'policy', 'tls'] as ('basic' | 'policy' | 'tls')[]) }),
    listener: fc.record({ exclude: fc.subarray([...LISTENERS]) }),
    protocol: fc.record({ include: fc.subarray([3, 4, 5] as (3 | 4 | 5)[]) }),
    state: fc.constantFrom<NonNullable<UnauthorizedFilter['state']>[]>(
      { include: ['open'] },
      { include: ['resolved'] },
    ),
    ip: fc.record({
      include: fc.subarray(['10.0.0.1', '10.0.1.4', '10.0.2.8']),
      exclude: fc.subarray(['10.0.1.4']),
    }),
    tlsUsed: fc.boolean(),
    passwordProvided: fc.boolean(),
    from: fc.integer({ min: 0, max: 30_000 }),
    to: fc.integer({ min: 20_000, max: 60_000 }),
    firstFrom: fc.integer({ min: 0, max: 30_000 }),
    firstTo: fc.integer({ min: 20_000, max: 60_000 }),
  },
  { requiredKeys: [] },
);

describeStores('refused clients: pages', (subject) => {
  let rows: readonly UnauthorizedClient[] = [];

  beforeAll(async () => {
    const { unauthorized } = subject().store;
    // One deletion before, so that a second generation is in play.
    await unauthorized.flush(batch([delta({ clientId: 'Device-1' })]), 1);
    await unauthorized.remove({ kind: 'all' }, { kind: 'system', id: 's', name: 's' }, 1);
    await unauthorized.flush(batch(deltas), 1);
    await unauthorized.flush(
      batch(
        [{ ...delta({ clientId: 'Device-12x', ip: '10.0.0.1' }) }],
        [login({ clientId: 'Device-12x', ip: '10.0.0.1' })],
      ),
      1,
    );
    const all: UnauthorizedClient[] = [];
    for await (const chunk of unauthorized.stream({}, 50)) all.push(...chunk);
    rows = all;
  });

  async function walk(
    filter: UnauthorizedFilter,
    field: UnauthorizedSort,
    direction: 'asc' | 'desc',
    limit: number,
  ) {
    const { unauthorized } = subject().store;
    const request = { limit, sort: { field, direction } };
    const forward: string[] = [];
    let page = await unauthorized.page(filter, request);
    const first = page;
    for (;;) {
      forward.push(...page.items.map(({ id }) => id));
      if (page.next === null) break;
      page = await unauthorized.page(filter, { ...request, cursor: page.next });
    }
    const backward = page.items.map(({ id }) => id);
    while (page.prev !== null) {
      page = await unauthorized.page(filter, { ...request, cursor: page.prev });
      backward.unshift(...page.items.map(({ id }) => id));
    }
    return { forward, backward, total: first.total, exact: first.totalIsExact };
  }

  test('the export holds every row once', () => {
    expect(new Set(rows.map(({ id }) => id)).size).toBe(ROWS + 1);
  });

  test.each(UNAUTHORIZED_SORTS)(
    'sorted by %s, any filter gives the rows of the model in its order, both ways',
    async (field) => {
      await fc.assert(
        fc.asyncProperty(
          filters,
          fc.constantFrom('asc', 'desc'),
          fc.integer({ min: 1, max: 100 }),
          async (filter, direction, limit) => {
            const expected = rows
              .filter((row) => matches(row, filter))
              .sort(compare(field, direction))
              .map(({ id }) => id);
            const walked = await walk(filter, field, direction, Math.max(limit, 20));
            expect(walked).toEqual({
              forward: expected,
              backward: expected,
              total: expected.length,
              exact: true,
            });
          },
        ),
        { numRuns: 25 },
      );
    },
  );

  test('facets count what the model counts', async () => {
    await fc.assert(
      fc.asyncProperty(filters, async (filter) => {
        const expected = rows.filter((row) => matches(row, filter));
        const facets = await subject().store.unauthorized.facets(filter);
        expect(facets).toMatchObject({
          clients: expected.length,
          attempts: expected.reduce((sum, { attempts }) => sum + attempts, 0),
          approximate: false,
        });
        const listeners = Object.fromEntries(facets.listener.map(({ value, count }) => [value, count]));
        expect(listeners['ws'] ?? 0).toBe(expected.filter(({ listener }) => listener === 'ws').length);
      }),
      { numRuns: 25 },
    );
  });

  test('the histogram holds every row of its range once, by family', async () => {
    const histogram = await subject().store.unauthorized.histogram(
      { reason: { exclude: ['CREDENTIAL_DISABLED'] } },
      20,
      60_000,
    );
    const counted = histogram.buckets
      .flatMap(({ counts }) => Object.values(counts))
      .reduce((sum, count) => sum + count, 0);
    expect(counted).toBe(rows.filter(({ reason }) => reason !== 'CREDENTIAL_DISABLED').length);
    expect(histogram.buckets.length).toBeLessThanOrEqual(62);
  });

  test('a CIDR block takes in its addresses, IPv4 and IPv6', async () => {
    const { unauthorized } = subject().store;
    const request = { limit: 1, sort: { field: 'ip', direction: 'asc' } } as const;
    const expected = rows.filter(({ ip }) => ip.startsWith('10.0.2.') || ip.startsWith('10.0.0.')).length;
    expect(
      (await unauthorized.page({ ip: { include: ['10.0.2.0/24', '10.0.0.0/24'] } }, request)).total,
    ).toBe(expected);
    await unauthorized.flush(batch([delta({ clientId: 'v6', ip: '2001:db8::7' })]), 1);
    expect((await unauthorized.page({ ip: { include: ['2001:db8::/32'] } }, request)).items[0]?.ip).toBe(
      '2001:db8::7',
    );
    expect(
      (await unauthorized.page({ ip: { include: ['2001:db8::/32'], exclude: ['2001:db8::7'] } }, request))
        .total,
    ).toBe(0);
  });

  test('a detail filter finds the reason code and the text of the detail', async () => {
    const { unauthorized } = subject().store;
    await unauthorized.flush(
      batch([delta({ clientId: 'detailed', detail: { found: 'Seventeen 100%_bytes' } })]),
      1,
    );
    const total = async (op: 'eq' | 'starts' | 'contains', value: string) =>
      (
        await unauthorized.page(
          { detail: { op, value } },
          { limit: 1, sort: { field: 'attempts', direction: 'asc' } },
        )
      ).total;
    expect(await total('contains', '100%_b')).toBe(1);
    expect(await total('contains', 'seventeen 1x')).toBe(0);
    expect(await total('starts', 'Seventeen')).toBe(1);
    expect(await total('starts', 'bytes')).toBe(0);
    expect(await total('eq', 'CREDENTIAL_DISABLED')).toBe(ROWS / 4);
  });

  test('groups, related rows and top values count attempts and clients', async () => {
    const { unauthorized } = subject().store;
    const groups = await unauthorized.groups({ listener: { include: ['ws'] } }, 'network', 10);
    const networks = rows
      .filter(({ listener }) => listener === 'ws')
      .map(({ ip }) => ip.replace(/\d+$/, '0/24'));
    expect(groups.map(({ value }) => value).sort()).toEqual([...new Set(networks)].sort());
    expect(groups.reduce((sum, { clients }) => sum + clients, 0)).toBe(
      rows.filter(({ listener }) => listener === 'ws').length,
    );
    const row = rows.find(({ username }) => username === 'user-4');
    const related = await unauthorized.related(row?.id ?? '', 500);
    expect(related.sameUsername).toHaveLength(
      rows.filter(({ username }) => username === 'user-4').length - 1,
    );
    expect(related.sameIp.every(({ ip, id }) => ip === row?.ip && id !== row.id)).toBe(true);
    const [top] = await unauthorized.top('reason', { from: 0, to: 100_000 }, 1);
    expect(REASONS).toContain(top?.value);
  });

  test('an incident names the change just before it: the last that decides who is let in, not older than 15 minutes', async () => {
    const { unauthorized, audit } = subject().store;
    const began = 100_000_000;
    await unauthorized.flush(
      batch([
        delta({ clientId: 'incident', reason: 'CREDENTIAL_DISABLED', at: began }),
        delta({ clientId: 'unexplained', reason: 'JWT_EXPIRED', at: began + 3_600_000 }),
      ]),
      1,
    );
    const append = (action: string, at: number) =>
      audit.append({
        at,
        action,
        actor: { kind: 'system', id: 's', name: 's' },
        target: null,
        before: null,
        after: null,
        ip: '',
        requestId: '',
      });
    await append('credential.update', began - 900_001);
    const cause = await append('credential.update', began - 60_000);
    await append('credential.export', began - 50_000);
    await append('session.login', began - 40_000);
    await append('credential.update', began + 1);
    const groups = await unauthorized.groups({ from: began }, 'incident', 10);
    const byReason = (reason: string) => groups.find(({ value }) => value.startsWith(reason));
    expect(byReason('CREDENTIAL_DISABLED')).toMatchObject({ auditId: cause.id, approximate: false });
    expect(byReason('JWT_EXPIRED')?.auditId).toBeUndefined();
  });

  test('a cursor belongs to its sort and filter; what is none is refused', async () => {
    const { unauthorized } = subject().store;
    const request = { limit: 1, sort: { field: 'ip', direction: 'asc' } } as const;
    const { next } = await unauthorized.page({}, request);
    const cursor = next ?? '';
    const refused = { name: 'InvalidCursorError' };
    await expect(unauthorized.page({ tlsUsed: true }, { ...request, cursor })).rejects.toMatchObject(refused);
    await expect(
      unauthorized.page({}, { ...request, sort: { field: 'ip', direction: 'desc' }, cursor }),
    ).rejects.toMatchObject(refused);
    for (const text of ['', 'x', cursor.slice(1)]) {
      await expect(unauthorized.page({}, { ...request, cursor: text })).rejects.toMatchObject(refused);
    }
  });
});
