// Signing up, signing in, sessions and profiles, from outside.
import { randomUUID } from 'node:crypto'
import { Bearer, Browser, freshAddress, password, strangeId, until } from './lib/client.mjs'
import { expect, finish, same, School, secret, test } from './lib/rows.mjs'
import { mailServer } from './support/mail_server.mjs'
import { freePort } from './support/tuition.mjs'

const school = await School.start()
const row = school.row.bind(school)
const long = (count) => 'ä'.repeat(count)

// --- Registration

const email = freshAddress()
await row('a stranger signs up and is told the address, nothing else', 'POST /api/auth/register',
  { body: { email: email.toUpperCase(), password, fullName: 'Robin Vale', consents: [{ purpose: 'newsletter', granted: true }] } },
  { status: 201, data: { email }, then: (answer) => same(answer.cookies.length, 0, 'cookies') })
await test('a mail asks to confirm the address, another one welcomes', async () => {
  const mails = await until('two mails', async () => ((found) => found.length >= 2 && found)(await school.outbox(email)))
  same(mails.length, 2, 'mails')
  const link = mails.map((each) => /https?:\S+token=[\w-]+/.exec(each.text)?.[0]).find(Boolean)
  expect(link?.startsWith(`http://127.0.0.1:${school.port}/`), `the link leads elsewhere: ${link}`)
  for (const mail of mails) expect(!mail.text.includes(password) && !mail.html.includes(password), 'the mail holds the password')
})
const taken = await row('a taken address gets the same answer', 'POST /api/auth/register', { body: { email, password: `${password} again`, fullName: 'Mallory' } }, { status: 201, data: { email } })
await test('the owner of a taken address gets a mail about it, and keeps the password', async () => {
  await school.mailTo(email, (mail) => !/token=/.test(mail.text) && /already|account/i.test(mail.text) && !/welcome/i.test(mail.subject))
  expect(taken.headers['set-cookie'] === undefined, 'no cookie')
  const person = await school.signIn(email)
  same(person.profile.fullName, 'Robin Vale', 'the name')
})
await test('known and unknown addresses get the same status, headers and body', async () => {
  const shape = (answer) => [answer.status, Object.keys(answer.headers).sort(), Object.keys(answer.json).sort(), Object.keys(answer.json.data).sort()]
  const fresh = await school.send({ method: 'POST', path: '/api/auth/register', body: { email: freshAddress(), password } })
  const known = await school.send({ method: 'POST', path: '/api/auth/register', body: { email, password } })
  same(shape(known), shape(fresh), 'the answers')
})
await test('sign-ups with a taken address do not become a storm of mail', async () => {
  const before = (await school.outbox(email)).length
  for (let i = 0; i < 5; i += 1) await school.send({ method: 'POST', path: '/api/auth/register', body: { email, password } })
  // A mail that is sent later than these would come before this one.
  const other = await school.signUp()
  await school.mailTo(other)
  same((await school.outbox(email)).length, before, 'mails')
})
for (const [what, body, fields] of [
  ['nothing', {}, ['email', 'password']],
  ['an address without @', { email: 'robin', password }, ['email']],
  ['an address that is too long', { email: `${'a'.repeat(250)}@example.org`, password }, ['email']],
  ['an address with a line break', { email: 'a@example.org\r\nBcc: b@example.org', password }, ['email']],
  ['two addresses', { email: 'a@example.org, b@example.org', password }, ['email']],
  ['a password that is too short', { email: freshAddress(), password: 'short words' }, ['password']],
  ['a password of 1025 characters', { email: freshAddress(), password: 'x'.repeat(1025) }, ['password']],
  ['one of the most common passwords', { email: freshAddress(), password: 'password1234' }, ['password']],
  ['a password with the school in it', { email: freshAddress(), password: 'tuition tuition' }, ['password']],
  ['a password with the address in it', { email: 'somebody.known@example.org', password: 'somebody.known 1' }, ['password']],
  ['a field nobody asked for', { email: freshAddress(), password, role: 'admin', isOwner: true }, ['isOwner', 'role']],
  ['a bad address and a short password', { email: 'robin', password: 'short' }, ['email', 'password']],
  ['a common password and a name that is too long', { email: freshAddress(), password: 'password1234', fullName: 'x'.repeat(201) }, ['fullName', 'password']],
  ['everything wrong at once', { email: 1, password: [], fullName: {}, consents: 'all', extra: null }, ['consents', 'email', 'extra', 'fullName', 'password']],
]) await row(`signing up with ${what} names the fields`, 'POST /api/auth/register', { body }, { status: 400, code: 'VALIDATION_ERROR', fields })
for (const [what, word] of [
  ['fifteen spaces', ' '.repeat(15)],
  ['fifteen emoji', '🎵'.repeat(15)],
  ['fifteen digits that are no pattern', '830192746501938'],
  ['64 characters', 'the lamp beside the quiet street burns until the last tram is in'],
  ['1024 characters', 'tq'.repeat(512)],
]) await test(`a password of ${what} is taken as it is`, async () => {
  const address = freshAddress()
  same((await school.send({ method: 'POST', path: '/api/auth/register', body: { email: address, password: word } })).status, 201, 'signing up')
  await school.signIn(address, word)
  const other = await school.send({ method: 'POST', path: '/api/auth/login', body: { email: address, password: `${word}x`.slice(0, 1024).replace(/.$/su, 'y') } })
  same(other.status, 401, 'another last character')
})
await test('passwords that differ only after 72 bytes differ', async () => {
  const address = freshAddress()
  await school.send({ method: 'POST', path: '/api/auth/register', body: { email: address, password: `${'qz'.repeat(36)}x` } })
  same((await school.send({ method: 'POST', path: '/api/auth/login', body: { email: address, password: `${'qz'.repeat(36)}y` } })).status, 401, 'the other one')
})

