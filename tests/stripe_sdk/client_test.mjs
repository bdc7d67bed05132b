// Stripe's own client, of the version whose API the pretend Stripe plays, finds everything there as at the real one:
// objects, lists, errors, idempotency; and its webhook verifier takes what the pretend Stripe sends.
import http from 'node:http'
import { join } from 'node:path'
import { ask, check, finish, freePort, freshFolder, Server } from '../system/support/tuition.mjs'
import { visit } from '../system/lib/shop.mjs'
import { until } from '../system/lib/client.mjs'
import { clientOf, refusal, Stripe } from './support.mjs'

// The receiver believes nothing that Stripe's verifier does not.
const told = []
let refused = 0
const receiver = http.createServer((request, answer) => {
  const parts = []
  request.on('data', (part) => parts.push(part))
  request.on('end', () => {
    const body = Buffer.concat(parts)
    try {
      // The pretend Stripe's clock is moved on; a signature is judged by when it says it was made.
      const at = Number(request.headers['stripe-signature'].match(/^t=(\d+)/)[1])
      told.push(Stripe.webhooks.constructEvent(body, request.headers['stripe-signature'], 'whsec_witness', 300, undefined, at * 1000))
      answer.end()
    } catch (error) {
      refused += 1
      console.error(error.message)
      answer.writeHead(400).end()
    }
  })
})
await new Promise((listening) => receiver.listen(0, '127.0.0.1', listening))
const here = `http://127.0.0.1:${receiver.address().port}`

const sandbox = new Server({
  verb: 'sandbox', data: join(freshFolder(), 'sandbox'), port: await freePort(),
  args: ['--mail-port', '0', '--stripe-key', 'sk_test_witness', '--webhook-secret', 'whsec_witness', '--webhooks', `${here}/stripe`],
})
await sandbox.ready({ path: '/dev' })
const stripe = clientOf(sandbox.url, 'sk_test_witness')
const dev = (path, body) => ask(sandbox.port, { method: 'POST', path, body })
const press = (url, outcome) => visit(url, { method: 'POST', form: { outcome } })
const heard = (type) => until(`the event ${type}`, () => told.find((each) => each.type === type))

// Customers.
const customer = await stripe.customers.create({ email: 'ada@example.org', name: 'Ada Löwe & Söhne', metadata: { user_id: 'u-1' } })
check(customer.id.startsWith('cus_') && customer.object === 'customer' && customer.livemode === false, 'a customer is made')
check((await stripe.customers.retrieve(customer.id)).name === 'Ada Löwe & Söhne', 'and found, with every letter')
await stripe.customers.update(customer.id, { metadata: { user_id: '', level: 'gold' } })
check(JSON.stringify((await stripe.customers.retrieve(customer.id)).metadata) === '{"level":"gold"}', 'metadata is merged, an empty value removes')
for (let i = 0; i < 24; i += 1) await stripe.customers.create({ email: `many${i}@example.org` })
const all = await stripe.customers.list({ limit: 10 }).autoPagingToArray({ limit: 1000 })
check(all.length === 25 && new Set(all.map((each) => each.id)).size === 25, 'its pages are walked to the end')
check((await stripe.customers.list({ email: 'ada@example.org' })).data.length === 1, 'a list is filtered')

// Errors are of the classes that the client knows.
const missing = await refusal(() => stripe.customers.retrieve('cus_none'))
check(missing instanceof Stripe.errors.StripeInvalidRequestError && missing.statusCode === 404 && missing.code === 'resource_missing', 'what is not there is missing', String(missing))
check(missing.requestId?.startsWith('req_'), 'an error names its request')
const unknown = await refusal(() => stripe.customers.create({ emial: 'x' }))
check(unknown?.code === 'parameter_unknown' && unknown.param === 'emial', 'an unknown parameter is named', String(unknown))
const stranger = await refusal(() => clientOf(sandbox.url, 'sk_test_other').customers.list())
check(stranger instanceof Stripe.errors.StripeAuthenticationError, 'another key is refused', String(stranger))
const older = await refusal(() => clientOf(sandbox.url, 'sk_test_witness', { apiVersion: '2024-06-20' }).customers.list())
check(older instanceof Stripe.errors.StripeInvalidRequestError, 'another version is refused', String(older))

