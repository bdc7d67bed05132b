// Stripe's own client, pointed at a pretend Stripe.
import { skip } from '../system/support/tuition.mjs'

if (Number(process.versions.node.split('.')[0]) < 20) skip(`Stripe's client needs Node 20, this is ${process.versions.node}`)
export const { default: Stripe } = await import('stripe')

export function clientOf(url, key, more = {}) {
  const { hostname, port } = new URL(url)
  return new Stripe(key, { host: hostname, port, protocol: 'http', maxNetworkRetries: 0, telemetry: false, ...more })
}

// What a call is refused with; null when it is not.
export async function refusal(call) {
  try {
    await call()
    return null
  } catch (error) {
    return error
  }
}
