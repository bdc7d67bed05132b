// Passwords that are forgotten and changed, addresses that change, and the sessions of one person, from outside.
import { Bearer, freshAddress, password, strangeId } from './lib/client.mjs'
import { expect, finish, same, School, secret, test } from './lib/rows.mjs'

const school = await School.start()
const row = school.row.bind(school)
const next = secret('a short walk at high tide')
const me = (as) => school.send({ path: '/api/auth/me', as })
const clock = (advance) => school.send({ method: 'POST', path: '/dev/clock', body: { advance } })
const linkIn = (mail, page) => secret(new RegExp(`/${page}\\?token=([\\w-]+)`).exec(mail.text)[1])
// Asks for a link and gives its token: that of a mail which was not there before.
async function linkFor(email) {
  const fits = (mail) => /reset-password\?token=/.test(mail.text)
  const before = (await school.outbox(email)).filter(fits).length
  await school.judge('POST /api/auth/forgot-password', { body: { email } }, { status: 200, data: null })
  for (;;) {
    const mails = (await school.outbox(email)).filter(fits)
    if (mails.length > before) return linkIn(mails.sort((a, b) => b.receivedAt.localeCompare(a.receivedAt))[0], 'reset-password')
    await new Promise((again) => setTimeout(again, 25))
  }
}

// --- Forgotten

const email = await school.signUp()
const early = await school.signIn(email)
await test('asking for a link answers the same for every address', async () => {
  const known = await school.judge('POST /api/auth/forgot-password', { body: { email } }, { status: 200, data: null })
  const unknown = await school.judge('POST /api/auth/forgot-password', { body: { email: freshAddress() } }, { status: 200, data: null })
  same([known.json.message, Object.keys(known.headers)], [unknown.json.message, Object.keys(unknown.headers)], 'the answers')
  await school.mailTo(email, (mail) => mail.text.includes(`http://127.0.0.1:${school.port}/reset-password?token=`))
})
for (const [what, body, fields] of [
  ['nothing', {}, ['email']],
  ['no address', { email: 'robin' }, ['email']],
  ['a field nobody asked for', { email, role: 'admin' }, ['role']],
]) await row(`asking for a link with ${what} names the field`, 'POST /api/auth/forgot-password', { body }, { status: 400, code: 'VALIDATION_ERROR', fields })
await row('a link that nobody sent changes nothing', 'POST /api/auth/reset-password', { body: { token: 'invented', password: next } }, { status: 401, code: 'TOKEN_EXPIRED' })
await row('what is missing is named', 'POST /api/auth/reset-password', { body: {} }, { status: 400, code: 'VALIDATION_ERROR', fields: ['password', 'token'] })
await clock('PT3M')
const link = await linkFor(email)
await row('a new password keeps the rules for passwords', 'POST /api/auth/reset-password', { body: { token: link, password: 'too short' } }, { status: 400, fields: ['password'] })
await row('the link sets a new password, signs nobody in and clears the cookies', 'POST /api/auth/reset-password', { body: { token: link, password: next } }, {
  status: 200,
  data: null,
  then: (answer) => {
    for (const cookie of answer.cookies.filter((each) => /tuition_[ar]t/.test(each.name))) same(cookie.attributes['Max-Age'], '0', cookie.line)
    // A token, and the proof that it is known at the account.
    expect(answer.cookies.some((each) => each.name === 'tuition_br' && /^[\w-]{43}\.[\w-]{22}$/.test(each.value)), 'the browser is not known')
  },
})
await row('it works once', 'POST /api/auth/reset-password', { body: { token: link, password: `${next} again` } }, { status: 401, code: 'TOKEN_EXPIRED' })
await test('the former password and all sessions are worth nothing, and a mail tells', async () => {
  same((await me(early)).status, 401, 'the access token')
  same((await school.send({ method: 'POST', path: '/api/auth/refresh', body: { refreshToken: early.refreshToken } })).status, 401, 'the refresh token')
  same((await school.send({ method: 'POST', path: '/api/auth/login', body: { email, password } })).status, 401, 'the former password')
  const mail = await school.mailTo(email, (each) => /password .*has changed/i.test(each.subject))
  expect(!mail.text.includes(next) && mail.text.includes('127.0.0.1'), mail.text)
  same((await school.signIn(email, next)).profile.emailVerified, true, 'whoever opens the link has the address')
})

