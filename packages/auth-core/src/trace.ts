import type { Authenticator } from './needs.ts';
import type { ReasonCode } from './reasons/index.ts';
import { groupName, type ChainStep, type RequireGroup } from './require.ts';
import type { Settled } from './settle.ts';
import type { Outcome, SafeDetail, Trace, TraceStep } from './verdict.ts';

/** What an entry of a chain is: a step, or a group of them. */
export type ChainEntry = ChainStep | RequireGroup;

/** Type of the line that a `require` group has in a trace, after those of its members. */
export const REQUIRE = 'require';

/** What came of a group. */
interface GroupOutcome {
  readonly outcome: Outcome;
  readonly reason: ReasonCode | null;
  readonly detail?: SafeDetail;
}

/** Keeps what every step of a chain answered, including those that were never asked. */
export interface TraceRecorder {
  /** Notes the answer of a step, after `ms` of the server's time. */
  asked(step: ChainStep, settled: Settled, ms: number): void;
  /** Notes what came of a group. */
  grouped(group: RequireGroup, outcome: GroupOutcome, ms: number): void;
  finish(): Trace;
}

/** Milliseconds with three decimals. */
const roundMs = (ms: number): number => Math.round(ms * 1_000) / 1_000;

/** Makes the recorder of one attempt; nothing is built for steps until the trace is finished. */
export function createTrace(
  entries: readonly ChainEntry[],
  onStep: ((step: TraceStep) => void) | undefined,
): TraceRecorder {
  const answers = new Map<ChainEntry, TraceStep>();
  const lineOf = (step: ChainStep): TraceStep => answers.get(step) ?? notAsked(step);
  return {
    asked(step, settled, ms) {
      const line = traceStep(step.authenticator, settled, roundMs(ms));
      answers.set(step, line);
      onStep?.(line);
    },
    grouped(group, outcome, ms) {
      answers.set(group, { authenticator: groupName(group), type: REQUIRE, ...outcome, ms: roundMs(ms) });
    },
    finish: () =>
      entries.flatMap((entry) =>
        'require' in entry
          ? [...entry.require.map(lineOf), answers.get(entry) ?? groupNotAsked(entry)]
          : [lineOf(entry)],
      ),
  };
}

/** The answer as it was given; what the step's policy made of it, where that differs, is in the detail. */
function traceStep({ name, type }: Authenticator, { verdict, effect }: Settled, ms: number): TraceStep {
  const reason = 'reason' in verdict ? verdict.reason : null;
  const given = 'detail' in verdict ? verdict.detail : undefined;
  const detail = effect === verdict.outcome ? given : { ...given, treatedAs: effect };
  const step = { authenticator: name, type, outcome: verdict.outcome, reason, ms };
  return detail === undefined ? step : { ...step, detail };
}

function notAsked(step: ChainStep): TraceStep {
  const { name, type } = step.authenticator;
  const line = { authenticator: name, type, outcome: 'not-asked', reason: null, ms: 0 } as const;
  return step.enabled ? line : { ...line, detail: { enabled: false } };
}

const groupNotAsked = (group: RequireGroup): TraceStep => ({
  authenticator: groupName(group),
  type: REQUIRE,
  outcome: 'not-asked',
  reason: null,
  ms: 0,
});
