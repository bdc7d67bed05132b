-- Administrators search, sort and page through everybody: each order they may ask for has its index.
ALTER TABLE users ADD COLUMN last_seen_at INTEGER NOT NULL DEFAULT 0; -- 0: has not signed in yet
ALTER TABLE user_profiles ADD COLUMN name_key TEXT GENERATED ALWAYS AS (lower(COALESCE(full_name, ''))) VIRTUAL; -- personal

DROP INDEX users_created;
CREATE INDEX users_created ON users (created_at, id);
CREATE INDEX users_seen ON users (last_seen_at, id);
CREATE INDEX user_profiles_name ON user_profiles (name_key, id);
