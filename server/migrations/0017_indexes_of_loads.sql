-- What is worked is found without what is over: the board reads the first, counts of a tenant read nothing else.
CREATE INDEX loads_by_state ON loads (tenant_id, status, status_since) WHERE deleted_at IS NULL;
DROP INDEX loads_by_tenant_status;
-- The loads of one carrier, driver or dispatcher, newest last.
CREATE INDEX loads_by_carrier ON loads (carrier_id, id);
CREATE INDEX loads_by_driver ON loads (driver_id, id);
CREATE INDEX loads_by_dispatcher ON loads (dispatcher_id, id);
CREATE INDEX drivers_by_carrier ON drivers (carrier_id);
CREATE INDEX drivers_by_tenant ON drivers (tenant_id);
CREATE INDEX users_by_tenant ON users (tenant_id, role);
