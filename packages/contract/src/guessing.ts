import { z } from 'zod';
import { isoTime } from './common.ts';

/** Most guessers of one request. */
export const FORGIVEN_MAX = 1_000;

const identity = z.object({ by: z.enum(['username', 'clientId']), value: z.string().max(65_535) }).strict();

/** Whom failures are counted for; what does not apply to the kind is null. */
const guesser = {
  /** `pair`: one address with one name, paused by itself. `username`, `network`: only slowed. */
  kind: z.enum(['pair', 'username', 'network']),
  ip: z.string().max(64).nullable(),
  identity: identity.nullable(),
  network: z.string().max(64).nullable(),
};

/** Who may not try a password now, and until when. */
export const slowedGuesser = z.object({
  ...guesser,
  failures: z.number().int(),
  until: isoTime,
});
export type SlowedGuesserDto = z.infer<typeof slowedGuesser>;

export const guessingCounters = z.object({
  failures: z.number().int(),
  refused: z.number().int(),
  busy: z.number().int(),
  forgiven: z.number().int(),
  entries: z.object({
    pair: z.number().int(),
    username: z.number().int(),
    network: z.number().int(),
  }),
});

export const slowedGuessers = z.object({
  enabled: z.boolean(),
  items: z.array(slowedGuesser),
  /** False: there are more than are listed. */
  complete: z.boolean(),
  /** Since the server started. */
  counters: guessingCounters,
});
export type SlowedGuessersDto = z.infer<typeof slowedGuessers>;

/** Whose failures are to be forgotten: guessers as the list tells them, or everybody. */
export const forgiveBody = z.union([
  z.object({ guessers: z.array(z.object(guesser).strict()).min(1).max(FORGIVEN_MAX) }).strict(),
  z.object({ all: z.literal(true) }).strict(),
]);
export type ForgiveBody = z.infer<typeof forgiveBody>;
