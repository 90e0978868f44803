import { z } from 'zod';
import type { StoreRecord } from '@gatehouse/ports';

/** Raised when an older version could not read what this one writes. */
export const FORMAT = 1;

const head = z.object({
  kind: z.literal('backup'),
  format: z.number().int(),
  /** The version that made it. */
  gatehouse: z.string(),
  createdAt: z.iso.datetime(),
  /** Tells one secret key from another; nothing of the key can be learned from it. */
  keyId: z.string(),
  withKey: z.boolean(),
});

const value = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const count = z.int().min(0);

/** A line of a backup. What it is made of, docs/adr/0038 tells. */
const record = z.discriminatedUnion('kind', [
  head,
  z.object({
    kind: z.literal('schema'),
    store: z.enum(['sqlite', 'postgresql']),
    migrations: z.array(z.string()),
  }),
  z.object({ kind: z.literal('table'), name: z.string(), columns: z.array(z.string()) }),
  z.object({ kind: z.literal('rows'), rows: z.array(z.array(value)) }),
  z.object({ kind: z.literal('table-end'), rows: count, numbered: count.nullable() }),
  z.object({ kind: z.literal('segment'), number: count, bytes: z.string() }),
  z.object({
    kind: z.literal('file'),
    path: z.string().regex(/^pki\/(?:[\w-][\w.-]*\/)*[\w-][\w.-]*$/),
    mode: z.int(),
    bytes: z.string(),
  }),
  z.object({ kind: z.literal('secret-key'), key: z.string() }),
  z.object({ kind: z.literal('failed'), problem: z.string() }),
  z.object({ kind: z.literal('end'), records: count, sha256: z.string() }),
]);

export type BackupHead = Readonly<z.output<typeof head>>;
/** A file of the data directory. */
export interface FileRecord {
  readonly kind: 'file';
  /** Within the data directory. */
  readonly path: string;
  readonly mode: number;
  /** Base64. */
  readonly bytes: string;
}
export type BackupRecord =
  | BackupHead
  | StoreRecord
  | FileRecord
  | { readonly kind: 'secret-key'; readonly key: string }
  /** It could not be finished. */
  | { readonly kind: 'failed'; readonly problem: string }
  | { readonly kind: 'end'; readonly records: number; readonly sha256: string };

/** Undefined when the line is none of a backup. */
export function parseRecord(line: string): BackupRecord | undefined {
  try {
    return record.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

export const isHead = (one: BackupRecord | undefined): one is BackupHead => one?.kind === 'backup';

/** Whether it is the store's own. */
export const isOfStore = (one: BackupRecord): one is StoreRecord =>
  one.kind === 'schema' ||
  one.kind === 'table' ||
  one.kind === 'rows' ||
  one.kind === 'table-end' ||
  one.kind === 'segment';
