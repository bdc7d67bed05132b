// Attacks on the second step, from outside: guessing codes, using them again, going around it, and what is kept of it.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Authenticator, clock, oneTimeCode } from '../lib/authenticator.mjs'
import { Bearer, freshAddress, password } from '../lib/client.mjs'
import { expect, finish, same, School, secret, test } from '../lib/rows.mjs'

const school = await School.start()
const verify = (challenge, code, headers = {}) => school.send({ method: 'POST', path: '/api/auth/mfa/verify?token=1', headers, body: { challenge, code } })
async function person() {
  // Failures from this address, on whatever account, are forgotten after an hour.
  await clock(school, 3601)
  const made = await school.member()
  made.app = await Authenticator.for(school, made)
  return made
}

// T25
await test('a code is good now and for one step more, once', async () => {
  const ada = await person()
  await clock(school, 120)
  for (const [later, wanted] of [[1, 401], [-2, 401], [2, 401], [-1, 200], [-1, 401], [0, 200], [0, 401], [-1, 401]]) {
    const answer = await verify(await ada.app.challenge(ada.email), await ada.app.code(later))
    same(answer.status, wanted, `the code ${later} steps away`)
    if (wanted === 401) same(answer.json.error.code, 'MFA_INVALID', 'code')
  }
})
await test('of the same code sent twenty times at once one is taken', async () => {
  const ada = await person()
  const code = await ada.app.fresh()
  const challenges = []
  for (let i = 0; i < 20; i += 1) challenges.push(await ada.app.challenge(ada.email))
  const answers = await Promise.all(challenges.map((each) => verify(each, code)))
  same(answers.filter((each) => each.status === 200).length, 1, 'sessions')
})
await test('of one challenge sent twenty times at once one is taken', async () => {
  const ada = await person()
  const challenge = await ada.app.challenge(ada.email)
  const answers = await Promise.all(ada.app.recovery.slice(0, 10).map((code) => verify(challenge, code)))
  same(answers.filter((each) => each.status === 200).length, 1, 'sessions')
})
await test('a hundred guesses are slowed down, and the owner gets in afterwards', async () => {
  const ada = await person()
  let looked = 0
  let slowed = 0
  for (let i = 0; i < 100; i += 1) {
    const answer = await verify(await ada.app.challenge(ada.email), String(i).padStart(6, '0'))
    if (answer.json.error.code === 'MFA_INVALID') looked += 1
    if (answer.status === 429) {
      slowed += 1
      expect(/^[1-9]\d*$/.test(answer.headers['retry-after']), 'Retry-After')
    }
    await clock(school, 1)
  }
  expect(looked < 20 && slowed > 80, `${looked} looked at, ${slowed} slowed down`)
  await clock(school, 3600)
  same((await verify(await ada.app.challenge(ada.email), await ada.app.fresh())).status, 200, 'the owner')
})
await test('a challenge bears five guesses, and then the person hears of it', async () => {
  const ada = await person()
  const challenge = await ada.app.challenge(ada.email)
  for (let i = 0; i < 5; i += 1) same((await verify(challenge, '000000')).json.error.code, 'MFA_INVALID', 'a guess')
  await clock(school, 60)
  same((await verify(challenge, await ada.app.code())).json.error.code, 'TOKEN_EXPIRED', 'the right one')
  await school.mailTo(ada.email, (mail) => /knows your password/.test(mail.subject))
})
await test('a challenge lives five minutes, in the program that got it', async () => {
  const ada = await person()
  const challenge = await ada.app.challenge(ada.email)
  const stolen = await verify(challenge, await ada.app.fresh(), { 'User-Agent': 'somebody/1' })
  same(stolen.json.error.code, 'TOKEN_EXPIRED', 'elsewhere')
  await clock(school, 301)
  same((await verify(challenge, await ada.app.code())).json.error.code, 'TOKEN_EXPIRED', 'late')
})
await test('a challenge, a half-finished sign-in, opens nothing', async () => {
  const ada = await person()
  const challenge = await ada.app.challenge(ada.email)
  for (const path of ['/api/auth/me', '/api/users/profile', '/api/users/me/api-keys']) same((await school.send({ path, as: new Bearer(challenge) })).status, 401, path)
  same((await school.send({ method: 'POST', path: '/api/auth/refresh', body: { refreshToken: challenge } })).status, 401, 'refresh')
  same((await school.send({ method: 'POST', path: '/api/auth/verify-email', body: { token: challenge } })).status, 401, 'as a link')
})
await test('somebody else’s code and challenge are worth nothing together', async () => {
  const [ada, bob] = [await person(), await person()]
  await clock(school, 31)
  same((await verify(await ada.app.challenge(ada.email), await bob.app.code())).json.error.code, 'MFA_INVALID', 'a code')
  same((await verify(await ada.app.challenge(ada.email), bob.app.recovery[0])).json.error.code, 'MFA_INVALID', 'a recovery code')
})
await test('a session that was stolen does not turn it off, nor learn its key', async () => {
  const ada = await person()
  for (const [path, body] of [
    ['/api/auth/mfa/disable', { password: 'not the password', code: '000000' }],
    ['/api/auth/mfa/disable', { password, code: '000000' }],
    ['/api/auth/mfa/recovery-codes', { password, code: '000000' }],
    ['/api/auth/mfa/setup', { password }],
    ['/api/auth/mfa/enable', { code: '000000' }],
  ]) expect((await school.send({ method: 'POST', path, as: ada, body })).status >= 400, path)
  // What takes the password takes nothing without it.
  for (const [path, body] of [
    ['/api/auth/mfa/setup', {}],
    ['/api/auth/mfa/disable', { code: await ada.app.fresh() }],
    ['/api/auth/mfa/recovery-codes', { code: ada.app.recovery[0] }],
    ['/api/auth/change-password', { newPassword: `${password} again`, code: ada.app.recovery[0] }],
    ['/api/auth/change-email', { email: freshAddress(), code: ada.app.recovery[0] }],
    ['/api/auth/update-profile', { password: `${password} again`, code: ada.app.recovery[0] }],
    ['/api/users/me/api-keys', { name: 'x', scopes: ['profile:read'], code: ada.app.recovery[0] }],
  ]) same((await school.send({ method: 'POST', path, as: ada, body })).json.error?.code, 'REAUTHENTICATION_REQUIRED', path)
  const gone = await school.send({ method: 'DELETE', path: `/api/users/${ada.profile.id}`, as: ada, body: { code: ada.app.recovery[0] } })
  same(gone.json.error?.code, 'REAUTHENTICATION_REQUIRED', 'removing the account')
  for (const path of ['/api/auth/me', '/api/users/profile', `/api/users/${ada.profile.id}`]) expect(!(await school.send({ path, as: ada })).text.includes(ada.app.key), path)
})

