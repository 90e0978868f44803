import { z } from 'zod';
import { stepShape } from './common.ts';
import { aclRules as rules } from './rules.ts';

/** Credentials that an authenticator's own settings may hold. */
const X509_CREDENTIALS_MAX = 10_000;
/** Common names or patterns of one credential's `rules_by_cn`. */
const CN_ENTRIES_MAX = 1_000;
/** X.520 allows 64 characters; private CAs issue longer ones. */
const CN_CHARACTERS_MAX = 256;
const PATTERN_CHARACTERS_MAX = 512;
const NAME_CHARACTERS_MAX = 2_048;

const name = () => z.string().min(1).max(NAME_CHARACTERS_MAX);

/** Exactly one of these says which certificates a credential speaks for. */
const match = z
  .strictObject({
    cn: z.string().min(1).max(CN_CHARACTERS_MAX).optional().describe('The common name, exactly.'),
    cn_pattern: z
      .string()
      .min(1)
      .max(PATTERN_CHARACTERS_MAX)
      .optional()
      .describe('RE2 expression that the whole common name matches.'),
    san_dns: name().optional().describe('A DNS name among its alternative names.'),
    san_uri: name().optional().describe('A URI among them.'),
    san_email: name().optional().describe('A mail address among them.'),
    fingerprint: z
      .string()
      .regex(/^[0-9A-Fa-f]{2}(?::?[0-9A-Fa-f]{2}){31}$/)
      .optional()
      .describe('SHA-256 of the certificate, 64 hexadecimal digits with or without colons.'),
    issuer: name().optional().describe('Issuer as RFC 4514 writes it (`CN=Acme CA,O=Acme`); with `serial`.'),
    serial: z
      .string()
      .regex(/^[0-9A-Fa-f]{1,64}$/)
      .optional()
      .describe('Serial number in hexadecimal; with `issuer`.'),
  })
  .refine(({ issuer, serial }) => (issuer === undefined) === (serial === undefined), {
    error: 'issuer and serial belong together',
  })
  .refine(
    ({ serial: _serial, ...others }) => Object.values(others).filter((one) => one !== undefined).length === 1,
    { error: 'exactly one of cn, cn_pattern, san_dns, san_uri, san_email, fingerprint, issuer with serial' },
  );

const credential = z.strictObject({
  name: z.string().min(1).max(200).describe('Its name in traces; unique in the list.'),
  match: match.describe('Which certificates it speaks for.'),
  rules: rules
    .optional()
    .describe('What its clients may do. Without this and `rules_by_cn`: the default rules.'),
  rules_by_cn: z
    .record(z.string().min(1).max(PATTERN_CHARACTERS_MAX), rules)
    .refine((map) => Object.keys(map).length <= CN_ENTRIES_MAX, {
      error: `at most ${CN_ENTRIES_MAX} entries`,
    })
    .optional()
    .describe(
      'Rules by RE2 expression that the whole common name matches; all that match apply, before `rules`. A client for whom none does is refused.',
    ),
  superuser: z.boolean().default(false).describe('Skips all access rules.'),
  enabled: z.boolean().default(true).describe('Whether it admits anyone.'),
  expires_at: z.iso.datetime({ offset: true }).optional().describe('When it stops admitting, ISO 8601.'),
  skip_validity: z
    .boolean()
    .default(false)
    .describe(
      'Admits a certificate that is expired or not yet valid and otherwise good, on a listener with `reject: chain`.',
    ),
});
export type X509CredentialSettings = z.output<typeof credential>;

/** Settings of an authenticator of type `x509`: client certificates that led to the listener's CA. */
export const x509Settings = z.strictObject({
  type: z.literal('x509'),
  ...stepShape,
  match_chain: z
    .boolean()
    .default(false)
    .describe(
      'Match credentials along the whole chain, the client’s own certificate first: one for a CA then speaks for all below it.',
    ),
  credentials: z.array(credential).max(X509_CREDENTIALS_MAX).default([]).describe('Who is admitted.'),
});
export type X509Settings = z.output<typeof x509Settings>;
