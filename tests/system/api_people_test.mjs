// People as administrators see, add, change and remove them, from outside.
import { Browser, freshAddress, password, strangeId, until } from './lib/client.mjs'
import { Shop } from './lib/shop.mjs'
import { expect, finish, same, School, test } from './lib/rows.mjs'

const school = await School.start()
const row = school.row.bind(school)
const owner = await school.demo('owner')
const instructor = await school.demo('instructor')
const ada = await school.member({ fullName: 'Ada Lovelace' })
const bob = await school.member({ fullName: 'Bob Byron' })
const admin = await school.member({ fullName: 'Cy Admin' })
await school.judge('PUT /api/admin/users/{id}/role', { path: `/api/admin/users/${admin.profile.id}/role`, as: owner, body: { role: 'admin' } }, { status: 200, has: { role: 'admin', isOwner: false } })
const invitation = async (email) => /token=([\w-]+)/.exec((await school.mailTo(email, (mail) => /accept-invite\?token=/.test(mail.text))).text)[1]

// --- The list

for (const path of ['/api/users', '/users', '/api/admin/users', '/admin/users']) {
  await row(`${path} lists people for administrators, with a total`, `GET ${path}`, { as: owner, path: `${path}?limit=2` }, {
    status: 200,
    then: ({ json }) => {
      same([json.data.length, json.page.limit], [2, 2], 'page')
      expect(json.page.total >= 6 && json.page.nextCursor, JSON.stringify(json.page))
      for (const person of json.data) same(Object.keys(person).sort().includes('passwordHash'), false, 'no hash')
    },
  })
  await row(`${path} is nothing for strangers`, `GET ${path}`, {}, { status: 401 })
  await row(`${path} is nothing for learners`, `GET ${path}`, { as: ada }, { status: 403, code: 'FORBIDDEN' })
  await row(`${path} is nothing for instructors`, `GET ${path}`, { as: instructor }, { status: 403, code: 'FORBIDDEN' })
  const email = freshAddress()
  await row(`${path} adds somebody with a password, who can sign in at once`, `POST ${path}`, { as: owner, path, body: { email, fullName: 'New Person', password, role: 'instructor' } }, { status: 201, has: { email, role: 'instructor', status: 'active', fullName: 'New Person' } })
  await test(`somebody added at ${path} signs in`, async () => same((await school.signIn(email)).profile.role, 'instructor', 'role'))
  await row(`${path} does not add an address twice`, `POST ${path}`, { as: owner, path, body: { email: email.toUpperCase() } }, { status: 409, code: 'EMAIL_TAKEN' })
  await row(`${path} adds nobody for learners`, `POST ${path}`, { as: ada, path, body: { email: freshAddress() } }, { status: 403 })
}
await test('a browser that follows a link to /users or /admin/users gets the page of the web app', async () => {
  for (const path of ['/users', '/admin/users']) {
    const answer = await school.send({ path, headers: { Accept: 'text/html,application/xhtml+xml' } })
    same([answer.status, (answer.headers['content-type'] ?? '').split(';')[0]], [200, 'text/html'], path)
  }
})
await row('the list is searched by part of a name, in any case', 'GET /api/users', { as: owner, path: '/api/users?q=LOVELA' }, { status: 200, then: ({ json }) => same(json.data.map((each) => each.email), [ada.email], 'found') })
await row('the list is filtered by several things at once', 'GET /api/users', { as: owner, path: '/api/users?role=user&access=free&status=active&q=byron' }, { status: 200, then: ({ json }) => same([json.page.total, json.data[0].id], [1, bob.profile.id], 'found') })
await row('those who pay are found', 'GET /api/users', { as: owner, path: '/api/users?access=paid' }, { status: 200, then: ({ json }) => expect(json.data.every((each) => each.access === 'paid'), 'all pay') })
await row('only what was asked for of each row comes back', 'GET /api/users', { as: owner, path: '/api/users?fields=id,email&limit=1' }, { status: 200, then: ({ json }) => same(Object.keys(json.data[0]), ['id', 'email'], 'members') })
for (const sort of ['-createdAt', 'createdAt', 'email', '-email', 'fullName', '-fullName', 'lastSeenAt', '-lastSeenAt']) {
  await test(`pages sorted by ${sort} hold everybody once`, async () => {
    const seen = new Set()
    let cursor = ''
    for (;;) {
      const { json } = await school.judge('GET /api/users', { as: owner, path: `/api/users?limit=3&sort=${encodeURIComponent(sort)}${cursor}` }, { status: 200 })
      for (const each of json.data) {
        expect(!seen.has(each.id), `twice: ${each.email}`)
        seen.add(each.id)
      }
      if (!json.page.nextCursor) return same(seen.size, json.page.total, 'people')
      cursor = `&cursor=${encodeURIComponent(json.page.nextCursor)}`
    }
  })
}
for (const [query, fields] of [
  ['sort=password', ['sort']],
  ['role=owner&status=erased&access=some', ['access', 'role', 'status']],
  ['limit=0', ['limit']],
  ['limit=101', ['limit']],
  ['cursor=made-up', ['cursor']],
  ['createdFrom=yesterday', ['createdFrom']],
  ['createdFrom=2026-02-01T00:00:00Z&createdTo=2026-01-01T00:00:00Z', ['createdTo']],
  [`plan=${'x'.repeat(65)}`, ['plan']],
]) await row(`a list with ${query} is refused`, 'GET /api/users', { as: owner, path: `/api/users?${query}` }, { status: 400, fields })

