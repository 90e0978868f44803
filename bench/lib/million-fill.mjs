// Fills a store of its own with refused clients by plain SQL: indexes and triggers are made afterwards, for speed.
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { refusedClients } from './million-rows.mjs';

const require = createRequire(new URL('../../packages/store/package.json', import.meta.url));

const CLIENT_COLUMNS = [
  'id',
  'generation',
  'key',
  'class_id',
  'client_id',
  'username',
  'ip',
  'ip_key',
  'first_at',
  'last_at',
  'attempts',
];
const DETAIL_COLUMNS = ['id', 'detail_text', 'shown', 'inside', 'samples'];

/** Rows as both databases keep them: `each` gets one client, `ofClass` a class that was not there before. */
async function eachRow(count, now, { each, ofClass }) {
  const classes = new Map();
  for (const row of refusedClients(count, now)) {
    const facts = [row.reason, row.listener, row.protocol, row.password, row.tls, row.resolved];
    const key = facts.join();
    if (!classes.has(key)) {
      classes.set(key, classes.size + 1);
      await ofClass([classes.size, ...facts]);
    }
    const pending = each({
      row,
      client: [
        row.id,
        1,
        createHash('sha256').update(row.clientId).digest('hex'),
        classes.get(key),
        row.clientId,
        row.username,
        row.ip,
        row.ipKey,
        row.firstAt,
        row.lastAt,
        row.attempts,
      ],
      detail: [row.id, row.detail, JSON.stringify(shownOf(row)), INSIDE, '[]'],
    });
    if (pending !== undefined) await pending;
  }
}

const INSIDE = JSON.stringify({
  ref: '',
  certificate: null,
  trace: [
    { authenticator: 'builtin', type: 'builtin', outcome: 'ignore', reason: null, detail: {}, ms: 0.4 },
  ],
  evidence: {
    distinctSecrets: 1,
    distinctSecretsCapped: false,
    mismatchHints: [],
    interval: { medianSeconds: 60, regularity: 0.9 },
    lastGoodLogin: null,
  },
  signatures: [],
});

const shownOf = (row) => ({
  hasClientId: true,
  clientIdTruncated: false,
  hasUsername: row.username !== '',
  ips: [row.ip],
  detail: { found: row.detail },
  connackCode: 134,
  authenticator: 'builtin',
  node: 'n1',
  keepAliveSeconds: 60,
  cleanStart: true,
  pskIdentity: null,
  resolvedAt: null,
});

const COUNTS = `INSERT INTO unauthorized_counts
  SELECT generation, class_id, count(*), sum(attempts) FROM unauthorized_clients GROUP BY 1, 2`;

const TUPLES_PER_STATEMENT = 200;

/** Collects tuples and inserts them many at a time. */
function sqliteInserter(database, table, columns) {
  const sql = (count) =>
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES ${Array(count)
      .fill(`(${columns.map(() => '?').join(', ')})`)
      .join(', ')}`;
  const full = database.prepare(sql(TUPLES_PER_STATEMENT));
  let values = [];
  return {
    flush: () => {
      if (values.length > 0) database.prepare(sql(values.length / columns.length)).run(values);
      values = [];
    },
    add: (tuple) => {
      values.push(...tuple);
      if (values.length < TUPLES_PER_STATEMENT * columns.length) return;
      full.run(values);
      values = [];
    },
  };
}

/** Fills the migrated database file `path` with `count` rows that end at `now`. */
export async function fillSqlite(path, count, now) {
  const Database = require('libsql');
  const database = new Database(path);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA cache_size = -500000');
  const later = database
    .prepare(
      `SELECT name, type, sql FROM sqlite_master
       WHERE tbl_name = 'unauthorized_clients' AND type IN ('index', 'trigger') AND sql IS NOT NULL`,
    )
    .all([]);
  for (const { name, type } of later) database.exec(`DROP ${type} ${name}`);
  database.exec('BEGIN');
  const clients = sqliteInserter(database, 'unauthorized_clients', CLIENT_COLUMNS);
  const details = sqliteInserter(database, 'unauthorized_details', DETAIL_COLUMNS);
  const search = sqliteInserter(database, 'unauthorized_search', ['rowid', 'texts']);
  await eachRow(count, now, {
    ofClass: (values) =>
      database.prepare('INSERT INTO unauthorized_classes VALUES (?, ?, ?, ?, ?, ?, ?)').run(values),
    each: ({ row, client, detail }) => {
      clients.add(client);
      details.add(detail);
      search.add([row.id, [row.clientId, row.username, row.ip, row.detail].join('\n')]);
    },
  });
  for (const table of [clients, details, search]) table.flush();
  database.exec(COUNTS);
  for (const { sql } of later) database.exec(sql);
  database.exec('COMMIT');
  database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all([]);
  database.close();
}

const ROWS_PER_STATEMENT = 5_000;

/** Collects tuples and sends them as one value of JSON. */
function postgresqlInserter(client, table, columns) {
  let rows = [];
  const flush = async () => {
    const sent = JSON.stringify(rows);
    rows = [];
    await client.query(
      `INSERT INTO ${table} (${columns.join(', ')})
       SELECT ${columns.join(', ')} FROM json_populate_recordset(NULL::${table}, $1)`,
      [sent],
    );
  };
  return {
    flush,
    add: (tuple) => {
      rows.push(Object.fromEntries(columns.map((column, index) => [column, tuple[index]])));
      return rows.length < ROWS_PER_STATEMENT ? undefined : flush();
    },
  };
}

/** Fills the migrated database at `url` with `count` rows that end at `now`. */
export async function fillPostgresql(url, count, now) {
  const { Client } = require('pg');
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows: indexes } = await client.query(
    `SELECT indexname AS name, indexdef AS sql FROM pg_indexes
     WHERE schemaname = current_schema() AND tablename IN ('unauthorized_clients', 'unauthorized_search')
       AND indexname NOT LIKE '%_pkey'`,
  );
  await client.query('BEGIN');
  await client.query("SET LOCAL synchronous_commit = off; SET LOCAL maintenance_work_mem = '512MB'");
  await client.query('ALTER TABLE unauthorized_clients DISABLE TRIGGER USER');
  for (const { name } of indexes) await client.query(`DROP INDEX ${name}`);
  const clients = postgresqlInserter(client, 'unauthorized_clients', CLIENT_COLUMNS);
  const details = postgresqlInserter(client, 'unauthorized_details', DETAIL_COLUMNS);
  const search = postgresqlInserter(client, 'unauthorized_search', [
    'id',
    'client_id',
    'username',
    'ip',
    'detail',
  ]);
  await eachRow(count, now, {
    ofClass: (values) =>
      client.query('INSERT INTO unauthorized_classes VALUES ($1, $2, $3, $4, $5, $6, $7)', values),
    each: async ({ row, client: tuple, detail }) => {
      await clients.add(tuple);
      await details.add(detail);
      await search.add([row.id, row.clientId, row.username, row.ip, row.detail]);
    },
  });
  // Details refer to clients.
  for (const table of [clients, details, search]) await table.flush();
  await client.query(COUNTS);
  for (const { sql } of indexes) await client.query(sql);
  await client.query('ALTER TABLE unauthorized_clients ENABLE TRIGGER USER');
  await client.query(
    `SELECT setval(pg_get_serial_sequence('unauthorized_clients', 'id'), $1),
            setval(pg_get_serial_sequence('unauthorized_classes', 'id'), (SELECT max(id) FROM unauthorized_classes))`,
    [count],
  );
  await client.query('COMMIT');
  await client.query('VACUUM ANALYZE');
  await client.end();
}
