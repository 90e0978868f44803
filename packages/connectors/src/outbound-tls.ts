import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { Secret } from '@gatehouse/auth-core';
import type { SourceTls } from './source-backend.ts';

/** Longest PEM that is read, bytes. */
const PEM_BYTES_MAX = 262_144;

/** A text, or why there is none; the words never hold any of it. */
export type PemReading = { readonly text: string } | { readonly text?: undefined; readonly problem: string };

/** Reads a setting that is PEM or the path of a file with PEM; empty stays empty. */
export function readPem(setting: string): PemReading {
  if (setting === '' || setting.includes('-----BEGIN ')) return { text: setting };
  try {
    if (statSync(setting).size > PEM_BYTES_MAX)
      return { problem: `a file of more than ${PEM_BYTES_MAX} bytes` };
    const text = readFileSync(setting, 'utf8');
    return text.includes('-----BEGIN ') ? { text } : { problem: 'a file without PEM' };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    return { problem: `neither PEM nor a file that can be read (${code})` };
  }
}

/** TLS to a backend as the settings have it: PEM or paths, empty for none. */
export interface TlsSettings {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
  readonly verify: boolean;
  readonly server_name: string;
}

/** TLS ready for use, or which setting is wrong and how. */
export type TlsReading =
  | { readonly tls: SourceTls }
  | { readonly tls?: undefined; readonly at: 'ca' | 'cert' | 'key'; readonly problem: string };

const parses = (make: () => unknown): boolean => {
  try {
    make();
    return true;
  } catch {
    return false;
  }
};

/** Reads the files and looks whether each holds what it should. */
export function readTls(settings: TlsSettings): TlsReading {
  const texts: Record<'ca' | 'cert' | 'key', string> = { ca: '', cert: '', key: '' };
  for (const at of ['ca', 'cert', 'key'] as const) {
    const pem = readPem(settings[at]);
    if (pem.text === undefined) return { at, problem: pem.problem };
    const readable = at === 'key' ? () => createPrivateKey(pem.text) : () => new X509Certificate(pem.text);
    if (pem.text !== '' && !parses(readable)) {
      return {
        at,
        problem: at === 'key' ? 'no private key that can be read' : 'no certificate that can be read',
      };
    }
    texts[at] = pem.text;
  }
  if ((texts.cert === '') !== (texts.key === '')) {
    return { at: texts.cert === '' ? 'cert' : 'key', problem: 'one of cert and key' };
  }
  return {
    tls: {
      ca: texts.ca === '' ? undefined : texts.ca,
      cert: texts.cert === '' ? undefined : texts.cert,
      key: texts.key === '' ? undefined : new Secret(texts.key),
      verify: settings.verify,
      serverName: settings.server_name === '' ? undefined : settings.server_name,
    },
  };
}
