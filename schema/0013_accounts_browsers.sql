-- A browser in which somebody signed in before is told from strangers' by a cookie of its own; its digest stands here, so
-- that guesses from elsewhere do not keep its owner waiting.
ALTER TABLE login_attempts ADD COLUMN browser TEXT NOT NULL DEFAULT ''; -- personal; '': none

CREATE INDEX login_attempts_browser ON login_attempts (email_hash, browser, ok, at) WHERE browser <> '';
