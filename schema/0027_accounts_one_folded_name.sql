-- folded_name has taken the place of name_key, which nobody reads any more, and rows without it are found by the index
-- that sorts by it.
DROP INDEX user_profiles_not_folded;
ALTER TABLE user_profiles DROP COLUMN name_key;
