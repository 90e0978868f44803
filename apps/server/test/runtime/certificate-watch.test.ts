import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { ServerCertificate } from '@gatehouse/broker';
import { type Authority, type Credentials, issue, openAuthority } from '@gatehouse/pki';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type CertificateWatch, watchCertificates } from '../../src/runtime/certificate-watch.ts';

const LOOK_MS = 2_000;
const home = mkdtempSync(join(tmpdir(), 'gatehouse-watch-'));
const files = { listener: 'tls', certFile: join(home, 'a.crt'), keyFile: join(home, 'a.key') } as const;

let authority: Authority;
let made: readonly [Credentials, Credentials];
beforeAll(async () => {
  authority = await openAuthority(join(home, 'pki'), Date.now());
  const make = (commonName: string) =>
    issue(authority, { purpose: 'server', commonName, names: ['localhost'], days: 9 }, Date.now());
  made = [await make('first'), await make('second')];
  return () => {
    rmSync(home, { recursive: true, force: true });
  };
});

/** A clock that moves when it is told to. */
function handClock() {
  let pending: (() => void) | undefined;
  return {
    now: () => 0,
    monotonic: () => 0,
    after: (ms: number, run: () => void) => {
      expect(ms).toBe(LOOK_MS);
      pending = run;
      return () => (pending = undefined);
    },
    look: () => pending?.(),
    isArmed: () => pending !== undefined,
  };
}

describe('files that change', () => {
  let clock: ReturnType<typeof handClock>;
  let used: ServerCertificate[];
  let lines: { readonly msg: string; readonly err?: string }[];
  let watch: CertificateWatch;

  const writeCert = (cert: string): void => writeFileSync(files.certFile, cert);
  const writeKey = ({ key }: Credentials): void => writeFileSync(files.keyFile, key.reveal());

  beforeEach(() => {
    writeCert(made[0].cert);
    writeKey(made[0]);
    clock = handClock();
    used = [];
    lines = [];
    const log = pino({}, { write: (line: string) => void lines.push(JSON.parse(line) as (typeof lines)[0]) });
    watch = watchCertificates({
      files: [files],
      use: (_listener, certificate) => void used.push(certificate),
      clock,
      log,
    });
  });
  afterEach(() => {
    watch.stop();
    expect(clock.isArmed()).toBe(false);
  });

  test('are read once both have stood still for one look', () => {
    clock.look();
    writeKey(made[1]);
    clock.look();
    writeCert(made[1].cert);
    clock.look();
    expect(used).toEqual([]);
    clock.look();
    clock.look();
    expect(used.map(({ cert }) => cert)).toEqual([made[1].cert]);
  });

  test.each([
    ['is that of another key', () => made[1].cert, /another certificate/],
    ['is no certificate', () => 'none', /cannot use the certificate/],
  ])('to a certificate that %s are said and not used', (_what, cert, words) => {
    writeCert(cert());
    clock.look();
    clock.look();
    expect(used).toEqual([]);
    expect(lines.map(({ err }) => err)).toEqual([expect.stringMatching(words)]);
  });

  test('and are gone for a moment do not matter', () => {
    rmSync(files.certFile);
    clock.look();
    writeCert(made[1].cert);
    writeKey(made[1]);
    clock.look();
    clock.look();
    expect([used.length, lines.length]).toEqual([1, 1]);
  });

  test('are read at once when somebody asks', () => {
    writeCert(made[1].cert);
    writeKey(made[1]);
    watch.reload();
    clock.look();
    clock.look();
    expect(used).toHaveLength(1);
  });
});
