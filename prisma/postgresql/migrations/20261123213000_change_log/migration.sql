-- What servers on this database hold in memory and another one has changed (ADR 0040). Written by SQL alone: no model.
-- Triggers write it, so that no change can be committed without its row, whoever makes it: a verb of the API, an import, a
-- server of the release before, or an operator by hand.

CREATE TABLE "change_log" (
  -- Order within a transaction, and between those that wait for each other. Numbers of others may appear late: readers go
  -- by "xid" and the snapshots of what they have seen, never by `seq > last`.
  "seq" BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  "xid" XID8 NOT NULL DEFAULT pg_current_xact_id(),
  "at" TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
  -- The server that made it, which has put it in force already; null or empty: none.
  "origin" TEXT DEFAULT current_setting('gatehouse.origin', true),
  "kind" TEXT NOT NULL,
  "ids" TEXT[] NOT NULL DEFAULT '{}',
  -- JSON; what is in it depends on the kind. Never a secret.
  "detail" TEXT NOT NULL DEFAULT '{}'
);
CREATE INDEX "change_log_xid" ON "change_log" ("xid");
CREATE INDEX "change_log_at" ON "change_log" ("at");

-- Once per transaction: of these everything is read again.
CREATE FUNCTION "note_change_of"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO "change_log" ("kind") SELECT TG_ARGV[0] WHERE NOT EXISTS (
        SELECT 1 FROM "change_log" WHERE "xid" = pg_current_xact_id() AND "kind" = TG_ARGV[0]);
    RETURN NULL;
END $$;

-- Per statement: an import of many writes few rows.
CREATE FUNCTION "note_credentials"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO "change_log" ("kind", "ids", "detail")
    SELECT 'credentials', array_agg("id"), json_build_object('type', "type", 'ends', TG_OP = 'DELETE')
    FROM (SELECT "id", "type", (row_number() OVER (PARTITION BY "type") - 1) / 500 AS "part" FROM "some_rows") AS r
    GROUP BY "type", "part";
    RETURN NULL;
END $$;

-- `ends`: sessions that it admitted must close, as `endsSessions` of the API has it. That a hash was made better is no change.
CREATE FUNCTION "note_credential"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    "ends" BOOLEAN := (OLD."enabled" AND NOT NEW."enabled")
        OR ROW(OLD."username", OLD."client_id", OLD."type", OLD."identity")
            IS DISTINCT FROM ROW(NEW."username", NEW."client_id", NEW."type", NEW."identity")
        OR (OLD."passwordless" AND NOT NEW."passwordless")
        OR (OLD."superuser" AND NOT NEW."superuser")
        OR (NEW."expires_at" IS NOT NULL AND (OLD."expires_at" IS NULL OR NEW."expires_at" < OLD."expires_at"))
        OR (OLD."facts" LIKE '%"skipValidity":true%' AND NEW."facts" NOT LIKE '%"skipValidity":true%')
        -- Without a grace period the previous secret ended when the new one was set.
        OR (OLD."version" <> NEW."version" AND OLD."secret_hash" IS DISTINCT FROM NEW."secret_hash"
            AND NOT coalesce(NEW."previous_valid_until" > NEW."secret_changed_at", false));
BEGIN
    INSERT INTO "change_log" ("kind", "ids", "detail")
    SELECT 'credentials', ARRAY[NEW."id"], json_build_object('type', "type", 'ends', "ends")
    FROM (SELECT OLD."type" UNION SELECT NEW."type") AS types ("type");
    RETURN NULL;
END $$;

CREATE TRIGGER "credentials_inserted" AFTER INSERT ON "credentials"
    REFERENCING NEW TABLE AS "some_rows" FOR EACH STATEMENT EXECUTE FUNCTION "note_credentials"();
CREATE TRIGGER "credentials_deleted" AFTER DELETE ON "credentials"
    REFERENCING OLD TABLE AS "some_rows" FOR EACH STATEMENT EXECUTE FUNCTION "note_credentials"();
