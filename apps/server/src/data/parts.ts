import type { Attempt, Decision } from '@gatehouse/auth-core';
import type { Limits } from '@gatehouse/broker';
import type { DataPlane } from '@gatehouse/ports';
import type { Config } from '../config/schema.ts';
import { settingsOf } from './authenticators/of-config.ts';

export const brokerLimits = (config: Config): Limits => config.limits;

/** Authenticators that take part in a chain and are switched on. */
function enabledAuthenticators(config: Config): readonly string[] {
  const used = new Set(Object.values(config.auth.chains).flat());
  return [...used].filter((name) => settingsOf(config, name).settings.enabled);
}

export function authStateOf(
  config: Config,
  anonymous: Config['auth']['anonymous'],
): Awaited<ReturnType<DataPlane['authState']>> {
  return {
    anonymous,
    enabledAuthenticators: enabledAuthenticators(config),
    recording: config.unauthorized.enabled,
  };
}

/** A tried attempt fit to leave its thread: a secret cannot and need not. */
export const withoutPassword = (tried: { readonly attempt: Attempt; readonly decision: Decision }) => ({
  attempt: { ...tried.attempt, password: undefined },
  decision: tried.decision,
});