// --- Confirming the address

await test('the link in the mail confirms the address, and is harmless twice', async () => {
  const address = await school.signUp()
  const mail = await school.mailTo(address, (each) => /token=/.test(each.text))
  const token = secret(/token=([\w-]+)/.exec(mail.text)[1])
  const person = await school.signIn(address)
  same(person.profile.emailVerified, false, 'before')
  for (let i = 0; i < 2; i += 1) await school.judge('POST /api/auth/verify-email', { body: { token } }, { status: 200, data: null })
  same((await school.send({ path: '/api/auth/me', as: person })).json.data.user.emailVerified, true, 'after')
})
await row('a token that nobody sent confirms nothing', 'POST /api/auth/verify-email', { body: { token: 'nothing' } }, { status: 401, code: 'TOKEN_EXPIRED' })
await row('a missing token is named', 'POST /api/auth/verify-email', { body: {} }, { status: 400, fields: ['token'] })
await test('asking for a new link answers the same for every address', async () => {
  const known = await school.judge('POST /api/auth/resend-verification', { body: { email } }, { status: 200 })
  const unknown = await school.judge('POST /api/auth/resend-verification', { body: { email: freshAddress() } }, { status: 200 })
  same([known.json.data, known.json.message], [unknown.json.data, unknown.json.message], 'the answers')
})

// --- Signing in