// --- Adding

await test('somebody invited chooses a password with the mailed link, and is in', async () => {
  const email = freshAddress()
  const made = await school.judge('POST /api/users', { as: owner, body: { email, fullName: 'Ivy' } }, { status: 201, has: { status: 'invited', emailVerified: false, role: 'user' } })
  await school.judge('POST /api/auth/login', { body: { email, password } }, { status: 401, code: 'INVALID_CREDENTIALS' })
  const first = await invitation(email)
  await school.judge('POST /api/admin/users/{id}/invite', { path: `/api/admin/users/${made.json.data.id}/invite`, as: owner }, { status: 200 })
  const second = await until('another link', async () => ((token) => token !== first && token)(await invitation(email)))
  await school.judge('POST /api/auth/accept-invite', { body: { token: first, password } }, { status: 401, code: 'TOKEN_EXPIRED' })
  await school.judge('POST /api/auth/accept-invite', { body: { token: second, password: 'short' } }, { status: 400, fields: ['password'] })
  const browser = new Browser()
  const answer = await school.judge('POST /api/auth/accept-invite', { as: browser, body: { token: second, password, fullName: 'Ivy Green' } }, { status: 200, has: { email, emailVerified: true, fullName: 'Ivy Green', tokens: null } })
  same(answer.cookies.map((each) => each.name).sort(), ['tuition_at', 'tuition_br', 'tuition_rt'], 'cookies')
  await school.judge('GET /api/auth/me', { as: browser }, { status: 200 })
  await school.judge('POST /api/auth/accept-invite', { body: { token: second, password } }, { status: 401, code: 'TOKEN_EXPIRED' })
  await school.judge('POST /admin/users/{id}/invite', { path: `/admin/users/${made.json.data.id}/invite`, as: owner }, { status: 409, code: 'INVITE_ACCEPTED' })
})
await row('accepting needs a token and a password', 'POST /api/auth/accept-invite', { body: {} }, { status: 400, fields: ['password', 'token'] })
await row('what is wrong with a new person is named', 'POST /api/users', { as: owner, body: { email: 'no address', role: 'owner', isOwner: true } }, { status: 400, fields: ['email', 'isOwner', 'role'] })
await test('a person asked for twice with one Idempotency-Key is added, and mailed, once', async () => {
  const email = freshAddress()
  const headers = { 'Idempotency-Key': `add-${email}` }
  const add = (body, expected, more = {}) => school.judge('POST /api/users', { as: owner, headers, body, ...more }, expected)
  const { json } = await add({ email, fullName: 'Ivo' }, { status: 201, has: { status: 'invited' } })
  await add({ email, fullName: 'Ivo' }, { status: 201, has: { id: json.data.id } })
  await add({ email, fullName: 'Ivo', password }, { status: 409, code: 'IDEMPOTENCY_MISMATCH' })
  await add({ email, fullName: 'Ivo' }, { status: 409, code: 'EMAIL_TAKEN' }, { headers: {} })
  await add({ email, fullName: 'Ivo' }, { status: 400, fields: ['Idempotency-Key'] }, { headers: { 'Idempotency-Key': 'k'.repeat(256) } })
  await until('the invitation', async () => (await school.outbox(email)).length > 0)
  const invite = (key) => school.judge('POST /api/admin/users/{id}/invite', { as: owner, path: `/api/admin/users/${json.data.id}/invite`, headers: { 'Idempotency-Key': key } }, { status: 200, has: { id: json.data.id } })
  await invite(`${email} 1`)
  await invite(`${email} 1`)
  await invite(`${email} 2`)
  await until('three invitations in all', async () => (await school.outbox(email)).length === 3)
})
await row('a new person gets no password that is too easy', 'POST /api/users', { as: owner, body: { email: freshAddress(), password: 'password1234' } }, { status: 400, fields: ['password'] })

