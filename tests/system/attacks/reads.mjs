// T38: whatever anybody reads, nothing is different afterwards. Every GET of the document is asked by everybody with the
// things of one person in its path, over HTTP, and the database's rows are compared.
import { createHash } from 'node:crypto'
import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { callers, Scene } from '../../promises/lib/scene.mjs'
import { until } from '../lib/client.mjs'
import { expect, finish, same, School, test } from '../lib/rows.mjs'
import { operations } from '../lib/schema.mjs'
import { skip } from '../support/tuition.mjs'

if (spawnSync('sqlite3', ['--version']).error) skip('the sqlite3 program is not here')

const school = await School.start({ env: { RATE_LIMIT_ENABLED: 'false' } })
const scene = await Scene.set(school)
const everybody = {}
for (const caller of callers) everybody[caller] = await scene.as(caller, scene.owner)

const ask = (sql) => execFileSync('sqlite3', ['-readonly', join(school.data, 'school.db'), sql], { maxBuffer: 1 << 28 }).toString()
// The queue and its timetable move by themselves; when somebody was last seen is what reading may leave.
const moving = new Set(['jobs', 'schedules'])
const tables = ask("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name").trim().split('\n').filter((name) => !moving.has(name))
const columns = Object.fromEntries(tables.map((table) => [table, ask(`SELECT name FROM pragma_table_info('${table}')`).trim().split('\n').filter((name) => !/^last_(seen|used)/.test(name) && !(table === 'audit_logs' && name.endsWith('hash')))]))
function rows() {
  const hashes = {}
  for (const table of tables) {
    const list = columns[table].map((name) => `quote("${name}")`).join(" || '|' || ")
    // That somebody was refused is noted behind all others, and is part of the chain.
    const but = table === 'audit_logs' ? "WHERE action NOT LIKE 'access.%'" : ''
    const told = ask(`SELECT ${list} AS row FROM "${table}" ${but} ORDER BY row`)
    hashes[table] = createHash('sha256').update(told).digest('hex')
  }
  return hashes
}

const reads = operations(school.document).filter((each) => each.method === 'GET')
let before
await test('the school has come to rest', () =>
  until('nothing moves', async () => {
    if (ask("SELECT COUNT(*) FROM jobs WHERE status IN ('queued', 'running') AND run_at <= unixepoch() * 1000").trim() !== '0') return false
    const first = rows()
    await school.send({ path: '/health' })
    before = rows()
    return JSON.stringify(first) === JSON.stringify(before)
  }))
let answered = 0
await test('every GET answers everybody', async () => {
  for (const { method, template, name } of reads)
    for (const caller of callers) {
      const answer = await school.send({ path: scene.path(template, scene.owner, method), as: everybody[caller], headers: { Accept: 'application/json' } })
      expect(answer.status < 500 || answer.status === 503, `${name} as ${caller}: ${answer.status} ${answer.text.slice(0, 200)}`)
      if (answer.status < 300) answered += 1
    }
  expect(reads.length > 100 && answered > 150, `${reads.length} reads, ${answered} of them answered`)
})
await test('no row is different afterwards', () => {
  const after = rows()
  same(tables.filter((table) => after[table] !== before[table]), [], 'tables that changed')
})
await test('and a row that is different would have been seen', async () => {
  same((await school.send({ method: 'PUT', path: '/api/users/profile', as: everybody.other, body: { fullName: 'Somebody Renamed' } })).status, 200, 'renaming')
  const after = rows()
  expect(tables.some((table) => table === 'user_profiles' && after[table] !== before[table]), 'no difference')
})
await school.stop()
finish()
