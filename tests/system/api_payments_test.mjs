// Money through Paystack and by hand, what goes back, what providers told, and comparing the books; against the pretend
// providers of dev.
import { createHmac } from 'node:crypto'
import { strangeId, until } from './lib/client.mjs'
import { expect, finish, same, School, test } from './lib/rows.mjs'
import { Shop, visit } from './lib/shop.mjs'

const school = await School.start()
const row = school.row.bind(school)
const shop = new Shop(school)
let owner = await school.demo('owner')
// Sign-ins end while the clock moves.
async function later(by) {
  await shop.advance(by)
  owner = await school.demo('owner')
}
const pass = await shop.plan('school-pass')
const product = (await school.send({ path: '/api/products' })).json.data[0]
const paystackKey = 'sk_test_paystack_sandbox'
const initiate = 'POST /api/payment/initiate'
const mails = async (email, subject) => (await school.outbox(email)).filter((mail) => subject.test(mail.subject))
const payments = async (query = '') => (await school.send({ path: `/api/admin/payments?limit=100${query}`, as: owner })).json.data
const payment = async (reference) => (await payments()).find((each) => each.reference === reference)
const verify = async (reference) => (await school.send({ path: `/api/payment/verify/${reference}` })).json.data
// What the payer does on Paystack's page.
const act = async (url, outcome) => new URL((await visit(url, { method: 'POST', form: { outcome } })).headers.location, url)

// --- Quotes, comparison, taxes

await row('a quote says the first charge and the next', 'GET /api/plans/{id}/quote', { path: `/api/plans/${pass.id}/quote?currency=USD&interval=month&coupon=WELCOME20` }, {
  status: 200,
  then: ({ json: { data } }) => same([data.first.totalMinor, data.first.discountMinor, data.renewal.totalMinor, data.tax], [960, 240, 1200, null], 'the quote'),
})
await row('a quote of no plan is 404', 'GET /api/plans/{id}/quote', { path: `/api/plans/${strangeId}/quote` }, { status: 404 })
await row('a quote in a currency without a price is 422', 'GET /api/plans/{id}/quote', { path: `/api/plans/${pass.id}/quote?currency=JPY` }, { status: 422 })
await row('a quote with a coupon that is none is 404', 'GET /api/plans/{id}/quote', { path: `/api/plans/${pass.id}/quote?coupon=NONE` }, { status: 404 })
await row('a country is two letters', 'GET /api/plans/{id}/quote', { path: `/api/plans/${pass.id}/quote?country=KEN` }, { status: 400, fields: ['country'] })
await row('taxes are for administrators', 'POST /api/admin/tax-rates', { as: await school.member(), body: { country: 'KE', name: 'VAT', basisPoints: 1600 } }, { status: 403 })
let rate = null
await row('a tax that prices contain', 'POST /api/admin/tax-rates', { as: owner, body: { country: 'ke', name: 'VAT', basisPoints: 1600 } }, { status: 201, has: { country: 'KE' }, then: ({ json }) => (rate = json.data) })
await row('a country has one', 'POST /api/admin/tax-rates', { as: owner, body: { country: 'KE', name: 'VAT', basisPoints: 1600 } }, { status: 409 })
await row('a tax names its fields', 'POST /api/admin/tax-rates', { as: owner, body: { country: 'K', basisPoints: 0 } }, { status: 400, fields: ['country', 'name', 'basisPoints'] })
await row('a quote for that country says what it contains', 'GET /api/plans/{id}/quote', { path: `/api/plans/${pass.id}/quote?currency=USD&interval=month&country=KE` }, { status: 200, then: ({ json: { data } }) => same([data.first.taxMinor, data.tax.name], [166, 'VAT'], 'the tax') })
await row('taxes are listed', 'GET /api/admin/tax-rates', { as: owner }, { status: 200, then: ({ json }) => same(json.data.length, 1, 'taxes') })
await row('and removed', 'DELETE /api/admin/tax-rates/{id}', { path: `/api/admin/tax-rates/${rate?.id}`, as: owner }, { status: 200 })
await row('once', 'DELETE /api/admin/tax-rates/{id}', { path: `/api/admin/tax-rates/${rate?.id}`, as: owner }, { status: 404 })
const plans = await shop.plans()
await row('plans stand side by side', 'GET /api/plans/compare', { path: `/api/plans/compare?ids=${plans.map((each) => each.id).join(',')}` }, { status: 200, then: ({ json: { data } }) => expect(data.plans.length === plans.length && data.rows.every((each) => each.planIds.length > 0), JSON.stringify(data.rows)) })
await row('one that is not on sale is 404', 'GET /api/plans/compare', { path: `/api/plans/compare?ids=${pass.id},${strangeId}` }, { status: 404 })
await row('one alone cannot be compared', 'GET /api/plans/compare', { path: `/api/plans/compare?ids=${pass.id}` }, { status: 400, fields: ['ids'] })
await test('a course page shows what is paid once and opens it', async () => {
  const courses = (await school.send({ path: '/api/courses?limit=100' })).json.data
  const pages = await Promise.all(courses.map((each) => school.send({ path: `/api/courses/${each.slug}` })))
  const offered = pages.flatMap((each) => each.json.data.products)
  expect(offered.some((each) => each.productId === product.id && each.prices.some((price) => price.currency === 'KES')), JSON.stringify(offered))
})

