export { createApi, type Api } from './create-api.ts';
export type { ApiConfig, ApiDeps, AuthDeps, LimitSetting, OwnCa, Sso, SsoSettings } from './house.ts';
export { rowsOf } from './present/alert.ts';
export { openSecrets, type ChannelSecrets } from './services/alerts/secrets.ts';
export { createSampler, type Sampler } from './services/stats/sampler.ts';
export { currentAccessRules } from './services/access/rules.ts';
export { followTrusted } from './services/certificates/trusted.ts';
export { openPskKeys } from './services/credentials/psk-keys.ts';
export {
  currentSetup,
  type DeclaredSetting,
  replacedByFile,
  storedAuthenticators,
} from './services/authentication/setup.ts';
export { KEY as STORED_AUTH_KEY } from './services/authentication/stored.ts';
export { parseCsv } from './services/credentials/csv-parse.ts';
export { type ImportRow, typeProblems } from './services/credentials/import-types.ts';
export { existingOfRow, secretOfRow, writeOfRow } from './services/credentials/row-write.ts';
export type { Making } from './services/credentials/secret.ts';
