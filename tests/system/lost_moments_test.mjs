// The machine is lost at each step between a payment provider's notice and what follows from it: kill -9 at that very place,
// for Stripe and for Paystack. Told again, as the provider would, there is one entitlement, one payment, one invoice, and of each mail one.
// The places are named in src: may_be_lost(). A mail that was handed over and not yet noted goes out again under the same
// Message-ID, by which mail programs fold the two into one.
import { createHmac, randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { visit } from './lib/shop.mjs'
import { ask, check, finish, freePort, freshFolder, Server } from './support/tuition.mjs'

const places = [
  'notice.read', // believed, and nothing written
  'notice.kept', // written and queued, and not answered
  'job.taken:billing.apply_event', // leased, and not begun
  'notice.asking', // before the provider is asked
  'notice.asked', // before anything is written
  'notice.applying', // everything written, and nothing committed
  'notice.applied', // committed
  'job.run:billing.apply_event', // done, and not noted
  'mail.sending', // before the mail is handed over
  'mail.sent', // handed over, and not noted
]
const providers = [
  ['stripe', 'USD'],
  ['paystack', 'KES'],
]

const data = join(freshFolder(), 'data')
const password = 'a plug that somebody pulls'
const json = { Accept: 'application/json' }
let server
async function start() {
  server = new Server({ data, port: await freePort(), verb: 'dev', env: { TUITION_AUTH_PASSWORD_MEMORY_MIB: '8', TUITION_AUTH_PASSWORD_PASSES: '1' } })
  await server.ready()
}
const get = async (path, token) => (await ask(server.port, { path, token, headers: json })).json
const post = (path, body, token) => ask(server.port, { method: 'POST', path, body, token, headers: json })

async function until(what, look) {
  for (const deadline = Date.now() + 60_000; ;) {
    const found = await look()
    if (found) return found
    if (Date.now() > deadline) return check(false, what, server.log.slice(-3000))
    await new Promise((next) => setTimeout(next, 20))
  }
}
const jobs = async () => (await get('/status')).data.jobs
// Nothing runs or waits; what is looked at again after a minute has been, too.
async function quiet() {
  await post('/dev/clock', { advance: 'PT2M' })
  await until('the queue is empty', async () => {
    const { running, queued } = await jobs()
    return running === 0 && queued === 0
  })
}

// The Message-IDs of each subject that somebody got, as the mailbox keeps them.
function mailsTo(email) {
  const folder = join(data, 'sandbox', 'mail')
  const header = (mail, name) => mail.match(new RegExp(`^${name}: *(.*)$`, 'im'))?.[1].trim() ?? ''
  const bySubject = new Map()
  for (const name of readdirSync(folder).filter((each) => each.endsWith('.eml'))) {
    const mail = readFileSync(join(folder, name), 'utf8')
    if (!header(mail, 'To').includes(email)) continue
    const subject = header(mail, 'Subject')
    bySubject.set(subject, new Set([...(bySubject.get(subject) ?? []), header(mail, 'Message-ID')]))
  }
  return bySubject
}

const told = (path, body, headers) => ask(server.port, { method: 'POST', path, body, headers })
// What Stripe tells of a payment on that page: that it was finished, and that its bill was paid.
async function stripeNotices(url) {
  const session = new URL(url).pathname.split('/').pop()
  const { origin } = new URL(url)
  const bills = await visit(`${origin}/v1/invoices?limit=1`, { headers: { Authorization: 'Bearer sk_test_sandbox', 'Stripe-Version': '2026-10-28.endive' } })
  const [bill] = JSON.parse(bills.text).data
  return [['checkout.session.completed', { id: session, object: 'checkout.session' }], ['invoice.paid', { id: bill.id, object: 'invoice' }]].map(([type, object]) => {
    const event = { id: `evt_${randomUUID().replaceAll('-', '')}`, object: 'event', api_version: '2026-10-28.endive', created: 1, livemode: false, pending_webhooks: 1, request: null, type, data: { object } }
    return async () => {
      const at = Math.floor(new Date((await get('/health')).timestamp) / 1000)
      const signature = createHmac('sha256', 'whsec_sandbox').update(`${at}.${JSON.stringify(event)}`).digest('hex')
      return told('/api/webhooks/stripe', event, { 'Stripe-Signature': `t=${at},v1=${signature}` })
    }
  })
}
function paystackNotice(back) {
  const reference = new URL(back, server.url).searchParams.get('reference')
  const event = { event: 'charge.success', data: { id: Date.now(), domain: 'test', reference, status: 'success' } }
  return () => told('/api/payment/webhook', event, { 'x-paystack-signature': createHmac('sha512', 'sk_test_paystack_sandbox').update(JSON.stringify(event)).digest('hex') })
}

async function lose(provider, currency, place, number) {
  const what = `${provider}, lost at ${place}`
  const email = `buyer-${provider}-${number}@school.example`
  await post('/api/auth/register', { email, password })
  const token = (await post('/api/auth/login?token=1', { email, password })).json.data.tokens.accessToken
  const { id: planId } = (await get('/api/plans')).data.find((plan) => plan.code === 'school-pass')
  const begun = await post('/api/billing/create-checkout-session', { planId, interval: 'month', currency }, token)
  check(begun.status === 201 && begun.json.data.provider === provider, `${what}: there is a page to pay on`, begun.text)
  const { checkoutId, url } = begun.json.data
  // The mails of a sign-up pass the same places.
  await until('the mails of the sign-up', async () => mailsTo(email).size >= 2 && (await jobs()).running === 0)
  // The provider tells nobody by itself: its notices are sent here, and again after the start, as it would.
  const paid = await visit(url, { method: 'POST', form: { outcome: provider === 'stripe' ? 'lost' : 'never' } })
  check([302, 303].includes(paid.status), `${what}: it is paid`, paid.text.slice(0, 300))
  const notices = provider === 'stripe' ? await stripeNotices(url) : [paystackNotice(paid.headers.location)]
  await post('/dev/mischief', { lost: place })
  for (const each of notices) await each().catch(() => null)
  const gone = await Promise.race([server.ended, new Promise((next) => setTimeout(() => next(null), 60_000).unref())])
  check(gone?.signal === 'SIGKILL', `${what}: it is lost there`, JSON.stringify(gone))

  await start()
  for (const each of notices) {
    const told = await each()
    check(told.status === 200, `${what}: told again`, told.text)
  }
  await until(`${what}: access`, async () => (await get(`/api/billing/checkout/${checkoutId}`, token)).data.accessOpen)
  await quiet()
  const payments = (await get('/api/billing/payments', token)).data
  const invoices = (await get('/api/billing/invoices', token)).data
  const rights = (await get('/api/users/me/entitlements', token)).data
  const { current, history } = (await get('/api/subscriptions', token)).data
  check(current?.status === 'active' && history.length === 0, `${what}: one subscription`, JSON.stringify({ current, history }))
  check(rights.length === 1, `${what}: one entitlement`, JSON.stringify(rights))
  check(payments.length === 1 && payments[0].status === 'success', `${what}: one payment`, JSON.stringify(payments))
  check(invoices.length === 1 && invoices[0].status === 'paid', `${what}: one invoice`, JSON.stringify(invoices))
  const mails = mailsTo(email)
  check([...mails.keys()].some((subject) => /payment/i.test(subject)), `${what}: a receipt`, [...mails.keys()].join('; '))
  const twice = [...mails].filter(([, ids]) => ids.size !== 1)
  check(twice.length === 0, `${what}: of each mail one`, JSON.stringify(twice.map(([subject, ids]) => [subject, [...ids]])))
}

// A page that was asked for, and whose answer was lost with the machine: asked for again by the same key and body, it is the
// same page. Whoever begins again with their own key gets that one order, too.
async function loseThePage(place) {
  const what = `a page to pay on, lost at ${place}`
  const email = `buyer-${place}@school.example`
  await post('/api/auth/register', { email, password })
  const token = (await post('/api/auth/login?token=1', { email, password })).json.data.tokens.accessToken
  const { id: planId } = (await get('/api/plans')).data.find((plan) => plan.code === 'school-pass')
  const begin = () => ask(server.port, { method: 'POST', path: '/api/billing/create-checkout-session', body: { planId, interval: 'month', currency: 'USD' }, token, headers: { ...json, 'Idempotency-Key': `mine, ${place}` } })
  await until('the mails of the sign-up', async () => mailsTo(email).size >= 2 && (await jobs()).running === 0)
  await post('/dev/mischief', { lost: place })
  await begin().catch(() => null)
  const gone = await Promise.race([server.ended, new Promise((next) => setTimeout(() => next(null), 60_000).unref())])
  check(gone?.signal === 'SIGKILL', `${what}: it is lost there`, JSON.stringify(gone))
  await start()
  const again = await until(`${what}: a page`, async () => {
    const answer = await begin()
    return answer.status === 201 && answer.json.data.url && answer.json.data
  })
  check((await begin()).json.data.checkoutId === again.checkoutId, `${what}: the same order for the same key`)
  const sessions = await visit(`${new URL(again.url).origin}/v1/checkout/sessions?limit=100`, { headers: { Authorization: 'Bearer sk_test_sandbox', 'Stripe-Version': '2026-10-28.endive' } })
  const made = JSON.parse(sessions.text).data.filter((each) => JSON.stringify(each).includes(again.checkoutId))
  check(made.length === 1, `${what}: one page at the provider`, JSON.stringify(made.map((each) => each.id)))
  const asked = (await get('/dev/requests')).filter((each) => each.path === '/v1/checkout/sessions' && each.body.includes(again.checkoutId))
  check(new Set(asked.map((each) => each.body)).size <= 1, `${what}: the same bytes`)
}

await start()
for (const place of ['page.asking', 'page.opened']) await loseThePage(place)
for (const [provider, currency] of providers) for (const [number, place] of places.entries()) await lose(provider, currency, place, number)
await server.kill('SIGTERM')
finish()
