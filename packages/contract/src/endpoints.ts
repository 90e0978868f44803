import { ACCESS_ENDPOINTS } from './endpoints/access-rules.ts';
import { ACCOUNT_ENDPOINTS } from './endpoints/account.ts';
import { ADMINISTRATION_ENDPOINTS } from './endpoints/administration.ts';
import { ALERT_ENDPOINTS } from './endpoints/alerts.ts';
import { AUTHENTICATION_ENDPOINTS } from './endpoints/authentication.ts';
import { BLOCK_ENDPOINTS } from './endpoints/blocks.ts';
import { BROKER_ENDPOINTS } from './endpoints/broker.ts';
import { CERTIFICATE_ENDPOINTS } from './endpoints/certificates.ts';
import { CREDENTIAL_ENDPOINTS } from './endpoints/credentials.ts';
import { GUESSING_ENDPOINTS } from './endpoints/guessing.ts';
import { OPERATION_ENDPOINTS } from './endpoints/operations.ts';
import { SESSION_ENDPOINTS } from './endpoints/session.ts';
import { SIGN_IN_ENDPOINTS } from './endpoints/sign-in.ts';
import { UNAUTHORIZED_ENDPOINTS } from './endpoints/unauthorized.ts';

/** Every call of the API by its operation id. */
export const ENDPOINTS = {
  ...SESSION_ENDPOINTS,
  ...SIGN_IN_ENDPOINTS,
  ...ACCOUNT_ENDPOINTS,
  ...UNAUTHORIZED_ENDPOINTS,
  ...CREDENTIAL_ENDPOINTS,
  ...AUTHENTICATION_ENDPOINTS,
  ...ACCESS_ENDPOINTS,
  ...BLOCK_ENDPOINTS,
  ...GUESSING_ENDPOINTS,
  ...ALERT_ENDPOINTS,
  ...CERTIFICATE_ENDPOINTS,
  ...BROKER_ENDPOINTS,
  ...OPERATION_ENDPOINTS,
  ...ADMINISTRATION_ENDPOINTS,
} as const;
export type OperationId = keyof typeof ENDPOINTS;
