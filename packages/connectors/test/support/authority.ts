import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from './programs.ts';

/** A private CA with one server certificate, as PEM. */
export interface TestAuthority {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** Makes a CA and a certificate of these names, as openssl does. */
export function makeAuthority(names = 'DNS:localhost,IP:127.0.0.1'): TestAuthority {
  const directory = temporaryDirectory();
  const at = (name: string): string => join(directory.path, name);
  const openssl = (...args: string[]): void => {
    execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  };
  const keyArgs = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  try {
    openssl(
      'req',
      '-x509',
      ...keyArgs,
      '-keyout',
      at('ca.key'),
      '-out',
      at('ca.crt'),
      '-subj',
      '/CN=Test CA',
      '-days',
      '2',
    );
    openssl(
      ...[
        'req',
        '-x509',
        ...keyArgs,
        '-keyout',
        at('server.key'),
        '-out',
        at('server.crt'),
        '-subj',
        '/CN=server',
        '-days',
        '2',
      ],
      ...['-CA', at('ca.crt'), '-CAkey', at('ca.key'), '-addext', `subjectAltName=${names}`],
      ...['-addext', 'basicConstraints=critical,CA:FALSE'],
    );
    const read = (name: string): string => readFileSync(at(name), 'utf8');
    return { ca: read('ca.crt'), cert: read('server.crt'), key: read('server.key') };
  } finally {
    directory.discard();
  }
}
