-- The second step of signing in, what replaces it when the phone is lost, and keys for programs.
CREATE TABLE mfa_factors (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('totp')),
  secret BLOB NOT NULL, -- personal, sealed
  confirmed_at INTEGER, -- NULL: shown, but no code of it was seen yet
  last_step INTEGER NOT NULL DEFAULT 0, -- the newest 30 s step whose code was used
  created_at INTEGER NOT NULL,
  UNIQUE (user_id, kind)
) STRICT;

CREATE TABLE mfa_recovery_codes (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  code_hash TEXT NOT NULL, -- personal
  used_at INTEGER,
  UNIQUE (user_id, code_hash)
) STRICT;

-- Only a key's SHA-256 is kept; its first letters tell people which one it is.
CREATE TABLE api_keys (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  name TEXT NOT NULL, -- personal
  prefix TEXT NOT NULL,
  key_hash TEXT NOT NULL UNIQUE, -- personal
  scopes_json TEXT NOT NULL CHECK (json_valid(scopes_json)),
  last_used_at INTEGER,
  expires_at INTEGER,
  revoked_at INTEGER,
  created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX api_keys_user ON api_keys (user_id, created_at);
CREATE INDEX api_keys_made ON api_keys (created_at, id);
CREATE INDEX api_keys_revoked ON api_keys (revoked_at) WHERE revoked_at IS NOT NULL;
