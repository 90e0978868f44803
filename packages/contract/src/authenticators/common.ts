import { z } from 'zod';

/** What every authenticator has, whatever its type (auth.md §2). */
export const stepShape = {
  enabled: z.boolean().default(true).describe('Whether it is asked at all.'),
  on_mismatch: z
    .enum(['deny', 'ignore'])
    .default('deny')
    .describe('What a secret that does not match does: `deny` ends the chain, `ignore` asks the next step.'),
  on_error: z
    .enum(['deny', 'ignore'])
    .default('deny')
    .describe('What it does when it could not find out; nothing ever becomes `allow`.'),
  timeout_ms: z
    .number()
    .int()
    .min(1)
    .max(60_000)
    .default(5_000)
    .describe('Milliseconds it may take for one client.'),
};

/** What every authenticator has that asks a backend: its own bulkhead and circuit breaker (auth.md §2). */
export const backendShape = {
  concurrent_max: z
    .number()
    .int()
    .min(1)
    .max(1_000)
    .default(32)
    .describe('Clients that it is asked about at a time; the others wait.'),
  waiting_max: z
    .number()
    .int()
    .min(0)
    .max(100_000)
    .default(1_000)
    .describe('Clients that may wait for it; more are told "busy".'),
  breaker_failures: z
    .number()
    .int()
    .min(0)
    .max(1_000)
    .default(5)
    .describe('Failures in a row after which the backend is left alone for a while; 0 never does.'),
  breaker_pause_ms: z
    .number()
    .int()
    .min(100)
    .max(3_600_000)
    .default(10_000)
    .describe('Milliseconds that it is left alone then; one client tries it afterwards.'),
};

const SECRET_CHARS_MAX = 16_384;

/** A secret setting: written, never read back (`secret: true` is what API, console and printing go by). */
export const secretText = (doc: string) =>
  z.string().max(SECRET_CHARS_MAX).describe(doc).meta({ secret: true });

/** A PEM text, or the path of a file that holds one; empty for none. */
export const pem = (doc: string) =>
  z.string().max(262_144).default('').describe(`${doc} PEM text, or the path of a file.`);

/** TLS to a backend. */
export const backendTls = z
  .strictObject({
    enabled: z.boolean().default(false).describe('Speak TLS to it.'),
    ca: pem('Certificates that its own must lead to; empty: the system’s.'),
    cert: pem('Certificate that this server shows.'),
    key: pem('Its private key.').meta({ secret: true }),
    verify: z
      .boolean()
      .default(true)
      .describe('Check its certificate and name. Without, anybody on the way can answer in its place.'),
    server_name: z
      .string()
      .max(253)
      .default('')
      .describe('The name its certificate must carry; empty: the host.'),
  })
  .prefault({})
  .describe('TLS to the backend.');

/** How passwords are stored there, in EMQX’s syntax: `sha256`, `salt,sha256`, `pbkdf2,sha256,1000,20`, `bcrypt`, `plain`. */
export const passwordHash = (fallback: string) =>
  z
    .string()
    .min(1)
    .max(64)
    .default(fallback)
    .describe(
      'How passwords are stored, as EMQX writes it: `plain`, `sha256`, `salt,sha256`, `sha256,salt`, `pbkdf2,sha256,1000,20`, `bcrypt` …',
    );
