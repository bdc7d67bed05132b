// Events that Stripe's own library signs are taken by the school; what is not signed as it should be is not, and leaves
// nothing behind.
import { randomUUID } from 'node:crypto'
import { expect, finish, same, School, test } from '../system/lib/rows.mjs'
import { until } from '../system/lib/client.mjs'
import { Shop, visit } from '../system/lib/shop.mjs'
import { clientOf, Stripe } from './support.mjs'

const secret = 'whsec_sandbox'
const school = await School.start()
const shop = new Shop(school)
const owner = await school.demo('owner')

const kept = async () => {
  const found = await school.send({ path: '/api/admin/webhook-events?limit=100', as: owner })
  same(found.status, 200, found.text)
  return found.json.data
}
const post = (raw, header) => school.send({ method: 'POST', path: '/api/webhooks/stripe', raw, headers: header === undefined ? {} : { 'Stripe-Signature': header } })
const sign = async (payload, more = {}) => Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp: await shop.now(), ...more })

// A purchase that the school has heard nothing of, and the event that would tell it, as Stripe's client reads it.
async function unheard() {
  const person = await school.member()
  const checkout = await shop.begin(person)
  await shop.act(checkout, 'lost')
  const stripe = clientOf(new URL(checkout.url).origin, 'sk_test_sandbox')
  const events = await stripe.events.list({ type: 'checkout.session.completed', limit: 100 })
  const event = events.data.find((each) => each.data.object.id === shop.session(checkout))
  return { person, checkout, payload: JSON.stringify(event), event }
}

await test('what is not signed as it should be is refused, and nothing of it is kept', async () => {
  const { person, payload, event } = await unheard()
  const now = await shop.now()
  const good = await sign(payload)
  for (const [what, raw, header] of [
    ['no signature', payload, undefined],
    ['a wrong secret', payload, await sign(payload, { secret: 'whsec_another' })],
    ['one byte changed', payload.replace('"complete"', '"cOmplete"'), good],
    ['written anew', JSON.stringify(JSON.parse(payload), null, 2), good],
    ['another scheme alone', payload, await sign(payload, { scheme: 'v0' })],
    ['six minutes old', payload, await sign(payload, { timestamp: now - 360 })],
    ['six minutes ahead', payload, await sign(payload, { timestamp: now + 360 })],
  ]) {
    const answer = await post(raw, header)
    same([answer.status, answer.json?.error?.code], [400, 'INVALID_SIGNATURE'], what)
  }
  await shop.idle()
  expect(!(await kept()).some((each) => each.eventId === event.id), 'the event is in the inbox')
  same(await shop.subscription(person), null, 'subscription')
})

await test('what is signed as it should be is taken, kept once and applied', async () => {
  const { person, payload, event } = await unheard()
  expect(payload.includes('"complete"'), 'the event tells of a payment')
  const first = await post(payload, await sign(payload))
  same([first.status, first.json?.data], [200, { received: true, duplicate: false }], first.text)
  const again = await post(payload, await sign(payload))
  same([again.status, again.json?.data], [200, { received: true, duplicate: true }], again.text)
  await until('the subscription', () => shop.subscription(person))
  same((await kept()).filter((each) => each.eventId === event.id).length, 1, 'events kept')
})

await test('while a secret is rolled, either of two signatures will do', async () => {
  const { person, payload } = await unheard()
  const [old, fresh] = [await sign(payload, { secret: 'whsec_old' }), await sign(payload)]
  const both = `${old},${fresh.slice(fresh.indexOf('v1='))}`
  same((await post(payload, both)).status, 200, 'both')
  await until('the subscription', () => shop.subscription(person))
})

await test('an event of a type that nobody knew is kept and answered 200', async () => {
  const payload = JSON.stringify({ id: `evt_${randomUUID().replaceAll('-', '')}`, object: 'event', api_version: '2031-01-01.future', created: await shop.now(), livemode: false, pending_webhooks: 1, request: null, type: 'orbit.reached', data: { object: { id: 'orb_1', object: 'orbit' } } })
  same((await post(payload, await sign(payload))).status, 200, 'answer')
})

await test('the library that signed reads the page of its own event', async () => {
  const { payload, checkout } = await unheard()
  const event = Stripe.webhooks.constructEvent(payload, await sign(payload, { timestamp: Math.floor(Date.now() / 1000) }), secret)
  same(event.data.object.client_reference_id, checkout.checkoutId, 'the order')
  expect((await visit(checkout.url)).text.includes('paid already'), 'the page says that it is paid')
})

await school.stop()
finish()
