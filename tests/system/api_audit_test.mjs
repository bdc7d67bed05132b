// The trail as administrators read it, and what stands in it, from outside.
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Bearer, freshAddress, password, until } from './lib/client.mjs'
import { expect, finish, same, School, test } from './lib/rows.mjs'
import { run } from './support/tuition.mjs'

let school = await School.start()
const row = school.row.bind(school)
const owner = await school.demo('owner')
const ada = await school.member()
for (let i = 0; i < 3; i += 1) await school.signIn(ada.email)
const entries = async (query, as = owner) => (await school.judge('GET /api/admin/audit-logs', { as, path: `/api/admin/audit-logs?${query}` }, { status: 200 })).json.data

for (const path of ['/api/admin/audit-logs', '/admin/audit-logs', '/api/admin/audit-logs/export', '/admin/audit-logs/export', '/api/admin/audit-logs/verify', '/admin/audit-logs/verify']) {
  await row(`${path} is nothing for strangers`, `GET ${path}`, {}, { status: 401 })
  await row(`${path} is nothing for learners`, `GET ${path}`, { as: ada }, { status: 403, code: 'FORBIDDEN' })
}
for (const path of ['/api/admin/audit-logs', '/admin/audit-logs']) {
  await row(`${path} is read by administrators, the newest first`, `GET ${path}`, { as: owner, path: `${path}?limit=3` }, {
    status: 200,
    then: ({ json }) => {
      same(json.data.length, 3, 'entries')
      expect(json.data[0].id > json.data[2].id && typeof json.page.nextCursor === 'string', JSON.stringify(json.page))
      same(Object.keys(json.data[0]).sort(), ['action', 'actorKind', 'category', 'description', 'hash', 'id', 'ipAddress', 'metadata', 'requestId', 'severity', 'targetId', 'targetType', 'timestamp', 'userId'], 'members')
    },
  })
  await row(`${path}/verify says that it is whole`, `GET ${path}/verify`, { as: owner }, { status: 200, has: { whole: true, brokenAt: null, signedFrom: 1, unknownAt: null }, then: ({ json }) => expect(json.data.checked > 5 && /^[0-9a-f]{64}$/.test(json.data.lastHash), JSON.stringify(json.data)) })
  await test(`${path}/export is every entry, a line each`, async () => {
    const answer = await school.judge(`GET ${path}/export`, { as: owner, path: `${path}/export` }, { status: 200 })
    const all = answer.text.trim().split('\n').map((line) => JSON.parse(line))
    same(all.map((each) => each.id), all.map((_, index) => index + 1), 'numbers')
    expect(/attachment/.test(answer.headers['content-disposition']), 'a file')
  })
  await row(`${path}/export comes as a table, too`, `GET ${path}/export`, { as: owner, path: `${path}/export?format=csv&action=auth.` }, { status: 200, headers: { 'Content-Type': /^text\/csv/ }, then: ({ text }) => expect(text.startsWith('id,timestamp,') && text.split('\r\n').length > 3, text.slice(0, 200)) })
}
for (const [query, fields] of [['category=gossip', ['category']], ['user=me', ['user']], ['cursor=x', ['cursor']], ['from=today', ['from']], ['sort=id', ['sort']], ['sort=hash&limit=0&from=2026-11-20T00:00:00Z&to=2026-11-19T00:00:00Z', ['limit', 'sort', 'to']]])
  await row(`a trail with ${query} is refused`, 'GET /api/admin/audit-logs', { as: owner, path: `/api/admin/audit-logs?${query}` }, { status: 400, fields })

