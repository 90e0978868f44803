import { z } from 'zod';

/** ISO 8601 in UTC, as every time of the API is written. */
export const isoTime = z.iso.datetime({ offset: true }).describe('ISO 8601 UTC');

export const pageLimit = z.coerce.number().int().min(1).max(200).default(50);

const isOneOf = <const F extends readonly string[]>(fields: F, text: string): text is F[number] =>
  fields.includes(text);

/** `field` ascending, `-field` descending. */
export const sortOf = <const F extends readonly [string, ...string[]]>(
  fields: F,
  fallback: `${'' | '-'}${F[number]}`,
) =>
  z
    .string()
    .default(fallback)
    .transform((text, ctx) => {
      const direction = text.startsWith('-') ? ('desc' as const) : ('asc' as const);
      const field = text.replace(/^-/, '');
      if (!isOneOf(fields, field)) {
        ctx.addIssue({
          code: 'custom',
          message: `unknown sort field; one of ${fields.join(', ')}, with "-" for descending`,
        });
        return z.NEVER;
      }
      return { field, direction };
    });

/** Characters from which on `contains:` is served (trigram index). */
export const CONTAINS_MIN = 3;

/** `eq:…`, `starts:…`, `contains:…`; without a prefix it is `eq`. */
export const textFilter = z
  .string()
  .min(1)
  .max(1024)
  .transform((text, ctx) => {
    const match = /^(eq|starts|contains):([\s\S]*)$/.exec(text);
    const op = (match?.[1] ?? 'eq') as 'eq' | 'starts' | 'contains';
    const value = match ? (match[2] ?? '') : text;
    if (op === 'contains' && Array.from(value).length < CONTAINS_MIN) {
      ctx.addIssue({
        code: 'custom',
        message: `contains: needs at least ${CONTAINS_MIN} characters; use starts: for fewer`,
      });
      return z.NEVER;
    }
    return { op, value };
  });

/** The protocol level of a CONNECT. */
export const mqttProtocol = z.coerce.number().refine((n): n is 3 | 4 | 5 => n === 3 || n === 4 || n === 5, {
  message: '3 (MQTT 3.1), 4 (3.1.1) or 5 (5.0)',
});

const QOS = { '0': 0, '1': 1, '2': 2 } as const;
export const queryQos = z.enum(['0', '1', '2']).transform((text) => QOS[text]);

/** `:id` of a path. */
export const idParams = z.object({ id: z.string().min(1).max(64) });

/** Comma-separated or repeated; a value with a leading `!` is left out rather than kept. */
export const setFilter = <T extends z.ZodType<string | number>>(item: T) =>
  z.union([z.string(), z.array(z.string())]).transform((raw, ctx) => {
    const include: z.output<T>[] = [];
    const exclude: z.output<T>[] = [];
    for (const part of (Array.isArray(raw) ? raw : [raw])
      .flatMap((one) => one.split(','))
      .filter((one) => one !== '')) {
      const negative = part.startsWith('!');
      const parsed = item.safeParse(negative ? part.slice(1) : part);
      if (parsed.success) (negative ? exclude : include).push(parsed.data);
      else for (const issue of parsed.error.issues) ctx.addIssue({ code: 'custom', message: issue.message });
    }
    return { ...(include.length > 0 ? { include } : {}), ...(exclude.length > 0 ? { exclude } : {}) };
  });

export const queryBoolean = z.enum(['true', 'false']).transform((text) => text === 'true');

/** A list's answer. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({
    items: z.array(item),
    next: z.string().nullable(),
    prev: z.string().nullable(),
    total: z.number().int(),
    totalIsExact: z.boolean(),
  });

/** A page of what lives in the memory of the nodes. */
export const scanPageOf = <T extends z.ZodType>(item: T) =>
  pageOf(item).extend({
    /** All nodes whose entries belong here; one where there is one. */
    nodes: z.array(z.string()),
    /** Those of them that did not answer: what they hold is not here. */
    missing: z.array(z.string()),
  });

/** RFC 9457, with our code, the request's id and the fields that were wrong. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string().optional(),
  code: z.string(),
  requestId: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});
export type Problem = z.infer<typeof problem>;

/** Codes of problems: closed, documented, mapped to a status in one place. */
export const PROBLEMS = {
  'invalid-input': { status: 400, title: 'The request is not valid' },
  'invalid-cursor': { status: 400, title: 'The cursor does not belong to this list' },
  unauthenticated: { status: 401, title: 'Sign in, or send an API key' },
  'login-failed': { status: 401, title: 'E-mail or password is wrong' },
  'code-needed': { status: 401, title: 'Enter the code of the authenticator app' },
  'code-wrong': { status: 401, title: 'The code is wrong, or has been used' },
  'confirmation-needed': { status: 403, title: 'Prove again who you are' },
  'totp-required': { status: 403, title: 'Your role demands an authenticator app' },
  'invitation-invalid': { status: 403, title: 'The invitation is used, taken back, expired or wrong' },
  'sso-failed': { status: 401, title: 'The sign-in at the identity provider did not succeed' },
  'sso-no-role': { status: 403, title: 'The identity provider gives you no role here' },
  'sso-not-invited': { status: 403, title: 'There is no account for you here' },
  'sso-email-unverified': { status: 403, title: 'The identity provider has not verified your e-mail' },
  'sso-domain': { status: 403, title: 'Addresses of your domain are not admitted' },
  'sso-account-disabled': { status: 403, title: 'Your account is disabled' },
  'sso-other-person': { status: 403, title: 'Somebody else signed in at the identity provider' },
  'password-off': { status: 403, title: 'Your role does not sign in with a password' },
  forbidden: { status: 403, title: 'Your role does not allow this' },
  'origin-denied': { status: 403, title: 'The request came from another origin' },
  'csrf-failed': { status: 403, title: 'The CSRF token is missing or wrong' },
  'setup-token-invalid': { status: 403, title: 'The setup link is used, expired or wrong' },
  'setup-done': { status: 409, title: 'There is an owner already' },
  'not-found': { status: 404, title: 'There is no such thing' },
  'method-not-allowed': { status: 405, title: 'This address does not take this method' },
  'sso-off': { status: 409, title: 'No identity provider is set up' },
  'sso-account-exists': { status: 409, title: 'There is an account with your e-mail that is not linked' },
  'no-password': { status: 409, title: 'The account has no password' },
  conflict: { status: 409, title: 'Something with this identity exists already' },
  'last-owner': { status: 409, title: 'The last owner cannot be removed or demoted' },
  'limit-reached': { status: 409, title: 'A limit of the broker leaves no room for it' },
  'undo-expired': { status: 410, title: 'This can no longer be undone' },
  'precondition-failed': { status: 412, title: 'It was changed by somebody else meanwhile' },
  'payload-too-large': { status: 413, title: 'The request is too large' },
  'unsupported-media-type': { status: 415, title: 'Send JSON, or CSV where the call says so' },
  'too-many-requests': { status: 429, title: 'Too many requests; wait' },
  internal: { status: 500, title: 'Something went wrong on the server' },
  'sso-unavailable': { status: 503, title: 'The identity provider cannot be reached' },
  'nodes-silent': { status: 503, title: 'A node that may have it did not answer' },
  'store-unavailable': { status: 503, title: 'The store cannot be reached' },
} as const;
export type ProblemCode = keyof typeof PROBLEMS;
