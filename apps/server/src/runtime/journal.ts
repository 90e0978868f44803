import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { StoreOpenError, type JournalStore, type NodePlace } from '@gatehouse/ports';
import { journalFile, journalSize, openJournal, type FileJournal } from '@gatehouse/store/journal';
import type { Moved } from '@gatehouse/store/node';
import type { Logger } from 'pino';
import type { Config } from '../config/schema.ts';
import { nodeName } from './addresses.ts';
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
      take: () => Promise.resolve(isKept ? journalSize(dir.path) : 0),
      methods,
      leave: () => Promise.resolve(),
    };
  }
  let place: NodePlace | undefined;
  return {
    isLocal: false,
    open: isKept ? () => openMoved(place, options) : undefined,
    take: async () => {
      place = await takeNodePlace(options);
      return isKept ? place.journalBytes() : 0;
    },
    methods,
    leave: async () => {
      await place?.leave();
    },
  };
}

async function takeNodePlace({ config, dir, log, onFatal }: HomeOptions): Promise<NodePlace> {
  // Loaded only where there is such a database.
  const { takePlace } = await import('@gatehouse/store/node');
  try {
    const place = await takePlace({
      url: config.database_url.reveal(),
      node: nodeName(config),
      holder: holderMark(dir),
      version: VERSION,
      host: hostname(),
      onFenced: onFatal,
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
async function openMoved(place: NodePlace | undefined, { dir, log }: HomeOptions): Promise<JournalStore> {
  if (place === undefined) throw new Error('the place of the node is not taken');
  const journal = await place.openJournal();
  const file = journalFile(dir.path);
  if (!existsSync(file)) return journal;
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
    return journal;
  }
  for (const suffix of ['', '-wal', '-shm'])
    if (existsSync(`${file}${suffix}`)) renameSync(`${file}${suffix}`, `${file}${suffix}.moved`);
  log.info(
    { segments: moved.segments },
    'sessions and messages of the data directory are in the database now',
  );
  return journal;
}

const HOLDER_BYTES = 16;

/** A random mark in the data directory, by which the server knows its own place again after a crash. */
function holderMark(dir: DataDir): string {
  const file = `${dir.path}/node.mark`;
  if (!existsSync(file))
    writeFileSync(file, `${randomBytes(HOLDER_BYTES).toString('base64url')}\n`, { mode: 0o600 });
  return readFileSync(file, 'utf8').trim();
}
