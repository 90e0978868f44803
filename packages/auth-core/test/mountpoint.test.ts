import { describe, expect, test } from 'vitest';
import { askHttpAcl } from '../src/methods/http-acl.ts';
import type { HttpEndpoint, HttpRequest } from '../src/methods/http-request.ts';
import { createHttp } from '../src/methods/http.ts';
import { MOUNTPOINT_CHARACTERS_MAX, readMountpoint } from '../src/mountpoint.ts';
import { type AllowedBy, grantOfGroup, mountpointProblem, type RequireGroup } from '../src/require.ts';
import { attemptOf, manualClock, passwordOf } from '../src/testing/index.ts';
import type { Grant } from '../src/verdict.ts';

const names = { username: 'ann', clientId: 'pump-7', commonName: 'cn-7' };

describe('the mountpoint of a client', () => {
  test.each([
    ['tenant-7/', 'tenant-7/'],
    ['a/%c/%u/', 'a/pump-7/ann/'],
    ['a/${clientid}/${username}-${cn}/', 'a/pump-7/ann-cn-7/'],
    ['/', '/'],
    ['', undefined],
  ])('%j is %j', (text, mountpoint) => {
    expect(readMountpoint(text, names)).toEqual({ mountpoint });
  });

  test.each([
    ['tenant-7', 'does not end with /'],
    ['a/+/', 'holds +, # or a null character'],
    ['#/', 'holds +, # or a null character'],
    ['a\0/', 'holds +, # or a null character'],
    ['$SYS/', 'begins with $'],
    ['$share/g/', 'begins with $'],
    [`${'a'.repeat(MOUNTPOINT_CHARACTERS_MAX)}/`, 'is too long'],
  ])('%j is one for nobody', (text, why) => {
    expect(readMountpoint(text, names)).toEqual({ unusable: `the mountpoint ${why}` });
  });

  test.each(['+', '#', 'a/b', 'a\0', '', 'x'.repeat(MOUNTPOINT_CHARACTERS_MAX)])(
    'the client ID %j reaches into nobody else’s space',
    (clientId) => {
      expect(readMountpoint('a/${clientid}/', { ...names, clientId })).toHaveProperty('refused');
    },
  );

  test('a name that begins with $ makes no space of the server’s own, and an absent one none at all', () => {
    expect(readMountpoint('%c/', { ...names, clientId: '$SYS' })).toHaveProperty('refused');
    expect(readMountpoint('%u/', { ...names, username: undefined })).toHaveProperty('refused');
  });

  test('a name that looks like a placeholder is not filled in again', () => {
    expect(readMountpoint('%c/', { ...names, clientId: '%u' })).toEqual({ mountpoint: '%u/' });
  });
});

function service(body: string) {
  const asked: HttpRequest[] = [];
  const endpoint: HttpEndpoint = {
    service: {
      ask: (request) => {
        asked.push(request);
        return Promise.resolve({ result: 'answered', status: 200, body, contentType: 'application/json' });
      },
    },
    form: 'json',
    params: { m: '%m', m5: '${mountpoint}', t: '%t' },
    absent: 'null',
  };
  return { asked, endpoint };
}

const login = (body: string, contract: 'status' | 'json' = 'status', clientId = 'pump-7') =>
  createHttp({
    name: 'web',
    endpoint: service(body).endpoint,
    superuser: undefined,
    contract,
    answerMsMax: 10,
    budget: {
      admit: () => ({ result: 'ok' }),
      failed: () => undefined,
      succeeded: () => undefined,
      released: () => undefined,
    },
    clock: manualClock(),
  }).check(attemptOf({ username: 'ann', clientId, password: passwordOf('secret') }));

describe('a service that gives a mountpoint', () => {
  test('has it in the grant and in the trace, names filled in', async () => {
    expect(await login('{"mountpoint":"t/%c/"}')).toMatchObject({
      outcome: 'allow',
      grant: { mountpoint: 't/pump-7/' },
      detail: { mountpoint: 't/pump-7/' },
    });
  });

  test.each(['{"mountpoint":"t"}', '{"mountpoint":7}', '{"mountpoint":null}', '{"mountpoint":["a/"]}'])(
    'is misunderstood by nobody: %s admits no client',
    async (body) => {
      expect(await login(body)).toMatchObject({ outcome: 'error', reason: 'HTTP_BAD_RESPONSE' });
    },
  );

  test('whose placeholder a hostile client ID would fill refuses it: no later step lets it in', async () => {
    expect(await login('{"mountpoint":"t/%c/"}', 'status', '#')).toMatchObject({
      outcome: 'deny',
      reason: 'HTTP_DENIED',
    });
  });

  test('gives none with empty text, nor by the JSON contract, as in EMQX', async () => {
    for (const verdict of [
      await login('{"mountpoint":""}'),
      await login('{"result":"allow","mountpoint":"t/"}', 'json'),
    ]) {
      expect(verdict).toMatchObject({ outcome: 'allow' });
      expect(verdict).not.toHaveProperty('grant.mountpoint');
    }
  });

  test('is told it with every topic, and the topic as the client wrote it', async () => {
    const { asked, endpoint } = service('');
    const question = { action: 'publish', topic: 'a', qos: 0, retain: false, mountpoint: 't/' } as const;
    await askHttpAcl({ endpoint, contract: 'status', answerMsMax: 10 }, attemptOf(), question);
    expect(JSON.parse(asked[0]?.body?.text ?? '')).toEqual({ m: 't/', m5: 't/', t: 'a' });
  });
});

describe('a group that requires several', () => {
  const grant: Grant = {
    principal: { namespace: 'n', subject: 's' },
    superuser: false,
    rules: [],
    credentialId: undefined,
    bindsClientId: false,
    expiresAt: undefined,
    rehash: false,
    anonymous: false,
  };
  const by = (name: string, mountpoint?: string): AllowedBy => ({
    name,
    type: 'http',
    grant: mountpoint === undefined ? grant : { ...grant, mountpoint },
  });
  const group: RequireGroup = { require: [], identity: 'one', bind: 'none' };

  test('grants the mountpoint of whichever member gives one', () => {
    expect(grantOfGroup(group, [by('one'), by('two', 't/')])).toMatchObject({ mountpoint: 't/' });
    expect(mountpointProblem([by('one', 't/'), by('two', 't/')])).toBeUndefined();
  });

  test('admits nobody to two mountpoints at once', () => {
    expect(mountpointProblem([by('one', 'a/'), by('two', 'b/')])).toMatchObject({
      mountpoints: ['a/', 'b/'],
    });
  });
});
