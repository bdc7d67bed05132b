// Attacks on sessions, from outside: planted cookies, what a cookie gives away, and cookies kept after their end.
import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import http from 'node:http'
import { join } from 'node:path'
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
  const secure = await School.start({ verb: 'dev', env: { TUITION_SITE_BASE_URL: 'https://school.example', TUITION_HTTP_HSTS_SUBDOMAINS: 'false' } })
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
    // The signature of the one and all of the other: far more than 128 bits that nobody can guess. A known browser's has a
    // proof behind it.
    const parts = cookie.value.split('.')
    expect((cookie.name.endsWith('tuition_br') ? parts[0] : parts.pop()).length >= 43, `${cookie.name} could be guessed`)
    expect(!Buffer.from(cookie.value, 'base64url').includes(address), 'the address stands in the cookie')
  }
  expect(answer.headers['strict-transport-security'] === 'max-age=31536000', `Strict-Transport-Security: ${answer.headers['strict-transport-security']}`)
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

await test('what somebody is reading when they are kept out or removed ends in the middle', async () => {
  const owner = await school.demo('owner')
  const film = Buffer.alloc(48 << 20, 'la ')
  film.write('\0\0\0\x20ftypisom', 0, 'latin1')
  for (const [method, tail] of [['POST', '/disable'], ['DELETE', '']]) {
    const teacher = await school.signIn(await school.signUp())
    same((await school.send({ method: 'PUT', path: `/api/admin/users/${teacher.profile.id}/role`, as: owner, body: { role: 'instructor' } })).status, 200, 'a teacher')
    const kept = await school.send({ method: 'POST', path: `/api/media?purpose=lesson&name=${method}.mp4`, as: teacher, raw: film, type: 'video/mp4' })
    same(kept.status, 201, 'the film')
    const got = await new Promise((done, failed) => {
      let bytes = 0
      const request = http.get({ host: '127.0.0.1', port: school.port, path: `/api/media/${kept.json.data.id}`, headers: teacher.headers() }, (answer) => {
        const whole = Number(answer.headers['content-length'])
        const end = () => done({ status: answer.statusCode, bytes, whole, complete: answer.complete, ms: Date.now() - outAt })
        let outAt = 0
        // Who reads slowly: seven seconds for the whole, where the school asks again every three.
        answer.on('data', (part) => {
          bytes += part.length
          if (outAt === 0) return
          answer.pause()
          setTimeout(() => answer.resume(), (part.length / film.length) * 7000)
        })
        answer.on('error', () => {})
        answer.on('close', end)
        // The beginning has arrived: nothing more is taken until they are out.
        answer.once('data', async () => {
          answer.pause()
          same((await school.send({ method, path: `/api/admin/users/${teacher.profile.id}${tail}`, as: owner })).status, 200, method)
          outAt = Date.now()
          answer.resume()
        })
      })
      request.on('error', failed)
    })
    same([got.status, got.whole], [200, film.length], 'the answer')
    expect(!got.complete && got.bytes < film.length, `${method}: ${got.bytes} of ${film.length} bytes came`)
    console.log(`  ${method}: cut after ${got.ms} ms with ${got.bytes >> 20} of ${film.length >> 20} MiB`)
  }
})

