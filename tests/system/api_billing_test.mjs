// Plans, buying them, subscriptions, and what the payment provider tells us; against the pretend Stripe of dev.
import { strangeId, until } from './lib/client.mjs'
import { expect, finish, same, School, test } from './lib/rows.mjs'
import { Shop, visit } from './lib/shop.mjs'

const school = await School.start()
const row = school.row.bind(school)
const shop = new Shop(school)
const pass = await shop.plan('school-pass')
const studio = await shop.plan('studio-pass')
const begin = 'POST /api/billing/create-checkout-session'
const receipts = async (email) => (await school.outbox(email)).filter((mail) => /receipt|payment|paid|thank/i.test(mail.subject))

// --- Plans

for (const path of ['/api/plans', '/plans']) {
  await row(`${path} lists what is on sale`, `GET ${path}`, {}, {
    status: 200,
    then: ({ json }) => {
      same(json.data.map((each) => each.code).sort(), ['school-pass', 'studio-pass'], 'plans')
      for (const plan of json.data) {
        expect(!plan.current && plan.prices.length > 0 && plan.features.length > 0, `plan ${plan.code}`)
        for (const price of plan.prices) expect(Number.isInteger(price.amountMinor) && price.amountMinor > 0, `price ${price.amountMinor}`)
      }
    },
  })
  await row(`${path} comes in pages`, `GET ${path}`, { path: `${path}?limit=1` }, {
    status: 200,
    then: async ({ json }) => {
      same([json.data.length, json.page.limit], [1, 1], 'the first page')
      const rest = await school.judge(`GET ${path}`, { path: `${path}?limit=1&cursor=${json.page.nextCursor}&fields=code` }, { status: 200 })
      same([rest.json.data.length, rest.json.page.nextCursor], [1, null], 'the last page')
      same([json.data[0].code, rest.json.data[0].code].sort(), ['school-pass', 'studio-pass'], 'both')
      same(Object.keys(rest.json.data[0]), ['code'], 'fields')
      const all = await school.judge(`GET ${path}`, { path }, { status: 200 })
      same([all.json.data.length, all.json.page], [2, { limit: 20, nextCursor: null }], 'all of them')
    },
  })
  for (const [query, fields] of [['limit=0', ['limit']], ['limit=101', ['limit']], ['limit=x', ['limit']], ['cursor=x', ['cursor']], ['cursor=', ['cursor']], ['page=2', ['page']], ['limit=0&offset=1', ['limit', 'offset']], ['fields=nothing', ['fields']]])
    await row(`${path}?${query} is refused by name`, `GET ${path}`, { path: `${path}?${query}` }, { status: 400, fields })
  await row(`${path} is for everybody, but a token that is none is told`, `GET ${path}`, { path, headers: { Authorization: 'Bearer nonsense' } }, { status: 401 })
  await row(`${path}/{id} shows one`, `GET ${path}/{id}`, { path: `${path}/${pass.id}` }, { status: 200, data: pass })
  await row(`${path}/{id} of no plan is 404`, `GET ${path}/{id}`, { path: `${path}/${strangeId}` }, { status: 404, code: 'NOT_FOUND' })
  await row(`${path}/{id} with what is no id is 404`, `GET ${path}/{id}`, { path: `${path}/no-such-plan` }, { status: 404, code: 'NOT_FOUND' })
}

// --- Beginning to buy

const buyer = await school.member({ fullName: 'Kim Reed' })
await row('who has bought nothing has no subscription', 'GET /api/billing/subscription', { as: buyer }, { status: 200, data: null })
await row('a subscription is for who is signed in', 'GET /api/billing/subscription', {}, { status: 401 })
await row('nobody can buy nothing', begin, { body: { planId: pass.id } }, { status: 401, code: 'UNAUTHENTICATED' })
for (const [what, body, fields] of [
  ['no plan', {}, ['planId']],
  ['an id that is none', { planId: 'school-pass' }, ['planId']],
  ['an interval that is none', { planId: pass.id, interval: 'fortnight' }, ['interval']],
  ['no months, or too many', { planId: pass.id, interval: 'month', intervalCount: 0 }, ['intervalCount']],
  ['a currency that is none', { planId: pass.id, currency: 'dollars' }, ['currency']],
  ['an amount of its own', { planId: pass.id, amountMinor: 1 }, ['amountMinor']],
  ['a coupon with a blank', { planId: pass.id, couponCode: 'HALF OFF' }, ['couponCode']],
  ['all of that', { planId: 1, interval: 2, currency: 3, provider: 4, couponCode: 5, successUrl: 6, cancelUrl: 7, x: 8 }, ['planId', 'interval', 'currency', 'provider', 'couponCode', 'successUrl', 'cancelUrl', 'x']],
]) await row(`buying with ${what} names the fields`, begin, { as: buyer, body }, { status: 400, code: 'VALIDATION_ERROR', fields })
for (const url of ['https://evil.example/', '//evil.example', '/\\evil.example', 'javascript:alert(1)', `${school.url}.evil.example/`, `${school.url}@evil.example/`, 'https:evil.example', '/ok\r\nSet-Cookie: a=b', `http://localhost@127.0.0.1:${school.port}/`, ''])
  await row(`a return to ${JSON.stringify(url)} is refused`, begin, { as: buyer, body: { planId: pass.id, successUrl: url, cancelUrl: url } }, { status: 400, fields: ['successUrl', 'cancelUrl'] })
await row('a plan that is none is 404', begin, { as: buyer, body: { planId: strangeId } }, { status: 404, code: 'NOT_FOUND' })
await row('a currency that the plan has no price in is 422', begin, { as: buyer, body: { planId: pass.id, currency: 'JPY' } }, { status: 422, code: 'UNPROCESSABLE' })
await row('an interval that the plan has not in that currency is 422', begin, { as: buyer, body: { planId: pass.id, currency: 'KES', interval: 'year' } }, { status: 422, code: 'UNPROCESSABLE' })
await row('a coupon that is none is 404', begin, { as: buyer, body: { planId: pass.id, couponCode: 'HALF' } }, { status: 404, code: 'NOT_FOUND' })
await row('a product that is none is 404', begin, { as: buyer, body: { productId: strangeId } }, { status: 404, code: 'NOT_FOUND' })
await row('a plan and a product at once name the second', begin, { as: buyer, body: { planId: pass.id, productId: strangeId } }, { status: 400, fields: ['productId'] })
await row('a provider that is not set up is 422', begin, { as: buyer, body: { planId: pass.id, provider: 'paystack' } }, { status: 422, code: 'UNPROCESSABLE' })
await row('an Idempotency-Key beyond 255 characters is refused', begin, { as: buyer, body: { planId: pass.id }, headers: { 'Idempotency-Key': 'k'.repeat(256) } }, { status: 400, fields: ['Idempotency-Key'] })