// --- Changed

await test('changing the password ends other sessions, and this browser goes on with new cookies', async () => {
  const [here, there, client] = [await school.browser(email, next), await school.browser(email, next), await school.signIn(email, next)]
  const before = here.copy()
  const answer = await school.judge('POST /api/auth/change-password', { as: here, body: { currentPassword: next, newPassword: password } }, { status: 200, has: { tokens: null } })
  same(answer.cookies.map((each) => each.name).sort(), ['tuition_at', 'tuition_br', 'tuition_rt'], 'cookies')
  same((await me(here)).status, 200, 'this browser')
  for (const [name, other] of Object.entries({ before, there, client })) same((await me(other)).status, 401, name)
  same((await school.send({ method: 'POST', path: '/api/auth/refresh', as: before, body: {} })).status, 401, 'the refresh token from before')
  await school.signIn(email)
})
await test('a client without cookies gets its new tokens in the answer', async () => {
  const client = await school.signIn(email)
  const answer = await school.judge('POST /api/auth/change-password', { as: client, body: { currentPassword: password, newPassword: next } }, { status: 200 })
  same(answer.cookies.length, 0, 'cookies')
  same((await me(client)).status, 401, 'the old token')
  same((await me(new Bearer(secret(answer.json.data.tokens.accessToken)))).status, 200, 'the new one')
  await school.judge('POST /api/auth/refresh', { body: { refreshToken: secret(answer.json.data.tokens.refreshToken) } }, { status: 200 })
})
const person = await school.signIn(email, next)
await row('nobody changes nobody’s password', 'POST /api/auth/change-password', { body: { currentPassword: next, newPassword: password } }, { status: 401 })
await row('a session alone changes no password', 'POST /api/auth/change-password', { as: person, body: { newPassword: password } }, { status: 403, code: 'REAUTHENTICATION_REQUIRED', fields: ['currentPassword'] })
await row('the password until now is asked for', 'POST /api/auth/change-password', { as: person, body: { currentPassword: 'a guess', newPassword: password } }, { status: 401, code: 'INVALID_CREDENTIALS' })
for (const [what, body, fields] of [
  ['nothing', {}, ['newPassword']],
  ['a new one that is too short', { currentPassword: next, newPassword: 'short' }, ['newPassword']],
  ['a new one that is tried first', { currentPassword: next, newPassword: 'password1234' }, ['newPassword']],
  ['a new one with the name in it', { currentPassword: next, newPassword: 'robin robin robin' }, ['newPassword']],
]) await row(`changing the password with ${what} names the field`, 'POST /api/auth/change-password', { as: person, body }, { status: 400, code: 'VALIDATION_ERROR', fields })
await row('a profile takes a new password with the one until now', 'POST /api/auth/update-profile', { as: person, body: { fullName: 'Robin Oak', password } }, { status: 403, code: 'REAUTHENTICATION_REQUIRED', fields: ['currentPassword'] })
await row('and refuses it with a wrong one', 'PATCH /api/auth/update-profile', { as: person, body: { fullName: 'Robin Oak', password, currentPassword: 'a guess' } }, { status: 401, code: 'INVALID_CREDENTIALS' })
await row('with the right one both change', 'PUT /api/auth/update-profile', { as: person, body: { fullName: 'Robin Oak', password, currentPassword: next } }, {
  status: 200,
  has: { fullName: 'Robin Oak' },
  then: async (answer) => {
    same((await me(person)).status, 401, 'the old token')
    same((await me(new Bearer(secret(answer.json.data.tokens.accessToken)))).json.data.user.fullName, 'Robin Oak', 'the new one')
  },
})
await row('the profile’s other name takes no password', 'PUT /api/users/profile', { as: await school.signIn(email), body: { password: next, currentPassword: password } }, { status: 400, fields: ['currentPassword', 'password'] })

// --- Another address

