// What payment providers do that a simple program gets wrong: they tell one fact twice and late, speak of other people's
// sales, are busy, hang, and tell nothing at all. Against the pretend providers of dev.
import { createHmac } from 'node:crypto'
import net from 'node:net'
import { until } from './lib/client.mjs'
import { expect, finish, same, School, test } from './lib/rows.mjs'
import { Shop, visit } from './lib/shop.mjs'

const school = await School.start()
const shop = new Shop(school)
let owner = await school.demo('owner')
const pass = await shop.plan('school-pass')
const events = async (query = '') => (await school.send({ path: `/api/admin/webhook-events?limit=100${query}`, as: owner })).json.data
const mails = async (email, subject) => (await school.outbox(email)).filter((mail) => subject.test(mail.subject))
const rights = async (person) => (await school.send({ path: '/api/users/me/entitlements', as: person })).json.data
const paid = async (person) => (await school.send({ path: '/api/billing/payments', as: person })).json.data
// The pretend Stripe's own API, as another program on the same account would use it.
const stripe = async (path, form, more = {}) => {
  const { origin } = new URL((await shop.begin(await school.member())).url)
  const answer = await visit(origin + path, { method: form ? 'POST' : 'GET', form, headers: { Authorization: 'Bearer sk_test_sandbox', 'Stripe-Version': '2026-10-28.endive', ...more } })
  return { status: answer.status, json: JSON.parse(answer.text), origin }
}

