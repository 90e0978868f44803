/** PostgreSQL's advisory locks of ours: one writer of the refused clients, of the audit, and of denials at a time over all nodes. */
export const ADVISORY_LOCK = {
  unauthorized: 7_301,
  audit: 7_302,
  migrations: 7_303,
  nodes: 7_304,
  denials: 7_305,
} as const;
