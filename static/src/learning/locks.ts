import type { ApiError } from '../lib/api/client'

// Why something is closed, as the refusal says it: its status, and for what is locked the one field it names.
export type Lock =
  | { why: 'login' | 'payment' | 'other' }
  | { why: 'level'; level: number }
  | { why: 'lesson'; lessonId: string }
  | { why: 'course'; courseId: string }
  | { why: 'later'; opensAt: string }

export function lockOf(error: Pick<ApiError, 'status' | 'code' | 'details'>): Lock {
  if (error.status === 401) return { why: 'login' }
  if (error.status === 402) return { why: 'payment' }
  if (error.code !== 'LOCKED') return { why: 'other' }
  const said = (field: string) => error.details.find((detail) => detail.field === field)?.reason
  const [level, lessonId, courseId, opensAt] = ['level', 'lessonId', 'courseId', 'opensAt'].map(said)
  if (level) return { why: 'level', level: Number(level) }
  if (lessonId) return { why: 'lesson', lessonId }
  if (courseId) return { why: 'course', courseId }
  if (opensAt) return { why: 'later', opensAt }
  return { why: 'other' }
}
