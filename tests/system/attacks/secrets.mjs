// T97: everything a school is told in confidence, looked for wherever it could have leaked: the log at its most talkative,
// metrics, errors, mail, and the bytes of the database.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { freshAddress, until } from '../lib/client.mjs'
import { expect, finish, same, School, test } from '../lib/rows.mjs'
import { Shop } from '../lib/shop.mjs'

const marker = 'zx9Qv7'
const passwords = { one: `${marker} is a word nobody says`, wrong: `${marker} was guessed wrongly`, short: `${marker}x` }
const settings = { STRIPE_SECRET_KEY: `sk_test_${marker}stripekeyabcdefgh`, STRIPE_WEBHOOK_SECRET: `whsec_${marker}webhooksecretabcd` }
// Of the sandbox; with keys of its own the demo school would speak to Stripe itself.
const school = await School.start()
const secrets = new Map()
const keep = (what, value) => value && secrets.set(what, value)
const mails = []
const errors = []
async function ask(options) {
  const answer = await school.send(options)
  if (answer.status >= 400) errors.push(answer.text)
  return answer
}

const email = freshAddress()
await test('a person does all there is to do with secrets', async () => {
  same((await ask({ method: 'POST', path: '/api/auth/register', body: { email, password: passwords.one, fullName: 'Robin Vale' } })).status, 201, 'signing up')
  await ask({ method: 'POST', path: '/api/auth/register', body: { email: freshAddress(), password: passwords.short } })
  await ask({ method: 'POST', path: '/api/auth/login', body: { email, password: passwords.wrong } })
  await ask({ method: 'POST', path: `/api/auth/login?password=${encodeURIComponent(passwords.wrong)}`, body: { email, password: 7, passwort: passwords.wrong } })
  await ask({ method: 'POST', path: '/api/auth/login', raw: `{"email":"${email}","password":"${passwords.wrong}"` })
  await ask({ method: 'POST', path: '/api/auth/login', raw: `email=${email}&password=${passwords.wrong}`, type: 'application/x-www-form-urlencoded' })
  const browser = await school.browser(email, passwords.one)
  for (const [name, cookie] of browser.jar) keep(`cookie ${name}`, cookie.value)
  const person = await school.signIn(email, passwords.one)
  keep('access token', person.token)
  keep('refresh token', person.refreshToken)
  const refreshed = await ask({ method: 'POST', path: '/api/auth/refresh', body: { refreshToken: person.refreshToken } })
  keep('second access token', refreshed.json.data.tokens.accessToken)
  keep('second refresh token', refreshed.json.data.tokens.refreshToken)
  const mail = await school.mailTo(email, (each) => /token=/.test(each.text))
  const token = /token=([\w-]+)/.exec(mail.text)[1]
  keep('confirmation token', token)
  await ask({ path: `/verify-email?token=${token}`, headers: { Accept: 'text/html' } })
  await ask({ method: 'POST', path: '/api/auth/verify-email', body: { token: `${token}x`, extra: token } })
  same((await ask({ method: 'POST', path: '/api/auth/verify-email', body: { token } })).status, 200, 'confirming')
  await ask({ method: 'POST', path: '/api/auth/forgot-password', body: { email } })
  const reset = /\/reset-password\?token=([\w-]+)/
  const link = reset.exec((await school.mailTo(email, (each) => reset.test(each.text))).text)[1]
  keep('reset token', link)
  // As a browser does: the page that the mail leads to, and what that page needs, with the address it is at.
  const opened = await ask({ path: `/reset-password?token=${link}`, headers: { Accept: 'text/html' } })
  same([opened.status, opened.headers['referrer-policy']], [200, 'strict-origin-when-cross-origin'], 'the page for a new password')
  for (const path of ['/api/config', '/favicon.svg', '/nothing.js']) await ask({ path, headers: { Referer: `${school.url}/reset-password?token=${link}` } })
  // Where nobody should write them, but people and programs do.
  for (const value of [person.token, person.refreshToken, passwords.one]) {
    const odd = encodeURIComponent(value)
    for (const path of [`/api/courses/${odd}`, `/api/lessons/${odd}`, `/${odd}`, `/api/plans?token=${odd}`, `/api/auth/me?access_token=${odd}`, `/assets/${odd}.js`]) await ask({ path })
    await ask({ path: '/api/plans', headers: { 'User-Agent': `curl ${value.slice(0, 6000)}`, Referer: `http://x/?t=${odd}`, 'X-Request-Id': value.slice(0, 200), 'X-Forwarded-For': value.slice(0, 200) } })
    await ask({ method: 'PUT', path: '/api/users/profile', as: person, body: { fullName: 7, secret: value } })
  }
  const shop = new Shop(school)
  const checkout = await shop.begin(person)
  await shop.act(checkout, 'pay')
  await shop.finished(person, checkout.checkoutId)
  await ask({ method: 'POST', path: '/api/webhooks/stripe', raw: '{"id":"evt_x"}', headers: { 'Stripe-Signature': `t=1,v1=${marker}` } })
  await ask({ method: 'POST', path: '/dev/mischief', body: { fault: 'fail', times: 3 } })
  await ask({ method: 'POST', path: '/api/billing/create-checkout-session', as: await school.member(), body: { planId: checkout.plan.id, interval: 'month', currency: 'USD' } })
  mails.push(...(await school.outbox()))
  await ask({ method: 'POST', path: '/api/auth/logout', as: browser })
})
for (const [what, value] of Object.entries(passwords)) keep(`password ${what}`, value)
keep('key of the sandbox', 'sk_test_sandbox')
keep('webhook secret of the sandbox', 'whsec_sandbox')