// --- Paystack: an amount, without an account

await row('who takes payments is told', 'GET /api/billing/methods', {}, { status: 200, then: ({ json: { data } }) => same(data.map((each) => each.provider), ['paystack', 'stripe', 'manual'], 'providers') })
for (const [what, body, fields] of [
  ['nothing', {}, ['email', 'amount']],
  ['no address', { email: 'nobody', amount: 5 }, ['email']],
  ['no amount', { email: 'a@school.example', amount: 0 }, ['amount']],
  ['a part of a unit', { email: 'a@school.example', amount: 1.5 }, ['amount']],
  ['a currency that is none', { email: 'a@school.example', amount: 5, currency: 'shillings' }, ['currency']],
])
  await row(`paying ${what} names the fields`, initiate, { body }, { status: 400, code: 'VALIDATION_ERROR', fields })
await row('a currency that is not taken is 422', initiate, { body: { email: 'a@school.example', amount: 5, currency: 'EUR' } }, { status: 422 })
await row('a product that is none is 404', initiate, { body: { email: 'a@school.example', amount: 5, productId: strangeId } }, { status: 404 })
await row('an amount that is not the price is 422', initiate, { body: { email: 'a@school.example', amount: 1, productId: product.id } }, { status: 422 })
let guest = null
await row('an amount has a page to pay on', initiate, { body: { email: 'payer@school.example', amount: 1500, notes: 'School trip', metadata: { pupil: 'Ann' } } }, {
  status: 201,
  then: ({ json: { data } }) => {
    guest = data
    expect(/^PSK-\d{13}-[A-Z2-7]{8}$/.test(data.reference), data.reference)
  },
})
await test('the same key is the same payment, whoever else uses it for another', async () => {
  const begin = async (email) => (await school.judge(initiate, { body: { email, amount: 30 }, headers: { 'Idempotency-Key': 'fee' } }, { status: 201 })).json.data
  const first = await begin('once@school.example')
  same(await begin('once@school.example'), first, 'once more')
  expect((await begin('another@school.example')).reference !== first.reference, 'another payer')
})
await row('until it is paid it is pending', 'GET /api/payment/verify/{reference}', { path: `/api/payment/verify/${guest?.reference}` }, { status: 200, data: { reference: guest?.reference, status: 'pending', amountMinor: 150000, currency: 'KES' } })
await row('a reference that is none is 404', 'GET /api/payment/verify/{reference}', { path: '/api/payment/verify/PSK-1-AAAAAAAA' }, { status: 404 })
await test('paying it is a success, thanked for once, however often it is looked at', async () => {
  await act(guest.authorizationUrl, 'twice')
  await until('it is paid', async () => (await verify(guest.reference)).status === 'success')
  for (let i = 0; i < 3; i += 1) await verify(guest.reference)
  await shop.deliver()
  await until('thanks', async () => (await mails('payer@school.example', /Thank you/)).length > 0)
  same((await mails('payer@school.example', /Thank you/)).length, 1, 'thanks')
  same((await payment(guest.reference)).status, 'success', 'in the books')
})
await test('no notice ever comes: looking at it is enough', async () => {
  const begun = (await school.send({ method: 'POST', path: '/api/payment/initiate', body: { email: 'quiet@school.example', amount: 20 } })).json.data
  await act(begun.authorizationUrl, 'never')
  same((await verify(begun.reference)).status, 'success', 'status')
})
await test('no notice and nobody looks: the timer finds it', async () => {
  const begun = (await school.send({ method: 'POST', path: '/api/payment/initiate', body: { email: 'timer@school.example', amount: 20 } })).json.data
  await act(begun.authorizationUrl, 'never')
  await later('PT2M')
  await until('the timer has looked', async () => (await payment(begun.reference)).status === 'success')
})
await test('no notice, and an administrator asks: what Paystack says is applied and stands in the trail', async () => {
  const operation = 'POST /api/admin/payments/{id}/verify'
  const begun = (await school.send({ method: 'POST', path: '/api/payment/initiate', body: { email: 'asked@school.example', amount: 20 } })).json.data
  const { id } = await payment(begun.reference)
  const look = { path: `/api/admin/payments/${id}/verify`, as: owner }
  same((await school.judge(operation, look, { status: 200 })).json.data.payment.status, 'pending', 'before it is paid')
  await act(begun.authorizationUrl, 'never')
  await shop.mischief({ fault: 'fail', path: '/transaction/verify' })
  await school.judge(operation, look, { status: 500, code: 'PROVIDER_ERROR' })
  const shown = (await school.judge(operation, look, { status: 200 })).json.data
  same([shown.payment.status, shown.timeline.some((each) => /came in/.test(each.text))], ['success', true], 'once it is paid')
  same((await school.judge(operation, look, { status: 200 })).json.data.payment.status, 'success', 'once more')
  await shop.deliver()
  await until('thanks', async () => (await mails('asked@school.example', /Thank you/)).length > 0)
  same((await mails('asked@school.example', /Thank you/)).length, 1, 'thanks')
  const trail = (await school.send({ path: '/api/admin/audit-logs?action=payment.verified', as: owner })).json.data
  same(trail.map((each) => /stands at (\w+)/.exec(each.description)?.[1]), ['success', 'success', 'pending'], 'the trail')
  await school.judge(operation, { ...look, as: await school.member() }, { status: 403 })
  await school.judge(operation, { ...look, path: `/api/admin/payments/${strangeId}/verify` }, { status: 404 })
})
await test('a declined card leaves it open, and a good one pays it', async () => {
  const begun = (await school.send({ method: 'POST', path: '/api/payment/initiate', body: { email: 'retry@school.example', amount: 20 } })).json.data
  await act(begun.authorizationUrl, 'fail')
  same((await verify(begun.reference)).status, 'pending', 'after the declined card')
  await act(begun.authorizationUrl, 'pay')
  same((await verify(begun.reference)).status, 'success', 'after the good one')
})
await test('an answer of Paystack that is lost makes another reference, and no second charge', async () => {
  await shop.mischief({ fault: 'drop', path: '/transaction/initialize' })
  const person = await school.member()
  const open = await shop.begin(person, { body: { currency: 'KES' } })
  same(open.provider, 'paystack', 'provider')
  await act(open.url, 'pay')
  same((await shop.finished(person, open.checkoutId)).status, 'completed', 'status')
})
// --- Its notices

