// Attacks on sessions, from outside: planted cookies, what a cookie gives away, and cookies kept after their end.
import { Bearer, Browser, password } from '../lib/client.mjs'
import { expect, finish, same, School, secret, test } from '../lib/rows.mjs'

const school = await School.start()
const email = await school.signUp()
const me = (as) => school.send({ path: '/api/auth/me', as })
const idOf = async (as) => (await me(as)).json.data.session.id

// T30
await test('a cookie that was planted before signing in is never the session', async () => {
  const attacker = await school.browser(await school.signUp())
  const planted = attacker.copy()
  const before = await idOf(attacker)
  const answer = await school.send({ method: 'POST', path: '/api/auth/login', as: planted, body: { email, password } })
  same(answer.status, 200, 'signing in')
  const [mine, theirs] = [await me(planted), await me(attacker)]
  same(mine.json.data.user.email, email, 'who signed in')
  expect(mine.json.data.session.id !== before, 'a session of its own')
  if (theirs.status === 200) expect(theirs.json.data.user.email !== email, 'the attacker is the victim')
  for (const [name, cookie] of planted.jar) expect(cookie.value !== attacker.jar.get(name)?.value, `${name} is the planted one`)
})
await test('an invented cookie is never made valid', async () => {
  const invented = new Browser()
  const values = { tuition_at: 'A'.repeat(200), tuition_rt: 'B'.repeat(43) }
  for (const [name, value] of Object.entries(values)) invented.jar.set(name, { value, attributes: {} })
  const kept = invented.copy()
  same((await school.send({ method: 'POST', path: '/api/auth/login', as: invented, body: { email, password } })).status, 200, 'signing in')
  same((await me(kept)).status, 401, 'the invented one')
  same((await school.send({ method: 'POST', path: '/api/auth/refresh', as: kept })).status, 401, 'its refresh')
})
await test('two sign-ins are two sessions with values that have nothing in common', async () => {
  const [one, two] = [await school.browser(email), await school.browser(email)]
  expect((await idOf(one)) !== (await idOf(two)), 'the sessions')
  for (const name of one.jar.keys()) expect(one.jar.get(name).value !== two.jar.get(name).value, name)
})

// T31
await test('over https the cookies are bound to this host, and say nothing', async () => {
  const secure = await School.start({ verb: 'dev', env: { TUITION_SITE_BASE_URL: 'https://school.example' } })
  const address = await secure.signUp()
  const answer = await secure.send({ method: 'POST', path: '/api/auth/login', body: { email: address, password } })
  same(answer.status, 200, 'signing in')
  expect(answer.cookies.length >= 2, 'two cookies')
  for (const cookie of answer.cookies) {
    secret(cookie.value)
    const { Secure, HttpOnly, SameSite, Path, Domain } = cookie.attributes
    expect(Secure && HttpOnly && SameSite === 'Lax' && Domain === undefined, cookie.line)
    if (Path === '/') expect(cookie.name.startsWith('__Host-'), cookie.line)
    else expect(cookie.name.startsWith('__Secure-'), cookie.line)
    expect(!answer.text.includes(cookie.value), 'the value stands in the body')
    expect(!Object.values(answer.headers).some((value) => typeof value === 'string' && value.includes(cookie.value)), 'the value stands in another header')
    // The signature of the one and all of the other: far more than 128 bits that nobody can guess.
    expect(cookie.value.split('.').pop().length >= 43, `${cookie.name} could be guessed`)
    expect(!Buffer.from(cookie.value, 'base64url').includes(address), 'the address stands in the cookie')
  }
  expect(answer.headers['strict-transport-security']?.includes('max-age='), `Strict-Transport-Security: ${answer.headers['strict-transport-security']}`)
  secure.checkLog()
  await secure.stop()
})

