// What administrators put on sale: plans, products, prices, coupons, taxes; and everybody's subscriptions.
import { strangeId } from './lib/client.mjs'
import { expect, finish, same, School, test } from './lib/rows.mjs'
import { Shop } from './lib/shop.mjs'

const school = await School.start()
const row = school.row.bind(school)
const shop = new Shop(school)
const owner = await school.demo('owner')
const member = await school.member()
const course = (await school.send({ path: '/api/courses' })).json.data[0]

// --- Plans

const usd = (amountMinor, more = {}) => ({ currency: 'USD', amountMinor, ...more })
let plan = null
await row('a plan is put on sale', 'POST /api/plans', { as: owner, body: { code: 'evenings', name: 'Evenings', description: 'After work.', features: ['Two evenings a week'], trialDays: 7, prices: [usd(900), usd(9000, { interval: 'year' })] } }, { status: 201, has: { code: 'evenings', onSale: true, subscribers: 0 }, then: ({ json }) => (plan = json.data) })
await row('its code is taken', 'POST /api/plans', { as: owner, body: { code: 'evenings', name: 'Again', prices: [usd(900)] } }, { status: 409, code: 'CONFLICT', fields: ['code'] })
await row('a plan names its fields', 'POST /api/plans', { as: owner, body: { code: 'Not a code', name: '', prices: [usd(0), usd(5, { interval: 'once' })] } }, { status: 400, fields: ['code', 'name', 'prices[0].amountMinor', 'prices[1].interval'] })
await row('what has no price is not put on sale', 'POST /api/plans', { as: owner, body: { code: 'for-nothing', name: 'For nothing', prices: [] } }, { status: 400, fields: ['prices'] })
await row('a price stands once per currency and interval', 'POST /api/plans', { as: owner, body: { code: 'twice', name: 'Twice', prices: [usd(5), usd(6)] } }, { status: 400, fields: ['prices[1].currency'] })
await row('a month is a month, said or not', 'POST /api/plans', { as: owner, body: { code: 'twice', name: 'Twice', prices: [usd(5), usd(6, { interval: 'month' })] } }, { status: 400, fields: ['prices[1].currency'] })
await row('a plan opens what there is', 'POST /api/plans', { as: owner, body: { code: 'nowhere', name: 'Nowhere', prices: [usd(900)], opens: { kind: 'course', id: strangeId } } }, { status: 400, fields: ['opens.id'] })
await row('one course needs its id', 'POST /api/plans', { as: owner, body: { code: 'nowhere', name: 'Nowhere', prices: [usd(900)], opens: { kind: 'course' } } }, { status: 400, fields: ['opens.id'] })
await row('a plan for one course', 'POST /api/plans', { as: owner, body: { code: 'one-course', name: 'One course', prices: [usd(900)], opens: { kind: 'course', id: course.id } } }, { status: 201, then: ({ json: { data } }) => same(data.opens, { kind: 'course', id: course.id }, 'opens') })
await row('plans are for administrators', 'POST /api/plans', { as: member, body: { code: 'mine', name: 'Mine', prices: [usd(900)] } }, { status: 403 })
await row('a new plan is on the price list', 'GET /api/plans/{id}', { path: `/api/plans/${plan.id}` }, { status: 200, has: { trialDays: 7 } })
await row('changing a price keeps those that stay', 'PUT /api/plans/{id}', { path: `/api/plans/${plan.id}`, as: owner, body: { name: 'Evenings', features: [], prices: [usd(1100), usd(9000, { interval: 'year' })] } }, {
  status: 200,
  then: ({ json: { data } }) => {
    const year = (of) => of.prices.find((each) => each.interval === 'year').id
    same([year(data), data.prices.map((each) => each.amountMinor).sort()], [year(plan), [1100, 9000]], 'prices')
    same([data.trialDays, data.description], [0, ''], 'the rest is what was sent')
  },
})
// Of two prices with one interval, requests name the count.
let terms = null
await row('a plan has a price for a month and for three', 'POST /api/plans', { as: owner, body: { code: 'terms', name: 'Terms', prices: [usd(2000, { interval: 'month', intervalCount: 3 }), usd(800)], group: 'terms' } }, { status: 201, then: ({ json }) => (terms = json.data) })
await row('three months are quoted', 'GET /api/plans/{id}/quote', { path: `/api/plans/${terms?.id}/quote?interval=month&intervalCount=3` }, { status: 200, then: ({ json: { data } }) => same([data.first.totalMinor, data.intervalCount], [2000, 3], 'the quote') })
await row('a month, when nothing is said', 'GET /api/plans/{id}/quote', { path: `/api/plans/${terms?.id}/quote?interval=month` }, { status: 200, then: ({ json: { data } }) => same([data.first.totalMinor, data.intervalCount], [800, 1], 'the quote') })
await row('two months are not on sale', 'GET /api/plans/{id}/quote', { path: `/api/plans/${terms?.id}/quote?interval=month&intervalCount=2` }, { status: 422 })
await row('nor are none', 'GET /api/plans/{id}/quote', { path: `/api/plans/${terms?.id}/quote?intervalCount=0` }, { status: 400, fields: ['intervalCount'] })
await test('three months are bought, and paid every three months; a month can be changed to', async () => {
  const person = await school.member()
  const open = await shop.begin(person, { planId: terms.id, body: { intervalCount: 3 } })
  same([open.price.totalMinor, open.price.intervalCount], [2000, 3], 'the order')
  await shop.act(open, 'pay')
  await shop.finished(person, open.checkoutId)
  const held = await shop.subscription(person)
  same([held.amountMinor, held.interval, held.intervalCount], [2000, 'month', 3], 'the subscription')
  const months = (new Date(held.currentPeriodEnd) - new Date(held.currentPeriodStart)) / 86_400_000
  expect(months >= 89 && months <= 92, `${months} days`)
  await school.judge('POST /api/subscriptions/preview-change', { as: person, body: { planId: terms.id } }, { status: 422 })
  await school.judge('POST /api/subscriptions/preview-change', { as: person, body: { planId: terms.id, intervalCount: 1 } }, { status: 200, has: { amountMinor: 800, intervalCount: 1 } })
})
// What a plan opens, and its group, while nobody has it and once somebody has.
let reshaped = null
const shape = (more) => ({ path: `/api/plans/${reshaped.id}`, as: owner, body: { name: 'Reshaped', prices: [usd(700)], ...more } })
await row('a plan for one course in a group of its own', 'POST /api/plans', { as: owner, body: { code: 'reshaped', name: 'Reshaped', prices: [usd(700)], opens: { kind: 'course', id: course.id }, group: 'evenings' } }, { status: 201, has: { group: 'evenings', taken: 0 }, then: ({ json }) => (reshaped = json.data) })
await row('while nobody has it, it opens something else and moves', 'PUT /api/plans/{id}', shape({ opens: { kind: 'feature', id: 'recitals' }, group: 'days' }), { status: 200, then: ({ json: { data } }) => same([data.opens, data.group], [{ kind: 'feature', id: 'recitals' }, 'days'], 'the plan') })
await row('what is not said stays', 'PUT /api/plans/{id}', shape({}), { status: 200, then: ({ json: { data } }) => same([data.opens.kind, data.group], ['feature', 'days'], 'the plan') })
await row('it opens what there is', 'PUT /api/plans/{id}', shape({ opens: { kind: 'course', id: strangeId } }), { status: 400, fields: ['opens.id'] })
await row('a group is a short word', 'PUT /api/plans/{id}', shape({ group: 'Two words' }), { status: 400, fields: ['group'] })
await row('back to one course', 'PUT /api/plans/{id}', shape({ opens: { kind: 'course', id: course.id } }), { status: 200 })
const early = await school.member()
const page = await shop.begin(early, { planId: reshaped.id })
await row('an order for it is open: it does not shrink', 'PUT /api/plans/{id}', shape({ opens: { kind: 'feature', id: 'recitals' } }), { status: 409, code: 'PLAN_IN_USE' })
await row('nor move', 'PUT /api/plans/{id}', shape({ group: 'nights' }), { status: 409, code: 'PLAN_IN_USE' })
await row('its price may rise meanwhile', 'PUT /api/plans/{id}', shape({ prices: [usd(2100)] }), { status: 200, has: { taken: 1, subscribers: 0 } })
await test('whoever has the page open pays what they were told, and keeps paying it', async () => {
  await shop.act(page, 'pay')
  await shop.finished(early, page.checkoutId)
  same([(await shop.subscription(early)).amountMinor, (await school.send({ path: '/api/users/profile', as: early })).json.data.access], [700, 'paid'], 'the subscription')
  const next = await shop.begin(await school.member(), { planId: reshaped.id })
  same(next.price.totalMinor, 2100, 'the next order')
})
const rights = async () => (await school.send({ path: '/api/users/me/entitlements', as: early })).json.data.map((each) => each.scope)
await test('it grows to everything, and who has it gets that at once', async () => {
  same(await rights(), ['course'], 'before')
  await school.judge('PUT /api/plans/{id}', { ...shape({ prices: [usd(2100)], opens: { kind: 'all' } }) }, { status: 200, then: ({ json: { data } }) => same(data.opens.kind, 'all', 'opens') })
  expect((await rights()).includes('all'), 'everything is open')
})
await row('and does not shrink again', 'PUT /api/plans/{id}', shape({ opens: { kind: 'course', id: course.id } }), { status: 409, code: 'PLAN_IN_USE' })
await row('a plan of none is 404', 'PUT /api/plans/{id}', { path: `/api/plans/${strangeId}`, as: owner, body: { name: 'None', prices: [usd(900)] } }, { status: 404 })
await row('a plan is taken off sale', 'DELETE /api/plans/{id}', { path: `/api/plans/${plan.id}`, as: owner }, { status: 200 })
await row('and cannot be seen by buyers', 'GET /api/plans/{id}', { path: `/api/plans/${plan.id}` }, { status: 404 })
await row('administrators see it', 'GET /api/admin/plans', { as: owner }, { status: 200, then: ({ json: { data } }) => same(data.find((each) => each.id === plan.id)?.onSale, false, 'on sale') })
await row('and put it back', 'PUT /api/plans/{id}', { path: `/api/plans/${plan.id}`, as: owner, body: { name: 'Evenings', prices: [usd(1100)], onSale: true } }, { status: 200, has: { onSale: true } })
await row('it is on sale again', 'GET /api/plans/{id}', { path: `/api/plans/${plan.id}` }, { status: 200 })
await row('none is taken off sale', 'DELETE /api/plans/{id}', { path: `/api/plans/${strangeId}`, as: owner }, { status: 404 })

