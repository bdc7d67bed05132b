import type { Schemas } from '../lib/api/client'

// Which price of a plan stands for a choice of interval and currency.

export type Plan = Schemas['Plan']
export type Price = Schemas['Price']

export type Product = Schemas['Product']
export type Quote = Schemas['CouponQuote']

// How often a price is charged, as addresses and choices say it: "month", "3-month".
export function rhythmOf(price: Pick<Price, 'interval' | 'intervalCount'>): string {
  return price.intervalCount === 1 ? price.interval : `${price.intervalCount}-${price.interval}`
}

// What requests name a price by.
export function named(price: Price): Pick<Price, 'interval' | 'intervalCount' | 'currency'> {
  return { interval: price.interval, intervalCount: price.intervalCount, currency: price.currency }
}

// What is paid once is offered beside all of them.
export function priceFor(plan: Plan, rhythm: string, currency: string): Price | null {
  return plan.prices.find((price) => price.currency === currency && rhythmOf(price) === rhythm) ?? plan.prices.find((price) => price.currency === currency && price.interval === 'once') ?? null
}

export function oncePrice(product: Product, currency: string): Price | null {
  return product.prices.find((price) => price.currency === currency) ?? null
}

// How often people may choose to pay, the shortest first.
export function rhythms(plans: Plan[]): Pick<Price, 'interval' | 'intervalCount'>[] {
  const days = { once: 0, day: 1, week: 7, month: 30.4, year: 365 }
  const length = (price: Pick<Price, 'interval' | 'intervalCount'>) => days[price.interval] * price.intervalCount
  const found = new Map(plans.flatMap((plan) => plan.prices.filter((price) => price.interval !== 'once').map((price) => [rhythmOf(price), price])))
  return [...found.values()].sort((a, b) => length(a) - length(b))
}

export function currencies(plans: Pick<Plan, 'prices'>[], preferred: string[]): string[] {
  const found = new Set(plans.flatMap((plan) => plan.prices.map((price) => price.currency)))
  return [...preferred.filter((currency) => found.has(currency)), ...[...found].filter((currency) => !preferred.includes(currency)).sort()]
}

// How many per cent a year costs less than twelve months; 0 when it does not.
export function saving(plan: Plan, currency: string): number {
  const month = plan.prices.find((price) => price.currency === currency && price.interval === 'month' && price.intervalCount === 1)
  const year = plan.prices.find((price) => price.currency === currency && price.interval === 'year' && price.intervalCount === 1)
  if (!month || !year || month.amountMinor <= 0) return 0
  return Math.max(0, Math.floor(100 - (year.amountMinor * 100) / (month.amountMinor * 12)))
}
