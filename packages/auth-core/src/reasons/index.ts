export {
  REASONS,
  docsSlugOf,
  familyOf,
  fillReasonText,
  isReasonCode,
  reasonOf,
  type ReasonFacts,
} from './catalogue.ts';
export { REASON_CODES, REASON_CODES_BY_FAMILY, type ReasonCode, type ReasonCodeOf } from './codes.ts';
export { CONNACK_BUSY, connack } from './connack.ts';
export { FAMILIES, FIX_ACTIONS, type Family, type FixAction, type ReasonSpec } from './spec.ts';
