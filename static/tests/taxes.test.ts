import { describe, expect, it } from 'vitest'
import { choices } from '../src/billing/mine/choices'
import { taxIn, whereIs, withTax, type Tax } from '../src/billing/taxes'

const tax = (country: string, basisPoints: number, inclusive: boolean): Tax => ({ name: 'VAT', country, basisPoints, inclusive })

describe('taxes', () => {
  it.each([
    [10000, 1600, false, 11600],
    [1200, 1600, false, 1392],
    [3, 1600, false, 3],
    [4, 1600, false, 5],
    [1999, 725, false, 2144],
    [10000, 1600, true, 10000],
  ])('%i at %i, contained %s: %i', (amount, points, inclusive, total) => {
    expect(withTax(amount, tax('KE', points, inclusive))).toBe(total)
  })

  it('are of where the buyer is, or of where the school sells from', () => {
    const taxes = { country: 'KE', rates: [tax('KE', 1600, true), tax('DE', 1900, false)] }
    expect(whereIs(null, taxes)).toBe('KE')
    expect(whereIs('DE', taxes)).toBe('DE')
    expect(whereIs('ZZ', taxes)).toBe('ZZ')
    expect(whereIs('FR', taxes)).toBe('KE')
    expect(whereIs(null, { ...taxes, country: null })).toBe('ZZ')
    expect(taxIn('DE', taxes)?.basisPoints).toBe(1900)
    expect(taxIn('ZZ', taxes)).toBeNull()
  })
})

describe('what a subscription can be changed to', () => {
  const price = (id: string, currency: string, interval: 'month' | 'year', intervalCount = 1) => ({ id, currency, interval, intervalCount, amountMinor: 100 })
  const plan = (id: string, group: string, prices: ReturnType<typeof price>[]) => ({ id, group, prices }) as never
  const has = { group: 'main', currency: 'USD', interval: 'month' as const, intervalCount: 1, plan: { id: 'a', code: 'a', name: 'A' } }

  it('is the other prices of its group, in its currency, each interval and count', () => {
    const found = choices(has, [
      plan('a', 'main', [price('1', 'USD', 'month'), price('2', 'USD', 'year'), price('3', 'EUR', 'year'), price('7', 'USD', 'month', 6)]),
      plan('b', 'main', [price('4', 'USD', 'month'), price('5', 'USD', 'month', 3)]),
      plan('c', 'other', [price('6', 'USD', 'month')]),
    ])
    expect(found.map((one) => one.price.id)).toEqual(['2', '7', '4', '5'])
  })
})