// POST /api/webhooks/paystack is the same: 'POST /api/webhooks/paystack', 'POST /api/payment/webhook'.
const notice = (body, key = paystackKey, path = '/api/payment/webhook', digest = 'sha512') => school.send({ method: 'POST', path, raw: body, headers: { 'x-paystack-signature': createHmac(digest, key).update(body).digest('hex') } })
await test('notices are believed by their signature alone, in constant words', async () => {
  const body = JSON.stringify({ event: 'charge.success', data: { id: 1, domain: 'test', reference: 'nobody-knows-this', status: 'success' } })
  for (const path of ['/api/payment/webhook', '/api/webhooks/paystack']) {
    same((await notice(body, 'sk_test_wrong', path)).status, 400, 'a wrong key')
    same((await notice(body, paystackKey, path, 'sha256')).status, 400, 'SHA-256')
    same((await school.send({ method: 'POST', path, raw: body })).json.error.code, 'INVALID_SIGNATURE', 'no signature')
    same((await school.send({ method: 'POST', path, raw: body, headers: { 'x-paystack-signature': createHmac('sha512', paystackKey).update(body).digest('hex').toUpperCase() } })).status, 400, 'upper case')
    same((await notice(body, paystackKey, path)).status, 200, 'the right one')
  }
})
await test('a hundred at once, and the same a day later, are one', async () => {
  const begun = (await school.send({ method: 'POST', path: '/api/payment/initiate', body: { email: 'many@school.example', amount: 20 } })).json.data
  await act(begun.authorizationUrl, 'never')
  const body = JSON.stringify({ event: 'charge.success', data: { id: 77, domain: 'test', reference: begun.reference, status: 'success' } })
  const answers = await Promise.all(Array.from({ length: 100 }, () => notice(body)))
  expect(answers.every((each) => each.status === 200), answers.map((each) => each.status).join())
  await until('it is paid', async () => (await payment(begun.reference)).status === 'success')
  await later('P1D')
  same((await notice(body)).json.data.duplicate, true, 'a day later')
  await until('thanks', async () => (await mails('many@school.example', /Thank you/)).length > 0)
  same((await mails('many@school.example', /Thank you/)).length, 1, 'thanks')
})
await test('a notice that lies about its amount changes nothing: Paystack is asked', async () => {
  const begun = (await school.send({ method: 'POST', path: '/api/payment/initiate', body: { email: 'liar@school.example', amount: 20 } })).json.data
  await notice(JSON.stringify({ event: 'charge.success', data: { id: 78, domain: 'test', reference: begun.reference, status: 'success', amount: 2000, currency: 'KES' } }))
  await until('it was looked at', async () => (await school.send({ path: '/api/admin/webhook-events?provider=paystack&type=charge.success&limit=1', as: owner })).json.data[0].status !== 'received')
  same((await verify(begun.reference)).status, 'pending', 'status')
})

