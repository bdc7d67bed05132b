-- Subscriptions that the school gives away: no gateway knows them, nothing is charged, and they end by themselves.
CREATE TABLE gifts (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id), -- personal
  plan_id TEXT NOT NULL REFERENCES plans (id),
  plan TEXT NOT NULL,
  plan_name TEXT NOT NULL,
  given_by TEXT,
  starts_at INTEGER NOT NULL,
  ends_at INTEGER NOT NULL CHECK (ends_at > starts_at)
) STRICT;

CREATE INDEX gifts_user ON gifts (user_id, starts_at);
CREATE INDEX gifts_plan ON gifts (plan_id);
