import type { Schemas } from '../../lib/api/client'
import { sendFile } from '../../lib/api/upload'

// Courses as ZIP files, in and out.

export type Imported = Schemas['CourseImport']

export const importCourse = (file: File, check: boolean, onprogress: (share: number) => void, signal: AbortSignal): Promise<Imported> => sendFile(`/api/courses/import${check ? '?check=true' : ''}`, file, 'application/zip', onprogress, signal)
export const exportAddress = (id: string): string => `/api/courses/${encodeURIComponent(id)}/export`
