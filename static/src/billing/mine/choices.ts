import type { Schemas } from '../../lib/api/client'

// What a subscription can be changed to: the other prices of its group, in its currency.
export interface Choice {
  key: string
  plan: Schemas['Plan']
  price: Schemas['Price']
}

type Has = Pick<Schemas['Subscription'], 'group' | 'currency' | 'interval' | 'plan'>

export function choices(has: Has, plans: Schemas['Plan'][]): Choice[] {
  return plans
    .filter((plan) => plan.group === has.group)
    .flatMap((plan) => plan.prices.map((price) => ({ key: `${plan.id} ${price.interval}`, plan, price })))
    .filter(({ plan, price }, index, all) => {
      const same = plan.id === has.plan.id && price.interval === has.interval
      // A change names its price by the interval: of two with one interval the first is meant.
      const first = all.findIndex((other) => other.plan.id === plan.id && other.price.interval === price.interval && other.price.currency === price.currency) === index
      return price.currency === has.currency && !same && first
    })
}
