-- Who reported a position. What was stored before came from the demo's fleet.
ALTER TABLE positions ADD COLUMN source TEXT NOT NULL DEFAULT 'simulator';

-- The newest position of each load. The others stand in "positions", which is the history.
CREATE TABLE latest_positions (
    load_id TEXT PRIMARY KEY REFERENCES loads (id),
    tenant_id TEXT NOT NULL REFERENCES tenants (id),
    recorded_at BIGINT NOT NULL,
    lat DOUBLE PRECISION NOT NULL,
    lng DOUBLE PRECISION NOT NULL,
    heading DOUBLE PRECISION,
    speed DOUBLE PRECISION,
    source TEXT NOT NULL
);

CREATE INDEX latest_positions_by_tenant ON latest_positions (tenant_id);

INSERT INTO latest_positions (load_id, tenant_id, recorded_at, lat, lng, heading, speed, source)
SELECT p.load_id, l.tenant_id, p.recorded_at, p.lat, p.lng, p.heading, p.speed, p.source
FROM positions p
JOIN loads l ON l.id = p.load_id
WHERE p.recorded_at = (SELECT MAX(newer.recorded_at) FROM positions newer WHERE newer.load_id = p.load_id);
