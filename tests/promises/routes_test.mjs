// Promises about every route there is.
//
//   access.json  per operation the status that each caller gets who asks for the things of one person, the owner:
//                nobody, another learner, the owner, an instructor of another course, the course's instructor, an
//                administrator. See "Refusals" below for what is 403 and what 404.
//   fields.json  per operation and caller the members that an answer may have.
//
// Refusals. 401 to whoever did not say who they are. 403 to whoever's role does not have the verb at all, which is said
// before anything is looked up and so alike for every id. 404, in the words that an invented id gets, where the verb is
// theirs and the thing is not: a colleague's course with its people, quizzes and certificates as much as somebody's
// session. 402 to learners about what is published and has to be bought first. `shownTo` below lists the rest: things that
// the caller is shown, with a verb that is another's.
//
// A new route needs a row of the API tests, a line in access.json, and where its path names something new, a line in
// scene.mjs. `node routes_test.mjs --write` writes both files anew from what the server answers: read the diff as what
// it is, a change of who may do and see what.
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, finish, same, School, test } from '../system/lib/rows.mjs'
import { operations } from '../system/lib/schema.mjs'
import { namedOperations } from '../system/lib/registry.mjs'
import { callers, ownersName, Scene } from './lib/scene.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const read = (name) => JSON.parse(readFileSync(join(here, name), 'utf8'))
const write = process.argv.includes('--write')
const access = read('access.json')
const fields = read('fields.json')
// Figures are open on loopback by default; here they are closed, so that the guard has something to guard.
const school = await School.start({ env: { TUITION_HTTP_METRICS_NETWORKS: '10.0.0.0/8', RATE_LIMIT_ENABLED: 'false' } })
const every = operations(school.document)
const named = namedOperations(join(here, '../system'))
// What `tuition describe routes` lists: path, method, who, bucket, the scope a key needs, operation and the
// path at the root.
const table = readFileSync(join(here, '../golden/routes.txt'), 'utf8').split('\n').filter(Boolean).map((line) => {
  const [path, method, who, , scope, , ...also] = line.split(/\s+/)
  return { name: `${method} ${path}`, also: also[1] && `${method} ${also[1].replace(')', '')}`, who, scope }
})
// Refused with 403 though the role has the verb, and why that tells nothing.
const shownTo = {
  'PUT /api/media/{id}': { otherInstructor: 'instructors share the library; its files are renamed by who brought them' },
  'POST /api/users/{id}/subscriptions': { owner: 'it is their own account; only administrators give subscriptions away' },
  'POST /users/{id}/subscriptions': { owner: 'it is their own account; only administrators give subscriptions away' },
}
const adminOnly = new Set(table.filter((each) => each.who === 'admin').flatMap((each) => [each.name, each.also]).filter(Boolean))

