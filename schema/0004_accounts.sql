-- People, how they prove who they are, and what they told us about themselves. Addresses are kept in lower case.
CREATE TABLE users (
  id TEXT PRIMARY KEY,
  email TEXT NOT NULL UNIQUE CHECK (email = lower(email)), -- personal
  password_hash TEXT, -- NULL: cannot sign in by password
  role TEXT NOT NULL CHECK (role IN ('user', 'instructor', 'admin')),
  is_owner INTEGER NOT NULL DEFAULT 0 CHECK (is_owner IN (0, 1)),
  status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'disabled', 'erased')),
  email_verified_at INTEGER,
  last_login_at INTEGER,
  standing_changed_at INTEGER, -- when role, ownership or status last changed
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;

CREATE INDEX users_created ON users (created_at);
CREATE INDEX users_standing ON users (standing_changed_at) WHERE standing_changed_at IS NOT NULL;
CREATE INDEX users_owner ON users (is_owner) WHERE is_owner = 1;

CREATE TABLE user_profiles (
  id TEXT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  full_name TEXT, -- personal
  avatar_media_id TEXT,
  locale TEXT,
  timezone TEXT,
  preferences_json TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(preferences_json)), -- personal
  preferences TEXT GENERATED ALWAYS AS (preferences_json) VIRTUAL,
  billing_name TEXT, -- personal
  billing_address_json TEXT CHECK (billing_address_json IS NULL OR json_valid(billing_address_json)), -- personal
  tax_id TEXT, -- personal
  leaderboard_opt_in INTEGER NOT NULL DEFAULT 0 CHECK (leaderboard_opt_in IN (0, 1)),
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;

-- One row per sign-in: a family of refresh tokens, of which `generation` is the living one. The tokens themselves are
-- not here; they are computed from id, generation and a key (sessions.h).
CREATE TABLE sessions (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('cookie', 'bearer')),
  generation INTEGER NOT NULL DEFAULT 1,
  rotated_at INTEGER NOT NULL,
  access_until INTEGER NOT NULL, -- when the newest access token runs out
  ip TEXT NOT NULL, -- personal
  user_agent TEXT NOT NULL, -- personal
  created_at INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  revoked_at INTEGER,
  revoke_reason TEXT
) STRICT;

CREATE INDEX sessions_user ON sessions (user_id, created_at);
CREATE INDEX sessions_expiry ON sessions (expires_at);
CREATE INDEX sessions_revoked ON sessions (access_until) WHERE revoked_at IS NOT NULL;

-- Links in mail. Only the token's SHA-256 is kept.
CREATE TABLE auth_tokens (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  purpose TEXT NOT NULL CHECK (purpose IN ('verify', 'reset', 'email_change', 'invite', 'mfa_challenge')),
  token_hash TEXT NOT NULL UNIQUE,
  data_json TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(data_json)), -- personal
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER
) STRICT;

CREATE INDEX auth_tokens_user ON auth_tokens (user_id, purpose, created_at);
CREATE INDEX auth_tokens_expiry ON auth_tokens (expires_at);

-- Tries to sign in, for the growing delay (lockout.h). Addresses only as digests: most of them are nobody's.
CREATE TABLE login_attempts (
  id INTEGER PRIMARY KEY,
  email_hash TEXT NOT NULL, -- personal
  ip TEXT NOT NULL, -- personal
  ok INTEGER NOT NULL CHECK (ok IN (0, 1)),
  at INTEGER NOT NULL
) STRICT;

CREATE INDEX login_attempts_account ON login_attempts (email_hash, ok, at);
CREATE INDEX login_attempts_ip ON login_attempts (ip, ok, at);
CREATE INDEX login_attempts_at ON login_attempts (at);

CREATE TABLE consents (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  purpose TEXT NOT NULL,
  version TEXT NOT NULL,
  granted INTEGER NOT NULL CHECK (granted IN (0, 1)),
  source_ip TEXT NOT NULL, -- personal
  at INTEGER NOT NULL
) STRICT;

CREATE INDEX consents_user ON consents (user_id, purpose, at);