await test('another address holds once its link has been opened; both addresses are told', async () => {
  const [old, fresh] = [await school.signUp(), freshAddress()]
  const [here, there] = [await school.signIn(old), await school.signIn(old)]
  await school.judge('POST /api/auth/change-email', { as: here, body: { email: fresh.toUpperCase(), password } }, { status: 200, data: { pendingEmail: fresh } })
  const told = await school.mailTo(old, (mail) => mail.text.includes(fresh))
  expect(!/token=/.test(told.text), 'the link went to the old address')
  const token = linkIn(await school.mailTo(fresh, (mail) => /confirm-email\?token=/.test(mail.text)), 'confirm-email')
  same((await me(here)).json.data.user.pendingEmail, fresh, 'what waits')
  same((await me(here)).json.data.user.email, old, 'what holds')
  await school.signIn(old)
  await school.judge('POST /api/auth/confirm-email', { body: { token } }, { status: 200, data: { email: fresh } })
  same((await me(there)).status, 401, 'another session')
  const { user } = (await me(here)).json.data
  same([user.email, user.pendingEmail, user.emailVerified], [fresh, null, true], 'the one that asked')
  same((await school.send({ method: 'POST', path: '/api/auth/login', body: { email: old, password } })).status, 401, 'the old address')
  await school.signIn(fresh)
  await school.judge('POST /api/auth/confirm-email', { body: { token } }, { status: 401, code: 'TOKEN_EXPIRED' })
  await school.mailTo(old, (mail) => /has changed/.test(mail.subject) && mail.text.includes(fresh))
})
await test('an address that somebody has gets the same answer, no link, and its owner a mail', async () => {
  const [asking, owner] = [await school.member(), await school.signUp()]
  await school.judge('POST /api/auth/change-email', { as: asking, body: { email: owner, password } }, { status: 200, data: { pendingEmail: owner } })
  const mail = await school.mailTo(owner, (each) => /asked to use your address/.test(each.subject))
  expect(!/token=/.test(mail.text), mail.text)
  same((await me(asking)).json.data.user.pendingEmail, owner, 'what waits')
})
await test('an address that somebody came to have meanwhile is 409', async () => {
  const [asking, wanted] = [await school.member(), freshAddress()]
  await school.judge('POST /api/auth/change-email', { as: asking, body: { email: wanted, password } }, { status: 200 })
  const token = linkIn(await school.mailTo(wanted, (mail) => /confirm-email/.test(mail.text)), 'confirm-email')
  await school.signUp({ email: wanted })
  await school.judge('POST /api/auth/confirm-email', { body: { token } }, { status: 409, code: 'EMAIL_TAKEN' })
  same((await me(asking)).json.data.user.email, asking.email, 'the address')
})
const mover = await school.member()
await test('a session alone asks for no other address, and nobody is written to', async () => {
  const wanted = freshAddress()
  await school.judge('POST /api/auth/change-email', { as: mover, body: { email: wanted } }, { status: 403, code: 'REAUTHENTICATION_REQUIRED', fields: ['password'] })
  const { user } = (await me(mover)).json.data
  same([user.email, user.pendingEmail], [mover.email, null], 'the address')
  const told = (await school.outbox(mover.email)).filter((mail) => mail.text.includes(wanted))
  same([(await school.outbox(wanted)).length, told.length], [0, 0], 'mails')
})
await row('another address takes the password', 'POST /api/auth/change-email', { as: mover, body: { email: freshAddress(), password: 'a guess' } }, { status: 401, code: 'INVALID_CREDENTIALS' })
await row('nobody has no address to change', 'POST /api/auth/change-email', { body: { email: freshAddress(), password } }, { status: 401 })
for (const [what, body, fields] of [
  ['nothing', {}, ['email']],
  ['the address in use', { email: mover.email, password }, ['email']],
  ['no address', { email: 'robin', password }, ['email']],
]) await row(`another address with ${what} names the field`, 'POST /api/auth/change-email', { as: mover, body }, { status: 400, code: 'VALIDATION_ERROR', fields })
await row('a link to confirm that nobody sent confirms nothing', 'POST /api/auth/confirm-email', { body: { token: 'invented' } }, { status: 401, code: 'TOKEN_EXPIRED' })
await row('a missing link is named', 'POST /api/auth/confirm-email', { body: {} }, { status: 400, fields: ['token'] })

