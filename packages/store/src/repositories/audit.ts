import { createHash, randomUUID } from 'node:crypto';
import type { AuditEntry, AuditFilter, AuditRepository, AuditWrite } from '@gatehouse/ports';
import type { Database, Session } from '../database.ts';
import { auditFromRow } from '../queries/audit.ts';
import { storable, json, text } from '../sql.ts';
import { ADVISORY_LOCK } from '../postgresql/advisory-lock.ts';

/** What the first entry is chained to. */
const GENESIS_HASH = '0'.repeat(64);
/** Entries read at once when the chain is verified. */
const VERIFY_CHUNK = 500;

export function createAudit({ read, write, query }: Database): AuditRepository {
  async function* stream(filter: AuditFilter, chunk: number): AsyncGenerator<readonly AuditEntry[]> {
    let after = 0;
    for (;;) {
      const { items, last } = await query('audit.chunk', { filter, after, limit: chunk });
      if (items.length > 0) yield items;
      if (items.length < chunk) return;
      after = last;
    }
  }
  return {
    append: (entry) => write((session) => append(session, entry)),
    page: (filter, request) => query('audit.page', { filter, request }),
    get: (id) =>
      read(async ({ sql }) => {
        const [row] = await sql.all('SELECT * FROM audit_entries WHERE id = ?', [id]);
        return row === undefined ? null : auditFromRow(row);
      }),
    stream,
    verify: async () => {
      let previousHash = GENESIS_HASH;
      let entries = 0;
      for await (const chunk of stream({}, VERIFY_CHUNK)) {
        for (const entry of chunk) {
          entries += 1;
          if (entry.previousHash !== previousHash || entry.hash !== hashOf(entry))
            return { entries, brokenAt: entry.id };
          previousHash = entry.hash;
        }
      }
      return { entries, brokenAt: null };
    },
  };
}

async function append({ prisma, sql }: Session, entry: AuditWrite): Promise<AuditEntry> {
  if (sql.dialect === 'postgresql') await sql.run('SELECT pg_advisory_xact_lock(?)', [ADVISORY_LOCK.audit]);
  const [last] = await sql.all('SELECT hash FROM audit_entries ORDER BY seq DESC LIMIT 1');
  // What is hashed is what will be read back: stored text, not what was given.
  const before = json(entry.before);
  const after = json(entry.after);
  const unsealed = {
    ...entry,
    id: randomUUID(),
    actor: { kind: entry.actor.kind, id: storable(entry.actor.id), name: storable(entry.actor.name) },
    target:
      entry.target === null
        ? null
        : {
            kind: entry.target.kind,
            id: storable(entry.target.id),
            name: storable(entry.target.name),
          },
    before: JSON.parse(before) as unknown,
    after: JSON.parse(after) as unknown,
    ip: storable(entry.ip),
    requestId: storable(entry.requestId),
    previousHash: last === undefined ? GENESIS_HASH : text(last, 'hash'),
  };
  const sealed: AuditEntry = { ...unsealed, hash: hashOf(unsealed) };
  await prisma.auditEntry.create({
    data: {
      id: sealed.id,
      at: BigInt(sealed.at),
      actorKind: sealed.actor.kind,
      actorId: sealed.actor.id,
      actorName: sealed.actor.name,
      action: sealed.action,
      targetKind: sealed.target?.kind ?? null,
      targetId: sealed.target?.id ?? null,
      targetName: sealed.target?.name ?? null,
      before,
      after,
      ip: sealed.ip,
      requestId: sealed.requestId,
      previousHash: sealed.previousHash,
      hash: sealed.hash,
    },
  });
  return sealed;
}

/** SHA-256 over the entry as canonical JSON (members sorted at every depth), which includes the hash before it. */
function hashOf(entry: Omit<AuditEntry, 'hash'>): string {
  const { id, at, actor, action, target, before, after, ip, requestId, previousHash } = entry;
  const covered = { id, at, actor, action, target, before, after, ip, requestId, previousHash };
  return createHash('sha256').update(canonicalJson(covered)).digest('hex');
}

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