// T26
await test('a recovery code works once, and not after new ones were made', async () => {
  const ada = await person()
  const [one, two, three] = ada.app.recovery
  same((await verify(await ada.app.challenge(ada.email), one)).status, 200, 'once')
  same((await verify(await ada.app.challenge(ada.email), one)).json.error.code, 'MFA_INVALID', 'twice')
  const renewed = await school.send({ method: 'POST', path: '/api/auth/mfa/recovery-codes', as: ada, body: { password, code: two } })
  same(renewed.status, 200, 'new ones')
  renewed.json.data.recoveryCodes.forEach(secret)
  same((await verify(await ada.app.challenge(ada.email), three)).json.error.code, 'MFA_INVALID', 'an old one')
  same((await verify(await ada.app.challenge(ada.email), renewed.json.data.recoveryCodes[0])).status, 200, 'a new one')
  await school.mailTo(ada.email, (mail) => /recovery code was used/.test(mail.subject))
})
if (school.document.paths['/api/auth/reset-password']) await test('a new password by mail does not go around it', async () => {
  const ada = await person()
  await school.send({ method: 'POST', path: '/api/auth/forgot-password', body: { email: ada.email } })
  const mail = await school.mailTo(ada.email, (each) => /reset-password\?token=/.test(each.text))
  const token = secret(/reset-password\?token=([\w-]+)/.exec(mail.text)[1])
  const word = secret('a longer walk at higher tide')
  const answer = await school.send({ method: 'POST', path: '/api/auth/reset-password', body: { token, password: word } })
  same(answer.status, 200, 'reset')
  same(answer.cookies.filter((each) => /tuition_[ar]t$/.test(each.name) && each.value).length, 0, 'a session')
  const refused = await school.send({ method: 'POST', path: '/api/auth/login', body: { email: ada.email, password: word } })
  same(refused.json.error.code, 'MFA_REQUIRED', 'signing in')
  same((await school.send({ method: 'POST', path: '/api/auth/login', body: { email: ada.email, password: word, totp: await ada.app.fresh() } })).status, 200, 'with a code')
})
await test('who has lost everything is let in by an administrator alone, and hears of it', async () => {
  const ada = await person()
  const chief = await school.demo('owner')
  const reset = (as) => school.send({ method: 'POST', path: `/api/admin/users/${ada.profile.id}/reset-mfa`, as })
  expect([401, 403].includes((await reset()).status), 'nobody')
  for (const as of [ada, await school.member(), await school.demo('instructor')]) same((await reset(as)).status, 403, 'others')
  same((await reset(chief)).status, 200, 'the owner')
  await school.mailTo(ada.email, (mail) => /was removed/.test(mail.subject))
  same((await school.send({ path: '/api/auth/me', as: ada })).status, 401, 'the session')
  await school.signIn(ada.email)
})
await test('neither the log nor the answers told a key, a code or a challenge', () => school.checkLog())
const last = await person()
const key = Buffer.from([...last.app.key].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('').match(/.{8}/g).map((byte) => parseInt(byte, 2)))
await school.stop()
await test('the database holds neither the key nor a recovery code', () => {
  expect(oneTimeCode(last.app.key, new Date(59_000)).length === 6, 'a key')
  for (const name of readdirSync(school.data)) {
    if (!/\.db/.test(name)) continue
    const bytes = readFileSync(join(school.data, name))
    for (const [what, needle] of [['key', key], ['key as text', last.app.key], ['recovery code', last.app.recovery[0]], ['recovery code in one', last.app.recovery[0].replace('-', '')]]) expect(!bytes.includes(needle), `${what} in ${name}`)
  }
})
finish()
