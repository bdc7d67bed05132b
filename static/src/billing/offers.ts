import type { Schemas } from '../lib/api/client'

// Which price of a plan stands for a choice of interval and currency.

export type Plan = Schemas['Plan']
export type Price = Schemas['Price']

// Something to buy once.
export interface Product {
  id: string
  code: string
  name: string
  description: string
  kind: string
  prices: Price[]
  accessDays: number | null
  opens: { kind: string; id: string | null }[]
  owned: boolean
  ownedUntil: string | null
}

export type Checkout = Omit<Schemas['Checkout'], 'plan' | 'price'> & {
  plan: { id: string; name: string } | null
  product?: { id: string; name: string } | null
  price: Schemas['Checkout']['price'] & { discountMinor?: number; totalMinor?: number }
  failure?: { code: string; message: string } | null
}

// What a coupon makes of a price.
export interface Quote {
  code: string
  name: string
  percent: number | null
  duration: 'once' | 'months' | 'forever' | (string & {})
  durationMonths: number | null
  amountMinor: number
  discountMinor: number
  totalMinor: number
  currency: string
}

// What is paid once is offered beside either interval.
export function priceFor(plan: Plan, interval: string, currency: string): Price | null {
  return plan.prices.find((price) => price.currency === currency && price.interval === interval) ?? plan.prices.find((price) => price.currency === currency && price.interval === 'once') ?? null
}

export function oncePrice(product: Product, currency: string): Price | null {
  return product.prices.find((price) => price.currency === currency) ?? null
}

export function intervals(plans: Plan[]): string[] {
  const order: Price['interval'][] = ['day', 'week', 'month', 'year']
  const found = new Set(plans.flatMap((plan) => plan.prices.map((price) => price.interval)))
  return order.filter((interval) => found.has(interval))
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
