/**
 * PostgreSQL's advisory locks of ours: one writer of the refused clients, of the audit, and of denials at a time over all
 * nodes. `interest` is held alone by who changes it, and shared by who relies on it (migration `cluster`).
 */
export const ADVISORY_LOCK = {
  unauthorized: 7_301,
  audit: 7_302,
  migrations: 7_303,
  nodes: 7_304,
  denials: 7_305,
  interest: 7_310,
} as const;
