-- Plans and prices, what people buy, what gateways told us, and the books. Why one payments table for every gateway: an
-- operator asks "what came in?", not "what came in through whom?".

CREATE TABLE plans (
  id TEXT PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  description TEXT NOT NULL DEFAULT '',
  features_json TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(features_json)),
  scope TEXT NOT NULL CHECK (scope IN ('all', 'category', 'course', 'feature')),
  scope_id TEXT NOT NULL DEFAULT '',
  plan_group TEXT NOT NULL DEFAULT 'main',
  trial_days INTEGER NOT NULL DEFAULT 0 CHECK (trial_days BETWEEN 0 AND 730),
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
  sort INTEGER NOT NULL DEFAULT 0,
  provider_product_id TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;

-- What is paid for once.
CREATE TABLE products (
  id TEXT PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  description TEXT NOT NULL DEFAULT '',
  kind TEXT NOT NULL CHECK (kind IN ('course', 'bundle', 'full_access')),
  access_days INTEGER CHECK (access_days BETWEEN 1 AND 36500), -- NULL: for good
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
  sort INTEGER NOT NULL DEFAULT 0,
  provider_product_id TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE product_scopes (
  product_id TEXT NOT NULL REFERENCES products (id),
  scope TEXT NOT NULL CHECK (scope IN ('all', 'category', 'course', 'feature')),
  scope_id TEXT NOT NULL CHECK ((scope = 'all') = (scope_id = '')),
  PRIMARY KEY (product_id, scope, scope_id)
) STRICT;

CREATE TABLE prices (
  id TEXT PRIMARY KEY,
  plan_id TEXT REFERENCES plans (id),
  product_id TEXT REFERENCES products (id),
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  amount_minor INTEGER NOT NULL CHECK (amount_minor >= 0),
  interval TEXT NOT NULL CHECK (interval IN ('once', 'day', 'week', 'month', 'year')),
  interval_count INTEGER NOT NULL DEFAULT 1 CHECK (interval_count BETWEEN 1 AND 36),
  provider TEXT,
  provider_price_id TEXT,
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
  created_at INTEGER NOT NULL,
  CHECK ((plan_id IS NULL) <> (product_id IS NULL)),
  -- A plan renews, a product does not: money taken once for a plan would open nothing.
  CHECK ((product_id IS NULL) = (interval <> 'once'))
) STRICT;
CREATE INDEX prices_plan ON prices (plan_id, active);
CREATE INDEX prices_product ON prices (product_id, active);
CREATE UNIQUE INDEX prices_provider ON prices (provider, provider_price_id) WHERE provider_price_id IS NOT NULL;

CREATE TABLE coupons (
  id TEXT PRIMARY KEY,
  code TEXT NOT NULL UNIQUE CHECK (code = upper(code)),
  name TEXT NOT NULL,
  percent INTEGER CHECK (percent BETWEEN 1 AND 100),
  amount_minor INTEGER CHECK (amount_minor > 0),
  currency TEXT,
  duration TEXT NOT NULL DEFAULT 'once' CHECK (duration IN ('once', 'repeating', 'forever')), -- of a subscription
  duration_months INTEGER CHECK (duration_months BETWEEN 1 AND 36),
  max_uses INTEGER CHECK (max_uses > 0), -- NULL: without limit
  used INTEGER NOT NULL DEFAULT 0 CHECK (used >= 0), -- redemptions, of open checkouts too
  per_user INTEGER CHECK (per_user > 0),
  starts_at INTEGER,
  ends_at INTEGER,
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
  provider_coupon_id TEXT,
  created_at INTEGER NOT NULL,
  CHECK ((percent IS NULL) <> (amount_minor IS NULL)),
  CHECK ((amount_minor IS NULL) = (currency IS NULL)),
  CHECK ((duration = 'repeating') = (duration_months IS NOT NULL))
) STRICT;

-- What a coupon is for; without rows: for everything.
CREATE TABLE coupon_targets (
  coupon_id TEXT NOT NULL REFERENCES coupons (id),
  target_id TEXT NOT NULL, -- a plan or a product
  PRIMARY KEY (coupon_id, target_id)
) STRICT;

CREATE TABLE customers ( -- personal
  user_id TEXT NOT NULL,
  provider TEXT NOT NULL,
  provider_customer_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (user_id, provider),
  UNIQUE (provider, provider_customer_id)
) STRICT;

CREATE TABLE checkouts ( -- personal
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL,
  email TEXT NOT NULL,
  plan_id TEXT REFERENCES plans (id),
  product_id TEXT REFERENCES products (id),
  price_id TEXT NOT NULL REFERENCES prices (id),
  trial_days INTEGER NOT NULL DEFAULT 0,
  coupon_id TEXT REFERENCES coupons (id),
  provider TEXT NOT NULL,
  reference TEXT NOT NULL UNIQUE,
  status TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'completed', 'expired', 'failed')),
  provider_session_id TEXT,
  url TEXT,
  amount_minor INTEGER NOT NULL, -- before the discount
  discount_minor INTEGER NOT NULL DEFAULT 0 CHECK (discount_minor BETWEEN 0 AND amount_minor),
  currency TEXT NOT NULL,
  success_url TEXT NOT NULL,
  cancel_url TEXT NOT NULL,
  request_body TEXT,
  job_id TEXT,
  error_code TEXT,
  error_message TEXT,
  expires_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  completed_at INTEGER,
  CHECK ((plan_id IS NULL) <> (product_id IS NULL))
) STRICT;
CREATE UNIQUE INDEX checkouts_session ON checkouts (provider, provider_session_id) WHERE provider_session_id IS NOT NULL;
CREATE INDEX checkouts_user ON checkouts (user_id, created_at DESC);
CREATE INDEX checkouts_open ON checkouts (status, expires_at) WHERE status = 'open';

