-- Full-text search: what can be found, and the index over it. Both follow every write by themselves, within its
-- transaction. The index is filled here with what is there already, because it is of no use empty.

-- One row per course, module and lesson, published or not: who may find it is asked when somebody searches.
CREATE TABLE search_entries (
  id INTEGER PRIMARY KEY,
  ref_id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('course', 'module', 'lesson')),
  course_id TEXT NOT NULL,
  title TEXT NOT NULL,
  body TEXT NOT NULL
) STRICT;

CREATE VIRTUAL TABLE search_index USING fts5(
  ref_id UNINDEXED, kind UNINDEXED, course_id UNINDEXED, title, body,
  content = 'search_entries', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3');

CREATE TRIGGER search_entries_added AFTER INSERT ON search_entries BEGIN
  INSERT INTO search_index (rowid, ref_id, kind, course_id, title, body)
  VALUES (NEW.id, NEW.ref_id, NEW.kind, NEW.course_id, NEW.title, NEW.body);
END;

CREATE TRIGGER search_entries_removed AFTER DELETE ON search_entries BEGIN
  INSERT INTO search_index (search_index, rowid, ref_id, kind, course_id, title, body)
  VALUES ('delete', OLD.id, OLD.ref_id, OLD.kind, OLD.course_id, OLD.title, OLD.body);
END;

CREATE TRIGGER search_entries_changed AFTER UPDATE ON search_entries BEGIN
  INSERT INTO search_index (search_index, rowid, ref_id, kind, course_id, title, body)
  VALUES ('delete', OLD.id, OLD.ref_id, OLD.kind, OLD.course_id, OLD.title, OLD.body);
  INSERT INTO search_index (rowid, ref_id, kind, course_id, title, body)
  VALUES (NEW.id, NEW.ref_id, NEW.kind, NEW.course_id, NEW.title, NEW.body);
END;

CREATE TRIGGER courses_searchable AFTER INSERT ON courses BEGIN
  INSERT INTO search_entries (ref_id, kind, course_id, title, body)
  VALUES (NEW.id, 'course', NEW.id, NEW.title, NEW.summary || char(10) || NEW.body_md);
END;

CREATE TRIGGER courses_searchable_anew AFTER UPDATE OF title, summary, body_md ON courses
WHEN OLD.title <> NEW.title OR OLD.summary <> NEW.summary OR OLD.body_md <> NEW.body_md BEGIN
  UPDATE search_entries SET title = NEW.title, body = NEW.summary || char(10) || NEW.body_md WHERE ref_id = NEW.id;
END;

CREATE TRIGGER courses_not_searchable AFTER DELETE ON courses BEGIN
  DELETE FROM search_entries WHERE ref_id = OLD.id;
END;

CREATE TRIGGER modules_searchable AFTER INSERT ON content_modules BEGIN
  INSERT INTO search_entries (ref_id, kind, course_id, title, body)
  VALUES (NEW.id, 'module', NEW.course_id, NEW.title, NEW.content);
END;

CREATE TRIGGER modules_searchable_anew AFTER UPDATE OF title, content ON content_modules
WHEN OLD.title <> NEW.title OR OLD.content <> NEW.content BEGIN
  UPDATE search_entries SET title = NEW.title, body = NEW.content WHERE ref_id = NEW.id;
END;

CREATE TRIGGER modules_not_searchable AFTER DELETE ON content_modules BEGIN
  DELETE FROM search_entries WHERE ref_id = OLD.id;
END;

-- A lesson stays in its course when it moves to another module.
CREATE TRIGGER lessons_searchable AFTER INSERT ON lessons BEGIN
  INSERT INTO search_entries (ref_id, kind, course_id, title, body)
  SELECT NEW.id, 'lesson', course_id, NEW.title, NEW.body_md FROM content_modules WHERE id = NEW.module_id;
END;

CREATE TRIGGER lessons_searchable_anew AFTER UPDATE OF title, body_md ON lessons
WHEN OLD.title <> NEW.title OR OLD.body_md <> NEW.body_md BEGIN
  UPDATE search_entries SET title = NEW.title, body = NEW.body_md WHERE ref_id = NEW.id;
END;

CREATE TRIGGER lessons_not_searchable AFTER DELETE ON lessons BEGIN
  DELETE FROM search_entries WHERE ref_id = OLD.id;
END;

INSERT INTO search_entries (ref_id, kind, course_id, title, body)
SELECT id, 'course', id, title, summary || char(10) || body_md FROM courses;

INSERT INTO search_entries (ref_id, kind, course_id, title, body)
SELECT id, 'module', course_id, title, content FROM content_modules;

INSERT INTO search_entries (ref_id, kind, course_id, title, body)
SELECT l.id, 'lesson', m.course_id, l.title, l.body_md FROM lessons l JOIN content_modules m ON m.id = l.module_id;
