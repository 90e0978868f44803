-- Under which certificate, pre-shared key or name an open row waits for a good login, whatever its client ID.
CREATE TABLE "unauthorized_identities" (
    "identity" TEXT NOT NULL,
    "row_id" INTEGER NOT NULL REFERENCES "unauthorized_clients"("id") ON DELETE CASCADE,
    PRIMARY KEY ("identity", "row_id")
) WITHOUT ROWID;
CREATE INDEX "unauthorized_identities_row_id" ON "unauthorized_identities"("row_id");
