// Plans that Paystack renews by itself, against the pretend one of dev: never charged twice, known without events, ours
// once a payment fails there.
import { until } from './lib/client.mjs'
import { expect, finish, same, School, test } from './lib/rows.mjs'
import { Shop, visit } from './lib/shop.mjs'

const school = await School.start({ args: ['--paystack-renewals', 'paystack'] })
const shop = new Shop(school)
const key = 'sk_test_paystack_sandbox'
const act = async (url, outcome) => new URL((await visit(url, { method: 'POST', form: { outcome } })).headers.location, url)
const data = async (path, as) => (await school.send({ path, as })).json.data
const invoices = async (as) => (await data('/api/billing/invoices', as)).filter((each) => each.status === 'paid')
let origin = null
// What the pretend Paystack's API answers.
async function there(path, { method = 'GET', body, as = key } = {}) {
  const answer = await fetch(origin + path, { method, headers: { Authorization: `Bearer ${as}`, 'Content-Type': 'application/json' }, body: body && JSON.stringify(body) })
  return { status: answer.status, json: await answer.json() }
}
const subscriptions = async () => (await there('/subscription?perPage=100')).json.data
const charges = async (email) => (await there('/transaction?status=success&perPage=100')).json.data.filter((each) => each.customer.email === email)

async function subscriber(outcome = 'pay', body = {}) {
  const person = await school.member()
  const open = await shop.begin(person, { body: { currency: 'KES', ...body } })
  origin = new URL(open.url).origin
  await act(open.url, outcome)
  if (outcome !== 'never') await until('the order is completed', async () => (await data(`/api/billing/checkout/${open.checkoutId}`, person)).status === 'completed')
  return Object.assign(person, { checkoutId: open.checkoutId })
}
const again = (person) => school.signIn(person.email)
const theirs = async (person) => (await subscriptions()).find((each) => each.customer.email === person.email)

await test('a plan is made there once, and its subscription is known here', async () => {
  const one = await subscriber()
  const two = await subscriber()
  const { data: plans } = (await there('/plan')).json
  same(plans.map((each) => [each.amount, each.interval, each.currency]), [[150000, 'monthly', 'KES']], 'plans')
  for (const person of [one, two]) {
    same((await theirs(person)).status, 'active', 'there')
    const here = await shop.subscription(person)
    same([here.status, here.provider, here.hasPortal, here.payable], ['active', 'paystack', true, false], 'here')
    same((await invoices(person)).length, 1, 'invoices')
  }
  const portal = await school.judge('POST /api/billing/customer-portal', { as: one }, { status: 200 })
  same((await visit(portal.json.data.url)).status, 200, 'the page for cards')
})

await test('two periods on, each is paid once, there, and never by us', async () => {
  const person = await subscriber()
  await shop.advance('P32D')
  await until('the renewal is booked', async () => (await invoices(await again(person))).length === 2)
  await shop.advance('P31D')
  const me = await again(person)
  await until('the next one, too', async () => (await invoices(me)).length === 3)
  await shop.idle()
  same([(await charges(person.email)).length, (await invoices(me)).length, (await shop.subscription(me)).status], [3, 3, 'active'], 'charges, invoices')
  same(new Set((await charges(person.email)).map((each) => each.reference)).size, 3, 'references')
})

await test('no event at all: who waits on the page sees it open', async () => {
  const person = await subscriber('never')
  const seen = await school.judge('POST /api/billing/checkout/{id}/verify', { path: `/api/billing/checkout/${person.checkoutId}/verify`, as: person }, { status: 200 })
  same([seen.json.data.status, seen.json.data.accessOpen], ['completed', true], 'the order')
})

await test('cancelled there, resumed, and cancelled for good: access to the end of what is paid', async () => {
  const person = await subscriber()
  await school.judge('POST /api/billing/cancel-subscription', { as: person, body: { reason: 'unused' } }, { status: 200, has: { cancelAtPeriodEnd: true } })
  same((await theirs(person)).status, 'non-renewing', 'there')
  await school.judge('POST /api/billing/resume-subscription', { as: person }, { status: 200, has: { cancelAtPeriodEnd: false } })
  same((await theirs(person)).status, 'active', 'there again')
  await school.judge('POST /api/billing/cancel-subscription', { as: person, body: {} }, { status: 200, has: { cancelAtPeriodEnd: true } })
  same((await data('/api/users/profile', person)).access, 'paid', 'meanwhile')
  await shop.advance('P33D')
  const me = await again(person)
  await until('it has ended', async () => (await shop.subscription(me)) === null)
  same([(await data('/api/users/profile', me)).access, (await charges(person.email)).length], ['free', 1], 'afterwards')
})

