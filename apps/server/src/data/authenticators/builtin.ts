import { createBuiltin } from '@gatehouse/auth-core';
import { builtinSettings, type BuiltinSettings } from '@gatehouse/contract/authenticators';
import type { AuthenticatorKind } from './kind.ts';
import { NO_BUDGET } from './no-budget.ts';

/** The credentials in the store. */
export const builtinKind: AuthenticatorKind<BuiltinSettings> = {
  settings: builtinSettings,
  create: (name, { strategy }, { source, verifier, budget, clock, hooks }) => ({
    authenticator: createBuiltin({
      name,
      strategy,
      source,
      verifier,
      budget,
      clock,
      ...(hooks === undefined ? {} : { hooks }),
    }),
    rehearsal: createBuiltin({ name, strategy, source, verifier, budget: NO_BUDGET, clock }),
    close: () => Promise.resolve(),
  }),
};