// A secret as it is, as it stands in an address, and as base64.
const faces = (value) => [value, encodeURIComponent(value), value.replaceAll(' ', '+'), Buffer.from(value).toString('base64').replace(/=+$/, '')]
function leaks(text, but = () => false) {
  return [...secrets].filter(([what, value]) => !but(what) && faces(value).some((face) => text.includes(face))).map(([what]) => what)
}

await test('no error repeats a secret', () => {
  for (const text of errors) same(leaks(text), [], text.slice(0, 300))
  expect(errors.length > 20, `${errors.length} errors`)
})
await test('metrics and status hold none', async () => {
  for (const path of ['/metrics', '/api/status', '/api/config', '/api/openapi.json', '/health']) same(leaks((await school.send({ path })).text), [], path)
})
await test('mail holds none but the link it is about', () => {
  for (const mail of mails) same(leaks(`${mail.subject}\n${mail.text}\n${mail.html}`, (what) => what === 'confirmation token' || what === 'reset token'), [], mail.subject)
})
await test('the log holds none, and each of its lines is one JSON object', async () => {
  await until('the log of the last request', () => school.server.log.includes('/api/auth/logout'))
  for (const line of school.server.log.split('\n')) {
    const found = leaks(line)
    expect(found.length === 0, `${found}: ${line.slice(0, 400)}`)
  }
  school.checkLog()
})
await school.stop()
await test('the database holds none in its bytes', () => {
  for (const name of readdirSync(school.data)) {
    if (!/\.db/.test(name)) continue
    const bytes = readFileSync(join(school.data, name)).toString('latin1')
    // A password that was refused is nowhere at all; a sealed or hashed one is not itself.
    same(leaks(bytes), [], name)
    for (const [what, value] of secrets) expect(!bytes.includes(Buffer.from(value).toString('hex')), `${what} in hexadecimal in ${name}`)
  }
})

// The keys of real providers, wherever the settings are shown.
await test('keys of providers are shown nowhere', async () => {
  const real = await School.start({ verb: 'serve', env: settings })
  for (const path of ['/api/config', '/api/status', '/metrics', '/health', '/readyz']) {
    const text = (await real.send({ path })).text
    for (const value of Object.values(settings)) expect(!text.includes(value), `${path} shows ${value}`)
  }
  await real.send({ method: 'POST', path: '/api/webhooks/stripe', raw: '{}', headers: { 'Stripe-Signature': 't=1,v1=00' } })
  for (const value of Object.values(settings)) expect(!real.server.log.includes(value), 'the log shows a key')
  await real.stop()
})
finish()
