// Promises about every table there is: whoever asks, through whatever route, is shown no row of somebody else's, and
// changes none.
//
// Whose a row is, the schema says: a column user_id or owner_id, or a key that leads to a row that has one. What stands
// in the rows of one person and in nobody else's are their marks. Every route that reads is asked as that person, as
// another learner, an instructor of another course, an administrator and nobody, and answers are searched for marks.
// A new table of people's needs a route that shows them their marks, or a line below. Then every route that changes
// something is asked as those others, with that person's ids, and all of their rows are as they were.
import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, finish, same, School, test } from '../system/lib/rows.mjs'
import { password } from '../system/lib/client.mjs'
import { operations } from '../system/lib/schema.mjs'
import { run } from '../system/support/tuition.mjs'
import { Scene } from './lib/scene.mjs'

if (spawnSync('sqlite3', ['--version']).error) {
  console.log('skipped: no sqlite3 here')
  process.exit(77)
}

// Nobody's in particular: what the school offers and keeps for itself.
const nobodys = ['blob_chunks', 'blobs', 'content_modules', 'coupon_targets', 'coupons', 'courses', 'dunning_policy', 'invoice_series', 'jobs', 'leaderboard_places', 'lessons', 'login_attempts', 'plans', 'prices', 'product_scopes', 'products', 'provider_modes', 'quiz_data', 'quizzes', 'reconcile_differences', 'reconcile_runs', 'remote_names', 'schedules', 'schema_migrations', 'search_entries', 'tax_rates', 'webhook_events']
// Rows without marks: numbers and what is the same for many. Shown by this route, to others another thing or nothing.
const alike = {
  enrollments: 'GET /api/users/{id}/progress',
  invoice_lines: 'GET /api/billing/invoices/{id}',
  practice_answers: 'GET /api/practice/{id}',
  progress: 'GET /api/progress',
  quiz_answers: 'GET /api/quizzes/{id}/attempts/{attemptId}',
  user_achievements: 'GET /api/achievements',
  user_stats: 'GET /api/users/me/usage',
  xp_events: 'GET /api/users/me/usage',
}
// Shown to nobody, not even to whose they are, or without rows here; and why.
const apart = {
  audit_logs: 'administrators read them, and they are about people rather than theirs; the test of routes looks at who may',
  auth_tokens: 'digests of links that were mailed; no route reads them but by the link',
  consents: 'kept as a proof; their person is told with the profile that they signed up',
  coupon_redemptions: 'counted only',
  customers: "the provider's name of a buyer; only what the provider told, for administrators, has it",
  course_files: 'files of a course, whoever uploaded them',
  credit_notes: 'they stand on the invoice, which is tried',
  disputes: 'they stand at the payment, which is tried',
  dunning_cases: 'for administrators only',
  gifts: 'they stand among the subscriptions of a person, which are tried',
  idempotency_keys: 'compared only',
  invoice_taxes: 'they stand on the invoice, which is tried',
  leaderboard_people: 'whoever wants to stand there, which their profile says',
  leaderboard_points: 'made of xp_events, for all to see who stand there',
  media_uses: 'where a course shows a file; for who teaches it',
  mfa_factors: 'a sealed key that no route shows again',
  mfa_recovery_codes: 'digests, counted only',
  refunds: 'they stand at the payment, which is tried',
  renewal_charges: 'they are the payments of a renewal, which are tried',
  saved_cards: 'sealed; the label stands at the subscription, which is tried',
  subscription_changes: 'for administrators only',
  subscription_orders: 'they stand at the subscription, which is tried',
}
// Marks that others may see, and why.
const open = {
  certificates: 'whoever holds the serial may verify a certificate, and all are signed with the same key',
  user_achievements: 'which achievements there are is told to everybody',
}
// For whoever knows the name that the path brings: that may stand in the answer.
const byName = new Set(['GET /api/certificates/{serial}/verification', 'GET /certificates/verify/{serial}', 'GET /api/payment/verify/{reference}'])
// Never shown to anybody; the trail's hashes are its own.
const hidden = /^(password|token|key|code)_hash$|^secret$|^authorization$/

const school = await School.start({ env: { TUITION_HTTP_METRICS_NETWORKS: '10.0.0.0/8', RATE_LIMIT_ENABLED: 'false' } })
const scene = await Scene.set(school)
const access = JSON.parse(readFileSync(new URL('access.json', import.meta.url), 'utf8')).operations
const { owner } = scene
const as = {}
for (const caller of ['owner', 'other', 'otherInstructor', 'admin']) as[caller] = await scene.as(caller, owner)
as.anonymous = undefined

