import { describe, expect, it, vi } from 'vitest'
import { ApiError } from '../src/lib/api/client'
import { Form } from '../src/lib/form.svelte'

const refusal = (...details: { field: string; reason: string }[]) => new ApiError(400, 'VALIDATION_ERROR', 'That is not right.', details)

describe('a form', () => {
  it('keeps each reason at its field, all at once', async () => {
    const form = new Form('email', 'password')
    const done = await form.submit(null, () => Promise.reject(refusal({ field: 'email', reason: 'is taken' }, { field: 'password', reason: 'is short' })))
    expect(done).toBe(false)
    expect([form.at('email'), form.at('password')]).toEqual(['is taken', 'is short'])
    expect(form.general).toBeNull()
  })

  it('tells above what stands at no field of the screen', async () => {
    const form = new Form('email')
    await form.submit(null, () => Promise.reject(refusal({ field: 'email', reason: 'is taken' }, { field: 'locale', reason: 'is unknown' })))
    expect(form.at('email')).toBe('is taken')
    expect((form.general as ApiError).message).toBe('locale: is unknown')
    await form.submit(null, () => Promise.reject(refusal({ field: 'locale', reason: 'is unknown' })))
    expect((form.general as ApiError).message).toBe('That is not right.')
  })

  it('puts a code at the field it is about', async () => {
    const form = new Form('code')
    await form.submit(null, () => Promise.reject(new ApiError(401, 'MFA_INVALID', 'No.')), { MFA_INVALID: { field: 'code', reason: 'This code is not right.' } })
    expect(form.at('code')).toBe('This code is not right.')
    expect(form.general).toBeNull()
  })

  it('is sent once, however often it is pressed', async () => {
    const form = new Form()
    let finish = () => {}
    const work = vi.fn(() => new Promise<void>((resolve) => (finish = resolve)))
    const first = form.submit(null, work)
    expect(form.busy).toBe(true)
    expect(await form.submit(null, work)).toBe(false)
    finish()
    expect(await first).toBe(true)
    expect(work).toHaveBeenCalledOnce()
    expect(form.busy).toBe(false)
  })

  it('forgets what was wrong when it is sent again', async () => {
    const form = new Form('email')
    await form.submit(null, () => Promise.reject(refusal({ field: 'email', reason: 'is taken' })))
    expect(await form.submit(null, async () => {})).toBe(true)
    expect(form.at('email')).toBeUndefined()
  })
})