// --- One person

for (const path of ['/api/users', '/users', '/api/admin/users', '/admin/users']) {
  const at = (id) => `${path}/${id}`
  await row(`${path}/{id} shows administrators a person`, `GET ${path}/{id}`, { as: owner, path: at(ada.profile.id) }, { status: 200, has: { id: ada.profile.id, email: ada.email, status: 'active' } })
  await row(`${path}/{id} of nobody is not there`, `GET ${path}/{id}`, { as: owner, path: at(strangeId) }, { status: 404 })
  await row(`${path}/{id} of somebody else is not there for learners`, `GET ${path}/{id}`, { as: bob, path: at(ada.profile.id) }, { status: path.includes('admin') ? 403 : 404 })
  await row(`${path}/{id} changes a person for administrators`, `PUT ${path}/{id}`, { as: owner, path: at(ada.profile.id), body: { fullName: `Ada ${path}`, timezone: 'Europe/London' } }, { status: 200, has: { fullName: `Ada ${path}`, timezone: 'Europe/London' } })
  await row(`${path}/{id} changes nothing for others`, `PUT ${path}/{id}`, { as: bob, path: at(ada.profile.id), body: { fullName: 'Mallory' } }, { status: path.includes('admin') ? 403 : 404 })
  await row(`${path}/{id} removes nobody for others`, `DELETE ${path}/{id}`, { as: bob, path: at(ada.profile.id) }, { status: path.includes('admin') ? 403 : 404 })
  const gone = await school.member()
  await row(`${path}/{id} removes somebody`, `DELETE ${path}/{id}`, { as: owner, path: at(gone.profile.id) }, { status: 200, data: null })
  await row(`${path}/{id} of somebody removed is not there`, `GET ${path}/{id}`, { as: owner, path: at(gone.profile.id) }, { status: 404 })
  await row(`who was removed at ${path} is out at the next request`, 'GET /api/auth/me', { as: gone }, { status: 401 })
  await row(`who was removed at ${path} can sign up again`, 'POST /api/auth/register', { body: { email: gone.email, password } }, { status: 201 })
  await test(`an address freed at ${path} gets a new account`, async () => expect((await school.signIn(gone.email)).profile.id !== gone.profile.id, 'another person'))
}
await row('people see themselves', 'GET /api/users/{id}', { as: ada, path: `/api/users/${ada.profile.id}` }, { status: 200, has: { id: ada.profile.id, sessions: 1 } })
await row('people change their own profile', 'PUT /api/users/{id}', { as: ada, path: `/api/users/${ada.profile.id}`, body: { fullName: 'Ada Lovelace', preferences: { theme: 'dark' }, leaderboardOptIn: true } }, { status: 200, has: { fullName: 'Ada Lovelace', preferences: { theme: 'dark' }, leaderboardOptIn: true } })
for (const body of [{ role: 'admin' }, { isOwner: true }, { disabled: false }, { fullName: 'x', role: 'user' }])
  await row(`people do not change what they may do: ${JSON.stringify(body)}`, 'PUT /api/users/{id}', { as: ada, path: `/api/users/${ada.profile.id}`, body }, { status: 403, code: 'FORBIDDEN' })
