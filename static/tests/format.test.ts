import { describe, expect, it } from 'vitest'
import { ago, day, fileSize, lessonLength, minutes, money, perInterval } from '../src/lib/format'

const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ')

describe('money', () => {
  it('shows whole amounts without their zeros', () => {
    expect(money(1900, 'EUR', 'en')).toBe('€19')
    expect(money(1950, 'EUR', 'en')).toBe('€19.50')
    expect(money(5, 'USD', 'en')).toBe('$0.05')
    expect(money(0, 'USD', 'en')).toBe('$0')
  })

  it('knows how many minor units a currency has', () => {
    expect(plain(money(1900, 'JPY', 'en'))).toBe('¥1,900')
    expect(plain(money(1234, 'KWD', 'en'))).toBe('KWD 1.234')
  })

  it('is exact where a binary fraction would not be', () => {
    expect(money(999999999999, 'USD', 'en')).toBe('$9,999,999,999.99')
    expect(money(110, 'USD', 'en')).toBe('$1.10')
  })

  it('keeps the sign', () => {
    expect(money(-1905, 'USD', 'en')).toBe('-$19.05')
  })

  it('is written as the reader writes it', () => {
    expect(plain(money(123456, 'EUR', 'de'))).toBe('1.234,56 €')
  })
})

describe('time', () => {
  it('counts minutes and hours', () => {
    expect(minutes(0)).toBe('0 min')
    expect(minutes(59.6)).toBe('1 h')
    expect(minutes(60)).toBe('1 h')
    expect(minutes(95)).toBe('1 h 35 min')
    expect(minutes(-3)).toBe('0 min')
  })

  it('never says that a lesson takes no time', () => {
    expect(lessonLength(10)).toBe('1 min')
    expect(lessonLength(360)).toBe('6 min')
  })

  it('puts a moment on the reader’s day', () => {
    expect(day('2026-12-20T23:30:00Z', 'UTC', 'en-GB')).toBe('20 December 2026')
    expect(day('2026-12-20T23:30:00Z', 'Asia/Tokyo', 'en-GB')).toBe('21 December 2026')
  })

  it('survives a time zone it has never heard of', () => {
    expect(day('2026-12-20T12:00:00Z', 'Mars/Olympus', 'en-GB')).toMatch(/December 2026/)
  })

  it('names what a price is for', () => {
    expect(perInterval('month')).toBe('a month')
    expect(perInterval('once')).toBe('once')
    expect(perInterval('month', 3)).toBe('every 3 months')
  })
})

describe('how long ago', () => {
  const now = Date.UTC(2026, 10, 21, 12)
  const before = (seconds: number) => ago(new Date(now - seconds * 1000).toISOString(), now)

  it('is told in the largest unit that fits', () => {
    expect(before(20)).toBe('just now')
    expect(before(60)).toBe('1 minute ago')
    expect(before(2 * 3600 + 1000)).toBe('2 hours ago')
    expect(before(86_400)).toBe('yesterday')
    expect(before(20 * 86_400)).toBe('2 weeks ago')
  })

  it('is now where the server’s clock is ahead', () => {
    expect(before(-3600)).toBe('just now')
    expect(before(-3 * 86_400)).toBe('just now')
  })
})

describe('the size of a file', () => {
  it('is told in the largest unit that fits, and never as nothing', () => {
    expect([1, 312, 999].map((bytes) => fileSize(bytes, 'en'))).toEqual(['1 byte', '312 bytes', '999 bytes'])
    expect([1000, 1536, 3_200_000, 2_000_000_000].map((bytes) => fileSize(bytes, 'en'))).toEqual(['1 kB', '2 kB', '3.2 MB', '2 GB'])
  })
})
