-- A driver has one login at most, so that what a driver is told has one address.
CREATE UNIQUE INDEX users_driver_unique ON users (driver_id) WHERE removed_at IS NULL;
