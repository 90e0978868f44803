import type { UnauthorizedClientDetailDto, UnauthorizedPage } from '@gatehouse/contract';
import type { CredentialWrite } from '@gatehouse/ports';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { codeOf, fieldsOf, type Harness, startHarness } from './support/harness.ts';
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
  house.plane.calls.length = 0;
  house.clock.advance(1000);
});

const BASE = '/api/v1/unauthorized-clients';
const get = (path: string) => house.send({ method: 'GET', url: `${BASE}${path}`, headers: house.owner });
const post = (path: string, payload: object, headers = house.owner) =>
  house.send({ method: 'POST', url: `${BASE}${path}`, headers, payload });
/** A credential as something else than this API wrote it. */
const damagedCredential = (clientId: string, rules: unknown): CredentialWrite => ({
  name: clientId,
  username: null,
  clientId,
  secretHash: null,
  hashFormat: null,
  secretKind: null,
  passwordless: true,
  superuser: false,
  enabled: true,
  expiresAt: null,
  description: '',
  tags: [],
  rules: rules as CredentialWrite['rules'],
  source: 'api',
});
const listed = async (query = '') =>
  (await get(query)).json<UnauthorizedPage>().items.map((row) => row.clientId);
const audits = async () =>
  (await house.store.audit.page({}, { limit: 5, sort: { field: 'at', direction: 'desc' } })).items.map(
    (one) => one.action,
  );

