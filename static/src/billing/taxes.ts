import type { Schemas } from '../lib/api/client'
import { currentLocale } from '../lib/i18n'

export type Tax = Schemas['Tax']

// Not one of the countries that the school knows a tax of.
export const elsewhere = 'ZZ'

// What is paid for a price, rounded as the server rounds: halves up.
export function withTax(amountMinor: number, tax: Tax | null): number {
  if (!tax || tax.inclusive) return amountMinor
  return amountMinor + Math.floor((amountMinor * tax.basisPoints + 5_000) / 10_000)
}

export const percentOf = (points: number): string => new Intl.NumberFormat(currentLocale(), { style: 'percent', maximumFractionDigits: 2 }).format(points / 10_000)

let names: Intl.DisplayNames | null | undefined
export function countryName(code: string): string {
  try {
    names ??= new Intl.DisplayNames(['en'], { type: 'region' })
    return names.of(code) ?? code
  } catch {
    return code
  }
}

// Where a buyer is: as they said, where the school sells from, or elsewhere.
export function whereIs(said: string | null, taxes: Schemas['Taxes'] | null): string {
  const known = (code: string | null | undefined): code is string => Boolean(code && taxes?.rates.some((rate) => rate.country === code))
  if (said === elsewhere || known(said)) return said
  return known(taxes?.country) ? taxes.country : elsewhere
}

export const taxIn = (country: string, taxes: Schemas['Taxes'] | null): Tax | null => taxes?.rates.find((rate) => rate.country === country) ?? null
