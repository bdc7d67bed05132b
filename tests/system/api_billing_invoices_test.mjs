// Invoices as administrators see to them: listed, voided, tried again beside the provider's own tries, receipts sent again.
import { until } from './lib/client.mjs'
import { expect, finish, same, School, test } from './lib/rows.mjs'
import { Shop } from './lib/shop.mjs'

const school = await School.start()
const row = school.row.bind(school)
const shop = new Shop(school)
let office = await school.demo('owner')
const data = async (path, as) => (await school.send({ path, as })).json.data

const subscriber = async () => {
  const person = await school.member()
  const open = await shop.begin(person)
  await shop.act(open, 'pay')
  await shop.finished(person, open.checkoutId)
  await until('the first invoice', async () => (await data('/api/billing/invoices', person))[0]?.status === 'paid')
  return person
}
const people = [await subscriber(), await subscriber()]
const paid = (await data('/api/billing/invoices', people[0]))[0]
const other = await school.member()
for (const [operation, path] of [
  ['POST /admin/invoices/{id}/void', `/admin/invoices/${paid.id}/void`],
  ['POST /admin/invoices/{id}/retry', `/admin/invoices/${paid.id}/retry`],
  ['POST /admin/invoices/{id}/send', `/admin/invoices/${paid.id}/send`],
]) {
  await row(`${operation}, the other name, is not for members`, operation, { path, as: other }, { status: 403 })
}
const none = '/api/admin/invoices/01000000-0000-7000-8000-000000000000'
for (const [operation, path] of [['GET /api/admin/invoices', '/api/admin/invoices'], ...['void', 'retry', 'send'].map((act) => [`POST /api/admin/invoices/{id}/${act}`, `/api/admin/invoices/${paid.id}/${act}`])]) {
  await row(`${operation} is not for strangers`, operation, { path }, { status: 401 })
  await row(`${operation} is not for members`, operation, { path, as: other }, { status: 403 })
}
await row('a filter that is none is named', 'GET /api/admin/invoices', { path: '/api/admin/invoices?status=lost&limit=0', as: office }, { status: 400, fields: ['status', 'limit'] })
await row('all of them are listed', 'GET /api/admin/invoices', { path: '/api/admin/invoices?status=paid', as: office }, { status: 200, then: ({ json }) => expect(json.data.some((each) => each.id === paid.id && each.email === people[0].email), JSON.stringify(json.data)) })
for (const act of ['void', 'retry', 'send']) await row(`there is nothing to ${act}`, `POST /api/admin/invoices/{id}/${act}`, { path: `${none}/${act}`, as: office }, { status: 404 })
for (const act of ['void', 'retry']) await row(`what is paid has nothing to ${act}`, `POST /api/admin/invoices/{id}/${act}`, { path: `/api/admin/invoices/${paid.id}/${act}`, as: office }, { status: 409 })
await row('its receipt is sent again', 'POST /api/admin/invoices/{id}/send', { path: `/api/admin/invoices/${paid.id}/send`, as: office }, { status: 200, has: { id: paid.id, status: 'paid' } })

await shop.mischief({ renewals: 'fail' })
await shop.advance('P31DT1H')
office = await school.demo('owner')
const owed = await until('both renewals are open', async () => {
  const rows = (await data('/api/admin/invoices?status=open', office)).filter((each) => people.some((person) => person.email === each.email))
  return rows.length === 2 && rows
})
const due = (person) => owed.find((each) => each.email === person.email)
await row('nothing is received yet', 'POST /api/admin/invoices/{id}/send', { path: `/api/admin/invoices/${due(people[0]).id}/send`, as: office }, { status: 409 })
await row('a declined try says so', 'POST /api/admin/invoices/{id}/retry', { path: `/api/admin/invoices/${due(people[0]).id}/retry`, as: office }, { status: 409 })
await shop.mischief({ renewals: 'pay' })
await row('one that goes through pays it', 'POST /api/admin/invoices/{id}/retry', { path: `/api/admin/invoices/${due(people[0]).id}/retry`, as: office }, { status: 200, has: { status: 'paid' } })
await row('once', 'POST /api/admin/invoices/{id}/retry', { path: `/api/admin/invoices/${due(people[0]).id}/retry`, as: office }, { status: 409 })
await row('the other one is voided', 'POST /api/admin/invoices/{id}/void', { path: `/api/admin/invoices/${due(people[1]).id}/void`, as: office }, { status: 200, has: { status: 'void' } })
await row('for good', 'POST /api/admin/invoices/{id}/void', { path: `/api/admin/invoices/${due(people[1]).id}/void`, as: office }, { status: 409 })
await test("the provider's own next tries take nothing more", async () => {
  await shop.advance('P4D')
  await shop.idle()
  for (const [person, payments] of [[people[0], 2], [people[1], 1]]) {
    const again = await school.signIn(person.email)
    same((await data('/api/billing/payments', again)).length, payments, `payments of ${person.email}`)
    same((await data('/api/billing/subscription', again)).status, 'active', 'the subscription')
  }
})

await test('no secret stands in the log', () => school.checkLog())
await school.stop()
finish()
