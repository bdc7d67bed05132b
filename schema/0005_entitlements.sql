-- Who may use what, why and until when: the only thing access checks read.

CREATE TABLE entitlements (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id), -- personal
  scope TEXT NOT NULL CHECK (scope IN ('all', 'category', 'course', 'feature')),
  scope_id TEXT NOT NULL CHECK ((scope = 'all') = (scope_id = '')), -- '' where the scope needs no name
  source TEXT NOT NULL CHECK (source IN ('subscription', 'purchase', 'grant', 'coupon', 'manual')),
  source_id TEXT NOT NULL CHECK (source_id <> ''), -- the subscription, the payment, the decision
  starts_at INTEGER NOT NULL,
  ends_at INTEGER CHECK (ends_at >= starts_at), -- NULL: without end
  revoked_at INTEGER,
  reason TEXT NOT NULL CHECK (reason <> ''), -- one sentence for people
  revoke_reason TEXT CHECK ((revoke_reason IS NULL) = (revoked_at IS NULL)),
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (source, source_id, scope, scope_id)
) STRICT;

CREATE INDEX entitlements_by_user ON entitlements (user_id, revoked_at);
