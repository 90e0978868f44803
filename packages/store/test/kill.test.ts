import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { openStore } from '../src/open.ts';
import { temporaryDirectory, testClock } from './support/stores.ts';

const ROUNDS = 3;
const ANSWERS_PER_ROUND = 20;
const directory = temporaryDirectory();
afterAll(() => {
  directory.discard();
});

/** Lets a process write until it has been answered a number of times, and kills it in the middle of the next write. */
async function writeAndKill(round: number): Promise<readonly string[]> {
  const script = fileURLToPath(new URL('support/writer.mjs', import.meta.url));
  const child = spawn(process.execPath, [script, directory.path, String(round)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const answered: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    answered.push(line);
    if (answered.length === ANSWERS_PER_ROUND) child.kill('SIGKILL');
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return answered;
}

test('after kill -9, what was answered is there, and there is an audit line for each change and no other', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const answered = await writeAndKill(round);
    expect(answered.length).toBeGreaterThanOrEqual(ANSWERS_PER_ROUND);
    const store = await openStore({ url: '', dataDir: directory.path, clock: testClock() });
    try {
      for (const username of answered) {
        expect(await store.credentials.findByIdentity({ username, clientId: null })).not.toBeNull();
      }
      const audited: string[] = [];
      for await (const chunk of store.audit.stream({}, 100))
        audited.push(...chunk.map(({ requestId }) => requestId));
      const written: (string | null)[] = [];
      for await (const chunk of store.credentials.stream({}, 100))
        written.push(...chunk.map(({ username }) => username));
      expect(audited.sort()).toEqual(written.sort());
      expect(await store.audit.verify()).toEqual({ entries: written.length, brokenAt: null });
    } finally {
      await store.close();
    }
  }
}, 60_000);
