-- Credentials of several types. A CHECK cannot be changed in SQLite: the table is written anew.
CREATE TABLE "credentials_new" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "version" INTEGER NOT NULL,
    "type" TEXT NOT NULL DEFAULT 'basic',
    "identity" TEXT,
    "facts" TEXT NOT NULL DEFAULT '{}',
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
    CHECK (
        CASE WHEN "type" = 'basic'
            THEN "username" IS NOT NULL OR "client_id" IS NOT NULL
            ELSE "identity" IS NOT NULL
        END
    )
);
INSERT INTO "credentials_new" (
    "id", "version", "name", "username", "client_id", "secret_hash", "hash_format", "secret_kind", "previous_hash",
    "previous_valid_until", "passwordless", "superuser", "enabled", "expires_at", "description", "tags", "rules",
    "secret_changed_at", "created_at", "updated_at", "last_used_at", "last_used_ip", "source"
) SELECT
    "id", "version", "name", "username", "client_id", "secret_hash", "hash_format", "secret_kind", "previous_hash",
    "previous_valid_until", "passwordless", "superuser", "enabled", "expires_at", "description", "tags", "rules",
    "secret_changed_at", "created_at", "updated_at", "last_used_at", "last_used_ip", "source"
FROM "credentials";
DROP TABLE "credentials";
ALTER TABLE "credentials_new" RENAME TO "credentials";

-- Identity is unique within its type; the same indexes serve the login's lookup.
CREATE UNIQUE INDEX "credentials_username_only" ON "credentials"("username")
    WHERE "type" = 'basic' AND "client_id" IS NULL;
CREATE UNIQUE INDEX "credentials_client_id_only" ON "credentials"("client_id")
    WHERE "type" = 'basic' AND "username" IS NULL;
CREATE UNIQUE INDEX "credentials_both" ON "credentials"("username", "client_id")
    WHERE "type" = 'basic' AND "username" IS NOT NULL AND "client_id" IS NOT NULL;
CREATE UNIQUE INDEX "credentials_identity" ON "credentials"("type", "identity") WHERE "identity" IS NOT NULL;

CREATE INDEX "credentials_name" ON "credentials"("name", "id");
CREATE INDEX "credentials_username" ON "credentials"(coalesce("username", ''), "id");
CREATE INDEX "credentials_client_id" ON "credentials"(coalesce("client_id", ''), "id");
CREATE INDEX "credentials_created_at" ON "credentials"("created_at", "id");
CREATE INDEX "credentials_updated_at" ON "credentials"("updated_at", "id");
CREATE INDEX "credentials_last_used_at" ON "credentials"(coalesce("last_used_at", 0), "id");
CREATE INDEX "credentials_expires_at" ON "credentials"(coalesce("expires_at", 0), "id");