let checkout = null
await row('a checkout has a page to pay on', begin, { as: buyer, body: { planId: pass.id, interval: 'month', currency: 'EUR' }, headers: { 'Idempotency-Key': 'first' } }, {
  status: 201,
  has: { status: 'open', provider: 'stripe', plan: { id: pass.id, code: pass.code, name: pass.name }, product: null, price: { amountMinor: 1100, discountMinor: 0, taxMinor: 0, totalMinor: 1100, currency: 'EUR', interval: 'month', intervalCount: 1 }, trialDays: 0, couponCode: null, failure: null, completedAt: null, accessOpen: false },
  then: ({ json }) => {
    checkout = json.data
    expect(new URL(checkout.url).hostname === '127.0.0.1', checkout.url)
    expect(new Date(checkout.expiresAt) > new Date(checkout.createdAt), 'it expires later than it began')
  },
})
await row('the same key and body are the same checkout', begin, { as: buyer, body: { planId: pass.id, interval: 'month', currency: 'EUR' }, headers: { 'Idempotency-Key': 'first' } }, { status: 201, has: { checkoutId: checkout?.checkoutId, url: checkout?.url } })
await row('the same key and another body is a conflict', begin, { as: buyer, body: { planId: pass.id, interval: 'year', currency: 'EUR' }, headers: { 'Idempotency-Key': 'first' } }, { status: 409, code: 'IDEMPOTENCY_MISMATCH' })
await test('the same key of another person is another order', async () => {
  const other = await school.member()
  const theirs = await shop.begin(other, { headers: { 'Idempotency-Key': 'first' } })
  expect(theirs.checkoutId !== checkout.checkoutId, 'the same checkout')
  await school.judge('GET /api/billing/checkout/{id}', { path: `/api/billing/checkout/${checkout.checkoutId}`, as: other }, { status: 404, code: 'NOT_FOUND' })
  await school.judge('GET /api/billing/checkout/{id}', { path: `/api/billing/checkout/${checkout.checkoutId}`, as: await school.demo('owner') }, { status: 404 })
})
await row('a checkout is for who is signed in', 'GET /api/billing/checkout/{id}', { path: `/api/billing/checkout/${checkout?.checkoutId}` }, { status: 401 })
await row('a checkout that is none is 404', 'GET /api/billing/checkout/{id}', { path: `/api/billing/checkout/${strangeId}`, as: buyer }, { status: 404 })
await row('a checkout can be asked about while it is open', 'GET /api/billing/checkout/{id}', { path: `/api/billing/checkout/${checkout?.checkoutId}`, as: buyer }, { status: 200, data: checkout })
await test('fifty orders with one key at the same moment are one order', async () => {
  const person = await school.member()
  const answers = await Promise.all(Array.from({ length: 50 }, () => school.send({ method: 'POST', path: '/api/billing/create-checkout-session', as: person, body: { planId: pass.id }, headers: { 'Idempotency-Key': 'once' } })))
  for (const answer of answers) expect([201, 202].includes(answer.status), `${answer.status} ${answer.text}`)
  same(new Set(answers.map((each) => each.json.data.checkoutId)).size, 1, 'checkouts')
})
await test('who does not want to wait is told where to ask', async () => {
  const person = await school.member()
  const answer = await school.judge(begin, { as: person, body: { planId: pass.id }, headers: { Prefer: 'respond-async' } }, { status: [202, 201] })
  same(answer.status, 202, 'status')
  same(answer.headers.location, `/api/billing/checkout/${answer.json.data.checkoutId}`, 'Location')
  same(answer.json.data.url, null, 'url')
  expect(answer.json.message, 'a message')
  await until('the page', async () => (await shop.checkout(person, answer.json.data.checkoutId)).url)
})
await test('pages of this site are fine to return to', async () => {
  const person = await school.member()
  for (const url of ['/app/thanks?from=checkout', `${school.url}/app/thanks`]) await shop.begin(person, { body: { successUrl: url, cancelUrl: url } })
})

// --- On the provider's page

