import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { systemClock, type ClusterLinks } from '@gatehouse/broker';
import {
  StoreOpenError,
  type Bus,
  type ClusterStore,
  type JournalStore,
  type NodePlace,
  type RetainedLeft,
  type SharedJournalStore,
} from '@gatehouse/ports';
import { journalFile, journalSize, openJournal, type FileJournal } from '@gatehouse/store/journal';
import type { Moved } from '@gatehouse/store/node';
import type { Logger } from 'pino';
import type { Config } from '../config/schema.ts';
import type { NodeLinks } from '../data/all-nodes.ts';
import { nodeName } from './addresses.ts';
import { BusWatch } from './bus-watch.ts';
import type { JournalMethods } from '../control/messages.ts';
import type { DataDir } from './data-dir.ts';
import { Failure } from './failure.ts';
import { journalForBackup } from './journal-backup.ts';
import { VERSION } from './version.ts';

/** Where sessions and messages are kept, and the node's place where there may be others. */
export interface JournalHome {
  /** In the data directory, which nobody else writes to: it may be read while the store is being opened. */
  readonly isLocal: boolean;
  /** Undefined: `journal: memory`. */
  readonly open: (() => Promise<JournalStore>) | undefined;
  /** The other nodes, once the journal is open; undefined: there are none. */
  readonly cluster: (() => Promise<ClusterLinks>) | undefined;
  /** What nodes that ran beside this one have left; undefined: there can be none, or there are others. */
  readonly retainedLeft: (() => RetainedLeft) | undefined;
  /** Whether messages cross between all nodes that live; undefined: there are no others. */
  readonly isBusWell: () => boolean | undefined;
  /**
   * Takes the node's place where there may be others, the data directory being held and the store open. Returns the bytes
   * that are going to be read. Rejects with a `Failure` in words when the place is another's.
   */
  take(): Promise<number>;
  /** For backups. */
  readonly methods: JournalMethods;
  leave(): Promise<void>;
}

interface HomeOptions {
  readonly config: Config;
  readonly dir: DataDir;
  readonly log: Logger;
  readonly onFatal: (error: Error) => void;
  /** Whether another node may take this one's place before it can say that it lives. */
  readonly onLease: (isAtRisk: boolean) => void;
  /** The others can be asked, and may ask. */
  readonly onJoin: (links: NodeLinks) => void;
}

/** `journal.db` in the data directory; with `database_url` the node's journal in that database. Opens nothing yet. */
export function journalHome(options: HomeOptions): JournalHome {
  const { config, dir } = options;
  const isKept = config.journal === 'disk';
  let file: FileJournal | undefined;
  const methods = journalForBackup(() => file);
  const openFile = async (): Promise<FileJournal> => {
    file = await openJournal(dir.path);
    return file;
  };
  if (config.database_url.reveal() === '') {
    return {
      isLocal: true,
      open: isKept ? openFile : undefined,
      cluster: undefined,
      retainedLeft: undefined,
      isBusWell: () => undefined,
      take: () => Promise.resolve(isKept ? journalSize(dir.path) : 0),
      methods,
      leave: () => Promise.resolve(),
    };
  }
  return sharedHome(options, methods);
}

/** In the database, by itself or beside others. */
function sharedHome(options: HomeOptions, methods: JournalMethods): JournalHome {
  const { config } = options;
  const isKept = config.journal === 'disk';
  let place: NodePlace | undefined;
  let journal: SharedJournalStore | undefined;
  let bus: Bus | undefined;
  let watch: BusWatch | undefined;
  const openShared = async (): Promise<JournalStore> => {
    journal = await taken(place).openSharedJournal();
    await moveInto(journal, options);
    return journal;
  };
  const openOwn = async (): Promise<JournalStore> => {
    const own = await taken(place).openJournal();
    await moveInto(own, options);
    return own;
  };
  const join = async (): Promise<ClusterLinks> => {
    if (journal === undefined) throw new Error('the journal is not open');
    const store = await taken(place).cluster();
    bus = await openBus(options, taken(place), store.cluster);
    watch = watchBus(options, bus, store);
    options.onJoin({ bus, store });
    return { journal, store, bus, onFatal: options.onFatal };
  };
  const several = hasOthers(config);
  return {
    isLocal: false,
    open: isKept ? (several ? openShared : openOwn) : undefined,
    cluster: several ? join : undefined,
    retainedLeft: isKept && !several ? () => taken(place).retainedLeft() : undefined,
    isBusWell: () => watch?.isWell,
    take: async () => {
      place = await takeNodePlace(options);
      return isKept ? place.journalBytes() : 0;
    },
    methods,
    leave: async () => {
      watch?.close();
      await bus?.close();
      await place?.leave();
    },
  };
}