// A notice in pieces: [a chunk per byte], or [a segment per byte].
function pieces(port, path, headers, body, chunked) {
  return new Promise((done, failed) => {
    const socket = net.connect(port, '127.0.0.1')
    let answer = ''
    socket.setNoDelay(true)
    socket.setTimeout(60_000, () => socket.destroy(new Error('no answer')))
    socket.on('error', failed)
    socket.on('data', (part) => (answer += part))
    socket.on('close', () => done(Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1])))
    const head = [`POST ${path} HTTP/1.1`, 'Host: localhost', 'Content-Type: application/json', 'Connection: close', ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${body.length}`]
    socket.write(`${head.join('\r\n')}\r\n\r\n`)
    const feed = async () => {
      for (const byte of body) {
        const part = Buffer.from([byte])
        if (!socket.write(chunked ? Buffer.concat([Buffer.from('1\r\n'), part, Buffer.from('\r\n')]) : part)) await new Promise((next) => socket.once('drain', next))
        await new Promise((next) => setImmediate(next))
      }
      if (chunked) socket.write('0\r\n\r\n')
    }
    feed().catch(failed)
  })
}

await test('a notice that comes byte by byte, or in chunks of one, is judged like a whole one, and a refused one leaves no row', async () => {
  const before = (await events()).length
  for (const chunked of [false, true]) {
    const raw = Buffer.from(JSON.stringify(shop.event('something.new', { id: `x_${chunked}`, name: 'Zoë – 12 €' })))
    const at = await shop.now()
    const right = { 'Stripe-Signature': `t=${at},${shop.sign(raw, at)}` }
    const wrong = { 'Stripe-Signature': `t=${at},${shop.sign(raw, at, 'whsec_other')}` }
    same(await pieces(school.port, '/api/webhooks/stripe', wrong, raw, chunked), 400, 'signed by somebody else')
    same((await events()).length, before + (chunked ? 2 : 0), 'rows after a refused one')
    same(await pieces(school.port, '/api/webhooks/stripe', right, raw, chunked), 200, 'signed by the provider')
    const theirs = Buffer.from(JSON.stringify({ event: 'something.new', data: { id: chunked ? 1 : 2, name: 'Zoë' } }))
    const sign = (digest) => ({ 'x-paystack-signature': createHmac(digest, 'sk_test_paystack_sandbox').update(theirs).digest('hex') })
    same(await pieces(school.port, '/api/payment/webhook', sign('sha256'), theirs, chunked), 400, 'Paystack, by SHA-256')
    same(await pieces(school.port, '/api/payment/webhook', sign('sha512'), theirs, chunked), 200, 'Paystack')
  }
})

await test('one fact under two names of an event is one entitlement and one receipt', async () => {
  const person = await school.member()
  const open = await shop.begin(person)
  await shop.act(open, 'lost')
  const session = { id: shop.session(open), object: 'checkout.session' }
  for (let i = 0; i < 2; i += 1) same((await shop.notice(shop.event('checkout.session.completed', session))).json.data, { received: true, duplicate: false }, 'a name of its own')
  await shop.finished(person, open.checkoutId)
  // The same fact under two types: the bill was paid, and its payment went through.
  const { json } = await stripe('/v1/invoices?limit=1')
  const bill = { id: json.data[0].id, object: 'invoice' }
  for (const type of ['invoice.paid', 'invoice.payment_succeeded', 'invoice.paid']) await shop.notice(shop.event(type, bill))
  await until('all of them are applied', async () => (await events('&provider=stripe&status=received')).length === 0 && (await mails(person.email, /payment/i)).length > 0)
  same([(await rights(person)).length, (await paid(person)).length, (await mails(person.email, /payment/i)).length], [1, 1, 1], 'entitlements, payments, receipts')
})

await test('a sale of another program on the same account opens nothing, whoever it names', async () => {
  const person = await school.member()
  const { json: product, origin } = await stripe('/v1/products', { name: 'Somebody else’s' })
  const { json: price } = await stripe('/v1/prices', { currency: 'usd', unit_amount: '1200', product: product.id, 'recurring[interval]': 'month' })
  const { json: session } = await stripe('/v1/checkout/sessions', {
    mode: 'subscription',
    'line_items[0][price]': price.id,
    'line_items[0][quantity]': '1',
    success_url: `${school.url}/app`,
    cancel_url: `${school.url}/pricing`,
    client_reference_id: person.profile.id,
    'subscription_data[metadata][user_id]': person.profile.id,
    customer_email: person.email,
  })
  expect(session.url.startsWith(origin), `a page: ${JSON.stringify(session).slice(0, 300)}`)
  await visit(session.url, { method: 'POST', form: { outcome: 'pay' } })
  await shop.deliver()
  await shop.idle()
  same([(await rights(person)).length, (await paid(person)).length, await shop.subscription(person)], [0, 0, null], 'what they have')
  const told = (await events('&provider=stripe&type=checkout.session.completed')).find((each) => each.objectId === session.id)
  same([told?.status, /not begun here/.test(told?.error ?? '')], ['ignored', true], `the event: ${JSON.stringify(told)}`)
})

await test('an event with fifty more members, and a large one, are kept without effect', async () => {
  const more = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`member_${i}`, { deep: [i] }]))
  for (const event of [shop.event('customer.subscription.updated', { id: 'sub_unknown', object: 'subscription', ...more }, more), shop.event('something.large', { id: 'x', pad: 'y'.repeat(900_000) })]) same((await shop.notice(event)).status, 200, event.type)
})

await test('who comes back from paying races the notice: a hundred times once', async () => {
  const key = 'sk_test_paystack_sandbox'
  const refused = []
  for (let i = 0; i < 100; i += 1) {
    const email = `race${i}@school.example`
    const begun = (await school.send({ method: 'POST', path: '/api/payment/initiate', body: { email, amount: 20 } })).json.data
    await visit(begun.authorizationUrl, { method: 'POST', form: { outcome: 'never' } })
    const body = JSON.stringify({ event: 'charge.success', data: { id: 900000 + i, domain: 'test', reference: begun.reference, status: 'success' } })
    const answers = await Promise.all([
      school.send({ path: `/api/payment/verify/${begun.reference}` }),
      school.send({ method: 'POST', path: '/api/payment/webhook', raw: body, headers: { 'x-paystack-signature': createHmac('sha512', key).update(body).digest('hex') } }),
    ])
    if (answers.some((each) => each.status !== 200) || answers[0].json.data.status !== 'success') refused.push(`${i}: ${answers.map((each) => each.text).join(' ')}`)
  }
  same(refused, [], 'answers')
  await until('every event is applied', async () => (await events('&provider=paystack&status=received')).length === 0, { seconds: 120 })
  await until('everybody is thanked', async () => (await Promise.all(Array.from({ length: 100 }, (_, i) => mails(`race${i}@school.example`, /Thank you/)))).every((each) => each.length >= 1), { seconds: 120 })
  same((await Promise.all(Array.from({ length: 100 }, (_, i) => mails(`race${i}@school.example`, /Thank you/)))).filter((each) => each.length !== 1).length, 0, 'thanked twice')
})

await test('ten refusals for being too many cost time and nothing else, and nobody waits for them', async () => {
  const person = await school.member()
  const open = await shop.begin(person)
  await shop.act(open, 'lost')
  await shop.mischief({ fault: 'limit', path: '/v1/checkout/sessions', times: 10 })
  await shop.notice(shop.event('checkout.session.completed', { id: shop.session(open), object: 'checkout.session' }))
  let tries = 0
  await until('it is applied', async () => {
    tries += 1
    same((await school.send({ path: '/api/plans' })).status, 200, 'others')
    await shop.advance('PT30S')
    return (await shop.checkout(person, open.checkoutId)).status === 'completed'
  }, { seconds: 120 })
  expect(tries > 1, 'it was applied at once')
  same((await rights(person)).length, 1, 'entitlements')
})

await test('a provider that hangs: a plain answer, others are served, and trade goes on', async () => {
  const person = await school.member()
  await shop.mischief({ fault: 'hang', path: '/v1/', times: 2 })
  const began = Date.now()
  const waiting = school.send({ method: 'POST', path: '/api/billing/create-checkout-session', as: person, body: { planId: pass.id, interval: 'month', currency: 'USD' }, headers: { 'Idempotency-Key': 'hangs' } })
  const times = []
  for (let i = 0; i < 50; i += 1) {
    const from = process.hrtime.bigint()
    same((await school.send({ path: '/api/plans' })).status, 200, 'others')
    times.push(Number(process.hrtime.bigint() - from) / 1e6)
  }
  console.log(`  others waited ${times.sort((a, b) => a - b)[24].toFixed(1)} ms, at most ${times[49].toFixed(1)} ms`)
  const answer = await waiting
  expect([202, 500].includes(answer.status), `${answer.status} ${answer.text}`)
  if (answer.status === 500) same(answer.json.error.code, 'PROVIDER_ERROR', 'code')
  console.log(`  the buyer was answered after ${((Date.now() - began) / 1000).toFixed(1)} s`)
  await until('the page is there after all', async () => {
    await shop.advance('PT30S')
    const next = await school.send({ method: 'POST', path: '/api/billing/create-checkout-session', as: person, body: { planId: pass.id, interval: 'month', currency: 'USD' }, headers: { 'Idempotency-Key': 'hangs' } })
    return next.status === 201 && next.json.data.url
  }, { seconds: 180 })
})

await test('a coupon of one use that many use at the same moment is used once', async () => {
  owner = await school.demo('owner')
  await school.send({ method: 'POST', path: '/api/coupons', as: owner, body: { code: 'ONCEONLY', percent: 20, maxUses: 1 } })
  const buyers = await Promise.all(Array.from({ length: 30 }, () => school.member()))
  const answers = await Promise.all(buyers.map((as) => school.send({ method: 'POST', path: '/api/billing/create-checkout-session', as, body: { planId: pass.id, interval: 'month', currency: 'USD', couponCode: 'ONCEONLY' }, headers: { Prefer: 'respond-async' } })))
  const taken = answers.filter((each) => each.status < 300)
  same([taken.length, [...new Set(answers.filter((each) => each.status >= 300).map((each) => each.status))]], [1, [409]], 'who got it, and what the others heard')
})

await test('three hundred events while nobody listened are fetched page by page, and each applied once', async () => {
  owner = await school.demo('owner')
  const person = await school.member()
  const open = await shop.begin(person)
  await shop.act(open, 'lost')
  const { origin } = await stripe('/v1/customers?limit=1')
  const headers = { Authorization: 'Bearer sk_test_sandbox', 'Stripe-Version': '2026-10-28.endive' }
  for (let i = 0; i < 300; i += 1) await visit(`${origin}/v1/customers`, { method: 'POST', form: { email: `noise${i}@school.example` }, headers })
  const since = new Date(((await shop.now()) - 3600) * 1000).toISOString()
  const fetched = (await school.judge('POST /api/admin/webhook-events/fetch', { as: owner, body: { provider: 'stripe', since } }, { status: 200 })).json.data
  expect(fetched.found > 300 && fetched.missed > 0, JSON.stringify(fetched))
  same((await shop.finished(person, open.checkoutId)).accessOpen, true, 'access')
  const again = (await school.judge('POST /api/admin/webhook-events/fetch', { as: owner, body: { provider: 'stripe', since } }, { status: 200 })).json.data
  same(again.missed, 0, 'missed the second time')
  await until('all of them are applied', async () => (await events('&provider=stripe&status=received')).length === 0, { seconds: 120 })
  same([(await rights(person)).length, (await paid(person)).length], [1, 1], 'entitlements and payments')
})

await test('no secret stands in the log', () => school.checkLog())
await school.stop()
finish()
