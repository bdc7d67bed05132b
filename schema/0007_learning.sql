-- What each person has learned.

-- One row per person and thing: a lesson, a module, or a level of a course ('<course id>:<level>').
CREATE TABLE progress (
  user_id TEXT NOT NULL REFERENCES users (id), -- personal
  scope TEXT NOT NULL CHECK (scope IN ('lesson', 'module', 'level', 'course')),
  scope_id TEXT NOT NULL,
  course_id TEXT NOT NULL,
  level INTEGER NOT NULL,
  score_best REAL CHECK (score_best BETWEEN 0 AND 100),
  score_last REAL CHECK (score_last BETWEEN 0 AND 100),
  completed INTEGER NOT NULL CHECK (completed IN (0, 1)),
  completed_at INTEGER CHECK ((completed_at IS NOT NULL) = completed),
  position_s INTEGER NOT NULL DEFAULT 0 CHECK (position_s >= 0),
  watched_json TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(watched_json)), -- seconds, as [[from, to], ...]
  attempts INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  id TEXT GENERATED ALWAYS AS (user_id || ':' || scope_id) VIRTUAL,
  PRIMARY KEY (user_id, scope, scope_id)
) STRICT, WITHOUT ROWID;

-- done_map says in one bit per lesson, in the course's order, which are completed. It stands for the course's
-- revision done_revision only, and is made anew from progress when the course has moved on.
CREATE TABLE enrollments (
  id TEXT NOT NULL UNIQUE,
  user_id TEXT NOT NULL REFERENCES users (id), -- personal
  course_id TEXT NOT NULL REFERENCES courses (id) ON DELETE CASCADE,
  source TEXT NOT NULL CHECK (source IN ('progress', 'free', 'purchase', 'grant')),
  status TEXT NOT NULL CHECK (status IN ('active', 'completed', 'removed')),
  done_revision INTEGER NOT NULL,
  done_map BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  completed_at INTEGER CHECK ((completed_at IS NOT NULL) = (status = 'completed')),
  PRIMARY KEY (user_id, course_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX enrollments_by_course ON enrollments (course_id, status);

CREATE TABLE user_stats (
  user_id TEXT PRIMARY KEY REFERENCES users (id), -- personal
  lessons_done INTEGER NOT NULL,
  quizzes_passed INTEGER NOT NULL,
  seconds INTEGER NOT NULL, -- spent learning
  xp INTEGER NOT NULL,
  streak_days INTEGER NOT NULL,
  streak_best INTEGER NOT NULL,
  last_active_day INTEGER, -- in the person's own time zone, days since 1970-01-01
  day_ends_at INTEGER NOT NULL, -- when that day is over there
  updated_at INTEGER NOT NULL,
  minutes INTEGER GENERATED ALWAYS AS (seconds / 60) VIRTUAL
) STRICT, WITHOUT ROWID;

-- Each award once: the key names what it is for.
CREATE TABLE xp_events (
  user_id TEXT NOT NULL REFERENCES users (id), -- personal
  key TEXT NOT NULL, -- 'lesson:<id>', 'quiz:<id>', 'level:<course id>:<level>', 'course:<id>'
  points INTEGER NOT NULL,
  reason TEXT NOT NULL,
  ref_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  id TEXT GENERATED ALWAYS AS (user_id || ':' || key) VIRTUAL,
  PRIMARY KEY (user_id, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE quiz_attempts (
  id TEXT PRIMARY KEY,
  quiz_id TEXT NOT NULL REFERENCES quizzes (id) ON DELETE CASCADE,
  user_id TEXT NOT NULL REFERENCES users (id), -- personal
  no INTEGER NOT NULL CHECK (no >= 1),
  question_order_json TEXT NOT NULL CHECK (json_valid(question_order_json)), -- the questions' ids as asked
  started_at INTEGER NOT NULL,
  deadline_at INTEGER,
  submitted_at INTEGER,
  score INTEGER,
  max_score INTEGER NOT NULL,
  passed INTEGER CHECK (passed IN (0, 1)),
  UNIQUE (quiz_id, user_id, no),
  CHECK ((submitted_at IS NULL) = (score IS NULL) AND (submitted_at IS NULL) = (passed IS NULL))
) STRICT;

CREATE INDEX quiz_attempts_by_user ON quiz_attempts (user_id);

CREATE TABLE quiz_answers (
  attempt_id TEXT NOT NULL REFERENCES quiz_attempts (id) ON DELETE CASCADE,
  question_id TEXT NOT NULL REFERENCES quiz_data (id) ON DELETE CASCADE,
  answer_json TEXT NOT NULL CHECK (json_valid(answer_json)), -- personal
  correct INTEGER NOT NULL CHECK (correct IN (0, 1)),
  points INTEGER NOT NULL,
  answered_at INTEGER NOT NULL,
  PRIMARY KEY (attempt_id, question_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX quiz_answers_by_question ON quiz_answers (question_id);
