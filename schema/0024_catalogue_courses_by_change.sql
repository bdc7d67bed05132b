-- An administrator's studio lists the courses of the whole school by when they changed, a page at a time.
CREATE INDEX courses_by_change ON courses (updated_at, id);