await row('the right password opens a session in two cookies, and a third one knows the browser again', 'POST /api/auth/login', { body: { email, password } }, {
  status: 200,
  has: { email, role: 'user', isOwner: false, access: 'free', fullName: 'Robin Vale', tokens: null },
  then: (answer) => {
    same(answer.cookies.map((each) => each.name).sort(), ['tuition_at', 'tuition_br', 'tuition_rt'], 'cookies')
    for (const cookie of answer.cookies) {
      expect(cookie.attributes.HttpOnly && cookie.attributes.SameSite === 'Lax' && cookie.attributes.Domain === undefined, cookie.line)
      expect(cookie.value.length >= 40 && !answer.text.includes(cookie.value), 'the value is long, and not in the body')
    }
    const [access, refresh] = ['tuition_at', 'tuition_rt'].map((name) => answer.cookies.find((each) => each.name === name))
    same(access.attributes.Path, '/', 'path of the access token')
    // So that signing out finds the session later, too; how long the token in it works stands in the token.
    for (const each of [access, refresh]) {
      const seconds = Number(each.attributes['Max-Age'])
      expect(seconds <= 14 * 86400 && seconds > 13 * 86400, `${each.name} stays for ${seconds} s, not the two weeks in which nobody may come`)
    }
    same(answer.headers['cache-control'], 'no-store', 'Cache-Control')
  },
})
await row('with ?token=1 the tokens are in the body, and there are no cookies', 'POST /api/auth/login', { path: '/api/auth/login?token=1', body: { email, password } }, {
  status: 200,
  then: (answer) => {
    same(answer.cookies.length, 0, 'cookies')
    same(Object.keys(answer.json.data.tokens).sort(), ['accessToken', 'expiresAt', 'refreshToken'], 'tokens')
    expect(answer.json.data.passwordHash === undefined, 'no hash')
  },
})
await row('an address in capitals with blanks around is the same one', 'POST /api/auth/login', { body: { email: `  ${email.toUpperCase()} `, password } }, { status: 200 })
await test('a wrong password and an unknown address cannot be told apart', async () => {
  const wrong = await school.judge('POST /api/auth/login', { body: { email, password: 'something else entirely' } }, { status: 401, code: 'INVALID_CREDENTIALS' })
  const unknown = await school.judge('POST /api/auth/login', { body: { email: freshAddress(), password: 'something else entirely' } }, { status: 401, code: 'INVALID_CREDENTIALS' })
  same(wrong.json.error, unknown.json.error, 'the errors')
  same(Object.keys(wrong.headers), Object.keys(unknown.headers), 'the headers')
  same(wrong.cookies.length + unknown.cookies.length, 0, 'cookies')
})
for (const [what, body, fields] of [
  ['nothing', {}, ['email', 'password']],
  ['a number as password', { email, password: 12345 }, ['password']],
  ['an object as address', { email: { $ne: '' }, password }, ['email']],
  ['a code that is too short', { email, password, totp: '1' }, ['totp']],
  ['a field nobody asked for', { email, password, remember: true }, ['remember']],
]) await row(`signing in with ${what} names the field`, 'POST /api/auth/login', { body }, { status: 400, code: 'VALIDATION_ERROR', fields })
await test("SQL in an address is an address that is not one", async () => {
  for (const text of ["' OR '1'='1", "robin@example.org'; DROP TABLE users; --"]) {
    const answer = await school.send({ method: 'POST', path: '/api/auth/login', body: { email: text, password } })
    expect([400, 401].includes(answer.status), `${text}: ${answer.status}`)
  }
})
await test('guessing at one account becomes slower and slower, for that account only', async () => {
  const [target, other] = [await school.signUp(), await school.signUp()]
  const statuses = []
  for (let i = 0; i < 7; i += 1) statuses.push(await school.send({ method: 'POST', path: '/api/auth/login', body: { email: target, password: `guess number ${i}` } }))
  same(statuses.slice(0, 5).map((each) => each.status), [401, 401, 401, 401, 401], 'five tries are free')
  const refused = statuses.at(-1)
  same([refused.status, refused.json.error.code], [429, 'RATE_LIMITED'], 'then')
  expect(Number(refused.headers['retry-after']) >= 1, `Retry-After: ${refused.headers['retry-after']}`)
  await school.signIn(other)
  await school.send({ method: 'POST', path: '/dev/clock', body: { advance: 'PT1H' } })
  await school.signIn(target)
})
await test('an attacker who sets the cookie before gets nothing by it', async () => {
  const browser = new Browser()
  browser.keep([{ name: 'tuition_at', value: 'known-to-the-attacker', attributes: {} }, { name: 'tuition_rt', value: 'known-too', attributes: {} }])
  const answer = await school.send({ method: 'POST', path: '/api/auth/login', as: browser, body: { email, password } })
  same(answer.status, 200, 'signing in with a stale cookie')
  const again = await school.send({ method: 'POST', path: '/api/auth/login', as: browser, body: { email, password } })
  const ids = []
  for (const each of [answer, again]) {
    const cookie = each.cookies.find((one) => one.name === 'tuition_at').value
    ids.push((await school.send({ path: '/api/auth/me', headers: { Cookie: `tuition_at=${cookie}` } })).json.data.session.id)
  }
  expect(ids[0] !== ids[1], 'each sign-in is a session of its own')
  same((await school.send({ path: '/api/auth/me', headers: { Cookie: 'tuition_at=known-to-the-attacker' } })).status, 401, 'the supplied cookie')
})

