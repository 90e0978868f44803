export { createApi, type Api } from './create-api.ts';
export type { ApiConfig, ApiDeps, LimitSetting, OwnCa } from './house.ts';
export { createSampler, type Sampler } from './services/stats/sampler.ts';
