import { spawnSync } from 'node:child_process';
import { runToEnd } from '../../../packages/connectors/test/support/programs.ts';

/** What a node talks to. */
export type Peer = 'database' | 'bus';
/** Which half of a way does not carry: what the node says, what it is told, or both. */
export type Direction = 'out' | 'in' | 'both';

/** A network namespace with addresses of its own for each way. */
export interface NetworkPlace {
  /** What runs a program there. */
  readonly through: readonly string[];
  /** Where clients find the node. */
  readonly front: string;
  /** Where the node finds them. */
  readonly database: string;
  readonly bus: string;
}

/** Nobody has it: what is sent there is dropped without a word, as by a switch that fails. */
const NOBODY = '02:00:00:00:00:01';
/** Last parts of the addresses of the machine, as a node sees it, and of the node for the way back. */
const THERE: Readonly<Record<Peer, number>> = { database: 3, bus: 4 };
const HERE: Readonly<Record<Peer, number>> = { database: 13, bus: 14 };
const FRONT = 2;

const ip = (...args: readonly string[]): string => runToEnd('ip', args);

/** Why namespaces cannot be used here; undefined when they can. */
export function withoutNamespaces(): string | undefined {
  const name = `gh-try-${String(process.pid)}`;
  const made = spawnSync('ip', ['netns', 'add', name], { encoding: 'utf8' });
  if (made.status !== 0)
    return `\`ip netns add\` does not work here: ${made.error?.message ?? made.stderr.trim()}`;
  const linked = spawnSync('ip', ['-n', name, 'link', 'add', 'v0', 'type', 'veth', 'peer', 'name', 'v1'], {
    encoding: 'utf8',
  });
  ip('netns', 'del', name);
  return linked.status === 0 ? undefined : `no veth can be made here: ${linked.stderr.trim()}`;
}

/**
 * Nodes in network namespaces, each on a wire to this machine, where the database and the bus are. Each way has a pair of
 * addresses of its own, so that half of it can be cut, by a neighbour that is nobody: no firewall is needed.
 */
export class Network {
  readonly #places = new Map<string, { readonly namespace: string; readonly net: string }>();

  join(name: string): NetworkPlace {
    const { namespace, net } = this.#places.get(name) ?? this.#add(name);
    return {
      through: ['ip', 'netns', 'exec', namespace],
      front: `${net}.${String(FRONT)}`,
      database: `${net}.${String(THERE.database)}`,
      bus: `${net}.${String(THERE.bus)}`,
    };
  }

  cut(name: string, peer: Peer, direction: Direction): void {
    const { namespace, net } = this.#placeOf(name);
    const bogus = ['lladdr', NOBODY, 'nud', 'permanent', 'dev'];
    if (direction !== 'in')
      ip('-n', namespace, 'neigh', 'replace', `${net}.${String(THERE[peer])}`, ...bogus, 'wire');
    if (direction !== 'out') ip('neigh', 'replace', `${net}.${String(HERE[peer])}`, ...bogus, namespace);
  }

  mend(name: string, peer: Peer): void {
    const { namespace, net } = this.#placeOf(name);
    const forget = (args: readonly string[]): void => {
      // It may be the other half that was cut.
      spawnSync('ip', args);
    };
    forget(['-n', namespace, 'neigh', 'del', `${net}.${String(THERE[peer])}`, 'dev', 'wire']);
    forget(['neigh', 'del', `${net}.${String(HERE[peer])}`, 'dev', namespace]);
  }

  close(): void {
    for (const { namespace } of this.#places.values()) ip('netns', 'del', namespace);
    this.#places.clear();
  }

  #placeOf(name: string): { readonly namespace: string; readonly net: string } {
    const place = this.#places.get(name);
    if (place === undefined) throw new Error(`no node is called ${name}`);
    return place;
  }

  #add(name: string): { readonly namespace: string; readonly net: string } {
    const number = this.#places.size + 1;
    // The wire has the name of the namespace: at most 15 letters.
    const namespace = `gh${String(process.pid)}-${String(number)}`;
    const net = `10.${String(128 + (process.pid % 100))}.${String(number)}`;
    ip('netns', 'add', namespace);
    const place = { namespace, net };
    this.#places.set(name, place);
    ip('link', 'add', namespace, 'type', 'veth', 'peer', 'name', 'wire', 'netns', namespace);
    ip('addr', 'add', `${net}.1/24`, 'dev', namespace);
    for (const last of Object.values(THERE)) ip('addr', 'add', `${net}.${String(last)}/24`, 'dev', namespace);
    ip('link', 'set', namespace, 'up');
    const inside = (...args: readonly string[]): string => ip('-n', namespace, ...args);
    inside('link', 'set', 'lo', 'up');
    for (const last of [FRONT, ...Object.values(HERE)])
      inside('addr', 'add', `${net}.${String(last)}/24`, 'dev', 'wire');
    inside('link', 'set', 'wire', 'up');
    for (const peer of ['database', 'bus'] as const)
      inside(
        'route',
        'add',
        `${net}.${String(THERE[peer])}/32`,
        'dev',
        'wire',
        'src',
        `${net}.${String(HERE[peer])}`,
      );
    return place;
  }
}
