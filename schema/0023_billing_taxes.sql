-- A tax may be added to prices instead of being contained in them, and an order and its invoice say what they agreed to,
-- whatever becomes of the rate later. What a gateway knows under several names is remembered by each of them.

ALTER TABLE tax_rates ADD COLUMN inclusive INTEGER NOT NULL DEFAULT 1 CHECK (inclusive IN (0, 1));

ALTER TABLE checkouts ADD COLUMN tax_name TEXT;
ALTER TABLE checkouts ADD COLUMN tax_country TEXT;
ALTER TABLE checkouts ADD COLUMN tax_basis_points INTEGER CHECK (tax_basis_points BETWEEN 1 AND 10000);
ALTER TABLE checkouts ADD COLUMN tax_inclusive INTEGER CHECK (tax_inclusive IN (0, 1));
ALTER TABLE checkouts ADD COLUMN tax_minor INTEGER NOT NULL DEFAULT 0 CHECK (tax_minor >= 0);

ALTER TABLE refunds ADD COLUMN tax_minor INTEGER NOT NULL DEFAULT 0; -- of the amount that goes back

CREATE TABLE invoice_taxes (
  invoice_id TEXT NOT NULL REFERENCES invoices (id),
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  country TEXT NOT NULL,
  basis_points INTEGER NOT NULL,
  inclusive INTEGER NOT NULL CHECK (inclusive IN (0, 1)),
  taxable_minor INTEGER NOT NULL,
  tax_minor INTEGER NOT NULL,
  PRIMARY KEY (invoice_id, position)
) STRICT;

CREATE TABLE remote_names (
  provider TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('tax_rate', 'plan')),
  own TEXT NOT NULL, -- ours: a tax in words, a price with its whole amount
  remote TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (provider, kind, own),
  UNIQUE (provider, kind, remote)
) STRICT;
