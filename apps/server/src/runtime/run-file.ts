import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { DataDir } from './data-dir.ts';

const port = z.number().int().nullable();

const runFileSchema = z.object({
  pid: z.number().int(),
  version: z.string(),
  startedAt: z.string(),
  ports: z.object({ tcp: port, tls: port, ws: port, wss: port, api: port, console: port }),
});

/** `run.json`: who runs on a data directory and where it listens; no secret. Null: this listener is off. */
export type RunFile = z.infer<typeof runFileSchema>;

/** Written whole or not at all, readable by its owner only. */
export function writeRunFile(dir: DataDir, content: RunFile): void {
  const draft = `${dir.runFile}.${content.pid}.tmp`;
  writeFileSync(draft, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, dir.runFile);
}

/** Undefined when there is none, or none that can be read. It may be stale: only the lock says who runs. */
export function readRunFile(dir: DataDir): RunFile | undefined {
  try {
    return runFileSchema.parse(JSON.parse(readFileSync(dir.runFile, 'utf8')));
  } catch {
    return undefined;
  }
}

export function removeRunFile(dir: DataDir): void {
  rmSync(dir.runFile, { force: true });
}
