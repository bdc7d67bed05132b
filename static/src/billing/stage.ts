import type { Schemas } from '../lib/api/client'

// What a person who comes back from paying is told. The server's word counts; the address only says how they left the
// provider's page, and matters while the provider has not reported yet.
export type Stage = 'pending' | 'opening' | 'done' | 'failed' | 'cancelled' | 'expired'

export function stage(checkout: Pick<Schemas['Checkout'], 'status' | 'accessOpen'>, result: string | null): Stage {
  switch (checkout.status) {
    case 'completed':
      return checkout.accessOpen ? 'done' : 'opening'
    case 'failed':
      return 'failed'
    case 'expired':
      return 'expired'
    case 'open':
      return result === 'cancel' ? 'cancelled' : 'pending'
  }
}
