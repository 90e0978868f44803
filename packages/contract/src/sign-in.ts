import { z } from 'zod';
import { isoTime } from './common.ts';
import { ROLES } from './roles.ts';

/** Who may sign in with a password where there is an identity provider. Owners always may: somebody must get in when it is down. */
export const PASSWORD_FOR = ['everyone', 'owners'] as const;
export type PasswordFor = (typeof PASSWORD_FOR)[number];

/** What the sign-in page offers. */
export const signInOptions = z.object({
  passwordFor: z.enum(PASSWORD_FOR),
  /** Null: no identity provider is set up. `origin`: the address of the console at which it works. */
  sso: z.object({ label: z.string(), origin: z.string() }).nullable(),
});
export type SignInOptionsDto = z.infer<typeof signInOptions>;

/** Longest path that a sign-in leads back to, in characters. */
const PATH_CHARS_MAX = 2_048;
/** Only a path of the console's own: `//host` and `/\\host` are other sites. */
const ownPath = z
  .string()
  .max(PATH_CHARS_MAX)
  .regex(/^\/(?![/\\])/, { error: 'a path of this console' })
  .default('/');
export const startSso = z.object({ returnTo: ownPath }).strict();
/** Where the browser goes on. */
export const ssoStarted = z.object({ url: z.string() });
export type SsoStartedDto = z.infer<typeof ssoStarted>;

/** What the provider added to the address it led back to, without `?`. */
export const finishSso = z.object({ query: z.string().max(8_192) }).strict();
const SSO_PURPOSES = ['sign-in', 'confirm', 'link'] as const;
export const ssoFinished = z.object({ purpose: z.enum(SSO_PURPOSES), returnTo: z.string() });
export type SsoFinishedDto = z.infer<typeof ssoFinished>;

/** Who the caller is at the provider. */
export const ownIdentity = z.object({
  issuer: z.string(),
  subject: z.string(),
  email: z.string().nullable(),
  linkedAt: isoTime,
  lastUsedAt: isoTime.nullable(),
});

/** The provider as it is configured; secrets are not part of it. */
const provider = z.object({
  issuer: z.string(),
  clientId: z.string(),
  label: z.string(),
  scopes: z.array(z.string()),
  /** To be registered at the provider. */
  redirectUrl: z.string(),
  accounts: z.enum(['invited', 'auto']),
  emailDomains: z.array(z.string()),
  roleClaim: z.string(),
  roles: z.array(z.object({ value: z.string(), role: z.enum(ROLES) })),
  /** Null: who has none of the values is refused. */
  defaultRole: z.enum(ROLES).nullable(),
});
export const signInSettings = z.object({
  passwordFor: z.enum(PASSWORD_FOR),
  provider: provider.nullable(),
  /** People whose account is linked. */
  linked: z.number().int(),
});
export type SignInSettingsDto = z.infer<typeof signInSettings>;
export const updateSignIn = z.object({ passwordFor: z.enum(PASSWORD_FOR) }).strict();
export const providerStatus = z.object({ ok: z.boolean(), problem: z.string().nullable() });
export type ProviderStatusDto = z.infer<typeof providerStatus>;
