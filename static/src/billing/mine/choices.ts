import type { Schemas } from '../../lib/api/client'
import { rhythmOf } from '../offers'

// What a subscription can be changed to: the other prices of its group, in its currency.
export interface Choice {
  key: string
  plan: Schemas['Plan']
  price: Schemas['Price']
}

type Has = Pick<Schemas['Subscription'], 'group' | 'currency' | 'interval' | 'intervalCount' | 'plan'>

export function choices(has: Has, plans: Schemas['Plan'][]): Choice[] {
  return plans
    .filter((plan) => plan.group === has.group)
    .flatMap((plan) => plan.prices.map((price) => ({ key: `${plan.id} ${rhythmOf(price)}`, plan, price })))
    .filter(({ plan, price }) => price.currency === has.currency && !(plan.id === has.plan.id && rhythmOf(price) === rhythmOf(has)))
}
