-- Second factor, confirmations and invitations of people (ADR 0030).
ALTER TABLE "users" ADD COLUMN "totp_secret" TEXT;
ALTER TABLE "users" ADD COLUMN "totp_step" BIGINT;
ALTER TABLE "user_sessions" ADD COLUMN "confirmed_at" BIGINT NOT NULL DEFAULT 0;
CREATE TABLE "recovery_codes" (
    "user_id" TEXT NOT NULL REFERENCES "users"("id") ON DELETE CASCADE,
    "code_hash" TEXT NOT NULL,
    PRIMARY KEY ("user_id", "code_hash")
);
CREATE TABLE "invitations" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "token_hash" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "created_at" BIGINT NOT NULL,
    "created_by" TEXT NOT NULL,
    "expires_at" BIGINT NOT NULL
);
CREATE UNIQUE INDEX "invitations_token_hash_key" ON "invitations"("token_hash");
CREATE UNIQUE INDEX "invitations_email_key" ON "invitations"("email");
