export { attemptOf, credentialOf, passwordOf } from './builders.ts';
export { manualClock, type ManualClock } from './manual-clock.ts';
