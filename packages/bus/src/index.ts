export { createMemoryHub, type MemoryHub, type MemoryHubOptions } from './memory-bus.ts';
export { createNatsBus, type NatsBusOptions } from './nats-bus.ts';
export { parseBusUrl, type BusAddress } from './bus-url.ts';
