import type { AggregateDelta, AttemptBatch, DenialDelta, Store } from '@gatehouse/ports';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStore } from '../src/open.ts';
import { credential, delta } from './support/records.ts';
import { describePostgresql, type Place, testClock } from './support/stores.ts';

const ROUNDS = 12;
const CLIENTS = 40;
const ATTEMPTS = 3;

describePostgresql('two nodes that record into one table', (prepare) => {
  let place: Place;
  let stores: readonly Store[];
  let operator: pg.Client;

  beforeAll(async () => {
    place = await prepare();
    const clock = testClock();
    stores = [await openStore({ ...place, clock }), await openStore({ ...place, clock })];
    operator = new pg.Client({ connectionString: place.url });
    await operator.connect();
  });
  afterAll(async () => {
    await operator.end();
    for (const store of stores) await store.close();
    await place.discard();
  });

  const rows = async (sql: string): Promise<readonly Record<string, unknown>[]> =>
    (await operator.query<Record<string, unknown>>(sql)).rows;
  /** Both write what `of` makes for each round, at once. */
  const atOnce = (write: (store: Store, node: string, round: number) => Promise<unknown>): Promise<unknown> =>
    Promise.all(
      stores.map(async (store, at) => {
        for (let round = 0; round < ROUNDS; round += 1) await write(store, `node-${at}`, round);
      }),
    );

  test('count every refusal once, and show the later one with its node', async () => {
    const network = '198.51.100.0/24';
    const aggregateAt = (at: number): AggregateDelta => ({
      network,
      reason: 'BASIC_PASSWORD_MISMATCH',
      attempts: ATTEMPTS,
      firstAt: at,
      lastAt: at,
    });
    // Node 1 is ahead of node 0 in every round, and neither waits for the other.
    const batchOf = (node: string, round: number): AttemptBatch => {
      const at = 1_000 + round * 10 + (node === 'node-1' ? 5 : 0);
      return {
        node,
        logins: [],
        aggregates: [aggregateAt(at)],
        deltas: Array.from({ length: CLIENTS }, (_, n) =>
          delta({
            clientId: `client-${n}`,
            attempts: ATTEMPTS,
            at,
            ip: node === 'node-1' ? '192.0.2.2' : '192.0.2.1',
          }),
        ),
      };
    };
    await atOnce((store, node, round) => store.unauthorized.flush(batchOf(node, round), 1));
    const [store] = stores;
    const page = await store?.unauthorized.page(
      {},
      { limit: 100, sort: { field: 'lastAttemptAt', direction: 'desc' } },
    );
    expect(page?.items).toHaveLength(CLIENTS);
    const lastAt = 1_000 + (ROUNDS - 1) * 10 + 5;
    for (const item of page?.items ?? []) {
      expect(item).toMatchObject({
        attempts: 2 * ROUNDS * ATTEMPTS,
        firstAttemptAt: 1_000,
        lastAttemptAt: lastAt,
        node: 'node-1',
        ip: '192.0.2.2',
      });
      expect(item.ips.toSorted()).toEqual(['192.0.2.1', '192.0.2.2']);
    }
    expect(
      await rows(
        'SELECT sum(clients)::int AS clients, sum(attempts)::int AS attempts FROM unauthorized_counts',
      ),
    ).toEqual([{ clients: CLIENTS, attempts: CLIENTS * 2 * ROUNDS * ATTEMPTS }]);
    expect(
      await rows('SELECT attempts::int, first_at::int, last_at::int FROM unauthorized_aggregates'),
    ).toEqual([{ attempts: 2 * ROUNDS * ATTEMPTS, first_at: 1_000, last_at: lastAt }]);
  });

  test('count every denial once, and show the later one', async () => {
    const denialAt = (n: number, at: number, ip: string): DenialDelta => ({
      clientId: `client-${n}`,
      username: null,
      principal: 'p',
      ip,
      action: 'publish',
      topic: 'a',
      by: 'no-match',
      rule: null,
      count: ATTEMPTS,
      firstAt: at,
      lastAt: at,
    });
    // Node 1 counts down: what it writes last happened first.
    await atOnce((store, node, round) => {
      const isBackwards = node === 'node-1';
      const at = isBackwards ? 9_000 - round * 10 : 2_000 + round * 10;
      const ip = isBackwards ? '192.0.2.2' : '192.0.2.1';
      const denials = Array.from({ length: CLIENTS }, (_, n) => denialAt(n, at, ip));
      return store.denials.flush({ denials, aggregates: [{ ...denialAt(0, at, ip), by: 'no-match' }] });
    });
    const [first] = stores;
    const request = { limit: 100, sort: { field: 'lastAt', direction: 'desc' } } as const;
    const { items = [] } = (await first?.denials.page({}, request)) ?? {};
    expect(items).toHaveLength(CLIENTS);
    for (const item of items)
      expect(item).toMatchObject({
        count: 2 * ROUNDS * ATTEMPTS,
        firstAt: 2_000,
        lastAt: 9_000,
        ip: '192.0.2.2',
      });
    expect(await first?.denials.totals()).toEqual({
      since: 2_000,
      count: (CLIENTS + 1) * 2 * ROUNDS * ATTEMPTS,
      aggregated: 2 * ROUNDS * ATTEMPTS,
    });
  });

  test('the last use of a credential is the latest, whoever writes it last', async () => {
    const [a, b] = stores;
    const made = await a?.credentials.create(credential({ username: 'used' }), 1);
    if (made?.result !== 'ok') throw new Error(made?.result);
    const { id } = made.credential;
    await b?.credentials.touch([{ id, at: 9_000, ip: '192.0.2.9' }]);
    await a?.credentials.touch([{ id, at: 8_000, ip: '192.0.2.8' }]);
    expect(await a?.credentials.get(id)).toMatchObject({ lastUsedAt: 9_000, lastUsedIp: '192.0.2.9' });
  });

  test('the hits of a block are counted together', async () => {
    const [a, b] = stores;
    const made = await a?.blocks.create(
      { kind: 'username', value: 'x', comment: '', createdBy: 'Ada', expiresAt: null },
      1,
    );
    if (made?.result !== 'ok') throw new Error(made?.result);
    const { id } = made.block;
    await atOnce((store, node) =>
      store.blocks.addHits([{ id, hits: 2, lastHitAt: node === 'node-0' ? 500 : 400 }]),
    );
    expect(await b?.blocks.get(id)).toMatchObject({ hits: 2 * ROUNDS * 2, lastHitAt: 500 });
  });
});
