import { ApiError, type Schemas } from '../../lib/api/client'
import { majorOf, minorOf } from '../../lib/amounts'
import { m } from '../../lib/i18n'

// Prices as they are typed, a row each.
export interface Row {
  currency: string
  amount: string
  interval: string
}

type Price = Schemas['Price']

const every = (count: number, interval: string) => `${count} ${interval}`

// Of a plan: how often, in the words of a choice. What is charged every three months is "3 month".
export const intervals = (): [string, string][] => [
  ['1 month', m('desk.monthly')],
  ['3 month', m('desk.quarterly')],
  ['6 month', m('desk.halfYearly')],
  ['1 year', m('desk.yearly')],
  ['1 week', m('desk.weekly')],
]

export const rowsOf = (prices: Price[]): Row[] => prices.map((price) => ({ currency: price.currency, amount: majorOf(price.amountMinor, price.currency), interval: every(price.intervalCount, price.interval) }))

// As the server takes them; what cannot be an amount is refused at its row.
export function pricesOf(rows: Row[], renews: boolean): Schemas['PriceForm'][] {
  const wrong: { field: string; reason: string }[] = []
  const prices = rows.map((row, index) => {
    const currency = row.currency.trim().toUpperCase()
    if (!/^[A-Z]{3}$/.test(currency)) wrong.push({ field: `prices[${index}].currency`, reason: m('desk.currencyWrong') })
    const amountMinor = minorOf(row.amount, currency)
    if (!amountMinor) wrong.push({ field: `prices[${index}].amountMinor`, reason: m('desk.priceWrong') })
    const [count, interval] = row.interval.split(' ')
    return { currency, amountMinor: amountMinor ?? 0, ...(renews ? { interval: interval as Price['interval'], intervalCount: Number(count) } : {}) }
  })
  if (wrong.length > 0) throw new ApiError(400, 'VALIDATION_ERROR', '', wrong)
  return prices
}

// Where the server's reasons may stand.
export const priceFields = Array.from({ length: 40 }, (_, index) => ['currency', 'amountMinor', 'interval'].map((name) => `prices[${index}].${name}`)).flat()

// A short stable name out of what people see: "Evening Class" is evening-class.
export function codeOf(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 60)
}
