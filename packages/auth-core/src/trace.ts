import type { Authenticator } from './needs.ts';
import type { Settled } from './settle.ts';
import type { Trace, TraceStep } from './verdict.ts';

/** What the trace needs to know of a step. */
interface TracedStep {
  readonly authenticator: Authenticator;
  readonly enabled: boolean;
}

/** Keeps what every step of a chain answered, including those that were never asked. */
export interface TraceRecorder {
  /** Notes the answer of a step, `ms` after it was asked. */
  asked(step: TracedStep, settled: Settled, ms: number): void;
  finish(): Trace;
}

/** Milliseconds with three decimals. */
const roundMs = (ms: number): number => Math.round(ms * 1_000) / 1_000;

/** Makes the recorder of one attempt; nothing is built for steps until the trace is finished. */
export function createTrace(
  steps: readonly TracedStep[],
  onStep: ((step: TraceStep) => void) | undefined,
): TraceRecorder {
  const answers = new Map<TracedStep, TraceStep>();
  return {
    asked(step, settled, ms) {
      const line = traceStep(step.authenticator, settled, roundMs(ms));
      answers.set(step, line);
      onStep?.(line);
    },
    finish: () => steps.map((step) => answers.get(step) ?? notAsked(step)),
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

function notAsked(step: TracedStep): TraceStep {
  const { name, type } = step.authenticator;
  const line = { authenticator: name, type, outcome: 'not-asked', reason: null, ms: 0 } as const;
  return step.enabled ? line : { ...line, detail: { enabled: false } };
}