CREATE TABLE coupon_redemptions ( -- personal
  id TEXT PRIMARY KEY,
  coupon_id TEXT NOT NULL REFERENCES coupons (id),
  user_id TEXT NOT NULL,
  checkout_id TEXT NOT NULL UNIQUE REFERENCES checkouts (id),
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX coupon_redemptions_of ON coupon_redemptions (coupon_id, user_id);

CREATE TABLE subscriptions ( -- personal
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL,
  plan_id TEXT NOT NULL REFERENCES plans (id),
  plan TEXT NOT NULL,
  plan_name TEXT NOT NULL,
  plan_group TEXT NOT NULL,
  price_id TEXT REFERENCES prices (id),
  provider TEXT NOT NULL,
  provider_subscription_id TEXT NOT NULL,
  stripe_id TEXT GENERATED ALWAYS AS (CASE provider WHEN 'stripe' THEN provider_subscription_id END) VIRTUAL,
  stripe_subscription_id TEXT GENERATED ALWAYS AS (CASE provider WHEN 'stripe' THEN provider_subscription_id END) VIRTUAL,
  status TEXT NOT NULL CHECK (status IN ('incomplete', 'trialing', 'active', 'past_due', 'unpaid', 'paused', 'canceled')),
  current_period_start INTEGER NOT NULL,
  current_period_end INTEGER NOT NULL,
  trial_end INTEGER,
  cancel_at_period_end INTEGER NOT NULL DEFAULT 0 CHECK (cancel_at_period_end IN (0, 1)),
  cancel_reason TEXT,
  cancelled_at INTEGER,
  ended_at INTEGER,
  grace_until INTEGER,
  surplus INTEGER NOT NULL DEFAULT 0 CHECK (surplus IN (0, 1)), -- paid beside a live one: cancelled and refunded
  scheduled_price_id TEXT REFERENCES prices (id), -- what it changes to
  scheduled_at INTEGER, -- and when
  undone_at INTEGER, -- when that was done at the provider
  provider_updated_at INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (provider, provider_subscription_id)
) STRICT;
CREATE INDEX subscriptions_user ON subscriptions (user_id, status);
CREATE UNIQUE INDEX subscriptions_one_live ON subscriptions (user_id, plan_group)
  WHERE status IN ('trialing', 'active', 'past_due', 'unpaid', 'paused');
CREATE INDEX subscriptions_due ON subscriptions (status, current_period_end);

CREATE TABLE subscription_changes (
  id INTEGER PRIMARY KEY,
  subscription_id TEXT NOT NULL REFERENCES subscriptions (id),
  actor_id TEXT,
  kind TEXT NOT NULL,
  old_json TEXT NOT NULL CHECK (json_valid(old_json)),
  new_json TEXT NOT NULL CHECK (json_valid(new_json)),
  reason TEXT,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX subscription_changes_of ON subscription_changes (subscription_id, id);

-- What people ask of a running subscription, kept before its provider is asked.
CREATE TABLE subscription_orders (
  id TEXT PRIMARY KEY,
  subscription_id TEXT NOT NULL REFERENCES subscriptions (id),
  kind TEXT NOT NULL CHECK (kind IN ('cancel_at_end', 'cancel_now', 'resume', 'change_now', 'change_at_end', 'keep_plan')),
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
CREATE INDEX subscription_orders_of ON subscription_orders (subscription_id, status);

CREATE TABLE invoices ( -- personal
  id TEXT PRIMARY KEY,
  number TEXT UNIQUE,
  user_id TEXT NOT NULL,
  subscription_id TEXT REFERENCES subscriptions (id),
  checkout_id TEXT REFERENCES checkouts (id),
  provider TEXT NOT NULL,
  provider_invoice_id TEXT NOT NULL,
  provider_number TEXT,
  status TEXT NOT NULL CHECK (status IN ('draft', 'open', 'paid', 'void', 'uncollectible', 'partially_refunded', 'refunded')),
  currency TEXT NOT NULL,
  subtotal_minor INTEGER NOT NULL DEFAULT 0,
  discount_minor INTEGER NOT NULL DEFAULT 0,
  tax_minor INTEGER NOT NULL DEFAULT 0,
  total_minor INTEGER NOT NULL,
  amount INTEGER GENERATED ALWAYS AS (total_minor) VIRTUAL,
  paid_minor INTEGER NOT NULL DEFAULT 0,
  hosted_url TEXT,
  issued_at INTEGER,
  due_at INTEGER,
  paid_at INTEGER,
  created_at INTEGER NOT NULL,
  UNIQUE (provider, provider_invoice_id)
) STRICT;
CREATE INDEX invoices_subscription ON invoices (subscription_id, status);
CREATE INDEX invoices_user ON invoices (user_id, id DESC);

CREATE TABLE invoice_lines (
  invoice_id TEXT NOT NULL REFERENCES invoices (id),
  position INTEGER NOT NULL,
  plan_id TEXT,
  description TEXT NOT NULL,
  quantity INTEGER NOT NULL DEFAULT 1,
  amount_minor INTEGER NOT NULL,
  period_start INTEGER,
  period_end INTEGER,
  PRIMARY KEY (invoice_id, position)
) STRICT;

CREATE TABLE payments ( -- personal
  id TEXT PRIMARY KEY,
  user_id TEXT,
  email TEXT NOT NULL CHECK (length(email) <= 255),
  invoice_id TEXT REFERENCES invoices (id),
  checkout_id TEXT REFERENCES checkouts (id),
  provider TEXT NOT NULL CHECK (provider IN ('stripe', 'paystack', 'manual')),
  reference TEXT NOT NULL UNIQUE,
  provider_payment_id TEXT,
  stripe_payment_id TEXT GENERATED ALWAYS AS (CASE provider WHEN 'stripe' THEN provider_payment_id END) VIRTUAL,
  paystack_ref TEXT GENERATED ALWAYS AS (CASE provider WHEN 'paystack' THEN provider_payment_id END) VIRTUAL,
  channel TEXT,
  amount_minor INTEGER NOT NULL CHECK (amount_minor >= 0),
  amount INTEGER GENERATED ALWAYS AS (amount_minor) VIRTUAL,
  currency TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN
    ('pending', 'processing', 'success', 'failed', 'cancelled', 'partially_refunded', 'refunded', 'disputed')),
  failure_code TEXT,
  failure_message TEXT,
  notes TEXT,
  metadata_json TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(metadata_json)),
  payment_date INTEGER,
  verified_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX payments_provider ON payments (provider, provider_payment_id) WHERE provider_payment_id IS NOT NULL;
CREATE INDEX payments_email ON payments (email);
CREATE INDEX payments_status ON payments (status);
CREATE INDEX payments_created ON payments (created_at DESC);
CREATE INDEX payments_user ON payments (user_id, id DESC);
CREATE INDEX payments_invoice ON payments (invoice_id) WHERE invoice_id IS NOT NULL;
CREATE INDEX payments_checkout ON payments (checkout_id) WHERE checkout_id IS NOT NULL;

CREATE TABLE refunds ( -- personal
  id TEXT PRIMARY KEY,
  payment_id TEXT NOT NULL REFERENCES payments (id),
  provider TEXT NOT NULL,
  provider_refund_id TEXT NOT NULL,
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  currency TEXT NOT NULL,
  reason TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('pending', 'succeeded', 'failed', 'cancelled')),
  created_at INTEGER NOT NULL,
  UNIQUE (provider, provider_refund_id)
) STRICT;
CREATE INDEX refunds_of ON refunds (payment_id);

CREATE TABLE webhook_events (
  id TEXT PRIMARY KEY,
  provider TEXT NOT NULL,
  event_id TEXT NOT NULL,
  event_type TEXT NOT NULL,
  object_id TEXT,
  stripe_id TEXT GENERATED ALWAYS AS (CASE provider WHEN 'stripe' THEN event_id END) VIRTUAL,
  payload TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('received', 'processed', 'ignored', 'failed', 'dead')),
  processed INTEGER GENERATED ALWAYS AS (status IN ('processed', 'ignored')) VIRTUAL,
  attempts INTEGER NOT NULL DEFAULT 0,
  error TEXT,
  provider_created_at INTEGER,
  created_at INTEGER NOT NULL,
  processed_at INTEGER,
  UNIQUE (provider, event_id)
) STRICT;
CREATE INDEX webhook_events_status ON webhook_events (status, created_at);

