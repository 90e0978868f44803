export { type Broker, type BrokerPartStats, createBroker, type Served } from './broker.ts';
export { DenialBook } from './access/denials.ts';
export { systemClock } from './clock.ts';
export {
  type AccessOptions,
  type AclQuestion,
  type AskSource,
  type BrokerLog,
  type BrokerOptions,
  type ClusterLinks,
  type CertificatePart,
  type ClientCertificates,
  type ClientTrust,
  type DecidingChain,
  type IdentityMapping,
  type Limits,
  LIMITS,
  type ListenerConfig,
  type PreSharedKeys,
  type PskLookup,
  type RegrantQuery,
  type RejectManner,
  type Replaceable,
  type ServerCertificate,
  type TlsSettings,
} from './config.ts';
export { isAccessEntry } from './listeners/access-list.ts';
export { type CipherList, cipherNames, isPskSuite, readCiphers } from './listeners/ciphers.ts';
export { certificateFacts, distinguishedName } from './listeners/certificate-facts.ts';
export { ReadTrust } from './listeners/client-trust.ts';
export { readRevocationLists } from './listeners/crl.ts';
export { ReplaceableValue } from './listeners/replaceable.ts';
export { LIMIT_RANGES, type LimitRange } from './limit-ranges.ts';
export {
  type AttemptInspector,
  createAttemptInspector,
  type Mismatch,
} from './recorder/attempt-inspector.ts';
export { RECORDER_LIMITS, type RecorderLimits } from './recorder/limits.ts';
export { TROUBLED_LIMITS, TroubledBook, type TroubledLimits } from './recorder/troubled.ts';
export { WATCH_LIMITS, WatchBook, type WatchLimits, type WatchTap } from './recorder/watches.ts';
export { createRecorder, type Recorder, type RecorderOptions } from './recorder/recorder.ts';
