import type { AuthenticatorDto } from '@gatehouse/contract';
import type { SchemaNode } from './schema.ts';

/** A type of authenticator: its name and the schema of its settings. */
export interface AuthenticatorType {
  readonly type: string;
  readonly schema: SchemaNode;
}

/** How an authenticator's backend is just now. */
interface BackendState {
  readonly breaker: 'closed' | 'open' | 'trying';
  readonly running: number;
  readonly waiting: number;
  readonly pool: {
    readonly open: number;
    readonly idle: number;
    readonly waiting: number;
    readonly max: number;
  } | null;
}

export interface AuthenticatorStatus {
  readonly stats: AuthenticatorDto['stats'];
  readonly backend: BackendState | null;
}

/** Types this console has words for. */
const NAMED = [
  'builtin',
  'http',
  'jwt',
  'ldap',
  'mysql',
  'postgresql',
  'redis',
  'mongodb',
  'x509',
  'scram',
  'psk',
] as const;
type NamedType = (typeof NAMED)[number];

/** Undefined for a type of a newer server: it shows by its name. */
export const namedType = (type: string): NamedType | undefined => NAMED.find((one) => one === type);
