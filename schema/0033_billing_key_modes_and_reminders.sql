-- Whether what our books name at a provider are things of a test key or of a live one: under the other key it does not
-- know them, and they would be taken for lost.

CREATE TABLE provider_modes (
  provider TEXT PRIMARY KEY,
  test INTEGER NOT NULL CHECK (test IN (0, 1)), -- from 1 to 0 once, never back
  since INTEGER NOT NULL
) STRICT;

-- Orders that came to nothing: when their buyer was reminded of them, once.
ALTER TABLE checkouts ADD COLUMN reminded_at INTEGER;
CREATE INDEX checkouts_unfinished ON checkouts (created_at) WHERE status = 'expired' AND reminded_at IS NULL;
