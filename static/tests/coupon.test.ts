import { afterEach, describe, expect, it, vi } from 'vitest'
import type { ApiError } from '../src/lib/api/client'
import { Coupon, type Offer } from '../src/billing/coupon.svelte'

const price = { id: 'p', currency: 'EUR', amountMinor: 1000, interval: 'month' as const, intervalCount: 1 }
const offers: Offer[] = [
  { kind: 'plan', id: 'a', name: 'A', price },
  { kind: 'product', id: 'b', name: 'B', price: { ...price, interval: 'once' } },
]

function server(answer: (body: { planId?: string; productId?: string; code: string }) => [number, object]) {
  vi.stubGlobal('fetch', async (request: Request) => {
    const [status, body] = answer((await request.json()) as { code: string })
    return new Response(JSON.stringify(body), { status })
  })
}

afterEach(() => vi.unstubAllGlobals())

describe('a coupon', () => {
  it('counts for what it is for, and is no obstacle to the rest', async () => {
    server((body) => (body.planId ? [422, { error: { code: 'UNPROCESSABLE', message: 'Not for this.' } }] : [200, { data: { totalMinor: 800 } }]))
    const coupon = new Coupon()
    await coupon.apply('SAVE', offers)
    expect(coupon.code).toBe('SAVE')
    expect(Object.keys(coupon.quotes)).toEqual(['b'])
  })

  it('that does nothing says why at its field', async () => {
    server(() => [404, { error: { code: 'NOT_FOUND', message: 'There is no such coupon.' } }])
    const coupon = new Coupon()
    const problem = (await coupon.apply('NOPE', offers).catch((error: unknown) => error)) as ApiError
    expect(problem.at('coupon')).toBe('There is no such coupon.')
    expect(coupon.code).toBe('')
  })

  it('that was taken away meanwhile does not come back', async () => {
    server(() => [200, { data: { totalMinor: 800 } }])
    const coupon = new Coupon()
    const applying = coupon.apply('SAVE', offers)
    coupon.clear()
    await applying
    expect([coupon.code, coupon.quotes]).toEqual(['', {}])
  })
})