// More of the owner's, so that more tables have rows.
await school.judge('PUT /api/users/profile', { as: as.owner, body: { fullName: 'Odile Onlyherself' } }, { status: 200 })
await school.judge('POST /api/auth/forgot-password', { body: { email: owner.email } }, { status: 200 })
await school.judge('POST /api/quizzes/{id}/attempts/{attemptId}/answers', { as: as.owner, path: scene.path('/api/quizzes/{id}/attempts/{attemptId}/answers', owner, 'POST'), body: scene.body('POST /api/quizzes/{id}/attempts/{attemptId}/answers', owner, 'owner') }, { status: 200 })
await school.judge('POST /api/users/me/api-keys', { as: as.owner, body: { name: 'A name of hers alone', scopes: ['profile:read'], password } }, { status: 201 })

const answers = []
for (const { method, template, name } of operations(school.document)) {
  // The document holds the names of operations, and so does the trail.
  if (method !== 'GET' || template === '/api/openapi.json') continue
  for (const caller of Object.keys(as)) {
    const path = scene.path(template, owner, method)
    answers.push({ name, caller, path, ...(await school.send({ as: as[caller], path, headers: { Accept: 'application/json' } })) })
  }
}

// --- What the tables hold, from a copy that is made beside the running server

let copy
function copyDatabase(name) {
  copy = join(school.data, name)
  return run(['backup', '--data', school.data, '--to', copy])
}
const copied = copyDatabase('before.db')
const query = (sql) => {
  const done = spawnSync('sqlite3', ['-json', '-readonly', copy, sql], { encoding: 'utf8', maxBuffer: 1 << 28 })
  expect(done.status === 0, `${sql}: ${done.stderr}`)
  return JSON.parse(done.stdout || '[]')
}
await test('a copy of the database is made', () => same(copied.code, 0, copied.err))
const tables = {}
for (const { name } of query("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'search_index%' ORDER BY name"))
  tables[name] = { columns: query(`PRAGMA table_info(${name})`).map((each) => each.name), keys: query(`PRAGMA foreign_key_list(${name})`) }

// Which rows of a table are the owner's, as SQL; null where none can be anybody's.
function theirs(table, seen = []) {
  if (table === 'users' || table === 'user_profiles') return `id = '${owner.id}'`
  const { columns, keys } = tables[table]
  for (const column of ['user_id', 'owner_id']) if (columns.includes(column)) return `${column} = '${owner.id}'`
  for (const { from, to, table: above } of keys) {
    const which = seen.includes(above) || above === 'users' ? null : theirs(above, [...seen, table])
    if (which) return `${from} IN (SELECT ${to ?? 'id'} FROM ${above} WHERE ${which})`
  }
  return null
}
const texts = (rows) => rows.flatMap((row) => Object.values(row)).filter((value) => typeof value === 'string')
const offered = new Set(Object.keys(tables).filter((table) => !theirs(table) && table !== 'jobs').flatMap((table) => texts(query(`SELECT * FROM ${table}`))))

// Each mark with its column.
function marksOf(table) {
  const which = theirs(table)
  const rows = query(`SELECT * FROM ${table} WHERE ${which}`)
  const others = new Set(texts(query(`SELECT * FROM ${table} WHERE NOT COALESCE(${which}, 0)`)))
  const pointing = new Set(['user_id', 'owner_id', ...tables[table].keys.map((each) => each.from)])
  const marks = new Map()
  for (const row of rows)
    for (const [column, value] of Object.entries(row))
      if (typeof value === 'string' && value.length >= 12 && !pointing.has(column) && !others.has(value) && !offered.has(value)) marks.set(value, column)
  return { rows: rows.length, marks }
}

// --- Each table as everybody

