-- What learning leaves behind: certificates that others can check, achievements, points by course and time, rounds
-- of practice, and questions of two more kinds.

-- One per person and course. The signature is over the statement made of these columns (learning/certificate_rules.h),
-- so none but the last five may change.
CREATE TABLE certificates (
  id TEXT PRIMARY KEY,
  serial TEXT NOT NULL UNIQUE,
  user_id TEXT NOT NULL REFERENCES users (id), -- personal
  course_id TEXT NOT NULL REFERENCES courses (id),
  school TEXT NOT NULL,
  course_title TEXT NOT NULL,
  name_on TEXT NOT NULL CHECK (name_on <> ''), -- personal
  issued_at INTEGER NOT NULL,
  expires_at INTEGER CHECK (expires_at > issued_at),
  key_id TEXT NOT NULL,
  signature TEXT NOT NULL, -- base64url
  status TEXT NOT NULL CHECK (status = 'valid' OR status = 'revoked'),
  revoked_at INTEGER,
  revoked_by TEXT REFERENCES users (id), -- personal
  revoked_reason TEXT,
  UNIQUE (user_id, course_id),
  CHECK ((status = 'revoked') = (revoked_at IS NOT NULL) AND (revoked_at IS NULL) = (revoked_reason IS NULL))
) STRICT;

CREATE INDEX certificates_by_course ON certificates (course_id);
CREATE INDEX certificates_by_revoker ON certificates (revoked_by) WHERE revoked_by IS NOT NULL;

-- Each once. The keys and what they are for: learning/achievements.cc.
CREATE TABLE user_achievements (
  user_id TEXT NOT NULL REFERENCES users (id), -- personal
  achievement TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (user_id, achievement)
) STRICT, WITHOUT ROWID;

-- Which achievements are in user_achievements already, one bit each, so that a save need not look.
ALTER TABLE user_stats ADD COLUMN achievements INTEGER NOT NULL DEFAULT 0;

ALTER TABLE xp_events ADD COLUMN course_id TEXT;

CREATE INDEX xp_events_by_time ON xp_events (user_id, at, course_id, points);

CREATE INDEX enrollments_in_order ON enrollments (course_id, id);

-- Who is on the leaderboard.
CREATE INDEX user_profiles_by_opt_in ON user_profiles (id) WHERE leaderboard_opt_in = 1;

-- A lesson may be practice; a question may ask for an order or for pairs. SQLite cannot change a CHECK, so the tables are
-- made anew, with those that point to them, and dropped from the last reference on: dropping a table deletes what
-- points to it.

PRAGMA defer_foreign_keys = ON;

CREATE TABLE lessons_new (
  id TEXT PRIMARY KEY,
  module_id TEXT NOT NULL REFERENCES content_modules (id) ON DELETE CASCADE,
  slug TEXT NOT NULL,
  file_name TEXT,
  kind TEXT NOT NULL CHECK (
    kind IN ('text', 'image', 'audio', 'video', 'file', 'embed', 'quiz', 'case_review', 'practice')),
  title TEXT NOT NULL CHECK (title <> ''),
  body_md TEXT NOT NULL,
  body_html TEXT NOT NULL,
  media_id TEXT,
  embed_url TEXT CHECK ((kind = 'embed') = (embed_url IS NOT NULL)),
  preview INTEGER NOT NULL CHECK (preview IN (0, 1)), -- everybody may open it
  downloadable INTEGER NOT NULL DEFAULT 0 CHECK (downloadable IN (0, 1)),
  duration_seconds INTEGER CHECK (duration_seconds > 0),
  rules_json TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(rules_json)),
  order_index INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (module_id, order_index),
  UNIQUE (module_id, slug)
) STRICT;

INSERT INTO lessons_new (
  id, module_id, slug, file_name, kind, title, body_md, body_html, media_id, embed_url, preview, downloadable,
  duration_seconds, rules_json, order_index, created_at, updated_at)
SELECT
  id, module_id, slug, file_name, kind, title, body_md, body_html, media_id, embed_url, preview, downloadable,
  duration_seconds, rules_json, order_index, created_at, updated_at
FROM lessons;

