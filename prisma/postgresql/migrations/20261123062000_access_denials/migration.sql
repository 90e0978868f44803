-- Texts that are looked for by their beginnings are compared by bytes (COLLATE "C"), as SQLite does.

-- CreateTable
CREATE TABLE "access_denials" (
    "key" TEXT COLLATE "C" NOT NULL,
    "client_id" TEXT COLLATE "C" NOT NULL,
    "username" TEXT COLLATE "C",
    "principal" TEXT NOT NULL,
    "ip" TEXT,
    "action" TEXT NOT NULL,
    "topic" TEXT COLLATE "C" NOT NULL,
    "denied_by" TEXT NOT NULL,
    "rule" TEXT NOT NULL,
    "attempts" BIGINT NOT NULL,
    "first_at" BIGINT NOT NULL,
    "last_at" BIGINT NOT NULL,

    CONSTRAINT "access_denials_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "access_denial_aggregates" (
    "action" TEXT NOT NULL,
    "denied_by" TEXT NOT NULL,
    "attempts" BIGINT NOT NULL,
    "first_at" BIGINT NOT NULL,
    "last_at" BIGINT NOT NULL,

    CONSTRAINT "access_denial_aggregates_pkey" PRIMARY KEY ("action", "denied_by")
);

-- CreateIndex
CREATE INDEX "access_denials_last_at_key_idx" ON "access_denials"("last_at", "key");