await row('what is no member of a person is named', 'PUT /api/users/{id}', { as: owner, path: `/api/users/${ada.profile.id}`, body: { email: 'x@example.org', passwordHash: 'x', access: 'paid' } }, { status: 400, fields: ['access', 'email', 'passwordHash'] })
const leaver = await school.member()
const leaving = (body, as = leaver) => ({ as, path: `/api/users/${leaver.profile.id}`, body })
await row('whoever removes themselves says their password', 'DELETE /api/users/{id}', leaving(), { status: 403, code: 'REAUTHENTICATION_REQUIRED', fields: ['password'] })
await row('a wrong one is refused', 'DELETE /api/users/{id}', leaving({ password: 'not my word at all' }), { status: 401, code: 'INVALID_CREDENTIALS' })
await row('what is no member of the form is named', 'DELETE /api/users/{id}', leaving({ password, passwort: password }), { status: 400, fields: ['passwort'] })
await row('to others nothing is said, whatever password they send', 'DELETE /api/users/{id}', leaving({ password }, bob), { status: 404 })
await row('people remove themselves', 'DELETE /api/users/{id}', leaving({ password }), { status: 200 })
await test('whoever removes themselves in a browser keeps nothing of the session there', async () => {
  const own = await school.browser((await school.member()).email)
  const { cookies } = await school.judge('DELETE /api/users/{id}', { as: own, path: `/api/users/${own.profile.id}`, body: { password } }, { status: 200, data: null })
  same(cookies.map((each) => [each.name, each.value, each.attributes['Max-Age']]).sort(), [['tuition_at', '', '0'], ['tuition_rt', '', '0']], 'cookies')
  same([...own.jar.keys()], ['tuition_br'], 'what the browser keeps')
})
await row('the last owner is not removed', 'DELETE /api/users/{id}', { as: owner, path: `/api/users/${owner.profile.id}?force=true`, body: { password: 'practice makes perfect' } }, { status: 409, code: 'LAST_OWNER' })
const subscriber = await new Shop(school).subscriber()
await row('those who have a plan are found', 'GET /api/users', { as: owner, path: `/api/users?plan=school-pass&q=${subscriber.email}` }, { status: 200, then: ({ json }) => same(json.data.map((each) => each.email), [subscriber.email], 'found') })
await row('and not those who have none', 'GET /api/users', { as: owner, path: `/api/users?plan=no-such-plan` }, { status: 200, data: [] })
await row('those who pay are found, and who has just begun to', 'GET /api/users', { as: owner, path: `/api/users?access=paid&q=${subscriber.email}` }, { status: 200, then: ({ json }) => same(json.data.map((each) => each.access), ['paid'], 'found') })
await row('somebody whose subscription runs is not removed', 'DELETE /api/users/{id}', { as: owner, path: `/api/users/${subscriber.profile.id}` }, { status: 409, code: 'SUBSCRIPTION_RUNNING' })
await row('unless the subscription is to end with them', 'DELETE /api/users/{id}', { as: owner, path: `/api/users/${subscriber.profile.id}?force=true` }, { status: 200 })
await test('the subscription of who was removed ends at the provider, too', async () => {
  const asked = await school.send({ path: '/api/admin/audit-logs?action=subscription.cancel_now_asked', as: owner })
  same(asked.json.data.map((each) => each.userId), [subscriber.profile.id], 'orders')
  await until('the provider ends it', async () => (await school.send({ path: '/dev/events', headers: { Accept: 'application/json' } })).json.some((each) => JSON.stringify(each).includes('customer.subscription.deleted')))
})

// --- What they have