// --- Products

let product = null
await row('a product is put on sale', 'POST /api/products', { as: owner, body: { code: 'keep-it', name: 'Keep it', kind: 'course', accessDays: 90, opens: [{ kind: 'course', id: course.id }], prices: [usd(2500)] } }, { status: 201, has: { buyers: 0, accessDays: 90 }, then: ({ json }) => (product = json.data) })
await row('its code is taken', 'POST /api/products', { as: owner, body: { code: 'keep-it', name: 'Keep it', prices: [usd(900)], kind: 'full_access', opens: [{ kind: 'all' }] } }, { status: 409, code: 'CONFLICT', fields: ['code'] })
await row('a product opens something, and is paid once', 'POST /api/products', { as: owner, body: { code: 'p', name: 'P', kind: 'bundle', opens: [], prices: [usd(5, { interval: 'month' })] } }, { status: 400, fields: ['opens', 'prices[0].interval'] })
await row('what there is', 'POST /api/products', { as: owner, body: { code: 'p', name: 'P', prices: [usd(900)], kind: 'bundle', opens: [{ kind: 'all' }, { kind: 'category', id: 'no such category' }] } }, { status: 400, fields: ['opens[1].id'] })
await row('a product changes', 'PUT /api/products/{id}', { path: `/api/products/${product.id}`, as: owner, body: { name: 'Keep it for good', prices: [usd(3000)] } }, { status: 200, then: ({ json: { data } }) => same([data.name, data.accessDays, data.prices[0].amountMinor], ['Keep it for good', null, 3000], 'the product') })
await row('one of none is 404', 'PUT /api/products/{id}', { path: `/api/products/${strangeId}`, as: owner, body: { name: 'None', prices: [usd(900)] } }, { status: 404 })
await row('products are for administrators', 'POST /api/products', { as: member, body: { code: 'mine', name: 'Mine', prices: [usd(900)], kind: 'full_access', opens: [{ kind: 'all' }] } }, { status: 403 })
await row('a product is taken off sale', 'DELETE /api/products/{id}', { path: `/api/products/${product.id}`, as: owner }, { status: 200 })
await row('buyers do not see it', 'GET /api/products/{id}', { path: `/api/products/${product.id}` }, { status: 404 })
await row('administrators do', 'GET /api/admin/products', { as: owner }, { status: 200, then: ({ json: { data } }) => same(data.find((each) => each.id === product.id)?.onSale, false, 'on sale') })
await row('none is taken off sale', 'DELETE /api/products/{id}', { path: `/api/products/${strangeId}`, as: owner }, { status: 404 })

