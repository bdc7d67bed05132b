// Taxes that are contained in prices or added to them, from the quote to the refund, at every provider of dev.
import { until } from './lib/client.mjs'
import { finish, same, School, test } from './lib/rows.mjs'
import { Shop, visit } from './lib/shop.mjs'

const school = await School.start({ args: ['--billing-country', 'KE'] })
const row = school.row.bind(school)
const shop = new Shop(school)
let owner = await school.demo('owner')
const pass = await shop.plan('school-pass')
const product = (await school.send({ path: '/api/products' })).json.data[0]
const data = async (path, as) => (await school.send({ path, as })).json.data
const act = async (url, outcome) => new URL((await visit(url, { method: 'POST', form: { outcome } })).headers.location, url)

let kenya = null
await row('a tax that is added', 'POST /api/admin/tax-rates', { as: owner, body: { country: 'KE', name: 'VAT', basisPoints: 1600, inclusive: false } }, { status: 201, has: { inclusive: false }, then: ({ json }) => (kenya = json.data) })
await row('a tax that is contained', 'POST /api/admin/tax-rates', { as: owner, body: { country: 'DE', name: 'USt', basisPoints: 1900 } }, { status: 201, has: { inclusive: true } })
await row('buyers are told of both', 'GET /api/billing/taxes', {}, { status: 200, then: ({ json: { data: taxes } }) => same([taxes.country, taxes.rates.map((each) => [each.country, each.inclusive])], ['KE', [['DE', true], ['KE', false]]], 'taxes') })

const quoted = (query) => data(`/api/plans/${pass.id}/quote?currency=USD&interval=month${query}`)
await test('a quote adds what is added, after the discount, and takes out what is contained', async () => {
  const sums = ({ first, renewal }) => [first.totalMinor, first.taxMinor, renewal.totalMinor, renewal.taxMinor]
  same(sums(await quoted('')), [1392, 192, 1392, 192], 'at home')
  same(sums(await quoted('&coupon=WELCOME20')), [1114, 154, 1392, 192], 'with a coupon')
  same(sums(await quoted('&country=de')), [1200, 192, 1200, 192], 'contained')
  same(sums(await quoted('&country=ZZ')), [1200, 0, 1200, 0], 'elsewhere')
})

const bought = async (body, outcome = 'pay') => {
  const person = await school.member()
  const made = await school.send({ method: 'POST', path: '/api/billing/create-checkout-session', as: person, body })
  same(made.status, 201, made.text)
  await act(made.json.data.url, outcome)
  await shop.finished(person, made.json.data.checkoutId)
  await until('the invoice is paid', async () => (await data('/api/billing/invoices', person))[0]?.status === 'paid')
  const invoice = await data(`/api/billing/invoices/${(await data('/api/billing/invoices', person))[0].id}`, person)
  return { person, checkout: made.json.data, invoice, payment: (await data('/api/billing/payments', person))[0] }
}
const monthly = { planId: pass.id, interval: 'month' }
const sums = (one) => [one.payment.amountMinor, one.invoice.subtotalMinor, one.invoice.discountMinor, one.invoice.taxMinor, one.invoice.totalMinor]
const taxes = (one) => one.invoice.taxes.map((each) => [each.name, each.country, each.basisPoints, each.inclusive, each.taxableMinor, each.taxMinor])

for (const [what, body, expected, taxed] of [
  ['a plan through Stripe', { ...monthly, currency: 'USD' }, [1392, 1200, 0, 192, 1392], [['VAT', 'KE', 1600, false, 1200, 192]]],
  ['a plan through Stripe with a coupon', { ...monthly, currency: 'USD', couponCode: 'WELCOME20' }, [1114, 1200, 240, 154, 1114], [['VAT', 'KE', 1600, false, 960, 154]]],
  ['a plan through Stripe, contained', { ...monthly, currency: 'USD', country: 'DE' }, [1200, 1200, 0, 192, 1200], [['USt', 'DE', 1900, true, 1008, 192]]],
  ['something once through Stripe', { productId: product.id, currency: 'USD' }, [4524, 3900, 0, 624, 4524], [['VAT', 'KE', 1600, false, 3900, 624]]],
  ['a plan through Paystack', { ...monthly, currency: 'KES' }, [174000, 150000, 0, 24000, 174000], [['VAT', 'KE', 1600, false, 150000, 24000]]],
  ['something once through Paystack, elsewhere', { productId: product.id, currency: 'KES', country: 'ZZ' }, [500000, 500000, 0, 0, 500000], []],
])
  await test(`${what}: what is charged, and what the invoice says`, async () => {
    const one = await bought(body)
    same(sums(one), expected, 'sums')
    same(taxes(one), taxed, 'taxes')
    same([one.checkout.price.taxMinor, one.checkout.price.totalMinor], [expected[3], expected[4]], 'the order')
  })