// T32
await test('a cookie that was copied is worth nothing after signing out', async () => {
  const browser = await school.browser(email)
  const copied = browser.copy()
  same((await school.send({ method: 'POST', path: '/api/auth/logout', as: browser })).status, 200, 'signing out')
  same((await me(copied)).status, 401, 'the access token')
  same((await school.send({ method: 'POST', path: '/api/auth/refresh', as: copied })).status, 401, 'the refresh token')
  same((await school.send({ method: 'PUT', path: '/api/users/profile', as: copied, body: { fullName: 'Mallory' } })).status, 401, 'a change')
})
await test('a token that was copied is worth nothing after signing out', async () => {
  const person = await school.signIn(email)
  same((await school.send({ method: 'POST', path: '/api/auth/logout', as: person, body: {} })).status, 200, 'signing out')
  same((await me(new Bearer(person.token))).status, 401, 'the access token')
  same((await school.send({ method: 'POST', path: '/api/auth/refresh', body: { refreshToken: person.refreshToken } })).status, 401, 'the refresh token')
})
await test('a refresh token that was used is worth nothing, and its second use ends what the first one gave', async () => {
  const person = await school.signIn(email)
  const refresh = (refreshToken) => school.send({ method: 'POST', path: '/api/auth/refresh', body: { refreshToken } })
  const first = await refresh(person.refreshToken)
  same(first.status, 200, 'the first use')
  await school.send({ method: 'POST', path: '/dev/clock', body: { advance: 120 } })
  same((await refresh(person.refreshToken)).status, 401, 'the second use')
  same((await refresh(first.json.data.tokens.refreshToken)).status, 401, 'what the first use gave')
  same((await me(new Bearer(first.json.data.tokens.accessToken))).status, 401, 'its access token')
})
await test('signing out everywhere ends every copy', async () => {
  const [one, two, three] = [await school.browser(email), await school.browser(email), await school.signIn(email)]
  same((await school.send({ method: 'DELETE', path: '/api/auth/sessions', as: one })).status, 200, 'everywhere')
  for (const other of [two, three]) same((await me(other)).status, 401, 'another session')
  same((await school.send({ method: 'POST', path: '/api/auth/refresh', body: { refreshToken: three.refreshToken } })).status, 401, 'its refresh token')
})
// T33
await test('a session ends when it lies unused, and at the latest after its whole time', async () => {
  const clock = (advance) => school.send({ method: 'POST', path: '/dev/clock', body: { advance } })
  const refresh = (refreshToken) => school.send({ method: 'POST', path: '/api/auth/refresh', body: { refreshToken } })
  const idle = await school.signIn(email)
  await clock('P14DT1S')
  same((await refresh(idle.refreshToken)).status, 401, 'a second after it lay unused for too long')
  same((await me(idle)).status, 401, 'its access token')
  let { refreshToken } = await school.signIn(email)
  for (let day = 0; day < 29; day += 1) {
    await clock('P1D')
    const answer = await refresh(refreshToken)
    same(answer.status, 200, `day ${day + 1}`)
    refreshToken = answer.json.data.tokens.refreshToken
  }
  await clock('P1DT1S')
  same((await refresh(refreshToken)).status, 401, 'a second after its whole time, used every day')
})

// T34
await test('a changed password or address ends the sessions elsewhere at their next request', async () => {
  const address = await school.signUp()
  const word = 'quite another walk at dusk'
  const sessions = async (secretWord) => [await school.browser(address, secretWord), await school.browser(address, secretWord), await school.signIn(address, secretWord)]
  const [a, b, c] = await sessions(password)
  same((await school.send({ method: 'POST', path: '/api/auth/change-password', as: a, body: { currentPassword: password, newPassword: word } })).status, 200, 'changing the password')
  same([(await me(a)).status, (await me(b)).status, (await me(c)).status], [200, 401, 401], 'after the password')
  const [d, e, f] = await sessions(word)
  const fresh = `moved.${address}`
  same((await school.send({ method: 'POST', path: '/api/auth/change-email', as: d, body: { email: fresh, password: word } })).status, 200, 'asking for another address')
  same([(await me(e)).status, (await me(f)).status], [200, 200], 'before it is confirmed')
  const mail = await school.mailTo(fresh, (each) => /confirm-email\?token=/.test(each.text))
  const token = secret(/confirm-email\?token=([\w-]+)/.exec(mail.text)[1])
  same((await school.send({ method: 'POST', path: '/api/auth/confirm-email', body: { token } })).status, 200, 'confirming it')
  same([(await me(d)).status, (await me(e)).status, (await me(f)).status], [200, 401, 401], 'after the address')
})

// T35
await test('somebody who is kept out or removed is out at the next request', async () => {
  const owner = await school.demo('owner')
  for (const [method, tail] of [['POST', '/disable'], ['DELETE', '']]) {
    const address = await school.signUp()
    const [browser, client] = [await school.browser(address), await school.signIn(address)]
    same((await school.send({ method, path: `/api/admin/users/${client.profile.id}${tail}`, as: owner })).status, 200, method)
    for (const each of [browser, client]) same((await me(each)).status, 401, `${method}: a session`)
    same((await school.send({ method: 'POST', path: '/api/auth/refresh', as: browser, body: {} })).status, 401, `${method}: a refresh token`)
  }
})
await test('neither the log nor the answers told a token', () => school.checkLog())
await school.stop()
finish()
