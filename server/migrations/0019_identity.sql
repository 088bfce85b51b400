-- Which database this is, and the key that its nodes sign their letters with. A copy that is restored gets others.
CREATE TABLE database_identity (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL,
    relay_key TEXT NOT NULL
);

-- Sessions that were logged out are read, and let go of, by their end.
CREATE INDEX revoked_sessions_by_end ON revoked_sessions (expires_at);