const tried = Object.keys(tables).filter((table) => !nobodys.includes(table))
await test('every table has an owner, or is said to be nobody’s', () => {
  same(tried.filter((table) => !theirs(table)), [], 'tables without an owner: mark them in tables_test.mjs')
  same(nobodys.filter((table) => !tables[table]), [], 'tables that are gone')
  same(nobodys.filter((table) => ['user_id', 'owner_id'].some((column) => tables[table].columns.includes(column))), [], 'tables with an owner after all')
  same([...Object.keys(alike), ...Object.keys(apart), ...Object.keys(open)].filter((table) => !tried.includes(table)), [], 'lines about tables that are gone')
})
for (const table of tried) {
  const { rows, marks } = marksOf(table)
  const named = (each) => [...marks].filter(([mark]) => (each.path.includes(mark) ? !byName.has(each.name) : each.text.includes(mark)))
  const shown = (caller) => answers.filter((each) => each.caller === caller && each.status < 300 && named(each).length > 0)
  if (!(table in open)) {
    for (const caller of ['other', 'otherInstructor', 'anonymous'])
      await test(`${table}: ${caller} is shown nothing of the owner's`, () => {
        const leaks = shown(caller).map((each) => `${each.name}: ${named(each).map(([mark, column]) => `${column} ${mark.slice(0, 60)}`).join(', ')}`)
        expect(leaks.length === 0, leaks.join('\n'))
      })
  }
  await test(`${table}: what is secret is shown to nobody`, () => {
    const secrets = [...marks].filter(([, column]) => hidden.test(column)).map(([mark]) => mark)
    const telling = answers.filter((each) => secrets.some((mark) => each.text.includes(mark)))
    same(telling.map((each) => `${each.name} as ${each.caller}`), [], 'routes')
  })
  if (table in apart) continue
  if (table in alike) {
    await test(`${table}: the owner's are shown to the owner, and others have their own`, () => {
      const [mine, theirOwn, strange] = ['owner', 'other', 'anonymous'].map((caller) => answers.find((each) => each.name === alike[table] && each.caller === caller))
      expect(rows > 0, 'the owner has no rows')
      same([mine?.status, strange?.status], [200, 401], alike[table])
      expect(theirOwn.status === 404 || JSON.stringify(theirOwn.json.data) !== JSON.stringify(mine.json.data), `${alike[table]} shows others the same`)
      expect(access[alike[table]], `${alike[table]} has no line in access.json`)
    })
    continue
  }
  await test(`${table}: the owner's are shown to the owner, or to an administrator`, () => {
    expect(rows > 0 && marks.size > 0, `${rows} rows and ${marks.size} marks: give the owner of the scene some, or say in tables_test.mjs why not`)
    const routes = [...shown('owner'), ...shown('admin')]
    expect(routes.length > 0, `no route shows them: ${[...marks].map(([mark, column]) => `${column} ${mark.slice(0, 40)}`).join(', ')}`)
  })
}

// --- What others change

// Mail waits and goes by itself. Whoever writes an address into these has a mail sent there.
const byItself = ['email_messages']
const mailed = /^POST \/api\/auth\/(forgot-password|resend-verification)$/
const ownersRows = () => Object.fromEntries(tried.filter((table) => !byItself.includes(table)).map((table) => [table, query(`SELECT * FROM ${table} WHERE ${theirs(table)}`)]))
const before = ownersRows()
// What only administrators may name is of no matter here.
const whole = { ...owner, session: before.sessions.at(-1).id, subscription: before.subscriptions[0].id, case: randomUUID(), rate: randomUUID() }
const asTeacher = { ...whole, written: scene.written }
let asked = 0
for (const { method, template, name } of operations(school.document)) {
  if (method === 'GET' || mailed.test(name)) continue
  // Of the courses that teachers work on the owner of all this is a learner: the scene has one for them.
  const target = template.includes('{questionId}') ? asTeacher : whole
  for (const caller of ['other', 'otherInstructor', 'anonymous']) {
    const sent = method === 'DELETE' ? { body: scene.farewell(name) } : (scene.file(name) ?? { body: scene.body(name, target, caller) })
    await school.send({ method, as: await scene.as(caller, owner), headers: { Accept: 'application/json' }, ...sent, path: scene.path(template, target, method) + (sent.query ?? '') })
    asked += 1
  }
}
copyDatabase('after.db')
const after = ownersRows()
for (const table of Object.keys(before))
  await test(`${table}: nobody else changed the owner's rows, whatever they asked for`, () => {
    expect(asked > 300, 'few were asked')
    const [gone, come] = [[before, after], [after, before]].map(([one, two]) => {
      const kept = new Set(two[table].map((row) => JSON.stringify(row)))
      return one[table].map((row) => JSON.stringify(row)).filter((row) => !kept.has(row))
    })
    expect(gone.length === 0 && come.length === 0, `before: ${gone.join('\n')}\nafter: ${come.join('\n')}`)
  })

await school.stop()
finish()