// --- Coupons

const pass = await shop.plan('school-pass')
let coupon = null
await row('a coupon is made', 'POST /api/coupons', { as: owner, body: { code: 'spring', percent: 50, maxUses: 1, targetIds: [pass.id] } }, { status: 201, has: { code: 'SPRING', name: 'spring', used: 0, active: true }, then: ({ json }) => (coupon = json.data) })
await row('its code is taken, however it is written', 'POST /api/coupons', { as: owner, body: { code: 'Spring', percent: 5 } }, { status: 409, code: 'CONFLICT', fields: ['code'] })
await row('it takes a share or an amount', 'POST /api/coupons', { as: owner, body: { code: 'NOTHING' } }, { status: 400, fields: ['percent'] })
await row('not both', 'POST /api/coupons', { as: owner, body: { code: 'BOTH', percent: 5, amountMinor: 500 } }, { status: 400, fields: ['amountMinor', 'currency'] })
await row('one that repeats says for how long', 'POST /api/coupons', { as: owner, body: { code: 'AGAIN', percent: 5, duration: 'repeating' } }, { status: 400, fields: ['durationMonths'] })
await row('it ends after it begins', 'POST /api/coupons', { as: owner, body: { code: 'BACK', percent: 5, startsAt: '2027-02-01T00:00:00Z', endsAt: '2027-01-01T00:00:00Z' } }, { status: 400, fields: ['endsAt'] })
await row('it is for what is there', 'POST /api/coupons', { as: owner, body: { code: 'AIR', percent: 5, targetIds: [strangeId] } }, { status: 400, fields: ['targetIds[0]'] })
await row('coupons are for administrators', 'POST /api/coupons', { as: member, body: { code: 'MINE', percent: 100 } }, { status: 403 })
await row('who buys is told what it takes off', 'POST /api/coupons/validate', { as: member, body: { code: 'spring', planId: pass.id, interval: 'month', currency: 'USD' } }, { status: 200, then: ({ json: { data } }) => same(data.totalMinor * 2, data.amountMinor, 'half') })
await row('on what it is for', 'POST /api/coupons/validate', { as: member, body: { code: 'spring', planId: plan.id, interval: 'month', currency: 'USD' } }, { status: 422 })
await row('its limits change', 'PUT /api/coupons/{id}', { path: `/api/coupons/${coupon.id}`, as: owner, body: { name: 'Spring', perUser: 1, targetIds: [] } }, { status: 200, has: { name: 'Spring', maxUses: null, perUser: 1, percent: 50 } })
await row('then it is for everything', 'POST /api/coupons/validate', { as: member, body: { code: 'spring', planId: plan.id, interval: 'month', currency: 'USD' } }, { status: 200 })
await row('it ends', 'DELETE /api/coupons/{id}', { path: `/api/coupons/${coupon.id}`, as: owner }, { status: 200 })
await row('for everybody', 'POST /api/coupons/validate', { as: member, body: { code: 'spring', planId: pass.id, interval: 'month', currency: 'USD' } }, { status: 409, code: 'COUPON_EXPIRED' })
await row('administrators see those that ended', 'GET /api/coupons', { path: '/api/coupons?active=false', as: owner }, { status: 200, then: ({ json: { data } }) => same(data.map((each) => each.code), ['SPRING'], 'ended') })
await row('and those that can be used', 'GET /api/coupons', { path: '/api/coupons?active=true', as: owner }, { status: 200, then: ({ json: { data } }) => expect(data.every((each) => each.active) && data.length > 0, JSON.stringify(data)) })
await row('coupons are not for everybody to read', 'GET /api/coupons', { as: member }, { status: 403 })
await row('one of none is 404', 'PUT /api/coupons/{id}', { path: `/api/coupons/${strangeId}`, as: owner, body: { name: 'None' } }, { status: 404 })
await row('nor is it ended', 'DELETE /api/coupons/{id}', { path: `/api/coupons/${strangeId}`, as: owner }, { status: 404 })