// --- Plans and products through Paystack

await test('a plan in KES goes to Paystack, opens access, and is renewed by the saved card', async () => {
  const person = await school.member()
  const open = await shop.begin(person, { body: { currency: 'KES' } })
  same([open.provider, open.price.amountMinor], ['paystack', 150000], 'the checkout')
  const back = await act(open.url, 'pay')
  same([back.origin, back.pathname], [school.url, `/app/checkout/${open.checkoutId}`], 'where they are sent')
  same((await shop.finished(person, open.checkoutId)).accessOpen, true, 'access')
  const first = await shop.subscription(person)
  same([first.status, first.provider], ['active', 'paystack'], 'subscription')
  await later('P32D')
  const again = await school.signIn(person.email)
  await until('the renewal is booked', async () => (await school.send({ path: '/api/billing/payments', as: again })).json.data.length === 2)
  same((await shop.subscription(again)).currentPeriodStart, first.currentPeriodEnd, 'the next period')
  same((await school.send({ path: '/api/billing/invoices', as: again })).json.data.length, 2, 'invoices')
  same((await school.judge('POST /api/billing/customer-portal', { as: again }, { status: 200 })).json.data.url, `${school.url}/app/account/subscription`, 'the portal is ours')
})
await test('no notice at all: whoever waits on the page sees it open', async () => {
  const person = await school.member()
  const open = await shop.begin(person, { body: { currency: 'KES' } })
  await act(open.url, 'never')
  // Looking changes nothing; asking does.
  const jobs = async () => (await school.send({ path: '/status' })).json.data.jobs
  const before = await jobs()
  same((await shop.checkout(person, open.checkoutId)).status, 'open', 'merely looked at')
  same(await jobs(), before, 'jobs')
  const asked = await school.judge('POST /api/billing/checkout/{id}/verify', { path: `/api/billing/checkout/${open.checkoutId}/verify`, as: person }, { status: 200 })
  same([asked.json.data.status, asked.json.data.accessOpen], ['completed', true], 'asked')
  const stranger = await school.member()
  await school.judge('POST /api/billing/checkout/{id}/verify', { path: `/api/billing/checkout/${open.checkoutId}/verify`, as: stranger }, { status: 404 })
})
await test('Stripe is asked in the same way', async () => {
  const person = await school.member()
  const open = await shop.begin(person)
  await act(open.url, 'lost')
  const asked = await school.judge('POST /api/billing/checkout/{id}/verify', { path: `/api/billing/checkout/${open.checkoutId}/verify`, as: person }, { status: 200 })
  same([asked.json.data.status, asked.json.data.accessOpen], ['completed', true], 'asked')
})
await test('one that is not paid stays open, however often it is asked', async () => {
  const person = await school.member()
  const open = await shop.begin(person, { body: { currency: 'KES' } })
  const path = `/api/billing/checkout/${open.checkoutId}/verify`
  const answers = await Promise.all(Array.from({ length: 5 }, () => school.send({ method: 'POST', path, as: person, body: {} })))
  same(answers.map((each) => [each.status, each.json.data.status]), Array.from({ length: 5 }, () => [200, 'open']), 'answers')
})
await test('who is signed in pays a product by its amount', async () => {
  const person = await school.member()
  const begun = (await school.judge(initiate, { as: person, body: { email: person.email, amount: 5000, productId: product.id } }, { status: 201 })).json.data
  await act(begun.authorizationUrl, 'pay')
  await until('it is owned', async () => (await school.send({ path: `/api/products/${product.id}`, as: person })).json.data.owned)
  await school.judge(initiate, { as: person, body: { email: person.email, amount: 5000, productId: product.id } }, { status: 409, code: 'ALREADY_OWNED' })
})

