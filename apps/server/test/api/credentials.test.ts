import type { CredentialDto, CredentialWithSecretDto } from '@gatehouse/contract';
import { describe, expect, it } from 'vitest';
import { BASE, credentialHouse } from './support/credentials.ts';
import { codeOf, fieldsOf } from './support/harness.ts';

const { house, post, create } = credentialHouse();
const get = (id: string) => house().send({ method: 'GET', url: `${BASE}/${id}`, headers: house().owner });
const lastAudit = async () => {
  const page = await house().store.audit.page({}, { limit: 1, sort: { field: 'at', direction: 'desc' } });
  return page.items[0];
};

describe('creating', () => {
  it('generates a secret, tells it once, stores it hashed, and forgives failures of that username', async () => {
    const made = await post(BASE, { username: 'pump-1', name: 'Pump 1' });
    expect(made.statusCode).toBe(201);
    const { secret, id, ...rest } = made.json<CredentialWithSecretDto>();
    expect(secret?.length).toBeGreaterThanOrEqual(22);
    expect(rest).toMatchObject({
      username: 'pump-1',
      hasSecret: true,
      secretKind: 'generated',
      enabled: true,
    });
    expect((await get(id)).body).not.toContain(secret);
    const stored = await house().store.credentials.stored(id);
    expect(stored?.secretHash).not.toContain(secret);
    expect(house().plane.events).toEqual([
      {
        kind: 'credentials-changed',
        changes: [{ id, username: 'pump-1', clientId: null, disconnect: false }],
      },
      { kind: 'failures-forgiven', identities: [{ by: 'username', value: 'pump-1' }], ip: null },
    ]);
    expect(JSON.stringify(await lastAudit())).not.toContain(secret);
    expect(house().logged.join('')).not.toContain(secret);
  });

  it('writes the default rules where none are given, and none where the list is empty', async () => {
    expect((await create({ clientId: 'gw-1' })).rules).toEqual([
      { permission: 'allow', action: 'all', topic: '#' },
    ]);
    expect((await create({ clientId: 'gw-2', rules: [] })).rules).toEqual([]);
  });

  it('refuses a rule that could never match, by its place; a literal one may be any text', async () => {
    const rule = (topic: string, literal?: true) => ({
      permission: 'allow',
      action: 'publish',
      topic,
      ...(literal === undefined ? {} : { literal }),
    });
    const rules = [rule('a/%u/#'), rule('a/#/b'), rule('a+/b'), rule('a/#/b', true)];
    const refused = await post(BASE, { username: 'ruled', rules });
    expect([refused.statusCode, fieldsOf(refused)]).toEqual([400, ['rules.1.topic', 'rules.2.topic']]);
    const made = await create({ username: 'ruled', rules: [rules[0], rules[3]] });
    const patched = await house().send({
      method: 'PATCH',
      url: `${BASE}/${made.id}`,
      headers: { ...house().owner, 'if-match': '"1"' },
      payload: { rules: [rule('#/x')] },
    });
    expect([patched.statusCode, fieldsOf(patched)]).toEqual([400, ['rules.0.topic']]);
  });

  it('refuses no identity, two passwords, an unknown hash, and an identity that is taken', async () => {
    expect(fieldsOf(await post(BASE, { name: 'nobody' }))).toEqual(['username']);
    expect(fieldsOf(await post(BASE, { username: 'a', password: 'x', passwordHash: 'y' }))).toEqual([
      'passwordHash',
    ]);
    expect(fieldsOf(await post(BASE, { username: 'a', passwordHash: 'no hash' }))).toEqual(['passwordHash']);
    await create({ username: 'taken' });
    const again = await post(BASE, { username: 'taken' });
    expect([again.statusCode, codeOf(again)]).toEqual([409, 'conflict']);
  });

  it('with an Idempotency-Key answers a retry alike and makes nothing twice', async () => {
    const headers = { 'idempotency-key': 'retry-1' };
    const [first, second] = await Promise.all([
      post(BASE, { username: 'once' }, headers),
      post(BASE, { username: 'once' }, headers),
    ]);
    expect(second.json()).toEqual(first.json());
    expect([first.statusCode, second.statusCode]).toEqual([201, 201]);
    const other = await post(BASE, { username: 'twice' }, headers);
    expect([other.statusCode, codeOf(other)]).toEqual([409, 'conflict']);
  });
});

