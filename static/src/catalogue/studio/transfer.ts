import type { Schemas } from '../../lib/api/client'
import { send } from '../../lib/api/pending'

// Courses as ZIP files, in and out.

export type Imported = Schemas['CourseImport']

export const importCourse = (file: File, check: boolean): Promise<Imported> => send<Imported>('POST', `/api/courses/import${check ? '?check=1' : ''}`, new Blob([file], { type: 'application/zip' }))
export const exportAddress = (id: string): string => `/api/courses/${encodeURIComponent(id)}/export`
