// The demo school started twice on one folder: its sandbox has forgotten everything by then, and people still buy.
import { ask, check, finish, freePort, freshFolder, Server } from './support/tuition.mjs'
import { visit } from './lib/shop.mjs'

const data = freshFolder() + '/data'

async function buy(server, email) {
  const password = 'a door that opens twice'
  await ask(server.port, { method: 'POST', path: '/api/auth/register', body: { email, password } })
  const signedIn = await ask(server.port, { method: 'POST', path: '/api/auth/login?token=1', body: { email, password } })
  const token = signedIn.json.data.tokens.accessToken
  const plans = (await ask(server.port, { path: '/api/plans' })).json.data
  const begun = await ask(server.port, {
    method: 'POST', path: '/api/billing/create-checkout-session', token,
    body: { planId: plans.find((plan) => plan.code === 'school-pass').id, interval: 'month', currency: 'USD' },
  })
  check(begun.status === 201, `${email} gets a page to pay on`, begun.text)
  await visit(begun.json.data.url, { method: 'POST', form: { outcome: 'pay' } })
  for (const deadline = Date.now() + 20_000; ;) {
    const now = await ask(server.port, { path: `/api/billing/checkout/${begun.json.data.checkoutId}`, token })
    if (now.json.data.accessOpen) break
    if (Date.now() > deadline) return check(false, `${email} has access`, now.text)
    await new Promise((next) => setTimeout(next, 20))
  }
  check(true, `${email} has access`)
}

for (const email of ['before@school.example', 'after@school.example']) {
  const server = new Server({ data, port: await freePort(), verb: 'dev' })
  await server.ready()
  await buy(server, email)
  await server.kill('SIGTERM')
}
finish()