describe('the list', () => {
  it('shows a refused client with its facts and without trace or certificate', async () => {
    await refuse(house, { clientId: 'pump-7', username: 'user-7', ip: '10.4.0.17' });
    const page = (await get('')).json<UnauthorizedPage>();
    expect(page).toMatchObject({ total: 1, totalIsExact: true, next: null, prev: null });
    expect(page.items[0]).toMatchObject({
      clientId: 'pump-7',
      username: 'user-7',
      ip: '10.4.0.17',
      reason: 'BASIC_PASSWORD_MISMATCH',
      family: 'basic',
      attempts: 1,
      state: 'open',
      trace: null,
      certificate: null,
      lastAttemptAt: new Date(house.clock.now()).toISOString(),
    });
  });

  it('keeps what every filter names and leaves the rest', async () => {
    await refuse(
      house,
      { clientId: 'alpha-1', username: 'anna', ip: '10.1.0.1' },
      {
        clientId: 'beta-1',
        username: 'bert',
        ip: '10.2.0.1',
        reason: 'CREDENTIAL_DISABLED',
        listener: 'ws',
        protocol: 4,
      },
      {
        clientId: 'gamma-1',
        username: null,
        ip: '2001:db8::1',
        reason: 'ANONYMOUS_DENIED',
        passwordProvided: false,
        tlsUsed: true,
      },
    );
    const found = async (query: string) => (await listed(`?${query}`)).sort();
    expect(await found('clientId=starts:alpha')).toEqual(['alpha-1']);
    expect(await found('clientId=contains:eta')).toEqual(['beta-1']);
    expect(await found('username=anna')).toEqual(['alpha-1']);
    expect(await found('ip=10.0.0.0/8')).toEqual(['alpha-1', 'beta-1']);
    expect(await found('ip=!10.0.0.0/8')).toEqual(['gamma-1']);
    expect(await found('ip=2001:db8::/32')).toEqual(['gamma-1']);
    expect(await found('reason=CREDENTIAL_DISABLED')).toEqual(['beta-1']);
    expect(await found('family=policy')).toEqual(['beta-1', 'gamma-1']);
    expect(await found('passwordProvided=false')).toEqual(['gamma-1']);
    expect(await found('tlsUsed=true')).toEqual(['gamma-1']);
    expect(await found('protocol=4')).toEqual(['beta-1']);
    expect(await found('listener=ws,tcp')).toEqual(['alpha-1', 'beta-1', 'gamma-1']);
    expect(await found('search=amm')).toEqual(['gamma-1']);
    expect(await found('state=resolved')).toEqual([]);
  });

  it.each([
    ['ip=999.1.1.1', 'ip'],
    ['ip=10.0.0.0/99', 'ip'],
    ['clientId=contains:ab', 'clientId'],
    ['reason=NO_SUCH_REASON', 'reason'],
    ['from=yesterday', 'from'],
    ['from=2026-05-02T00:00:00Z&to=2026-05-01T00:00:00Z', 'from'],
    ['sort=password', 'sort'],
    ['limit=201', 'limit'],
    ['colour=red', 'colour'],
  ])('answers 400 to %s, naming %s', async (query, field) => {
    const response = await get(`?${query}`);
    expect([response.statusCode, fieldsOf(response)]).toEqual([400, [field]]);
  });

  it('pages by cursor in the order asked for', async () => {
    await refuse(house, { clientId: 'c-1' }, { clientId: 'c-2' }, { clientId: 'c-3' });
    const first = (await get('?limit=2&sort=clientId')).json<UnauthorizedPage>();
    expect(first.items.map((row) => row.clientId)).toEqual(['c-1', 'c-2']);
    const second = (
      await get(`?limit=2&sort=clientId&cursor=${encodeURIComponent(first.next ?? '')}`)
    ).json<UnauthorizedPage>();
    expect(second.items.map((row) => row.clientId)).toEqual(['c-3']);
  });

  it('counts facets, draws a histogram and groups under the same filters', async () => {
    await refuse(
      house,
      { clientId: 'f-1', ip: '10.9.0.1', attempts: 3 },
      { clientId: 'f-2', ip: '10.9.0.2', reason: 'CREDENTIAL_EXPIRED' },
    );
    expect((await get('/facets?family=basic')).json()).toMatchObject({ clients: 1, attempts: 3 });
    const histogram = (await get('/histogram?buckets=10')).json<{ buckets: { counts: object }[] }>();
    expect(histogram.buckets.some((bucket) => Object.keys(bucket.counts).length === 2)).toBe(true);
    expect((await get('/groups?by=network')).json()).toMatchObject({
      items: [{ clients: 2, attempts: 4, approximate: false, blocked: false }],
    });
  });

  it('says of a network that it is blocked as a whole, by itself or a wider one', async () => {
    await refuse(house, { clientId: 'n-1', ip: '10.77.1.1' }, { clientId: 'n-2', ip: '10.78.1.1' });
    const blocked = async (): Promise<readonly string[]> => {
      const { items } = (await get('/groups?by=network')).json<{
        items: { value: string; blocked: boolean }[];
      }>();
      return items.flatMap((one) => (one.blocked ? [one.value] : []));
    };
    const block = async (value: string): Promise<void> => {
      const response = await house.send({
        method: 'POST',
        url: '/api/v1/blocked-clients',
        headers: house.owner,
        payload: { kind: 'cidr', value },
      });
      expect(response.statusCode).toBe(201);
    };
    await block('10.77.1.128/25');
    expect(await blocked()).toEqual([]);
    await block('10.78.0.0/16');
    expect(await blocked()).toEqual(['10.78.1.0/24']);
  });

  it('says why nothing can be recorded', async () => {
    const { auth } = house.plane;
    house.plane.auth = { anonymous: 'allow', enabledAuthenticators: [], recording: false };
    expect((await get('/recorder')).json()).toMatchObject({
      recording: false,
      impossible: ['recording-off', 'no-authenticator', 'anonymous-allow'],
      attempts: 4,
    });
    house.plane.auth = auth;
  });
});

