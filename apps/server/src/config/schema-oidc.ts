import { Secret } from '@gatehouse/auth-core';
import { ROLES } from '@gatehouse/ports';
import { z } from 'zod';
import { group, path } from './schema-parts.ts';

/** Most scopes, domains and values of the claim that are declared. */
const LIST_MAX = 200;

/** Where people of the console may sign in besides the password. */
export const oidcSchema = group(
  'Sign-in at an OpenID Connect provider (guide: `docs/guides/single-sign-on.md`). What is asked of the provider goes by `outbound`.',
  {
    issuer: z
      .string()
      .default('')
      .refine((text) => text === '' || URL.canParse(text), { error: 'empty, or a URL' })
      .describe('Issuer of the provider, as it names itself: `https://…`. Empty: passwords only.')
      .meta({ accepts: 'empty, or an https:// URL' }),
    client_id: z.string().max(512).default('').describe('ID under which the console is registered there.'),
    client_secret: z
      .string()
      .default('')
      .transform((text) => new Secret(text))
      .describe('Its secret; empty for a public client. Prefer `client_secret_file` or the environment.')
      .meta({ secret: true }),
    client_secret_file: path('File with the secret.'),
    scopes: z
      .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, { error: 'a scope' }))
      .max(LIST_MAX)
      .default(['openid', 'email', 'profile'])
      .describe('What is asked for; `openid` is part of it whether it is listed or not.'),
    label: z
      .string()
      .trim()
      .min(1)
      .max(40)
      .default('Single sign-on')
      .describe('Name of the provider, on the button.'),
    accounts: z
      .enum(['invited', 'auto'])
      .default('invited')
      .describe(
        'Who gets an account at the first sign-in: whose verified e-mail was invited (`invited`), or everybody whom `roles` or `default_role` give a role (`auto`).',
      ),
    email_domains: z
      .array(
        z
          .string()
          .regex(/^[a-z0-9.-]+$/i, { error: 'a domain' })
          .toLowerCase(),
      )
      .max(LIST_MAX)
      .default([])
      .describe('Domains of the verified e-mails that are admitted. Empty: all.'),
    role_claim: z
      .string()
      .min(1)
      .max(256)
      .default('groups')
      .describe('Claim that roles are given by; dots lead into objects, as in `realm_access.roles`.'),
    roles: z
      .record(z.string().min(1).max(256), z.enum(ROLES, { error: ROLES.join(', ') }))
      .default({})
      .describe(
        'Role by value of the claim, the highest wins; followed at each sign-in. Empty: roles are those of invitation and account.',
      )
      .meta({ accepts: `a map of values to ${ROLES.join(', ')}` }),
    default_role: z
      .enum(['', ...ROLES])
      .default('')
      .describe('Role of who has none of these values. Empty: they are refused.'),
    ca: path('Certificate of the CA of the provider, PEM file. Empty: those that Node trusts.'),
  },
);
