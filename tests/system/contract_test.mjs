// What we send to payment providers is what their own documents say they take. PROVIDER_SPECS names a folder with these
// documents, stripe.json and paystack.json (OpenAPI); they are not part of this repository.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { until } from './lib/client.mjs'
import { judge } from './lib/provider_specs.mjs'
import { expect, finish, same, School, show, test } from './lib/rows.mjs'
import { Shop, visit } from './lib/shop.mjs'
import { skip } from './support/tuition.mjs'

const folder = process.env.PROVIDER_SPECS
if (!folder) skip('PROVIDER_SPECS names no folder with stripe.json and paystack.json')
const documents = {}
for (const name of ['stripe', 'paystack']) {
  const file = join(folder, `${name}.json`)
  if (!existsSync(file)) skip(`${file} is missing`)
  documents[name] = JSON.parse(readFileSync(file, 'utf8'))
}
// Paystack's page on refunds names the parameter; its document has forgotten it.
const beyond = { 'GET /refund': ['transaction'] }

const school = await School.start()
const shop = new Shop(school)
const studio = await shop.plan('studio-pass')
const pass = await shop.plan('school-pass')
const post = async (path, as, body = {}) => {
  const answer = await school.send({ method: 'POST', path, as, body })
  expect(answer.status < 300, `${path}: ${answer.status} ${answer.text}`)
  return answer.json.data
}
const owner = () => school.demo('owner')
const act = (url, outcome) => visit(url, { method: 'POST', form: { outcome } })

const calls = []
async function collect() {
  const after = calls.at(-1)?.number ?? 0
  calls.push(...(await school.send({ path: `/dev/requests?after=${after}`, headers: { Accept: 'application/json' } })).json)
}

// Every way to buy, and all that comes after.
await test('people buy, change, cancel and are refunded at Stripe', async () => {
  const person = await school.member({ fullName: 'Zoë Ångström' })
  const [open, unwanted] = [await shop.begin(person, { body: { couponCode: 'WELCOME20' } }), await shop.begin(person, { body: { interval: 'year' } })]
  await shop.act(open, 'pay')
  await shop.finished(person, open.checkoutId)
  await until('the other page is closed', async () => (await shop.checkout(person, unwanted.checkoutId)).status === 'expired')
  await post('/api/subscriptions/preview-change', person, { planId: studio.id })
  await post('/api/subscriptions/upgrade', person, { planId: studio.id })
  await post('/api/subscriptions/upgrade', person, { planId: pass.id })
  await school.judge('DELETE /api/subscriptions/scheduled-change', { as: person }, { status: 200 })
  await post('/api/billing/cancel-subscription', person, { reason: 'too_expensive', comment: 'Back in spring.' })
  await post('/api/billing/resume-subscription', person)
  const { id } = await shop.subscription(person)
  for (const action of ['pause', 'resume']) await school.judge('PUT /api/admin/subscriptions/{id}', { path: `/api/admin/subscriptions/${id}`, as: await owner(), body: { action } }, { status: 200 })
  await post('/api/billing/customer-portal', person)
  await shop.deliver()
  await post('/api/billing/cancel-subscription', person, { immediately: true })
  const trial = await school.member()
  await shop.act(await shop.begin(trial, { code: 'studio-pass' }), 'pay')
  const twice = await school.member()
  const [one, two] = [await shop.begin(twice), await shop.begin(twice, { body: { interval: 'year' } })]
  await shop.act(one, 'delay')
  await shop.act(two, 'delay')
  await shop.deliver()
  await until('one is sent back', async () => (await shop.checkout(twice, one.checkoutId)).status !== 'open' && (await shop.checkout(twice, two.checkoutId)).status !== 'open')
  await shop.idle()
  await collect()
})
await test('a course is paid once, doubted, and sent back in part', async () => {
  const person = await school.member()
  const [product] = (await school.send({ path: '/api/products' })).json.data
  const open = await post('/api/billing/create-checkout-session', person, { productId: product.id, currency: 'USD' })
  await shop.act(open, 'pay')
  await shop.finished(person, open.checkoutId)
  const admin = await owner()
  const [payment] = (await school.send({ path: '/api/admin/payments?limit=1', as: admin })).json.data
  await post(`/api/admin/payments/${payment.id}/refund`, admin, { amountMinor: 500, reason: 'Asked for.' })
  await shop.deliver()
  await shop.idle()
  await collect()
})
await test('a renewal that was declined is tried again by hand, and voided', async () => {
  await shop.subscriber()
  await shop.mischief({ renewals: 'fail' })
  await shop.advance('P32D')
  const admin = await owner()
  const [invoice] = await until('the renewal is open', async () => {
    const rows = (await school.send({ path: '/api/admin/invoices?status=open', as: admin })).json.data
    return rows.length > 0 && rows
  })
  same((await school.send({ method: 'POST', path: `/api/admin/invoices/${invoice.id}/retry`, as: admin })).status, 409, 'declined')
  await shop.mischief({ renewals: 'pay' })
  await post(`/api/admin/invoices/${invoice.id}/void`, admin)
  await shop.idle()
  await collect()
})
await test('the same at Paystack: a renewal by the saved card, a refund', async () => {
  const person = await school.member()
  const open = await shop.begin(person, { body: { currency: 'KES' } })
  same(open.provider, 'paystack', 'provider')
  await act(open.url, 'pay')
  await shop.finished(person, open.checkoutId)
  await collect()
  await shop.advance('P32D')
  await until('the card is charged', async () => {
    await collect()
    return calls.some((each) => each.path === '/transaction/charge_authorization')
  })
  await shop.idle()
  const admin = await owner()
  const payment = (await school.send({ path: '/api/admin/payments?limit=100', as: admin })).json.data.find((each) => each.provider === 'paystack' && each.status === 'success')
  await post(`/api/admin/payments/${payment.id}/refund`, admin, { amountMinor: 100, reason: 'Asked for.' })
  await post('/api/admin/reconcile', admin)
  await until('the books are compared', async () => (await school.send({ path: '/api/admin/reconcile/runs', as: admin })).json.data.every((each) => each.status !== 'running'))
  await shop.idle()
  await collect()
})

