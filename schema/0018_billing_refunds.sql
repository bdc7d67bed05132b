-- Money that goes back, payments that are doubted, the tax that prices contain, and second gateways beside Stripe: what
-- Paystack lets us charge again, what people paid by hand, and when we try again ourselves.

CREATE TABLE tax_rates (
  id TEXT PRIMARY KEY,
  country TEXT NOT NULL UNIQUE CHECK (length(country) = 2),
  name TEXT NOT NULL,
  basis_points INTEGER NOT NULL CHECK (basis_points BETWEEN 1 AND 10000),
  created_at INTEGER NOT NULL
) STRICT;

-- What may be charged again without the person: sealed, and what people see of it.
CREATE TABLE saved_cards ( -- personal
  user_id TEXT NOT NULL,
  provider TEXT NOT NULL,
  authorization TEXT NOT NULL, -- sealed, in base64
  label TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (user_id, provider)
) STRICT;

ALTER TABLE payments ADD COLUMN product_id TEXT REFERENCES products (id);
ALTER TABLE payments ADD COLUMN url TEXT; -- the page to pay on, while it is open

ALTER TABLE refunds ADD COLUMN access_policy TEXT NOT NULL DEFAULT 'keep'
  CHECK (access_policy IN ('keep', 'end_now', 'end_at'));
ALTER TABLE refunds ADD COLUMN access_ends_at INTEGER;
ALTER TABLE refunds ADD COLUMN lines_json TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(lines_json));
ALTER TABLE refunds ADD COLUMN actor_id TEXT;
ALTER TABLE refunds ADD COLUMN job_id TEXT;
ALTER TABLE refunds ADD COLUMN error_message TEXT;
ALTER TABLE refunds ADD COLUMN done_at INTEGER;
CREATE INDEX refunds_created ON refunds (id DESC);

CREATE TABLE disputes (
  id TEXT PRIMARY KEY,
  payment_id TEXT NOT NULL REFERENCES payments (id),
  provider TEXT NOT NULL,
  provider_dispute_id TEXT NOT NULL,
  amount_minor INTEGER NOT NULL,
  currency TEXT NOT NULL,
  reason TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL CHECK (status IN ('inquiry', 'open', 'won', 'lost')),
  created_at INTEGER NOT NULL,
  closed_at INTEGER,
  UNIQUE (provider, provider_dispute_id)
) STRICT;
CREATE INDEX disputes_of ON disputes (payment_id);

-- Forward only; but a refund that failed after all gives the payment back what was not sent.
DROP TRIGGER payments_only_forward;
CREATE TRIGGER payments_only_forward BEFORE UPDATE OF status ON payments
WHEN (OLD.status IN ('success', 'partially_refunded', 'refunded', 'disputed')
      AND NEW.status IN ('pending', 'processing', 'failed', 'cancelled'))
  OR (OLD.status = 'refunded' AND NEW.status IN ('success', 'partially_refunded')
      AND (SELECT COALESCE(SUM(amount_minor), 0) FROM refunds
           WHERE payment_id = NEW.id AND status IN ('pending', 'succeeded')) >= NEW.amount_minor)
BEGIN
  SELECT RAISE(ABORT, 'a payment does not move backwards');
END;
-- Only money that comes in lifts a subscription out of arrears, not money that stays after all.
DROP TRIGGER update_subscription_on_payment_status;
CREATE TRIGGER update_subscription_on_payment_status AFTER UPDATE OF status ON payments
WHEN NEW.status = 'success' AND OLD.status IN ('pending', 'processing', 'failed', 'cancelled')
  AND NEW.invoice_id IS NOT NULL
BEGIN
  UPDATE subscriptions SET status = 'active', grace_until = NULL, updated_at = NEW.updated_at
  WHERE id = (SELECT subscription_id FROM invoices WHERE id = NEW.invoice_id)
    AND status IN ('incomplete', 'past_due', 'unpaid');
END;

CREATE INDEX webhook_events_object ON webhook_events (provider, object_id);
