export { createApi, type Api } from './create-api.ts';
export type { ApiConfig, ApiDeps, AuthDeps, LimitSetting, OwnCa } from './house.ts';
export { createSampler, type Sampler } from './services/stats/sampler.ts';
export { currentAccessRules } from './services/access/rules.ts';
export { openPskKeys } from './services/credentials/psk-keys.ts';
export { currentSetup } from './services/authentication/setup.ts';
export { parseCsv } from './services/credentials/csv-parse.ts';
