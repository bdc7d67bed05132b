-- Entries of the trail are signed with a key that is kept beside the database; each names the key. Those written before
-- have none.
ALTER TABLE audit_logs ADD COLUMN key_id TEXT NOT NULL DEFAULT ''; -- '': a plain hash