await test('a subscription says what its next charge comes to: tax that is added or contained, a coupon that is over or lasts', async () => {
  const made = await school.send({ method: 'POST', path: '/api/coupons', as: owner, body: { code: 'ALWAYS10', percent: 10, duration: 'forever' } })
  same(made.status, 201, made.text)
  for (const [body, sums, tax] of [
    [{ ...monthly, currency: 'USD' }, [1200, 0, 192, 1392], ['VAT', 'KE', 1600, false]],
    [{ ...monthly, currency: 'USD', couponCode: 'WELCOME20' }, [1200, 0, 192, 1392], ['VAT', 'KE', 1600, false]],
    [{ ...monthly, currency: 'USD', couponCode: 'ALWAYS10' }, [1200, 120, 173, 1253], ['VAT', 'KE', 1600, false]],
    [{ ...monthly, currency: 'USD', country: 'DE' }, [1200, 0, 192, 1200], ['USt', 'DE', 1900, true]],
    [{ ...monthly, currency: 'KES' }, [150000, 0, 24000, 174000], ['VAT', 'KE', 1600, false]],
    [{ ...monthly, currency: 'USD', country: 'ZZ' }, [1200, 0, 0, 1200], null],
  ]) {
    const { person } = await bought(body)
    const held = await data('/api/billing/subscription', person)
    const next = held.nextCharge
    same([next.amountMinor, next.discountMinor, next.taxMinor, next.totalMinor], sums, JSON.stringify(body))
    same([next.at, held.nextChargeAt], [held.currentPeriodEnd, held.currentPeriodEnd], 'when')
    same(held.tax && [held.tax.name, held.tax.country, held.tax.basisPoints, held.tax.inclusive], tax, 'the tax')
  }
})

await test('the second buyer of a tax does not make it anew at Stripe', async () => {
  const { data: rates } = await shop.provider('/v1/tax_rates?limit=100')
  same(rates.map((each) => [each.display_name, each.percentage, each.inclusive, each.country]).sort(), [['USt', 19, true, 'DE'], ['VAT', 16, false, 'KE']], 'rates at Stripe')
})

await test('a refund says how much of it is tax, and the parts make the whole', async () => {
  const one = await bought({ productId: product.id, currency: 'USD' })
  const path = `/api/admin/payments/${one.payment.id}/refund`
  const back = async (body) => (await school.send({ method: 'POST', path, as: owner, body: { reason: 'Asked for.', ...body } })).json.data
  const parts = [await back({ amountMinor: 1000 }), await back({ amountMinor: 1 }), await back({})]
  same(parts.map((each) => each.amountMinor), [1000, 1, 3523], 'amounts')
  same(parts.reduce((sum, each) => sum + each.taxMinor, 0), 624, 'tax sent back')
  same(parts[0].taxMinor, 138, 'of the first')
})

await test('a line that is sent back goes with its tax', async () => {
  const one = await bought({ productId: product.id, currency: 'USD' })
  const answer = await school.send({ method: 'POST', path: `/api/admin/payments/${one.payment.id}/refund`, as: owner, body: { lines: [{ position: 0 }], reason: 'All of it.' } })
  same([answer.json.data.amountMinor, answer.json.data.taxMinor], [4524, 624], 'the refund')
})

await row('an amount for a product is what it costs with its tax', 'POST /api/payment/initiate', { body: { email: 'payer@school.example', amount: 5000, productId: product.id } }, { status: 422 })
await row('and that is taken', 'POST /api/payment/initiate', { body: { email: 'payer@school.example', amount: 5800, productId: product.id } }, { status: 201 })
await row('by hand the tax is due, too', 'POST /api/billing/manual-payments', { as: await school.member(), body: { ...monthly, currency: 'USD', method: 'bank' } }, { status: 201, has: { amountMinor: 1392 } })
await row('a country is two letters', 'POST /api/billing/manual-payments', { as: await school.member(), body: { ...monthly, method: 'bank', country: '12' } }, { status: 400, fields: ['country'] })
await row('in an order, too', 'POST /api/billing/create-checkout-session', { as: await school.member(), body: { ...monthly, country: 'K1' } }, { status: 400, fields: ['country'] })

await test('subscriptions keep the tax they began with, at every provider; new orders take the new one', async () => {
  const stripe = await bought({ ...monthly, currency: 'USD' })
  const paystack = await bought({ ...monthly, currency: 'KES' })
  await school.judge('PUT /api/admin/tax-rates/{id}', { path: `/api/admin/tax-rates/${kenya.id}`, as: owner, body: { name: 'VAT', basisPoints: 2000 } }, { status: 200, has: { basisPoints: 2000, inclusive: false } })
  same((await quoted('')).first.totalMinor, 1440, 'the new quote')
  const upgrade = await shop.plan('studio-pass')
  const preview = await school.judge('POST /api/subscriptions/preview-change', { as: stripe.person, body: { planId: upgrade.id } }, { status: 200 })
  same(preview.json.data.dueNowMinor, 1392, 'an upgrade is taxed as before')
  await shop.advance('P32D')
  owner = await school.demo('owner')
  for (const [one, total, tax] of [[stripe, 1392, 192], [paystack, 174000, 24000]]) {
    const person = await school.signIn(one.person.email)
    await until('the renewal is paid', async () => (await data('/api/billing/invoices', person)).filter((each) => each.status === 'paid').length === 2)
    const invoice = await data(`/api/billing/invoices/${(await data('/api/billing/invoices', person))[0].id}`, person)
    same([invoice.totalMinor, invoice.taxMinor, invoice.taxes[0].basisPoints], [total, tax, 1600], 'the renewal')
  }
  same(sums(await bought({ ...monthly, currency: 'USD' })), [1440, 1200, 0, 240, 1440], 'a new order')
})

await test('no secret stands in the log', () => school.checkLog())
await school.stop()
finish()
