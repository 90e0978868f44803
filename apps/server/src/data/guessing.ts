import {
  createGuessingBudget,
  type GuesserFailures,
  type GuessingBudget,
  type GuessingCounters,
} from '@gatehouse/auth-core';
import type { Clock, ControlEvent, ControlPlane, GuessingInspection } from '@gatehouse/ports';
import type { Logger } from 'pino';
import type { Config } from '../config/schema.ts';
import { NO_BUDGET } from './authenticators/no-budget.ts';
import { startRounds } from './rounds.ts';

/** Milliseconds between two rounds of telling other servers which logins failed: they all count them within a second. */
const NEWS_ROUND_MS = 400;
/** Guessers of each kind that one round tells of. */
const NEWS_MAX = 1_000;

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
  /** Counts what failed at other servers. */
  readonly elsewhere: (failures: readonly GuesserFailures[]) => void;
  /** Tells the others what is new, and ends the rounds. */
  readonly stop: () => Promise<void>;
}

const OFF: Guessing = {
  budget: NO_BUDGET,
  inspection: nobodySlowed,
  counters: () => NOTHING_GUESSED,
  forgive: () => undefined,
  elsewhere: () => undefined,
  stop: () => Promise.resolve(),
};

export interface GuessingOptions {
  readonly config: Pick<Config, 'auth' | 'database_url'>;
  readonly control: Pick<ControlPlane, 'tellFailures'>;
  readonly clock: Clock;
  readonly log: Pick<Logger, 'warn'>;
}

/** The guessing budget of the configuration, or one that counts nothing when it is switched off. */
export function createGuessing({ config, control, clock, log }: GuessingOptions): Guessing {
  const { enabled, exempt, ...limits } = config.auth.guessing;
  if (!enabled) return OFF;
  const isAlone = config.database_url.reveal() === '';
  const budget = createGuessingBudget({ clock, limits, exempt, newsMax: isAlone ? 0 : NEWS_MAX });
  // What could not be told waits here; meanwhile the budget goes on noting.
  let telling: readonly GuesserFailures[] = [];
  const tell = async (): Promise<void> => {
    if (telling.length === 0) telling = budget.takeNews();
    if (telling.length === 0) return;
    try {
      await control.tellFailures(telling);
      telling = [];
    } catch (error) {
      log.warn({ err: error }, 'other servers were not told of failed logins; they are told with the next');
    }
  };
  const rounds = isAlone ? undefined : startRounds(clock, NEWS_ROUND_MS, tell);
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
    elsewhere: (failures) => budget.elsewhere(failures),
    stop: async () => rounds?.stop(),
  };
}
