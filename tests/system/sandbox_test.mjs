// `tuition sandbox`: the pretend Stripe, Paystack and mail server alone, driven as another program would drive them.
import { createHmac, timingSafeEqual } from 'node:crypto'
import http from 'node:http'
import net from 'node:net'
import { join } from 'node:path'
import { ask, check, finish, freePort, freshFolder, run, Server } from './support/tuition.mjs'
import { visit } from './lib/shop.mjs'

const data = join(freshFolder(), 'sandbox')
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

// The other program: it keeps what it is told.
const told = []
const receiver = http.createServer((request, answer) => {
  const parts = []
  request.on('data', (part) => parts.push(part))
  request.on('end', () => {
    const body = Buffer.concat(parts).toString()
    told.push({ path: request.url, headers: request.headers, body, json: JSON.parse(body) })
    answer.end()
  })
})
await new Promise((listening) => receiver.listen(0, '127.0.0.1', listening))
const here = `http://127.0.0.1:${receiver.address().port}`

// Words that are wrong.
const help = run(['sandbox', '--help'])
check(help.code === 0 && help.out.includes('--webhooks') && help.out.includes('Example:'), 'it explains itself')
for (const [what, args, said] of [
  ['a live key', ['--stripe-key', 'sk_live_1'], 'sk_test_'],
  ['a secret that is none', ['--webhook-secret', 'secret'], 'whsec_'],
  ['an address that is none', ['--webhooks', 'localhost:3000'], 'http://'],
  ['a port that is none', ['--port', '99999'], '--port'],
]) {
  const refused = run(['sandbox', ...args])
  check(refused.code === 2 && refused.err.includes(said), `${what} is refused with a word about it`, refused.err)
}
const taken = run(['sandbox', '--port', String(receiver.address().port), '--mail-port', '0'])
check(taken.code === 1 && taken.err.includes(String(receiver.address().port)), 'a port that somebody has is named', taken.err)

async function start(...more) {
  const server = new Server({ verb: 'sandbox', data, port: await freePort(), args: ['--mail-port', '0', '--stripe-key', 'sk_test_mine', '--webhook-secret', 'whsec_mine', ...more] })
  await server.ready({ path: '/dev' })
  return server
}
let sandbox = await start('--paystack-webhooks', `${here}/paystack`)
const page = (path, form) => visit(path.startsWith('http') ? path : sandbox.url + path, form ? { method: 'POST', form } : {})
const stripe = async (method, path, form = {}, key = 'sk_test_mine') => {
  const answer = await visit(sandbox.url + path, { method, form: method === 'GET' ? undefined : form, headers: { Authorization: `Bearer ${key}`, 'Stripe-Version': '2026-10-28.endive' } })
  return { status: answer.status, json: JSON.parse(answer.text) }
}
const dev = (path, body) => ask(sandbox.port, { method: 'POST', path, body })

check(sandbox.log.includes(sandbox.url) && sandbox.log.includes('sk_test_mine'), 'it says where it is and which key it takes', sandbox.log)
check((await page('/')).headers.location === '/dev', 'its address leads to its pages')
check((await page('/dev')).text.includes('whsec_mine'), 'the page tells the secrets')
const at = (await ask(sandbox.port, { path: '/dev', headers: json })).json
check(at.stripeUrl === sandbox.url && at.webhookSecret === 'whsec_mine' && at.paystackNotices === `${here}/paystack`, 'programs are told the same', JSON.stringify(at))
check((await stripe('GET', '/v1/customers', {}, 'sk_test_other')).status === 401, 'another key is refused')

// Notices go where the program says.
check((await dev('/dev/webhooks', { stripe: 'nowhere' })).status === 400, 'an address that is none is refused')
const pointed = await dev('/dev/webhooks', { stripe: `${here}/stripe` })
check(pointed.json.stripeNotices === `${here}/stripe` && pointed.json.paystackNotices === `${here}/paystack`, 'one address changes, the other stays', pointed.text)

