-- CreateTable
CREATE TABLE "alert_rules" (
    "id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "enabled" BOOLEAN NOT NULL,
    "condition" TEXT NOT NULL,
    "channels" TEXT NOT NULL,
    "repeat_minutes" INTEGER NOT NULL,
    "resolve_after_seconds" INTEGER NOT NULL,
    "topic" TEXT,
    "created_at" BIGINT NOT NULL,
    "created_by" TEXT NOT NULL,
    "updated_at" BIGINT NOT NULL,

    CONSTRAINT "alert_rules_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "alert_channels" (
    "id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "enabled" BOOLEAN NOT NULL,
    "target" TEXT NOT NULL,
    "sealed" TEXT,
    "health" TEXT NOT NULL,
    "created_at" BIGINT NOT NULL,
    "created_by" TEXT NOT NULL,
    "updated_at" BIGINT NOT NULL,

    CONSTRAINT "alert_channels_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "alert_silences" (
    "id" TEXT NOT NULL,
    "rule_id" TEXT,
    "until" BIGINT NOT NULL,
    "comment" TEXT NOT NULL,
    "created_at" BIGINT NOT NULL,
    "created_by" TEXT NOT NULL,

    CONSTRAINT "alert_silences_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "alerts" (
    "id" TEXT NOT NULL,
    "rule_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "fired_at" BIGINT NOT NULL,
    "resolved_at" BIGINT,
    "facts" TEXT NOT NULL,

    CONSTRAINT "alerts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "alert_deliveries" (
    "id" TEXT NOT NULL,
    "channel_id" TEXT NOT NULL,
    "event" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL,
    "next_at" BIGINT NOT NULL,
    "created_at" BIGINT NOT NULL,

    CONSTRAINT "alert_deliveries_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "alert_seen" (
    "kind" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "last_at" BIGINT NOT NULL,

    CONSTRAINT "alert_seen_pkey" PRIMARY KEY ("kind", "value")
);

-- CreateIndex
CREATE INDEX "alert_silences_until_idx" ON "alert_silences"("until");

-- CreateIndex
CREATE INDEX "alerts_fired_at_id_idx" ON "alerts"("fired_at", "id");

-- CreateIndex
CREATE INDEX "alerts_resolved_at_idx" ON "alerts"("resolved_at");

-- CreateIndex
CREATE INDEX "alerts_rule_id_fired_at_idx" ON "alerts"("rule_id", "fired_at");

-- CreateIndex
CREATE INDEX "alert_deliveries_next_at_idx" ON "alert_deliveries"("next_at");

-- CreateIndex
CREATE INDEX "alert_deliveries_channel_id_idx" ON "alert_deliveries"("channel_id");

-- CreateIndex
CREATE INDEX "alert_seen_last_at_idx" ON "alert_seen"("last_at");
