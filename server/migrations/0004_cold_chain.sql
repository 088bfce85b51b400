-- The cold chain: sites, units, what their sensors measured, and alerts.

CREATE TABLE sites (
    id TEXT PRIMARY KEY,
    tenant_id TEXT NOT NULL REFERENCES tenants (id),
    name TEXT NOT NULL,
    city TEXT NOT NULL,
    state TEXT NOT NULL
);

CREATE INDEX sites_by_tenant ON sites (tenant_id, id);

CREATE TABLE units (
    id TEXT PRIMARY KEY,
    tenant_id TEXT NOT NULL REFERENCES tenants (id),
    site_id TEXT NOT NULL REFERENCES sites (id),
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    min_temperature DOUBLE PRECISION NOT NULL,
    max_temperature DOUBLE PRECISION NOT NULL,
    min_duration_ms BIGINT NOT NULL,
    load_id TEXT REFERENCES loads (id),
    -- Where the watch over its range stands: the newest reading that was judged, and since when every one was outside.
    -- Kept with the unit, so that any node goes on where another stopped.
    judged_at BIGINT,
    outside_since BIGINT
);

CREATE INDEX units_by_tenant ON units (tenant_id, id);

CREATE TABLE readings (
    unit_id TEXT NOT NULL REFERENCES units (id),
    recorded_at BIGINT NOT NULL,
    id TEXT NOT NULL,
    device_id TEXT,
    temperature DOUBLE PRECISION NOT NULL,
    humidity DOUBLE PRECISION,
    battery DOUBLE PRECISION,
    signal_strength DOUBLE PRECISION,
    source TEXT NOT NULL,
    PRIMARY KEY (unit_id, recorded_at)
);

CREATE TABLE alerts (
    id TEXT PRIMARY KEY,
    tenant_id TEXT NOT NULL REFERENCES tenants (id),
    unit_id TEXT REFERENCES units (id),
    load_id TEXT REFERENCES loads (id),
    type TEXT NOT NULL,
    severity TEXT NOT NULL,
    message TEXT NOT NULL,
    triggered_at BIGINT NOT NULL,
    resolved_at BIGINT
);

CREATE INDEX alerts_by_tenant ON alerts (tenant_id, id);
CREATE INDEX alerts_open ON alerts (unit_id) WHERE resolved_at IS NULL;