// --- Who am I

await row('nobody is nobody', 'GET /api/auth/me', {}, { status: 401, code: 'UNAUTHENTICATED' })
const browser = await school.browser(email)
const bearer = await school.signIn(email)
await row('a browser learns who it is and by which session', 'GET /api/auth/me', { as: browser }, {
  status: 200,
  then: ({ json: { data } }) => {
    same([data.user.email, data.session.kind, data.mfa.enabled], [email, 'cookie', false], 'me')
    expect(new Date(data.session.expiresAt) > new Date(data.session.createdAt), 'the session ends after it began')
  },
})
await row('a client with a token, too', 'GET /api/auth/me', { as: bearer }, { status: 200, then: ({ json }) => same(json.data.session.kind, 'bearer', 'kind') })
await row('a header goes before a cookie, and is judged even where anybody may call', 'GET /api/plans', { headers: { Authorization: 'Bearer nonsense' } }, { status: 401 })
await row('a stale cookie keeps nobody from what is public', 'GET /api/plans', { headers: { Cookie: 'tuition_at=stale' } }, { status: 200 })

// --- Refreshing

await test('a refresh token works once; the old one, used late, ends the session', async () => {
  const person = await school.signIn(email)
  const first = await school.judge('POST /api/auth/refresh', { body: { refreshToken: person.refreshToken } }, { status: 200 })
  const next = first.json.data.tokens
  secret(next.refreshToken)
  expect(next.refreshToken !== person.refreshToken, 'the token changed')
  same(first.cookies.length, 0, 'cookies for a client that sends the token in the body')
  const second = await school.judge('POST /api/auth/refresh', { body: { refreshToken: next.refreshToken } }, { status: 200 })
  const living = new Bearer(second.json.data.tokens.accessToken)
  same((await school.send({ path: '/api/auth/me', as: living })).status, 200, 'the newest token')
  await school.judge('POST /api/auth/refresh', { body: { refreshToken: person.refreshToken } }, { status: 401, code: 'UNAUTHENTICATED' })
  same((await school.send({ path: '/api/auth/me', as: living })).status, 401, 'the newest token after that')
  await school.judge('POST /api/auth/refresh', { body: { refreshToken: second.json.data.tokens.refreshToken } }, { status: 401 })
  same((await school.send({ path: '/api/auth/me', as: bearer })).status, 200, 'other sessions of the person')
})
await test('a browser refreshes by its cookie, and gets new cookies', async () => {
  const own = await school.browser(email)
  const before = own.copy()
  const answer = await school.judge('POST /api/auth/refresh', { as: own, body: {} }, { status: 200 })
  same(answer.cookies.map((each) => each.name).sort(), ['tuition_at', 'tuition_rt'], 'cookies')
  expect(answer.json.data.tokens === null && !answer.cookies.some((each) => answer.text.includes(each.value)), 'tokens in the body')
  expect(own.jar.get('tuition_rt').value !== before.jar.get('tuition_rt').value, 'the token changed')
  same((await school.send({ path: '/api/auth/me', as: own })).status, 200, 'the new cookies')
  await school.judge('POST /api/auth/refresh', { as: await school.browser(email) }, { status: 200 })
})
await test('two tabs that refresh at the same moment both stay signed in', async () => {
  const own = await school.browser(email)
  const tabs = [own.copy(), own.copy()]
  const answers = await Promise.all(tabs.map((tab) => school.send({ method: 'POST', path: '/api/auth/refresh', as: tab, body: {} })))
  same(answers.map((each) => each.status), [200, 200], 'both')
  for (const tab of tabs) same((await school.send({ path: '/api/auth/me', as: tab })).status, 200, 'each')
})
await row('no token at all is 401', 'POST /api/auth/refresh', {}, { status: 401 })
for (const token of ['nonsense', 'a.b.c', `${strangeId}.1.${'A'.repeat(43)}`, '..'])
  await row(`the token ${token} is not ours`, 'POST /api/auth/refresh', { body: { refreshToken: token } }, { status: 401 })