await test('the page names the plan and the amount and asks for no card', async () => {
  const page = await visit(checkout.url)
  same(page.status, 200, 'status')
  expect(page.text.includes(pass.name) && /11[.,]00/.test(page.text), 'plan and amount')
  expect(!/card.?number|cvc|<script/i.test(page.text), 'a card field or a script')
})
await test('cancelling brings the buyer back, and nothing is bought', async () => {
  const person = await school.member()
  const open = await shop.begin(person)
  const back = await shop.act(open, 'cancel')
  same([back.origin, back.pathname, back.search], [school.url, `/app/checkout/${open.checkoutId}`, '?result=cancel'], 'where they are sent')
  await shop.idle()
  same((await shop.checkout(person, open.checkoutId)).status, 'open', 'status')
  same(await shop.subscription(person), null, 'subscription')
})
await test('a declined card buys nothing, and may be followed by a good one', async () => {
  const person = await school.member()
  const open = await shop.begin(person)
  const back = await shop.act(open, 'fail')
  same([back.origin, back.pathname, back.search], [school.url, `/app/checkout/${open.checkoutId}`, '?result=cancel'], 'where they are sent')
  await shop.deliver()
  await shop.idle()
  const after = await shop.checkout(person, open.checkoutId)
  same([after.status, after.accessOpen], ['open', false], 'after the declined card')
  same(await shop.subscription(person), null, 'subscription')
  same((await school.send({ path: '/api/users/profile', as: person })).json.data.access, 'free', 'access')
  await shop.act(open, 'pay')
  same((await shop.finished(person, open.checkoutId)).status, 'completed', 'after the good card')
})
await test('paying opens access, once the provider has said so', async () => {
  const back = await shop.act(checkout, 'pay')
  same([back.origin, back.pathname, back.search], [school.url, `/app/checkout/${checkout.checkoutId}`, '?result=success'], 'where they are sent')
  const done = await shop.finished(buyer, checkout.checkoutId)
  same([done.status, done.url, done.accessOpen, done.completedAt !== null], ['completed', null, true, true], 'the checkout')
})
await row('the subscription is there, with the next charge', 'GET /api/billing/subscription', { as: buyer }, {
  status: 200,
  has: { plan: { id: pass.id, code: pass.code, name: pass.name }, status: 'active', interval: 'month', amountMinor: 1100, currency: 'EUR', cancelAtPeriodEnd: false, trialEnd: null, provider: 'stripe' },
  then: ({ json: { data } }) => {
    same(data.nextChargeAt, data.currentPeriodEnd, 'the next charge')
    const days = (new Date(data.currentPeriodEnd) - new Date(data.currentPeriodStart)) / 86_400_000
    expect(days >= 28 && days <= 31, `a period of ${days} days`)
    expect(!/(sub|cus|price|prod|cs)_/.test(JSON.stringify(data)), 'ids of the provider')
  },
})
await row('the profile says paid', 'GET /api/users/profile', { as: buyer }, { status: 200, has: { access: 'paid' } })
for (const path of ['/api/plans', '/plans'])
  await row(`the plan is marked as current at ${path}`, `GET ${path}`, { as: buyer }, { status: 200, then: ({ json }) => same(json.data.map((each) => [each.code, each.current]).sort(), [['school-pass', true], ['studio-pass', false]], 'current') })
await row('the entitlement is listed', 'GET /api/users/me/entitlements', { as: buyer }, { status: 200, then: ({ json }) => expect(json.data.length === 1, JSON.stringify(json.data)) })
await test('one receipt comes by mail', async () => {
  await until('the receipt', async () => (await receipts(buyer.email)).length > 0)
  same((await receipts(buyer.email)).length, 1, 'receipts')
})
await row('who has a subscription cannot buy another', begin, { as: buyer, body: { planId: studio.id } }, { status: 409, code: 'ALREADY_SUBSCRIBED' })
await row('a paid page cannot be paid again', 'GET /api/billing/checkout/{id}', { path: `/api/billing/checkout/${checkout?.checkoutId}`, as: buyer }, { status: 200, has: { status: 'completed', url: null } })
await test('late notices are waited for, and the wait is told honestly', async () => {
  const person = await school.member()
  const open = await shop.begin(person)
  await shop.act(open, 'delay')
  const meanwhile = await shop.checkout(person, open.checkoutId)
  same([meanwhile.status, meanwhile.accessOpen], ['open', false], 'before the notice')
  await shop.deliver()
  same((await shop.finished(person, open.checkoutId)).accessOpen, true, 'after the notice')
})
for (const outcome of ['twice', 'disorder']) {
  await test(`notices that come ${outcome === 'twice' ? 'twice' : 'out of order'} make one subscription and one receipt`, async () => {
    const person = await school.member()
    const open = await shop.begin(person)
    await shop.act(open, outcome)
    await shop.finished(person, open.checkoutId)
    await shop.deliver()
    await shop.idle()
    same((await shop.subscription(person)).status, 'active', 'subscription')
    await until('the receipt', async () => (await receipts(person.email)).length > 0)
    await shop.idle()
    same((await receipts(person.email)).length, 1, 'receipts')
  })
}
await test('a trial costs nothing yet, and opens access', async () => {
  const person = await school.member()
  const open = await shop.begin(person, { code: 'studio-pass' })
  await shop.act(open, 'pay')
  same((await shop.finished(person, open.checkoutId)).accessOpen, true, 'access')
  const subscription = await shop.subscription(person)
  same([subscription.status, subscription.trialEnd !== null], ['trialing', true], 'subscription')
})
await test('two tabs with the same order have the same page, and paying one page closes the others', async () => {
  const person = await school.member()
  const [one, again, year] = [await shop.begin(person), await shop.begin(person), await shop.begin(person, { body: { interval: 'year' } })]
  same([again.checkoutId, again.url], [one.checkoutId, one.url], 'the second tab')
  await shop.act(one, 'pay')
  await shop.finished(person, one.checkoutId)
  await until('the other page is closed', async () => (await shop.checkout(person, year.checkoutId)).status === 'expired')
  expect((await visit(year.url)).text.includes('expired'), 'the page says so')
})
await test('two tabs, two pages: whoever pays both has one subscription, and the other is cancelled, refunded and told once', async () => {
  const person = await school.member()
  const [one, two] = [await shop.begin(person), await shop.begin(person, { body: { interval: 'year' } })]
  // Both are paid before the school hears of either.
  await shop.act(one, 'delay')
  await shop.act(two, 'delay')
  await shop.deliver()
  await until('both are over', async () => (await shop.checkout(person, one.checkoutId)).status !== 'open' && (await shop.checkout(person, two.checkoutId)).status !== 'open')
  await shop.idle()
  const ends = await Promise.all([one, two].map((each) => shop.checkout(person, each.checkoutId)))
  same(ends.map((each) => each.status).sort(), ['completed', 'failed'], 'statuses')
  const failed = ends.find((each) => each.status === 'failed')
  same(failed.failure?.code, 'SECOND_SUBSCRIPTION', 'why')
  expect(/sent back/.test(failed.failure.message), failed.failure.message)
  same((await shop.subscription(person)).status, 'active', 'the subscription')
  same((await school.send({ path: '/api/users/me/entitlements', as: person })).json.data.length, 1, 'entitlements')
  const told = async () => (await school.outbox(person.email)).filter((mail) => /second order/.test(mail.subject))
  const [mail] = await until('the mail', async () => (await told()).length > 0 && told())
  expect(mail.text.includes(failed.price.amountMinor === 12000 ? '120.00 USD' : '12.00 USD'), mail.text)
  const refunds = (await shop.provider('/v1/refunds')).data.filter((each) => each.amount === failed.price.amountMinor && each.reason === 'duplicate')
  same(refunds.length, 1, 'refunds at the provider')
  const live = (await shop.provider(`/v1/subscriptions?customer=${refunds[0].customer ?? ''}`)).data
  expect(refunds[0].customer === null || live.length === 1, `live subscriptions at the provider: ${live.length}`)
  await shop.deliver()
  await shop.idle()
  same((await told()).length, 1, 'mails after all notices')
})
await test('a free trial is had once, and the plans say so', async () => {
  const person = await school.member()
  const trialDays = async () => (await school.send({ path: `/api/plans/${studio.id}`, as: person })).json.data.trialDays
  same(await trialDays(), studio.trialDays, 'before')
  await shop.act(await shop.begin(person), 'pay')
  await until('the subscription', () => shop.subscription(person))
  same(await trialDays(), 0, 'after')
})

