import type { Scope } from '@gatehouse/contract';

export const KEY_ROLES = ['viewer', 'operator', 'admin'] as const;
export type KeyRole = (typeof KEY_ROLES)[number];

/**
 * What each role may do, as the contract's ROLE_SCOPES; spelled out here because importing the contract's values
 * would bring its whole schema library into the page. A test holds the two equal.
 */
const VIEWER: readonly Scope[] = [
  'unauthorized:read',
  'credentials:read',
  'authentication:read',
  'access:read',
  'blocks:read',
  'alerts:read',
  'certificates:read',
  'clients:read',
  'stats:read',
];
const OPERATOR: readonly Scope[] = [
  ...VIEWER,
  'unauthorized:delete',
  'unauthorized:export',
  'unauthorized:watch',
  'credentials:write',
  'blocks:write',
  'alerts:silence',
  'try:run',
  'sessions:release',
  'clients:disconnect',
  'messages:read',
  'messages:publish',
  'messages:delete',
];
const ADMIN: readonly Scope[] = [
  ...OPERATOR,
  'authentication:write',
  'access:write',
  'alerts:write',
  'certificates:write',
  'audit:read',
  'api-keys:read',
  'api-keys:write',
  'users:read',
];

const BY_ROLE: Readonly<Record<KeyRole, readonly Scope[]>> = {
  viewer: VIEWER,
  operator: OPERATOR,
  admin: ADMIN,
};

export const scopesOfRole = (role: KeyRole): readonly Scope[] => BY_ROLE[role];
