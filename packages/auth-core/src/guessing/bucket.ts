/** A token bucket as data: how many failures are still free, and when that was so. */
export interface Bucket {
  readonly tokens: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface BucketLimits {
  readonly capacity: number;
  /** Milliseconds in which one token comes back. */
  readonly refillMs: number;
}

/** The bucket as it is at `now`; a clock that was set back gives nothing. */
export function refilled(bucket: Bucket, { capacity, refillMs }: BucketLimits, now: number): Bucket {
  const gained = Math.max(0, now - bucket.at) / refillMs;
  return { tokens: Math.min(capacity, bucket.tokens + gained), at: now };
}

/** Takes one token, or what is left of one. */
export const drained = ({ tokens, at }: Bucket): Bucket => ({ tokens: Math.max(0, tokens - 1), at });

/** When the next whole token is there, milliseconds since the epoch; undefined when one is there now. */
export const nextTokenAt = ({ tokens, at }: Bucket, { refillMs }: BucketLimits): number | undefined =>
  tokens >= 1 ? undefined : at + Math.ceil((1 - tokens) * refillMs);
