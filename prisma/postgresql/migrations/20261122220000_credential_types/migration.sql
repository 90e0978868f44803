-- Credentials of several types.
ALTER TABLE "credentials"
    ADD COLUMN "type" TEXT NOT NULL DEFAULT 'basic',
    ADD COLUMN "identity" TEXT COLLATE "C",
    ADD COLUMN "facts" TEXT NOT NULL DEFAULT '{}',
    DROP CONSTRAINT "credentials_check",
    ADD CONSTRAINT "credentials_identified" CHECK (
        CASE WHEN "type" = 'basic'
            THEN "username" IS NOT NULL OR "client_id" IS NOT NULL
            ELSE "identity" IS NOT NULL
        END
    );

-- Identity is unique within its type; the same indexes serve the login's lookup.
DROP INDEX "credentials_username_only";
DROP INDEX "credentials_client_id_only";
DROP INDEX "credentials_both";
CREATE UNIQUE INDEX "credentials_username_only" ON "credentials"("username")
    WHERE "type" = 'basic' AND "client_id" IS NULL;
CREATE UNIQUE INDEX "credentials_client_id_only" ON "credentials"("client_id")
    WHERE "type" = 'basic' AND "username" IS NULL;
CREATE UNIQUE INDEX "credentials_both" ON "credentials"("username", "client_id")
    WHERE "type" = 'basic' AND "username" IS NOT NULL AND "client_id" IS NOT NULL;
CREATE UNIQUE INDEX "credentials_identity" ON "credentials"("type", "identity") WHERE "identity" IS NOT NULL;