// The same key is the same call; another body under it is a mistake; a lost answer is asked for again.
const once = await stripe.customers.create({ email: 'once@example.org' }, { idempotencyKey: 'once' })
const again = await stripe.customers.create({ email: 'once@example.org' }, { idempotencyKey: 'once' })
check(once.id === again.id && again.lastResponse.headers['idempotent-replayed'] === 'true', 'a repeated key is the first answer')
const other = await refusal(() => stripe.customers.create({ email: 'twice@example.org' }, { idempotencyKey: 'once' }))
check(other instanceof Stripe.errors.StripeIdempotencyError, 'a key for something else is refused', String(other))
await dev('/dev/mischief', { fault: 'drop', path: '/v1/customers' })
const patient = clientOf(sandbox.url, 'sk_test_witness', { maxNetworkRetries: 3 })
const kept = await patient.customers.create({ email: 'lost@example.org' })
check((await stripe.customers.list({ email: 'lost@example.org' })).data.length === 1, 'a lost answer costs no second customer', kept.id)
await dev('/dev/mischief', { fault: 'fail', path: '/v1/customers', times: 2 })
check((await patient.customers.list({ limit: 1 })).data.length === 1, 'failures are tried again')

// Catalogue, checkout, subscription, invoice.
const product = await stripe.products.create({ name: 'A year of music' })
const price = (unit_amount) => stripe.prices.create({ product: product.id, currency: 'usd', unit_amount, recurring: { interval: 'month' }, lookup_key: `at-${unit_amount}` })
const [small, large] = [await price(1200), await price(2400)]
check((await stripe.prices.list({ lookup_keys: ['at-2400'], active: true })).data[0].id === large.id, 'a price is found by its key')
const coupon = await stripe.coupons.create({ percent_off: 50, duration: 'once', name: 'Half' })
const session = await stripe.checkout.sessions.create({
  mode: 'subscription', customer: customer.id, client_reference_id: 'order-1', line_items: [{ price: small.id, quantity: 1 }],
  success_url: 'http://localhost:3000/done?session_id={CHECKOUT_SESSION_ID}', cancel_url: 'http://localhost:3000/plans',
  subscription_data: { metadata: { user_id: 'u-1' } }, discounts: [{ coupon: coupon.id }],
})
check(session.status === 'open' && session.url.startsWith(sandbox.url) && session.amount_total === 600, 'a checkout is opened')
check((await stripe.checkout.sessions.listLineItems(session.id)).data[0].price.id === small.id, 'its lines are listed')
check((await press(session.url, 'pay')).headers.location.endsWith(`session_id=${session.id}`), 'it is paid')
const paid = await stripe.checkout.sessions.retrieve(session.id, { expand: ['subscription', 'invoice.payments', 'line_items'] })
check(paid.payment_status === 'paid' && paid.subscription.status === 'active' && paid.subscription.metadata.user_id === 'u-1', 'a subscription comes of it')
check(paid.invoice.payments.data[0].status === 'paid' && paid.invoice.total === 600 && paid.invoice.subtotal === 1200, 'and an invoice with its payment')
const tooLate = await refusal(() => stripe.checkout.sessions.expire(session.id))
check(tooLate instanceof Stripe.errors.StripeInvalidRequestError, 'what is paid cannot expire', String(tooLate))
const item = paid.subscription.items.data[0]
const preview = await stripe.invoices.createPreview({ subscription: paid.subscription.id, subscription_details: { items: [{ id: item.id, price: large.id }], proration_behavior: 'always_invoice' } })
check(preview.lines.data.length === 2 && preview.total > 1100 && preview.total <= 1200, 'a change is previewed', JSON.stringify(preview.total))
const changed = await stripe.subscriptions.update(paid.subscription.id, { items: [{ id: item.id, price: large.id }], proration_behavior: 'always_invoice' })
check(changed.items.data.length === 1 && changed.items.data[0].price.id === large.id, 'and made')
const ending = await stripe.subscriptions.update(changed.id, { cancel_at_period_end: true })
check(ending.cancel_at === item.current_period_end && ending.status === 'active', 'it is to end with its period')
await stripe.subscriptions.update(changed.id, { cancel_at_period_end: false })
await dev('/dev/clock', { advance: 'P32D' })
await until('the renewal', async () => (await stripe.invoices.list({ subscription: changed.id })).data.some((each) => each.billing_reason === 'subscription_cycle' && each.status === 'paid'))
check((await stripe.subscriptions.list({ customer: customer.id })).data.length === 1, 'it renews')
// It stands still: no renewal comes, and what is left of the month is credited when it goes on.
const paused = await stripe.subscriptions.pause(changed.id, { type: 'subscription' })
check(paused.status === 'paused', 'it stands still')
const idle = (await stripe.invoices.list({ subscription: changed.id })).data.length
await dev('/dev/clock', { advance: 'P70D' })
check((await stripe.invoices.list({ subscription: changed.id })).data.length === idle, 'and is not charged meanwhile')
const twicePaused = await refusal(() => stripe.subscriptions.pause(changed.id))
check(twicePaused instanceof Stripe.errors.StripeInvalidRequestError, 'once', String(twicePaused))
const resumed = await stripe.subscriptions.resume(changed.id, { billing_cycle_anchor: { type: 'now' } })
check(resumed.status === 'active', 'it goes on')
const credited = await stripe.invoices.retrieve(resumed.latest_invoice)
check(credited.status === 'paid' && credited.total < 2400 && credited.total > 0, 'less what was left of the month', JSON.stringify(credited.total))
for (const type of ['customer.subscription.paused', 'customer.subscription.resumed']) check((await heard(type)).data.object.id === changed.id, `${type} is told`)
await dev('/dev/clock', { advance: 'P32D' })
await until('a whole month again', async () => (await stripe.invoices.list({ subscription: changed.id, limit: 1 })).data[0].total === 2400)

