-- Views of the board that persons have saved under names, each their own.

CREATE TABLE saved_views (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    name TEXT NOT NULL,
    -- The name as it is told apart from others: in small letters.
    name_key TEXT NOT NULL,
    query TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    CONSTRAINT saved_views_name_unique UNIQUE (user_id, name_key)
);
