export { checkAny, verifyByRule } from './check-any.ts';
export { hashGenerated } from './hasher.ts';
export {
  formatHashRule,
  formByRule,
  parseHashRule,
  wantsSalt,
  type HashRule,
  type RuleProblem,
} from './hash-rule.ts';
export { createHashing, type Hashing, type HashingOptions } from './hashing.ts';
export { HashWorkerError, HashingBusyError } from './jobs.ts';
export { ARGON2ID_DEFAULT, HASHING_LIMITS } from './limits.ts';
export { createScramCrypto, scramCrypto } from './scram.ts';
export {
  formatName,
  isLight,
  isInvalid,
  needsRehash,
  type InvalidHash,
  type SaltPosition,
  type StoredForm,
} from './stored-form.ts';
export { parseStoredHash, storedHashByRule } from './stored-hash.ts';
export { storedHashFromEmqxBlob } from './emqx-blob.ts';
