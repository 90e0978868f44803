import { connack, connackAsEmqx43, type Attempt, type ConnackOf, type Decision } from '@gatehouse/auth-core';
import type { AccessOptions, AskSource, Limits } from '@gatehouse/broker';
import type { AuthSetup, DataPlane } from '@gatehouse/ports';
import type { Config } from '../config/schema.ts';
import { enabledAuthenticators } from './auth-setup.ts';

export const brokerLimits = (config: Config): Limits => config.limits;

/** What access rules are decided with beside the rules themselves. */
export const accessOptions = ({ auth }: Config, ask: AskSource): AccessOptions => ({
  denyAction: auth.deny_action,
  noMatch: auth.no_match,
  cache: {
    enabled: auth.acl_cache.enabled,
    entriesMax: auth.acl_cache.max_entries,
    ttlMs: auth.acl_cache.ttl_ms,
  },
  ask,
});

export function authStateOf(config: Config, setup: AuthSetup): Awaited<ReturnType<DataPlane['authState']>> {
  return {
    anonymous: setup.anonymous,
    enabledAuthenticators: enabledAuthenticators(setup),
    recording: config.unauthorized.enabled,
  };
}

/** The codes that refusals are answered with. */
export const connackOf = ({ auth }: Config): ConnackOf =>
  auth.preset === 'emqx_4_3' ? connackAsEmqx43 : connack;

/** A tried attempt fit to leave its thread: a secret cannot and need not. */
export const withoutPassword = (tried: { readonly attempt: Attempt; readonly decision: Decision }) => ({
  attempt: { ...tried.attempt, password: undefined },
  decision: tried.decision,
});
