import { api, ApiError, ask, askWhole, type Schemas } from '../lib/api/client'
import { m } from '../lib/i18n'
import { poll } from '../lib/poll'

// From an order to the provider's page to pay on. `slow` is told when the provider takes its time. Null when nobody waits
// any more.
export async function begin(order: Schemas['CheckoutForm'], signal: AbortSignal, slow: () => void): Promise<Schemas['Checkout'] | null> {
  const { data, status } = await askWhole<Schemas['Checkout']>(api.POST('/api/billing/create-checkout-session', { body: order, headers: { 'Idempotency-Key': key() } }))
  let checkout: Schemas['Checkout'] | null = data
  if (status === 202 || !data.url) {
    slow()
    checkout = await poll(
      () => ask(api.GET('/api/billing/checkout/{id}', { params: { path: { id: data.checkoutId } } })),
      (value) => value.url !== null || value.status !== 'open',
      { attempts: 24, signal },
    )
  }
  if (signal.aborted) return null
  if (checkout?.status !== 'completed' && (!checkout?.url || checkout.status !== 'open')) throw new ApiError(400, 'PROVIDER_ERROR', m('pricing.noCheckout'))
  return checkout
}

// One try, one checkout: a repeated request with this key gives the same one.
function key(): string {
  return crypto.randomUUID?.() ?? [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
