import { readFileSync } from 'node:fs';
import { Secret } from '@gatehouse/auth-core';
import { readPem } from '@gatehouse/connectors';
import type { ConfigProblem } from './problem.ts';
import type { Config } from './schema.ts';

type Refusal = Pick<ConfigProblem, 'path' | 'found' | 'accepted'>;
type Oidc = Config['console']['oidc'];

const AT = 'console.oidc';

/** The client's secret, from the setting or its file; undefined when it cannot be read. */
export function oidcSecret({ client_secret, client_secret_file }: Oidc): Secret<string> | undefined {
  if (client_secret_file === '') return client_secret;
  try {
    return new Secret(readFileSync(client_secret_file, 'utf8').trim());
  } catch {
    return undefined;
  }
}

function issuerFits({ issuer }: Oidc): Refusal[] {
  const url = new URL(issuer);
  // Not repeated where it carries a password.
  if (url.username !== '' || url.password !== '')
    return [{ path: `${AT}.issuer`, found: 'a URL with a password', accepted: 'an https:// URL without' }];
  return url.protocol === 'https:'
    ? []
    : [{ path: `${AT}.issuer`, found: issuer, accepted: 'an https:// URL' }];
}

/** What of the sign-in provider does not fit together. */
export function oidcFits(oidc: Oidc): Refusal[] {
  if (oidc.issuer === '') return [];
  const out = issuerFits(oidc);
  if (oidc.client_id === '')
    out.push({ path: `${AT}.client_id`, found: 'nothing', accepted: 'the ID that the provider gave' });
  if (oidc.client_secret.reveal() !== '' && oidc.client_secret_file !== '')
    out.push({ path: `${AT}.client_secret_file`, found: 'beside client_secret', accepted: 'one of the two' });
  if (oidcSecret(oidc) === undefined)
    out.push({
      path: `${AT}.client_secret_file`,
      found: oidc.client_secret_file,
      accepted: 'a file that can be read',
    });
  const ca = readPem(oidc.ca);
  if (ca.text === undefined) out.push({ path: `${AT}.ca`, found: ca.problem, accepted: 'a file with PEM' });
  if (oidc.accounts === 'auto' && Object.keys(oidc.roles).length === 0 && oidc.default_role === '')
    out.push({
      path: `${AT}.accounts`,
      found: 'auto',
      accepted: 'auto with roles or default_role, which say who may in',
    });
  return out;
}
