-- For every row written, SQLite builds a b-tree of what a CHECK with IN lists, if that is more than two values. Every
-- saved progress writes to these two tables, and a third of its time went there; comparisons cost next to nothing.

PRAGMA defer_foreign_keys = ON;

ALTER TABLE progress RENAME TO progress_before;

-- One row per person and thing: a lesson, a module, or a level of a course ('<course id>:<level>').
CREATE TABLE progress (
  user_id TEXT NOT NULL REFERENCES users (id), -- personal
  scope TEXT NOT NULL CHECK (scope = 'lesson' OR scope = 'module' OR scope = 'level' OR scope = 'course'),
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

INSERT INTO progress (user_id, scope, scope_id, course_id, level, score_best, score_last, completed, completed_at,
  position_s, watched_json, attempts, created_at, updated_at)
SELECT user_id, scope, scope_id, course_id, level, score_best, score_last, completed, completed_at,
  position_s, watched_json, attempts, created_at, updated_at
FROM progress_before;

DROP TABLE progress_before;

ALTER TABLE enrollments RENAME TO enrollments_before;

DROP INDEX enrollments_by_course;

-- done_map says in one bit per lesson, in the course's order, which are completed. It stands for the course's
-- revision done_revision only, and is made anew from progress when the course has moved on.
CREATE TABLE enrollments (
  id TEXT NOT NULL UNIQUE,
  user_id TEXT NOT NULL REFERENCES users (id), -- personal
  course_id TEXT NOT NULL REFERENCES courses (id) ON DELETE CASCADE,
  source TEXT NOT NULL CHECK (source = 'progress' OR source = 'free' OR source = 'purchase' OR source = 'grant'),
  status TEXT NOT NULL CHECK (status = 'active' OR status = 'completed' OR status = 'removed'),
  done_revision INTEGER NOT NULL,
  done_map BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  completed_at INTEGER CHECK ((completed_at IS NOT NULL) = (status = 'completed')),
  PRIMARY KEY (user_id, course_id)
) STRICT, WITHOUT ROWID;

INSERT INTO enrollments (id, user_id, course_id, source, status, done_revision, done_map, created_at, completed_at)
SELECT id, user_id, course_id, source, status, done_revision, done_map, created_at, completed_at
FROM enrollments_before;

DROP TABLE enrollments_before;

CREATE INDEX enrollments_by_course ON enrollments (course_id, status);
