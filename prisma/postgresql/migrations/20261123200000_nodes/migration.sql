-- The servers that run on this database, and what each of them must not lose (ADR 0039). Written by SQL alone: no models.

CREATE TABLE "nodes" (
  "node_id" TEXT PRIMARY KEY,
  -- Rises whenever a server takes the place; who has an older one is fenced: the journal takes nothing from it.
  "incarnation" BIGINT NOT NULL,
  -- The server's own mark, so that it finds its place again after a crash without waiting for the lease to end.
  "holder" TEXT NOT NULL,
  -- By this database's clock alone.
  "lease_until" TIMESTAMPTZ NOT NULL,
  "started_at" TIMESTAMPTZ NOT NULL,
  "version" TEXT NOT NULL,
  -- Where it runs, for people.
  "host" TEXT NOT NULL
);

CREATE TABLE "journal_segments" (
  "node_id" TEXT NOT NULL REFERENCES "nodes" ("node_id"),
  "number" BIGINT NOT NULL,
  "bytes" BYTEA NOT NULL,
  PRIMARY KEY ("node_id", "number")
);
-- Written once, read once: compressing them is wasted work.
ALTER TABLE "journal_segments" ALTER COLUMN "bytes" SET STORAGE EXTERNAL;
