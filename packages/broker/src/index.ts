export { type Broker, type BrokerPartStats, createBroker, type Served } from './broker.ts';
export type { AuthMethod, AuthStep } from './connection/exchange.ts';
export { systemClock } from './clock.ts';
export {
  type BrokerLog,
  type BrokerOptions,
  type DecidingChain,
  type Limits,
  LIMITS,
  type ListenerConfig,
  type RegrantQuery,
  type ServerCertificate,
  type TlsSettings,
} from './config.ts';
export { type CipherList, readCiphers } from './listeners/ciphers.ts';
export { LIMIT_RANGES, type LimitRange } from './limit-ranges.ts';
export {
  type AttemptInspector,
  createAttemptInspector,
  type Mismatch,
} from './recorder/attempt-inspector.ts';
export { RECORDER_LIMITS, type RecorderLimits } from './recorder/limits.ts';
export { WATCH_LIMITS, WatchBook, type WatchLimits, type WatchTap } from './recorder/watches.ts';
export { createRecorder, type Recorder, type RecorderOptions } from './recorder/recorder.ts';
