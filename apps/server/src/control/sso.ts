import type { ApiDeps } from '@gatehouse/api';
import { systemClock } from '@gatehouse/broker';
import { createOidc, type OutboundPolicy, readPem } from '@gatehouse/connectors';
import { oidcSecret } from '../config/release-oidc.ts';
import type { Config } from '../config/schema.ts';

/** The sign-in provider of the configuration; undefined: there is none. */
export function ssoOf({ console: { oidc } }: Config, policy: OutboundPolicy): ApiDeps['sso'] {
  if (oidc.issuer === '') return undefined;
  const secret = oidcSecret(oidc);
  const ca = readPem(oidc.ca).text ?? '';
  const scopes = [...new Set(['openid', ...oidc.scopes])];
  return {
    provider: createOidc({
      issuer: oidc.issuer,
      clientId: oidc.client_id,
      clientSecret: secret?.reveal() === '' ? undefined : secret,
      scopes,
      roleClaim: oidc.role_claim,
      policy,
      tls:
        ca === '' ? undefined : { ca, cert: undefined, key: undefined, verify: true, serverName: undefined },
      clock: systemClock,
    }),
    settings: {
      issuer: oidc.issuer,
      clientId: oidc.client_id,
      label: oidc.label,
      scopes,
      accounts: oidc.accounts,
      emailDomains: oidc.email_domains,
      roleClaim: oidc.role_claim,
      roles: Object.entries(oidc.roles).map(([value, role]) => ({ value, role })),
      defaultRole: oidc.default_role === '' ? null : oidc.default_role,
    },
  };
}
