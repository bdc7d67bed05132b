-- The leaderboard, without adding up everybody's points for each who looks at it.

-- Who stands on it: people who want to (user_profiles.leaderboard_opt_in) and are active.
CREATE TABLE leaderboard_people (
  user_id TEXT PRIMARY KEY REFERENCES users (id), -- personal
  since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What each of them has in a period: the ledger's points (xp_events) from oldest_at on. An empty course_id means all
-- courses together. What has become too old for a week or a month the program takes out minute by minute
-- (learning/honours/board.h). All of it can be made anew from the ledger.
CREATE TABLE leaderboard_points (
  user_id TEXT NOT NULL REFERENCES leaderboard_people (user_id) ON DELETE CASCADE, -- personal
  period TEXT NOT NULL CHECK (period = 'week' OR period = 'month' OR period = 'all'),
  course_id TEXT NOT NULL,
  points INTEGER NOT NULL CHECK (points > 0),
  oldest_at INTEGER NOT NULL,
  PRIMARY KEY (user_id, period, course_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX leaderboard_points_in_order ON leaderboard_points (course_id, period, points DESC, user_id);
CREATE INDEX leaderboard_points_by_age ON leaderboard_points (period, oldest_at) WHERE period <> 'all';

-- How many have just so many points: a place is a sum over these rows, of which there are as many as different numbers
-- of points, however many people there are.
CREATE TABLE leaderboard_places (
  course_id TEXT NOT NULL,
  period TEXT NOT NULL,
  points INTEGER NOT NULL,
  people INTEGER NOT NULL CHECK (people >= 0),
  PRIMARY KEY (course_id, period, points)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER leaderboard_place_taken AFTER INSERT ON leaderboard_points
BEGIN
  INSERT INTO leaderboard_places (course_id, period, points, people)
  VALUES (NEW.course_id, NEW.period, NEW.points, 1)
  ON CONFLICT (course_id, period, points) DO UPDATE SET people = leaderboard_places.people + 1;
END;

CREATE TRIGGER leaderboard_place_left AFTER DELETE ON leaderboard_points
BEGIN
  UPDATE leaderboard_places SET people = people - 1
  WHERE course_id = OLD.course_id AND period = OLD.period AND points = OLD.points;
  DELETE FROM leaderboard_places
  WHERE course_id = OLD.course_id AND period = OLD.period AND points = OLD.points AND people = 0;
END;

CREATE TRIGGER leaderboard_place_changed AFTER UPDATE OF points ON leaderboard_points
WHEN NEW.points <> OLD.points
BEGIN
  INSERT INTO leaderboard_places (course_id, period, points, people)
  VALUES (NEW.course_id, NEW.period, NEW.points, 1)
  ON CONFLICT (course_id, period, points) DO UPDATE SET people = leaderboard_places.people + 1;
  UPDATE leaderboard_places SET people = people - 1
  WHERE course_id = OLD.course_id AND period = OLD.period AND points = OLD.points;
  DELETE FROM leaderboard_places
  WHERE course_id = OLD.course_id AND period = OLD.period AND points = OLD.points AND people = 0;
END;

CREATE TRIGGER leaderboard_awarded AFTER INSERT ON xp_events
WHEN EXISTS (SELECT 1 FROM leaderboard_people WHERE user_id = NEW.user_id)
BEGIN
  INSERT INTO leaderboard_points (user_id, period, course_id, points, oldest_at)
  SELECT NEW.user_id, p.period, c.course_id, NEW.points, NEW.at
  FROM (SELECT 'week' AS period UNION ALL SELECT 'month' UNION ALL SELECT 'all') p,
    (SELECT '' AS course_id UNION SELECT NEW.course_id) c
  WHERE c.course_id IS NOT NULL
  ON CONFLICT (user_id, period, course_id) DO UPDATE SET
    points = leaderboard_points.points + excluded.points,
    oldest_at = CASE WHEN excluded.oldest_at < leaderboard_points.oldest_at THEN excluded.oldest_at
                ELSE leaderboard_points.oldest_at END;
END;

-- Whoever joins brings what they have: 7 days, 30 days, and all.
CREATE TRIGGER leaderboard_joined AFTER INSERT ON leaderboard_people
BEGIN
  INSERT INTO leaderboard_points (user_id, period, course_id, points, oldest_at)
  SELECT NEW.user_id, p.period, x.course_id, SUM(x.points), MIN(x.at)
  FROM (SELECT 'week' AS period, NEW.since - 604800000 AS from_at UNION ALL
        SELECT 'month', NEW.since - 2592000000 UNION ALL SELECT 'all', 0) p
  JOIN (SELECT '' AS course_id, points, at FROM xp_events WHERE user_id = NEW.user_id UNION ALL
        SELECT course_id, points, at FROM xp_events WHERE user_id = NEW.user_id AND course_id <> '') x
    ON x.at >= p.from_at
  GROUP BY p.period, x.course_id;
END;

CREATE TRIGGER leaderboard_wanted AFTER UPDATE OF leaderboard_opt_in ON user_profiles
WHEN NEW.leaderboard_opt_in <> OLD.leaderboard_opt_in
BEGIN
  DELETE FROM leaderboard_people WHERE user_id = NEW.id;
  INSERT INTO leaderboard_people (user_id, since)
  SELECT u.id, NEW.updated_at FROM users u
  WHERE u.id = NEW.id AND u.status = 'active' AND NEW.leaderboard_opt_in = 1;
END;

CREATE TRIGGER leaderboard_person_changed AFTER UPDATE OF status ON users
WHEN NEW.status <> OLD.status
BEGIN
  DELETE FROM leaderboard_people WHERE user_id = NEW.id;
  INSERT INTO leaderboard_people (user_id, since)
  SELECT p.id, NEW.updated_at FROM user_profiles p
  WHERE p.id = NEW.id AND p.leaderboard_opt_in = 1 AND NEW.status = 'active';
END;

-- Who wanted to before there was this: what is too old by now the program takes out in its first minute.
INSERT INTO leaderboard_people (user_id, since)
SELECT p.id, COALESCE((SELECT MAX(x.at) FROM xp_events x WHERE x.user_id = p.id), 0)
FROM user_profiles p JOIN users u ON u.id = p.id
WHERE p.leaderboard_opt_in = 1 AND u.status = 'active';

-- The latest first attempts at a quiz, for what its questions tell.
CREATE INDEX quiz_attempts_first ON quiz_attempts (quiz_id, submitted_at DESC) WHERE no = 1 AND submitted_at IS NOT NULL;

-- What others know these columns by.
ALTER TABLE progress ADD COLUMN score REAL GENERATED ALWAYS AS (score_best) VIRTUAL;
ALTER TABLE quiz_data ADD COLUMN options TEXT GENERATED ALWAYS AS (options_json) VIRTUAL;
