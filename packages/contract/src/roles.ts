/** Roles of people and API keys, from most to least. */
export const ROLES = ['owner', 'admin', 'operator', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

/** What may be done; checked as the first line of each service verb. */
export const SCOPES = [
  'unauthorized:read',
  'unauthorized:delete',
  'unauthorized:export',
  'unauthorized:watch',
  'credentials:read',
  'credentials:write',
  'authentication:read',
  'authentication:write',
  'access:read',
  'access:write',
  'blocks:read',
  'blocks:write',
  'alerts:read',
  'alerts:silence',
  'alerts:write',
  'certificates:read',
  'certificates:write',
  'try:run',
  'stats:read',
  'audit:read',
  'api-keys:read',
  'api-keys:write',
  'users:read',
  'users:write',
  'sessions:release',
  'clients:read',
  'clients:disconnect',
  'messages:read',
  'messages:publish',
  'messages:delete',
] as const;
export type Scope = (typeof SCOPES)[number];

const viewer: readonly Scope[] = [
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
const operator: readonly Scope[] = [
  ...viewer,
  'try:run',
  'unauthorized:delete',
  'unauthorized:export',
  'unauthorized:watch',
  'credentials:write',
  'blocks:write',
  'alerts:silence',
  'sessions:release',
  'clients:disconnect',
  'messages:read',
  'messages:publish',
  'messages:delete',
];
const admin: readonly Scope[] = [
  ...operator,
  'authentication:write',
  'access:write',
  'alerts:write',
  'certificates:write',
  'audit:read',
  'api-keys:read',
  'api-keys:write',
  'users:read',
];

export const ROLE_SCOPES: Readonly<Record<Role, readonly Scope[]>> = {
  owner: SCOPES,
  admin,
  operator,
  viewer,
};
