-- Points that were awarded before they named their course.

UPDATE xp_events SET course_id = (
  SELECT m.course_id FROM lessons l JOIN content_modules m ON m.id = l.module_id WHERE l.id = xp_events.ref_id)
WHERE key LIKE 'lesson:%' AND course_id IS NULL;

UPDATE xp_events SET course_id = (
  SELECT m.course_id FROM quizzes q JOIN content_modules m ON m.id = q.module_id WHERE q.id = xp_events.ref_id)
WHERE key LIKE 'quiz:%' AND course_id IS NULL;

UPDATE xp_events SET course_id = ref_id WHERE (key LIKE 'level:%' OR key LIKE 'course:%') AND course_id IS NULL;
