import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Hashing } from '@gatehouse/hashing';
import { expect, test } from 'vitest';
import type { SourceBackend, SourceTls } from '../../src/source-backend.ts';
import { makeAuthority, type TestAuthority } from './authority.ts';
import { brief, check, clientOf, startHashing } from './world.ts';

/** A CA and a certificate for a few names alone, and their files. */
export interface TlsFiles extends TestAuthority {
  readonly certFile: string;
  readonly keyFile: string;
  readonly caFile: string;
  readonly discard: () => void;
}

export function tlsFiles(names = 'DNS:localhost,DNS:db.example'): TlsFiles {
  const authority = makeAuthority(names);
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-tls-'));
  const write = (name: string, text: string): string => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  };
  return {
    ...authority,
    certFile: write('server.crt', authority.cert),
    keyFile: write('server.key', authority.key),
    caFile: write('ca.crt', authority.ca),
    discard: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What TLS to a backend guarantees; the record of `emqx` has the plain password `public`. */
export function tlsTest(
  type: string,
  open: () => Promise<{
    readonly files: TlsFiles;
    readonly backend: (tls: SourceTls) => SourceBackend;
    readonly stop: () => Promise<void>;
  }>,
): void {
  test('a certificate is checked against the CA and the name, and a wrong one is unreachable', async () => {
    const hashing: Hashing = startHashing();
    const { files, backend, stop } = await open();
    const stranger = makeAuthority();
    const tls = { ca: files.ca, cert: undefined, key: undefined, verify: true, serverName: 'db.example' };
    const outcome = async (differs: Partial<SourceTls>): Promise<string> => {
      const lookup = backend({ ...tls, ...differs });
      const answer = await check(type, lookup, 'plain', hashing, clientOf('public'));
      await lookup.close();
      return brief(answer);
    };
    try {
      expect(await outcome({})).toBe('allow');
      expect(await outcome({ ca: stranger.ca })).toBe('error SOURCE_UNREACHABLE');
      expect(await outcome({ serverName: 'other.example' })).toBe('error SOURCE_UNREACHABLE');
      expect(await outcome({ ca: undefined })).toBe('error SOURCE_UNREACHABLE');
      expect(await outcome({ ca: undefined, serverName: 'other.example', verify: false })).toBe('allow');
    } finally {
      await hashing.close();
      await stop();
      files.discard();
    }
  });
}
