// People as administrators see, add, change and remove them, from outside.
import { Browser, freshAddress, password, strangeId, until } from './lib/client.mjs'
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
  ['plan=gold', ['plan']],
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
  same(answer.cookies.map((each) => each.name).sort(), ['tuition_at', 'tuition_rt'], 'cookies')
  await school.judge('GET /api/auth/me', { as: browser }, { status: 200 })
  await school.judge('POST /api/auth/accept-invite', { body: { token: second, password } }, { status: 401, code: 'TOKEN_EXPIRED' })
  await school.judge('POST /admin/users/{id}/invite', { path: `/admin/users/${made.json.data.id}/invite`, as: owner }, { status: 409, code: 'INVITE_ACCEPTED' })
})
await row('accepting needs a token and a password', 'POST /api/auth/accept-invite', { body: {} }, { status: 400, fields: ['password', 'token'] })
await row('what is wrong with a new person is named', 'POST /api/users', { as: owner, body: { email: 'no address', role: 'owner', isOwner: true } }, { status: 400, fields: ['email', 'isOwner', 'role'] })
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
await row('people remove themselves', 'DELETE /api/users/{id}', await (async (self) => ({ as: self, path: `/api/users/${self.profile.id}` }))(await school.member()), { status: 200 })
await row('the last owner is not removed', 'DELETE /api/users/{id}', { as: owner, path: `/api/users/${owner.profile.id}?force=true` }, { status: 409, code: 'LAST_OWNER' })
await row('somebody whose subscription runs is not removed', 'DELETE /api/users/{id}', await (async () => {
  const found = await school.send({ path: '/api/users?access=paid&role=user', as: owner })
  return { as: owner, path: `/api/users/${found.json.data[0].id}` }
})(), { status: 409, code: 'SUBSCRIPTION_RUNNING' })

// --- What administrators do

for (const base of ['/api/admin/users', '/admin/users']) {
  const person = await school.member()
  const at = (act) => `${base}/${person.profile.id}/${act}`
  await row(`${base}: a role holds from the next request on`, `PUT ${base}/{id}/role`, { as: owner, path: at('role'), body: { role: 'admin' } }, { status: 200, has: { role: 'admin' } })
  await row(`${base}: the new administrator lists people with the old token`, 'GET /api/users', { as: person }, { status: 200 })
  await row(`${base}: and loses it again`, `PUT ${base}/{id}/role`, { as: owner, path: at('role'), body: { role: 'user' } }, { status: 200 })
  await row(`${base}: at once`, 'GET /api/users', { as: person }, { status: 403 })
  await row(`${base}: a role that is none is named`, `PUT ${base}/{id}/role`, { as: owner, path: at('role'), body: { role: 'king' } }, { status: 400, fields: ['role'] })
  await row(`${base}: an owner is an administrator`, `PUT ${base}/{id}/role`, { as: owner, path: at('role'), body: { role: 'user', isOwner: true } }, { status: 422 })
  await row(`${base}: only owners make owners`, `PUT ${base}/{id}/role`, { as: admin, path: at('role'), body: { role: 'admin', isOwner: true } }, { status: 403 })
  await row(`${base}: an address is vouched for`, `POST ${base}/{id}/verify`, { as: owner, path: at('verify') }, { status: 200, has: { emailVerified: true } })
  await row(`${base}: somebody is kept out`, `POST ${base}/{id}/disable`, { as: owner, path: at('disable') }, { status: 200, has: { status: 'disabled', sessions: 0 } })
  await row(`${base}: who is kept out is out at the next request`, 'GET /api/auth/me', { as: person }, { status: 401 })
  await row(`${base}: and cannot come back`, 'POST /api/auth/login', { body: { email: person.email, password } }, { status: 403, code: 'ACCOUNT_DISABLED' })
  await row(`${base}: and is let in again`, `POST ${base}/{id}/enable`, { as: owner, path: at('enable') }, { status: 200, has: { status: 'active' } })
  const again = await school.signIn(person.email)
  await row(`${base}: all sessions are ended`, `POST ${base}/{id}/logout`, { as: owner, path: at('logout') }, { status: 200, has: { sessions: 0 } })
  await row(`${base}: whose sessions were ended is out at the next request`, 'GET /api/auth/me', { as: again }, { status: 401 })
  for (const act of ['disable', 'enable', 'logout', 'verify', 'invite']) {
    await row(`${base}: nobody to ${act}`, `POST ${base}/{id}/${act}`, { as: owner, path: `${base}/${strangeId}/${act}` }, { status: 404 })
    await row(`${base}: learners ${act} nobody`, `POST ${base}/{id}/${act}`, { as: bob, path: at(act) }, { status: 403 })
    if (act !== 'invite') await row(`${base}: administrators ${act} no owner`, `POST ${base}/{id}/${act}`, { as: admin, path: `${base}/${owner.profile.id}/${act}` }, { status: 403, code: 'FORBIDDEN' })
  }
  await row(`${base}: the last owner is not kept out`, `POST ${base}/{id}/disable`, { as: owner, path: `${base}/${owner.profile.id}/disable` }, { status: 409, code: 'LAST_OWNER' })
  await row(`${base}: the last owner is not demoted`, `PUT ${base}/{id}/role`, { as: owner, path: `${base}/${owner.profile.id}/role`, body: { role: 'user', isOwner: false } }, { status: 409, code: 'LAST_OWNER' })
}
await test('people are told of what was done to their account', async () => {
  const person = await school.member()
  await school.send({ method: 'POST', path: `/api/admin/users/${person.profile.id}/disable`, as: owner })
  await school.mailTo(person.email, (mail) => /disabled/.test(mail.subject))
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
