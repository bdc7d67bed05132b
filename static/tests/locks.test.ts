import { describe, expect, it } from 'vitest'
import { lockOf } from '../src/learning/locks'

const refused = (status: number, code: string, field?: string, reason = '') => ({ status, code, details: field ? [{ field, reason }] : [] })

describe('why something is closed', () => {
  it.each([
    [refused(401, 'UNAUTHENTICATED'), { why: 'login' }],
    [refused(402, 'PAYMENT_REQUIRED'), { why: 'payment' }],
    [refused(403, 'LOCKED', 'level', '3'), { why: 'level', level: 3 }],
    [refused(403, 'LOCKED', 'lessonId', 'l'), { why: 'lesson', lessonId: 'l' }],
    [refused(403, 'LOCKED', 'courseId', 'c'), { why: 'course', courseId: 'c' }],
    [refused(403, 'LOCKED', 'opensAt', '2026-12-01T00:00:00.000Z'), { why: 'later', opensAt: '2026-12-01T00:00:00.000Z' }],
    [refused(403, 'LOCKED'), { why: 'other' }],
    [refused(403, 'FORBIDDEN', 'level', '1'), { why: 'other' }],
  ])('is read from the refusal', (error, lock) => expect(lockOf(error)).toEqual(lock))
})