for (const path of ['/api/users', '/users']) {
  const person = await school.member()
  const plan = (await school.send({ path: '/api/plans' })).json.data[0]
  const until = new Date(Date.now() + 40 * 86400e3).toISOString()
  const at = `${path}/${person.profile.id}/subscriptions`
  await row(`${path}: who has bought nothing has nothing`, `GET ${path}/{id}/subscriptions`, { as: person, path: at }, { status: 200, data: [] })
  await row(`${path}: a plan is given`, `POST ${path}/{id}/subscriptions`, { as: owner, path: at, body: { planId: plan.id, until } }, { status: 201, has: { provider: 'complimentary', status: 'active', amountMinor: null, cancelAtPeriodEnd: true, currentPeriodEnd: until } })
  await row(`${path}: and stands there, for the person and for administrators`, `GET ${path}/{id}/subscriptions`, { as: person, path: at }, { status: 200, then: ({ json }) => same(json.data.map((each) => each.plan.id), [plan.id], 'plans') })
  await row(`${path}: what it opens is open`, 'GET /api/users/profile', { as: person }, { status: 200, has: { access: 'paid' } })
  await row(`${path}: it is not given twice`, `POST ${path}/{id}/subscriptions`, { as: owner, path: at, body: { planId: plan.id, until } }, { status: 409, code: 'ALREADY_SUBSCRIBED' })
  await row(`${path}: nobody gives themselves anything`, `POST ${path}/{id}/subscriptions`, { as: person, path: at, body: { planId: plan.id, until } }, { status: 403 })
  const buyer = await school.member()
  const own = `${path}/${buyer.profile.id}/subscriptions`
  const offer = { planId: plan.id, interval: 'month', currency: 'USD' }
  await row(`${path}: people begin to buy for themselves`, `POST ${path}/{id}/subscriptions`, { as: buyer, path: own, body: offer }, {
    status: 201,
    has: { status: 'incomplete', provider: 'stripe' },
    then: async ({ json: { data } }) => {
      expect(data.checkout.url && data.id === data.checkout.checkoutId && data.plan.id === plan.id, 'a page to pay on')
      const again = await school.send({ method: 'POST', path: '/api/billing/create-checkout-session', as: buyer, body: offer })
      same(again.json.data.checkoutId, data.id, 'the same as by a checkout')
    },
  })
  await row(`${path}: nobody buys for others`, `POST ${path}/{id}/subscriptions`, { as: bob, path: own, body: offer }, { status: 404 })
  await row(`${path}: an administrator says until when`, `POST ${path}/{id}/subscriptions`, { as: owner, path: own, body: offer }, { status: 400, fields: ['until'] })
  await row(`${path}: a subscription is to a plan`, `POST ${path}/{id}/subscriptions`, { as: buyer, path: own, body: {} }, { status: 400, fields: ['planId'] })
  await row(`${path}: what others have is not there`, `GET ${path}/{id}/subscriptions`, { as: bob, path: at }, { status: 404 })
  await row(`${path}: nobody has nothing`, `GET ${path}/{id}/subscriptions`, { as: owner, path: `${path}/${strangeId}/subscriptions` }, { status: 404 })
  await row(`${path}: nobody gets nothing`, `POST ${path}/{id}/subscriptions`, { as: owner, path: `${path}/${strangeId}/subscriptions`, body: { planId: plan.id, until } }, { status: 404 })
  await row(`${path}: what is wrong with a gift is named`, `POST ${path}/{id}/subscriptions`, { as: owner, path: at, body: { planId: plan.id, until: '2020-01-01T00:00:00Z' } }, { status: 400, fields: ['until'] })
  await row(`${path}: no such plan is given`, `POST ${path}/{id}/subscriptions`, { as: owner, path: at, body: { planId: strangeId, until } }, { status: 400, fields: ['planId'] })
  await test(`${path}: the person is told`, async () => expect(await school.mailTo(person.email, (mail) => /open to you/.test(mail.subject)), 'a mail'))
}

// --- What administrators do

