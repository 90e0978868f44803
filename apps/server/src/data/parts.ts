import { connack, connackAsEmqx43, type Attempt, type ConnackOf, type Decision } from '@gatehouse/auth-core';
import type { Limits } from '@gatehouse/broker';
import type { AuthSetup, DataPlane } from '@gatehouse/ports';
import type { Config } from '../config/schema.ts';
import { enabledAuthenticators } from './auth-setup.ts';

export const brokerLimits = (config: Config): Limits => config.limits;

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
