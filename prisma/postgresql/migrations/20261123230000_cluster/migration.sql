-- What several nodes share (ADR 0039). Written by SQL alone: no models.
-- Names of any length are keyed by their SHA-256: an index takes no more than some 2 700 bytes.

ALTER TABLE "nodes"
  -- Whether others may run beside it. All that run agree.
  ADD COLUMN "several" BOOLEAN NOT NULL DEFAULT false,
  -- Who is taking over what this node has left, and in which incarnation.
  ADD COLUMN "heir" TEXT,
  ADD COLUMN "heir_incarnation" BIGINT;

-- The epoch of interest that its batch was told: told again should that answer have been lost.
ALTER TABLE "journal_segments" ADD COLUMN "epoch" BIGINT;

-- Nodes whose place was taken by another for good: what is sent to them goes there.
CREATE TABLE "node_heirs" (
  "node_id" TEXT PRIMARY KEY,
  "heir" TEXT NOT NULL,
  "ended_at" TIMESTAMPTZ NOT NULL
);

CREATE TABLE "cluster" (
  "only_one" BOOLEAN PRIMARY KEY DEFAULT true CHECK ("only_one"),
  -- Tells this database from all others.
  "mark" TEXT NOT NULL,
  -- Rises with every change of interest.
  "epoch" BIGINT NOT NULL
);
INSERT INTO "cluster" ("mark", "epoch") VALUES (replace(gen_random_uuid()::text, '-', ''), 0);

-- The filters of which a node must hear.
CREATE TABLE "node_interest" (
  "node_id" TEXT NOT NULL,
  "key" BYTEA NOT NULL,
  "filter" TEXT NOT NULL,
  "grp" TEXT NOT NULL,
  "live" BOOLEAN NOT NULL,
  "epoch" BIGINT NOT NULL,
  -- Who changed it last.
  "by_node" TEXT NOT NULL,
  "changed_at" TIMESTAMPTZ NOT NULL,
  PRIMARY KEY ("node_id", "key")
);
CREATE INDEX "node_interest_epoch" ON "node_interest" ("epoch");

-- Inboxes.
CREATE TABLE "node_mail" (
  "id" BIGSERIAL PRIMARY KEY,
  "to_node" TEXT NOT NULL,
  "from_node" TEXT NOT NULL,
  "bytes" BYTEA NOT NULL
);
CREATE INDEX "node_mail_to_node" ON "node_mail" ("to_node", "id");
-- Written once, read once: compressing them is wasted work.
ALTER TABLE "node_mail" ALTER COLUMN "bytes" SET STORAGE EXTERNAL;

-- Which node has a client ID.
CREATE TABLE "client_claims" (
  "key" BYTEA PRIMARY KEY,
  "client_id" TEXT NOT NULL,
  "node_id" TEXT NOT NULL,
  -- Whose client it is; empty where that is not known yet.
  "owner" TEXT NOT NULL
);
CREATE INDEX "client_claims_node_id" ON "client_claims" ("node_id");

CREATE TABLE "retained_messages" (
  "key" BYTEA PRIMARY KEY,
  "topic" TEXT NOT NULL,
  -- Null: taken away of late.
  "bytes" BYTEA,
  "version" BIGSERIAL,
  -- Who wrote it: with it a reader finds what was committed since, in whatever order.
  "txid" XID8 NOT NULL,
  "changed_at" TIMESTAMPTZ NOT NULL
);
CREATE INDEX "retained_messages_txid" ON "retained_messages" ("txid");

-- Where mail to a node goes.
CREATE VIEW "node_addresses" AS
  SELECT "node_id" AS "name", "node_id" FROM "nodes"
  UNION ALL
  SELECT gone."node_id", gone."heir" FROM "node_heirs" gone JOIN "nodes" heir ON heir."node_id" = gone."heir"
  WHERE NOT EXISTS (SELECT 1 FROM "nodes" back WHERE back."node_id" = gone."node_id");

CREATE FUNCTION "interest_key"(filter TEXT, grp TEXT) RETURNS BYTEA LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT sha256(convert_to(grp, 'UTF8') || '\x00'::bytea || convert_to(filter, 'UTF8')) $$;

CREATE FUNCTION "name_key"(name TEXT) RETURNS BYTEA LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT sha256(convert_to(name, 'UTF8')) $$;