CREATE TABLE quizzes_new (
  id TEXT PRIMARY KEY,
  module_id TEXT NOT NULL REFERENCES content_modules (id) ON DELETE CASCADE,
  lesson_id TEXT NOT NULL UNIQUE REFERENCES lessons_new (id) ON DELETE CASCADE,
  title TEXT NOT NULL CHECK (title <> ''),
  pass_percent INTEGER NOT NULL CHECK (pass_percent BETWEEN 0 AND 100),
  max_attempts INTEGER CHECK (max_attempts >= 1), -- NULL: as often as one likes
  time_limit_s INTEGER CHECK (time_limit_s >= 1),
  shuffle INTEGER NOT NULL DEFAULT 0 CHECK (shuffle IN (0, 1)),
  feedback TEXT NOT NULL DEFAULT 'immediate' CHECK (feedback IN ('immediate', 'after', 'never')),
  negative_marks INTEGER NOT NULL DEFAULT 0 CHECK (negative_marks IN (0, 1)),
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;

INSERT INTO quizzes_new (
  id, module_id, lesson_id, title, pass_percent, max_attempts, time_limit_s, shuffle, feedback, negative_marks,
  created_at, updated_at)
SELECT
  id, module_id, lesson_id, title, pass_percent, max_attempts, time_limit_s, shuffle, feedback, negative_marks,
  created_at, updated_at
FROM quizzes;

-- correct_answer is JSON by kind. single and true_false: the option's index. multiple: a list of indexes. number:
-- {"value":"440","tolerance":"0.5"}, both decimal text. text: a list of accepted answers. ordering: the options' indexes
-- in the right order. matching: {"choices":[texts to choose from],"pairs":[for each option the index of its choice]}.
CREATE TABLE quiz_data_new (
  id TEXT PRIMARY KEY,
  quiz_id TEXT NOT NULL REFERENCES quizzes_new (id) ON DELETE CASCADE,
  module_id TEXT NOT NULL REFERENCES content_modules (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('single', 'multiple', 'true_false', 'number', 'text', 'ordering', 'matching')),
  question TEXT NOT NULL CHECK (question <> ''), -- Markdown
  options_json TEXT NOT NULL CHECK (json_valid(options_json)), -- a list of inline Markdown
  correct_answer TEXT NOT NULL CHECK (json_valid(correct_answer)),
  explanation TEXT NOT NULL, -- Markdown
  points INTEGER NOT NULL CHECK (points BETWEEN 1 AND 100),
  order_index INTEGER NOT NULL,
  retired_at INTEGER, -- taken out of the quiz; kept for the attempts that answered it
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;

INSERT INTO quiz_data_new (
  id, quiz_id, module_id, kind, question, options_json, correct_answer, explanation, points, order_index, retired_at,
  created_at, updated_at)
SELECT
  id, quiz_id, module_id, kind, question, options_json, correct_answer, explanation, points, order_index, retired_at,
  created_at, updated_at
FROM quiz_data;

CREATE TABLE quiz_attempts_new (
  id TEXT PRIMARY KEY,
  quiz_id TEXT NOT NULL REFERENCES quizzes_new (id) ON DELETE CASCADE,
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

INSERT INTO quiz_attempts_new (
  id, quiz_id, user_id, no, question_order_json, started_at, deadline_at, submitted_at, score, max_score, passed)
SELECT
  id, quiz_id, user_id, no, question_order_json, started_at, deadline_at, submitted_at, score, max_score, passed
FROM quiz_attempts;

CREATE TABLE quiz_answers_new (
  attempt_id TEXT NOT NULL REFERENCES quiz_attempts_new (id) ON DELETE CASCADE,
  question_id TEXT NOT NULL REFERENCES quiz_data_new (id) ON DELETE CASCADE,
  answer_json TEXT NOT NULL CHECK (json_valid(answer_json)), -- personal
  correct INTEGER NOT NULL CHECK (correct IN (0, 1)),
  points INTEGER NOT NULL,
  answered_at INTEGER NOT NULL,
  PRIMARY KEY (attempt_id, question_id)
) STRICT, WITHOUT ROWID;

INSERT INTO quiz_answers_new (
  attempt_id, question_id, answer_json, correct, points, answered_at)
SELECT
  attempt_id, question_id, answer_json, correct, points, answered_at
FROM quiz_answers;

DROP TABLE quiz_answers;
DROP TABLE quiz_attempts;
DROP TABLE quiz_data;
DROP TABLE quizzes;
DROP TABLE lessons;

ALTER TABLE lessons_new RENAME TO lessons;
ALTER TABLE quizzes_new RENAME TO quizzes;
ALTER TABLE quiz_data_new RENAME TO quiz_data;
ALTER TABLE quiz_attempts_new RENAME TO quiz_attempts;
ALTER TABLE quiz_answers_new RENAME TO quiz_answers;

CREATE INDEX lessons_by_media ON lessons (media_id) WHERE media_id IS NOT NULL;
CREATE INDEX quizzes_by_module ON quizzes (module_id);
CREATE INDEX quiz_data_by_quiz ON quiz_data (quiz_id, order_index);
CREATE INDEX quiz_data_by_module ON quiz_data (module_id);
CREATE INDEX quiz_attempts_by_user ON quiz_attempts (user_id);
CREATE INDEX quiz_answers_by_question ON quiz_answers (question_id);

-- A round of practice. Its exercises follow from the seed and the spec, which is the lesson's as it was.
CREATE TABLE practice_rounds (
  id TEXT PRIMARY KEY,
  lesson_id TEXT NOT NULL REFERENCES lessons (id) ON DELETE CASCADE,
  user_id TEXT NOT NULL REFERENCES users (id), -- personal
  seed INTEGER NOT NULL,
  spec_json TEXT NOT NULL CHECK (json_valid(spec_json)),
  started_at INTEGER NOT NULL,
  finished_at INTEGER,
  points INTEGER NOT NULL DEFAULT 0 CHECK (points >= 0), -- hundredths of an exercise
  answered INTEGER NOT NULL DEFAULT 0 CHECK (answered >= 0),
  total INTEGER NOT NULL CHECK (total >= 1),
  passed INTEGER CHECK (passed IN (0, 1)),
  CHECK ((finished_at IS NULL) = (passed IS NULL))
) STRICT;

CREATE INDEX practice_rounds_by_user ON practice_rounds (user_id, lesson_id, started_at);
CREATE INDEX practice_rounds_by_lesson ON practice_rounds (lesson_id);

CREATE TABLE practice_answers (
  round_id TEXT NOT NULL REFERENCES practice_rounds (id) ON DELETE CASCADE,
  number INTEGER NOT NULL CHECK (number >= 0),
  answer_json TEXT NOT NULL CHECK (json_valid(answer_json)), -- personal
  points INTEGER NOT NULL CHECK (points BETWEEN 0 AND 100),
  answered_at INTEGER NOT NULL,
  PRIMARY KEY (round_id, number)
) STRICT, WITHOUT ROWID;