await test('the generation in a token cannot be counted up', async () => {
  const person = await school.signIn(email)
  const [session, generation, seal] = person.refreshToken.split('.')
  await school.judge('POST /api/auth/refresh', { body: { refreshToken: `${session}.${Number(generation) + 1}.${seal}` } }, { status: 401 })
  same((await school.send({ path: '/api/auth/me', as: person })).status, 200, 'and nobody is thrown out by it')
})
await row('an access token refreshes nothing', 'POST /api/auth/refresh', { body: { refreshToken: bearer.token.slice(0, 512) } }, { status: 401 })

// --- Signing out

await test('signing out ends the session at once, copies of the cookies included', async () => {
  const own = await school.browser(email)
  const stolen = own.copy()
  const answer = await school.judge('POST /api/auth/logout', { as: own, body: {} }, { status: 200, data: null })
  for (const cookie of answer.cookies) expect(cookie.attributes['Max-Age'] === '0' && cookie.value === '', cookie.line)
  same(answer.cookies.length, 2, 'cookies that are cleared')
  same([...own.jar.keys()], ['tuition_br'], 'what the browser keeps')
  same((await school.send({ path: '/api/auth/me', as: stolen })).status, 401, 'the copied access token')
  same((await school.send({ method: 'POST', path: '/api/auth/refresh', as: stolen, body: {} })).status, 401, 'the copied refresh token')
})
await test('a token in a header ends, too, and its refresh token with it', async () => {
  const person = await school.signIn(email)
  await school.judge('POST /api/auth/logout', { as: person }, { status: 200 })
  same((await school.send({ path: '/api/auth/me', as: person })).status, 401, 'the access token')
  same((await school.send({ method: 'POST', path: '/api/auth/refresh', body: { refreshToken: person.refreshToken } })).status, 401, 'the refresh token')
  same((await school.send({ path: '/api/auth/me', as: bearer })).status, 200, 'other sessions of the person')
})
await row('signing out without a session is fine', 'POST /api/auth/logout', {}, { status: 200, data: null })
await row('signing out with a body is fine', 'POST /api/auth/logout', { body: {} }, { status: 200, data: null })

// --- Profile

