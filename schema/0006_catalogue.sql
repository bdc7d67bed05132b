-- What there is to learn: courses of modules of lessons, and quizzes.

CREATE TABLE courses (
  id TEXT PRIMARY KEY,
  slug TEXT NOT NULL UNIQUE,
  title TEXT NOT NULL CHECK (title <> ''),
  summary TEXT NOT NULL,
  body_md TEXT NOT NULL,
  body_html TEXT NOT NULL, -- rendered from body_md when it was written
  cover_media_id TEXT,
  status TEXT NOT NULL CHECK (status IN ('draft', 'published', 'archived')),
  instructor_id TEXT REFERENCES users (id), -- personal
  instructor_name TEXT, -- shown with the course
  category TEXT,
  access TEXT NOT NULL CHECK (access IN ('free', 'paid')),
  accent TEXT NOT NULL CHECK (accent IN ('violet', 'teal', 'amber', 'rose', 'blue', 'green')),
  level_gate INTEGER NOT NULL CHECK (level_gate IN (0, 1)), -- a level opens when the one before it is completed
  certificate_enabled INTEGER NOT NULL DEFAULT 0 CHECK (certificate_enabled IN (0, 1)),
  rules_json TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(rules_json)),
  revision INTEGER NOT NULL DEFAULT 1, -- grows with every change of the course's lessons or their order
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  published_at INTEGER
) STRICT;

CREATE INDEX courses_by_status ON courses (status, published_at);

-- order_index: the number a course folder gives. Gaps are allowed. Below zero only inside a transaction that reorders.
CREATE TABLE content_modules (
  id TEXT PRIMARY KEY,
  course_id TEXT NOT NULL REFERENCES courses (id) ON DELETE CASCADE,
  slug TEXT NOT NULL,
  file_name TEXT, -- of the folder it came from, so that an export writes the same
  title TEXT NOT NULL CHECK (title <> ''),
  content TEXT NOT NULL, -- Markdown
  content_html TEXT NOT NULL,
  level INTEGER NOT NULL CHECK (level >= 1),
  order_index INTEGER NOT NULL,
  preview INTEGER NOT NULL CHECK (preview IN (0, 1)), -- everybody may read its introduction
  drip_days INTEGER CHECK (drip_days >= 0), -- opens so many days after joining
  drip_at INTEGER, -- opens at this time
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (course_id, order_index),
  UNIQUE (course_id, slug)
) STRICT;

CREATE TABLE lessons (
  id TEXT PRIMARY KEY,
  module_id TEXT NOT NULL REFERENCES content_modules (id) ON DELETE CASCADE,
  slug TEXT NOT NULL,
  file_name TEXT,
  kind TEXT NOT NULL CHECK (kind IN ('text', 'image', 'audio', 'video', 'file', 'embed', 'quiz', 'case_review')),
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

CREATE TABLE quizzes (
  id TEXT PRIMARY KEY,
  module_id TEXT NOT NULL REFERENCES content_modules (id) ON DELETE CASCADE,
  lesson_id TEXT NOT NULL UNIQUE REFERENCES lessons (id) ON DELETE CASCADE,
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

CREATE INDEX quizzes_by_module ON quizzes (module_id);

-- correct_answer is JSON by kind. single and true_false: the option's index. multiple: a list of indexes. number:
-- {"value":"440","tolerance":"0.5"}, both decimal text. text: a list of accepted answers.
CREATE TABLE quiz_data (
  id TEXT PRIMARY KEY,
  quiz_id TEXT NOT NULL REFERENCES quizzes (id) ON DELETE CASCADE,
  module_id TEXT NOT NULL REFERENCES content_modules (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('single', 'multiple', 'true_false', 'number', 'text')),
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

CREATE INDEX quiz_data_by_quiz ON quiz_data (quiz_id, order_index);
CREATE INDEX quiz_data_by_module ON quiz_data (module_id);