// --- What goes back

const refund = (id) => ({ path: `/api/admin/payments/${id}/refund`, as: owner })
for (const [currency, provider] of [['USD', 'stripe'], ['KES', 'paystack']]) {
  await test(`a product paid through ${provider} goes back in two parts; the rest ends access`, async () => {
    const person = await school.member()
    const open = (await school.send({ method: 'POST', path: '/api/billing/create-checkout-session', as: person, body: { productId: product.id, currency } })).json.data
    same(open.provider, provider, 'provider')
    await act(open.url, 'pay')
    await shop.finished(person, open.checkoutId)
    const paid = (await payments(`&text=${encodeURIComponent(person.email)}`))[0]
    const owned = async () => (await school.send({ path: `/api/products/${product.id}`, as: person })).json.data.owned
    const operation = 'POST /api/admin/payments/{id}/refund'
    await school.judge(operation, { ...refund(paid.id), body: {} }, { status: 400, fields: ['reason'] })
    await school.judge(operation, { ...refund(paid.id), body: { amountMinor: paid.amountMinor + 1, reason: 'r' } }, { status: 422 })
    await school.judge(operation, { ...refund(paid.id), as: person, body: { reason: 'r' } }, { status: 403 })
    await school.judge(operation, { ...refund(strangeId), body: { reason: 'r' } }, { status: 404 })
    await school.judge(operation, { ...refund(paid.id), body: { amountMinor: 900, reason: 'Half a lesson', access: 'end_at' } }, { status: 400, fields: ['accessEndsAt'] })
    const part = (await school.judge(operation, { ...refund(paid.id), body: { amountMinor: 900, reason: 'Half a lesson' }, headers: { 'Idempotency-Key': `part-${provider}` } }, { status: 201, has: { amountMinor: 900, access: 'keep' } })).json.data
    await school.judge(operation, { ...refund(paid.id), body: { amountMinor: 900, reason: 'Half a lesson' }, headers: { 'Idempotency-Key': `part-${provider}` } }, { status: 201, has: { id: part.id } })
    same([(await payment(paid.reference)).status, await owned()], ['partially_refunded', true], 'after a part')
    await school.judge(operation, { ...refund(paid.id), body: { lines: [{ position: 0 }], reason: 'All of it' } }, { status: 422 })
    await school.judge(operation, { ...refund(paid.id), body: { reason: 'The rest' } }, { status: 201, has: { amountMinor: paid.amountMinor - 900, access: 'end_now' } })
    same([(await payment(paid.reference)).status, await owned()], ['refunded', false], 'after the rest')
    await school.judge(operation, { ...refund(paid.id), body: { reason: 'More' } }, { status: 409, code: 'ALREADY_REFUNDED' })
    await until('both are done', async () => {
      await later('PT1M')
      const shown = (await school.judge('GET /api/admin/payments/{id}', { path: `/api/admin/payments/${paid.id}`, as: owner }, { status: 200 })).json.data
      return shown.refunds.every((each) => each.status === 'succeeded') && shown.timeline.length >= 6
    })
    await until('both are told', async () => (await mails(person.email, /refund/i)).length === 2)
  })
}
await test('the provider is down: that is said, and the refund is made when it answers', async () => {
  const person = await school.member()
  const open = (await school.send({ method: 'POST', path: '/api/billing/create-checkout-session', as: person, body: { productId: product.id, currency: 'USD' } })).json.data
  await act(open.url, 'pay')
  await shop.finished(person, open.checkoutId)
  const paid = (await payments(`&text=${encodeURIComponent(person.email)}`))[0]
  await shop.mischief({ fault: 'drop', path: '/v1/refunds' })
  const answer = await school.send({ method: 'POST', path: `/api/admin/payments/${paid.id}/refund`, as: owner, body: { reason: 'r' } })
  expect([201, 500].includes(answer.status), `${answer.status} ${answer.text}`)
  await until('it is sent back', async () => (await payment(paid.reference)).status === 'refunded')
  same((await school.send({ path: `/api/admin/payments/${paid.id}`, as: owner })).json.data.refunds.length, 1, 'refunds')
})
await row('payments are for administrators', 'GET /api/admin/payments', { as: await school.member() }, { status: 403 })
await row('a payment that is none is 404', 'GET /api/admin/payments/{id}', { path: `/api/admin/payments/${strangeId}`, as: owner }, { status: 404 })
await row('payments by status', 'GET /api/admin/payments', { path: '/api/admin/payments?status=refunded', as: owner }, { status: 200, then: ({ json }) => expect(json.data.length === 3 && json.data.every((each) => each.status === 'refunded'), JSON.stringify(json.data.map((each) => each.status))) })
await row('a cursor that was not given out is refused', 'GET /api/admin/payments', { path: '/api/admin/payments?cursor=x', as: owner }, { status: 400, fields: ['cursor'] })
await row('refunds are listed', 'GET /api/admin/refunds', { as: owner }, { status: 200, then: ({ json }) => same(json.data.length, 5, 'refunds') })

