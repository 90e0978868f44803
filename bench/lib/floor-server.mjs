// The least that a refusal can cost here: a Node socket that answers CONNACK and closes, and, with a database named, a thread
// that writes the refused client's row with SQLite's own statements into the store's real tables. Nothing is parsed but the two
// names, nothing is decided, explained, throttled or checked. What a target asks beyond this floor's ratio cannot be reached.
import { hash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { createRequire } from 'node:module';

const FLUSH_MS = 250;
const ROWS_PER_STATEMENT = 32;
const REFUSED = Buffer.from([0x20, 2, 0, 4]);
const MIGRATIONS = new URL('../../prisma/sqlite/migrations/', import.meta.url);

function openDatabase(file) {
  const require = createRequire(new URL('../../packages/store/package.json', import.meta.url));
  const Libsql = require('libsql');
  const database = new Libsql(file);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -16384');
  const folders = readdirSync(MIGRATIONS, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const { name } of folders.sort((one, other) => (one.name < other.name ? -1 : 1)))
    database.exec(readFileSync(new URL(`${name}/migration.sql`, MIGRATIONS), 'utf8'));
  database.exec(
    `INSERT INTO unauthorized_classes (reason, listener, protocol, password_provided, tls_used, resolved)
     VALUES ('BASIC_PASSWORD_MISMATCH', 'tcp', 4, 1, 0, 0)`,
  );
  return database;
}

const tuples = (rows, columns) =>
  Array(rows)
    .fill(`(${Array(columns).fill('?').join()})`)
    .join();

/** Writes rows of `[clientId, username, ip]` as one transaction. */
function rowWriter(file) {
  const database = openDatabase(file);
  const statements = new Map();
  const run = (sql, values) => {
    if (!statements.has(sql)) statements.set(sql, database.prepare(sql));
    return statements.get(sql).run(values);
  };
  let id = 0;
  const write = (rows) => {
    const at = Date.now();
    const ids = rows.map(() => (id += 1));
    run(
      `INSERT INTO unauthorized_clients (id, generation, key, class_id, client_id, username, ip, ip_key, first_at, last_at, attempts)
       VALUES ${tuples(rows.length, 11)}`,
      rows.flatMap(([clientId, username, ip], n) => [
        ids[n],
        1,
        hash('sha256', clientId, 'base64url'),
        1,
        clientId,
        username,
        ip,
        ip,
        at,
        at,
        1,
      ]),
    );
    run(
      `INSERT INTO unauthorized_details (id, detail_text, shown, inside, samples) VALUES ${tuples(rows.length, 5)}`,
      rows.flatMap(([clientId, username, ip], n) => [ids[n], username, clientId.padEnd(600, '.'), ip, '[]']),
    );
    run(
      `REPLACE INTO unauthorized_search (rowid, texts) VALUES ${tuples(rows.length, 2)}`,
      rows.flatMap((texts, n) => [ids[n], texts.join('\n')]),
    );
  };
  return (rows) => {
    database.exec('BEGIN IMMEDIATE');
    for (let from = 0; from < rows.length; from += ROWS_PER_STATEMENT)
      write(rows.slice(from, from + ROWS_PER_STATEMENT));
    database.exec('COMMIT');
  };
}

/** The field of a length and so many bytes at `at`, and where the next begins. */
function field(bytes, at) {
  const end = at + 2 + bytes.readUInt16BE(at);
  return [bytes.toString('utf8', at + 2, end), end];
}

function serve(port, recorder) {
  let rows = [];
  if (recorder !== undefined)
    setInterval(() => {
      if (rows.length === 0) return;
      recorder.postMessage(rows);
      rows = [];
    }, FLUSH_MS);
  createServer({ noDelay: true }, (socket) => {
    socket.once('data', (bytes) => {
      const body = bytes[1] < 128 ? 2 : 3;
      const [clientId, afterId] = field(bytes, body + 10);
      const [username] = field(bytes, afterId);
      if (recorder !== undefined) rows.push([clientId, username, socket.remoteAddress ?? '']);
      socket.end(REFUSED);
    });
    socket.on('error', () => undefined);
  }).listen(port, '127.0.0.1');
}

if (isMainThread) {
  const [port, file] = process.argv.slice(2);
  serve(
    Number(port),
    file === undefined ? undefined : new Worker(new URL(import.meta.url), { workerData: { file } }),
  );
} else parentPort.on('message', rowWriter(workerData.file));
