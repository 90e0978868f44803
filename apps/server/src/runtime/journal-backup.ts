import { existsSync } from 'node:fs';
import type { HeldJournal } from '@gatehouse/ports';
import { journalFile, openJournal, type FileJournal } from '@gatehouse/store/journal';
import type { Config } from '../config/schema.ts';
import type { JournalMethods } from '../control/messages.ts';
import type { DataDir } from './data-dir.ts';

/** A running server's journal for its control plane, which makes the backups; `journal`: undefined until it is open. */
export function journalForBackup(journal: () => FileJournal | undefined): JournalMethods {
  let held: HeldJournal | undefined;
  const release = async (): Promise<void> => {
    await held?.release();
    held = undefined;
  };
  return {
    holdJournal: async () => {
      await release();
      held = journal()?.hold();
      return held && { after: held.after, until: held.until };
    },
    readJournal: (after) => held?.read(after) ?? Promise.resolve([]),
    releaseJournal: release,
  };
}

/** The same while no server runs, the data directory being held. */
export async function holdJournalFile(config: Config, dir: DataDir): Promise<HeldJournal | undefined> {
  // With PostgreSQL it is in there.
  if (config.database_url.reveal() !== '' || !existsSync(journalFile(dir.path))) return undefined;
  const journal = await openJournal(dir.path);
  return {
    after: 0,
    until: Number.MAX_SAFE_INTEGER,
    read: (after) => journal.read(after),
    release: () => journal.close(),
  };
}
