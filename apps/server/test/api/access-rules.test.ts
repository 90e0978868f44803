import type { AccessAnswerDto, AccessRuleDto, AccessRulesPageDto } from '@gatehouse/contract';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { codeOf, fieldsOf, type Harness, startHarness } from './support/harness.ts';

let house: Harness;
beforeAll(async () => {
  house = await startHarness();
});
afterAll(() => house.close());
afterEach(async () => {
  for (const { id } of await house.store.accessRules.all()) await house.store.accessRules.remove(id);
  house.plane.events.length = 0;
});

const BASE = '/api/v1/acl-rules';
const send = (
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  url: string,
  payload?: object,
  headers: Readonly<Record<string, string>> = {},
  at: Harness = house,
) =>
  at.send({
    method,
    url,
    headers: { ...at.owner, ...headers },
    ...(payload === undefined ? {} : { payload }),
  });
const rule = async (body: object): Promise<AccessRuleDto> =>
  (await send('POST', BASE, body)).json<AccessRuleDto>();
const list = async (query = ''): Promise<AccessRulesPageDto> =>
  (await send('GET', `${BASE}${query}`)).json<AccessRulesPageDto>();
const order = async () => (await list()).items.map(({ topics }) => topics[0]);
const lastAudit = async () => {
  const page = await house.store.audit.page({}, { limit: 1, sort: { field: 'at', direction: 'desc' } });
  return page.items[0];
};

describe('adding a rule', () => {
  it('stores it with who made it, tells the data plane the whole list after the commit, and is audited', async () => {
    const made = await send('POST', BASE, {
      permission: 'deny',
      who: { and: [{ username: 'ann' }, { ip: '10.0.0.0/8' }] },
      topics: ['plant/#', 'eq a/+'],
      comment: 'no plant for ann',
    });
    expect(made.statusCode).toBe(201);
    expect(made.headers['etag']).toBe('"1"');
    const { id, ...rest } = made.json<AccessRuleDto>();
    expect(rest).toMatchObject({ phase: 'before', index: 0, action: 'all', qos: null, retain: null });
    expect(rest.createdBy).not.toBe('');
    expect(house.plane.events).toEqual([
      {
        kind: 'access-changed',
        rules: [
          {
            id,
            phase: 'before',
            permission: 'deny',
            who: { and: [{ username: 'ann' }, { ip: '10.0.0.0/8' }] },
            action: 'all',
            topics: ['plant/#', 'eq a/+'],
          },
        ],
      },
    ]);
    expect(await lastAudit()).toMatchObject({
      action: 'access-rule.create',
      target: { kind: 'access-rule', id, name: 'deny plant/#' },
      after: { comment: 'no plant for ann' },
    });
  });

  it('a deny is asked before the client’s own rules and an allow after, where nothing else is said', async () => {
    expect(await rule({ permission: 'allow', topics: ['a'] })).toMatchObject({ phase: 'after' });
    expect(await rule({ permission: 'deny', topics: ['a'] })).toMatchObject({ phase: 'before' });
    expect(await rule({ permission: 'allow', topics: ['a'], phase: 'before' })).toMatchObject({
      phase: 'before',
    });
  });

  it.each([
    [{ topics: [] }, 'topics'],
    [{ topics: ['a/#/b'] }, 'topics.0'],
    [{ topics: ['a'], who: { ip: '10.0.0.0/99' } }, 'who'],
    [{ topics: ['a'], who: { and: [{ ip: 'nowhere' }] } }, 'who'],
    [{ topics: ['a'], who: { username: 'a', clientId: 'b' } }, 'who'],
    [{ topics: ['a'], who: {} }, 'who'],
    [{ topics: ['a'], qos: [3] }, 'qos.0'],
    [{ topics: ['a'], action: 'read' }, 'action'],
    [{ topics: ['a'], permission: 'maybe' }, 'permission'],
  ])('refuses %j by its field', async (body, field) => {
    const answer = await send('POST', BASE, { permission: 'deny', ...body });
    expect([answer.statusCode, codeOf(answer)]).toEqual([400, 'invalid-input']);
    expect(fieldsOf(answer).some((path) => path.startsWith(field))).toBe(true);
    expect(house.plane.events).toEqual([]);
  });
});

