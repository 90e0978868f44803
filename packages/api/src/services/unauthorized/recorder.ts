import type { DataPlane, RecorderCounters } from '@gatehouse/ports';
import { authorize, type Context } from '../../context.ts';

type AuthState = Awaited<ReturnType<DataPlane['authState']>>;
type Impossible = 'recording-off' | 'no-authenticator' | 'anonymous-allow';

const whyImpossible = (state: AuthState): Impossible[] => [
  ...(state.recording ? [] : ['recording-off' as const]),
  ...(state.enabledAuthenticators.length > 0 ? [] : ['no-authenticator' as const]),
  ...(state.anonymous === 'allow' ? ['anonymous-allow' as const] : []),
];

/** Whether refusals can be recorded at all, and what the recorder has counted. */
export const presentRecorder = (state: AuthState, counters: RecorderCounters) => ({
  recording: state.recording,
  impossible: whyImpossible(state),
  attempts: counters.attempts,
  itemised: counters.itemised,
  aggregated: counters.aggregated,
  dropped: counters.dropped,
  entries: counters.entries,
  entriesMax: counters.entriesMax,
});

export const recorderStatus = async (ctx: Context) => {
  authorize(ctx, 'unauthorized:read');
  const [state, stats] = await Promise.all([ctx.house.dataPlane.authState(), ctx.house.dataPlane.stats()]);
  return presentRecorder(state, stats.recorder);
};