-- One batch with all it does for others: one transaction, one round trip. What has many bytes lies in `p_blob`, at a place
-- (from 0) and of a size. Outcomes: `committed`, `stale`, `fenced` (the place is another's), `disinherited` (what
-- `p_inherited` left is another's). Nothing is written unless committed.
--
-- Order of locks: the row of the node (who fences it waits for this transaction), interest (advisory 7310), claims by key,
-- retained messages by key. All that comes under the lock of interest comes before ids of mail are drawn, so that in an inbox
-- they follow the order of commits wherever interest changed between them.
CREATE FUNCTION "node_commit"(
  p_me TEXT, p_incarnation BIGINT, p_number BIGINT, p_body BYTEA, p_matched BIGINT,
  p_listen_filters TEXT[], p_listen_groups TEXT[], p_unlisten_filters TEXT[], p_unlisten_groups TEXT[],
  p_blob BYTEA,
  p_mail_to TEXT[], p_mail_at INT[], p_mail_size INT[],
  p_taken BIGINT[], p_released TEXT[],
  p_move_client TEXT[], p_move_to TEXT[], p_letter_at INT[], p_letter_size INT[], p_forward_at INT[], p_forward_size INT[],
  p_with_client TEXT[], p_with_to TEXT[], p_with_filters TEXT[], p_with_groups TEXT[],
  p_topics TEXT[], p_topic_at INT[], p_topic_size INT[], p_topic_unless BOOLEAN[],
  p_inherited TEXT
) RETURNS TABLE (outcome TEXT, epoch BIGINT) LANGUAGE plpgsql
-- Plans are kept, and may have been made while the tables were empty: by index, whatever that seems to cost. What seems to
-- cost much would be compiled, at tens of milliseconds a call.
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off
AS $$
DECLARE
  v_epoch BIGINT;
  v_told BIGINT;
  v_rows BIGINT;
  v_changed BIGINT := 0;
  v_alone BOOLEAN := p_inherited IS NOT NULL
    OR cardinality(p_listen_filters) + cardinality(p_unlisten_filters) + cardinality(p_with_filters) > 0;
  v_kept BYTEA[];
BEGIN
  PERFORM 1 FROM "nodes" n WHERE n."node_id" = p_me AND n."incarnation" = p_incarnation FOR KEY SHARE;
  IF NOT FOUND THEN RETURN QUERY SELECT 'fenced', 0::BIGINT; RETURN; END IF;

  IF v_alone THEN
    PERFORM pg_advisory_xact_lock(7310);
  ELSIF p_matched IS NOT NULL OR cardinality(p_mail_to) + cardinality(p_move_client) > 0 THEN
    PERFORM pg_advisory_xact_lock_shared(7310);
  END IF;
  SELECT c."epoch" INTO v_epoch FROM "cluster" c WHERE c."only_one";

  -- Committed before its answer was lost. Looked for under the lock: what is waited for here may have been just that.
  SELECT coalesce(s."epoch", v_epoch) INTO v_told FROM "journal_segments" s WHERE s."node_id" = p_me AND s."number" = p_number;
  IF FOUND THEN RETURN QUERY SELECT 'committed', v_told; RETURN; END IF;
  IF p_matched < v_epoch THEN RETURN QUERY SELECT 'stale', v_epoch; RETURN; END IF;

  IF p_inherited IS NOT NULL THEN
    PERFORM 1 FROM "nodes" n
      WHERE n."node_id" = p_inherited AND n."heir" = p_me AND n."heir_incarnation" = p_incarnation FOR UPDATE;
    IF NOT FOUND THEN RETURN QUERY SELECT 'disinherited', v_epoch; RETURN; END IF;
  END IF;

  -- Before anything else where the epoch cannot change: the same batch on a connection that broke may be committing yet.
  IF p_body IS NOT NULL AND NOT v_alone THEN
    INSERT INTO "journal_segments" ("node_id", "number", "bytes", "epoch") VALUES (p_me, p_number, p_body, v_epoch)
      ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
      SELECT coalesce(s."epoch", v_epoch) INTO v_told FROM "journal_segments" s WHERE s."node_id" = p_me AND s."number" = p_number;
      RETURN QUERY SELECT 'committed', v_told;
      RETURN;
    END IF;
  END IF;

  IF p_inherited IS NOT NULL THEN
    UPDATE "node_interest" i SET "live" = false, "epoch" = v_epoch + 1, "by_node" = p_me, "changed_at" = now()
      WHERE i."node_id" = p_inherited AND i."live";
    GET DIAGNOSTICS v_rows = ROW_COUNT;
    v_changed := v_changed + v_rows;
    UPDATE "client_claims" c SET "node_id" = p_me WHERE c."node_id" = p_inherited;
    UPDATE "node_mail" m SET "to_node" = p_me WHERE m."to_node" = p_inherited;
    DELETE FROM "journal_segments" s WHERE s."node_id" = p_inherited;
    UPDATE "node_heirs" h SET "heir" = p_me WHERE h."heir" = p_inherited;
    INSERT INTO "node_heirs" ("node_id", "heir", "ended_at") VALUES (p_inherited, p_me, now())
      ON CONFLICT ("node_id") DO UPDATE SET "heir" = excluded."heir", "ended_at" = excluded."ended_at";
    DELETE FROM "nodes" n WHERE n."node_id" = p_inherited;
  END IF;

  IF cardinality(p_unlisten_filters) > 0 THEN
    UPDATE "node_interest" i SET "live" = false, "epoch" = v_epoch + 1, "by_node" = p_me, "changed_at" = now()
      FROM unnest(p_unlisten_filters, p_unlisten_groups) u (filter, grp)
      WHERE i."node_id" = p_me AND i."key" = interest_key(u.filter, u.grp) AND i."live";
    GET DIAGNOSTICS v_rows = ROW_COUNT;
    v_changed := v_changed + v_rows;
  END IF;
  IF cardinality(p_listen_filters) > 0 THEN
    INSERT INTO "node_interest" AS i ("node_id", "key", "filter", "grp", "live", "epoch", "by_node", "changed_at")
      SELECT DISTINCT ON (2) p_me, interest_key(l.filter, l.grp), l.filter, l.grp, true, v_epoch + 1, p_me, now()
      FROM unnest(p_listen_filters, p_listen_groups) l (filter, grp)
      ON CONFLICT ("node_id", "key") DO UPDATE
        SET "live" = true, "epoch" = excluded."epoch", "by_node" = excluded."by_node", "changed_at" = excluded."changed_at"
        WHERE NOT i."live";
    GET DIAGNOSTICS v_rows = ROW_COUNT;
    v_changed := v_changed + v_rows;
  END IF;

  IF cardinality(p_mail_to) > 0 THEN
    INSERT INTO "node_mail" ("to_node", "from_node", "bytes")
      SELECT a."node_id", p_me, substring(p_blob FROM m.at + 1 FOR m.size)
      FROM unnest(p_mail_to, p_mail_at, p_mail_size) WITH ORDINALITY m (receiver, at, size, n)
      JOIN "node_addresses" a ON a."name" = m.receiver
      ORDER BY m.n;
  END IF;
  IF cardinality(p_taken) > 0 THEN
    DELETE FROM "node_mail" m WHERE m."id" = ANY (p_taken) AND m."to_node" = p_me;
  END IF;

  IF cardinality(p_released) + cardinality(p_move_client) > 0 THEN
    PERFORM 1 FROM "client_claims" c
      WHERE c."key" IN (SELECT name_key(client) FROM unnest(p_released || p_move_client) client) ORDER BY c."key" FOR UPDATE;
    DELETE FROM "client_claims" c USING unnest(p_released) client
      WHERE c."key" = name_key(client) AND c."node_id" = p_me;
  END IF;
  IF cardinality(p_move_client) > 0 THEN
    -- Whose it is not, it is this node's: then all are there to be told apart.
    INSERT INTO "client_claims" ("key", "client_id", "node_id", "owner")
      SELECT DISTINCT ON (1) name_key(client), client, p_me, '' FROM unnest(p_move_client) client ORDER BY 1
      ON CONFLICT DO NOTHING;
    WITH moves AS MATERIALIZED (
      SELECT t.n, c."key", c."node_id" AS has, coalesce(a."node_id", p_me) AS target,
        t.letter_at, t.letter_size, t.forward_at, t.forward_size
      FROM unnest(p_move_client, p_move_to, p_letter_at, p_letter_size, p_forward_at, p_forward_size)
        WITH ORDINALITY t (client, receiver, letter_at, letter_size, forward_at, forward_size, n)
      JOIN "client_claims" c ON c."key" = name_key(t.client)
      LEFT JOIN "node_addresses" a ON a."name" = t.receiver
    ), moved AS (
      UPDATE "client_claims" c SET "node_id" = m.target FROM moves m WHERE c."key" = m."key" AND m.has = p_me
    ), letters AS (
      INSERT INTO "node_mail" ("to_node", "from_node", "bytes")
      SELECT CASE WHEN m.has IN (p_me, m.target) THEN m.target ELSE m.has END, p_me,
        CASE WHEN m.has IN (p_me, m.target) THEN substring(p_blob FROM m.letter_at + 1 FOR m.letter_size)
          ELSE substring(p_blob FROM m.forward_at + 1 FOR m.forward_size) END
      FROM moves m ORDER BY m.n
    ), listening AS (
      -- A change even where it is there already: what is given to a node must be heard of there before it publishes.
      INSERT INTO "node_interest" AS i ("node_id", "key", "filter", "grp", "live", "epoch", "by_node", "changed_at")
      SELECT DISTINCT ON (1, 2) coalesce(a."node_id", p_me), interest_key(l.filter, l.grp), l.filter, l.grp, true,
        v_epoch + 1, p_me, now()
      FROM unnest(p_with_client, p_with_to, p_with_filters, p_with_groups) l (client, receiver, filter, grp)
      JOIN "client_claims" c ON c."key" = name_key(l.client)
      LEFT JOIN "node_addresses" a ON a."name" = l.receiver
      WHERE c."node_id" IN (p_me, coalesce(a."node_id", p_me))
      ON CONFLICT ("node_id", "key") DO UPDATE
        SET "live" = true, "epoch" = excluded."epoch", "by_node" = excluded."by_node", "changed_at" = excluded."changed_at"
      RETURNING 1
    ) SELECT count(*) INTO v_rows FROM listening;
    v_changed := v_changed + v_rows;
  END IF;

  IF cardinality(p_topics) > 0 THEN
    v_kept := ARRAY (SELECT name_key(t.topic) FROM unnest(p_topics, p_topic_unless) t (topic, unless) WHERE t.unless);
    -- The version of a change is drawn when the row is held: it rises with every change of the topic that is committed.
    INSERT INTO "retained_messages" ("key", "topic", "bytes", "txid", "changed_at")
      SELECT name_key(t.topic), t.topic, CASE WHEN t.size >= 0 THEN substring(p_blob FROM t.at + 1 FOR t.size) END,
        pg_current_xact_id(), now()
      FROM unnest(p_topics, p_topic_at, p_topic_size) t (topic, at, size)
      ORDER BY 1
      ON CONFLICT ("key") DO UPDATE
        SET "bytes" = excluded."bytes", "version" = nextval('retained_messages_version_seq'),
          "txid" = excluded."txid", "changed_at" = excluded."changed_at"
        WHERE NOT excluded."key" = ANY (v_kept);
  END IF;

  IF v_changed > 0 THEN
    v_epoch := v_epoch + 1;
    UPDATE "cluster" c SET "epoch" = v_epoch WHERE c."only_one";
  END IF;
  IF p_body IS NOT NULL AND v_alone THEN
    INSERT INTO "journal_segments" ("node_id", "number", "bytes", "epoch") VALUES (p_me, p_number, p_body, v_epoch);
  END IF;
  RETURN QUERY SELECT 'committed', v_epoch;
END $$;

-- Asks for client IDs; one row for each that was asked for. Outcomes: `yours`, `asked` (a letter is in the inbox of who has
-- it), `owned-by-other`; `fenced` alone.
CREATE FUNCTION "node_claim"(
  p_me TEXT, p_incarnation BIGINT, p_clients TEXT[], p_owners TEXT[], p_forced BOOLEAN[],
  p_blob BYTEA, p_letter_at INT[], p_letter_size INT[]
) RETURNS TABLE (number BIGINT, outcome TEXT, node TEXT) LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off
AS $$
BEGIN
  PERFORM 1 FROM "nodes" n WHERE n."node_id" = p_me AND n."incarnation" = p_incarnation FOR KEY SHARE;
  IF NOT FOUND THEN RETURN QUERY SELECT 0::BIGINT, 'fenced', NULL; RETURN; END IF;
  -- Nobody inherits meanwhile: a letter to a node that ended would lie there for ever.
  PERFORM pg_advisory_xact_lock_shared(7310);
  -- Updated to what they are: that holds those that are there.
  INSERT INTO "client_claims" AS c ("key", "client_id", "node_id", "owner")
    SELECT DISTINCT ON (1) name_key(a.client), a.client, p_me, a.owner
    FROM unnest(p_clients, p_owners) WITH ORDINALITY a (client, owner, n) ORDER BY 1, a.n
    ON CONFLICT ("key") DO UPDATE SET "node_id" = c."node_id";
  UPDATE "client_claims" c SET "owner" = a.owner
    FROM unnest(p_clients, p_owners, p_forced) a (client, owner, forced)
    WHERE c."key" = name_key(a.client) AND c."node_id" = p_me AND (a.forced OR c."owner" = '') AND c."owner" <> a.owner;
  RETURN QUERY
    WITH found AS MATERIALIZED (
      SELECT a.n, c."node_id", a.letter_at, a.letter_size, CASE
        WHEN NOT a.forced AND c."owner" <> a.owner AND c."owner" <> '' THEN 'owned-by-other'
        WHEN c."node_id" = p_me THEN 'yours'
        ELSE 'asked' END AS what
      FROM unnest(p_clients, p_owners, p_forced, p_letter_at, p_letter_size)
        WITH ORDINALITY a (client, owner, forced, letter_at, letter_size, n)
      JOIN "client_claims" c ON c."key" = name_key(a.client)
    ), letters AS (
      INSERT INTO "node_mail" ("to_node", "from_node", "bytes")
      SELECT f."node_id", p_me, substring(p_blob FROM f.letter_at + 1 FOR f.letter_size) FROM found f WHERE f.what = 'asked' ORDER BY f.n
    )
    SELECT f.n, f.what, f."node_id" FROM found f ORDER BY f.n;
END $$;