// --- By hand

const hand = 'POST /api/billing/manual-payments'
let handed = await school.member()
await row('a payment by hand is for who is signed in', hand, { body: { planId: pass.id, method: 'bank' } }, { status: 401 })
await row('it says how', hand, { as: handed, body: { planId: pass.id } }, { status: 400, fields: ['method'] })
await row('and for what', hand, { as: handed, body: { method: 'cash' } }, { status: 400, fields: ['planId'] })
let told = null
await row('it waits for somebody to look', hand, { as: handed, body: { planId: pass.id, currency: 'KES', method: 'mobile_money', note: 'M-PESA QK12345' } }, {
  status: 201,
  has: { status: 'submitted', amountMinor: 150000, currency: 'KES', method: 'mobile_money' },
  then: ({ json }) => (told = json.data),
})
await row('twice is a conflict', hand, { as: handed, body: { planId: pass.id, method: 'bank' } }, { status: 409 })
await row('one sees one\'s own', 'GET /api/billing/manual-payments', { as: handed }, { status: 200, then: ({ json }) => same(json.data.map((each) => each.id), [told?.id], 'own') })
await row('another\'s cannot be taken back', 'DELETE /api/billing/manual-payments/{id}', { path: `/api/billing/manual-payments/${told?.id}`, as: await school.member() }, { status: 404 })
await row('approving is for administrators', 'POST /api/admin/manual-payments/{id}/approve', { path: `/api/admin/manual-payments/${told?.id}/approve`, as: handed, body: {} }, { status: 403 })
await row('administrators see those that wait', 'GET /api/admin/manual-payments', { path: '/api/admin/manual-payments?status=submitted', as: owner }, { status: 200, then: ({ json }) => same(json.data.map((each) => each.email), [handed.email], 'waiting') })
await row('approved, it opens what was paid for', 'POST /api/admin/manual-payments/{id}/approve', { path: `/api/admin/manual-payments/${told?.id}/approve`, as: owner, body: { note: 'Seen.' } }, { status: 200, has: { status: 'approved' } })
await row('once', 'POST /api/admin/manual-payments/{id}/approve', { path: `/api/admin/manual-payments/${told?.id}/approve`, as: owner, body: {} }, { status: 409 })
await test('with access, a payment, an invoice and a receipt', async () => {
  same((await shop.subscription(handed)).provider, 'manual', 'subscription')
  same((await school.send({ path: '/api/billing/payments', as: handed })).json.data.map((each) => each.amountMinor), [150000], 'payments')
  same((await school.send({ path: '/api/billing/invoices', as: handed })).json.data.map((each) => each.status), ['paid'], 'invoices')
  await until('the receipt', async () => (await mails(handed.email, /receipt|payment|thank/i)).length > 0)
  const [paid] = await payments(`&text=${encodeURIComponent(handed.email)}`)
  await school.judge('POST /api/admin/payments/{id}/verify', { path: `/api/admin/payments/${paid.id}/verify`, as: owner }, { status: 409, code: 'CONFLICT' })
})
await test('a rejected one is told; one may be taken back', async () => {
  const person = await school.member()
  const first = (await school.judge(hand, { as: person, body: { productId: product.id, method: 'bank' } }, { status: 201 })).json.data
  await school.judge('POST /api/admin/manual-payments/{id}/reject', { path: `/api/admin/manual-payments/${first.id}/reject`, as: owner, body: { note: 'Nothing came in.' } }, { status: 200, has: { status: 'rejected', reviewNote: 'Nothing came in.' } })
  await until('it is told', async () => (await mails(person.email, /could not find/)).length === 1)
  const second = (await school.judge(hand, { as: person, body: { productId: product.id, method: 'bank' } }, { status: 201 })).json.data
  await school.judge('DELETE /api/billing/manual-payments/{id}', { path: `/api/billing/manual-payments/${second.id}`, as: person }, { status: 200 })
  await school.judge('DELETE /api/billing/manual-payments/{id}', { path: `/api/billing/manual-payments/${second.id}`, as: person }, { status: 409 })
})

// --- The inbox and the books

