// The demo school started again and again on one folder: what was bought renews, time goes on, mail stays. And the same
// when its pretend Stripe has lost everything meanwhile: people still buy.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { ask, check, finish, freePort, freshFolder, Server } from './support/tuition.mjs'
import { visit } from './lib/shop.mjs'

const data = join(freshFolder(), 'data')
const password = 'a door that opens twice'
const json = { Accept: 'application/json' }

async function until(what, look) {
  for (const deadline = Date.now() + 30_000; ;) {
    const found = await look()
    if (found) {
      check(true, what)
      return found
    }
    if (Date.now() > deadline) return check(false, what)
    await new Promise((next) => setTimeout(next, 20))
  }
}

async function start() {
  const server = new Server({ data, port: await freePort(), verb: 'dev' })
  await server.ready()
  return server
}
const post = (server, path, body, token) => ask(server.port, { method: 'POST', path, body, token, headers: json })
const now = async (server) => new Date((await post(server, '/dev/clock', { advance: 0 })).json.now)
async function signIn(server, email) {
  return (await post(server, '/api/auth/login?token=1', { email, password })).json.data.tokens.accessToken
}
async function begin(server, email) {
  await post(server, '/api/auth/register', { email, password })
  const token = await signIn(server, email)
  const plans = (await ask(server.port, { path: '/api/plans' })).json.data
  const begun = await post(server, '/api/billing/create-checkout-session',
    { planId: plans.find((plan) => plan.code === 'school-pass').id, interval: 'month', currency: 'USD' }, token)
  check(begun.status === 201, `${email} gets a page to pay on`, begun.text)
  return { token, email, id: begun.json.data.checkoutId, url: begun.json.data.url }
}
const opened = (server, { token, email, id }) =>
  until(`${email} has access`, async () => (await ask(server.port, { path: `/api/billing/checkout/${id}`, token })).json.data.accessOpen)
const subscription = async (server, token) => (await ask(server.port, { path: '/api/billing/subscription', token })).json.data

// A subscription and a checkout that is still open; then an orderly end.
let server = await start()
const bought = await begin(server, 'before@school.example')
await visit(bought.url, { method: 'POST', form: { outcome: 'pay' } })
await opened(server, bought)
const first = await subscription(server, bought.token)
await post(server, '/dev/clock', { advance: 'P2D' })
const waiting = await begin(server, 'undecided@school.example')
const before = await now(server)
const mails = await until('mail has been sent', async () => {
  const list = (await ask(server.port, { path: '/dev/outbox', headers: json })).json
  return list.length >= 2 && list
})
await server.kill('SIGTERM')

// It goes on where it stopped. The open checkout is paid at the school's own address of it.
server = await start()
check((await now(server)) >= before, 'the clock that was moved on stays there')
const kept = (await ask(server.port, { path: '/dev/outbox', headers: json })).json
check(mails.every((mail) => kept.some((each) => each.id === mail.id && each.text === mail.text)), 'the mails are still there')
const late = await visit(`${server.url}/dev/pay/${waiting.id}`, { method: 'POST', form: { outcome: 'pay' } })
check(late.status === 303, 'a checkout that was open before can be paid', late.text)
await opened(server, { ...waiting, token: await signIn(server, waiting.email) })
await post(server, '/dev/clock', { advance: 'P31D' })
const token = await signIn(server, 'before@school.example')
const renewed = await until('the subscription renews after the restart', async () => {
  const found = await subscription(server, token)
  return found && found.currentPeriodEnd > first.currentPeriodEnd && found
})
check(renewed.id === first.id && renewed.status === 'active', 'it is the same one, and active', JSON.stringify(renewed))

// The hard way: what had been written a moment ago is there.
const later = await now(server)
const again = await begin(server, 'again@school.example')
const paid = await visit(`${server.url}/dev/pay/${again.id}`, { method: 'POST', form: { outcome: 'pay' } })
check(paid.status === 303 && paid.headers.location.includes(`/app/checkout/${again.id}`), 'the payment page is also at the school', paid.text)
await opened(server, again)
await server.kill('SIGKILL')
server = await start()
check((await now(server)) >= later, 'after kill -9, too, time does not go back')
await opened(server, again)

// A payment is kept before its page says so: killed with that answer, the pretend Stripe still knows of it.
const abrupt = await begin(server, 'abrupt@school.example')
const told = await visit(abrupt.url, { method: 'POST', form: { outcome: 'pay' } })
await server.kill('SIGKILL')
check(told.status === 303, 'the payment was acknowledged', told.text)
server = await start()
await opened(server, { ...abrupt, token: await signIn(server, abrupt.email) })
await server.kill('SIGKILL')

// Everything the pretend Stripe knew is gone.
rmSync(join(data, 'sandbox', 'stripe.json'))
server = await start()
const after = await begin(server, 'after@school.example')
check((await visit(`${server.url}/dev/pay/${again.id}`)).status === 404, 'a checkout that it has lost has no page')
await visit(after.url, { method: 'POST', form: { outcome: 'pay' } })
await opened(server, after)
await server.kill('SIGTERM')
finish()
