-- The room that answers take, by person, without reading them.
ALTER TABLE idempotency_keys ADD COLUMN bytes BIGINT NOT NULL DEFAULT 0;
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (user_id, expires_at, bytes, request_key);
