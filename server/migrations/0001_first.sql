-- The first tables. Written in the subset that SQLite and PostgreSQL share.
-- Ids are UUIDv7 as text, instants are milliseconds since 1970 in UTC, money is in minor units, flags are 0 or 1.

CREATE TABLE tenants (
    id TEXT PRIMARY KEY,
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    CONSTRAINT tenants_slug_unique UNIQUE (slug)
);

CREATE TABLE carriers (
    id TEXT PRIMARY KEY,
    tenant_id TEXT NOT NULL REFERENCES tenants (id),
    name TEXT NOT NULL,
    mc_number TEXT NOT NULL,
    phone TEXT,
    insurance_expires_at BIGINT NOT NULL,
    compliance TEXT NOT NULL,
    CONSTRAINT carriers_mc_unique UNIQUE (tenant_id, mc_number)
);

CREATE TABLE drivers (
    id TEXT PRIMARY KEY,
    tenant_id TEXT NOT NULL REFERENCES tenants (id),
    carrier_id TEXT NOT NULL REFERENCES carriers (id),
    name TEXT NOT NULL,
    phone TEXT
);

CREATE TABLE users (
    id TEXT PRIMARY KEY,
    tenant_id TEXT NOT NULL REFERENCES tenants (id),
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    carrier_id TEXT REFERENCES carriers (id),
    driver_id TEXT REFERENCES drivers (id),
    created_at BIGINT NOT NULL,
    CONSTRAINT users_email_unique UNIQUE (email)
);

-- Sessions that were logged out before their last token ends.
CREATE TABLE revoked_sessions (
    session_id TEXT PRIMARY KEY,
    expires_at BIGINT NOT NULL
);

CREATE TABLE facilities (
    id TEXT PRIMARY KEY,
    tenant_id TEXT NOT NULL REFERENCES tenants (id),
    name TEXT NOT NULL,
    city TEXT NOT NULL,
    state TEXT NOT NULL,
    zone TEXT NOT NULL,
    lat DOUBLE PRECISION NOT NULL,
    lng DOUBLE PRECISION NOT NULL
);

-- The last number given in each month of each tenant.
CREATE TABLE load_numbers (
    tenant_id TEXT NOT NULL REFERENCES tenants (id),
    month TEXT NOT NULL,
    last_number BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, month)
);

CREATE TABLE loads (
    id TEXT PRIMARY KEY,
    tenant_id TEXT NOT NULL REFERENCES tenants (id),
    load_number TEXT NOT NULL,
    status TEXT NOT NULL,
    version BIGINT NOT NULL,
    customer TEXT NOT NULL,
    equipment TEXT NOT NULL,
    carrier_id TEXT REFERENCES carriers (id),
    driver_id TEXT REFERENCES drivers (id),
    dispatcher_id TEXT REFERENCES users (id),
    commodity TEXT NOT NULL,
    weight_lbs BIGINT NOT NULL,
    miles BIGINT NOT NULL,
    instructions TEXT NOT NULL,
    reference_numbers TEXT NOT NULL,
    hot BIGINT NOT NULL,
    exception BIGINT NOT NULL,
    revenue BIGINT,
    carrier_cost BIGINT,
    currency TEXT NOT NULL,
    stop_count BIGINT NOT NULL,
    tender_expires_at BIGINT,
    last_check_call_at BIGINT,
    status_since BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    updated_by TEXT REFERENCES users (id),
    deleted_at BIGINT,
    CONSTRAINT loads_number_unique UNIQUE (tenant_id, load_number)
);

CREATE INDEX loads_by_tenant_status ON loads (tenant_id, status);
CREATE INDEX loads_by_tenant_age ON loads (tenant_id, id);

CREATE TABLE stops (
    id TEXT PRIMARY KEY,
    load_id TEXT NOT NULL REFERENCES loads (id),
    position BIGINT NOT NULL,
    kind TEXT NOT NULL,
    facility_id TEXT NOT NULL REFERENCES facilities (id),
    window_kind TEXT NOT NULL,
    window_start BIGINT NOT NULL,
    window_end BIGINT NOT NULL,
    -- The end of the window that was agreed first, for the "original" on-time figure.
    original_end BIGINT NOT NULL,
    arrived_at BIGINT,
    departed_at BIGINT,
    CONSTRAINT stops_position_unique UNIQUE (load_id, position)
);

CREATE TABLE check_calls (
    id TEXT PRIMARY KEY,
    load_id TEXT NOT NULL REFERENCES loads (id),
    lat DOUBLE PRECISION NOT NULL,
    lng DOUBLE PRECISION NOT NULL,
    notes TEXT NOT NULL,
    eta BIGINT,
    received_at BIGINT NOT NULL
);

CREATE INDEX check_calls_by_load ON check_calls (load_id, received_at);

CREATE TABLE positions (
    load_id TEXT NOT NULL REFERENCES loads (id),
    recorded_at BIGINT NOT NULL,
    lat DOUBLE PRECISION NOT NULL,
    lng DOUBLE PRECISION NOT NULL,
    heading DOUBLE PRECISION,
    speed DOUBLE PRECISION,
    PRIMARY KEY (load_id, recorded_at)
);

-- Where each numbered stream stands.
CREATE TABLE streams (
    tenant_id TEXT NOT NULL REFERENCES tenants (id),
    namespace TEXT NOT NULL,
    stream TEXT NOT NULL,
    epoch TEXT NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, namespace, stream)
);

-- What happened, once for each stream that carries it. Also the audit trail: it is never changed.
CREATE TABLE events (
    tenant_id TEXT NOT NULL,
    namespace TEXT NOT NULL,
    stream TEXT NOT NULL,
    seq BIGINT NOT NULL,
    id TEXT NOT NULL,
    event TEXT NOT NULL,
    happened_at BIGINT NOT NULL,
    load_id TEXT,
    actor_id TEXT,
    data TEXT NOT NULL,
    -- The data without money, where there was some.
    plain_data TEXT,
    PRIMARY KEY (tenant_id, namespace, stream, seq),
    FOREIGN KEY (tenant_id, namespace, stream) REFERENCES streams (tenant_id, namespace, stream)
);

CREATE INDEX events_by_load ON events (load_id, id);
