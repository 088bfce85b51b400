-- Whether what the request asked for was committed: noted in the same transaction, so that it is known even where the
-- process ended before its answer was kept.
ALTER TABLE idempotency_keys ADD COLUMN done BIGINT NOT NULL DEFAULT 0;
