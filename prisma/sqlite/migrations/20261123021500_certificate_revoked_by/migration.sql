-- Who revoked a certificate; null for what was revoked before this was noted.
ALTER TABLE "certificates" ADD COLUMN "revoked_by" TEXT;
