import { api, askAll, type Schemas } from '../lib/api/client'

// Every published course.
export const allCourses = (): Promise<Schemas['CourseCard'][]> => askAll((query) => api.GET('/api/courses', { params: { query } }))
