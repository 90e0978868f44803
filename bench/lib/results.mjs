import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../results/', import.meta.url));

/** Writes `results/<name>.json`, replacing the last run's. */
export function writeResult(name, result) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}${name}.json`, `${JSON.stringify(result, null, 2)}\n`);
  console.log(`→ bench/results/${name}.json`);
}

/** What the last run wrote; nothing where there was none. */
export function readResult(name) {
  const file = `${folder}${name}.json`;
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}
