import type { Limits } from './config.ts';

/** The smallest and the largest value that a limit may be set to, both included. */
export interface LimitRange {
  readonly min: number;
  readonly max: number;
}

/** Counts that memory bounds long before this does. */
const COUNT_MAX = 1_000_000_000;
/** Bytes: what a Node buffer and its accounting can still tell apart, 1 TiB. */
const BYTES_MAX = 1_099_511_627_776;
/** Milliseconds of timers that are set once: a day. */
const TIMER_MS_MAX = 86_400_000;
/** MQTT's two-byte integers (MQTT 5.0 §1.5.2). */
const UINT16_MAX = 65_535;
/** MQTT's four-byte integers (MQTT 5.0 §1.5.3). */
const UINT32_MAX = 4_294_967_295;
/** A fixed header and the largest remaining length (MQTT 5.0 §2.1.4). */
const PACKET_BYTES_MAX = 268_435_460;

const count: LimitRange = { min: 1, max: COUNT_MAX };
/** 0 sets no bound. */
const optionalCount: LimitRange = { min: 0, max: COUNT_MAX };
const bytes: LimitRange = { min: 1, max: BYTES_MAX };
const timerMs: LimitRange = { min: 1, max: TIMER_MS_MAX };
const uint16: LimitRange = { min: 1, max: UINT16_MAX };

/** What each of `LIMITS` may be set to; the configuration refuses anything else. */
export const LIMIT_RANGES: Readonly<Record<keyof Limits, LimitRange>> = {
  connectTimeoutMs: timerMs,
  authenticateTimeoutMs: timerMs,
  unknownUserDelayMsMax: { min: 0, max: 60_000 },
  refusalDelayMsMax: { min: 0, max: 60_000 },
  preAuthPacketBytesMax: { min: 128, max: PACKET_BYTES_MAX },
  packetBytesMax: { min: 128, max: PACKET_BYTES_MAX },
  keepAliveSecondsMax: uint16,
  inflightMax: uint16,
  queueMessagesMax: count,
  queueBytesMax: bytes,
  queueBytesTotalMax: bytes,
  sessionsMax: count,
  sessionsPerPrincipalMax: optionalCount,
  sessionExpirySecondsMax: { min: 0, max: UINT32_MAX },
  subscriptionsPerClientMax: count,
  subscriptionsMax: count,
  filtersPerPacketMax: uint16,
  topicLevelsMax: uint16,
  topicBytesMax: uint16,
  clientIdBytesMax: uint16,
  clientIdCharactersMaxV31: uint16,
  userPropertiesMax: { min: 0, max: UINT16_MAX },
  topicAliasesMax: { min: 0, max: UINT16_MAX },
  payloadFormatCheckBytesMax: { min: 0, max: BYTES_MAX },
  retainedMax: { min: 0, max: COUNT_MAX },
  retainedBytesMax: { min: 0, max: BYTES_MAX },
  retainedPerSubscribeMax: count,
  writeBufferBytesMax: { min: 1_024, max: BYTES_MAX },
  slowConsumerMsMax: timerMs,
  connectionsMax: count,
  connectionsPerIpMax: optionalCount,
  halfOpenMax: count,
  halfOpenPerIpMax: optionalCount,
  acceptRatePerSecondMax: count,
  closeTimeoutMs: timerMs,
  connectsPerClientPerMinuteMax: optionalCount,
  publishRatePerSecondMax: optionalCount,
  journalBacklogBytesMax: { min: 65_536, max: BYTES_MAX },
  journalSnapshotBytesMin: { min: 65_536, max: BYTES_MAX },
  webSocketPingMs: { min: 0, max: TIMER_MS_MAX },
};
