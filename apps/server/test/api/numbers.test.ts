import { readFileSync } from 'node:fs';
import { createSampler } from '@gatehouse/api';
import type { OverviewDto, SeriesDto, StatsDto, TryResultDto } from '@gatehouse/contract';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClientPki } from '../../../../packages/broker/test/support/client-pki.ts';
import { fieldsOf, type Harness, startHarness } from './support/harness.ts';
import { refuse } from './support/refused.ts';

let house: Harness;
beforeAll(async () => {
  house = await startHarness();
});
afterAll(() => house.close());

const get = (path: string) => house.send({ method: 'GET', url: path, headers: house.owner });

/** Counters of the data plane, moved on. */
const count = (accepted: number, refused: number) => {
  const { current } = house.plane;
  house.plane.current = {
    ...current,
    auth: { ...current.auth, accepted, refused, refusedByFamily: { basic: refused } },
  };
};

describe('the numbers', () => {
  it('are sampled every five seconds as increases, and give rates and series', async () => {
    const sampler = createSampler({
      ...house,
      dataPlane: house.plane,
      config: { node: 'node-a' },
      log: pino({ level: 'silent' }),
    });
    sampler.start();
    for (const [accepted, refused] of [
      [100, 10],
      [103, 11],
      [103, 15],
    ] as const) {
      count(accepted, refused);
      house.clock.advance(5_000);
      await sampler.stop();
      sampler.start();
    }
    await sampler.stop();
    const stats = (await get('/api/v1/stats')).json<StatsDto>();
    expect(stats).toMatchObject({
      acceptedPerMinute: 103,
      refusedPerMinute: 15,
      clientsOnline: 2,
      node: 'node-a',
    });
    expect(stats.refusalRatio).toBeCloseTo(15 / 118);
    const to = new Date(house.clock.now() + 5_000).toISOString();
    const from = new Date(house.clock.now() - 20_000).toISOString();
    const series = (await get(`/api/v1/stats/series?from=${from}&to=${to}&points=10`)).json<SeriesDto>();
    expect(series.stepMs).toBe(5_000);
    expect(
      series.points.map((point) => [
        point.values['accepted'],
        point.values['refused.basic'],
        point.values['online'],
      ]),
    ).toEqual([
      [100, 10, 2],
      [3, 1, 2],
      [0, 4, 2],
    ]);
    const gathered = (await get('/api/v1/stats/series?points=10')).json<SeriesDto>();
    expect(gathered.points.reduce((sum, point) => sum + (point.values['accepted'] ?? 0), 0)).toBe(103);
  });

  it('are those of all nodes: added up, each by its own samples, without those that did not answer, which are named', async () => {
    const { plane, clock, store } = house;
    const there = { ...plane.current, sessions: { online: 5, persistent: 0 } };
    const other = { version: '0.1.0', host: 'other.local', startedAt: plane.current.startedAt } as const;
    plane.others = [
      { ...other, node: 'node-b', state: 'draining', stats: there },
      { ...other, node: 'node-c', state: 'silent', stats: null },
    ];
    const ratesBefore = (await get('/api/v1/stats?top=0')).json<StatsDto>().rates;
    // Between the last two samples of the first node: in the last step its level is on its way.
    const values = { accepted: 10, messagesReceived: 50, online: 5 };
    await store.series.append([{ at: clock.now() - 2_500, node: 'node-b', values }]);
    const stats = (await get('/api/v1/stats?top=0')).json<StatsDto>();
    expect(stats).toMatchObject({ clientsOnline: 7, acceptedPerMinute: 113, totals: { accepted: 206 } });
    expect(stats.rates.messagesReceived).toBeCloseTo(ratesBefore.messagesReceived + 10);
    expect(stats.nodes.map(({ id, state, clientsOnline }) => [id, state, clientsOnline])).toEqual([
      ['node-a', 'active', 2],
      ['node-b', 'draining', 5],
      ['node-c', 'silent', null],
    ]);
    expect((await get('/api/v1/nodes')).json()).toEqual({ items: stats.nodes });
    const [from, to] = [20_000, -5_000].map((ago) => new Date(clock.now() - ago).toISOString());
    const { points: steps } = (
      await get(`/api/v1/stats/series?from=${from}&to=${to}&points=10`)
    ).json<SeriesDto>();
    expect(steps.map(({ values }) => values['online'])).toEqual([2, 7, 7]);
    expect(steps.reduce((sum, { values }) => sum + (values['accepted'] ?? 0), 0)).toBe(113);
    const overview = (await get('/api/v1/stats/overview')).json<OverviewDto>();
    expect(overview.online.now).toBe(7);
    plane.others = [];
  });

  it('name who is refused most in the range: client IDs by attempts, the others by the clients that were seen with them last', async () => {
    await refuse(house, { clientId: 'top', username: 'top-user', ip: '10.3.3.3', attempts: 9 });
    const { top, unauthorizedOpen } = (await get('/api/v1/stats')).json<StatsDto>();
    expect(top.clientIds[0]).toEqual({ value: 'top', count: 9 });
    expect(top.usernames[0]).toEqual({ value: 'top-user', count: 1 });
    expect(top.ips[0]).toEqual({ value: '10.3.3.3', count: 1 });
    expect(top.reasons[0]).toEqual({ value: 'BASIC_PASSWORD_MISMATCH', count: 1 });
    expect(unauthorizedOpen).toBe(1);
  });

  it('leave the top lists out where they are not asked for, and name no more than are', async () => {
    const read = async (top: number) => (await get(`/api/v1/stats?top=${top}`)).json<StatsDto>();
    const { top: none, unauthorizedOpen } = await read(0);
    expect([none, unauthorizedOpen]).toEqual([{ reasons: [], ips: [], usernames: [], clientIds: [] }, 1]);
    expect((await read(1)).top.clientIds).toEqual([{ value: 'top', count: 9 }]);
    const tooMany = await get('/api/v1/stats?top=9');
    expect([tooMany.statusCode, fieldsOf(tooMany)]).toEqual([400, ['top']]);
  });

  it('compare nothing with a period of which nothing is kept, new clients neither', async () => {
    const overview = (await get('/api/v1/stats/overview')).json<OverviewDto>();
    expect(overview.refused.before).toBeNull();
    expect(overview.newClients).toMatchObject({
      clients: 1,
      isExact: true,
      before: { clients: 0, isExact: false },
    });
  });

  it('refuse a range turned round', async () => {
    const response = await get('/api/v1/stats?from=2026-05-02T00:00:00Z&to=2026-05-01T00:00:00Z');
    expect([response.statusCode, fieldsOf(response)]).toEqual([400, ['from']]);
  });

  it('tick getting started, and remember it beyond a restart of the data plane', async () => {
    const before = (await get('/api/v1/start-status')).json<object>();
    expect(before).toMatchObject({
      listenerUp: true,
      firstCredential: false,
      mqtt: {
        host: 'localhost',
        tcpPort: 1883,
        tlsPort: null,
        wsPort: 8083,
        wssPort: null,
        wsPath: '/mqtt',
        wssPath: '/mqtt',
        ownCa: { tls: false, wss: false },
      },
    });
    await house.send({
      method: 'POST',
      url: '/api/v1/credentials',
      headers: house.owner,
      payload: { username: 'first' },
    });
    count(0, 0);
    expect((await get('/api/v1/start-status')).json()).toMatchObject({
      firstCredential: true,
      firstGoodConnect: true,
      firstRefusedConnect: true,
    });
  });
});

