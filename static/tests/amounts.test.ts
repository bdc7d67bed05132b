import { describe, expect, it } from 'vitest'
import { codeOf } from '../src/billing/desk/prices'
import { majorOf, minorOf } from '../src/lib/amounts'

describe('amounts', () => {
  it.each([
    ['12', 'USD', 1200],
    ['12.5', 'USD', 1250],
    ['12,50', 'EUR', 1250],
    [' 0.05 ', 'USD', 5],
    ['1900', 'JPY', 1900],
    ['1.234', 'KWD', 1234],
    ['0.29', 'USD', 29],
    ['4503599627.37', 'USD', 450359962737],
  ])('are counted in the smallest unit: %s %s', (text, currency, minor) => {
    expect(minorOf(text, currency)).toBe(minor)
    expect(minorOf(majorOf(minor, currency), currency)).toBe(minor)
  })

  it.each([
    ['', 'USD'],
    ['a lot', 'USD'],
    ['-5', 'USD'],
    ['1.005', 'USD'],
    ['5.5', 'JPY'],
    ['1,000.00', 'USD'],
    ['9999999999999', 'USD'],
    ['1e3', 'USD'],
  ])('that are none are not guessed at: %s %s', (text, currency) => {
    expect(minorOf(text, currency)).toBeNull()
  })

  it('stand in fields with all their decimals', () => {
    expect(majorOf(5, 'USD')).toBe('0.05')
    expect(majorOf(1200, 'USD')).toBe('12.00')
    expect(majorOf(1900, 'JPY')).toBe('1900')
  })
})

describe('a code', () => {
  it('is what an address can hold', () => {
    expect(codeOf('Evening Class')).toBe('evening-class')
    expect(codeOf('  Über & über! ')).toBe('uber-uber')
    expect(codeOf('')).toBe('')
  })
})