let event = null
await row('what providers told is listed', 'GET /api/admin/webhook-events', { path: '/api/admin/webhook-events?provider=paystack&status=processed', as: owner }, { status: 200, then: ({ json }) => expect((event = json.data[0])?.type === 'charge.success' || event, JSON.stringify(json.data[0])) })
await row('not for everybody', 'GET /api/admin/webhook-events', { as: handed }, { status: 403 })
await row('one as it came', 'GET /api/admin/webhook-events/{id}', { path: `/api/admin/webhook-events/${event?.id}`, as: owner }, { status: 200, then: ({ json: { data } }) => expect(data.payload.event === event.type && data.headers.some((each) => each.name === 'x-paystack-signature' && /^[0-9a-f]{128}$/.test(each.value)), JSON.stringify(data).slice(0, 600)) })
await row('none is 404', 'GET /api/admin/webhook-events/{id}', { path: `/api/admin/webhook-events/${strangeId}`, as: owner }, { status: 404 })
await row('one may be applied again', 'POST /api/admin/webhook-events/{id}/reprocess', { path: `/api/admin/webhook-events/${event?.id}/reprocess`, as: owner, body: {} }, { status: 200, has: { id: event?.id } })
await row('none cannot', 'POST /api/admin/webhook-events/{id}/reprocess', { path: `/api/admin/webhook-events/${strangeId}/reprocess`, as: owner, body: {} }, { status: 404 })
await row('events are fetched from a provider that is one', 'POST /api/admin/webhook-events/fetch', { as: owner, body: { provider: 'nobody', since: new Date().toISOString() } }, { status: 400, fields: ['provider'] })
await test('a shop whose notices never come still delivers: events are fetched', async () => {
  const person = await school.member()
  const open = await shop.begin(person)
  await shop.act(open, 'lost')
  same((await shop.checkout(person, open.checkoutId)).status, 'open', 'before')
  const since = new Date(((await shop.now()) - 3600) * 1000).toISOString()
  const fetched = (await school.judge('POST /api/admin/webhook-events/fetch', { as: owner, body: { provider: 'stripe', since } }, { status: 200 })).json.data
  expect(fetched.missed > 0 && fetched.found >= fetched.missed, JSON.stringify(fetched))
  same((await shop.finished(person, open.checkoutId)).accessOpen, true, 'after')
})
await test('and so does comparing the books, which says what it repaired', async () => {
  const person = await school.member()
  const open = await shop.begin(person)
  await shop.act(open, 'lost')
  const run = (await school.judge('POST /api/admin/reconcile', { as: owner, body: {} }, { status: 202 })).json.data
  const whole = await until('the run is over', async () => {
    const shown = (await school.judge('GET /api/admin/reconcile/runs/{id}', { path: `/api/admin/reconcile/runs/${run.id}`, as: owner }, { status: 200 })).json.data
    return shown.run.status !== 'running' && shown
  })
  same(whole.run.status, 'done', `the run: ${JSON.stringify(whole.run)}`)
  expect(whole.run.fixed > 0, JSON.stringify(whole))
  same((await shop.finished(person, open.checkoutId)).accessOpen, true, 'access')
})
await row('runs are listed', 'GET /api/admin/reconcile/runs', { as: owner }, { status: 200, then: ({ json }) => expect(json.data.length > 0, 'runs') })
await row('a run that is none is 404', 'GET /api/admin/reconcile/runs/{id}', { path: `/api/admin/reconcile/runs/${strangeId}`, as: owner }, { status: 404 })

// --- Dunning

