// Generates the Prisma clients of both providers into src/generated; does nothing when they are up to date.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const prismaDir = fileURLToPath(new URL('../../../prisma/', import.meta.url));
const generatedDir = fileURLToPath(new URL('../src/generated/', import.meta.url));
const packagePath = require.resolve('prisma/package.json');
const { version, bin } = require(packagePath);

for (const provider of ['sqlite', 'postgresql']) {
  const folder = join(prismaDir, provider);
  const output = join(generatedDir, provider);
  const stampPath = join(output, '.stamp');
  const stamp = stampOf(folder);
  if (existsSync(stampPath) && readFileSync(stampPath, 'utf8') === stamp) continue;
  rmSync(output, { recursive: true, force: true });
  const cli = join(dirname(packagePath), bin.prisma);
  const config = join(folder, 'prisma.config.mjs');
  execFileSync(process.execPath, [cli, 'generate', '--config', config], { cwd: folder, stdio: 'pipe' });
  writeFileSync(stampPath, stamp);
}

/** What the output depends on: Prisma's version, the provider's schema and the shared models. */
function stampOf(folder) {
  const hash = createHash('sha256').update(version);
  for (const dir of [folder, join(folder, 'models')]) {
    const names = readdirSync(dir).filter((name) => name.endsWith('.prisma') || name === 'prisma.config.mjs');
    for (const name of names.sort()) hash.update(name).update(readFileSync(join(dir, name)));
  }
  return hash.digest('hex');
}