// --- Taxes

let rate = null
await row('a tax', 'POST /api/admin/tax-rates', { as: owner, body: { country: 'KE', name: 'VAT', basisPoints: 1600 } }, { status: 201, then: ({ json }) => (rate = json.data) })
await row('it changes', 'PUT /api/admin/tax-rates/{id}', { path: `/api/admin/tax-rates/${rate.id}`, as: owner, body: { name: 'VAT', basisPoints: 1800 } }, { status: 200, has: { country: 'KE', basisPoints: 1800 } })
await row('within reason', 'PUT /api/admin/tax-rates/{id}', { path: `/api/admin/tax-rates/${rate.id}`, as: owner, body: { name: '', basisPoints: 0 } }, { status: 400, fields: ['name', 'basisPoints'] })
await row('of none, it is 404', 'PUT /api/admin/tax-rates/{id}', { path: `/api/admin/tax-rates/${strangeId}`, as: owner, body: { name: 'VAT', basisPoints: 1 } }, { status: 404 })

// --- Payments by hand: what is said of them later

let waiting = null
const receipt = async (person) => (await school.send({ method: 'POST', path: '/api/media?purpose=proof&name=slip.pdf', as: person, raw: `%PDF-1.7 ${person.profile.id}`, type: 'application/pdf' })).json.data.id
const stranger = await school.member()
const theirs = await receipt(stranger)
await row("somebody else's receipt proves nothing", 'POST /api/billing/manual-payments', { as: member, body: { planId: plan.id, method: 'bank', proofMediaId: theirs } }, { status: 400, fields: ['proofMediaId'] })
await row('a payment is told of before it is made', 'POST /api/billing/manual-payments', { as: member, body: { planId: plan.id, method: 'bank' } }, { status: 201, then: ({ json }) => (waiting = json.data) })
const amend = 'PUT /api/billing/manual-payments/{id}'
const mine = await receipt(member)
await row('the receipt comes later', amend, { path: `/api/billing/manual-payments/${waiting.id}`, as: member, body: { note: 'Paid today.', proofMediaId: mine } }, { status: 200, has: { note: 'Paid today.', proofMediaId: mine, status: 'submitted' } })
await row("not somebody else's", amend, { path: `/api/billing/manual-payments/${waiting.id}`, as: member, body: { proofMediaId: theirs } }, { status: 400, fields: ['proofMediaId'] })
await row('nor for somebody else', amend, { path: `/api/billing/manual-payments/${waiting.id}`, as: stranger, body: { note: 'Mine.' } }, { status: 404 })
await row('a receipt that proves something stays', 'DELETE /api/media/{id}', { path: `/api/media/${mine}`, as: member }, { status: 409, code: 'MEDIA_IN_USE' })
await row('administrators look at it', 'GET /api/media/{id}', { path: `/api/media/${mine}`, as: owner }, { status: 200 })
await row('the money came', 'POST /api/admin/manual-payments/{id}/approve', { path: `/api/admin/manual-payments/${waiting.id}/approve`, as: owner, body: {} }, { status: 200, has: { status: 'approved', proofMediaId: mine } })
await row('what is decided stays as it was said', amend, { path: `/api/billing/manual-payments/${waiting.id}`, as: member, body: { note: 'No.' } }, { status: 409 })

