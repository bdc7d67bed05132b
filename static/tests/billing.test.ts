import { describe, expect, it, vi } from 'vitest'
import { currencies, named, priceFor, rhythmOf, rhythms, saving, type Plan, type Price } from '../src/billing/offers'
import { actsOf } from '../src/billing/desk/subscriberActs'
import { stage } from '../src/billing/stage'
import { pause, poll } from '../src/lib/poll'

const price = (currency: string, amountMinor: number, interval: Price['interval'], intervalCount = 1): Price => ({ id: `${currency}-${interval}-${intervalCount}`, currency, amountMinor, interval, intervalCount })
const plan = (...prices: Plan['prices']) => ({ prices }) as Plan

describe('offers', () => {
  const both = plan(price('EUR', 1900, 'month'), price('EUR', 18000, 'year'), price('USD', 2100, 'month'))
  const once = plan(price('EUR', 4900, 'once'))

  it('takes the price of the chosen interval and currency', () => {
    expect(priceFor(both, 'year', 'EUR')?.amountMinor).toBe(18000)
    expect(priceFor(both, 'year', 'USD')).toBeNull()
  })

  it('offers what is paid once beside every interval', () => {
    expect(priceFor(once, 'month', 'EUR')?.interval).toBe('once')
    expect(rhythms([both, once]).map(rhythmOf)).toEqual(['month', 'year'])
  })

  it('tells a price of three months from one of a month', () => {
    const terms = plan(price('EUR', 5000, 'month', 3), price('EUR', 1900, 'month'), price('EUR', 300, 'week', 2), price('EUR', 18000, 'year'))
    expect(rhythms([terms, both]).map(rhythmOf)).toEqual(['2-week', 'month', '3-month', 'year'])
    expect(priceFor(terms, '3-month', 'EUR')?.amountMinor).toBe(5000)
    expect(priceFor(terms, 'month', 'EUR')?.amountMinor).toBe(1900)
    expect(named(priceFor(terms, '3-month', 'EUR') as Price)).toEqual({ interval: 'month', intervalCount: 3, currency: 'EUR' })
  })

  it('lists the school’s currencies first', () => {
    expect(currencies([both, plan(price('KES', 1, 'month'))], ['USD', 'GBP'])).toEqual(['USD', 'EUR', 'KES'])
  })

  it('never promises more saving than there is', () => {
    expect(saving(both, 'EUR')).toBe(21)
    expect(saving(both, 'USD')).toBe(0)
    expect(saving(plan(price('EUR', 1000, 'month'), price('EUR', 13000, 'year')), 'EUR')).toBe(0)
  })
})

describe('coming back from paying', () => {
  it.each([
    ['open', false, 'success', 'pending'],
    ['open', false, null, 'pending'],
    ['open', false, 'cancel', 'cancelled'],
    ['completed', false, 'success', 'opening'],
    ['completed', true, 'success', 'done'],
    ['completed', true, 'cancel', 'done'],
    ['failed', false, 'cancel', 'failed'],
    ['failed', false, 'success', 'failed'],
    ['expired', false, null, 'expired'],
  ] as const)('%s, access %s, result %s: %s', (status, accessOpen, result, expected) => {
    expect(stage({ status, accessOpen }, result)).toBe(expected)
  })
})

describe('polling', () => {
  const wait = async () => {}

  it('stops at the answer it waits for', async () => {
    const answers = [1, 2, 3, 4]
    const fetch = vi.fn(async () => answers.shift() as number)
    expect(await poll(fetch, (value) => value === 3, { wait })).toBe(3)
    expect(fetch).toHaveBeenCalledTimes(3)
  })

  it('gives up after its attempts', async () => {
    const fetch = vi.fn(async () => 0)
    expect(await poll(fetch, () => false, { attempts: 5, wait })).toBeNull()
    expect(fetch).toHaveBeenCalledTimes(5)
  })

  it('survives answers that fail on the way', async () => {
    let turn = 0
    const fetch = async () => {
      if (++turn < 3) throw new Error('later')
      return turn
    }
    expect(await poll(fetch, () => true, { wait })).toBe(3)
  })

  it('ends when nobody waits any more', async () => {
    const gone = new AbortController()
    const fetch = vi.fn(async () => gone.abort())
    expect(await poll(fetch, () => true, { wait, signal: gone.signal })).toBeNull()
  })

  it('asks less often as time passes', () => {
    expect(pause(0)).toBe(700)
    expect(pause(3)).toBeGreaterThan(pause(2))
    expect(pause(50)).toBe(5000)
  })
})

describe('what an administrator may do about a subscription', () => {
  type Case = Parameters<typeof actsOf>[0]
  const acts = (subscription: Partial<Case['subscription']>, extendable = false) => actsOf({ subscription: { status: 'active', manageable: true, cancelAtPeriodEnd: false, endedAt: null, ...subscription } as Case['subscription'], extendable })

  it.each([
    ['one that runs', acts({}), ['change', 'pause', 'cancel']],
    ['one that the school renews', acts({}, true), ['change', 'extend', 'pause', 'cancel']],
    ['one that is cancelled', acts({ cancelAtPeriodEnd: true }), ['resume', 'cancel']],
    ['one that stands still', acts({ status: 'paused' }, true), ['resume', 'cancel']],
    ['one in arrears', acts({ status: 'past_due' }), ['cancel']],
    ['one that is over', acts({ status: 'canceled', endedAt: '2026-01-01T00:00:00Z', manageable: false }), []],
    ['a gift', acts({ manageable: false }), []],
  ])('%s', (_what, given, wanted) => {
    expect(given).toEqual(wanted)
  })
})
