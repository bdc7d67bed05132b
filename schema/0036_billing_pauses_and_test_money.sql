-- Subscriptions can be paused, events are kept with the head they came with, and money that was moved with a test key is
-- told from real money once a live key is set.

ALTER TABLE subscriptions ADD COLUMN paused_at INTEGER;

-- The same table with one kind of order more.
CREATE TABLE subscription_orders_new (
  id TEXT PRIMARY KEY,
  subscription_id TEXT NOT NULL REFERENCES subscriptions (id),
  kind TEXT NOT NULL CHECK (kind IN ('cancel_at_end', 'cancel_now', 'resume', 'change_now', 'change_at_end', 'keep_plan', 'pause')),
  price_id TEXT REFERENCES prices (id),
  proration_at INTEGER,
  reason TEXT,
  comment TEXT, -- personal
  status TEXT NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'done', 'failed')),
  job_id TEXT,
  error_code TEXT,
  error_message TEXT,
  created_at INTEGER NOT NULL,
  done_at INTEGER
) STRICT;
INSERT INTO subscription_orders_new (id, subscription_id, kind, price_id, proration_at, reason, comment, status, job_id,
  error_code, error_message, created_at, done_at)
SELECT id, subscription_id, kind, price_id, proration_at, reason, comment, status, job_id, error_code, error_message,
  created_at, done_at FROM subscription_orders;
DROP TABLE subscription_orders;
ALTER TABLE subscription_orders_new RENAME TO subscription_orders;
CREATE INDEX subscription_orders_of ON subscription_orders (subscription_id, status);

-- The head of a notice, without what would let somebody in; null of events that were fetched.
ALTER TABLE webhook_events ADD COLUMN headers_json TEXT CHECK (headers_json IS NULL OR json_valid(headers_json));

-- 1: with a test key, and a live one is set by now.
ALTER TABLE payments ADD COLUMN test INTEGER NOT NULL DEFAULT 0 CHECK (test IN (0, 1));
ALTER TABLE invoices ADD COLUMN test INTEGER NOT NULL DEFAULT 0 CHECK (test IN (0, 1));
ALTER TABLE subscriptions ADD COLUMN test INTEGER NOT NULL DEFAULT 0 CHECK (test IN (0, 1));
ALTER TABLE checkouts ADD COLUMN test INTEGER NOT NULL DEFAULT 0 CHECK (test IN (0, 1));
