-- Uploaded files: their bytes once each, and what people know about them.

-- A blob is whole when its digest is there; until then it is an upload that runs or was cut. Chunks are 64 KiB, the
-- last one shorter.
CREATE TABLE blobs (
  id TEXT PRIMARY KEY,
  sha256 TEXT UNIQUE, -- hex
  bytes INTEGER NOT NULL CHECK (bytes >= 0),
  created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX blobs_unfinished ON blobs (id) WHERE sha256 IS NULL;

CREATE TABLE blob_chunks (
  blob_id TEXT NOT NULL REFERENCES blobs (id),
  seq INTEGER NOT NULL CHECK (seq >= 0),
  data BLOB NOT NULL,
  PRIMARY KEY (blob_id, seq)
) STRICT;

CREATE TABLE media (
  id TEXT PRIMARY KEY,
  owner_id TEXT REFERENCES users (id), -- personal; NULL: came with a course, or its owner is gone
  purpose TEXT NOT NULL CHECK (purpose IN ('avatar', 'proof', 'lesson')),
  visibility TEXT NOT NULL CHECK (visibility IN ('public', 'entitled', 'private')),
  kind TEXT NOT NULL CHECK (kind IN ('image', 'audio', 'video', 'file')),
  name TEXT NOT NULL CHECK (name <> ''), -- personal
  mime TEXT NOT NULL,
  bytes INTEGER NOT NULL CHECK (bytes >= 0),
  width INTEGER CHECK (width > 0),
  height INTEGER CHECK (height > 0),
  blob_id TEXT NOT NULL REFERENCES blobs (id),
  created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX media_by_owner ON media (owner_id, purpose);
CREATE INDEX media_by_blob ON media (blob_id);
CREATE INDEX media_by_kind ON media (purpose, kind, id);

-- The files of a course's folder, so that an export writes the same ones to the same places.
CREATE TABLE course_files (
  course_id TEXT NOT NULL REFERENCES courses (id) ON DELETE CASCADE,
  path TEXT NOT NULL, -- from the course's folder: media/drone.ogg
  media_id TEXT NOT NULL REFERENCES media (id),
  PRIMARY KEY (course_id, path)
) STRICT, WITHOUT ROWID;

CREATE INDEX course_files_by_media ON course_files (media_id);

-- Where a file is shown: whoever may see one of these places may have it.
CREATE TABLE media_uses (
  media_id TEXT NOT NULL REFERENCES media (id),
  course_id TEXT REFERENCES courses (id) ON DELETE CASCADE,
  module_id TEXT REFERENCES content_modules (id) ON DELETE CASCADE,
  lesson_id TEXT REFERENCES lessons (id) ON DELETE CASCADE,
  CHECK ((course_id IS NOT NULL) + (module_id IS NOT NULL) + (lesson_id IS NOT NULL) = 1)
) STRICT;

CREATE INDEX media_uses_by_media ON media_uses (media_id);
CREATE INDEX media_uses_by_course ON media_uses (course_id);
CREATE INDEX media_uses_by_module ON media_uses (module_id);
CREATE INDEX media_uses_by_lesson ON media_uses (lesson_id);

CREATE INDEX lessons_by_media ON lessons (media_id) WHERE media_id IS NOT NULL;
CREATE INDEX user_profiles_by_picture ON user_profiles (avatar_media_id) WHERE avatar_media_id IS NOT NULL;