// --- Paying once, and paying less

const products = (await school.send({ path: '/api/products' })).json.data
const course = products[0]
await row('products come in pages', 'GET /api/products', { path: '/api/products?limit=1' }, { status: 200, then: ({ json }) => same([json.data.length, json.page], [1, { limit: 1, nextCursor: null }], 'a page') })
await row('a page of products begins at one of them', 'GET /api/products', { path: '/api/products?cursor=x' }, { status: 400, fields: ['cursor'] })
await row('the products on sale are listed', 'GET /api/products', {}, { status: 200, then: ({ json }) => expect(json.data.length === 1 && json.data[0].prices.every((each) => each.interval === 'once' && each.amountMinor > 0) && json.data[0].opens.length > 0, JSON.stringify(json.data)) })
await row('one product is shown', 'GET /api/products/{id}', { path: `/api/products/${course.id}` }, { status: 200, data: course })
await row('a product that is none is 404', 'GET /api/products/{id}', { path: `/api/products/${strangeId}` }, { status: 404 })
await test('a course bought once is open for good, with a receipt, and cannot be bought again', async () => {
  const person = await school.member()
  const open = (await school.judge(begin, { as: person, body: { productId: course.id, currency: 'USD' } }, { status: 201 })).json.data
  same([open.plan, open.product.id, open.price.interval, open.price.totalMinor], [null, course.id, 'once', 3900], 'the checkout')
  const slug = (await school.send({ path: `/api/courses/${course.opens[0].id}`, as: person })).json.data
  expect(!slug.entitled, 'open before it is paid')
  expect(/39[.,]00/.test((await visit(open.url)).text), 'the amount on the page')
  await shop.act(open, 'pay')
  const done = await shop.finished(person, open.checkoutId)
  same([done.status, done.accessOpen], ['completed', true], 'the checkout')
  const [right] = (await school.send({ path: '/api/users/me/entitlements', as: person })).json.data
  same([right.scope, right.scopeId, right.source, right.endsAt], ['course', course.opens[0].id, 'purchase', null], 'the entitlement')
  expect((await school.send({ path: `/api/courses/${course.opens[0].id}`, as: person })).json.data.entitled, 'open after it is paid')
  same((await school.send({ path: `/api/products/${course.id}`, as: person })).json.data.owned, true, 'owned')
  await until('the receipt', async () => (await receipts(person.email)).length === 1)
  await school.judge(begin, { as: person, body: { productId: course.id } }, { status: 409, code: 'ALREADY_OWNED' })
  same(await shop.subscription(person), null, 'no subscription')
})
await test('a coupon takes its share off at the provider, once per person', async () => {
  const person = await school.member()
  const validate = 'POST /api/coupons/validate'
  await school.judge(validate, { as: person, body: { code: 'welcome20', planId: pass.id, currency: 'USD' } }, { status: 200, has: { code: 'WELCOME20', percent: 20, amountMinor: 1200, discountMinor: 240, totalMinor: 960, currency: 'USD' } })
  await school.judge(validate, { as: person, body: { code: 'NOPE', planId: pass.id } }, { status: 404 })
  await school.judge(validate, { as: person, body: { code: 'WELCOME20' } }, { status: 400, fields: ['planId'] })
  await school.judge(validate, { body: { code: 'WELCOME20', planId: pass.id } }, { status: 401 })
  await school.judge(begin, { as: person, body: { planId: studio.id, couponCode: 'WELCOME20' } }, { status: 422, code: 'UNPROCESSABLE' })
  const open = await shop.begin(person, { body: { couponCode: 'WELCOME20' } })
  same([open.couponCode, open.price.discountMinor, open.price.totalMinor], ['WELCOME20', 240, 960], 'the checkout')
  expect(/9[.,]60/.test((await visit(open.url)).text), 'the amount on the page')
  await school.judge(begin, { as: person, body: { productId: course.id, couponCode: 'WELCOME20' } }, { status: 409, code: 'COUPON_USED_UP' })
  await shop.act(open, 'pay')
  same((await shop.finished(person, open.checkoutId)).accessOpen, true, 'access')
  const [receipt] = await until('the receipt', async () => (await receipts(person.email)).length > 0 && receipts(person.email))
  expect(receipt.subject.includes('9.60 USD') || receipt.text.includes('9.60 USD'), receipt.text)
})

// --- A subscription's life in the hands of its owner

