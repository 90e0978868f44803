import type { StatsDto } from '@gatehouse/contract';

type Authenticator = StatsDto['authenticators'][number];

/** An authenticator that could not find out about a client just now. */
export type FailingAuthenticator = Authenticator & {
  readonly lastError: NonNullable<Authenticator['lastError']>;
};

/** An error this long ago, milliseconds, is an outage still: clients that fail come back within it. */
const OUTAGE_MS = 120_000;

/** Authenticators in use whose last error is of just now, by the server's own clock. */
export const failingOf = ({
  authenticators,
  now,
}: Pick<StatsDto, 'authenticators' | 'now'>): readonly FailingAuthenticator[] =>
  authenticators.flatMap((one) =>
    one.enabled && one.lastError !== null && Date.parse(now) - Date.parse(one.lastError.at) <= OUTAGE_MS
      ? [{ ...one, lastError: one.lastError }]
      : [],
  );