const person = await school.member({ fullName: 'Sam Oak' })
await row('a profile is for who is signed in', 'GET /api/users/profile', {}, { status: 401 })
await row('a profile has everything that is promised', 'GET /api/users/profile', { as: person }, {
  status: 200,
  has: { email: person.email, role: 'user', isOwner: false, access: 'free', fullName: 'Sam Oak', preferences: {}, leaderboardOptIn: false, avatarId: null, locale: null, timezone: null,
    stats: { lessonsDone: 0, quizzesPassed: 0, minutes: 0, xp: 0, streakDays: 0, streakBest: 0, lastActiveDay: null } },
})
await row('the same stands at the root', 'GET /users/profile', { as: person }, { status: 200, has: { email: person.email } })
await row('what is given changes, what is absent stays', 'PUT /api/users/profile', { as: person, body: { locale: 'pt-BR', timezone: 'America/Argentina/Buenos_Aires', preferences: { theme: 'dark', a: [1, 2.5, null] } } }, {
  status: 200,
  has: { fullName: 'Sam Oak', locale: 'pt-BR', timezone: 'America/Argentina/Buenos_Aires', preferences: { theme: 'dark', a: [1, 2.5, null] } },
  then: async (answer) => same((await school.send({ path: '/api/users/profile', as: person })).json.data, answer.json.data, 'what is kept'),
})
await row('an empty name removes it', 'PUT /users/profile', { as: person, body: { fullName: '' } }, { status: 200, has: { fullName: null } })
await row('null means absent', 'PUT /api/users/profile', { as: person, body: { locale: null, leaderboardOptIn: true } }, { status: 200, has: { locale: 'pt-BR', leaderboardOptIn: true } })
await row('names of the world are kept as they are', 'PUT /api/users/profile', { as: person, body: { fullName: 'Ñandú O’Brien-Łukasz 山田 🎻' } }, { status: 200, has: { fullName: 'Ñandú O’Brien-Łukasz 山田 🎻' } })
await row('markup in a name is just a name', 'PUT /api/users/profile', { as: person, body: { fullName: '<script>alert(1)</script>' } }, { status: 200, has: { fullName: '<script>alert(1)</script>' } })
for (const [method, operation] of [['PUT', 'PUT /api/auth/update-profile'], ['PATCH', 'PATCH /api/auth/update-profile'], ['POST', 'POST /api/auth/update-profile']])
  await row(`${method} update-profile does the same`, operation, { as: person, body: { fullName: `By ${method}` } }, { status: 200, has: { fullName: `By ${method}`, locale: 'pt-BR' } })
for (const [what, body, fields] of [
  ['role and access', { role: 'admin', access: 'paid', isOwner: true, email: 'x@example.org', emailVerified: true }, ['access', 'email', 'emailVerified', 'isOwner', 'role']],
  ['a language that is none', { locale: 'klingon spoken' }, ['locale']],
  ['a zone that is none', { timezone: '../../etc/passwd' }, ['timezone']],
  ['a zone that only looks like one', { timezone: 'Europe/Atlantis' }, ['timezone']],
  ['all of it wrong', { timezone: 'Nowhere', locale: '!', preferences: [], fullName: 'x'.repeat(201), more: 1 }, ['fullName', 'locale', 'more', 'preferences', 'timezone']],
  ['a list of preferences', { preferences: [1] }, ['preferences']],
  ['preferences beyond 8 KiB', { preferences: { x: 'y'.repeat(9000) } }, ['preferences']],
  ['a name of 201 letters', { fullName: long(201) }, ['fullName']],
  ['a name with a line break', { fullName: 'Sam\nOak' }, ['fullName']],
  ['text for a yes or no', { leaderboardOptIn: 'yes' }, ['leaderboardOptIn']],
]) await row(`a profile with ${what} is refused`, 'PUT /api/users/profile', { as: person, body }, { status: 400, code: 'VALIDATION_ERROR', fields })
await row('a name of 200 letters is fine', 'PUT /api/users/profile', { as: person, body: { fullName: long(200) } }, { status: 200, has: { fullName: long(200) } })
await row('nobody changes nothing', 'PUT /api/users/profile', { body: { fullName: 'x' } }, { status: 401 })
await row('an empty change is none', 'PUT /api/users/profile', { as: person, body: {} }, { status: 200 })
await test('roles are what the school says', async () => {
  for (const [name, role, isOwner] of [['owner', 'admin', true], ['instructor', 'instructor', false], ['learner', 'user', false]]) {
    const { profile } = await school.demo(name)
    same([profile.role, profile.isOwner, profile.emailVerified], [role, isOwner, true], name)
  }
})
await row('a new person has no entitlements', 'GET /api/users/me/entitlements', { as: person }, { status: 200, data: [] })
await row('entitlements are for who is signed in', 'GET /api/users/me/entitlements', {}, { status: 401 })

