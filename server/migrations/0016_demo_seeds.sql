-- Demo tenants whose loads are still being written: from which seed, as of when, and how many of how many stand. Whoever
-- seeds goes on from here, also after a start that was interrupted. The row goes with the last load.
CREATE TABLE demo_seeds (
    tenant_id TEXT PRIMARY KEY REFERENCES tenants (id),
    -- A number without a sign, which is too wide for a BIGINT.
    seed TEXT NOT NULL,
    planned_at BIGINT NOT NULL,
    loads BIGINT NOT NULL,
    trucks BIGINT NOT NULL,
    written BIGINT NOT NULL
);
