export { REASON_CODES, REASON_CODES_BY_FAMILY, type ReasonCode } from './codes.ts';
export { FAMILIES, FIX_ACTIONS, type Family, type FixAction, type ReasonSpec } from './spec.ts';