await test('every route of the table is described, and nothing else is', () => {
  same([...table.flatMap((each) => [each.name, each.also]).filter(Boolean)].sort(), every.map((each) => each.name).sort(), 'routes')
})
for (const { name, template, row } of every) {
  await test(`${name} is exercised by a row of the API tests`, () => expect(named.has(name), `no row names '${name}'`))
  if (write) continue
  await test(`${name} has a line in access.json`, () => expect(access.operations[name]?.length === callers.length, `access.json has no line for '${name}'`))
  await test(`${name} says in the document who may call`, () => {
    const open = row.security === undefined || row.security.length === 0 || row.security.some((each) => Object.keys(each).length === 0)
    if (!open) same(access.operations[name]?.[0], 401, 'an anonymous caller')
    expect(row.operationId && template.startsWith('/'), 'a name')
  })
}
await test('every route that is not for anyone names the scope that a key needs for it, or takes no keys', () => {
  const silent = table.filter(({ who, scope }) => scope === '-' && !['anyone', 'signed_body'].includes(who))
  same(silent.map((each) => each.name), [], 'routes without a scope')
})
await test('access.json and fields.json name no route that is gone', () => {
  if (write) return
  same(access.callers, callers, 'callers')
  const gone = (operations) => Object.keys(operations).filter((name) => !every.some((each) => each.name === name))
  same([...gone(access.operations), ...gone(fields.operations)], [], 'gone')
})
await test('only whose role lacks a verb is refused with 403 at a thing; what is not theirs is 404', () => {
  if (write) return
  const roles = { instructor: ['other', 'owner'], member: [], admin: callers }
  for (const [name, row] of Object.entries(access.operations)) {
    if (!name.includes('{')) continue
    const { who } = table.find((each) => each.name === name || each.also === name)
    for (const [column, caller] of callers.entries())
      if (row[column] === 403) expect(roles[who]?.includes(caller) || shownTo[name]?.[caller], `${name} as ${caller}: 404, or a reason in shownTo`)
  }
  for (const [name, reasons] of Object.entries(shownTo)) for (const caller of Object.keys(reasons)) same(access.operations[name]?.[callers.indexOf(caller)], 403, `${name} as ${caller}, who has a reason`)
})
await test('nobody but these answers: no route is missing in the document', async () => {
  const known = new Set(every.map((each) => each.name))
  for (const path of ['/api', '/api/users', '/users', '/admin', '/api/admin', '/api/admin/users', '/api/debug', '/api/dev', '/api/webhooks', '/api/auth', '/api/billing', '/graphql', '/.env', '/.git/config', '/api/openapi.yaml', '/metrics/', '/server-status']) {
    for (const method of ['GET', 'POST', 'PUT', 'DELETE']) {
      if (known.has(`${method} ${path}`)) continue
      const answer = await school.send({ method, path, headers: { Accept: 'application/json' } })
      expect([404, 405].includes(answer.status), `${method} ${path}: ${answer.status}`)
    }
  }
})

// --- Every route as everybody

// The members of the data, as dotted paths; what people put into an object of their own is one member.
function membersOf(value, path = '', found = new Set()) {
  if (Array.isArray(value)) for (const each of value) membersOf(each, path, found)
  else if (value && typeof value === 'object' && !/(^|\.)(preferences|metadata|payload)$/.test(path)) for (const [name, each] of Object.entries(value)) membersOf(each, path ? `${path}.${name}` : name, found)
  else if (path) found.add(path)
  return found
}
// Of a provider, of a hash, of an answer key.
const innards = /\b(cus|sub|pi|in|price|prod|evt|ch|seti)_[A-Za-z0-9]{8,}|\$argon2|\$2[aby]\$|"(correctAnswer|passwordHash|tokenHash|secretSealed)"/
// The administrator who looks into the trail sees operations by name, and the document describes names.
const unscanned = new Set(['GET /api/openapi.json'])
// What providers told is shown to administrators as it came, with their names of things.
const asItCame = /\/(webhook-events|reconcile\/runs)\b/

