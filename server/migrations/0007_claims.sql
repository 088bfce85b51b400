-- Who is on a load: a soft claim, which others see and may take over.
ALTER TABLE loads ADD COLUMN claimed_by TEXT REFERENCES users (id);
ALTER TABLE loads ADD COLUMN claimed_at BIGINT;
CREATE INDEX loads_by_open_tender ON loads (tender_expires_at);