// --- Subscriptions

const listed = 'GET /api/admin/subscriptions'
await row('everybody is listed', listed, { path: `/api/admin/subscriptions?status=active&planId=${plan.id}`, as: owner }, { status: 200, then: ({ json: { data } }) => same(data.map((each) => [each.email, each.provider, each.amountMinor]), [[member.email, 'manual', 1100]], 'subscribers') })
await row('by where they stand', listed, { path: `/api/admin/subscriptions?status=past_due&planId=${plan.id}`, as: owner }, { status: 200, data: [] })
await row('for administrators', listed, { as: member }, { status: 403 })
const stead = 'PUT /api/admin/subscriptions/{id}'
const subscribed = (await school.send({ path: `/api/admin/subscriptions?status=active&planId=${plan.id}`, as: owner })).json.data[0]
const after = (days) => new Date(Date.parse(subscribed.currentPeriodEnd) + days * 86400e3).toISOString()
const about = (body, as = owner) => ({ path: `/api/admin/subscriptions/${subscribed.id}`, as, body })
await row('its period is extended', stead, about({ action: 'extend', until: after(30) }), { status: 200, then: ({ json: { data } }) => same(Date.parse(data.currentPeriodEnd), Date.parse(after(30)), 'its end') })
const one = { path: `/api/admin/subscriptions/${subscribed.id}`, as: owner }
await row('and seen by itself', 'GET /api/admin/subscriptions/{id}', one, { status: 200, then: ({ json: { data } }) => same([data.subscriber.email, data.subscription.plan.id, Date.parse(data.subscription.currentPeriodEnd), data.extendable], [member.email, plan.id, Date.parse(after(30)), true], 'the subscription') })
await row('by administrators only', 'GET /api/admin/subscriptions/{id}', { ...one, as: member }, { status: 403 })
await row('none is 404', 'GET /api/admin/subscriptions/{id}', { ...one, path: `/api/admin/subscriptions/${strangeId}` }, { status: 404 })
const previewed = 'POST /api/admin/subscriptions/{id}/preview-change'
const ahead = (body, as = owner, id = subscribed.id) => ({ path: `/api/admin/subscriptions/${id}/preview-change`, as, body })
await row('a change to what they have is none', previewed, ahead({ planId: plan.id }), { status: 422 })
await row('nor one to a plan that is none', previewed, ahead({ planId: strangeId }), { status: 404 })
await row('a preview names its plan', previewed, ahead({}), { status: 400, fields: ['planId'] })
await row('previews are for administrators', previewed, ahead({ planId: plan.id }, member), { status: 403 })
await row('of none at the root', 'POST /admin/subscriptions/{id}/preview-change', { ...ahead({ planId: plan.id }), path: `/admin/subscriptions/${strangeId}/preview-change` }, { status: 404 })
await row('none is shown at the root', 'GET /admin/subscriptions/{id}', { path: `/admin/subscriptions/${strangeId}`, as: owner }, { status: 404 })
await row('but not backwards', stead, about({ action: 'extend', until: after(1) }), { status: 400, fields: ['until'] })
await row('it is cancelled for them', stead, about({ action: 'cancel', reason: 'Moved away.' }), { status: 200, has: { cancelAtPeriodEnd: true } })
await row('and kept after all', stead, about({ action: 'resume' }), { status: 200, has: { cancelAtPeriodEnd: false } })
await row('what is not cancelled cannot be kept', stead, about({ action: 'resume' }), { status: 409 })
await row('a change names its plan', stead, about({ action: 'change' }), { status: 400, fields: ['planId'] })
await row('only by administrators', stead, about({ action: 'cancel' }, member), { status: 403 })
await row('what changed is listed', 'GET /api/admin/subscriptions/{id}/changes', { path: `/api/admin/subscriptions/${subscribed.id}/changes`, as: owner }, { status: 200, then: ({ json: { data } }) => same(data.map((each) => each.kind).slice(-3), ['period', 'cancellation', 'cancellation'], 'changes') })
await row('of none at the root', 'GET /admin/subscriptions/{id}/changes', { path: `/admin/subscriptions/${strangeId}/changes`, as: owner }, { status: 404 })
await row('nor is one changed', 'PUT /admin/subscriptions/{id}', { path: `/admin/subscriptions/${strangeId}`, as: owner, body: { action: 'cancel' } }, { status: 404 })
await row('the plan counts them', 'GET /api/admin/plans', { as: owner }, { status: 200, then: ({ json: { data } }) => same(data.find((each) => each.id === plan.id)?.subscribers, 1, 'subscribers') })

// --- The same at the root

for (const path of ['/admin/plans', '/admin/products', '/admin/subscriptions']) {
  await row(`${path} answers administrators`, `GET ${path}`, { path, as: owner }, { status: 200 })
  await row(`${path} answers nobody else`, `GET ${path}`, { path, as: member }, { status: 403 })
}
await row('a plan at the root', 'POST /plans', { as: owner, body: { code: 'at-the-root', name: 'Root', prices: [usd(900)] } }, { status: 201 })
await row('a plan of none at the root', 'PUT /plans/{id}', { path: `/plans/${strangeId}`, as: owner, body: { name: 'None', prices: [usd(900)] } }, { status: 404 })
await row('none at the root', 'DELETE /plans/{id}', { path: `/plans/${strangeId}`, as: owner }, { status: 404 })
await row('a tax of none at the root', 'PUT /admin/tax-rates/{id}', { path: `/admin/tax-rates/${strangeId}`, as: owner, body: { name: 'VAT', basisPoints: 1 } }, { status: 404 })
await test('no secret stands in the log', () => school.checkLog())

await school.stop()
finish()
