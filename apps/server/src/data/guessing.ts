import { createGuessingBudget, type GuessingBudget, type GuessingCounters } from '@gatehouse/auth-core';
import { systemClock } from '@gatehouse/broker';
import type { ControlEvent, GuessingInspection } from '@gatehouse/ports';
import type { Config } from '../config/schema.ts';
import { NO_BUDGET } from './authenticators/no-budget.ts';

/** What a budget that is switched off has counted. */
export const NOTHING_GUESSED: GuessingCounters = {
  failures: 0,
  refused: 0,
  busy: 0,
  forgiven: 0,
  entries: { pair: 0, username: 0, network: 0 },
};

/** The answers where nobody is ever slowed. */
export const nobodySlowed: GuessingInspection = {
  listSlowed: () => Promise.resolve({ enabled: false, items: [], complete: true, counters: NOTHING_GUESSED }),
};

/** The guessing budget with what is asked of it from outside. */
export interface Guessing {
  readonly budget: GuessingBudget;
  readonly inspection: GuessingInspection;
  readonly counters: () => GuessingCounters;
  readonly forgive: (event: Extract<ControlEvent, { readonly kind: 'failures-forgiven' }>) => void;
}

/** The guessing budget of the configuration, or one that counts nothing when it is switched off. */
export function createGuessing({ auth }: Config): Guessing {
  const { enabled, exempt, ...limits } = auth.guessing;
  if (!enabled) {
    return {
      budget: NO_BUDGET,
      inspection: nobodySlowed,
      counters: () => NOTHING_GUESSED,
      forgive: () => undefined,
    };
  }
  const budget = createGuessingBudget({ clock: systemClock, limits, exempt });
  return {
    budget,
    inspection: {
      listSlowed: () => {
        const items = budget.list();
        const complete = items.length < limits.listedMax;
        return Promise.resolve({ enabled, items, complete, counters: budget.counters() });
      },
    },
    counters: () => budget.counters(),
    forgive: ({ identities, ip, network }) => budget.forgive({ identities, ip, network }),
  };
}
