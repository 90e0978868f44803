-- CreateTable
CREATE TABLE "access_denials" (
    "key" TEXT NOT NULL PRIMARY KEY,
    "client_id" TEXT NOT NULL,
    "username" TEXT,
    "principal" TEXT NOT NULL,
    "ip" TEXT,
    "action" TEXT NOT NULL,
    "topic" TEXT NOT NULL,
    "denied_by" TEXT NOT NULL,
    "rule" TEXT NOT NULL,
    "attempts" BIGINT NOT NULL,
    "first_at" BIGINT NOT NULL,
    "last_at" BIGINT NOT NULL
);

-- CreateTable
CREATE TABLE "access_denial_aggregates" (
    "action" TEXT NOT NULL,
    "denied_by" TEXT NOT NULL,
    "attempts" BIGINT NOT NULL,
    "first_at" BIGINT NOT NULL,
    "last_at" BIGINT NOT NULL,

    PRIMARY KEY ("action", "denied_by")
);

-- CreateIndex
CREATE INDEX "access_denials_last_at_key_idx" ON "access_denials"("last_at", "key");
