export { type Broker, type BrokerPartStats, createBroker } from './broker.ts';
export { systemClock } from './clock.ts';
export {
  type BrokerLog,
  type BrokerOptions,
  type DecidingChain,
  type Limits,
  LIMITS,
  type ListenerConfig,
  type RegrantQuery,
} from './config.ts';
