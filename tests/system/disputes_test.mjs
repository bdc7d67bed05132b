// A buyer's bank doubts a payment at the pretend Stripe: the school shuts what was bought, says so in the books, and
// opens it again when it wins.
import { until } from './lib/client.mjs'
import { expect, finish, same, School, test } from './lib/rows.mjs'
import { Shop } from './lib/shop.mjs'

const school = await School.start()
const shop = new Shop(school)
const owner = await school.demo('owner')
const json = { Accept: 'application/json' }
const [product] = (await school.send({ path: '/api/products' })).json.data

const entitled = async (as) => (await school.send({ path: `/api/courses/${product.opens[0].id}`, as })).json.data.entitled
const newest = async () => (await school.send({ path: '/api/admin/payments?limit=1', as: owner })).json.data[0]
const paidBy = async (as) => (await school.send({ path: '/api/billing/payments', as })).json.data
const shown = async (id) => (await school.send({ path: `/api/admin/payments/${id}`, as: owner })).json.data
async function bank(outcome, payment) {
  const answer = await school.send({ method: 'POST', path: '/dev/dispute', body: { payment, outcome } })
  same(answer.status, 200, answer.text)
}
async function buys(outcome) {
  const person = await school.member()
  const begun = await school.send({ method: 'POST', path: '/api/billing/create-checkout-session', as: person, body: { productId: product.id, currency: 'USD' } })
  await shop.act(begun.json.data, outcome)
  await shop.finished(person, begun.json.data.checkoutId)
  const [there] = (await school.send({ path: '/dev/payments', headers: json })).json
  return { person, payment: (await newest()).id, there: there.id }
}

await test('a payment that is doubted at once opens nothing for long', async () => {
  const { person, payment } = await buys('dispute')
  await until('it is doubted', async () => (await shown(payment)).payment.status === 'disputed')
  same(await entitled(person), false, 'the course')
  same((await shown(payment)).disputes.map((each) => each.status), ['open'], 'disputes')
})
await test('the school wins and everything is as before; it cannot be sent back meanwhile', async () => {
  const { person, payment, there } = await buys('pay')
  same(await entitled(person), true, 'bought')
  await bank('open', there)
  await until('it is shut', async () => !(await entitled(person)))
  await school.judge('POST /api/admin/payments/{id}/refund', { path: `/api/admin/payments/${payment}/refund`, as: owner, body: { reason: 'Asked for.' } }, { status: 409, code: 'CONFLICT' })
  await bank('won', there)
  await until('it is open', () => entitled(person))
  const found = await shown(payment)
  same([found.payment.status, found.disputes[0].status], ['success', 'won'], 'the books')
  expect(found.timeline.some((each) => /dispute was won/.test(each.text)), JSON.stringify(found.timeline))
})
await test('the school loses, and it stays shut', async () => {
  const { person, payment, there } = await buys('pay')
  await bank('open', there)
  await bank('lost', there)
  await until('the books say so', async () => (await shown(payment)).disputes[0]?.status === 'lost')
  same([(await shown(payment)).payment.status, await entitled(person)], ['disputed', false], 'payment, course')
})
await test('a question of the bank changes nothing', async () => {
  const { person, payment, there } = await buys('pay')
  await bank('inquiry', there)
  await until('the books know', async () => (await shown(payment)).disputes[0]?.status === 'inquiry')
  same([(await shown(payment)).payment.status, await entitled(person)], ['success', true], 'payment, course')
})
await test('a doubted month leaves the subscription alone', async () => {
  const person = await shop.subscriber()
  const { id } = await until('the payment is booked', async () => (await paidBy(person)).find((each) => each.status === 'success'))
  const [there] = (await school.send({ path: '/dev/payments', headers: json })).json
  await bank('open', there.id)
  await until('it is doubted', async () => (await shown(id)).payment.status === 'disputed')
  same((await shop.subscription(person)).status, 'active', 'subscription')
})
await test('the same at Paystack', async () => {
  const person = await school.member()
  const begun = await school.send({ method: 'POST', path: '/api/billing/create-checkout-session', as: person, body: { productId: product.id, currency: 'KES' } })
  same(begun.json.data.provider, 'paystack', 'provider')
  await shop.act(begun.json.data, 'pay')
  await shop.finished(person, begun.json.data.checkoutId)
  const there = (await school.send({ path: '/dev/payments', headers: json })).json.find((each) => each.provider === 'paystack')
  await bank('open', there.id)
  await until('it is shut', async () => !(await entitled(person)))
  await bank('won', there.id)
  await until('it is open', () => entitled(person))
})
await school.stop()
finish()