const scene = await Scene.set(school)
const answers = {}
const shown = {}
const refusals = []
const wrong = { access: [], fields: [], secrets: [], told: [] }
// The same path with an id in its last place that nothing ever had.
const invented = (template, path) => {
  const last = template.split('/').findLastIndex((each) => each.startsWith('{'))
  const is = (text) => /^[0-9a-f]{8}-/.test(text)
  const [bare, query] = path.split('?')
  return bare.split('/').map((each, i) => (i !== last ? each : is(each) ? '01900000-0000-7000-8000-00000000abcd' : 'no-such-thing')).join('/') + (query ? `?${query}` : '')
}
// The trail takes a hundred refusals a minute: the clock goes on before there are so many.
let refused = 0
for (const { method, template, name } of every) {
  if (refused > 80) {
    await school.send({ method: 'POST', path: '/dev/clock', body: { advance: 'PT1M1S' } })
    refused = 0
  }
  answers[name] = []
  shown[name] = {}
  // Whatever changes something is tried on somebody new, until it has changed something.
  let owner
  // Who began to buy before has something to see there.
  if (/customer-portal/.test(template)) await scene.newcomers()
  for (const [column, caller] of callers.entries()) {
    owner ??= await scene.ownerFor(name, template)
    const as = await scene.as(caller, owner)
    const sent = method === 'GET' ? {} : method === 'DELETE' ? { body: scene.farewell(name) } : (scene.file(name) ?? { body: scene.body(name, owner, caller) })
    const request = { method, as, headers: { Accept: 'application/json' }, ...sent, path: scene.path(template, owner, method) + (sent.query ?? '') }
    const answer = await school.send(request)
    answers[name][column] = answer.status
    if (answer.status === 404 && template.includes('{')) {
      const none = await school.send({ ...request, path: invented(template, request.path) })
      const [there, absent] = [answer, none].map((each) => JSON.stringify([each.status, each.json?.error]))
      if (there !== absent) wrong.told.push(`${name} as ${caller}: ${there}, but for an invented id ${absent}`)
    }
    const about = owner
    if (answer.status < 300) owner = undefined
    if (answer.status === 403) refused += 1
    const wanted = access.operations[name]?.[column]
    if (answer.status !== wanted) wrong.access.push(`${name} as ${caller}: expected ${wanted}, got ${answer.status} ${answer.json?.error?.code ?? ''} ${answer.json?.error?.message ?? ''}`)
    if (adminOnly.has(name) && ['other', 'otherInstructor', 'instructor'].includes(caller)) refusals.push({ name, caller, status: answer.status, user: as.profile.id })
    if (unscanned.has(name)) continue
    if (answer.status < 300 && answer.json?.data !== undefined) {
      const members = [...membersOf(answer.json.data)].sort()
      shown[name][caller] = members.join(' ')
      const allowed = new Set((fields.operations[name]?.[caller] ?? '').split(' '))
      for (const member of members) if (!allowed.has(member)) wrong.fields.push(`${name} shows ${caller} the member ${member}`)
    }
    // A page at the provider to go to is not ours to name.
    const found = innards.exec(answer.text.replace(/"\w*[uU]rl":"[^"]*"/g, ''))
    if (found && !(caller === 'admin' && asItCame.test(template))) wrong.secrets.push(`${name} as ${caller}: ${found[0]}`)
    // Who teaches a course sees who learns there.
    const may = caller === 'owner' || caller === 'admin' || (caller === 'instructor' && /^GET \/api\/courses\/\{id\}\/learners/.test(name))
    for (const word of [about.email, ownersName]) if (!may && answer.text.includes(word)) wrong.secrets.push(`${name} tells ${caller}: ${word}`)
  }
}
if (write) {
  const lines = (all, show) => Object.keys(all).sort().map((name) => `    ${JSON.stringify(name)}: ${show(all[name])}`).join(',\n')
  writeFileSync(join(here, 'access.json'), `{\n  "callers": ${JSON.stringify(callers).replaceAll(',', ', ')},\n  "operations": {\n${lines(answers, (row) => JSON.stringify(row).replaceAll(',', ', '))}\n  }\n}\n`)
  writeFileSync(join(here, 'fields.json'), `{\n  "operations": {\n${lines(shown, (row) => `{${Object.entries(row).map(([caller, members]) => `\n      ${JSON.stringify(caller)}: ${JSON.stringify(members)}`).join(',')}${Object.keys(row).length ? '\n    ' : ''}}`)}\n  }\n}\n`)
} else {
  await test('every route answers every caller as access.json says', () => expect(wrong.access.length === 0, wrong.access.join('\n')))
  await test('no answer has a member that fields.json does not allow', () => expect(wrong.fields.length === 0, wrong.fields.join('\n')))
}
await test("what is somebody else's is refused in the words that an invented id gets", () => expect(wrong.told.length === 0, wrong.told.join('\n')))
await test("no answer shows others the owner's name or address, or anybody what is the program's own", () => expect(wrong.secrets.length === 0, wrong.secrets.join('\n')))
await test('every route of administrators refuses others, and the trail says so', async () => {
  const trail = await school.send({ path: '/api/admin/audit-logs/export?action=access.refused', as: scene.chief })
  const entries = trail.text.trim().split('\n').map((line) => JSON.parse(line))
  const missing = refusals.filter(({ name, status, user }) => {
    const path = table.find((each) => each.name === name || each.also === name).name
    return status !== 403 || !entries.some((each) => each.userId === user && `${each.metadata.method} ${each.metadata.route}` === path)
  })
  expect(refusals.length > 0 && missing.length === 0, missing.map((each) => `${each.name} as ${each.caller}: ${each.status}`).join('\n'))
})

await school.stop()
finish()