describe('metrics', () => {
  it('need a key with stats:read, and carry labels from closed sets only', async () => {
    expect((await house.send({ method: 'GET', url: '/metrics' })).statusCode).toBe(401);
    const headers = await house.key('viewer', ['stats:read']);
    const { body, headers: answered } = await house.send({ method: 'GET', url: '/metrics', headers });
    expect(answered['content-type']).toContain('text/plain');
    expect(body).toContain('gatehouse_connects_refused_by_reason_total{reason="BASIC_PASSWORD_MISMATCH"} 3');
    expect(body).toContain('gatehouse_attempts_total{outcome="dropped"} 0');
    expect(body).toContain('gatehouse_connections{listener="tcp"} 3');
    expect(body).not.toContain('top-user');
  });

  it('tell of each authenticator what it answered, how long it takes, and how it finds its backend', async () => {
    const { body } = await get('/metrics');
    const samples = body.split('\n').filter((line) => line.startsWith('gatehouse_authenticator_'));
    expect(samples).toEqual([
      'gatehouse_authenticator_verdicts_total{authenticator="builtin",outcome="allow"} 10',
      'gatehouse_authenticator_verdicts_total{authenticator="builtin",outcome="deny"} 4',
      'gatehouse_authenticator_verdicts_total{authenticator="builtin",outcome="ignore"} 0',
      'gatehouse_authenticator_verdicts_total{authenticator="builtin",outcome="error"} 0',
      'gatehouse_authenticator_verdicts_total{authenticator="fleet",outcome="allow"} 3',
      'gatehouse_authenticator_verdicts_total{authenticator="fleet",outcome="deny"} 0',
      'gatehouse_authenticator_verdicts_total{authenticator="fleet",outcome="ignore"} 5',
      'gatehouse_authenticator_verdicts_total{authenticator="fleet",outcome="error"} 2',
      'gatehouse_authenticator_enabled{authenticator="builtin"} 1',
      'gatehouse_authenticator_enabled{authenticator="fleet"} 0',
      'gatehouse_authenticator_milliseconds{authenticator="builtin",quantile="0.5"} 0.2',
      'gatehouse_authenticator_milliseconds{authenticator="builtin",quantile="0.95"} 1',
      'gatehouse_authenticator_milliseconds{authenticator="fleet",quantile="0.5"} 1.5',
      'gatehouse_authenticator_milliseconds{authenticator="fleet",quantile="0.95"} 40',
      'gatehouse_authenticator_last_error_time_seconds{authenticator="fleet"} 1777629630',
      'gatehouse_authenticator_breaker_open{authenticator="fleet"} 1',
      'gatehouse_authenticator_questions{authenticator="fleet",state="running"} 4',
      'gatehouse_authenticator_questions{authenticator="fleet",state="waiting"} 2',
      'gatehouse_authenticator_connections{authenticator="fleet",state="open"} 4',
      'gatehouse_authenticator_connections{authenticator="fleet",state="idle"} 1',
      'gatehouse_authenticator_connections{authenticator="fleet",state="max"} 8',
    ]);
  });

  it('are those of the page about them, no more and no fewer', async () => {
    const { body } = await get('/metrics');
    const told = [...body.matchAll(/^# HELP (\S+) (.+)\n# TYPE \S+ (\S+)$/gm)].map(([, name, help, kind]) => [
      `\`${String(name)}\``,
      kind,
      help,
    ]);
    const page = readFileSync(new URL('../../../../docs/reference/metrics.md', import.meta.url), 'utf8');
    const rows = page.split('\n').filter((line) => line.startsWith('| `gatehouse_'));
    const listed = rows.map((row) => row.split('|').map((cell) => cell.trim()));
    expect(listed.map(([, name, kind, , meaning]) => [name, kind, meaning])).toEqual(told);
  });
});