// --- Together

await test('twenty sign-ups of one address at the same moment make one account', async () => {
  const address = freshAddress()
  const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => school.send({ method: 'POST', path: '/api/auth/register', body: { email: address, password: `${password} ${i}` } })))
  // More at once than the machine hashes may be asked to wait.
  for (const answer of answers) expect(answer.status === 201 || (answer.status === 503 && answer.headers['retry-after']), `${answer.status} ${answer.text}`)
  await school.mailTo(address, (mail) => /token=/.test(mail.text))
  const asking = (await school.outbox(address)).filter((mail) => /token=/.test(mail.text))
  same(asking.length, 1, 'mails that ask to confirm')
})
await test('sixty sign-ins at once are answered or asked to wait, and the rest of the server does not notice', async () => {
  const before = await school.metric('process_resident_memory_bytes')
  const all = Array.from({ length: 60 }, () => school.send({ method: 'POST', path: '/api/auth/login?token=1', body: { email: person.email, password } }))
  const probe = await school.send({ path: '/health' })
  same(probe.status, 200, '/health meanwhile')
  const answers = await Promise.all(all)
  for (const answer of answers) expect(answer.status === 200 || (answer.status === 503 && answer.headers['retry-after']), `${answer.status} ${answer.text}`)
  expect(answers.some((each) => each.status === 200), 'nobody got in')
  const grown = (await school.metric('process_resident_memory_bytes')) - before
  expect(grown < 160 << 20, `the server grew by ${grown >> 20} MiB`)
})
await test('sessions run out: access within a day, the session when it lies unused', async () => {
  const clock = (advance) => school.send({ method: 'POST', path: '/dev/clock', body: { advance } })
  const one = await school.signIn(person.email)
  const other = await school.signIn(person.email)
  await clock('P1DT2H')
  await school.judge('GET /api/auth/me', { as: one }, { status: 401, code: 'TOKEN_EXPIRED' })
  await school.judge('POST /api/auth/refresh', { body: { refreshToken: one.refreshToken } }, { status: 200 })
  await clock('P15D')
  await school.judge('POST /api/auth/refresh', { body: { refreshToken: other.refreshToken } }, { status: 401, code: 'TOKEN_EXPIRED' })
})
await test('no password and no token stands in the log', () => school.checkLog())

await school.stop()

// --- While the mail server is away

await test('people sign up and ask for links while the mail server is away, and the mail is there once it is back', async () => {
  const port = await freePort()
  const quiet = await School.start({ verb: 'serve', env: { RATE_LIMIT_ENABLED: 'false', TUITION_MAIL_SMTP_URL: `smtp://127.0.0.1:${port}`, TUITION_MAIL_FROM: 'school@school.example' } })
  const address = freshAddress()
  await quiet.judge('POST /api/auth/register', { body: { email: address, password } }, { status: 201, has: { email: address } })
  await quiet.judge('POST /api/auth/forgot-password', { body: { email: address } }, { status: 200 })
  await quiet.judge('POST /api/auth/login', { body: { email: address, password } }, { status: 403, code: 'EMAIL_NOT_VERIFIED' })
  const back = await mailServer(port)
  const link = await until('the link', () => back.mails.map((mail) => /verify-email\?token=([\w-]{43})/.exec(mail.replaceAll('=\n', '').replaceAll('=3D', '='))).find(Boolean), { seconds: 60 })
  await quiet.judge('POST /api/auth/verify-email', { body: { token: link[1] } }, { status: 200 })
  await quiet.judge('POST /api/auth/login', { body: { email: address, password } }, { status: 200 })
  back.server.close()
  await quiet.stop()
})
finish()
