-- When a load will be at its next stop, as a person said last, and when it was said. Empty once it is there.
ALTER TABLE loads ADD COLUMN eta BIGINT;
ALTER TABLE loads ADD COLUMN eta_said_at BIGINT;

UPDATE loads SET
    eta = (SELECT MAX(c.eta) FROM check_calls c WHERE c.load_id = loads.id AND c.received_at = loads.last_check_call_at),
    eta_said_at = last_check_call_at
WHERE status IN ('DISPATCHED', 'PICKED_UP', 'IN_TRANSIT') AND deleted_at IS NULL;

-- From here on a status and the stops that it implies say the same. Where nobody wrote down when a truck was at a stop
-- that its load has passed, the moment since which the load stands in its status is the best that is known.
UPDATE stops SET arrived_at = (SELECT l.status_since FROM loads l WHERE l.id = stops.load_id)
WHERE arrived_at IS NULL AND position = 1
  AND load_id IN (SELECT id FROM loads WHERE status IN
      ('AT_PICKUP', 'PICKED_UP', 'IN_TRANSIT', 'AT_DELIVERY', 'DELIVERED', 'COMPLETED'));

UPDATE stops SET
    arrived_at = COALESCE(arrived_at, (SELECT l.status_since FROM loads l WHERE l.id = stops.load_id)),
    departed_at = COALESCE(departed_at, (SELECT l.status_since FROM loads l WHERE l.id = stops.load_id))
WHERE departed_at IS NULL
  AND position <= (SELECT MAX(p.position) FROM stops p WHERE p.load_id = stops.load_id AND p.kind = 'pickup')
  AND load_id IN (SELECT id FROM loads WHERE status IN
      ('PICKED_UP', 'IN_TRANSIT', 'AT_DELIVERY', 'DELIVERED', 'COMPLETED'));

UPDATE stops SET
    arrived_at = COALESCE(arrived_at, (SELECT l.status_since FROM loads l WHERE l.id = stops.load_id)),
    departed_at = COALESCE(departed_at, (SELECT l.status_since FROM loads l WHERE l.id = stops.load_id))
WHERE departed_at IS NULL
  AND position < (SELECT l.stop_count FROM loads l WHERE l.id = stops.load_id)
  AND load_id IN (SELECT id FROM loads WHERE status IN ('AT_DELIVERY', 'DELIVERED', 'COMPLETED'));

UPDATE stops SET arrived_at = (SELECT l.status_since FROM loads l WHERE l.id = stops.load_id)
WHERE arrived_at IS NULL
  AND load_id IN (SELECT id FROM loads WHERE status IN ('AT_DELIVERY', 'DELIVERED', 'COMPLETED'));

UPDATE stops SET departed_at = (SELECT l.status_since FROM loads l WHERE l.id = stops.load_id)
WHERE departed_at IS NULL
  AND load_id IN (SELECT id FROM loads WHERE status IN ('DELIVERED', 'COMPLETED'));
