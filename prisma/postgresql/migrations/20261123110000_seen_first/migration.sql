-- AlterTable
ALTER TABLE "alert_seen" ADD COLUMN "first_at" BIGINT NOT NULL DEFAULT 0;