await row('when we try again can be read', 'GET /api/admin/dunning/policy', { as: owner }, { status: 200, data: { retryDays: [1, 3, 5], graceDays: 7 } })
await row('a policy whose tries come after the grace is refused', 'PUT /api/admin/dunning/policy', { as: owner, body: { retryDays: [9], graceDays: 7 } }, { status: 400, fields: ['retryDays'] })
await row('and set', 'PUT /api/admin/dunning/policy', { as: owner, body: { retryDays: [2, 4], graceDays: 6 } }, { status: 200, data: { retryDays: [2, 4], graceDays: 6 } })
await row('not by everybody', 'PUT /api/admin/dunning/policy', { as: handed, body: { retryDays: [], graceDays: 0 } }, { status: 403 })
await test('a renewal that fails keeps access, is told once a try, and comes back with a good card', async () => {
  const person = await school.member()
  const open = await shop.begin(person, { body: { currency: 'KES' } })
  await act(open.url, 'pay')
  await shop.finished(person, open.checkoutId)
  await shop.mischief({ renewals: 'fail' })
  await later('P32D')
  const again = await school.signIn(person.email)
  handed = await school.signIn(handed.email)
  await until('it is past due', async () => (await shop.subscription(again)).status === 'past_due')
  await until('it is told', async () => (await mails(person.email, /did not go through/)).length === 1)
  same((await school.send({ path: '/api/users/profile', as: again })).json.data.access, 'paid', 'access')
  const mine = (await school.judge('GET /api/admin/dunning/cases', { path: '/api/admin/dunning/cases?status=open&limit=100', as: owner }, { status: 200 })).json.data.find((each) => each.email === person.email)
  expect(mine?.attempts === 1 && mine.nextAt, JSON.stringify(mine))
  await school.judge('POST /api/admin/dunning/cases/{id}/pause', { path: `/api/admin/dunning/cases/${mine.id}/pause`, as: owner }, { status: 200, has: { status: 'paused' } })
  await shop.mischief({ renewals: 'pay' })
  await school.judge('POST /api/admin/dunning/cases/{id}/retry', { path: `/api/admin/dunning/cases/${mine.id}/retry`, as: owner }, { status: 200, has: { status: 'open' } })
  await until('it is paid', async () => (await shop.subscription(again)).status === 'active')
  await school.judge('POST /api/admin/dunning/cases/{id}/retry', { path: `/api/admin/dunning/cases/${mine.id}/retry`, as: owner }, { status: 409 })
  await school.judge('POST /api/admin/dunning/cases/{id}/pause', { path: `/api/admin/dunning/cases/${strangeId}/pause`, as: owner }, { status: 404 })
})

// --- The same at the root

for (const path of ['/admin/tax-rates', '/admin/payments', '/admin/refunds', '/admin/manual-payments', '/admin/webhook-events', '/admin/reconcile/runs', '/admin/dunning/policy', '/admin/dunning/cases', '/admin/invoices']) {
  await row(`${path} answers administrators`, `GET ${path}`, { path, as: owner }, { status: 200 })
  await row(`${path} answers nobody else`, `GET ${path}`, { path, as: handed }, { status: 403 })
}
for (const [operation, path] of [
  ['GET /admin/payments/{id}', `/admin/payments/${strangeId}`],
  ['GET /admin/webhook-events/{id}', `/admin/webhook-events/${strangeId}`],
  ['GET /admin/reconcile/runs/{id}', `/admin/reconcile/runs/${strangeId}`],
  ['DELETE /admin/tax-rates/{id}', `/admin/tax-rates/${strangeId}`],
  ['POST /admin/payments/{id}/refund', `/admin/payments/${strangeId}/refund`],
  ['POST /admin/payments/{id}/verify', `/admin/payments/${strangeId}/verify`],
  ['POST /admin/manual-payments/{id}/approve', `/admin/manual-payments/${strangeId}/approve`],
  ['POST /admin/manual-payments/{id}/reject', `/admin/manual-payments/${strangeId}/reject`],
  ['POST /admin/webhook-events/{id}/reprocess', `/admin/webhook-events/${strangeId}/reprocess`],
  ['POST /admin/dunning/cases/{id}/pause', `/admin/dunning/cases/${strangeId}/pause`],
  ['POST /admin/dunning/cases/{id}/retry', `/admin/dunning/cases/${strangeId}/retry`],
])
  await row(`${operation} of none is 404`, operation, { path, as: owner, body: /^POST/.test(operation) ? (/refund/.test(operation) ? { reason: 'r' } : {}) : undefined }, { status: 404 })
await row('a tax at the root', 'POST /admin/tax-rates', { as: owner, body: { country: 'DE', name: 'USt', basisPoints: 1900 } }, { status: 201 })
await row('a policy at the root', 'PUT /admin/dunning/policy', { as: owner, body: { retryDays: [1, 3, 5], graceDays: 7 } }, { status: 200 })
await row('fetching at the root', 'POST /admin/webhook-events/fetch', { as: owner, body: { provider: 'paystack', since: new Date(((await shop.now()) - 60) * 1000).toISOString() } }, { status: 200 })
await row('comparing at the root', 'POST /admin/reconcile', { as: owner, body: { provider: 'manual' } }, { status: 202 })
await test('Paystack is down: a plain answer', async () => {
  await shop.mischief({ fault: 'fail', path: '/transaction/initialize', times: 20 })
  await school.judge(initiate, { body: { email: 'down@school.example', amount: 20 } }, { status: 500, code: 'PROVIDER_ERROR' })
})
await test('no secret stands in the log', () => school.checkLog())

await school.stop()
finish()