CREATE TABLE idempotency_keys (
  key TEXT NOT NULL,
  user_id TEXT NOT NULL,
  route TEXT NOT NULL,
  body_hash TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (key, user_id, route)
) STRICT;
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);

-- A payment that succeeds lifts the subscription it was for out of arrears.
CREATE TRIGGER update_subscription_on_payment AFTER INSERT ON payments
WHEN NEW.status = 'success' AND NEW.invoice_id IS NOT NULL
BEGIN
  UPDATE subscriptions SET status = 'active', grace_until = NULL, updated_at = NEW.updated_at
  WHERE id = (SELECT subscription_id FROM invoices WHERE id = NEW.invoice_id)
    AND status IN ('incomplete', 'past_due', 'unpaid');
END;

CREATE TRIGGER update_subscription_on_payment_status AFTER UPDATE OF status ON payments
WHEN NEW.status = 'success' AND OLD.status <> 'success' AND NEW.invoice_id IS NOT NULL
BEGIN
  UPDATE subscriptions SET status = 'active', grace_until = NULL, updated_at = NEW.updated_at
  WHERE id = (SELECT subscription_id FROM invoices WHERE id = NEW.invoice_id)
    AND status IN ('incomplete', 'past_due', 'unpaid');
END;

CREATE TRIGGER payments_only_forward BEFORE UPDATE OF status ON payments
WHEN (OLD.status IN ('success', 'partially_refunded', 'refunded', 'disputed')
      AND NEW.status IN ('pending', 'processing', 'failed', 'cancelled'))
  OR (OLD.status = 'refunded' AND NEW.status IN ('success', 'partially_refunded'))
