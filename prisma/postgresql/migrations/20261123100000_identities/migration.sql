-- Who people are at an identity provider (ADR 0035).
CREATE TABLE "user_identities" (
    "issuer" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "user_id" TEXT NOT NULL REFERENCES "users"("id") ON DELETE CASCADE,
    "email" TEXT,
    "linked_at" BIGINT NOT NULL,
    "last_used_at" BIGINT,
    PRIMARY KEY ("issuer", "subject")
);
CREATE UNIQUE INDEX "user_identities_user_id_issuer_key" ON "user_identities"("user_id", "issuer");
