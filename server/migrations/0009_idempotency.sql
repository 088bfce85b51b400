-- Answers to writes that carried a key, so that the same write sent again is answered and not done again.
CREATE TABLE idempotency_keys (
    user_id TEXT NOT NULL REFERENCES users (id),
    request_key TEXT NOT NULL,
    -- Of method, address, role and body; keyed, so that nothing of the body can be guessed from it.
    fingerprint TEXT NOT NULL,
    -- Empty while the write is under way.
    status BIGINT,
    content_type TEXT,
    body TEXT,
    -- After this the key is free again.
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, request_key)
);

CREATE INDEX idempotency_keys_by_end ON idempotency_keys (expires_at);
