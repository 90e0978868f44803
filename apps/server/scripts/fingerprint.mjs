import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Where the bundle lies, and what it was made of. */
export const bundleFolder = join(root, 'apps', 'server', 'bundle');
export const fingerprintFile = join(bundleFolder, 'fingerprint');

/**
 * What the built code is, in one hash: the compiler's notes of each package name every source with its version.
 * Read rather than compared by time, because a build that is restored from a cache has the times of its restoring.
 */
export function fingerprint() {
  const packages = readdirSync(join(root, 'packages')).map((name) => join(root, 'packages', name));
  const hash = createHash('sha256');
  for (const folder of [...packages.sort(), join(root, 'apps', 'server')]) {
    hash.update(notesOf(folder));
  }
  return hash.digest('hex');
}

function notesOf(folder) {
  try {
    return readFileSync(join(folder, 'dist', '.tsbuildinfo'));
  } catch {
    return 'not built';
  }
}

/** Whether the bundle was made of the code as it is built now. */
export function bundleIsFresh() {
  try {
    return readFileSync(fingerprintFile, 'utf8') === fingerprint();
  } catch {
    return false;
  }
}