await test('cancelling keeps access until the period ends, is told by mail, and can be taken back', async () => {
  const person = await shop.subscriber()
  const before = await shop.subscription(person)
  const cancel = 'POST /api/billing/cancel-subscription'
  await school.judge(cancel, { as: person, body: { reason: 'nonsense', comment: 1, immediately: 'yes', x: 2 } }, { status: 400, fields: ['reason', 'comment', 'immediately', 'x'] })
  await school.judge(cancel, { as: person, body: { reason: 'too_expensive', comment: 'Back in spring.' } }, { status: 200, data: { status: 'active', cancelAtPeriodEnd: true, accessUntil: before.currentPeriodEnd } })
  const ending = await shop.subscription(person)
  same([ending.cancelAtPeriodEnd, ending.nextChargeAt, ending.accessUntil], [true, null, before.currentPeriodEnd], 'the subscription')
  await until('the mail', async () => (await school.outbox(person.email)).some((mail) => /will not renew/i.test(mail.subject)))
  await school.judge(cancel, { as: person, body: {} }, { status: 200, has: { cancelAtPeriodEnd: true } })
  await school.judge('POST /api/billing/resume-subscription', { as: person, body: {} }, { status: 200, has: { cancelAtPeriodEnd: false, nextChargeAt: before.currentPeriodEnd } })
  await school.judge('POST /api/billing/resume-subscription', { as: person, body: {} }, { status: 409, code: 'CONFLICT' })
})
await row('pausing is for who is signed in', 'POST /api/billing/pause-subscription', {}, { status: 401 })
await test('a subscription that stands still is charged nothing and opens nothing; what was paid ahead counts when it goes on', async () => {
  const owner = await school.demo('owner')
  const person = await shop.subscriber()
  const { id } = await shop.subscription(person)
  const change = 'PUT /api/admin/subscriptions/{id}'
  const office = (action) => ({ path: `/api/admin/subscriptions/${id}`, as: owner, body: { action, reason: 'They asked for it.' } })
  const access = async () => (await school.send({ path: '/api/users/profile', as: person })).json.data.access
  // The school has not allowed people to do it themselves.
  await school.judge('POST /api/billing/pause-subscription', { as: person }, { status: 403, code: 'FORBIDDEN' })
  await school.judge(change, office('pause'), { status: 200, has: { status: 'paused', nextChargeAt: null, accessUntil: null, pausable: false } })
  expect((await shop.subscription(person)).pausedAt !== null, 'since when')
  same(await access(), 'free', 'access while it stands still')
  await school.judge(change, office('pause'), { status: 409, code: 'CONFLICT' })
  await school.judge(change, office('extend'), { status: 400, fields: ['until'] })
  await school.judge('POST /api/billing/resume-subscription', { as: person }, { status: 200, has: { status: 'active', pausedAt: null } })
  same(await access(), 'paid', 'access when it goes on')
  await shop.deliver()
  await shop.idle()
  const bills = (await school.send({ path: '/api/billing/invoices', as: person })).json.data
  expect(bills.reduce((sum, each) => sum + each.paidMinor, 0) < 2 * pass.prices.find((each) => each.currency === 'USD' && each.interval === 'month').amountMinor, `the month was paid twice: ${JSON.stringify(bills.map((each) => each.paidMinor))}`)
  // One that is cancelled is not paused; one that stands still is ended at once.
  await school.judge(change, office('cancel'), { status: 200, has: { cancelAtPeriodEnd: true } })
  await school.judge(change, office('pause'), { status: 409, code: 'CONFLICT' })
  await school.judge(change, office('resume'), { status: 200 })
  await school.judge(change, office('pause'), { status: 200, has: { status: 'paused' } })
  await school.judge(change, office('cancel'), { status: 200, has: { status: 'canceled' } })
})
await test('cancelling at once closes access at once, and the past stays in the list', async () => {
  const person = await shop.subscriber()
  await school.judge('POST /api/billing/cancel-subscription', { as: person, body: { immediately: true } }, { status: 200, data: { status: 'canceled', cancelAtPeriodEnd: false, accessUntil: null } })
  same((await school.send({ path: '/api/users/profile', as: person })).json.data.access, 'free', 'access')
  same(await shop.subscription(person), null, 'subscription')
  await school.judge('GET /api/subscriptions', { as: person }, { status: 200, then: ({ json: { data } }) => same([data.current, data.history.map((each) => each.status)], [null, ['canceled']], 'subscriptions') })
  await school.judge('POST /api/billing/cancel-subscription', { as: person, body: {} }, { status: 409, code: 'NO_ACTIVE_SUBSCRIPTION' })
})
await test('a cancellation goes through although the provider fails at first', async () => {
  const person = await shop.subscriber()
  await shop.mischief({ fault: 'fail', path: '/v1/subscriptions', times: 1 })
  await school.judge('POST /api/billing/cancel-subscription', { as: person, body: {} }, { status: 200, has: { cancelAtPeriodEnd: true } })
})
await test('a step up shows its price and charges just that, and a step down comes with the next period', async () => {
  const person = await shop.subscriber()
  const preview = 'POST /api/subscriptions/preview-change'
  const change = 'POST /api/subscriptions/upgrade'
  await school.judge(preview, { as: person, body: { planId: pass.id } }, { status: 422, code: 'UNPROCESSABLE' })
  await school.judge(preview, { as: person, body: { planId: strangeId } }, { status: 404 })
  await school.judge(preview, { as: await school.member(), body: { planId: studio.id } }, { status: 409, code: 'NO_ACTIVE_SUBSCRIPTION' })
  const shown = (await school.judge(preview, { as: person, body: { planId: studio.id } }, { status: 200, has: { kind: 'upgrade', effective: 'now', amountMinor: 2400, currency: 'USD' } })).json.data
  expect(shown.dueNowMinor > 1100 && shown.dueNowMinor <= 1200 && shown.creditMinor > 1100, JSON.stringify(shown))
  const step = { as: person, body: { planId: studio.id, prorationDate: shown.prorationDate }, headers: { 'Idempotency-Key': 'step' } }
  await school.judge(change, step, { status: 200, then: ({ json: { data } }) => same([data.plan.code, data.amountMinor, data.status], ['studio-pass', 2400, 'active'], 'the subscription') })
  const payments = async () => (await school.send({ path: '/api/billing/payments', as: person })).json.data.map((each) => each.amountMinor)
  await until('the difference is booked', async () => (await payments()).length === 2)
  same((await payments())[0], shown.dueNowMinor, 'what was charged')
  await school.judge(change, step, { status: 200, then: ({ json: { data } }) => same(data.plan.code, 'studio-pass', 'once more with its key') })
  same((await payments()).length, 2, 'payments')
  await school.judge(change, { ...step, body: { planId: pass.id } }, { status: 409, code: 'IDEMPOTENCY_MISMATCH' })
  await school.judge(change, { as: person, body: { planId: pass.id, effective: 'now' } }, { status: 422 })
  await school.judge(change, { as: person, body: { planId: pass.id } }, { status: 200, then: ({ json: { data } }) => same([data.plan.code, data.scheduledChange.plan.code, data.scheduledChange.at], ['studio-pass', 'school-pass', data.currentPeriodEnd], 'the change to come') })
  await school.judge('DELETE /api/subscriptions/scheduled-change', { as: person }, { status: 200, has: { scheduledChange: null } })
  await school.judge('DELETE /api/subscriptions/scheduled-change', { as: person }, { status: 409 })
})
await test('a step up whose payment is declined changes nothing', async () => {
  const person = await shop.subscriber()
  await shop.mischief({ renewals: 'fail' })
  await school.judge('POST /api/subscriptions/upgrade', { as: person, body: { planId: studio.id } }, { status: 400, code: 'PAYMENT_REJECTED' })
  await shop.mischief({ renewals: 'pay' })
  same((await shop.subscription(person)).plan.code, 'school-pass', 'the plan')
})
await test('invoices, payments and the portal are the buyer\'s own', async () => {
  const person = await shop.subscriber()
  const other = await school.member()
  const invoices = async (as) => (await school.judge('GET /api/billing/invoices', { as }, { status: 200 })).json.data
  const [invoice] = await until('the invoice', async () => (await invoices(person)).length > 0 && invoices(person))
  same([invoice.status, invoice.totalMinor, invoice.currency, invoice.itemName], ['paid', 1200, 'USD', pass.name], 'the invoice')
  await school.judge('GET /api/billing/invoices/{id}', { path: `/api/billing/invoices/${invoice.id}`, as: person }, { status: 200, then: ({ json }) => same(json.data.lines.map((each) => each.amountMinor), [1200], 'lines') })
  await school.judge('GET /api/billing/invoices/{id}', { path: `/api/billing/invoices/${invoice.id}`, as: other }, { status: 404 })
  await school.judge('GET /api/billing/invoices/{id}', { path: `/api/billing/invoices/${invoice.id}`, as: await school.demo('owner') }, { status: 200 })
  same(await invoices(other), [], 'the other one has none')
  await school.judge('GET /api/billing/payments', { as: person }, { status: 200, then: ({ json }) => same(json.data.map((each) => [each.status, each.amountMinor, each.invoiceId]), [['success', 1200, invoice.id]], 'payments') })
  await school.judge('GET /api/billing/payments', { path: '/api/billing/payments?cursor=nonsense', as: person }, { status: 400, fields: ['cursor'] })
  for (const [path, names] of [['/api/billing/invoices', ['-createdAt', 'createdAt', '-totalMinor', 'totalMinor']], ['/api/billing/payments', ['-createdAt', 'createdAt', '-amountMinor', 'amountMinor']]]) {
    for (const name of names) await school.judge(`GET ${path}`, { path: `${path}?sort=${name}&limit=1`, as: person }, { status: 200, then: ({ json }) => same(json.data.length, 1, name) })
    await school.judge(`GET ${path}`, { path: `${path}?sort=price&limit=101`, as: person }, { status: 400, fields: ['limit', 'sort'] })
  }
  const portal = (await school.judge('POST /api/billing/customer-portal', { as: person, body: {} }, { status: 200 })).json.data
  expect((await visit(portal.url)).text.includes(pass.name), 'the portal names the plan')
  await school.judge('GET /api/billing/customer-portal', { as: other }, { status: 409, code: 'CONFLICT' })
  const back = await visit(portal.url, { method: 'POST', form: { outcome: 'end', subscription: (await visit(portal.url)).text.match(/value="(sub_[^"]+)"/)[1] } })
  expect([302, 303].includes(back.status), back.text)
  await until('what was done in the portal is known', async () => (await shop.subscription(person)).cancelAtPeriodEnd)
})

// --- When the provider does not answer as it should

for (const fault of ['fail', 'html', 'limit', 'locked', 'garbage', 'drop']) {
  await test(`a provider that answers with "${fault}" once costs no order`, async () => {
    const person = await school.member()
    await shop.mischief({ fault, path: '/v1/checkout/sessions', times: 1 })
    const answer = await school.judge(begin, { as: person, body: { planId: pass.id }, headers: { 'Idempotency-Key': `through ${fault}` } }, { status: [201, 202, 500] })
    if (answer.status === 500) same(answer.json.error.code, 'PROVIDER_ERROR', 'code')
    const again = await until('the same order again', async () => {
      const next = await school.send({ method: 'POST', path: '/api/billing/create-checkout-session', as: person, body: { planId: pass.id }, headers: { 'Idempotency-Key': `through ${fault}` } })
      return next.status === 201 && next.json.data.url && next.json.data
    }, { seconds: 60 })
    await shop.act(again, 'pay')
    same((await shop.finished(person, again.checkoutId)).accessOpen, true, 'access')
  })
}
let lost = 0
await test('a provider that stays away is told as PROVIDER_ERROR, nobody else waits, and trade goes on when it is back', async () => {
  const person = await school.member()
  // As many failures as open the circuit; a minute later it is tried again.
  await shop.mischief({ fault: 'fail', path: '/v1/', times: 5 })
  const began = Date.now()
  const waiting = school.judge(begin, { as: person, body: { planId: pass.id } }, { status: [500, 202] })
  same((await school.send({ path: '/api/plans' })).status, 200, 'others')
  const answer = await waiting
  expect(Date.now() - began < 15_000, `it took ${Date.now() - began} ms`)
  if (answer.status === 500) same(answer.json.error.code, 'PROVIDER_ERROR', 'code')
  lost += 1
  await until('an order that goes through', async () => {
    lost += 1
    await shop.advance('PT1M')
    return (await school.send({ method: 'POST', path: '/api/billing/create-checkout-session', as: person, body: { planId: pass.id } })).status === 201
  }, { seconds: 60 })
  // The orders that were not taken are tried again, later each time: the clock goes there, so that what follows finds no job waiting.
  await until('an end to the orders that were not taken', async () => {
    await shop.advance('PT1M')
    const { jobs } = (await school.send({ path: '/status' })).json.data
    return jobs.queued === 0 && jobs.running === 0
  }, { seconds: 60 })
})

// --- Notices

const refused = { status: 400, code: 'INVALID_SIGNATURE' }
const told = (headers, raw) => school.judge('POST /api/webhooks/stripe', { raw, headers }, refused)
await test('a notice that is not signed as it should be has no effect', async () => {
  const person = await school.member()
  const open = await shop.begin(person)
  await shop.act(open, 'lost')
  const raw = JSON.stringify(shop.event('checkout.session.completed', { id: shop.session(open), object: 'checkout.session' }))
  const at = await shop.now()
  const right = shop.sign(raw, at)
  await told({}, raw)
  await told({ 'Stripe-Signature': '' }, raw)
  await told({ 'Stripe-Signature': 'nonsense' }, raw)
  await told({ 'Stripe-Signature': right }, raw)
  await told({ 'Stripe-Signature': `t=${at}` }, raw)
  await told({ 'Stripe-Signature': `t=${at},v1=` }, raw)
  await told({ 'Stripe-Signature': `t=${at},${shop.sign(raw, at, 'whsec_another')}` }, raw)
  await told({ 'Stripe-Signature': `t=${at},${shop.sign(raw, at, '')}` }, raw)
  await told({ 'Stripe-Signature': `t=${at},${right}` }, raw.replace('"evt_', '"evt-'))
  await told({ 'Stripe-Signature': `t=${at},${right}` }, JSON.stringify(JSON.parse(raw), null, 2))
  await told({ 'Stripe-Signature': `t=${at},${right}` }, `${raw}\n`)
  await told({ 'Stripe-Signature': `t=${at},${right.replace('v1=', 'v0=')}` }, raw)
  await told({ 'Stripe-Signature': `t=${at + 1},${right}` }, raw)
  await told({ 'Stripe-Signature': `t=${at - 305},${shop.sign(raw, at - 305)}` }, raw)
  await told({ 'Stripe-Signature': `t=${at + 305},${shop.sign(raw, at + 305)}` }, raw)
  await told({ 'Stripe-Signature': `t=${at},t=${at},${right}` }, raw)
  await told({ 'Stripe-Signature': `t=+${at},${right}` }, raw)
  await shop.idle()
  same(await shop.subscription(person), null, 'subscription')
  // One of two signatures is the new secret's while it is rolled.
  const both = `t=${at},${shop.sign(raw, at, 'whsec_old')},${right}`
  await school.judge('POST /api/webhooks/stripe', { raw, headers: { 'Stripe-Signature': both } }, { status: 200, data: { received: true, duplicate: false } })
  await school.judge('POST /api/webhooks/stripe', { raw, headers: { 'Stripe-Signature': both } }, { status: 200, data: { received: true, duplicate: true } })
  const { text: metrics } = await school.send({ path: '/metrics' })
  for (const result of ['accepted', 'duplicate'])
    expect(new RegExp(`^tuition_webhook_events_total\\{provider="stripe",result="${result}"\\} [1-9]`, 'm').test(metrics), `${result} is counted`)
  await shop.finished(person, open.checkoutId)
  same((await shop.subscription(person)).status, 'active', 'subscription after the right one')
})
await test('one notice a hundred times at once has one effect', async () => {
  const person = await school.member()
  const open = await shop.begin(person)
  await shop.act(open, 'lost')
  const session = { id: shop.session(open), object: 'checkout.session' }
  const body = shop.event('checkout.session.completed', session)
  const answers = await Promise.all(Array.from({ length: 100 }, () => shop.notice(body)))
  for (const answer of answers) same(answer.status, 200, answer.text)
  same(answers.filter((each) => !each.json.data.duplicate).length, 1, 'first ones')
  await shop.finished(person, open.checkoutId)
  await shop.idle()
  const list = (await school.send({ path: '/api/users/me/entitlements', as: person })).json.data
  same(list.length, 1, 'entitlements')
})
await test('a notice about nothing we handle, or of a newer version, is kept and answered 200', async () => {
  for (const event of [shop.event('something.new.happened', { id: 'x_1' }), shop.event('customer.updated', { id: 'cus_x', object: 'customer' }, { api_version: '2031-01-01.future' })]) {
    const answer = await shop.notice(event)
    same([answer.status, answer.json?.data?.duplicate], [200, false], `${event.type}: ${answer.text}`)
    same((await shop.notice(event)).json.data.duplicate, true, 'again')
  }
})
await test('a signed notice that is no event is 400, and one that is too large 413', async () => {
  for (const raw of ['', 'x', '[]', '{}', '"text"', 'null', '{"id":1,"type":2}', '{"id":"evt_1"}', '\xff\xfe', '['.repeat(20_000)]) {
    const answer = await shop.notice(raw)
    same(answer.status, 400, `${raw.slice(0, 20)}: ${answer.text}`)
    school.check(answer, { method: 'POST', path: '/api/webhooks/stripe' })
  }
  const large = JSON.stringify(shop.event('something.large', { id: 'x', pad: 'y'.repeat(900_000) }))
  same((await shop.notice(large)).status, 200, 'a large one')
  // Refused as soon as its length is known.
  const refusal = await school.sendBytes(`POST /api/webhooks/stripe HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${2 << 20}\r\nConnection: close\r\n\r\n${'y'.repeat(10_000)}`)
  expect(/^HTTP\/1\.1 413 /.test(refusal) && refusal.includes('PAYLOAD_TOO_LARGE'), `one of 2 MiB: ${refusal.slice(0, 200)}`)
})
// --- Whom invoices are made out to

const details = { name: 'Reed & Daughters Ltd', address: { line1: 'Moi Avenue 4', city: 'Nairobi', postalCode: '00100', country: 'ke' }, taxId: 'P051234567A' }
const kept = { name: details.name, address: { line1: 'Moi Avenue 4', line2: null, city: 'Nairobi', region: null, postalCode: '00100', country: 'KE' }, taxId: details.taxId }
const payer = await school.member({ fullName: 'Ann Payer' })
await row('they are for who is signed in', 'GET /api/billing/details', {}, { status: 401 })
await row('they are for who is signed in to set', 'PUT /api/billing/details', { body: details }, { status: 401 })
await row('nothing is said at first', 'GET /api/billing/details', { as: payer }, { status: 200, data: { name: null, address: null, taxId: null } })
await row('what cannot be names its field', 'PUT /api/billing/details', { as: payer, body: { name: 'x'.repeat(201), address: { line1: 'a\nb', country: 'KEN', planet: 'Earth' }, taxId: '<b>', x: 1 } }, { status: 400, fields: ['name', 'address.line1', 'address.country', 'address.planet', 'taxId', 'x'] })
await row('a country is two letters, and a tax number has no brackets', 'PUT /api/billing/details', { as: payer, body: { address: { country: 'K1' }, taxId: '<b>' } }, { status: 400, fields: ['address.country', 'taxId'] })
await row('they are kept', 'PUT /api/billing/details', { as: payer, body: details }, { status: 200, data: kept })
await row('and read again', 'GET /api/billing/details', { as: payer }, { status: 200, data: kept })
await test('they stand on invoices, and nobody else sees them', async () => {
  const open = await shop.begin(payer)
  await shop.act(open, 'pay')
  await shop.finished(payer, open.checkoutId)
  const list = await until('the invoice', async () => {
    const rows = (await school.send({ path: '/api/billing/invoices', as: payer })).json.data
    return rows.length > 0 && rows
  })
  same(list[0].buyer, null, 'in lists')
  const at = { path: `/api/billing/invoices/${list[0].id}` }
  await school.judge('GET /api/billing/invoices/{id}', { ...at, as: payer }, { status: 200, has: { buyer: kept } })
  await school.judge('GET /api/billing/invoices/{id}', { ...at, as: buyer }, { status: 404 })
  await school.judge('PUT /api/billing/details', { as: payer, body: { address: { line1: ' ' } } }, { status: 200, data: { name: null, address: null, taxId: null } })
  // What was issued says what it said.
  await school.judge('GET /api/billing/invoices/{id}', { ...at, as: payer }, { status: 200, has: { buyer: kept } })
})
await test('an invoice can be printed by who paid it and by administrators', async () => {
  const [invoice] = (await school.send({ path: '/api/billing/invoices', as: payer })).json.data
  const route = 'GET /api/billing/invoices/{id}/document'
  const at = { path: `/api/billing/invoices/${invoice.id}/document` }
  const page = { status: 200, headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' } }
  const whole = ({ text, headers }) => {
    for (const part of ['Reed &amp; Daughters Ltd', 'P051234567A', pass.name, '12.00 USD', '/invoice.css']) expect(text.includes(part), `${part} in ${text}`)
    expect(!/<(script|style)\b| (style|on\w+)=/.test(text), 'nothing that the policy forbids')
    expect(headers['content-security-policy'].includes("default-src 'none'"), 'the policy')
  }
  await school.judge(route, { ...at, as: payer }, { ...page, then: whole })
  await school.judge(route, { path: `${at.path}?format=html`, as: await school.demo('owner') }, page)
  await school.judge(route, { path: `${at.path}?format=pdf`, as: payer }, { status: 400, fields: ['format'] })
  await school.judge(route, { ...at, as: buyer }, { status: 404 })
  await school.judge(route, at, { status: 401 })
  await school.judge(route, { path: '/api/billing/invoices/none/document', as: payer }, { status: 404 })
  same((await school.send({ path: '/invoice.css' })).status, 200, 'its stylesheet')
})

await row('a notice is posted, not read', 'GET /api/webhooks/stripe', {}, { status: 405, headers: { Allow: 'POST, OPTIONS' } })
await test('a cookie or an origin makes no difference to a notice', async () => {
  const raw = JSON.stringify(shop.event('something.else', { id: 'x' }))
  const at = await shop.now()
  const answer = await school.send({ method: 'POST', path: '/api/webhooks/stripe', raw, headers: { Cookie: 'tuition_at=x', Origin: 'https://stripe.example', 'Stripe-Signature': `t=${at},${shop.sign(raw, at)}` } })
  same(answer.status, 200, answer.text)
})

// --- Time passes

await test('a payment of which nobody told us is found out', async () => {
  const person = await school.member()
  const open = await shop.begin(person)
  await shop.act(open, 'lost')
  await shop.idle()
  same(await shop.subscription(person), null, 'before')
  await shop.advance('PT2H')
  const again = await school.signIn(person.email)
  await until('the subscription', async () => shop.subscription(again), { seconds: 60 })
  same((await shop.checkout(again, open.checkoutId)).status, 'completed', 'the checkout')
})
await test('a page that nobody pays on expires', async () => {
  const person = await school.member()
  const open = await shop.begin(person)
  await shop.advance('P2D')
  const again = await school.signIn(person.email)
  await until('it is over', async () => (await shop.checkout(again, open.checkoutId)).status === 'expired', { seconds: 60 })
  same((await shop.checkout(again, open.checkoutId)).url, null, 'url')
})
await test('a subscription is renewed, and its period moves on', async () => {
  const person = await shop.subscriber()
  const before = await shop.subscription(person)
  await shop.advance('P32D')
  const again = await school.signIn(person.email)
  await until('the next period', async () => new Date((await shop.subscription(again)).currentPeriodEnd) > new Date(before.currentPeriodEnd), { seconds: 60 })
  same((await shop.subscription(again)).status, 'active', 'status')
  same((await school.send({ path: '/api/users/profile', as: again })).json.data.access, 'paid', 'access')
})
await test('a renewal that is declined leaves access open for the days of grace, and then no longer', async () => {
  const person = await shop.subscriber()
  await shop.mischief({ renewals: 'fail' })
  await shop.advance('P32D')
  let again = await school.signIn(person.email)
  await until('past due', async () => (await shop.subscription(again))?.status === 'past_due', { seconds: 60 })
  same((await school.send({ path: '/api/users/profile', as: again })).json.data.access, 'paid', 'access in the days of grace')
  await shop.advance('P40D')
  again = await school.signIn(person.email)
  await until('no access', async () => (await school.send({ path: '/api/users/profile', as: again })).json.data.access === 'free', { seconds: 60 })
  await shop.mischief({ renewals: 'pay' })
})
await test('after all that no job has been given up but those of orders that the provider did not take', async () => {
  const { jobs } = (await school.send({ path: '/status' })).json.data
  expect(jobs.dead <= lost, `${jobs.dead} dead jobs, ${lost} orders not taken`)
})
await test('no secret stands in the log', () => school.checkLog())

await school.stop()
finish()