for (const path of ['/api/admin/users', '/admin/users']) {
  const person = await school.member()
  const at = (act) => `${path}/${person.profile.id}/${act}`
  await row(`${path}: a role holds from the next request on`, `PUT ${path}/{id}/role`, { as: owner, path: at('role'), body: { role: 'admin' } }, { status: 200, has: { role: 'admin' } })
  await row(`${path}: the new administrator lists people with the old token`, 'GET /api/users', { as: person }, { status: 200 })
  await row(`${path}: and loses it again`, `PUT ${path}/{id}/role`, { as: owner, path: at('role'), body: { role: 'user' } }, { status: 200 })
  await row(`${path}: at once`, 'GET /api/users', { as: person }, { status: 403 })
  await row(`${path}: a role that is none is named`, `PUT ${path}/{id}/role`, { as: owner, path: at('role'), body: { role: 'king' } }, { status: 400, fields: ['role'] })
  await row(`${path}: an owner is an administrator`, `PUT ${path}/{id}/role`, { as: owner, path: at('role'), body: { role: 'user', isOwner: true } }, { status: 422 })
  await row(`${path}: only owners make owners`, `PUT ${path}/{id}/role`, { as: admin, path: at('role'), body: { role: 'admin', isOwner: true } }, { status: 403 })
  await row(`${path}: an address is vouched for`, `POST ${path}/{id}/verify`, { as: owner, path: at('verify') }, { status: 200, has: { emailVerified: true } })
  await row(`${path}: somebody is kept out`, `POST ${path}/{id}/disable`, { as: owner, path: at('disable') }, { status: 200, has: { status: 'disabled', sessions: 0 } })
  await row(`${path}: who is kept out is out at the next request`, 'GET /api/auth/me', { as: person }, { status: 401 })
  await row(`${path}: and cannot come back`, 'POST /api/auth/login', { body: { email: person.email, password } }, { status: 403, code: 'ACCOUNT_DISABLED' })
  await row(`${path}: and is let in again`, `POST ${path}/{id}/enable`, { as: owner, path: at('enable') }, { status: 200, has: { status: 'active' } })
  const again = await school.signIn(person.email)
  await row(`${path}: all sessions are ended`, `POST ${path}/{id}/logout`, { as: owner, path: at('logout') }, { status: 200, has: { sessions: 0 } })
  await row(`${path}: whose sessions were ended is out at the next request`, 'GET /api/auth/me', { as: again }, { status: 401 })
  for (const act of ['disable', 'enable', 'logout', 'verify', 'invite']) {
    await row(`${path}: nobody to ${act}`, `POST ${path}/{id}/${act}`, { as: owner, path: `${path}/${strangeId}/${act}` }, { status: 404 })
    await row(`${path}: learners ${act} nobody`, `POST ${path}/{id}/${act}`, { as: bob, path: at(act) }, { status: 403 })
    if (act !== 'invite') await row(`${path}: administrators ${act} no owner`, `POST ${path}/{id}/${act}`, { as: admin, path: `${path}/${owner.profile.id}/${act}` }, { status: 403, code: 'FORBIDDEN' })
  }
  await row(`${path}: the last owner is not kept out`, `POST ${path}/{id}/disable`, { as: owner, path: `${path}/${owner.profile.id}/disable` }, { status: 409, code: 'LAST_OWNER' })
  await row(`${path}: the last owner is not demoted`, `PUT ${path}/{id}/role`, { as: owner, path: `${path}/${owner.profile.id}/role`, body: { role: 'user', isOwner: false } }, { status: 409, code: 'LAST_OWNER' })
}
await test('people are told of what was done to their account', async () => {
  const person = await school.member()
  await school.send({ method: 'POST', path: `/api/admin/users/${person.profile.id}/disable`, as: owner })
  await school.mailTo(person.email, (mail) => /disabled/.test(mail.subject))
})
// --- Import

