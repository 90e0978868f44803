/** Tables that a backup holds, each behind those that its rows refer to. */
export const KEPT_TABLES = [
  'settings',
  'users',
  'user_identities',
  'recovery_codes',
  'invitations',
  'api_keys',
  'credentials',
  'access_rules',
  'blocks',
  'certificates',
  'alert_rules',
  'alert_channels',
  'alert_silences',
  'alerts',
  'alert_deliveries',
  'alert_seen',
  'access_denials',
  'access_denial_aggregates',
  'series_points',
  'unauthorized_state',
  'unauthorized_classes',
  'unauthorized_clients',
  'unauthorized_details',
  'unauthorized_identities',
  'unauthorized_refs',
  'unauthorized_aggregates',
  'unauthorized_deletions',
  'audit_entries',
] as const;

/**
 * Tables that it leaves out: logins, which end with a restore; what the rows of others give; the journal, which goes by
 * segments; who runs; what servers that run tell each other, and have for each other.
 */
export const LEFT_OUT_TABLES = [
  'user_sessions',
  'unauthorized_counts',
  'unauthorized_search',
  'journal_segments',
  'nodes',
  'change_log',
  'node_heirs',
  'cluster',
  'node_interest',
  'node_mail',
  'client_claims',
  'retained_messages',
  '_prisma_migrations',
] as const;

/** Functions of the schema in PostgreSQL. */
export const POSTGRESQL_FUNCTIONS = [
  'audit_is_append_only',
  'unauthorized_count',
  'note_change_of',
  'note_credentials',
  'note_credential',
  'note_blocks',
  'note_block',
  'node_commit',
  'node_claim',
  'interest_key',
  'name_key',
] as const;