describe('try', () => {
  it('hands the attempt to the chain and answers verdict, wire code and trace', async () => {
    house.plane.decision = {
      outcome: 'deny',
      reason: 'BASIC_PASSWORD_MISMATCH',
      by: 'builtin',
      detail: {},
      trace: [
        {
          authenticator: 'builtin',
          type: 'builtin',
          outcome: 'deny',
          reason: 'BASIC_PASSWORD_MISMATCH',
          ms: 1.5,
        },
      ],
    };
    const body = { username: 'u', password: 'very-secret-text', clientId: 'c', protocol: 4 };
    const run = (payload: object) =>
      house.send({ method: 'POST', url: '/api/v1/try', headers: house.owner, payload });
    const response = await run(body);
    expect(response.json()).toMatchObject({
      outcome: 'deny',
      reason: 'BASIC_PASSWORD_MISMATCH',
      connackCode: 4,
      by: 'builtin',
    });
    expect((await run({ ...body, protocol: 5 })).json()).toMatchObject({ connackCode: 0x86 });
    expect(response.body + house.logged.join('')).not.toContain('very-secret-text');
    expect(house.plane.tried[0]).toMatchObject({
      username: 'u',
      ip: '127.0.0.1',
      listener: 'tcp',
      protocolVersion: 4,
    });
    expect(fieldsOf(await run({ ip: 'nowhere' }))).toEqual(['ip']);
  });

  it('hands on what the client presents, and takes no private key and nothing that is no certificate', async () => {
    const run = (payload: object) =>
      house.send({ method: 'POST', url: '/api/v1/try', headers: house.owner, payload });
    const pki = new ClientPki();
    const { cert: certificate } = pki.make({ subject: '/CN=pump-7' });
    pki.remove();
    await run({ listener: 'tls', certificate, pskIdentity: 'pipe-1' });
    expect(house.plane.tried.at(-1)).toMatchObject({ certificate, pskIdentity: 'pipe-1' });
    const key = '-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----';
    for (const bad of [certificate + key, 'no certificate', certificate.slice(0, 300)]) {
      const refused = await run({ certificate: bad });
      expect(fieldsOf(refused)).toEqual(['certificate']);
      expect(refused.body + house.logged.join('')).not.toContain('c2VjcmV0');
    }
  });

  it('names the credential that nearly fits whom nobody knows', async () => {
    house.plane.decision = {
      outcome: 'deny',
      reason: 'BASIC_NO_CREDENTIALS',
      by: 'builtin',
      detail: {},
      trace: [],
    };
    const near = { name: 'near', username: 'near', clientId: 'near-7' };
    await house.send({ method: 'POST', url: '/api/v1/credentials', headers: house.owner, payload: near });
    const response = await house.send({
      method: 'POST',
      url: '/api/v1/try',
      headers: house.owner,
      payload: { username: 'near', clientId: 'near7' },
    });
    expect(response.json<TryResultDto>().statements).toMatchObject([
      { key: 'credential-other-client-id', values: { name: 'near', wants: 'near-7', sent: 'near7' } },
    ]);
  });
});
