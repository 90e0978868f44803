-- What the private CA issued; at most 100 000 rows. Never a key.
CREATE TABLE "certificates" (
    "serial" TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    "version" INTEGER NOT NULL,
    "authority" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "common_name" TEXT COLLATE "C" NOT NULL,
    "names" TEXT NOT NULL,
    "purpose" TEXT NOT NULL,
    "not_before" BIGINT NOT NULL,
    "not_after" BIGINT NOT NULL,
    "key_origin" TEXT NOT NULL,
    "created_at" BIGINT NOT NULL,
    "created_by" TEXT NOT NULL,
    "replaces" TEXT,
    "replaced_by" TEXT,
    "revoked_at" BIGINT,
    "revocation_reason" TEXT,
    "pem" TEXT NOT NULL
);
CREATE INDEX "certificates_created_at" ON "certificates"("created_at", "serial");
CREATE INDEX "certificates_not_after" ON "certificates"("not_after", "serial");
CREATE INDEX "certificates_common_name" ON "certificates"("common_name", "serial");
CREATE INDEX "certificates_revoked" ON "certificates"("authority", "revoked_at");