await test('a payment that fails there becomes ours: turned off there, tried again here, charged once', async () => {
  const person = await subscriber()
  await shop.mischief({ renewals: 'fail' })
  await shop.advance('P32D')
  let me = await again(person)
  await until('it is ours', async () => (await shop.subscription(me)).payable)
  same([(await shop.subscription(me)).status, (await theirs(person)).status], ['past_due', 'non-renewing'], 'both sides')
  same((await data('/api/users/profile', me)).access, 'paid', 'in grace')
  await until('it was told', async () => (await school.outbox(person.email)).some((mail) => /did not go through/.test(mail.subject)))
  await shop.mischief({ renewals: 'pay' })
  await shop.advance('P2D')
  me = await again(person)
  await until('it is settled', async () => (await shop.subscription(me)).status === 'active')
  await shop.advance('P40D')
  me = await again(person)
  await until('the next period is paid', async () => (await invoices(me)).length === 3)
  await shop.idle()
  same((await charges(person.email)).length, 3, 'charges')
  expect(['non-renewing', 'completed'].includes((await theirs(person)).status), 'theirs is off')
})

await test('a step up waits for the next period and comes with us', async () => {
  const person = await subscriber()
  const studio = await shop.plan('studio-pass')
  await school.judge('POST /api/subscriptions/upgrade', { as: person, body: { planId: studio.id } }, { status: 200 })
  same((await theirs(person)).status, 'non-renewing', 'there')
  await shop.advance('P32D')
  const me = await again(person)
  await until('the plan has changed', async () => (await shop.subscription(me))?.plan.code === 'studio-pass')
  same((await charges(person.email)).map((each) => each.amount).sort(), [150000, 300000], 'charges')
})

await test('a discount is renewed by us, at the full price', async () => {
  const person = await subscriber('pay', { couponCode: 'WELCOME20' })
  same([await theirs(person), (await charges(person.email))[0].amount], [undefined, 120000], 'there')
  await shop.advance('P32D')
  const me = await again(person)
  await until('the renewal is booked', async () => (await invoices(me)).length === 2)
  same((await charges(person.email)).map((each) => each.amount).sort(), [120000, 150000], 'charges')
})

await test('the pretend Paystack refuses what the real one refuses', async () => {
  const refusals = [
    ['/plan', { name: 'x', amount: 1000 }, 400],
    ['/plan', { name: 'x', amount: '1000', interval: 'monthly' }, 400],
    ['/plan', { name: 'x', amount: 1000, interval: 'fortnightly' }, 400],
    ['/plan', { name: '', amount: 1000, interval: 'monthly' }, 400],
    ['/plan', { name: 'x', amount: 1000, interval: 'monthly', currency: 'EUR' }, 400],
    ['/plan', { name: 'x', amount: 1000, interval: 'monthly', colour: 'red' }, 400],
    ['/transaction/initialize', { email: 'a@school.example', amount: 1000, plan: 'PLN_none' }, 400],
    ['/transaction/initialize', { email: 'a@school.example', amount: 1000, colour: 'red' }, 400],
    ['/subscription/disable', { code: 'SUB_none', token: 'x' }, 404],
    ['/subscription/disable', { code: (await subscriptions())[0].subscription_code, token: 'wrong' }, 404],
    ['/subscription/enable', { code: (await subscriptions())[0].subscription_code }, 404],
  ]
  for (const [path, body, status] of refusals) same((await there(path, { method: 'POST', body })).status, status, `${path} ${JSON.stringify(body)}`)
  same((await there('/plan', { as: 'sk_test_other' })).status, 401, 'another key')
  same((await there('/subscription/SUB_none')).status, 404, 'a subscription of none')
})

await test('no secret stands in the log', () => school.checkLog())
await school.stop()
finish()