describe('changing', () => {
  it('needs the version of If-Match and answers 412 when somebody was faster', async () => {
    const { id, version } = await create({ username: 'etag' });
    expect((await get(id)).headers.etag).toBe(`"${String(version)}"`);
    const patch = (name: string, match: string) =>
      house().send({
        method: 'PATCH',
        url: `${BASE}/${id}`,
        headers: { ...house().owner, 'if-match': match },
        payload: { name },
      });
    const changed = await patch('first', `"${String(version)}"`);
    expect(changed.statusCode).toBe(200);
    const late = await patch('second', `"${String(version)}"`);
    expect([late.statusCode, codeOf(late)]).toEqual([412, 'precondition-failed']);
    expect((await patch('third', 'garbage')).statusCode).toBe(400);
  });

  it('of the identity announces the old one and the new one, and closes sessions', async () => {
    const { id } = await create({ username: 'old-name' });
    house().plane.events.length = 0;
    await house().send({
      method: 'PATCH',
      url: `${BASE}/${id}`,
      headers: house().owner,
      payload: { username: 'new-name' },
    });
    expect(house().plane.events).toEqual([
      {
        kind: 'credentials-changed',
        changes: [
          { id, username: 'old-name', clientId: null, disconnect: true },
          { id, username: 'new-name', clientId: null, disconnect: true },
        ],
      },
      {
        kind: 'failures-forgiven',
        identities: [
          { by: 'username', value: 'old-name' },
          { by: 'username', value: 'new-name' },
        ],
        ip: null,
      },
    ]);
  });

  it.each([
    ['the description', { description: 'x' }, false],
    ['the name', { name: 'x' }, false],
    ['the tags', { tags: ['x'] }, false],
    ['the rules', { rules: [] }, false],
    ['the superuser flag, granted', { superuser: true }, false],
    ['a later expiry', { expiresAt: '2026-07-01T00:00:00Z' }, false],
    ['an earlier expiry', { expiresAt: '2026-05-15T00:00:00Z' }, true],
    ['the enabled flag', { enabled: false }, true],
  ])('of %s closes sessions only where they must end', async (what, payload, disconnect) => {
    const { id } = await create({ username: `edit-${what}`, expiresAt: '2026-06-01T00:00:00Z' });
    house().plane.events.length = 0;
    await house().send({ method: 'PATCH', url: `${BASE}/${id}`, headers: house().owner, payload });
    expect(house().plane.events[0]).toMatchObject({ changes: [{ id, disconnect }] });
  });

  it('that takes the superuser flag away closes sessions', async () => {
    const { id } = await create({ username: 'demoted', superuser: true });
    house().plane.events.length = 0;
    const payload = { superuser: false };
    await house().send({ method: 'PATCH', url: `${BASE}/${id}`, headers: house().owner, payload });
    expect(house().plane.events[0]).toMatchObject({ changes: [{ id, disconnect: true }] });
  });

  it('forgives the failures counted for a client ID too', async () => {
    const { id } = await create({ clientId: 'blocked-device' });
    const forgiven = { identities: [{ by: 'clientId', value: 'blocked-device' }], ip: null };
    expect(house().plane.events.at(-1)).toMatchObject(forgiven);
    house().plane.events.length = 0;
    await post(`${BASE}/${id}/secret`, {});
    expect(house().plane.events.at(-1)).toMatchObject(forgiven);
  });

  it('must leave an identity, and finds nothing under an unknown id', async () => {
    const { id } = await create({ username: 'last-identity' });
    const emptied = await house().send({
      method: 'PATCH',
      url: `${BASE}/${id}`,
      headers: house().owner,
      payload: { username: null },
    });
    expect(fieldsOf(emptied)).toEqual(['username']);
    const unknown = await house().send({
      method: 'PATCH',
      url: `${BASE}/nope`,
      headers: house().owner,
      payload: { name: 'x' },
    });
    expect(codeOf(unknown)).toBe('not-found');
  });

  it('the secret gives a new one and closes sessions, unless the old one is kept for a while', async () => {
    const { id, secret } = await create({ username: 'rotate' });
    house().plane.events.length = 0;
    const kept = (
      await post(`${BASE}/${id}/secret`, { keepPreviousForSeconds: 3600 })
    ).json<CredentialWithSecretDto>();
    expect(kept.secret).not.toBe(secret);
    expect(kept.previousSecretValidUntil).toBe(new Date(house().clock.now() + 3_600_000).toISOString());
    expect(house().plane.events[0]).toMatchObject({ changes: [{ id, disconnect: false }] });
    house().plane.events.length = 0;
    await post(`${BASE}/${id}/secret`, { password: 'a chosen one' });
    expect(house().plane.events[0]).toMatchObject({ changes: [{ id, disconnect: true }] });
    expect((await get(id)).json()).toMatchObject({ secretKind: 'chosen', hashFormat: 'argon2id' });
  });

  it('accepts the previous secret again for a while; without one there is a conflict', async () => {
    const { id } = await create({ username: 'previous' });
    expect(codeOf(await post(`${BASE}/${id}/accept-previous`, {}))).toBe('conflict');
    await post(`${BASE}/${id}/secret`, {});
    house().plane.events.length = 0;
    const accepted = await post(`${BASE}/${id}/accept-previous`, { forSeconds: 600 });
    expect(house().plane.events[0]).toMatchObject({ changes: [{ id, disconnect: false }] });
    expect(accepted.statusCode).toBe(200);
    expect(accepted.json<CredentialDto>().previousSecretValidUntil).toBe(
      new Date(house().clock.now() + 600_000).toISOString(),
    );
  });
});

