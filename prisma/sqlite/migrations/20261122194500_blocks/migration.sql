-- Who may not connect at all. At most 10 000 rows: every login is held against all of them, in memory.
CREATE TABLE "blocks" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "version" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "comment" TEXT NOT NULL,
    "created_at" BIGINT NOT NULL,
    "created_by" TEXT NOT NULL,
    "expires_at" BIGINT,
    "hits" BIGINT NOT NULL,
    "last_hit_at" BIGINT
);
CREATE UNIQUE INDEX "blocks_kind_value_key" ON "blocks"("kind", "value");
CREATE INDEX "blocks_expires_at" ON "blocks"("expires_at");
