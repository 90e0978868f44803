-- Access ------------------------------------------------------------------------------------------------------------

CREATE TABLE "credentials" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "version" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "username" TEXT,
    "client_id" TEXT,
    "secret_hash" TEXT,
    "hash_format" TEXT,
    "secret_kind" TEXT,
    "previous_hash" TEXT,
    "previous_valid_until" BIGINT,
    "passwordless" BOOLEAN NOT NULL,
    "superuser" BOOLEAN NOT NULL,
    "enabled" BOOLEAN NOT NULL,
    "expires_at" BIGINT,
    "description" TEXT NOT NULL,
    "tags" TEXT NOT NULL,
    "rules" TEXT NOT NULL,
    "secret_changed_at" BIGINT,
    "created_at" BIGINT NOT NULL,
    "updated_at" BIGINT NOT NULL,
    "last_used_at" BIGINT,
    "last_used_ip" TEXT,
    "source" TEXT NOT NULL,
    CHECK ("username" IS NOT NULL OR "client_id" IS NOT NULL)
);

-- Identity is unique whether it is a username, a client ID or both; the same indexes serve the login's lookup.
CREATE UNIQUE INDEX "credentials_username_only" ON "credentials"("username") WHERE "client_id" IS NULL;
CREATE UNIQUE INDEX "credentials_client_id_only" ON "credentials"("client_id") WHERE "username" IS NULL;
CREATE UNIQUE INDEX "credentials_both" ON "credentials"("username", "client_id")
    WHERE "username" IS NOT NULL AND "client_id" IS NOT NULL;

CREATE INDEX "credentials_name" ON "credentials"("name", "id");
CREATE INDEX "credentials_username" ON "credentials"(coalesce("username", ''), "id");
CREATE INDEX "credentials_client_id" ON "credentials"(coalesce("client_id", ''), "id");
CREATE INDEX "credentials_created_at" ON "credentials"("created_at", "id");
CREATE INDEX "credentials_updated_at" ON "credentials"("updated_at", "id");
CREATE INDEX "credentials_last_used_at" ON "credentials"(coalesce("last_used_at", 0), "id");
CREATE INDEX "credentials_expires_at" ON "credentials"(coalesce("expires_at", 0), "id");

CREATE TABLE "users" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "enabled" BOOLEAN NOT NULL,
    "password_hash" TEXT NOT NULL,
    "created_at" BIGINT NOT NULL,
    "last_login_at" BIGINT
);
CREATE UNIQUE INDEX "users_email_key" ON "users"("email");

CREATE TABLE "user_sessions" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "token_hash" TEXT NOT NULL,
    "user_id" TEXT NOT NULL REFERENCES "users"("id") ON DELETE CASCADE,
    "csrf_token" TEXT NOT NULL,
    "created_at" BIGINT NOT NULL,
    "last_seen_at" BIGINT NOT NULL,
    "expires_at" BIGINT NOT NULL,
    "ip" TEXT NOT NULL,
    "user_agent" TEXT NOT NULL
);
CREATE UNIQUE INDEX "user_sessions_token_hash_key" ON "user_sessions"("token_hash");
CREATE INDEX "user_sessions_user_id_idx" ON "user_sessions"("user_id");

CREATE TABLE "api_keys" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "key_hash" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "scopes" TEXT NOT NULL,
    "prefix" TEXT NOT NULL,
    "created_at" BIGINT NOT NULL,
    "created_by" TEXT NOT NULL,
    "expires_at" BIGINT,
    "last_used_at" BIGINT,
    "last_used_ip" TEXT
);
CREATE UNIQUE INDEX "api_keys_key_hash_key" ON "api_keys"("key_hash");
CREATE UNIQUE INDEX "api_keys_name_key" ON "api_keys"("name");

-- Administration ----------------------------------------------------------------------------------------------------

CREATE TABLE "audit_entries" (
    "seq" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "id" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    "actor_kind" TEXT NOT NULL,
    "actor_id" TEXT NOT NULL,
    "actor_name" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "target_kind" TEXT,
    "target_id" TEXT,
    "target_name" TEXT,
    "before" TEXT NOT NULL,
    "after" TEXT NOT NULL,
    "ip" TEXT NOT NULL,
    "request_id" TEXT NOT NULL,
    "previous_hash" TEXT NOT NULL,
    "hash" TEXT NOT NULL
);
CREATE UNIQUE INDEX "audit_entries_id_key" ON "audit_entries"("id");
CREATE INDEX "audit_entries_at_seq_idx" ON "audit_entries"("at", "seq");
CREATE INDEX "audit_entries_actor_id_seq_idx" ON "audit_entries"("actor_id", "seq");
CREATE INDEX "audit_entries_action_seq_idx" ON "audit_entries"("action", "seq");
CREATE INDEX "audit_entries_target_id_seq_idx" ON "audit_entries"("target_id", "seq");

CREATE TRIGGER "audit_entries_no_update" BEFORE UPDATE ON "audit_entries"
BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE TRIGGER "audit_entries_no_delete" BEFORE DELETE ON "audit_entries"
BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;

CREATE TABLE "settings" ("key" TEXT NOT NULL PRIMARY KEY, "value" TEXT NOT NULL);
CREATE TABLE "series_points" ("at" BIGINT NOT NULL PRIMARY KEY, "values" TEXT NOT NULL);

-- Refused clients ---------------------------------------------------------------------------------------------------

CREATE TABLE "unauthorized_state" (
    "id" INTEGER NOT NULL PRIMARY KEY CHECK ("id" = 1),
    "generation" BIGINT NOT NULL,
    "next" BIGINT NOT NULL
);
INSERT INTO "unauthorized_state" ("id", "generation", "next") VALUES (1, 1, 2);