describe('deleting', () => {
  it('one flushes the recorder first, writes one audit entry, and is undone once by whoever did it', async () => {
    const [id] = await refuse(house, { clientId: 'gone' });
    const response = await house.send({ method: 'DELETE', url: `${BASE}/${id ?? ''}`, headers: house.owner });
    expect(response.statusCode).toBe(200);
    const { deleted, undoToken } = response.json<{ deleted: number; undoToken: string }>();
    expect(deleted).toBe(1);
    expect(house.plane.calls).toEqual(['flushRecorder']);
    expect((await audits())[0]).toBe('unauthorized.delete');
    const entries = await house.store.audit.page(
      { search: 'gone' },
      { limit: 10, sort: { field: 'at', direction: 'desc' } },
    );
    expect(entries.items.map(({ target }) => target)).toEqual([{ kind: 'unauthorized', id, name: 'gone' }]);
    expect(await listed()).toEqual([]);
    const other = await post('/undo', { undoToken }, await house.key('operator'));
    expect([other.statusCode, codeOf(other)]).toEqual([410, 'undo-expired']);
    expect((await post('/undo', { undoToken })).json()).toEqual({ restored: 1 });
    expect(await listed()).toEqual(['gone']);
    expect((await post('/undo', { undoToken })).statusCode).toBe(410);
  });

  it('by ids, by filter without exceptions, and all', async () => {
    const [one, , three] = await refuse(
      house,
      { clientId: 'd-1' },
      { clientId: 'd-2' },
      { clientId: 'e-1' },
      { clientId: 'e-2' },
    );
    expect((await post('/delete', { ids: [one] })).json()).toMatchObject({ deleted: 1 });
    const filtered = await post('/delete', { filter: { clientId: 'starts:e-' }, except: [three] });
    expect(filtered.json()).toMatchObject({ deleted: 1 });
    expect((await listed()).sort()).toEqual(['d-2', 'e-1']);
    expect((await post('/delete', { all: true })).json()).toMatchObject({ deleted: 2 });
    expect(await listed()).toEqual([]);
  });

  it('by a filter with a misspelt key deletes nothing', async () => {
    await refuse(house, { clientId: 'safe' });
    const response = await post('/delete', { filter: { clientID: 'x' } });
    expect(response.statusCode).toBe(400);
    expect(await listed()).toEqual(['safe']);
  });

  it('cannot be undone after its time', async () => {
    await refuse(house, { clientId: 'late' });
    const { undoToken } = (await post('/delete', { all: true })).json<{ undoToken: string }>();
    house.clock.advance(10_001);
    expect((await post('/undo', { undoToken })).statusCode).toBe(410);
  });
});