const chief = await school.signIn('owner@tuition.example', 'practice makes perfect')
const table = (raw, path, type = 'text/csv; charset=utf-8', as = chief) => ({ as, path, raw, type })
for (const path of ['/api/admin/users/import', '/admin/users/import']) {
  const [one, two] = [freshAddress(), freshAddress()]
  const csv = `\uFEFFemail,fullName,role\r\n${one},"Quoted, ""Name""",instructor\r\n${ada.email},,\r\n${two},,\r\n`
  await row(`${path}?check=1 says what would happen`, `POST ${path}`, table(csv, `${path}?check=1`), { status: 200, data: { rows: 3, created: 2, skipped: 1, skippedLines: [3], errors: [], dryRun: true } })
  await row(`${path} adds everybody`, `POST ${path}`, table(csv, `${path}?invite=1`), { status: 200, data: { rows: 3, created: 2, skipped: 1, skippedLines: [3], errors: [], dryRun: false } })
  await row(`${path} again adds nobody`, `POST ${path}`, table(csv, path), { status: 200, has: { created: 0, skipped: 3, skippedLines: [2, 3, 4] } })
  await row('an imported person is there', 'GET /api/users', { as: chief, path: `/api/users?q=${one}` }, { status: 200, then: ({ json }) => same([json.data[0].fullName, json.data[0].role, json.data[0].status], ['Quoted, "Name"', 'instructor', 'invited'], 'person') })
  await test(`${path}?invite=1 mails the link`, async () => expect(await invitation(two), 'a link'))
  await row(`${path} names wrong lines and adds nobody`, `POST ${path}`, table(`email,role\nx,king\n${two},user\nbroken-${one.replace('@', '')},user\n`, path), { status: 422, code: 'UNPROCESSABLE', then: ({ json }) => same(json.error.details, [{ field: 'line 2, email', reason: 'must be an address' }, { field: 'line 2, role', reason: 'must be user, instructor or admin' }, { field: 'line 4, email', reason: 'must be an address' }], 'details') })
  await row(`${path}?check=1 names them as well`, `POST ${path}`, table('email,role\nx,king\n', `${path}?check=1`), { status: 200, has: { created: 0, dryRun: true, errors: [{ line: 2, field: 'email', reason: 'must be an address' }, { line: 2, field: 'role', reason: 'must be user, instructor or admin' }] } })
  for (const wrong of ['dryRun=1', 'check=perhaps']) await row(`${path}?${wrong} adds nobody by mistake`, `POST ${path}`, table(csv, `${path}?${wrong}`), { status: 400, fields: [wrong.split('=')[0]] })
  await row(`${path} takes a table only`, `POST ${path}`, table('{}', path, 'application/json'), { status: 415 })
  await row(`${path} is nothing for learners`, `POST ${path}`, table(csv, path, 'text/csv', ada), { status: 403 })
}
await row('a table of bytes that are no text is named by its lines', 'POST /api/admin/users/import', table(Buffer.concat([Buffer.from('email\n'), Buffer.from([0xff, 0xfe, 0x0a])]), '/api/admin/users/import'), { status: 422, then: ({ json }) => same(json.error.details, [{ field: 'line 2', reason: 'is not UTF-8' }], 'details') })
await test('a table that is too large is refused before it is sent', async () => {
  const answer = await school.sendBytes(`POST /api/admin/users/import HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${chief.token}\r\nContent-Type: text/csv\r\nContent-Length: 5242880\r\nConnection: close\r\n\r\n`)
  expect(/^HTTP\/1\.1 413 /.test(answer), answer.slice(0, 200))
})

await test('of two owners who remove each other at the same moment one stays', async () => {
  const second = await school.member()
  await school.judge('PUT /api/admin/users/{id}/role', { path: `/api/admin/users/${second.profile.id}/role`, as: owner, body: { role: 'admin', isOwner: true } }, { status: 200, has: { isOwner: true } })
  const third = await school.member()
  await school.judge('PUT /api/admin/users/{id}/role', { path: `/api/admin/users/${third.profile.id}/role`, as: owner, body: { role: 'admin', isOwner: true } }, { status: 200 })
  // The demo's owner gives up, so that two are left.
  await school.judge('PUT /api/admin/users/{id}/role', { path: `/api/admin/users/${owner.profile.id}/role`, as: owner, body: { role: 'admin', isOwner: false } }, { status: 200 })
  const [a, b] = await Promise.all([
    school.send({ method: 'DELETE', path: `/api/users/${third.profile.id}`, as: second }),
    school.send({ method: 'DELETE', path: `/api/users/${second.profile.id}`, as: third }),
  ])
  same([a.status, b.status].filter((status) => status === 200).length, 1, `one went through: ${a.text} ${b.text}`)
})

school.checkLog()
await school.stop()
finish()
