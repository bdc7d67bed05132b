-- Profiles are found by their person's id and in no other way worth a word, so the rows stand in the order of that id: one
-- search finds one, where a row number between the two took a second. Nothing points to the table but its own indexes.

CREATE TABLE user_profiles_new (
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
  updated_at INTEGER NOT NULL,
  folded_name TEXT
) STRICT, WITHOUT ROWID;

INSERT INTO user_profiles_new (id, full_name, avatar_media_id, locale, timezone, preferences_json, billing_name,
                               billing_address_json, tax_id, leaderboard_opt_in, created_at, updated_at, folded_name)
SELECT id, full_name, avatar_media_id, locale, timezone, preferences_json, billing_name, billing_address_json, tax_id,
       leaderboard_opt_in, created_at, updated_at, folded_name
FROM user_profiles ORDER BY id;

DROP TABLE user_profiles;

ALTER TABLE user_profiles_new RENAME TO user_profiles;

CREATE INDEX user_profiles_by_opt_in ON user_profiles (id) WHERE leaderboard_opt_in = 1;

CREATE INDEX user_profiles_by_picture ON user_profiles (avatar_media_id) WHERE avatar_media_id IS NOT NULL;

CREATE INDEX user_profiles_name ON user_profiles (folded_name, id);