await test('everything that was sent is what the providers take', () => {
  const problems = new Set(calls.flatMap((each) => judge(documents[each.provider], each, beyond).problems))
  expect(problems.size === 0, [...problems].join('\n'))
})
await test('nothing that we ask of them was left out', () => {
  const asked = new Set(calls.map((each) => judge(documents[each.provider], each, beyond).operation))
  for (const operation of [
    'POST /v1/customers', 'POST /v1/products', 'POST /v1/prices', 'POST /v1/coupons', 'POST /v1/checkout/sessions', 'GET /v1/checkout/sessions/{session}',
    'POST /v1/checkout/sessions/{session}/expire', 'GET /v1/subscriptions/{subscription_exposed_id}', 'POST /v1/subscriptions/{subscription_exposed_id}',
    'DELETE /v1/subscriptions/{subscription_exposed_id}', 'POST /v1/subscription_schedules', 'POST /v1/subscription_schedules/{schedule}',
    'POST /v1/subscription_schedules/{schedule}/release', 'POST /v1/invoices/create_preview', 'GET /v1/invoices/{invoice}', 'GET /v1/invoices', 'POST /v1/invoices/{invoice}/pay', 'POST /v1/invoices/{invoice}/void',
    'POST /v1/billing_portal/sessions', 'POST /v1/refunds', 'GET /v1/refunds', 'GET /v1/disputes', 'GET /v1/events',
    'POST /transaction/initialize', 'GET /transaction/verify/{reference}', 'POST /transaction/charge_authorization', 'GET /transaction', 'POST /refund', 'GET /refund', 'GET /dispute',
  ]) expect(asked.has(operation), `${operation} was never asked; these were: ${[...asked].join(', ')}`)
})
// What is never found would never fail.
await test('a call that they would refuse is found', () => {
  const session = calls.find((each) => each.path === '/v1/checkout/sessions' && each.method === 'POST')
  const start = calls.find((each) => each.path === '/transaction/initialize')
  for (const [what, document, call] of [
    ['a path that is none', 'stripe', { ...session, path: '/v1/checkout/session' }],
    ['a parameter that was removed', 'stripe', { ...session, body: `${session.body}&payment_method_types[0]=card` }],
    ['a word for a number', 'stripe', { ...session, body: `${session.body}&line_items[0][quantity]=one` }],
    ['a mode that is none', 'stripe', { ...session, body: session.body.replace('mode=subscription', 'mode=gift') }],
    ['text for an object', 'stripe', { ...session, body: `${session.body}&subscription_data=x` }],
    ['a filter that is none', 'stripe', { ...session, method: 'GET', body: '', query: [['colour', 'red']] }],
    ['another kind of body', 'stripe', { ...session, contentType: 'application/json' }],
    ['no address', 'paystack', { ...start, body: JSON.stringify({ ...JSON.parse(start.body), email: undefined }) }],
    ['an amount as text', 'paystack', { ...start, body: JSON.stringify({ ...JSON.parse(start.body), amount: 'much' }) }],
  ]) expect(judge(documents[document], call).problems.length > 0, `${what} was taken: ${show(call)}`)
})
await school.stop()
finish()
