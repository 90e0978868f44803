-- What a deletion by filter takes out of sight at once; its rows go to the trash in chunks afterwards. JSON; null when done.
ALTER TABLE "unauthorized_deletions" ADD COLUMN "hides" TEXT;

-- The two indexes that are written with every refusal anyway carry the other numbers too: rows found by class or by time
-- are sorted by any of them without a look at the row.
DROP INDEX "unauthorized_clients_class";
DROP INDEX "unauthorized_clients_last_at";
CREATE INDEX "unauthorized_clients_class"
    ON "unauthorized_clients"("generation", "class_id", "last_at", "id", "first_at", "attempts");
CREATE INDEX "unauthorized_clients_last_at"
    ON "unauthorized_clients"("generation", "last_at", "id", "class_id", "first_at", "attempts");