await test('the trail is read from either end, a page at a time', async () => {
  const walk = async (sort) => {
    const seen = []
    for (let cursor = null; ; ) {
      const answer = await school.judge('GET /api/admin/audit-logs', { as: owner, path: `/api/admin/audit-logs?limit=3&sort=${sort}&target=${ada.profile.id}${cursor ? `&cursor=${cursor}` : ''}` }, { status: 200 })
      seen.push(...answer.json.data.map((each) => each.id))
      cursor = answer.json.page.nextCursor
      if (!cursor || seen.length > 500) return seen
    }
  }
  const down = await walk('-timestamp')
  expect(down.length > 1, `only ${down.length} entries`)
  same(down, [...down].sort((a, b) => b - a), 'newest first')
  same(await walk('timestamp'), [...down].reverse(), 'oldest first')
})
await test('signing up and in, good and bad, stands there with the address it came from', async () => {
  await school.send({ method: 'POST', path: '/api/auth/login', body: { email: ada.email, password: 'not this one' } })
  const about = await entries(`target=${ada.profile.id}`)
  const actions = about.map((each) => each.action)
  for (const action of ['auth.register', 'auth.login', 'auth.login_failed']) expect(actions.includes(action), `${action} of ${actions}`)
  const bad = about.find((each) => each.action === 'auth.login_failed')
  same([bad.ipAddress, bad.category, bad.severity], ['127.0.0.1', 'security', 'warning'], 'the failure')
})
await test('what administrators do stands there with what was before and after', async () => {
  const answer = await school.send({ method: 'PUT', path: `/api/admin/users/${ada.profile.id}/role`, as: owner, body: { role: 'instructor' } })
  const [entry] = await entries(`target=${ada.profile.id}&action=account.standing_changed`)
  same([entry.userId, entry.metadata.roleWas, entry.metadata.roleIs, entry.requestId], [owner.profile.id, 'user', 'instructor', answer.headers['x-request-id']], 'entry')
})
await test('a token that is not valid, a forbidden route and a forged request stand there', async () => {
  await school.send({ path: '/api/auth/me', as: new Bearer('not.a.token') })
  await school.send({ path: '/api/users', as: ada })
  const browser = await school.browser(ada.email)
  browser.site = 'cross-site'
  await school.send({ method: 'POST', path: '/api/auth/logout', as: browser, body: {} })
  for (const action of ['access.bad_token', 'access.refused', 'access.forged']) await until(action, async () => (await entries(`action=${action}`)).length >= 1)
  const refused = (await entries(`action=access.refused&user=${ada.profile.id}`)).filter((each) => each.metadata.route === '/api/users')
  same(refused.length, 1, 'the refusal')
})
await test('a link, an invitation, a challenge and a refresh token that are none stand there, each once a minute', async () => {
  const handed = [['refresh', { refreshToken: 'made-up' }], ['verify-email', { token: 'made-up' }], ['reset-password', { token: 'made-up', password }], ['confirm-email', { token: 'made-up' }], ['accept-invite', { token: 'made-up', password }], ['mfa/verify', { challenge: 'made-up', code: '000000' }]]
  for (const [name, body] of [...handed, ...handed]) same((await school.send({ method: 'POST', path: `/api/auth/${name}`, body })).status, 401, name)
  for (const [name] of handed) {
    const about = () => entries(`action=access.bad_token&target=${encodeURIComponent(`/api/auth/${name}`)}`)
    await until(`the entry of ${name}`, async () => (await about()).length >= 1)
    same((await about()).map((each) => [each.ipAddress, each.metadata.untold]), [['127.0.0.1', 0]], name)
  }
})
await test('guessing at a password until it must wait stands there, however often', async () => {
  const guessed = await school.member()
  const answers = []
  for (let i = 0; i < 8; i += 1) answers.push(await school.send({ method: 'POST', path: '/api/auth/login', body: { email: guessed.email, password: `guess ${i} of many` } }))
  same([answers[0].status, answers.at(-1).status], [401, 429], 'statuses')
  await until('access.rate_limited', async () => (await entries('action=access.rate_limited')).length >= 1)
  const limited = (await entries('action=access.rate_limited')).filter((each) => each.metadata.route === '/api/auth/login')
  same([limited.length, limited[0].ipAddress, limited[0].severity], [1, '127.0.0.1', 'warning'], 'the entry')
})
await test('the right password before the address is confirmed, or of somebody kept out, stands there', async () => {
  const out = await school.member()
  await school.send({ method: 'POST', path: `/api/admin/users/${out.profile.id}/disable`, as: owner })
  same((await school.send({ method: 'POST', path: '/api/auth/login', body: { email: out.email, password } })).json.error.code, 'ACCOUNT_DISABLED', 'refused')
  const [entry] = await entries(`target=${out.profile.id}&action=auth.login_refused`)
  same([entry.ipAddress, entry.severity], ['127.0.0.1', 'warning'], 'entry')
})
await test('what a program does stands there with its key, whose name stands where it was made', async () => {
  const made = await school.send({ method: 'POST', path: '/api/users/me/api-keys', as: owner, body: { name: 'Nightly roll', scopes: ['users:write'], password: 'practice makes perfect' } })
  const one = await school.member()
  await school.send({ method: 'POST', path: `/api/admin/users/${one.profile.id}/disable`, as: new Bearer(made.json.data.secret) })
  const [entry] = await entries(`target=${one.profile.id}&action=account.standing_changed`)
  same([entry.actorKind, entry.userId, entry.metadata.actorKey, entry.metadata.statusIs], ['key', owner.profile.id, made.json.data.id, 'disabled'], 'entry')
  const [beginning] = await entries(`target=${owner.profile.id}&action=account.api_key_made`)
  same([beginning.metadata.keyId, beginning.metadata.keyName, beginning.metadata.actorKey], [made.json.data.id, 'Nightly roll', undefined], 'made')
})
await test('a hundred refusals in a row are one entry', async () => {
  for (let i = 0; i < 100; i += 1) await school.send({ path: '/api/admin/users', as: ada })
  same((await entries(`action=access.refused&user=${ada.profile.id}`)).filter((each) => each.metadata.route === '/api/admin/users').length, 1, 'entries')
})
await test('no secret stands in the trail', async () => {
  const { text } = await school.send({ path: '/api/admin/audit-logs/export', as: owner })
  for (const each of [password, 'not this one', owner.token, ada.refreshToken]) expect(!text.includes(each), `the trail holds ${each.slice(0, 12)}`)
})
school.checkLog()
await school.stop()
await test('`tuition audit verify` says that it is whole, and names the last hash', () => {
  const done = run(['audit', 'verify', '--data', school.data])
  same(done.code, 0, `exit code: ${done.err}`)
  expect(/whole: \d+ entries, the last hash is [0-9a-f]{64}/.test(done.out), done.out)
  expect(/All of it is signed/.test(done.out), done.out)
})
await test('`tuition audit verify` takes a signed trail for whole by the key that signed it only', () => {
  const [key, kept] = [join(school.data, 'school.key'), join(school.data, 'kept.key')]
  renameSync(key, kept)
  const without = run(['audit', 'verify', '--data', school.data])
  same([without.code, existsSync(key)], [1, false], 'exit code, and whether a key was made')
  expect(/entry 1 on .*school\.key, which is missing/.test(without.err), without.err)
  writeFileSync(key, randomBytes(32), { mode: 0o600 })
  const other = run(['audit', 'verify', '--data', school.data])
  same(other.code, 1, 'exit code')
  expect(/entry 1 on .*is not the one in .*school\.key/.test(other.err), other.err)
  const both = run(['audit', 'verify', '--old-key', kept, '--data', school.data])
  same(both.code, 0, `exit code: ${both.err}`)
  same(run(['audit', 'verify', '--old-key', `${kept}.none`, '--data', school.data]).code, 1, 'no such file')
  renameSync(kept, key)
  same(run(['audit', 'verify', '--data', school.data]).code, 0, 'put back')
})
await test('`tuition audit verify` names the first entry that was changed', () => {
  const broken = spawnSync('sqlite3', [join(school.data, 'school.db'), "DROP TRIGGER audit_logs_no_update; UPDATE audit_logs SET description = 'Nothing happened.' WHERE id = 3"])
  if (broken.error) return console.log('  no sqlite3 here: not tried')
  const done = run(['audit', 'verify', '--data', school.data])
  same(done.code, 1, `exit code: ${done.out}`)
  expect(/entry 3 /.test(done.err), done.err)
})
await test('`tuition user disable` and `enable` keep somebody out and let them in, and the last owner stays', () => {
  const user = (...words) => run(['user', ...words, '--data', school.data])
  same([user('disable', ada.email).code, user('enable', ada.email).code], [0, 0], 'exit codes')
  const last = user('disable', 'owner@tuition.example')
  same(last.code, 1, 'exit code')
  expect(/needs an owner/.test(last.err), last.err)
})
await test('`tuition import users` adds people from a file, all of it or nothing', () => {
  const file = join(school.data, 'people.csv')
  const load = (text, ...flags) => {
    writeFileSync(file, text)
    return run(['import', 'users', file, ...flags, '--data', school.data])
  }
  const good = 'email,fullName\nimported@example.org,Imported\n'
  same(load(good, '--check').out, '1 would be added, 0 had an account already.\n', 'a trial')
  same(load(good).out, '1 added, 0 had an account already.\n', 'for good')
  same(load(good).out, '0 added, 1 had an account already.\n', 'again')
  const bad = load('email,role\nfine@example.org,user\nx,user\n')
  same(bad.code, 1, 'exit code')
  expect(bad.err.includes(`${file}:3: email must be an address`), bad.err)
})