const hasOthers = (config: Config): boolean => config.bus_url.reveal() !== '';

function taken(place: NodePlace | undefined): NodePlace {
  if (place === undefined) throw new Error('the place of the node is not taken');
  return place;
}

async function openBus(
  { config, log }: HomeOptions,
  { node, incarnation }: NodePlace,
  cluster: string,
): Promise<Bus> {
  // Loaded only where there are several nodes.
  const { createNatsBus } = await import('@gatehouse/bus');
  const bus = createNatsBus({
    url: config.bus_url.reveal(),
    cluster,
    node,
    incarnation,
    onTrouble: (problem) => {
      log.warn({ problem }, 'the bus between the nodes is in trouble');
    },
  });
  bus.onState((isUp) => {
    log.info({ isUp }, isUp ? 'the bus between the nodes is there' : 'the bus between the nodes is gone');
  });
  return bus;
}

/** A bus that leads elsewhere takes what is said, and nobody hears it. */
function watchBus({ log }: HomeOptions, bus: Bus, store: ClusterStore): BusWatch {
  return new BusWatch({
    bus,
    nodes: () => store.nodes(),
    clock: systemClock,
    onSilent: (nodes) => {
      if (nodes.length === 0) log.info({}, 'all nodes are heard on the bus');
      else
        log.warn(
          { nodes },
          'nodes that live by the database are not heard on the bus: is `bus_url` the same NATS at all of them? Messages of QoS 0 do not reach them',
        );
    },
  });
}

async function takeNodePlace({ config, dir, log, onFatal, onLease }: HomeOptions): Promise<NodePlace> {
  // Loaded only where there is such a database.
  const { takePlace } = await import('@gatehouse/store/node');
  try {
    const place = await takePlace({
      url: config.database_url.reveal(),
      node: nodeName(config),
      holder: holderMark(dir),
      version: VERSION,
      host: hostname(),
      several: hasOthers(config),
      onLeaseAtRisk: () => {
        // By itself nobody takes its place: its clients stay while the database is away.
        if (!hasOthers(config)) return;
        log.warn({}, 'the database has not heard of this node for too long: clients are sent to the others');
        onLease(true);
      },
      onLeaseSafe: () => {
        onLease(false);
      },
      onFenced: onFatal,
      onClockApart: (problem) => {
        log.warn({ problem }, 'the clock of this machine and the database’s are apart');
      },
      onTrouble: (problem) => {
        log.warn({ problem }, 'the lease of this node cannot be renewed for now');
      },
    });
    if (place.unsafeSettings.length > 0)
      log.warn(
        { settings: place.unsafeSettings },
        'PostgreSQL may lose what it has committed when it fails: turn these settings on',
      );
    log.info({ node: place.node, incarnation: place.incarnation }, 'the place of this node is taken');
    return place;
  } catch (error) {
    if (error instanceof StoreOpenError) throw new Failure(error.message, undefined, { cause: error });
    throw error;
  }
}

/** Sessions of a server that kept them in its data directory go with it to the database. */
async function moveInto(journal: JournalStore, { dir, log }: HomeOptions): Promise<void> {
  const file = journalFile(dir.path);
  if (!existsSync(file)) return;
  const { moveJournal } = await import('@gatehouse/store/node');
  const old = await openJournal(dir.path);
  let moved: Moved;
  try {
    moved = await moveJournal(old, journal);
  } finally {
    await old.close();
  }
  if (moved.outcome === 'differs') {
    log.warn({ file }, 'sessions in the data directory are left there: the database has newer ones');
    return;
  }
  for (const suffix of ['', '-wal', '-shm'])
    if (existsSync(`${file}${suffix}`)) renameSync(`${file}${suffix}`, `${file}${suffix}.moved`);
  log.info(
    { segments: moved.segments },
    'sessions and messages of the data directory are in the database now',
  );
}

const HOLDER_BYTES = 16;

/** A random mark in the data directory, by which the server knows its own place again after a crash. */
function holderMark(dir: DataDir): string {
  const file = `${dir.path}/node.mark`;
  if (!existsSync(file))
    writeFileSync(file, `${randomBytes(HOLDER_BYTES).toString('base64url')}\n`, { mode: 0o600 });
  return readFileSync(file, 'utf8').trim();
}
