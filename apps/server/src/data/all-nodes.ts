import { hostname } from 'node:os';
import {
  NodesSilentError,
  type Bus,
  type ClusterStore,
  type DataPlane,
  type NodeFacts,
  type NodeReport,
  type Scan,
  type ScanRequest,
} from '@gatehouse/ports';
import type { Logger } from 'pino';
import { VERSION } from '../runtime/version.ts';
import { halved, mergeScans, type NodeAnswer } from './merge-scans.ts';

/** What nodes ask each other on behalf of operators. */
type Asked = Pick<
  DataPlane,
  | 'askAccess'
  | 'disconnectClients'
  | 'getClient'
  | 'listClients'
  | 'listSubscriptions'
  | 'previewBlock'
  | 'releaseSession'
  | 'removeSubscription'
  | 'sessionsOf'
  | 'stats'
>;
type Answer<M extends keyof Asked> = Awaited<ReturnType<Asked[M]>>;

/** The other nodes, once this one is among them. */
export interface NodeLinks {
  readonly bus: Pick<Bus, 'node' | 'payloadBytesMax' | 'request' | 'answer'>;
  readonly store: Pick<ClusterStore, 'nodes'>;
}

/** The kind of these questions on the bus. */
const ASK = 'ask';
/** A million sessions are looked through in less. */
const ANSWER_MS_MAX = 3_000;
/** Of a page that does not fit a message of the bus, so often half is left out. */
const HALVINGS_MAX = 8;
/** Sessions that a preview of a block names. */
const EXAMPLES_MAX = 5;

const encode = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value ?? null));
const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

const isScan = (value: unknown): value is Scan<unknown> =>
  typeof value === 'object' && value !== null && 'keys' in value && 'items' in value;

/** As much of an answer as a message of the bus takes. Of a page that may be less than was asked for: its edges say so. */
function fitted(value: unknown, args: readonly unknown[], bytesMax: number): Uint8Array {
  let bytes = encode(value);
  let page = value;
  for (let at = 0; at < HALVINGS_MAX && bytes.length > bytesMax && isScan(page); at += 1) {
    // The request of a list is what comes behind its filter; both were written by a node.
    page = halved(page, args[1] as ScanRequest);
    if (page !== undefined) bytes = encode(page);
  }
  return bytes;
}

type Methods = ReadonlyMap<string, (...args: unknown[]) => Promise<unknown>>;

/** What may be asked of a node, by name. */
function methodsOf(own: Asked): Methods {
  const { askAccess, disconnectClients, getClient, listClients, listSubscriptions } = own;
  const { previewBlock, releaseSession, removeSubscription, sessionsOf, stats } = own;
  const asked: Asked = {
    askAccess,
    disconnectClients,
    getClient,
    listClients,
    listSubscriptions,
    previewBlock,
    releaseSession,
    removeSubscription,
    sessionsOf,
    stats,
  };
  return new Map(Object.entries(asked) as [string, (...args: unknown[]) => Promise<unknown>][]);
}

/** @throws Error for what nobody may ask, a node of another version perhaps. */
async function call(methods: Methods, method: string, args: readonly unknown[]): Promise<unknown> {
  const asked = methods.get(method);
  if (asked === undefined) throw new Error(`no such question: ${method}`);
  return await asked(...args);
}

/** Answers what other nodes ask, by what this one alone holds. */
export function answerNodes({ bus }: NodeLinks, own: Asked, log: Pick<Logger, 'warn'>): void {
  const methods = methodsOf(own);
  bus.answer(ASK, async (from, payload) => {
    const { method, args } = JSON.parse(textOf(payload)) as { method: string; args: unknown[] };
    try {
      return fitted(await call(methods, method, args), args, bus.payloadBytesMax);
    } catch (err) {
      // The other node only hears nothing.
      log.warn({ err, from, method }, 'what another node asks could not be answered');
      throw err;
    }
  });
}

/**
 * What operators ask and do, about all nodes: each is asked for what it holds, and the answers are put together. A node that
 * does not answer in time is named, in the answer or by a `NodesSilentError`. `links`: undefined until this node is among others.
 */
export function acrossNodes(own: DataPlane, node: string, links: () => NodeLinks | undefined): DataPlane {
  const all = new AllNodes(own, node, links);
  return {
    ...own,
    listNodes: () => all.report(),
    listClients: async (filter, request) => {
      const { answers, nodes } = await all.scan('listClients', [filter, request], filter.node);
      return mergeScans(answers, request, nodes);
    },
    listSubscriptions: async (filter, request) => {
      const { answers, nodes } = await all.scan('listSubscriptions', [filter, request], filter.node);
      return mergeScans(answers, request, nodes);
    },
    getClient: (clientId) => all.find('getClient', [clientId], null),
    askAccess: (question) => all.find('askAccess', [question], null),
    releaseSession: (clientId) => all.find('releaseSession', [clientId], false),
    removeSubscription: (clientId, filter) => all.find('removeSubscription', [clientId, filter], false),
    disconnectClients: async (clientIds, end) => {
      const answers = await all.ask('disconnectClients', [clientIds, end]);
      const affected = answers.reduce((sum, { value }) => sum + (value ?? 0), 0);
      // Some have no session anywhere: what was done is said rather than who was silent.
      if (affected === 0) checkAll(answers);
      return affected;
    },
    previewBlock: async (target) => {
      const answers = await all.ask('previewBlock', [target]);
      const values = answers.flatMap(({ value }) => value ?? []);
      const known = values.filter((value) => value !== 'busy');
      if (known.length < values.length) return 'busy';
      return {
        sessions: known.reduce((sum, { sessions }) => sum + sessions, 0),
        examples: known.flatMap(({ examples }) => examples).slice(0, EXAMPLES_MAX),
        complete: known.every(({ complete }) => complete) && known.length === answers.length,
      };
    },
    sessionsOf: async (credentialIds) => {
      const answers = await all.ask('sessionsOf', [credentialIds]);
      const sums: Record<string, number> = {};
      for (const { value } of answers)
        for (const [id, count] of Object.entries(value ?? {})) sums[id] = (sums[id] ?? 0) + count;
      return sums;
    },
  };
}