CREATE TABLE "unauthorized_classes" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "reason" TEXT NOT NULL,
    "listener" TEXT NOT NULL,
    "protocol" INTEGER NOT NULL,
    "password_provided" INTEGER NOT NULL,
    "tls_used" INTEGER NOT NULL,
    "resolved" INTEGER NOT NULL
);
CREATE UNIQUE INDEX "unauthorized_classes_key"
    ON "unauthorized_classes"("reason", "listener", "protocol", "password_provided", "tls_used", "resolved");

CREATE TABLE "unauthorized_counts" (
    "generation" BIGINT NOT NULL,
    "class_id" INTEGER NOT NULL,
    "clients" BIGINT NOT NULL,
    "attempts" BIGINT NOT NULL,
    PRIMARY KEY ("generation", "class_id")
) WITHOUT ROWID;

-- AUTOINCREMENT: an id is never used twice, so that an undone deletion can give rows their ids back.
CREATE TABLE "unauthorized_clients" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "generation" INTEGER NOT NULL,
    "key" TEXT NOT NULL,
    "class_id" INTEGER NOT NULL,
    "client_id" TEXT NOT NULL,
    "username" TEXT NOT NULL,
    "ip" TEXT NOT NULL,
    "ip_key" TEXT NOT NULL,
    "first_at" INTEGER NOT NULL,
    "last_at" INTEGER NOT NULL,
    "attempts" INTEGER NOT NULL
);
-- Each sort's index goes on with the id and carries the class, so that a walk in any order can leave out what a filter leaves out without looking at the row.
CREATE UNIQUE INDEX "unauthorized_clients_key" ON "unauthorized_clients"("generation", "key");
CREATE INDEX "unauthorized_clients_class" ON "unauthorized_clients"("generation", "class_id", "last_at", "id");
CREATE INDEX "unauthorized_clients_last_at" ON "unauthorized_clients"("generation", "last_at", "id", "class_id");
CREATE INDEX "unauthorized_clients_first_at" ON "unauthorized_clients"("generation", "first_at", "id", "class_id");
CREATE INDEX "unauthorized_clients_attempts" ON "unauthorized_clients"("generation", "attempts", "id", "class_id");
CREATE INDEX "unauthorized_clients_client_id" ON "unauthorized_clients"("generation", "client_id", "id", "class_id");
CREATE INDEX "unauthorized_clients_username" ON "unauthorized_clients"("generation", "username", "id", "class_id");
CREATE INDEX "unauthorized_clients_ip_key" ON "unauthorized_clients"("generation", "ip_key", "id", "class_id");

CREATE TABLE "unauthorized_details" (
    "id" INTEGER NOT NULL PRIMARY KEY REFERENCES "unauthorized_clients"("id") ON DELETE CASCADE,
    "detail_text" TEXT NOT NULL,
    "shown" TEXT NOT NULL,
    "inside" TEXT NOT NULL,
    "samples" TEXT NOT NULL
);

-- Trigrams of client ID, username, address and detail; rowid is the row's id. They only propose rows, the texts decide:
-- so neither positions nor columns are kept, and the texts themselves are in the tables above.
CREATE VIRTUAL TABLE "unauthorized_search" USING fts5(
    "texts", content = '', contentless_delete = 1, detail = none, tokenize = 'trigram'
);

CREATE TABLE "unauthorized_refs" ("ref" TEXT NOT NULL PRIMARY KEY, "row_id" INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE "unauthorized_aggregates" (
    "network" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "attempts" BIGINT NOT NULL,
    "first_at" BIGINT NOT NULL,
    "last_at" BIGINT NOT NULL,
    PRIMARY KEY ("network", "reason")
) WITHOUT ROWID;

CREATE TABLE "unauthorized_deletions" (
    "generation" BIGINT NOT NULL PRIMARY KEY,
    "token_hash" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "until" BIGINT NOT NULL,
    "rows" BIGINT NOT NULL,
    "used" BOOLEAN NOT NULL
);
CREATE UNIQUE INDEX "unauthorized_deletions_token_hash_key" ON "unauthorized_deletions"("token_hash");

CREATE TRIGGER "unauthorized_clients_inserted" AFTER INSERT ON "unauthorized_clients"
BEGIN
    INSERT INTO "unauthorized_counts" ("generation", "class_id", "clients", "attempts")
    VALUES (new."generation", new."class_id", 1, new."attempts")
    ON CONFLICT ("generation", "class_id")
    DO UPDATE SET "clients" = "clients" + 1, "attempts" = "attempts" + excluded."attempts";
END;
CREATE TRIGGER "unauthorized_clients_deleted" AFTER DELETE ON "unauthorized_clients"
BEGIN
    UPDATE "unauthorized_counts" SET "clients" = "clients" - 1, "attempts" = "attempts" - old."attempts"
    WHERE "generation" = old."generation" AND "class_id" = old."class_id";
END;
CREATE TRIGGER "unauthorized_clients_updated"
AFTER UPDATE OF "generation", "class_id", "attempts" ON "unauthorized_clients"
BEGIN
    UPDATE "unauthorized_counts" SET "clients" = "clients" - 1, "attempts" = "attempts" - old."attempts"
    WHERE "generation" = old."generation" AND "class_id" = old."class_id";
    INSERT INTO "unauthorized_counts" ("generation", "class_id", "clients", "attempts")
    VALUES (new."generation", new."class_id", 1, new."attempts")
    ON CONFLICT ("generation", "class_id")
    DO UPDATE SET "clients" = "clients" + 1, "attempts" = "attempts" + excluded."attempts";
END;