describe('many at once', () => {
  it('are disabled, enabled and deleted in one request with one audit entry, and disabled ones lose their sessions', async () => {
    const ids = [(await create({ username: 'bulk-1' })).id, (await create({ username: 'bulk-2' })).id];
    house().plane.events.length = 0;
    const disabled = await post(`${BASE}/set-enabled`, { ids, enabled: false });
    expect(disabled.json()).toEqual({ affected: 2 });
    expect(house().plane.events[0]).toMatchObject({ changes: [{ disconnect: true }, { disconnect: true }] });
    expect(await lastAudit()).toMatchObject({ action: 'credential.disable-many', after: { count: 2 } });
    const deleted = await post(`${BASE}/delete`, { ids: [...ids, 'unknown'] });
    expect(deleted.json()).toEqual({ deleted: 2 });
    expect(await lastAudit()).toMatchObject({ action: 'credential.delete-many', before: { count: 2 } });
    expect((await get(ids[0] ?? '')).statusCode).toBe(404);
  });

  it('are found in the audit log by each name, one alone is logged as itself, and the chain of hashes holds', async () => {
    const found = async (search: string) => {
      const request = { limit: 10, sort: { field: 'at', direction: 'desc' } } as const;
      const { items } = await house().store.audit.page({ search }, request);
      return items.map(({ action, target }) => [action, target?.name]);
    };
    const ids = [(await create({ username: 'seen-1' })).id, (await create({ username: 'seen-2' })).id];
    const { id } = await create({ username: 'seen-alone' });
    await post(`${BASE}/set-enabled`, { ids: [id], enabled: false });
    await post(`${BASE}/delete`, { ids: [id] });
    await post(`${BASE}/delete`, { ids });
    expect(await found('seen-alone')).toEqual([
      ['credential.delete', 'seen-alone'],
      ['credential.disable', 'seen-alone'],
      ['credential.create', 'seen-alone'],
    ]);
    const both = await house().store.audit.page(
      { action: 'credential.delete-many', search: 'seen-2' },
      { limit: 10, sort: { field: 'at', direction: 'desc' } },
    );
    expect(both.items[0]?.target?.name).toMatch(/^2: seen-[12], seen-[12]$/);
    const csv = 'username,password\nseen-import,p\n';
    await house().send({
      method: 'POST',
      url: `${BASE}/import`,
      headers: { ...house().owner, 'content-type': 'text/csv' },
      payload: csv,
    });
    expect((await lastAudit())?.target?.name).toBe('1 created, 0 updated, 0 skipped');
    expect(await house().store.audit.verify()).toMatchObject({ brokenAt: null });
  });
});