describe('one row', () => {
  it('comes with cause, fix, trace, attempts and what is related; an unknown one is 404', async () => {
    const trace = [
      {
        authenticator: 'builtin',
        type: 'builtin',
        outcome: 'deny' as const,
        reason: 'BASIC_NO_CREDENTIALS' as const,
        ms: 0.4,
      },
    ];
    const [id = ''] = await refuse(
      house,
      { clientId: 'pump-8', username: 'pump-8', ip: '10.7.0.1', reason: 'BASIC_NO_CREDENTIALS', trace },
      { clientId: 'pump-9', username: 'pump-9', ip: '10.7.0.1' },
    );
    const detail = (await get(`/${id}`)).json<UnauthorizedClientDetailDto>();
    expect(detail).toMatchObject({
      title: 'No credentials found',
      trace,
      docs: '/docs/reasons/BASIC_NO_CREDENTIALS.md',
    });
    expect(detail.likelyCause[0]).toMatchObject({
      standing: 'fact',
      key: 'no-credential',
      values: { username: 'pump-8' },
    });
    expect(detail.fixes[0]).toMatchObject({
      action: 'create-credential',
      primary: true,
      available: true,
      prefill: { name: 'pump-8', username: 'pump-8', clientId: null },
    });
    expect(detail.related.sameIp.map((row) => row.clientId)).toEqual(['pump-9']);
    expect((await get(`/${id}/attempts`)).json<{ items: object[] }>().items).toHaveLength(1);
    for (const path of ['/unknown', '/unknown/attempts']) expect(codeOf(await get(path))).toBe('not-found');
  });

  it('tells who rotated the secret that the device does not have, and offers to accept the old one', async () => {
    const made = await house.send({
      method: 'POST',
      url: '/api/v1/credentials',
      headers: house.owner,
      payload: { username: 'rotated' },
    });
    const { id: credentialId } = made.json<{ id: string }>();
    house.clock.advance(60_000);
    await house.send({
      method: 'POST',
      url: `/api/v1/credentials/${credentialId}/secret`,
      headers: house.owner,
      payload: {},
    });
    const changedAt = new Date(house.clock.now()).toISOString();
    house.clock.advance(60_000);
    const [id = ''] = await refuse(house, {
      clientId: 'rotated',
      username: 'rotated',
      attempts: 5,
      evidence: { mismatchHints: ['previous-secret'] },
    });
    const detail = (await get(`/${id}`)).json<UnauthorizedClientDetailDto>();
    expect(detail.credential).toMatchObject({
      id: credentialId,
      secretChangedBy: 'Ada Owner',
      hasPreviousSecret: true,
    });
    expect(detail.likelyCause.map((one) => one.key)).toEqual([
      'credential-exists',
      'secret-changed',
      'hint.previous-secret',
      'previous-secret-ended',
      'one-secret',
      'preceded-by',
    ]);
    expect(detail.likelyCause[1]?.values).toEqual({ at: changedAt, by: 'Ada Owner' });
    expect(detail.likelyCause[3]?.values).toEqual({ at: changedAt });
    expect(detail.fixes.map((fix) => fix.action)).toEqual([
      'accept-previous-secret',
      'reset-secret',
      'open-in-tester',
      'block',
    ]);
    expect(detail.precededBy).toMatchObject({ action: 'credential.reset-secret', actor: 'Ada Owner' });
  });

  it('finds the deletion that left a device outside', async () => {
    const made = await house.send({
      method: 'POST',
      url: '/api/v1/credentials',
      headers: house.owner,
      payload: { username: 'removed' },
    });
    await house.send({
      method: 'DELETE',
      url: `/api/v1/credentials/${made.json<{ id: string }>().id}`,
      headers: house.owner,
    });
    house.clock.advance(1000);
    const [id = ''] = await refuse(house, {
      clientId: 'removed',
      username: 'removed',
      reason: 'BASIC_NO_CREDENTIALS',
    });
    const detail = (await get(`/${id}`)).json<UnauthorizedClientDetailDto>();
    expect(detail.likelyCause.map((one) => one.key)).toEqual([
      'no-credential',
      'credential-deleted',
      'preceded-by',
    ]);
  });

  it('releases the session that holds its client ID', async () => {
    house.plane.heldClientIds.add('held');
    const [id = '', anonymous = ''] = await refuse(
      house,
      { clientId: 'held', reason: 'SESSION_OWNED_BY_OTHER' },
      { clientId: null },
    );
    expect((await post(`/${id}/release-session`, {})).json()).toEqual({ released: true });
    expect((await post(`/${id}/release-session`, {})).json()).toEqual({ released: false });
    expect(codeOf(await post(`/${anonymous}/release-session`, {}))).toBe('conflict');
  });

  it('of a credential that cannot be read says so, and shows the credential', async () => {
    const write = damagedCredential('damaged', [{ permission: 'maybe' }]);
    const made = await house.store.credentials.create(write, house.clock.now());
    if (made.result !== 'ok') throw new Error('not made');
    const { id: credentialId } = made.credential;
    const [id = ''] = await refuse(house, {
      clientId: 'damaged',
      reason: 'BASIC_CREDENTIALS_UNPARSABLE',
      detail: { credentialId, problem: 'rule 1 is no rule' },
    });
    const shown = await get(`/${id}`);
    expect(shown.statusCode).toBe(200);
    expect(shown.json()).toMatchObject({ credential: { id: credentialId } });
    const url = `/api/v1/credentials/${credentialId}`;
    const credential = await house.send({ method: 'GET', url, headers: house.owner });
    expect(credential.json()).toMatchObject({ rules: [], unparsable: 'rule 1 is no rule' });
    expect((await house.send({ method: 'DELETE', url, headers: house.owner })).statusCode).toBe(204);
  });

  it('has its failures forgiven', async () => {
    const [id = ''] = await refuse(house, {
      clientId: 'slowed',
      username: 'slowed',
      ip: '10.8.0.1',
      reason: 'TOO_MANY_FAILURES',
    });
    expect((await post(`/${id}/forgive-failures`, {})).statusCode).toBe(204);
    expect(house.plane.events.at(-1)).toEqual({
      kind: 'failures-forgiven',
      identities: [
        { by: 'username', value: 'slowed' },
        { by: 'clientId', value: 'slowed' },
      ],
      ip: '10.8.0.1',
    });
  });
});
