-- An invoice says for good who sold to whom, and what goes back of it has a credit note with a number of its own.

ALTER TABLE invoices ADD COLUMN seller_json TEXT CHECK (seller_json IS NULL OR json_valid(seller_json));
ALTER TABLE invoices ADD COLUMN buyer_json TEXT CHECK (buyer_json IS NULL OR json_valid(buyer_json));

CREATE TABLE credit_notes (
  id TEXT PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  invoice_id TEXT NOT NULL REFERENCES invoices (id),
  refund_id TEXT NOT NULL UNIQUE REFERENCES refunds (id),
  currency TEXT NOT NULL,
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  tax_minor INTEGER NOT NULL,
  issued_at INTEGER NOT NULL,
  withdrawn_at INTEGER -- the refund failed after all
) STRICT;
CREATE INDEX credit_notes_invoice ON credit_notes (invoice_id, number);
