import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NATS, startNats, type NatsServer } from '../../../packages/bus/test/support/nats-server.ts';
import {
  POSTGRES,
  startPostgres,
  type Postgres,
} from '../../../packages/connectors/test/support/postgres.ts';
import { startServer, type Server } from '../../support/server.ts';
import { until } from '../../support/until.ts';
import { Network } from './network.ts';

const KIB = 1024;
/** Beside nodes that are under load, on a machine that is not theirs alone. */
const START_MS_MAX = 120_000;
/** TCP that was not answered for long says so again after seconds. */
const ENDS_MS_MAX = 60_000;

/** A server of the house, and where its clients reach it. */
export interface FaultNode {
  readonly name: string;
  readonly server: Server;
  readonly host: string;
  readonly port: number;
}

/** What the house is made of besides the servers. */
export interface HouseOptions {
  /** Each node in a network namespace of its own, whose ways can be cut. */
  readonly network?: boolean;
  /** More `name=value` of PostgreSQL. */
  readonly postgres?: readonly string[];
  /** Where PostgreSQL keeps its files; a folder of its own otherwise. */
  readonly databaseFolder?: string;
  /** Called when all has ended. */
  readonly after?: () => void;
  /** The environment of a node of this name. */
  readonly env?: (node: string) => NodeJS.ProcessEnv;
}

/** Real servers on a real PostgreSQL and NATS of their own, any of which can fail. */
export class FaultHouse {
  readonly database: Postgres;
  readonly bus: NatsServer;
  readonly network: Network | undefined;
  readonly #folder: string;
  readonly #options: HouseOptions;
  readonly #nodes = new Map<string, FaultNode>();
  /** Of every run of a node, the latest last. */
  readonly #servers: Server[] = [];
  /** What devices log in with. */
  secret = '';

  private constructor(database: Postgres, bus: NatsServer, folder: string, options: HouseOptions) {
    this.database = database;
    this.bus = bus;
    this.#folder = folder;
    this.#options = options;
    this.network = options.network === true ? new Network() : undefined;
  }

  /** Starts nodes of these names, and lets devices in. */
  static async open(names: readonly string[], options: HouseOptions = {}): Promise<FaultHouse> {
    if (!POSTGRES || !NATS) throw new Error('PostgreSQL or NATS is not installed');
    const isNetwork = options.network === true;
    const database = await startPostgres(
      [...(isNetwork ? ['listen_addresses=*'] : []), ...(options.postgres ?? [])],
      { 'pg_hba.conf': 'host all postgres 127.0.0.1/32 trust\nhost all all 0.0.0.0/0 scram-sha-256\n' },
      options.databaseFolder,
    );
    await database.admin.query('create database house owner gatehouse');
    const bus = await startNats({ account: true, extra: isNetwork ? ['-a', '0.0.0.0'] : [] });
    const folder = mkdtempSync(join(tmpdir(), 'gatehouse-faults-'));
    const house = new FaultHouse(database, bus, folder, options);
    for (const name of names) await house.start(name);
    const added = await house
      .node(names[0] ?? '')
      .server.cli(['credentials', 'add', '--username', 'fleet', '--json'], '');
    house.secret = (JSON.parse(added.stdout) as { secret: string }).secret;
    return house;
  }

  /** Starts a node, again in the data directory of its earlier life. */
  async start(name: string): Promise<FaultNode> {
    const place = this.network?.join(name);
    const server = await startServer({
      dataDir: join(this.#folder, name),
      ...(place === undefined ? {} : { through: place.through }),
      startMsMax: START_MS_MAX,
      env: this.#options.env?.(name) ?? {},
      set: [
        `database_url=postgresql://gatehouse:backend-secret@${place?.database ?? '127.0.0.1'}:${String(this.database.port)}/house`,
        `bus_url=nats://gatehouse:bus%40secret@${place?.bus ?? '127.0.0.1'}:${String(this.bus.port)}`,
        `node_id=${name}`,
        `secret_key_file=${join(this.#folder, 'secret.key')}`,
        ...(place === undefined ? [] : ['listeners.tcp.host=0.0.0.0']),
      ],
    });
    this.#servers.push(server);
    const node = { name, server, host: place?.front ?? '127.0.0.1', port: server.ports.tcp };
    this.#nodes.set(name, node);
    return node;
  }

  node(name: string): FaultNode {
    const node = this.#nodes.get(name);
    if (node === undefined) throw new Error(`no node is called ${name}`);
    return node;
  }

  get nodes(): readonly FaultNode[] {
    return [...this.#nodes.values()];
  }

  /** kill -9. */
  async kill(name: string): Promise<void> {
    const { server } = this.node(name);
    this.#nodes.delete(name);
    await server.kill('SIGKILL');
  }

  /** Stops its process where it stands, as a machine does that is suspended; the load balancer leaves it out. */
  freeze(name: string): FaultNode {
    const node = this.node(name);
    this.#nodes.delete(name);
    process.kill(node.server.pid, 'SIGSTOP');
    return node;
  }

  /** Waits until a node that was replaced has ended by itself. */
  async ended(name: string, { server }: FaultNode): Promise<void> {
    await until(
      `node ${name} ends`,
      () => (existsSync(`/proc/${String(server.pid)}/fd/0`) ? undefined : true),
      ENDS_MS_MAX,
    );
    this.#nodes.delete(name);
  }

  /** What the process of a node has in memory. */
  residentBytes(name: string): number {
    const status = readFileSync(`/proc/${String(this.node(name).server.pid)}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * KIB;
  }

  /** What all of them wrote, for the reader of a row that fails. */
  logs(): string {
    return this.#servers.map((server) => server.output()).join('\n');
  }

  async close(): Promise<void> {
    for (const server of this.#servers) await server.kill('SIGKILL');
    await this.bus.stop();
    await this.database.stop();
    this.network?.close();
    this.#options.after?.();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