-- By columns: that a credential was used is written all the time, and is no change.
CREATE TRIGGER "credentials_updated" AFTER UPDATE OF "version", "type", "identity", "username", "client_id",
    "passwordless", "superuser", "enabled", "expires_at", "tags", "rules", "facts", "previous_valid_until" ON "credentials"
    FOR EACH ROW
    WHEN (ROW(OLD."version", OLD."type", OLD."identity", OLD."username", OLD."client_id", OLD."passwordless",
              OLD."superuser", OLD."enabled", OLD."expires_at", OLD."tags", OLD."rules", OLD."facts", OLD."previous_valid_until")
        IS DISTINCT FROM ROW(NEW."version", NEW."type", NEW."identity", NEW."username", NEW."client_id", NEW."passwordless",
              NEW."superuser", NEW."enabled", NEW."expires_at", NEW."tags", NEW."rules", NEW."facts", NEW."previous_valid_until"))
    EXECUTE FUNCTION "note_credential"();
CREATE TRIGGER "credentials_truncated" AFTER TRUNCATE ON "credentials"
    FOR EACH STATEMENT EXECUTE FUNCTION "note_change_of"('everything');

CREATE FUNCTION "note_blocks"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO "change_log" ("kind", "ids")
    SELECT 'blocks', array_agg("id")
    FROM (SELECT "id", (row_number() OVER () - 1) / 500 AS "part" FROM "some_rows") AS r GROUP BY "part";
    RETURN NULL;
END $$;
CREATE FUNCTION "note_block"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO "change_log" ("kind", "ids") VALUES ('blocks', ARRAY[NEW."id"]);
    RETURN NULL;
END $$;

CREATE TRIGGER "blocks_inserted" AFTER INSERT ON "blocks"
    REFERENCING NEW TABLE AS "some_rows" FOR EACH STATEMENT EXECUTE FUNCTION "note_blocks"();
CREATE TRIGGER "blocks_deleted" AFTER DELETE ON "blocks"
    REFERENCING OLD TABLE AS "some_rows" FOR EACH STATEMENT EXECUTE FUNCTION "note_blocks"();
-- Hits are counted all the time.
CREATE TRIGGER "blocks_updated" AFTER UPDATE OF "kind", "value", "expires_at" ON "blocks" FOR EACH ROW
    WHEN (ROW(OLD."kind", OLD."value", OLD."expires_at") IS DISTINCT FROM ROW(NEW."kind", NEW."value", NEW."expires_at"))
    EXECUTE FUNCTION "note_block"();
CREATE TRIGGER "blocks_truncated" AFTER TRUNCATE ON "blocks"
    FOR EACH STATEMENT EXECUTE FUNCTION "note_change_of"('everything');

CREATE TRIGGER "access_rules_changed" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "access_rules"
    FOR EACH STATEMENT EXECUTE FUNCTION "note_change_of"('access-rules');

-- Authenticators, chains and the anonymous policy are one setting.
CREATE TRIGGER "settings_auth_written" AFTER INSERT OR UPDATE ON "settings" FOR EACH ROW
    WHEN (NEW."key" = 'auth') EXECUTE FUNCTION "note_change_of"('authentication');
CREATE TRIGGER "settings_auth_deleted" AFTER DELETE ON "settings" FOR EACH ROW
    WHEN (OLD."key" = 'auth') EXECUTE FUNCTION "note_change_of"('authentication');
CREATE TRIGGER "settings_truncated" AFTER TRUNCATE ON "settings"
    FOR EACH STATEMENT EXECUTE FUNCTION "note_change_of"('authentication');

CREATE TRIGGER "certificates_revoked" AFTER UPDATE OF "revoked_at" ON "certificates" FOR EACH ROW
    WHEN (OLD."revoked_at" IS DISTINCT FROM NEW."revoked_at") EXECUTE FUNCTION "note_change_of"('revocations');
