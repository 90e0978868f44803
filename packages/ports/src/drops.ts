/** Why a message that a session should have had was dropped. */
export const DROP_REASONS = [
  /** QoS 0 for a session that nobody is connected to. */
  'offline',
  /** QoS 0 for a client that does not keep up. */
  'slowClient',
  /** The oldest that waited, over a bound of the queue. */
  'queueFull',
  /** Its message expiry had passed. */
  'expired',
  /** The session's permissions were taken away while it waited. */
  'forbidden',
  /** Larger than the client takes. */
  'tooLarge',
  /** A retained message that found no room. */
  'retainedFull',
  /** A retained message beyond what one SUBSCRIBE is given. */
  'retainedPerSubscribe',
] as const;
export type DropReason = (typeof DROP_REASONS)[number];