// --- Administrators work from their networks

school = await School.start({ env: { TUITION_HTTP_ADMIN_NETWORKS: '10.0.0.0/8' } })
const away = await school.demo('owner')
const other = await school.member()
for (const [method, path] of [['GET', '/api/users'], ['GET', '/api/admin/audit-logs'], ['POST', `/api/admin/users/${other.profile.id}/disable`]])
  await test(`from elsewhere ${method} ${path.replace(other.profile.id, '{id}')} is refused`, async () => {
    const answer = await school.send({ method, path, as: away })
    same([answer.status, answer.json.error.message], [403, 'Administrators may not work from this address.'], path)
  })
await test('from elsewhere an administrator sees no other people, but themselves', async () => {
  same((await school.send({ path: `/api/users/${other.profile.id}`, as: away })).status, 404, 'another')
  same((await school.send({ method: 'DELETE', path: `/api/users/${other.profile.id}`, as: away })).status, 404, 'another')
  same((await school.send({ path: `/api/users/${away.profile.id}`, as: away })).status, 200, 'themselves')
})
await school.stop()

// --- The first owner

school = await School.start({ verb: 'serve', env: { RATE_LIMIT_ENABLED: 'false' } })
const [, printed] = await until('the link is printed', () => /setup\?token=([\w-]+)/.exec(school.server.log))
await test('of two who set up at the same moment one becomes the owner', async () => {
  const form = () => ({ token: printed, email: freshAddress(), password, fullName: 'Olive' })
  const both = await Promise.all([1, 2].map(() => school.send({ method: 'POST', path: '/api/setup', body: form() })))
  same(both.map((each) => each.status).sort(), [201, 409], 'statuses')
  same((await school.send({ method: 'POST', path: '/api/setup', body: form() })).json.error.code, 'SETUP_DONE', 'a third')
  same((await school.send({ path: '/api/setup' })).json.data, { needed: false }, 'needed')
})
await test('nobody gets in with what everybody tries', async () => {
  for (const [email, word] of [['admin@example.org', 'admin'], ['owner@tuition.example', 'practice makes perfect']])
    same((await school.send({ method: 'POST', path: '/api/auth/login', body: { email, password: word } })).status, 401, email)
})
await school.stop()
finish()
