// The second step of signing in, and API keys, from outside.
import { Authenticator, clock, oneTimeCode } from './lib/authenticator.mjs'
import { Bearer, password, strangeId, until } from './lib/client.mjs'
import { expect, finish, same, School, secret, test } from './lib/rows.mjs'

const school = await School.start()
const row = school.row.bind(school)
const owner = await school.demo('owner')
const instructor = await school.demo('instructor')
const ada = await school.member({ fullName: 'Ada Lovelace' })
const bob = await school.member({ fullName: 'Bob Byron' })

// --- Setting up

for (const name of ['setup', 'enable', 'disable', 'recovery-codes']) await row(`mfa/${name} is for people who are signed in`, `POST /api/auth/mfa/${name}`, { body: { password, code: '000000' } }, { status: 401, code: 'UNAUTHENTICATED' })
await row('who has no second step is told so', 'GET /api/auth/me', { as: ada }, { status: 200, then: ({ json }) => same(json.data.mfa, { enabled: false, required: false, recoveryCodesLeft: 0, since: null }, 'mfa') })
await row('setting up takes the password', 'POST /api/auth/mfa/setup', { as: ada, body: {} }, { status: 403, code: 'REAUTHENTICATION_REQUIRED', fields: ['password'] })
await row('setting up takes the right password', 'POST /api/auth/mfa/setup', { as: ada, body: { password: 'not the password' } }, { status: 401, code: 'INVALID_CREDENTIALS' })
await row('enabling needs something to enable', 'POST /api/auth/mfa/enable', { as: ada, body: { code: '123456' } }, { status: 409, code: 'MFA_NOT_SET_UP' })
const made = await row('setting up gives a key, to type and to scan', 'POST /api/auth/mfa/setup', { as: ada, body: { password } }, {
  status: 200,
  then: ({ json: { data } }) => {
    expect(/^[A-Z2-7]{32}$/.test(secret(data.secret)), 'a key of 160 bits')
    expect(data.uri.startsWith('otpauth://totp/') && data.uri.includes(`secret=${data.secret}`) && data.uri.includes('issuer='), data.uri)
    expect(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" viewBox="0 0 \d+ \d+"/.test(data.qrSvg) && !/script|style|href|on\w+=/.test(data.qrSvg), data.qrSvg.slice(0, 200))
  },
})
const key = made.json.data.secret
const now = (later = 0) => clock(school).then((at) => oneTimeCode(key, new Date(at.getTime() + 30_000 * later)))
await row('until a code was seen the password still signs in', 'POST /api/auth/login', { body: { email: ada.email, password } }, { status: 200 })
for (const [what, body, fields] of [['no code', {}, ['code']], ['a code of five', { code: '12345' }, ['code']], ['a number', { code: 123456 }, ['code']]])
  await row(`enabling with ${what} names the field`, 'POST /api/auth/mfa/enable', { as: ada, body }, { status: 400, fields })
await row('a wrong code enables nothing', 'POST /api/auth/mfa/enable', { as: ada, body: { code: '000000' } }, { status: 401, code: 'MFA_INVALID' })
const elsewhere = await school.signIn(ada.email)
const on = await row('the code that the app shows turns it on and gives ten recovery codes', 'POST /api/auth/mfa/enable', { as: ada, body: { code: await now() } }, {
  status: 200,
  then: ({ json: { data } }) => {
    same(new Set(data.recoveryCodes).size, 10, 'codes')
    for (const code of data.recoveryCodes) expect(/^[a-z2-7]{7}-[a-z2-7]{7}$/.test(secret(code)), 'a code of 70 bits')
  },
})
await row('the session that turned it on goes on', 'GET /api/auth/me', { as: ada }, { status: 200, then: ({ json }) => same([json.data.mfa.enabled, json.data.mfa.recoveryCodesLeft], [true, 10], 'mfa') })
await row('the others are over', 'GET /api/auth/me', { as: elsewhere }, { status: 401 })
await test('the person is told by mail', () => school.mailTo(ada.email, (mail) => /second step is on/.test(mail.subject)))
await row('it is not set up twice', 'POST /api/auth/mfa/setup', { as: ada, body: { password } }, { status: 409, code: 'MFA_ON' })

for (const [what, method, path, body] of [
  ['another address', 'POST', '/api/auth/change-email', { email: 'moving@example.org', password }],
  ['an API key', 'POST', '/api/users/me/api-keys', { name: 'x', scopes: ['profile:read'], password }],
  ['the end of the account', 'DELETE', '/api/users/{id}', { password }],
  ['another password', 'POST', '/api/auth/change-password', { currentPassword: password, newPassword: `${password} again` }],
  ['another password with the profile', 'PUT', '/api/auth/update-profile', { currentPassword: password, password: `${password} again` }],
]) {
  const at = path.replace('{id}', ada.profile.id)
  await row(`with a second step ${what} takes a code, too`, `${method} ${path}`, { as: ada, path: at, body }, { status: 400, fields: ['code'] })
  await row(`and for ${what} the right one`, `${method} ${path}`, { as: ada, path: at, body: { ...body, code: '000000' } }, { status: 401, code: 'MFA_INVALID' })
}
await clock(school, 31)
await row('with the right code a key is made', 'POST /api/users/me/api-keys', { as: ada, body: { name: 'Coded', scopes: ['profile:read'], password, code: await now() } }, { status: 201, then: ({ json }) => secret(json.data.secret) })
await test('and ended', async () => {
  const { json } = await school.send({ path: '/api/users/me/api-keys', as: ada })
  same((await school.send({ method: 'DELETE', path: `/api/users/me/api-keys/${json.data[0].id}`, as: ada })).status, 200, 'ended')
})
await clock(school, 31)

// --- Signing in

const refused = await row('the right password gets a challenge instead of a session', 'POST /api/auth/login', { body: { email: ada.email, password } }, {
  status: 401,
  code: 'MFA_REQUIRED',
  then: ({ json: { error }, cookies }) => {
    same(Object.keys(error.challenge).sort(), ['expiresAt', 'methods', 'token'], 'challenge')
    same(error.challenge.methods, ['totp', 'recovery'], 'methods')
    same(cookies.length, 0, 'cookies')
    secret(error.challenge.token)
  },
})
await test('a client that asks for problem details gets the challenge there', async () => {
  const { json } = await school.send({ method: 'POST', path: '/api/auth/login', headers: { Accept: 'application/problem+json' }, body: { email: ada.email, password } })
  same([json.code, typeof json.challenge.token], ['MFA_REQUIRED', 'string'], 'problem')
})
await row('a wrong password gets none', 'POST /api/auth/login', { body: { email: ada.email, password: 'not the password', totp: await now(1) } }, { status: 401, code: 'INVALID_CREDENTIALS' })
const challenge = refused.json.error.challenge.token
await clock(school, 31)
await row('a wrong code is refused', 'POST /api/auth/mfa/verify', { body: { challenge, code: '000000' } }, { status: 401, code: 'MFA_INVALID' })
await row('verifying needs both', 'POST /api/auth/mfa/verify', { body: {} }, { status: 400, fields: ['challenge', 'code'] })
await row('challenge and code sign in, with cookies', 'POST /api/auth/mfa/verify', { body: { challenge, code: await now() } }, {
  status: 200,
  has: { email: ada.email, tokens: null },
  then: ({ cookies }) => expect(cookies.some((each) => each.name === 'tuition_at'), 'a session'),
})
await row('the challenge is used up', 'POST /api/auth/mfa/verify', { body: { challenge, code: await now() } }, { status: 401, code: 'TOKEN_EXPIRED' })
await clock(school, 31)
await row('password and code at once give tokens', 'POST /api/auth/login', { path: '/api/auth/login?token=1', body: { email: ada.email, password, totp: await now() } }, { status: 200, then: ({ json }) => expect(secret(json.data.tokens.accessToken), 'a token') })
await row('the code works once', 'POST /api/auth/login', { path: '/api/auth/login?token=1', body: { email: ada.email, password, totp: await now() } }, { status: 401, code: 'MFA_INVALID' })
await row('a recovery code signs in as well', 'POST /api/auth/login', { path: '/api/auth/login?token=1', body: { email: ada.email, password, totp: on.json.data.recoveryCodes[0] } }, { status: 200 })
await row('and is told', 'GET /api/auth/me', { as: ada }, { status: 200, then: ({ json }) => same(json.data.mfa.recoveryCodesLeft, 9, 'left') })

// --- Changing it

await row('new recovery codes take the password', 'POST /api/auth/mfa/recovery-codes', { as: ada, body: { password: 'not the password', code: await now() } }, { status: 401, code: 'INVALID_CREDENTIALS' })
await row('new recovery codes take a code', 'POST /api/auth/mfa/recovery-codes', { as: ada, body: { password, code: '000000' } }, { status: 401, code: 'MFA_INVALID' })
await clock(school, 31)
const renewed = await row('new recovery codes replace the old ones', 'POST /api/auth/mfa/recovery-codes', { as: ada, body: { password, code: await now() } }, { status: 200, then: ({ json }) => same(json.data.recoveryCodes.length, 10, 'codes') })
renewed.json.data.recoveryCodes.forEach(secret)
await row('an old one is dead', 'POST /api/auth/mfa/disable', { as: ada, body: { password, code: on.json.data.recoveryCodes[1] } }, { status: 401, code: 'MFA_INVALID' })
await row('turning it off takes the password', 'POST /api/auth/mfa/disable', { as: ada, body: { password: 'not the password', code: await now() } }, { status: 401, code: 'INVALID_CREDENTIALS' })
await row('turning it off names what is missing', 'POST /api/auth/mfa/disable', { as: ada, body: {} }, { status: 400, fields: ['code'] })
for (const [what, body] of [['disable', { code: '000000' }], ['recovery-codes', { code: '000000' }]]) await row(`mfa/${what} takes the password from whoever is signed in, too`, `POST /api/auth/mfa/${what}`, { as: ada, body }, { status: 403, code: 'REAUTHENTICATION_REQUIRED', fields: ['password'] })
await row('turning it off works with a recovery code', 'POST /api/auth/mfa/disable', { as: ada, body: { password, code: renewed.json.data.recoveryCodes[0] } }, { status: 200, data: null })
await row('what is off is not turned off', 'POST /api/auth/mfa/disable', { as: ada, body: { password, code: '000000' } }, { status: 409, code: 'MFA_OFF' })
await row('then the password signs in alone', 'POST /api/auth/login', { body: { email: ada.email, password } }, { status: 200 })

// --- Resetting it

for (const path of ['/api/admin/users', '/admin/users']) {
  const lost = await school.member()
  await Authenticator.for(school, lost)
  await row(`${path}/{id} shows administrators who has a second step`, `GET ${path}/{id}`, { as: owner, path: `${path}/${lost.profile.id}` }, { status: 200, has: { mfaEnabled: true, apiKeys: 0 } })
  for (const [who, as] of [['a learner', bob], ['an instructor', instructor]]) await row(`${path}/{id}/reset-mfa is nothing for ${who}`, `POST ${path}/{id}/reset-mfa`, { as, path: `${path}/${lost.profile.id}/reset-mfa` }, { status: 403, code: 'FORBIDDEN' })
  await row(`${path}/{id}/reset-mfa of nobody is not there`, `POST ${path}/{id}/reset-mfa`, { as: owner, path: `${path}/${strangeId}/reset-mfa` }, { status: 404 })
  await row(`${path}/{id}/reset-mfa lets somebody in by password again`, `POST ${path}/{id}/reset-mfa`, { as: owner, path: `${path}/${lost.profile.id}/reset-mfa` }, { status: 200, has: { mfaEnabled: false, sessions: 0 } })
  await row('their sessions are over', 'GET /api/auth/me', { as: lost }, { status: 401 })
  await test('they are told by mail, and the trail says who did it', async () => {
    await school.mailTo(lost.email, (mail) => /was removed/.test(mail.subject))
    const trail = await school.send({ path: '/api/admin/audit-logs?action=account.mfa_reset&limit=1', as: owner })
    same(trail.json.data[0].userId, owner.profile.id, 'who')
  })
  await test('they sign in by password', () => school.signIn(lost.email))
}
await row('nobody resets their own', 'POST /api/admin/users/{id}/reset-mfa', { as: owner, path: `/api/admin/users/${owner.profile.id}/reset-mfa` }, { status: 403, code: 'FORBIDDEN' })

// --- API keys

const keys = '/api/users/me/api-keys'
await row('keys are for people who are signed in', `GET /api/users/me/api-keys`, {}, { status: 401 })
await row('nobody makes one without signing in', `POST /api/users/me/api-keys`, { body: { name: 'x', scopes: ['profile:read'], password } }, { status: 401 })
await row('at first there are none', `GET /api/users/me/api-keys`, { as: ada }, { status: 200, data: [] })
for (const [what, body, fields] of [
  ['nothing', {}, ['name', 'scopes']],
  ['no scopes', { name: 'x', scopes: [] }, ['scopes']],
  ['an unknown scope', { name: 'x', scopes: ['everything'] }, ['scopes[0]']],
  ['the same scope twice', { name: 'x', scopes: ['profile:read', 'profile:read'] }, ['scopes']],
  ['a scope of administrators', { name: 'x', scopes: ['users:read'] }, ['scopes']],
  ['a name that is too long', { name: 'x'.repeat(101), scopes: ['profile:read'] }, ['name']],
  ['an end in the past', { name: 'x', scopes: ['profile:read'], expiresAt: '2020-01-01T00:00:00Z' }, ['expiresAt']],
  ['what nobody asked for', { name: 'x', scopes: ['profile:read'], secret: 'mine', userId: bob.profile.id }, ['secret', 'userId']],
]) await row(`a key with ${what} is refused`, `POST /api/users/me/api-keys`, { as: ada, body: what === 'nothing' ? body : { password, ...body } }, { status: 400, fields })
await row('a session alone makes no key', 'POST /api/users/me/api-keys', { as: ada, body: { name: 'x', scopes: ['profile:read'] } }, { status: 403, code: 'REAUTHENTICATION_REQUIRED', fields: ['password'] })
await row('a key is made by the password', `POST /api/users/me/api-keys`, { as: ada, body: { name: 'x', scopes: ['profile:read'], password: 'not the password' } }, { status: 401, code: 'INVALID_CREDENTIALS' })
const soon = new Date((await clock(school)).getTime() + 86_400_000).toISOString()
const first = await row('a key is shown once, when it is made', `POST /api/users/me/api-keys`, { as: ada, body: { name: 'Backup', scopes: ['profile:read', 'courses:read'], expiresAt: soon, password } }, {
  status: 201,
  has: { name: 'Backup', scopes: ['profile:read', 'courses:read'], lastUsedAt: null, expiresAt: soon },
  then: ({ json: { data } }) => expect(/^tuk_[\w-]{43}$/.test(secret(data.secret)) && data.secret.startsWith(data.prefix) && data.prefix.length === 12, 'a key'),
})
await test('the person is told by mail', () => school.mailTo(ada.email, (mail) => /API key/.test(mail.subject) && mail.text.includes('Backup') && !/tuk_/.test(mail.text)))
const program = new Bearer(first.json.data.secret)
await row('a program reads what its key names', 'GET /api/users/profile', { as: program }, { status: 200, has: { email: ada.email } })
await row('it does not change it', 'PUT /api/users/profile', { as: program, body: { fullName: 'Mallory' } }, { status: 403, code: 'SCOPE_REQUIRED' })
await row('it needs no origin', 'POST /api/progress/save', { as: program, body: { level: 1 } }, { status: 403, code: 'SCOPE_REQUIRED' })
await row('when it was used is told', `GET /api/users/me/api-keys`, { as: ada }, { status: 200, then: ({ json }) => expect(json.data[0].lastUsedAt && !('secret' in json.data[0]), JSON.stringify(json.data)) })
await row('public lists are everybody’s without the scope', 'GET /api/plans', { as: program }, { status: 200 })
for (const [method, path, body] of [
  ['GET', '/api/auth/me'],
  ['POST', '/api/auth/mfa/setup', { password }],
  ['POST', '/api/auth/mfa/enable', { code: '000000' }],
  ['POST', '/api/auth/mfa/disable', { password, code: '000000' }],
  ['POST', '/api/auth/mfa/recovery-codes', { password, code: '000000' }],
  ['GET', keys],
  ['POST', keys, { name: 'more', scopes: ['profile:read'], password }],
  ['DELETE', `${keys}/${first.json.data.id}`],
]) await test(`keys may not ${method} ${path.replace(first.json.data.id, '{id}')}`, async () => {
  const answer = await school.send({ method, path, as: program, body })
  same([answer.status, answer.json.error.code], [403, 'SCOPE_REQUIRED'], 'answer')
})
await test('the document says which scope each operation needs, and none where keys are refused', () => {
  const { paths, components } = school.document
  same(components.securitySchemes.key.scheme, 'bearer', 'scheme')
  same(paths['/api/users/profile'].get.security.find((each) => each.key), { key: ['profile:read'] }, 'profile')
  same(paths['/api/admin/users'].get.security.find((each) => each.key), { key: ['users:read'] }, 'people')
  expect(!paths['/api/users/me/api-keys'].post.security.some((each) => each.key), 'keys make no keys')
})
const chief = await school.member()
await school.send({ method: 'PUT', path: `/api/admin/users/${chief.profile.id}/role`, as: owner, body: { role: 'admin' } })
const watch = await row('administrators give keys their scopes', `POST /api/users/me/api-keys`, { as: chief, body: { name: 'Watch', scopes: ['ops', 'users:read'], password } }, { status: 201 })
const watcher = new Bearer(secret(watch.json.data.secret))
await row('with ops a program reads figures', 'GET /api/metrics', { as: watcher }, { status: 200 })
await row('with users:read it reads people', 'GET /api/admin/users', { as: watcher }, { status: 200 })
await row('without users:write it changes none', 'POST /api/admin/users/{id}/disable', { as: watcher, path: `/api/admin/users/${bob.profile.id}/disable` }, { status: 403, code: 'SCOPE_REQUIRED' })
const office = new Bearer(secret((await row('an owner gives a key the people', `POST /api/users/me/api-keys`, { as: owner, body: { name: 'Office', scopes: ['users:read', 'users:write'], password: 'practice makes perfect' } }, { status: 201 })).json.data.secret))
for (const role of ['admin', 'instructor']) {
  await row(`the owner's key adds no ${role}`, 'POST /api/users', { as: office, body: { email: `key-${role}@example.org`, role, password: 'a wholly fine one' } }, { status: 403, code: 'FORBIDDEN' })
  await row(`it makes nobody ${role} by PUT`, 'PUT /api/users/{id}', { as: office, path: `/api/users/${bob.profile.id}`, body: { role } }, { status: 403, code: 'FORBIDDEN' })
  await row(`it makes nobody ${role} by role`, 'PUT /api/admin/users/{id}/role', { as: office, path: `/api/admin/users/${bob.profile.id}/role`, body: { role } }, { status: 403, code: 'FORBIDDEN' })
}
await row('it makes nobody an owner', 'PUT /api/users/{id}', { as: office, path: `/api/users/${chief.profile.id}`, body: { isOwner: true } }, { status: 403, code: 'FORBIDDEN' })
await row('nor by role', 'PUT /api/admin/users/{id}/role', { as: office, path: `/api/admin/users/${chief.profile.id}/role`, body: { role: 'admin', isOwner: true } }, { status: 403, code: 'FORBIDDEN' })
await row('it keeps no administrator out', 'POST /api/admin/users/{id}/disable', { as: office, path: `/api/admin/users/${chief.profile.id}/disable` }, { status: 403, code: 'FORBIDDEN' })
await row('it removes no second step', 'POST /api/admin/users/{id}/reset-mfa', { as: office, path: `/api/admin/users/${bob.profile.id}/reset-mfa` }, { status: 403, code: 'SCOPE_REQUIRED' })
await test('it imports no staff', async () => {
  const { status, json } = await school.send({ method: 'POST', path: '/api/admin/users/import', as: office, type: 'text/csv', raw: 'email,role\nkey-import@example.org,admin\n' })
  same([status, json.error.details[0].field], [422, 'line 2, role'], 'answer')
})
await row('it adds learners', 'POST /api/users', { as: office, body: { email: 'key-learner@example.org', password: 'a wholly fine one' } }, { status: 201, has: { role: 'user' } })
await test('what a key was refused stands in the trail', async () => {
  await until('the entry', async () => {
    const trail = await school.send({ path: `/api/admin/audit-logs?action=access.refused&user=${chief.profile.id}`, as: owner })
    return trail.json.data.some((each) => each.metadata.code === 'SCOPE_REQUIRED')
  })
})
await row('somebody else’s key is not there', `DELETE /api/users/me/api-keys/{id}`, { as: bob, path: `${keys}/${first.json.data.id}` }, { status: 404 })
await row('people end their keys', `DELETE /api/users/me/api-keys/{id}`, { as: ada, path: `${keys}/${first.json.data.id}` }, { status: 200, data: null })
await row('a key that was ended is refused', 'GET /api/users/profile', { as: program }, { status: 401, code: 'UNAUTHENTICATED' })
await row('it is not ended twice', `DELETE /api/users/me/api-keys/{id}`, { as: ada, path: `${keys}/${first.json.data.id}` }, { status: 404 })
for (const path of ['/api/admin/api-keys', '/admin/api-keys']) {
  const more = await school.send({ method: 'POST', path: keys, as: bob, body: { name: 'Mine', scopes: ['courses:read'], password } })
  await row(`${path} shows administrators everybody's keys`, `GET ${path}`, { as: owner, path: `${path}?limit=1` }, { status: 200, then: ({ json }) => same([json.data[0].email, json.data[0].id, json.data[0].secret, typeof json.page.nextCursor], [bob.email, more.json.data.id, undefined, 'string'], 'newest') })
  await row(`${path}?user= shows those of one person`, `GET ${path}`, { as: owner, path: `${path}?user=${bob.profile.id}` }, { status: 200, then: ({ json }) => same([...new Set(json.data.map((each) => each.userId))], [bob.profile.id], 'whose') })
  await row(`${path} is nothing for learners`, `GET ${path}`, { as: ada }, { status: 403 })
  await row(`${path} knows its places`, `GET ${path}`, { as: owner, path: `${path}?cursor=made-up` }, { status: 400, fields: ['cursor'] })
  await row(`${path}/{id} is nothing for learners`, `DELETE ${path}/{id}`, { as: ada, path: `${path}/${more.json.data.id}` }, { status: 403 })
  await row(`${path}/{id} ends somebody's key`, `DELETE ${path}/{id}`, { as: owner, path: `${path}/${more.json.data.id}` }, { status: 200, data: null })
  await row('who had it is out', 'GET /api/courses', { as: new Bearer(more.json.data.secret) }, { status: 401 })
  await row(`${path}/{id} of nobody is not there`, `DELETE ${path}/{id}`, { as: owner, path: `${path}/${strangeId}` }, { status: 404 })
}
await test('the keys of somebody disabled, demoted or removed follow at the next request', async () => {
  const read = async () => (await school.send({ path: '/api/admin/users?limit=1', as: watcher })).status
  const act = (method, path, body) => school.send({ method, path: `/api/admin/users/${chief.profile.id}${path}`, as: owner, body })
  same(await read(), 200, 'before')
  await act('POST', '/disable')
  same(await read(), 401, 'disabled')
  await act('POST', '/enable')
  same(await read(), 200, 'enabled')
  await act('PUT', '/role', { role: 'user' })
  same(await read(), 403, 'demoted')
  await act('DELETE', '')
  same(await read(), 401, 'removed')
})
await test('a key runs out', async () => {
  const at = new Date((await clock(school)).getTime() + 60_000).toISOString()
  const { json } = await school.send({ method: 'POST', path: keys, as: bob, body: { name: 'Short', scopes: ['profile:read'], expiresAt: at, password } })
  const as = new Bearer(secret(json.data.secret))
  same((await school.send({ path: '/api/users/profile', as })).status, 200, 'before')
  await clock(school, 61)
  const over = await school.send({ path: '/api/users/profile', as })
  same([over.status, over.json.error.code], [401, 'TOKEN_EXPIRED'], 'after')
})
await test('neither the log nor the answers told a key or a code', () => school.checkLog())
await school.stop()

// --- Where the school asks a second step of its staff

const strict = await School.start({ env: { TUITION_AUTH_REQUIRE_MFA_FOR_STAFF: 'true', TUITION_AUTH_API_KEYS: 'admins' } })
const teacher = await strict.demo('instructor')
const chiefs = await strict.demo('owner')
const judge = strict.judge.bind(strict)
await test('staff without one are told, and everything for staff stays shut', async () => {
  for (const as of [chiefs, teacher]) await judge('GET /api/auth/me', { as }, { status: 200, then: ({ json }) => same([json.data.mfa.required, json.data.mfa.enabled], [true, false], 'mfa') })
  for (const path of ['/api/admin/users', '/api/admin/audit-logs', '/api/admin/api-keys']) await judge(`GET ${path}`, { as: chiefs }, { status: 403, code: 'MFA_SETUP_REQUIRED' })
  await judge('POST /api/admin/users/{id}/disable', { as: chiefs, path: `/api/admin/users/${teacher.profile.id}/disable` }, { status: 403, code: 'MFA_SETUP_REQUIRED' })
  // Where members may come in, they are learners for the time being.
  await judge('GET /api/users/{id}', { as: chiefs, path: `/api/users/${teacher.profile.id}` }, { status: 404 })
  await judge('POST /api/users/me/api-keys', { as: chiefs, body: { name: 'x', scopes: ['profile:read'], password: 'practice makes perfect' } }, { status: 403 })
})
await test('learners are not asked', async () => judge('GET /api/auth/me', { as: await strict.demo('learner') }, { status: 200, then: ({ json }) => same(json.data.mfa.required, false, 'required') }))
let chiefsKey
await test('with one set up everything opens, in the very session', async () => {
  const { json } = await strict.send({ method: 'POST', path: '/api/auth/mfa/setup', as: chiefs, body: { password: 'practice makes perfect' } })
  chiefsKey = secret(json.data.secret)
  const at = new Date((await strict.send({ method: 'POST', path: '/dev/clock', body: { advance: 0 } })).json.now)
  await judge('POST /api/auth/mfa/enable', { as: chiefs, body: { code: oneTimeCode(json.data.secret, at) } }, { status: 200 })
  await judge('GET /api/admin/users', { as: chiefs }, { status: 200 })
  await strict.send({ method: 'POST', path: '/dev/clock', body: { advance: 31 } })
  const code = oneTimeCode(json.data.secret, new Date(at.getTime() + 31_000))
  await judge('POST /api/auth/mfa/disable', { as: chiefs, body: { password: 'practice makes perfect', code } }, { status: 403, code: 'FORBIDDEN' })
})
await test('where keys are for administrators, others make none', async () => {
  await judge('POST /api/users/me/api-keys', { as: await strict.demo('learner'), body: { name: 'x', scopes: ['profile:read'], password: 'practice makes perfect' } }, { status: 403, code: 'FORBIDDEN' })
  await judge('POST /api/users/me/api-keys', { as: chiefs, body: { name: 'x', scopes: ['ops'], password: 'practice makes perfect', code: oneTimeCode(chiefsKey, await clock(strict, 31)) } }, { status: 201 })
})
await strict.stop()
finish()
