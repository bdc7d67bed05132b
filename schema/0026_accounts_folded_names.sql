-- Names are sorted and searched as people look for them, without case and accents (base/fold.h): the program keeps that
-- form beside each name. NULL: the name was written before there was one; the program fills it in when it starts.
ALTER TABLE user_profiles ADD COLUMN folded_name TEXT; -- personal

DROP INDEX user_profiles_name;
CREATE INDEX user_profiles_name ON user_profiles (folded_name, id);
CREATE INDEX user_profiles_not_folded ON user_profiles (id) WHERE folded_name IS NULL;
