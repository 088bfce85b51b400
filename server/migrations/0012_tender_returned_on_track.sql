-- Why the last tender of a load came back, while the load waits for the next; and when a position last showed the truck
-- on its way with an ETA in time.
ALTER TABLE loads ADD COLUMN tender_returned TEXT;
ALTER TABLE loads ADD COLUMN on_track_at BIGINT;
