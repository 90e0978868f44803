import { z } from 'zod';
import { aclRule } from './acl-rule.ts';

export const CREDENTIAL_TYPES = ['basic', 'x509', 'scram', 'psk'] as const;
export const credentialType = z.enum(CREDENTIAL_TYPES);

/** Rules of one list. */
export const RULES_MAX = 200;
/** Entries of one credential's `rulesByCn`. */
const CN_ENTRIES_MAX = 1_000;
/** X.520 allows 64 characters; private CAs issue longer ones. */
const CN_CHARACTERS_MAX = 256;
const PATTERN_CHARACTERS_MAX = 512;
const NAME_CHARACTERS_MAX = 2_048;
/** Characters of a PEM of which a match is read; a certificate takes some two thousand. */
const PEM_CHARACTERS_MAX = 65_536;

const name = () => z.string().min(1).max(NAME_CHARACTERS_MAX);
const pattern = z.string().min(1).max(PATTERN_CHARACTERS_MAX);

/** SHA-256 of a certificate, with or without colons; told in lower case without them. */
const fingerprint = z
  .string()
  .regex(/^[0-9A-Fa-f]{2}(?::?[0-9A-Fa-f]{2}){31}$/, 'is no SHA-256: 64 hexadecimal digits');
/** Serial number of a certificate. */
const serialNumber = z.string().regex(/^[0-9A-Fa-f]{1,64}$/, 'is no serial number in hexadecimal');

/** What a certificate has to have for a credential to speak for it. `pattern` is an RE2 expression, matched whole. */
export const x509Match = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('cn'), value: z.string().min(1).max(CN_CHARACTERS_MAX) }),
  z.strictObject({ by: z.literal('cn_pattern'), pattern }),
  z.strictObject({ by: z.literal('san'), kind: z.enum(['dns', 'uri', 'email']), value: name() }),
  z.strictObject({ by: z.literal('fingerprint'), value: fingerprint }),
  z.strictObject({ by: z.literal('issuer_serial'), issuer: name(), serial: serialNumber }),
]);
export type X509MatchDto = z.output<typeof x509Match>;

/** Rules for the common names that an RE2 expression matches whole; all entries that match apply, in order. */
export const rulesByCn = z
  .array(z.strictObject({ pattern, rules: z.array(aclRule).max(RULES_MAX) }))
  .max(CN_ENTRIES_MAX);
export type RulesByCnDto = z.output<typeof rulesByCn>;

export const x509Fields = {
  match: x509Match,
  /** Null: the credential's own rules alone. With a list, a client whose name no entry is about is refused. */
  rulesByCn: rulesByCn.nullable(),
  skipValidity: z.boolean(),
};

/** OpenSSL takes 256 bytes; longer than 128 bits, and at most 512 bytes. */
const PSK_IDENTITY_BYTES_MAX = 256;
const PSK_KEY_BYTES_MIN = 16;
const PSK_KEY_BYTES_MAX = 512;

export const pskIdentity = z
  .string()
  .min(1)
  .refine((text) => new TextEncoder().encode(text).length <= PSK_IDENTITY_BYTES_MAX, {
    message: `has more than ${PSK_IDENTITY_BYTES_MAX} bytes`,
  })
  .refine((text) => !/[\u0000\n\r]/.test(text), { message: 'must be one line without U+0000' });
export const pskKey = z
  .string()
  .regex(/^(?:[0-9a-fA-F]{2})+$/, 'is not hexadecimal')
  .refine((text) => text.length >= 2 * PSK_KEY_BYTES_MIN && text.length <= 2 * PSK_KEY_BYTES_MAX, {
    message: `has not from ${PSK_KEY_BYTES_MIN} to ${PSK_KEY_BYTES_MAX} bytes`,
  })
  .transform((text) => text.toLowerCase());

/** What only credentials of one type have; null for the others. */
export const typedFacts = {
  /** `match` is null in a record that cannot be read. */
  x509: z.object({ ...x509Fields, match: x509Match.nullable() }).nullable(),
  /** What its password was last set with; null before. */
  scram: z.object({ mechanisms: z.array(z.string()), iterations: z.number().int().nullable() }).nullable(),
  psk: z.object({ identity: z.string() }).nullable(),
};

/** A certificate that somebody holds in hand. */
export const certificateText = z.strictObject({ pem: z.string().min(1).max(PEM_CHARACTERS_MAX) });
/** What a credential could match of it. */
export const certificateNames = z.object({
  subject: z.string(),
  issuer: z.string(),
  serial: z.string(),
  fingerprint: z.string(),
  commonName: z.string().nullable(),
  notBefore: z.string(),
  notAfter: z.string(),
  dns: z.array(z.string()),
  uri: z.array(z.string()),
  email: z.array(z.string()),
});
export type CertificateNamesDto = z.output<typeof certificateNames>;
