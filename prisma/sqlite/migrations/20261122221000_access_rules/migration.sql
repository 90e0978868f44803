-- The global access rules, in their order. At most 10 000 rows: every session's own are made of them, in memory.
CREATE TABLE "access_rules" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "version" INTEGER NOT NULL,
    "phase" TEXT NOT NULL,
    "position" BIGINT NOT NULL,
    "rule" TEXT NOT NULL,
    "comment" TEXT NOT NULL,
    "created_at" BIGINT NOT NULL,
    "created_by" TEXT NOT NULL,
    "updated_at" BIGINT NOT NULL
);
CREATE INDEX "access_rules_phase_position" ON "access_rules"("phase", "position");
