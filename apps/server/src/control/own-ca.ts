import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { OwnCa } from '@gatehouse/api';
import { pkiFiles } from '@gatehouse/pki';
import type { Config } from '../config/schema.ts';
import { listenersOfOwnCa } from '../runtime/certificate-files.ts';
import type { DataDir } from '../runtime/data-dir.ts';

/** The server's own CA as the API may show it; undefined where every TLS listener has a certificate of the operator's. */
export function ownCaOf(config: Config, dir: DataDir): OwnCa | undefined {
  const listeners = listenersOfOwnCa(config);
  if (listeners.length === 0) return undefined;
  const { caCert } = pkiFiles(dir.pki);
  return {
    listeners,
    certificate: async () => {
      try {
        // Parsed and written anew: whatever else the file may hold stays here.
        return new X509Certificate(await readFile(caCert)).toString();
      } catch {
        return undefined;
      }
    },
  };
}