// --- Sessions

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'
const iphone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1'
const many = await school.signUp()
async function from(agent) {
  const answer = await school.send({ method: 'POST', path: '/api/auth/login?token=1', headers: { 'User-Agent': agent }, body: { email: many, password } })
  return new Bearer(secret(answer.json.data.tokens.accessToken), secret(answer.json.data.tokens.refreshToken))
}
const [desk, phone, third] = [await from(firefox), await from(iphone), await from('curl/8.14.1')]
const devices = await row('sessions are listed with device, address and times', 'GET /api/auth/sessions', { as: desk }, {
  status: 200,
  then: ({ json: { data } }) => {
    same(data.map((each) => [each.device, each.ip, each.current]), [['curl', '127.0.0.1', false], ['Safari on iPhone', '127.0.0.1', false], ['Firefox on Linux', '127.0.0.1', true]], 'devices')
    for (const each of data) expect(new Date(each.createdAt) <= new Date(each.lastSeenAt) && new Date(each.expiresAt) > new Date(each.lastSeenAt), JSON.stringify(each))
  },
})
const ids = devices.json.data.map((each) => each.id)
await row('a session that is ended is out at its next request', 'DELETE /api/auth/sessions/{id}', { path: `/api/auth/sessions/${ids[1]}`, as: desk }, {
  status: 200,
  data: null,
  then: async () => {
    same((await me(phone)).status, 401, 'the phone')
    same((await school.send({ method: 'POST', path: '/api/auth/refresh', body: { refreshToken: phone.refreshToken } })).status, 401, 'its refresh token')
    same((await school.send({ path: '/api/auth/sessions', as: desk })).json.data.map((each) => each.id), [ids[0], ids[2]], 'what is left')
  },
})
await row('it cannot be ended twice', 'DELETE /api/auth/sessions/{id}', { path: `/api/auth/sessions/${ids[1]}`, as: desk }, { status: 404 })
await row('nobody ends somebody else’s', 'DELETE /api/auth/sessions/{id}', { path: `/api/auth/sessions/${ids[0]}`, as: mover }, { status: 404, then: async () => same((await me(third)).status, 200, 'it goes on') })
await row('an administrator ends none this way', 'DELETE /api/auth/sessions/{id}', { path: `/api/auth/sessions/${ids[0]}`, as: await school.demo('owner') }, { status: 404 })
for (const id of [strangeId, 'x', '%00', '..%2f'])
  await row(`there is no session ${id}`, 'DELETE /api/auth/sessions/{id}', { path: `/api/auth/sessions/${id}`, as: desk }, { status: [400, 404] })
await row('all others end at once', 'DELETE /api/auth/sessions', { as: desk }, { status: 200, data: { ended: 1 }, then: async () => same([(await me(third)).status, (await me(desk)).status], [401, 200], 'the other and this') })
await row('sessions are for who is signed in', 'GET /api/auth/sessions', {}, { status: 401 })
await row('ending them, too', 'DELETE /api/auth/sessions', {}, { status: 401 })
await row('and ending one', 'DELETE /api/auth/sessions/{id}', { path: `/api/auth/sessions/${strangeId}` }, { status: 401 })
await test('a browser that ends its own session loses its cookies', async () => {
  const own = await school.browser(many)
  const current = (await school.send({ path: '/api/auth/sessions', as: own })).json.data.find((each) => each.current)
  await school.judge('DELETE /api/auth/sessions/{id}', { path: `/api/auth/sessions/${current.id}`, as: own }, { status: 200 })
  same([own.jar.has('tuition_at'), own.jar.has('tuition_rt')], [false, false], 'cookies')
})

// --- The trail

await test('the trail tells who did what, and from where', async () => {
  const owner = await school.demo('owner')
  for (const action of ['auth.reset_asked', 'account.password_reset', 'account.password_changed', 'auth.password_wrong', 'account.address_asked', 'account.address_changed', 'auth.session_ended']) {
    const { json } = await school.send({ path: `/api/admin/audit-logs?action=${action}&limit=1`, as: owner })
    const [entry] = json.data ?? []
    expect(entry, `nothing about ${action}: ${JSON.stringify(json).slice(0, 200)}`)
    same([entry.category, entry.ipAddress], ['security', '127.0.0.1'], action)
  }
})
await test('no password and no token stands in the log', () => school.checkLog())

await school.stop()
finish()