// T27. Signed with the school's very key, so that nothing but the form is what is refused.
const hmac = (key, text) => createHmac('sha256', key).update(text).digest()
const accessKey = hmac(readFileSync(join(school.data, 'school.key')), 'tuition key 1:access-tokens')
const encode = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
const sign = (head, claims, key = accessKey) => {
  const body = `${encode(head)}.${encode(claims)}`
  return `${body}.${hmac(key, body).toString('base64url')}`
}
const victim = await school.signIn(email)
const [head, claims] = victim.token.split('.').slice(0, 2).map((part) => JSON.parse(Buffer.from(part, 'base64url')))
const status = async (token) => (await school.send({ path: '/api/auth/me', headers: { Authorization: `Bearer ${token}` } })).status
const now = async () => Math.floor(new Date((await school.send({ method: 'POST', path: '/dev/clock', body: { advance: 0 } })).json.now) / 1000)
await test('the test signs as the school does', async () => same(await status(sign(head, claims)), 200, 'the same token'))
const seconds = await now()
for (const [what, token] of [
  ['alg none without a signature', `${encode({ ...head, alg: 'none' })}.${encode(claims)}.`],
  ['alg none with the old signature', `${encode({ ...head, alg: 'none' })}.${encode(claims)}.${victim.token.split('.')[2]}`],
  ['alg nOnE', `${encode({ ...head, alg: 'nOnE' })}.${encode(claims)}.`],
  ['alg none, signed', sign({ ...head, alg: 'none' }, claims)],
  ['alg HS512', sign({ ...head, alg: 'HS512' }, claims)],
  ['alg RS256', sign({ ...head, alg: 'RS256' }, claims)],
  ['no alg', sign({ kid: head.kid, typ: head.typ }, claims)],
  ['another type', sign({ ...head, typ: 'JWT' }, claims)],
  ['no type', sign({ alg: head.alg, kid: head.kid }, claims)],
  ['a kid that is a path', sign({ ...head, kid: '../../../../dev/null' }, claims)],
  ['a kid that is a path, signed with nothing', sign({ ...head, kid: '../../../../dev/null' }, claims, '')],
  ['a kid that is SQL', sign({ ...head, kid: "x' UNION SELECT 'AAAA' -- " }, claims, 'AAAA')],
  ['the kid as the key', sign(head, claims, head.kid)],
  ['a known word as the key', sign(head, claims, 'secret')],
  ['nothing as the key', sign(head, claims, '')],
  ['a critical extension', sign({ ...head, crit: ['b64'], b64: false }, claims)],
  ['another issuer', sign(head, { ...claims, iss: 'https://evil.example' })],
  ['another audience', sign(head, { ...claims, aud: 'https://evil.example' })],
  ['a list of audiences', sign(head, { ...claims, aud: [claims.aud, 'other'] })],
  ['no audience', sign(head, { ...claims, aud: undefined })],
  ['a time that was over a second ago', sign(head, { ...claims, iat: seconds - 3600, exp: seconds - 1 })],
  ['no end', sign(head, { ...claims, exp: undefined })],
  ['an end that is text', sign(head, { ...claims, exp: '9999999999' })],
  ['an end with a fraction', sign(head, { ...claims, exp: claims.exp + 0.5 })],
  ['an end below zero', sign(head, { ...claims, exp: -1 })],
  ['a beginning in an hour', sign(head, { ...claims, nbf: seconds + 3600 })],
  ['one that will be made in an hour', sign(head, { ...claims, iat: seconds + 3600, exp: seconds + 7200 })],
  ['a role nobody has', sign(head, { ...claims, role: 'owner' })],
  ['a claim twice', sign(head, JSON.stringify(claims).replace('"role":"user"', '"role":"user","role":"admin"'))],
  ['the subject twice', sign(head, JSON.stringify(claims).replace('{', `{"sub":"${claims.sub}",`))],
  ['claims in another order', sign(head, Object.fromEntries(Object.entries(claims).reverse()))],
  ['white space', sign(head, JSON.stringify(claims, null, 1))],
  ['more claims', sign(head, { ...claims, admin: true })],
  ['claims that are no object', sign(head, [claims])],
  ['claims that are no JSON', sign(head, 'admin')],
  ['an empty payload', `${encode(head)}..${hmac(accessKey, `${encode(head)}.`).toString('base64url')}`],
  ['padding', `${victim.token}=`],
  ['a part more', `${victim.token}.x`],
  ['five parts', `${encode({ alg: 'dir', enc: 'A256GCM' })}....`],
  ['JSON serialisation', JSON.stringify({ payload: encode(claims), protected: encode(head), signature: victim.token.split('.')[2] })],
  ['the refresh token', victim.refreshToken],
  ['more header than any has', `${encode({ ...head, x: 'A'.repeat(3000) })}.${encode(claims)}.${victim.token.split('.')[2]}`],
]) {
  await test(`a token with ${what} signs nobody in`, async () => same(await status(token), 401, 'status'))
}
await test('a signature whose last letter is written otherwise is another one', async () => {
  // Base64 leaves four bits of the last letter unused: sixteen letters mean the same.
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const at = alphabet.indexOf(victim.token.at(-1))
  const twin = victim.token.slice(0, -1) + alphabet[at ^ 1]
  same(Buffer.from(twin.split('.')[2], 'base64url').equals(Buffer.from(victim.token.split('.')[2], 'base64url')), true, 'the same bytes')
  same(await status(twin), 401, 'status')
})
await test('a token as good as any before is still good', async () => same(await status(victim.token), 200, 'status'))
await test('neither the log nor the answers told a token', () => school.checkLog())
await school.stop()
finish()