describe('the order', () => {
  it('is that of the places that rules were put to and moved to', async () => {
    const a = await rule({ permission: 'deny', topics: ['a'] });
    await rule({ permission: 'deny', topics: ['b'] });
    await rule({ permission: 'deny', topics: ['first'], index: 0 });
    await rule({ permission: 'allow', topics: ['after'] });
    expect(await order()).toEqual(['first', 'a', 'b', 'after']);
    const moved = await send('POST', `${BASE}/${a.id}/move`, { index: 0 });
    expect(moved.json()).toMatchObject({ phase: 'before', index: 0, version: 2 });
    expect(await order()).toEqual(['a', 'first', 'b', 'after']);
    expect(await lastAudit()).toMatchObject({
      action: 'access-rule.move',
      before: { phase: 'before', index: 1 },
      after: { phase: 'before', index: 0 },
    });
    await send('POST', `${BASE}/${a.id}/move`, { phase: 'after' });
    expect(await order()).toEqual(['first', 'b', 'after', 'a']);
    expect((await send('POST', `${BASE}/nobody/move`, { index: 0 })).statusCode).toBe(404);
  });

  it('is read in pages, and by a text that is contained', async () => {
    for (const topic of ['a', 'b', 'c'])
      await rule({ permission: 'deny', topics: [topic], comment: `Of ${topic}` });
    const first = await list('?limit=2');
    expect(first).toMatchObject({
      total: 3,
      prev: null,
      noMatch: 'deny',
      denyAction: 'ignore',
      declaredAt: null,
    });
    const second = await list(`?limit=2&cursor=${String(first.next)}`);
    expect(second.items).toMatchObject([{ topics: ['c'], index: 2 }]);
    expect(second.next).toBeNull();
    expect((await list('?search=of%20B')).items).toMatchObject([{ topics: ['b'] }]);
    expect(codeOf(await send('GET', `${BASE}?cursor=x`))).toBe('invalid-cursor');
  });
});

describe('changing and removing a rule', () => {
  it('changes what is named, takes away what is null, and guards against a lost update', async () => {
    const { id } = await rule({ permission: 'deny', topics: ['a'], qos: [1], retain: true });
    const url = `${BASE}/${id}`;
    expect((await send('PATCH', url, { comment: 'x' }, { 'if-match': '"9"' })).statusCode).toBe(412);
    const changed = await send('PATCH', url, { qos: null, topics: ['b'] }, { 'if-match': '"1"' });
    expect(changed.json()).toMatchObject({ version: 2, qos: null, retain: true, topics: ['b'] });
    expect((await send('GET', url)).headers['etag']).toBe('"2"');
    expect(fieldsOf(await send('PATCH', url, { topics: ['#/b'] }))).toEqual(['topics.0']);
    expect(await lastAudit()).toMatchObject({ before: { qos: [1] }, after: { qos: null } });
    expect((await send('DELETE', url)).statusCode).toBe(204);
    expect(house.plane.events.at(-1)).toEqual({ kind: 'access-changed', rules: [] });
    expect((await send('DELETE', url)).statusCode).toBe(404);
    expect((await send('GET', url)).statusCode).toBe(404);
    expect((await send('PATCH', url, { comment: 'x' })).statusCode).toBe(404);
  });

  it('needs access:write; a viewer may read', async () => {
    const { id } = await rule({ permission: 'deny', topics: ['a'] });
    const viewer = await house.key('viewer');
    const as = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, payload?: object) =>
      house.send({ method, url, headers: viewer, ...(payload === undefined ? {} : { payload }) });
    expect((await as('GET', BASE)).statusCode).toBe(200);
    expect((await as('POST', BASE, { permission: 'deny', topics: ['a'] })).statusCode).toBe(403);
    expect((await as('PATCH', `${BASE}/${id}`, {})).statusCode).toBe(403);
    expect((await as('POST', `${BASE}/${id}/move`, { index: 0 })).statusCode).toBe(403);
    expect((await as('DELETE', `${BASE}/${id}`)).statusCode).toBe(403);
    expect((await as('DELETE', '/api/v1/denials')).statusCode).toBe(403);
    expect((await as('DELETE', '/api/v1/acl-cache')).statusCode).toBe(403);
  });
});

