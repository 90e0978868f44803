import type { z } from 'zod';
import type { ProblemCode } from './common.ts';
import type { Scope } from './roles.ts';

/**
 * Who may call: everybody, whoever has signed in, a person in the console (no API key), whoever has the scope, or only the
 * command on this machine (`local`: it comes over the control socket).
 */
export type Access = Scope | 'public' | 'signed-in' | 'person' | 'local';

export const TAGS = [
  'Session',
  'Account',
  'Unauthorized clients',
  'Credentials',
  'Authentication',
  'Access rules',
  'Blocked clients',
  'Alerts',
  'Try',
  'Sessions',
  'Messages',
  'Certificates',
  'Numbers',
  'Administration',
  'Health',
] as const;
export type Tag = (typeof TAGS)[number];

/** One call of the API: what the route, the OpenAPI document, the docs page and the access tests derive from. */
export interface Endpoint {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With `:name` for parameters. */
  readonly path: string;
  readonly access: Access;
  readonly tag: Tag;
  readonly summary: string;
  readonly description?: string;
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  /** Largest body, bytes; absent: `API_LIMITS.bodyBytesMax`. */
  readonly bodyBytesMax?: number;
  /** Status of a good answer; 200 when absent. 204 has no `response`. */
  readonly status?: 201 | 204;
  readonly response?: z.ZodType;
  /** Media type of `response`; `application/json` when absent. */
  readonly produces?: string;
  /** Problems that this call gives besides those every call of its kind may give. */
  readonly problems?: readonly ProblemCode[];
}

/** Bounds of the API, each with its unit. */
export const API_LIMITS = {
  bodyBytesMax: 1_048_576,
  importBodyBytesMax: 33_554_432,
  importRowsMax: 100_000,
  urlBytesMax: 16_384,
} as const;

/** Keeps the literal types of one endpoint while checking its shape. */
export const endpoint = <const E extends Endpoint>(definition: E): E => definition;