BEGIN
  SELECT RAISE(ABORT, 'a payment does not move backwards');
END;

CREATE TRIGGER log_subscription_changes AFTER UPDATE ON subscriptions
WHEN OLD.status <> NEW.status OR OLD.plan_id <> NEW.plan_id OR OLD.price_id IS NOT NEW.price_id
  OR OLD.cancel_at_period_end <> NEW.cancel_at_period_end OR OLD.current_period_end <> NEW.current_period_end
BEGIN
  INSERT INTO subscription_changes (subscription_id, kind, old_json, new_json, reason, at)
  VALUES (NEW.id,
    CASE WHEN OLD.plan_id <> NEW.plan_id THEN 'plan' WHEN OLD.status <> NEW.status THEN 'status'
         WHEN OLD.cancel_at_period_end <> NEW.cancel_at_period_end THEN 'cancellation' ELSE 'period' END,
    json_object('plan', OLD.plan, 'status', OLD.status, 'cancelAtPeriodEnd', OLD.cancel_at_period_end,
      'currentPeriodEnd', OLD.current_period_end),
    json_object('plan', NEW.plan, 'status', NEW.status, 'cancelAtPeriodEnd', NEW.cancel_at_period_end,
      'currentPeriodEnd', NEW.current_period_end),
    NEW.cancel_reason, NEW.updated_at);
END;

CREATE VIEW stripe_events AS
SELECT id, event_id, payload AS raw_payload, processed_at FROM webhook_events WHERE provider = 'stripe';

CREATE VIEW payment_records AS
SELECT id, user_id, stripe_payment_id, amount_minor / 100.0 AS amount, payment_date FROM payments WHERE provider = 'stripe';