describe('rules that the configuration declares', () => {
  it('are shown with where, and changed there alone', async () => {
    const declared = await startHarness({
      declared: {
        rules: [
          { id: 'declared-1', phase: 'before', permission: 'deny', who: 'all', action: 'all', topics: ['x'] },
        ],
      },
    });
    try {
      const page = await send('GET', BASE, undefined, {}, declared);
      expect(page.json()).toMatchObject({
        declaredAt: 'gatehouse.yaml (auth.rules)',
        items: [{ id: 'declared-1', createdAt: null, createdBy: null }],
      });
      const answer = await send('POST', BASE, { permission: 'deny', topics: ['a'] }, {}, declared);
      expect(codeOf(answer)).toBe('conflict');
      for (const [method, url] of [
        ['PATCH', `${BASE}/declared-1`],
        ['POST', `${BASE}/declared-1/move`],
        ['DELETE', `${BASE}/declared-1`],
      ] as const)
        expect(codeOf(await send(method, url, method === 'DELETE' ? undefined : {}, {}, declared))).toBe(
          'conflict',
        );
    } finally {
      await declared.close();
    }
  });
});

describe('the tester', () => {
  const ask = async (body: object): Promise<AccessAnswerDto> =>
    (await send('POST', `${BASE}/try`, body)).json<AccessAnswerDto>();

  it('says what a stored credential may do, and which rule says so', async () => {
    const created = await send('POST', '/api/v1/credentials', {
      username: 'tried',
      password: 'secret-secret',
      tags: ['plant'],
      rules: [{ permission: 'allow', action: 'publish', topic: 'own/${clientid}/#' }],
    });
    expect(created.statusCode).toBe(201);
    const { id } = await rule({ permission: 'deny', who: { tag: 'plant' }, topics: ['own/+/secret'] });
    const who = { clientId: 'c', username: 'tried', action: 'publish' };
    expect(await ask({ ...who, topic: 'own/c/x' })).toEqual({
      allowed: true,
      by: 'own',
      rule: { id: null, permission: 'allow', topic: 'own/${clientid}/#' },
      basis: 'credential',
      asksSource: false,
    });
    expect(await ask({ ...who, topic: 'own/c/secret' })).toMatchObject({
      allowed: false,
      by: 'before',
      rule: { id, topic: 'own/+/secret' },
    });
    expect(await ask({ ...who, action: 'subscribe', topic: 'own/#' })).toMatchObject({
      by: 'no-match',
      rule: null,
    });
    expect(await ask({ clientId: 'x', action: 'publish', topic: 't' })).toMatchObject({
      allowed: false,
      basis: 'nobody',
    });
  });

  it('knows clients of SCRAM, pre-shared keys and certificates by their own names', async () => {
    const make = async (body: object): Promise<void> => {
      expect((await send('POST', '/api/v1/credentials', body)).statusCode).toBe(201);
    };
    const rules = [{ permission: 'allow', action: 'publish', topic: 'own/#' }];
    await make({ type: 'scram', username: 'tried-scram', password: 'secret-secret', rules });
    await make({ type: 'psk', identity: 'tried-psk', rules });
    const byCn = [
      { pattern: 'plant-[0-9]+', rules: [{ permission: 'allow', action: 'publish', topic: 'plants/${cn}' }] },
    ];
    await make({
      type: 'x509',
      name: 'plants',
      match: { by: 'cn_pattern', pattern: 'plant-.*' },
      rulesByCn: byCn,
      rules: [],
    });
    const who = { clientId: 'c', action: 'publish', topic: 'own/x' };
    const may = async (body: object) => {
      const { allowed, basis } = await ask({ ...who, ...body });
      return [allowed, basis];
    };
    expect(await may({ type: 'scram', username: 'tried-scram' })).toEqual([true, 'credential']);
    expect(await may({ type: 'psk', pskIdentity: 'tried-psk' })).toEqual([true, 'credential']);
    const cert = { type: 'x509', commonName: 'plant-7' };
    expect(await may({ ...cert, topic: 'plants/plant-7' })).toEqual([true, 'credential']);
    expect(await may({ ...cert, topic: 'plants/plant-8' })).toEqual([false, 'credential']);
    // Without rules for its name the credential would not admit it.
    expect((await may({ ...cert, commonName: 'plant-x' }))[1]).toBe('nobody');
    // Each type has names of its own.
    expect((await may({ username: 'tried-scram' }))[1]).toBe('nobody');
    expect((await may({ type: 'psk', username: 'tried-psk' }))[1]).toBe('nobody');
  });

  it('of two credentials for one certificate asks the more specific, and none that is disabled', async () => {
    const fingerprint = 'ab'.repeat(32);
    const make = async (match: object, topic: string): Promise<string> => {
      const rules = [{ permission: 'allow', action: 'publish', topic }];
      const made = await send('POST', '/api/v1/credentials', {
        type: 'x509',
        name: topic,
        match,
        rules,
      });
      return made.json<{ id: string }>().id;
    };
    await make({ by: 'cn', value: 'two' }, 'by-cn');
    const exact = await make({ by: 'fingerprint', value: fingerprint }, 'by-print');
    const may = async (topic: string) =>
      (await ask({ clientId: 'c', type: 'x509', commonName: 'two', fingerprint, action: 'publish', topic }))
        .allowed;
    expect([await may('by-print'), await may('by-cn')]).toEqual([true, false]);
    await send('POST', '/api/v1/credentials/set-enabled', { ids: [exact], enabled: false });
    expect([await may('by-print'), await may('by-cn')]).toEqual([false, true]);
  });

  it('needs a topic and a known action', async () => {
    expect((await send('POST', `${BASE}/try`, { clientId: 'c', action: 'publish' })).statusCode).toBe(400);
    expect((await send('POST', `${BASE}/try`, { clientId: 'c', action: 'x', topic: 't' })).statusCode).toBe(
      400,
    );
  });
});

