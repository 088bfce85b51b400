-- Tokens of a person that were issued before a change of password, or before the person was removed, are worthless:
-- a token carries the generation that it was issued in.
ALTER TABLE users ADD COLUMN token_generation BIGINT NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN removed_at BIGINT;

-- The key that tokens are signed with, where several nodes share a database.
CREATE TABLE signing_keys (
    id BIGINT PRIMARY KEY,
    key_base64 TEXT NOT NULL
);
