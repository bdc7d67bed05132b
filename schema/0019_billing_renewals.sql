-- What we do ourselves where a gateway does not: charge renewals, number invoices, try again after a failure, take
-- payments made by hand, and compare the books.

ALTER TABLE subscriptions ADD COLUMN reminded_of INTEGER; -- the end of the period that the person was reminded of

CREATE TABLE renewal_charges (
  id TEXT PRIMARY KEY,
  subscription_id TEXT NOT NULL REFERENCES subscriptions (id),
  period_start INTEGER NOT NULL, -- of the period it is for
  attempt INTEGER NOT NULL,
  reference TEXT NOT NULL UNIQUE,
  amount_minor INTEGER NOT NULL,
  currency TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('pending', 'success', 'failed')),
  created_at INTEGER NOT NULL,
  done_at INTEGER,
  UNIQUE (subscription_id, period_start, attempt)
) STRICT;

-- One row per series: the number given last. Taken in the transaction of the invoice, so that none is missing.
CREATE TABLE invoice_series (
  name TEXT PRIMARY KEY,
  last INTEGER NOT NULL CHECK (last >= 0)
) STRICT;

CREATE TABLE dunning_policy (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  retry_days_json TEXT NOT NULL CHECK (json_valid(retry_days_json)),
  grace_days INTEGER NOT NULL CHECK (grace_days BETWEEN 0 AND 90),
  updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE dunning_cases (
  id TEXT PRIMARY KEY,
  subscription_id TEXT NOT NULL REFERENCES subscriptions (id),
  attempts INTEGER NOT NULL DEFAULT 0, -- that failed and were told
  next_at INTEGER, -- NULL: no further try by itself
  grace_until INTEGER NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('open', 'paused', 'recovered', 'ended')),
  opened_at INTEGER NOT NULL,
  closed_at INTEGER
) STRICT;
CREATE UNIQUE INDEX dunning_cases_open ON dunning_cases (subscription_id) WHERE closed_at IS NULL;
CREATE INDEX dunning_cases_subscription ON dunning_cases (subscription_id);

CREATE TABLE manual_payments ( -- personal
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL,
  checkout_id TEXT NOT NULL UNIQUE REFERENCES checkouts (id),
  method TEXT NOT NULL CHECK (method IN ('bank', 'mobile_money', 'cash')),
  note TEXT NOT NULL DEFAULT '',
  proof_media_id TEXT,
  status TEXT NOT NULL CHECK (status IN ('submitted', 'approved', 'rejected', 'withdrawn')),
  reviewer_id TEXT,
  review_note TEXT,
  created_at INTEGER NOT NULL,
  reviewed_at INTEGER
) STRICT;
CREATE INDEX manual_payments_user ON manual_payments (user_id, id DESC);
CREATE INDEX manual_payments_status ON manual_payments (status, id);

CREATE TABLE reconcile_runs (
  id TEXT PRIMARY KEY,
  provider TEXT NOT NULL DEFAULT '', -- '': all
  since INTEGER NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('running', 'done', 'failed')),
  checked INTEGER NOT NULL DEFAULT 0,
  fixed INTEGER NOT NULL DEFAULT 0,
  error TEXT,
  started_at INTEGER NOT NULL,
  done_at INTEGER
) STRICT;

CREATE TABLE reconcile_differences (
  run_id TEXT NOT NULL REFERENCES reconcile_runs (id),
  position INTEGER NOT NULL,
  provider TEXT NOT NULL,
  subject TEXT NOT NULL, -- "payment PSK-...", "checkout STR-..."
  found TEXT NOT NULL,
  fixed INTEGER NOT NULL CHECK (fixed IN (0, 1)),
  PRIMARY KEY (run_id, position)
) STRICT;
