-- Files of loads whose booking was confirmed. What is still to be booked is kept here, so that an import outlives the
-- process that works on it.
CREATE TABLE imports (
    id TEXT PRIMARY KEY,
    tenant_id TEXT NOT NULL REFERENCES tenants (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    -- The loads, with the numbers of their rows, as JSON; emptied when all are done.
    loads TEXT NOT NULL,
    -- How many of them were booked or refused.
    passed BIGINT NOT NULL,
    -- What its user is told of it, as JSON.
    outcome TEXT NOT NULL,
    finished BIGINT NOT NULL,
    -- When it went on last. One that has not for a while has lost its process.
    moved_at BIGINT NOT NULL
);

CREATE INDEX imports_by_move ON imports (finished, moved_at);