const LAST_FIRST = { limit: 50, sort: { field: 'lastAt', direction: 'desc' } } as const;

describe('denials and remembered answers', () => {
  it('are read in pages and forgotten on request, which is audited', async () => {
    const denied = { clientId: 'a', username: null, principal: 'builtin:1', ip: null, by: 'before' } as const;
    const about = { action: 'publish', count: 2, firstAt: 1_000, lastAt: 2_000 } as const;
    const rule = { id: 'r1', permission: 'deny', topic: 'a/#' } as const;
    const { denials } = house.store;
    house.plane.calls.length = 0;
    await denials.flush({
      denials: ['a/1', 'b/1'].map((topic) => ({ ...denied, ...about, topic, rule })),
      aggregates: [{ ...about, by: 'own', count: 5 }],
    });
    expect((await send('GET', '/api/v1/denials?topic=starts:a&action=publish')).json()).toEqual({
      items: [
        {
          ...denied,
          id: (await denials.page({ topic: { op: 'eq', value: 'a/1' } }, LAST_FIRST)).items[0]?.id,
          action: 'publish',
          topic: 'a/1',
          rule,
          count: 2,
          firstAt: '1970-01-01T00:00:01.000Z',
          lastAt: '1970-01-01T00:00:02.000Z',
        },
      ],
      next: null,
      prev: null,
      total: 1,
      totalIsExact: true,
      since: '1970-01-01T00:00:01.000Z',
      count: 9,
      aggregated: 5,
    });
    expect(house.plane.calls).toEqual(['flushDenials']);
    expect(codeOf(await send('GET', '/api/v1/denials?cursor=x'))).toBe('invalid-cursor');
    expect((await send('DELETE', '/api/v1/denials')).json()).toEqual({ deleted: 2 });
    expect(house.plane.calls).toEqual(['flushDenials', 'flushDenials', 'discardDenials']);
    expect((await send('GET', '/api/v1/denials')).json()).toMatchObject({ items: [], since: null, count: 0 });
    expect(await lastAudit()).toMatchObject({ action: 'denials.clear' });
    expect((await send('GET', '/api/v1/acl-cache')).json()).toEqual({
      answers: 0,
      clients: 0,
      complete: true,
    });
    expect((await send('DELETE', '/api/v1/acl-cache?clientId=a')).statusCode).toBe(204);
    expect((await send('DELETE', '/api/v1/acl-cache')).statusCode).toBe(204);
    expect(house.plane.events).toEqual([
      { kind: 'acl-cache-cleared', clientId: 'a' },
      { kind: 'acl-cache-cleared', clientId: null },
    ]);
  });
});
