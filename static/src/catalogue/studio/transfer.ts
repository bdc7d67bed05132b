import { api, asItIs, ask, type Schemas } from '../../lib/api/client'

// Courses as ZIP files, in and out.

export type Imported = Schemas['CourseImport']

export const importCourse = (file: File, check: boolean): Promise<Imported> => ask(api.POST('/api/courses/import', { params: { query: check ? { check } : {} }, body: file, ...asItIs('application/zip') }))
export const exportAddress = (id: string): string => `/api/courses/${encodeURIComponent(id)}/export`
