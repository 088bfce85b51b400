-- Who let themselves in and out, who changed the rights of whom, and what was taken out or brought in. It is only added
-- to, and outlives what it speaks of: so it refers to nothing but its tenant.
CREATE TABLE audit (
    id TEXT PRIMARY KEY,
    tenant_id TEXT NOT NULL REFERENCES tenants (id),
    happened_at BIGINT NOT NULL,
    -- None where an operator acted by the command line.
    actor_id TEXT,
    -- As they were called then.
    actor_name TEXT,
    -- The client's network address, where it came over the network.
    address TEXT,
    action TEXT NOT NULL,
    subject_kind TEXT,
    subject_id TEXT,
    -- JSON
    details TEXT NOT NULL
);

CREATE INDEX audit_by_time ON audit (tenant_id, happened_at, id);
CREATE INDEX audit_by_action ON audit (tenant_id, action, happened_at, id);
CREATE INDEX audit_by_actor ON audit (tenant_id, actor_id, happened_at, id);