// A subscription from the customer to the first renewal.
const customer = (await stripe('POST', '/v1/customers', { email: 'ada@example.org' })).json
const product = (await stripe('POST', '/v1/products', { name: 'A year of music' })).json
const price = (await stripe('POST', '/v1/prices', { product: product.id, currency: 'usd', unit_amount: '900', 'recurring[interval]': 'month' })).json
const session = (await stripe('POST', '/v1/checkout/sessions', {
  mode: 'subscription', customer: customer.id, 'line_items[0][price]': price.id, 'line_items[0][quantity]': '1',
  success_url: 'http://localhost:3000/done', cancel_url: 'http://localhost:3000/plans',
})).json
check((await page(session.url, { outcome: 'pay' })).headers.location === 'http://localhost:3000/done', 'the payment page leads back')
const notices = (type) => told.filter((each) => each.path === '/stripe' && each.json.type === type)
const paid = await until('the program hears of the payment', () => notices('invoice.paid')[0])
for (const each of told.filter((each) => each.path === '/stripe')) {
  const [, t, v1] = each.headers['stripe-signature'].match(/^t=(\d+),v1=([0-9a-f]{64})$/)
  const right = createHmac('sha256', 'whsec_mine').update(`${t}.${each.body}`).digest()
  if (!timingSafeEqual(right, Buffer.from(v1, 'hex'))) check(false, `${each.json.type} is signed with the secret`)
}
check(paid.json.data.object.amount_paid === 900, 'the sum is right')
const before = new Date((await dev('/dev/clock', { advance: 'P32D' })).json.now)
await until('a month later it renews', () => notices('invoice.paid').find((each) => each.json.data.object.billing_reason === 'subscription_cycle'))

// What goes wrong on demand.
await dev('/dev/mischief', { fault: 'fail', path: '/v1/customers' })
check((await stripe('GET', '/v1/customers')).status === 500, 'a call fails when it is to')
check((await stripe('GET', '/v1/customers')).json.data[0].id === customer.id, 'once only')
await dev('/dev/mischief', { renewals: 'fail' })
await dev('/dev/clock', { advance: 'P31D' })
await until('a declined card is told', () => notices('invoice.payment_failed')[0])
await dev('/dev/mischief', { renewals: 'pay' })
const asked = (await ask(sandbox.port, { path: '/dev/requests', headers: json })).json
check(asked.some((each) => each.provider === 'stripe' && each.method === 'POST' && each.path === '/v1/checkout/sessions' && each.body.includes(price.id)), 'what was asked is kept')
check(!JSON.stringify(asked).includes('sk_test_'), 'without keys')
check((await ask(sandbox.port, { path: `/dev/requests?after=${asked.at(-1).number}`, headers: json })).json.length === 0, 'and told from a number on')
check((await ask(sandbox.port, { method: 'POST', path: '/dev/seed', body: {} })).status === 404, 'there is no school to seed')

// Paystack beside it.
const begun = await ask(sandbox.port, { method: 'POST', path: '/transaction/initialize', token: 'sk_test_paystack_sandbox', body: { email: 'ada@example.org', amount: 490000, currency: 'KES', reference: 'r-1', callback_url: 'http://localhost:3000/back' } })
check(begun.status === 200, 'Paystack begins a payment', begun.text)
await page(begun.json.data.authorization_url, { outcome: 'pay' })
const charged = await until('its notice comes', () => told.find((each) => each.path === '/paystack'))
check(charged.json.event === 'charge.success' && charged.headers['x-paystack-signature'] === createHmac('sha512', 'sk_test_paystack_sandbox').update(charged.body).digest('hex'), 'signed as Paystack signs')

// Mail.
await new Promise((done, failed) => {
  const lines = ['EHLO program', 'MAIL FROM:<program@example.org>', 'RCPT TO:<ada@example.org>', 'DATA', 'Subject: It is here\r\nTo: ada@example.org\r\n\r\nGood day.\r\n.', 'QUIT']
  const socket = net.connect(new URL(at.smtpUrl).port, '127.0.0.1')
  let text = ''
  socket.on('data', (part) => {
    text += part
    // A reply's last line has a blank behind its code.
    if (!/^\d{3} .*\r\n$/m.test(text.slice(text.lastIndexOf('\n', text.length - 2) + 1))) return
    text = ''
    if (lines.length) socket.write(`${lines.shift()}\r\n`)
  })
  socket.on('error', failed)
  socket.on('close', done)
})
const mail = (await ask(sandbox.port, { path: '/dev/outbox', headers: json })).json
check(mail.length === 1 && mail[0].subject === 'It is here' && mail[0].to === 'ada@example.org', 'a mail is kept and shown', JSON.stringify(mail))

// It ends in order, and goes on where it stopped.
check((await sandbox.kill('SIGTERM')).code === 0, 'a signal ends it')
sandbox = await start('--webhooks', `${here}/again`)
check(new Date((await dev('/dev/clock', { advance: 0 })).json.now) >= before, 'its clock does not go back')
check((await stripe('GET', '/v1/subscriptions')).json.data[0].customer === customer.id, 'the subscription is still there')
await dev('/dev/clock', { advance: 'P31D' })
await until('and renews', () => told.find((each) => each.path === '/again' && each.json.type === 'invoice.paid'))
check((await ask(sandbox.port, { path: '/dev/outbox', headers: json })).json.length === 1, 'so is the mail')
await sandbox.kill('SIGTERM')
receiver.close()
finish()
