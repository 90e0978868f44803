import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type {
  AccessRuleDto,
  BlockDto,
  CertificateAuthorityDto,
  CredentialWithSecretDto,
  NewCertificateDto,
  StreamEvent,
} from '@gatehouse/contract';
import type { ControlEvent } from '@gatehouse/ports';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  POSTGRES,
  startPostgres,
  type Postgres,
} from '../../../../packages/connectors/test/support/postgres.ts';
import { runToEnd } from '../../../../packages/connectors/test/support/programs.ts';
import { followChanges } from '../../src/control/follow-changes.ts';
import { type Harness, startHarness } from './support/harness.ts';
import { refuse } from './support/refused.ts';
import { connectStream } from './support/stream.ts';

const LOOK_MS = 500;
const BASE = '/api/v1';

describe.runIf(POSTGRES)('a change that the API of another server on the same database makes', () => {
  let database: Postgres;
  let there: Harness;
  let here: Harness;
  let following: ReturnType<typeof followChanges>;
  let issued: NewCertificateDto;
  const warned: string[] = [];

  beforeAll(async () => {
    database = await startPostgres();
    await database.admin.query('CREATE DATABASE shared OWNER gatehouse');
    const databaseUrl = `postgresql://gatehouse:backend-secret@127.0.0.1:${String(database.port)}/shared`;
    const secretKey = randomBytes(32);
    there = await startHarness({ databaseUrl, secretKey });
    issued = await send('POST', '/certificates', { commonName: 'meter' });
    here = await startHarness({ databaseUrl, secretKey, owner: false, pkiOf: there.dataDir });
    const { changeFeed: feed } = here.store;
    if (feed === undefined) throw new Error('there is no feed');
    following = followChanges({
      feed,
      mark: await feed.begin(),
      apply: here.api.applyChanges,
      clock: here.clock,
      log: pino({ level: 'info' }, { write: (line: string) => void warned.push(line) }),
    });
  });
  afterAll(async () => {
    await following.stop();
    await Promise.all([here.close(), there.close()]);
    await database.stop();
  });
  beforeEach(async () => {
    await inForceHere();
    here.plane.events.length = 0;
    there.plane.events.length = 0;
  });

  /** What the data plane here is told, once it was told as much as the one there. */
  const inForceHere = async (): Promise<readonly ControlEvent[]> => {
    const told = (): number => {
      here.clock.advance(LOOK_MS);
      return here.plane.events.length;
    };
    await expect.poll(told).toBe(there.plane.events.length);
    return here.plane.events;
  };
  const send = async <T>(method: 'POST' | 'PATCH' | 'PUT' | 'DELETE', path: string, payload?: object) => {
    const body = payload === undefined ? {} : { payload };
    const answer = await there.send({ method, url: `${BASE}${path}`, headers: there.owner, ...body });
    if (answer.statusCode >= 300) throw new Error(`${method} ${path}: ${answer.body}`);
    return (answer.body === '' ? undefined : answer.json()) as T;
  };
  const credential = (body: object) => send<CredentialWithSecretDto>('POST', '/credentials', body);

  test('of a credential is told here as there: made, new rules, new secret, disabled, enabled, removed', async () => {
    const { id } = await credential({ username: 'pump', clientId: 'pump-1' });
    expect(await inForceHere()).toEqual(there.plane.events);
    await send('PATCH', `/credentials/${id}`, { rules: [{ permission: 'deny', action: 'all', topic: '#' }] });
    expect(await inForceHere()).toEqual(there.plane.events);
    await send('POST', `/credentials/${id}/secret`, {});
    expect(await inForceHere()).toEqual(there.plane.events);
    await send('POST', '/credentials/set-enabled', { ids: [id], enabled: false });
    expect(await inForceHere()).toEqual(there.plane.events);
    await send('POST', '/credentials/set-enabled', { ids: [id], enabled: true });
    expect(await inForceHere()).toEqual(there.plane.events);
    await send('DELETE', `/credentials/${id}`);
    const [gone] = (await inForceHere()).slice(-1);
    // Its names are void with it: whatever was found by them is remembered under its id.
    const changes = [{ id, username: null, clientId: null, disconnect: true }];
    expect(gone).toEqual({ kind: 'credentials-changed', changes });
  });

  test('of a pre-shared key brings the key, and takes it away', async () => {
    const { id } = await credential({ type: 'psk', identity: 'meter', key: 'ab'.repeat(16) });
    expect(await inForceHere()).toEqual(there.plane.events);
    await send('POST', `/credentials/${id}/secret`, { key: 'cd'.repeat(16) });
    expect(await inForceHere()).toEqual(there.plane.events);
    await send('DELETE', `/credentials/${id}`);
    expect((await inForceHere()).at(-1)).toEqual({ kind: 'psk-keys-changed', put: [], removed: [id] });
  });

  test('of blocks, access rules, authenticators, chains and the anonymous policy is told here as there', async () => {
    const block = await send<BlockDto>('POST', '/blocked-clients', { kind: 'username', value: 'thief' });
    await inForceHere();
    await send('PATCH', `/blocked-clients/${block.id}`, { expiresAt: '2027-01-01T00:00:00.000Z' });
    await inForceHere();
    await send('DELETE', `/blocked-clients/${block.id}`);
    await inForceHere();
    const rule = await send<AccessRuleDto>('POST', '/acl-rules', {
      permission: 'deny',
      topics: ['secret/#'],
    });
    await inForceHere();
    await send('DELETE', `/acl-rules/${rule.id}`);
    await inForceHere();
    await send('POST', '/authenticators', {
      name: 'tokens',
      settings: { type: 'jwt', secret: 'x'.repeat(32) },
    });
    await inForceHere();
    await send('PUT', '/chains/default', { steps: ['tokens', 'builtin'] });
    await inForceHere();
    await send('PUT', '/anonymous', { policy: 'quick_deny' });
    expect(await inForceHere()).toEqual(there.plane.events);
  });

  test('that is no edit is told here as there: failures forgiven, what sources answered forgotten', async () => {
    await send('POST', '/guessing/forgive', { all: true });
    await send('DELETE', '/acl-cache?clientId=pump-1');
    expect(await inForceHere()).toEqual(there.plane.events);
  });

  test('of CAs and revocations is written into the files here: listeners read them again', async () => {
    const authority = async () => {
      const url = `${BASE}/certificates/authority`;
      return (await here.send({ method: 'GET', url, headers: there.owner })).json<CertificateAuthorityDto>();
    };
    const root = execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:P-256',
        '-nodes',
        '-keyout',
        '/dev/null',
        '-subj',
        '/CN=Other',
      ],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
    );
    const { fingerprint } = await send<{ fingerprint: string }>('POST', '/certificates/trusted', {
      certificate: root,
    });
    expect(await inForceHere()).toEqual([{ kind: 'trust-changed' }]);
    expect((await authority()).trusted).toMatchObject([{ fingerprint, subject: 'CN=Other' }]);
    await send('DELETE', `/certificates/trusted/${fingerprint}`);
    await inForceHere();
    expect((await authority()).trusted).toEqual([]);
    await send('POST', `/certificates/${issued.id}/revoke`, { reason: 'keyCompromise' });
    await inForceHere();
    expect((await authority()).crl).toMatchObject({ entries: 1 });
  });

  test('about refused clients is seen in the live stream here: refused, again, deleted, brought back', async () => {
    const lease = (node: string) => `('${node}', 1, '', now() + interval '1 hour', now(), '0', 'h')`;
    const sql = `INSERT INTO nodes (node_id, incarnation, holder, lease_until, started_at, version, host) VALUES`;
    const url = `postgresql://postgres@127.0.0.1:${String(database.port)}/shared`;
    runToEnd('psql', [url, '-c', `${sql} ${lease('node-a')}, ${lease('node-b')}`]);
    await here.api.app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = here.api.app.server.address() as AddressInfo;
    const open = new Set<IncomingMessage>();
    const stream = await connectStream({ port, headers: there.owner, open });
    const next = (): Promise<StreamEvent> =>
      expect
        .poll(() => {
          here.clock.advance(LOOK_MS);
          return stream.waiting.length;
        })
        .toBe(1)
        .then(() => stream.next());

    const [id = ''] = await refuse(there, { clientId: 'refused-there' });
    expect(await next()).toMatchObject({
      kind: 'rows',
      newRows: 1,
      upserted: [{ id, clientId: 'refused-there', attempts: 1 }],
    });
    await refuse(there, { clientId: 'refused-there' });
    expect(await next()).toMatchObject({ kind: 'rows', newRows: 0, upserted: [{ id, attempts: 2 }] });
    const { undoToken } = await send<{ undoToken: string }>('DELETE', `/unauthorized-clients/${id}`);
    expect(await next()).toEqual({ kind: 'deleted', ids: [id], all: false });
    await send('POST', '/unauthorized-clients/undo', { undoToken });
    expect(await next()).toEqual({ kind: 'restored', restored: 1 });
    for (const response of open) response.destroy();
  });

  test('comes late where the database is away, and is not lost', async () => {
    await credential({ username: 'late' });
    const events = [...there.plane.events];
    await database.admin.end();
    await database.crash();
    const complaints = (): number => {
      here.clock.advance(LOOK_MS);
      return warned.length;
    };
    await expect.poll(complaints).toBe(1);
    expect(here.plane.events).toEqual([]);
    await database.recover();
    expect(await inForceHere()).toEqual(events);
    await expect.poll(complaints).toBe(2);
  });
});
