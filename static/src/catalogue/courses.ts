import { api, ask, type Schemas } from '../lib/api/client'

// Every published course, page by page.
export async function allCourses(): Promise<Schemas['CourseCard'][]> {
  const courses: Schemas['CourseCard'][] = []
  let cursor: string | undefined
  do {
    const answer = await api.GET('/api/courses', { params: { query: { limit: 100, ...(cursor ? { cursor } : {}) } } })
    courses.push(...(await ask(Promise.resolve(answer))))
    cursor = answer.data?.page.nextCursor ?? undefined
  } while (cursor)
  return courses
}
