-- The trail of who did what. Append-only: the triggers refuse changes, and each row's hash covers the one before, so
-- that a change made behind their back shows. No foreign keys: a row outlives the people and things it speaks of.
CREATE TABLE audit_logs (
  id INTEGER PRIMARY KEY,
  timestamp INTEGER NOT NULL,
  actor_kind TEXT NOT NULL CHECK (actor_kind IN ('anonymous', 'person', 'key', 'system')),
  user_id TEXT,
  ip_address TEXT NOT NULL, -- personal
  request_id TEXT NOT NULL,
  action TEXT NOT NULL,
  category TEXT NOT NULL CHECK (category IN ('security', 'business', 'error', 'system')),
  severity TEXT NOT NULL CHECK (severity IN ('info', 'warning', 'critical')),
  target_type TEXT NOT NULL,
  target_id TEXT NOT NULL,
  description TEXT NOT NULL,
  metadata_json TEXT NOT NULL CHECK (json_valid(metadata_json)),
  prev_hash TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;

CREATE INDEX audit_logs_user ON audit_logs (user_id, id) WHERE user_id IS NOT NULL;
CREATE INDEX audit_logs_action ON audit_logs (action, id);

CREATE TRIGGER audit_logs_no_update BEFORE UPDATE ON audit_logs
BEGIN
  SELECT RAISE(ABORT, 'audit_logs is append-only');
END;

CREATE TRIGGER audit_logs_no_delete BEFORE DELETE ON audit_logs
BEGIN
  SELECT RAISE(ABORT, 'audit_logs is append-only');
END;
