import { describe, expect, it } from 'vitest'
import { ApiError, ask, askAll } from '../src/lib/api/client'
import { sentence } from '../src/lib/problem'

const refusal = (status: number, error: unknown, headers = {}) => Promise.resolve({ error, response: new Response(null, { status, headers }) })

describe('an answer', () => {
  it('is the data inside the envelope', async () => {
    expect(await ask(Promise.resolve({ data: { data: [1, 2] }, response: new Response() }))).toEqual([1, 2])
  })

  it('that was refused names its fields', async () => {
    const error = await ask(refusal(400, { error: { code: 'VALIDATION_ERROR', message: 'No.', details: [{ field: 'email', reason: 'Not an address.' }] } })).catch((e: ApiError) => e)
    expect(error).toBeInstanceOf(ApiError)
    expect((error as ApiError).at('email')).toBe('Not an address.')
    expect((error as ApiError).at('password')).toBeUndefined()
    expect(sentence(error)).toBe('No.')
  })

  it('that is no envelope at all is still an error with a sentence', async () => {
    const error = await ask(refusal(502, '<html>Bad gateway</html>', { 'X-Request-Id': 'r-1' })).catch((e: ApiError) => e)
    expect((error as ApiError).code).toBe('INTERNAL_ERROR')
    expect(sentence(error)).toContain('r-1')
  })

  it('that never came says so', async () => {
    const error = await ask(Promise.reject(new TypeError('fetch failed'))).catch((e: ApiError) => e)
    expect((error as ApiError).status).toBe(0)
    expect(sentence(error)).toContain('could not be reached')
  })

  it('that asks for patience says how long', async () => {
    const error = await ask(refusal(429, { error: { code: 'RATE_LIMITED', message: '' } }, { 'Retry-After': '30' })).catch((e: ApiError) => e)
    expect(sentence(error)).toContain('30 seconds')
  })
})

describe('a list that is shown whole', () => {
  it('is read page by page to its end', async () => {
    const asked: unknown[] = []
    const pages = [[1, 2], [3], [4]]
    const rows = await askAll((query) => {
      const at = asked.push(query) - 1
      return Promise.resolve({ data: { data: pages[at] as number[], page: { limit: 100, nextCursor: at < 2 ? `c${at}` : null } }, response: new Response() })
    })
    expect(rows).toEqual([1, 2, 3, 4])
    expect(asked).toEqual([{ limit: 100 }, { limit: 100, cursor: 'c0' }, { limit: 100, cursor: 'c1' }])
  })
})