check((await stripe.billingPortal.sessions.create({ customer: customer.id, return_url: 'http://localhost:3000/' })).url.startsWith(sandbox.url), 'the portal opens')

// Refunds, a part and the rest; a doubt.
const first = paid.invoice.payments.data[0].payment.payment_intent
const part = await stripe.refunds.create({ payment_intent: first, amount: 200, metadata: { key: 'r-1' } })
check(part.status === 'succeeded' && part.amount === 200, 'a part goes back')
check((await stripe.refunds.create({ payment_intent: first })).amount === 400, 'and the rest')
const nothing = await refusal(() => stripe.refunds.create({ payment_intent: first }))
check(nothing?.code === 'charge_already_refunded', 'and no more', String(nothing))
check((await stripe.refunds.list({ payment_intent: first })).data.length === 2, 'both are listed')
const last = (await stripe.invoices.list({ subscription: changed.id, limit: 1, expand: ['data.payments'] })).data[0].payments.data[0].payment.payment_intent
check((await dev('/dev/dispute', { payment: last, outcome: 'open' })).status === 200, 'the bank doubts a payment')
const [dispute] = (await stripe.disputes.list({ payment_intent: last })).data
check(dispute.status === 'needs_response' && dispute.amount === 2400, 'the dispute is there', JSON.stringify(dispute))
const held = await refusal(() => stripe.refunds.create({ payment_intent: last }))
check(held?.code === 'charge_disputed', 'what is disputed is not refunded', String(held))
check((await stripe.disputes.update(dispute.id, { evidence: { uncategorized_text: 'winning_evidence' }, submit: true })).status === 'won', 'evidence wins it')
check((await dev('/dev/dispute', { payment: last, outcome: 'inquiry' })).status === 200, 'the bank asks once more')
check((await stripe.disputes.close((await stripe.disputes.list({ payment_intent: last, limit: 1 })).data[0].id)).status === 'warning_closed', 'an inquiry is closed')
check((await stripe.subscriptions.cancel(changed.id)).status === 'canceled', 'the subscription is ended')
const gone = await refusal(() => stripe.subscriptions.update(changed.id, { cancel_at_period_end: true }))
check(gone?.statusCode === 404, 'and cannot be revived', String(gone))
check((await stripe.customers.del(customer.id)).deleted === true && (await stripe.customers.retrieve(customer.id)).deleted === true, 'a deleted customer says so')

// Everything was told, and Stripe's verifier took all of it.
for (const type of ['customer.created', 'checkout.session.completed', 'customer.subscription.created', 'invoice.paid', 'customer.subscription.updated', 'refund.created',
  'charge.refunded', 'charge.dispute.created', 'charge.dispute.funds_withdrawn', 'charge.dispute.closed', 'charge.dispute.funds_reinstated', 'customer.subscription.deleted'])
  check((await heard(type)).api_version === '2026-10-28.endive', `${type} is told`)
check(refused === 0, 'every signature holds')
const events = await stripe.events.list({ limit: 100 }).autoPagingToArray({ limit: 10_000 })
await until('all events', () => events.every((each) => told.some((one) => one.id === each.id)))
check((await stripe.events.list({ types: ['charge.dispute.closed'] })).data.length === 2, 'events are listed by their types')
await sandbox.kill('SIGTERM')
receiver.close()
finish()
