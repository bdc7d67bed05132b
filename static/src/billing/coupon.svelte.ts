import { api, ApiError, ask } from '../lib/api/client'
import { named, type Price, type Quote } from './offers'

export interface Offer {
  kind: 'plan' | 'product'
  id: string
  name: string
  price: Price
}

// Names an offer as requests do.
export function reference(offer: Offer): { planId: string } | { productId: string } {
  return offer.kind === 'plan' ? { planId: offer.id } : { productId: offer.id }
}

// A coupon tried on everything that is on sale: what it makes of each price, or why it does nothing. An answer for prices
// that are no longer shown is dropped.
export class Coupon {
  code = $state('')
  quotes = $state.raw<Record<string, Quote>>({})
  private turn = 0

  async apply(code: string, offers: Offer[]): Promise<void> {
    const turn = ++this.turn
    const tried = await Promise.allSettled(
      offers.map((offer) => ask(api.POST('/api/coupons/validate', { body: { code, ...reference(offer), ...named(offer.price) } }))),
    )
    if (turn !== this.turn) return
    const quotes: Record<string, Quote> = {}
    for (const [index, one] of tried.entries()) if (one.status === 'fulfilled') quotes[offers[index]?.id ?? ''] = one.value
    if (Object.keys(quotes).length === 0) {
      const refused = tried.find((one) => one.status === 'rejected')?.reason as unknown
      this.clear()
      // What the server says about the coupon stands at the field; what is wrong with the connection above it.
      if (refused instanceof ApiError && [400, 404, 409, 422].includes(refused.status)) {
        throw new ApiError(refused.status, refused.code, refused.message, [{ field: 'coupon', reason: refused.at('code') ?? refused.message }])
      }
      throw refused
    }
    this.code = code
    this.quotes = quotes
  }

  clear(): void {
    this.turn += 1
    this.code = ''
    this.quotes = {}
  }
}
