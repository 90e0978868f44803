import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runToEnd } from '../../../packages/connectors/test/support/programs.ts';

/** A file system of its own that can be filled. */
export interface SmallDisk {
  readonly path: string;
  /** Takes all room that is left. */
  fill(): void;
  /** Gives it back. */
  empty(): void;
  discard(): void;
}

const mount = (path: string, bytes: number): ReturnType<typeof spawnSync> =>
  spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${String(bytes)},mode=755`, 'gatehouse', path], {
    encoding: 'utf8',
  });

/** Why none can be made here; undefined when it can. */
export function withoutSmallDisks(): string | undefined {
  const path = mkdtempSync(join(tmpdir(), 'gatehouse-disk-'));
  const { status, stderr, error } = mount(path, 1024 * 1024);
  if (status === 0) runToEnd('umount', [path]);
  rmSync(path, { recursive: true, force: true });
  return status === 0
    ? undefined
    : `no tmpfs can be mounted here: ${error?.message ?? String(stderr).trim()}`;
}

export function smallDisk(bytes: number): SmallDisk {
  const path = mkdtempSync(join(tmpdir(), 'gatehouse-disk-'));
  const { status, stderr } = mount(path, bytes);
  if (status !== 0) throw new Error(`no small disk: ${String(stderr)}`);
  const ballast = join(path, 'ballast');
  return {
    path,
    fill: () => {
      const { bavail, bsize } = statfsSync(path);
      writeFileSync(ballast, Buffer.alloc(bavail * bsize));
    },
    empty: () => {
      rmSync(ballast);
    },
    discard: () => {
      runToEnd('umount', ['-l', path]);
      rmSync(path, { recursive: true, force: true });
    },
  };
}
