-- Where a facility is to be found, how wide its geofence is where it sets its own, and one name for one facility.
ALTER TABLE facilities ADD COLUMN address TEXT;
ALTER TABLE facilities ADD COLUMN geofence_miles DOUBLE PRECISION;
CREATE UNIQUE INDEX facilities_name_unique ON facilities (tenant_id, name);

-- Customers are suggested by what the loads say.
CREATE INDEX loads_by_tenant_customer ON loads (tenant_id, customer);
