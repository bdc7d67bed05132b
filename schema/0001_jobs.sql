-- Work that is promised in a transaction and done after it, and tasks that come round by the clock.

CREATE TABLE jobs (
  id TEXT PRIMARY KEY NOT NULL,
  kind TEXT NOT NULL CHECK (kind <> ''),
  payload TEXT NOT NULL CHECK (json_valid(payload)),
  status TEXT NOT NULL CHECK (status IN ('queued', 'running', 'done', 'dead', 'cancelled')),
  run_at INTEGER NOT NULL,
  attempt INTEGER NOT NULL DEFAULT 0 CHECK (attempt >= 0), -- how often it was begun since it was queued
  fence INTEGER NOT NULL DEFAULT 0, -- grows with every lease; a worker whose number has passed may not finish the job
  lease_until INTEGER,
  dedupe_key TEXT,
  last_error TEXT,
  created_at INTEGER NOT NULL,
  finished_at INTEGER,
  CHECK ((status = 'running') = (lease_until IS NOT NULL)),
  CHECK ((status IN ('done', 'dead', 'cancelled')) = (finished_at IS NOT NULL))
) STRICT;

CREATE UNIQUE INDEX jobs_dedupe ON jobs (dedupe_key) WHERE status IN ('queued', 'running');
-- Due work per kind, counts, and the list of the dead.
CREATE INDEX jobs_by_status ON jobs (status, kind, run_at);
CREATE INDEX jobs_by_lease ON jobs (lease_until) WHERE status = 'running';
CREATE INDEX jobs_by_end ON jobs (finished_at) WHERE status IN ('done', 'cancelled');

CREATE TABLE schedules (
  name TEXT PRIMARY KEY NOT NULL,
  next_at INTEGER NOT NULL,
  last_at INTEGER,
  last_status TEXT CHECK (last_status IN ('done', 'later', 'dead')),
  last_error TEXT
) STRICT;
