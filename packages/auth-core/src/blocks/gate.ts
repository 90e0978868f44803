import { usernameOf } from '../anonymous.ts';
import type { Attempt } from '../attempt.ts';
import type { Clock } from '../needs.ts';
import type { Decision, Trace } from '../verdict.ts';
import type { Block, BlockFacts, BlockHits, BlockPatterns } from './block.ts';
import { type BlockList, createBlockList } from './block-list.ts';

/** What a block makes of an attempt. */
type Refused = Extract<Decision, { readonly outcome: 'deny' }>;

/** Blocks before the chain, and once more when it is known who the client is (auth.md §1.5). Never throws. */
export interface BlockGate {
  /** Puts exactly these in force. */
  use(blocks: readonly Block[]): void;
  change(put: readonly Block[], removed: readonly string[]): void;
  /** Refuses an attempt that a block meets; asked before the chain, superusers included. */
  refuse(attempt: Attempt): Refused | undefined;
  /**
   * The decision with which an attempt ends: what was allowed is refused where a block meets the name that was proved,
   * or was made while the chain decided.
   */
  review(attempt: Attempt, decision: Decision): Decision;
  /** The same for made-up attempts: no hit is counted. */
  readonly rehearsal: Pick<BlockGate, 'refuse' | 'review'>;
  /** A test for these blocks alone: for open sessions, and for a block that is not made yet. */
  only(blocks: readonly Block[]): (facts: BlockFacts) => boolean;
  /** What was counted since it was last taken. */
  takeHits(): readonly BlockHits[];
  /** Counts what could not be stored once more. */
  putBackHits(hits: readonly BlockHits[]): void;
}

const POLICY = 'policy';
/** How the trace names the step. */
const STEP = { authenticator: 'blocks', type: 'blocks', outcome: 'deny', reason: 'CLIENT_BLOCKED' } as const;

/**
 * Makes a gate that blocks nobody yet.
 *
 * @example
 * const gate = createBlockGate({ clock, patterns });
 * gate.use(stored);
 * const decision = gate.refuse(attempt) ?? gate.review(attempt, await chain.decide(attempt));
 */
export function createBlockGate(needs: {
  readonly clock: Pick<Clock, 'now' | 'monotonic'>;
  readonly patterns: BlockPatterns;
}): BlockGate {
  const { clock, patterns } = needs;
  const list = createBlockList(patterns);
  const hits = new Map<string, BlockHits>();
  const count = (id: string, more: number, at: number): void => {
    const known = hits.get(id);
    hits.set(id, { id, hits: (known?.hits ?? 0) + more, lastHitAt: Math.max(known?.lastHitAt ?? 0, at) });
  };
  const counted = asked(list, clock, ({ id }) => {
    count(id, 1, clock.now());
  });
  return {
    ...counted,
    use: (blocks) => {
      list.use(blocks);
    },
    change: (put, removed) => {
      list.change(put, removed);
      for (const id of removed) hits.delete(id);
    },
    rehearsal: asked(list, clock, () => undefined),
    only: (blocks) => {
      const few = createBlockList(patterns);
      few.use(blocks);
      return (facts) => few.find(facts, clock.now()) !== undefined;
    },
    takeHits: () => {
      const taken = [...hits.values()];
      hits.clear();
      return taken;
    },
    putBackHits: (back) => {
      for (const { id, hits: more, lastHitAt } of back) count(id, more, lastHitAt);
    },
  };
}

/** The two questions about one attempt; `hit` is told of every block that refuses. */
function asked(
  list: BlockList,
  clock: Pick<Clock, 'now' | 'monotonic'>,
  hit: (block: Block) => void,
): Pick<BlockGate, 'refuse' | 'review'> {
  const refusedBy = (facts: BlockFacts, before: Trace): Refused | undefined => {
    if (list.size === 0) return undefined;
    const startedAt = clock.monotonic();
    const block = list.find(facts, clock.now());
    if (block === undefined) return undefined;
    hit(block);
    const detail = { block: block.id, kind: block.kind };
    const ms = Math.round((clock.monotonic() - startedAt) * 1_000) / 1_000;
    const trace = [...before, { ...STEP, ms, detail }];
    return { outcome: 'deny', reason: STEP.reason, by: POLICY, detail, trace };
  };
  return {
    refuse: (attempt) => refusedBy(blockFacts(attempt), []),
    review: (attempt, decision) => {
      if (decision.outcome !== 'allow') return decision;
      const { principal, anonymous } = decision.grant;
      // Nobody proved an anonymous client's name: it is its client ID.
      const proved = anonymous ? undefined : principal.subject;
      return refusedBy(blockFacts(attempt, proved), decision.trace) ?? decision;
    },
  };
}

/** What is known of an attempt; `proved` is the name that an authenticator vouches for. */
function blockFacts(attempt: Attempt, proved?: string): BlockFacts {
  const sent = usernameOf(attempt);
  const names = sent === undefined || sent === proved ? [] : [sent];
  if (proved !== undefined) names.push(proved);
  return {
    clientId: attempt.clientId,
    names,
    ip: attempt.ip,
    fingerprint: attempt.tls?.certificate?.fingerprint,
  };
}
