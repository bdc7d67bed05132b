-- What authors need in the browser: who changed something meanwhile, quizzes that draw, questions one can see or hear.

-- edit: grows with every change an author makes to this very row, so that two windows do not overwrite each other.
ALTER TABLE courses ADD COLUMN edit INTEGER NOT NULL DEFAULT 1;
ALTER TABLE content_modules ADD COLUMN edit INTEGER NOT NULL DEFAULT 1;
ALTER TABLE lessons ADD COLUMN edit INTEGER NOT NULL DEFAULT 1;
ALTER TABLE quizzes ADD COLUMN edit INTEGER NOT NULL DEFAULT 1;
ALTER TABLE quiz_data ADD COLUMN edit INTEGER NOT NULL DEFAULT 1;

-- draw: each attempt asks so many of the quiz's questions, chosen anew; NULL: all of them.
ALTER TABLE quizzes ADD COLUMN draw INTEGER CHECK (draw >= 1);

-- media_id: an image or a recording that belongs to the question.
ALTER TABLE quiz_data ADD COLUMN media_id TEXT;

CREATE INDEX courses_by_instructor ON courses (instructor_id, updated_at);
CREATE INDEX quiz_data_by_media ON quiz_data (media_id) WHERE media_id IS NOT NULL;