/** This node, as others see it. */
type Self = Pick<NodeReport, 'node' | 'version' | 'host'>;

/** Throws when somebody has not answered. */
function checkAll(answers: readonly NodeAnswer<unknown>[]): void {
  const silent = answers.flatMap(({ node, value }) => (value === undefined ? [node] : []));
  if (silent.length > 0) throw new NodesSilentError(silent);
}

export const ownSelf = (node: string): Self => ({ node, version: VERSION, host: hostname() });

/** This node's own report. */
export const ownReport = async (self: Self, { stats }: Pick<DataPlane, 'stats'>): Promise<NodeReport> => {
  const own = await stats();
  return { ...self, startedAt: own.startedAt, state: own.letsIn ? 'active' : 'draining', stats: own };
};

class AllNodes {
  readonly #own: DataPlane;
  readonly #methods: Methods;
  readonly #node: string;
  readonly #links: () => NodeLinks | undefined;
  /** The nodes that there were when they were asked for last. */
  #known: readonly NodeFacts[] = [];

  constructor(own: DataPlane, node: string, links: () => NodeLinks | undefined) {
    this.#own = own;
    this.#methods = methodsOf(own);
    this.#node = node;
    this.#links = links;
  }

  /** Asks all at once. */
  async ask<M extends keyof Asked>(
    method: M,
    args: Parameters<Asked[M]>,
  ): Promise<readonly NodeAnswer<Answer<M>>[]> {
    const [value, others] = await Promise.all([
      this.#askSelf(method, args),
      this.#askOthers(method, args, await this.#others()),
    ]);
    return [{ node: this.#node, value }, ...others];
  }

  /** A page of what all have; with `only` of what that one has, which then is asked alone. */
  async scan<M extends 'listClients' | 'listSubscriptions'>(
    method: M,
    args: Parameters<Asked[M]>,
    only: string | undefined,
  ) {
    const others = await this.#others();
    const asked = only === undefined ? others : others.filter(({ node }) => node === only);
    const [value, answers] = await Promise.all([
      this.#askSelf(method, args),
      this.#askOthers(method, args, asked),
    ]);
    return {
      answers: [{ node: this.#node, value }, ...answers],
      nodes: [this.#node, ...others.map(({ node }) => node)].toSorted(),
    };
  }

  /** What the one that has it says; `none` is said by who has not. */
  async find<M extends keyof Asked>(
    method: M,
    args: Parameters<Asked[M]>,
    none: Answer<M>,
  ): Promise<Answer<M>> {
    const own = await this.#askSelf(method, args);
    if (own !== none) return own;
    const asked = (await this.#others()).map((other) => this.#askOther(method, args, other));
    // Nobody else is waited for.
    const found = asked.map(async (answer) => {
      const { value } = await answer;
      if (value === undefined || value === none) throw new Error('not here');
      return value;
    });
    return await Promise.any(found).catch(async () => {
      checkAll(await Promise.all(asked));
      return none;
    });
  }

  async report(): Promise<readonly NodeReport[]> {
    const others = await this.#others();
    const [own, answers] = await Promise.all([
      ownReport(ownSelf(this.#node), this.#own),
      this.#askOthers('stats', [], others),
    ]);
    const reports = others.map(({ node, version, host, startedAt, isAlive }, index): NodeReport => {
      const stats = answers[index]?.value ?? null;
      const answered = stats?.letsIn === true ? 'active' : 'draining';
      const state = isAlive ? (stats === null ? 'silent' : answered) : 'gone';
      return { node, version, host, startedAt, state, stats };
    });
    return [own, ...reports].toSorted((one, other) => (one.node < other.node ? -1 : 1));
  }

  /** As the database has them; while it cannot be asked, what is here is all there is to tell. */
  async #others(): Promise<readonly NodeFacts[]> {
    const nodes = await this.#links()
      ?.store.nodes()
      .catch(() => this.#known);
    if (nodes !== undefined) this.#known = nodes;
    return nodes?.filter(({ node }) => node !== this.#node) ?? [];
  }

  async #askSelf<M extends keyof Asked>(method: M, args: Parameters<Asked[M]>): Promise<Answer<M>> {
    // What a method answers is what its type says.
    return (await call(this.#methods, method, args)) as Answer<M>;
  }

  /** In their order. */
  #askOthers<M extends keyof Asked>(
    method: M,
    args: Parameters<Asked[M]>,
    nodes: readonly NodeFacts[],
  ): Promise<readonly NodeAnswer<Answer<M>>[]> {
    return Promise.all(nodes.map((node) => this.#askOther(method, args, node)));
  }

  /** One whose lease has ended is not asked, and has not answered. */
  async #askOther<M extends keyof Asked>(
    method: M,
    args: Parameters<Asked[M]>,
    { node, isAlive }: NodeFacts,
  ): Promise<NodeAnswer<Answer<M>>> {
    const answer = isAlive
      ? await this.#links()?.bus.request(node, ASK, encode({ method, args }), ANSWER_MS_MAX)
      : undefined;
    // What the other node says is what its methods say: both are built from the same types.
    return { node, value: answer === undefined ? undefined : (JSON.parse(textOf(answer)) as Answer<M>) };
  }
}
