// A folder that cannot be served: one clear line that names the path, an exit code that says so, and nothing made.
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { binary, check, finish, freePort, freshFolder, generate, run, Server } from './support/tuition.mjs'

const top = freshFolder()
const port = await freePort()

// What the refusal must look like, whatever the reason. `code`: 1, or 75 where it is worth trying again.
function refused(what, done, path, code = 1) {
  const text = `exit ${done.code} signal ${done.signal}\n${done.out}${done.err}`
  check(done.code === code, `${what}: exits with ${code}`, text)
  const lines = done.err.split('\n').filter((line) => line.trim() !== '')
  check(lines.length === 1, `${what}: says so in one line`, text)
  check(lines[0].includes(path), `${what}: names the path`, text)
}
const serve = (data, options) => run(['serve', '--host', '127.0.0.1', '--port', String(port), '--data', data], { seconds: 60, ...options })

// As somebody who is not root: to root every folder is writable.
function serveAsNobody(data) {
  const done = spawnSync('setpriv', ['--reuid=65534', '--regid=65534', '--clear-groups', binary, 'serve', '--host', '127.0.0.1',
    '--port', String(port), '--data', data], { encoding: 'utf8', timeout: 60_000, env: { PATH: process.env.PATH } })
  return { code: done.status, signal: done.signal, out: done.stdout, err: done.stderr }
}

const file = join(top, 'file')
writeFileSync(file, 'not a folder')
refused('the data folder is a file', serve(file), file)
check(readFileSync(file, 'utf8') === 'not a folder', 'the data folder is a file: it is left as it was')

const missing = join(top, 'nowhere/at/all')
refused('the folder above the data folder is missing', serve(missing), missing)
check(!existsSync(join(top, 'nowhere')), 'the folder above the data folder is missing: nothing is made')

chmodSync(top, 0o755)
const closed = join(top, 'closed')
mkdirSync(closed, { mode: 0o555 })
const probe = spawnSync('setpriv', ['--reuid=65534', '--regid=65534', '--clear-groups', binary, 'version'])
if (process.getuid() !== 0) {
  refused('the data folder is not writable', serve(closed), closed)
} else if (probe.status === 0) {
  chownSync(closed, 65534, 65534)
  refused('the data folder is not writable', serveAsNobody(closed), closed)
  check(readdirSync(closed).length === 0, 'the data folder is not writable: nothing is made')
} else {
  console.log('skipped: not writable (as root every folder is, and setpriv cannot run the binary as another user)')
}

const open = join(top, 'open')
mkdirSync(open)
const at = (url, more = {}) => serve(open, { env: { TUITION_SITE_BASE_URL: url, ...more } })
refused('people would be served over plain http', at('http://school.example'), 'http.allow_http', 78)
refused('over plain http in a network at home, too', at('http://192.168.7.7:8080'), 'http.allow_http', 78)
check(readdirSync(open).length === 0, 'people would be served over plain http: nothing is made')
const asked = run(['config', 'check'], { env: { TUITION_SITE_BASE_URL: 'http://school.example' } })
check(asked.code === 78 && /site\.base_url must begin with https/.test(asked.err), 'the check of the settings says so, too', asked.out + asked.err)
const meant = run(['config', 'check'], { env: { TUITION_SITE_BASE_URL: 'http://school.example', TUITION_HTTP_ALLOW_HTTP: 'true' } })
check(meant.code === 0, 'where it is meant it is a setting', meant.out + meant.err)

const school = join(top, 'school')
generate(school, { users: 2, lessons: 1 })
const first = new Server({ data: school, port: await freePort() })
await first.ready()
refused('a second server on the same folder', serve(school), school, 75)
for (const verb of [['migrate'], ['user', 'role', 'someone@example.org', 'admin']]) {
  refused(`\`${verb.join(' ')}\` beside a running server`, run([...verb, '--data', school], { seconds: 60 }), school, 75)
}
check((await first.ready()) > 0, 'the first server goes on')
await first.kill('SIGTERM')

const damaged = join(top, 'damaged')
generate(damaged, { users: 2, lessons: 1 })
const bytes = readFileSync(join(damaged, 'school.db'))
bytes.fill(0x5a, 4096)
writeFileSync(join(damaged, 'school.db'), bytes)
refused('the database is damaged', serve(damaged), damaged)

// A database of a version that is to come: one migration more than this program has. No program makes one yet, so its
// mark is put into the bytes of a copy: the row of the newest migration gets a higher number.
const newer = raiseVersion(join(school, 'school.db'))
if (newer) {
  const told = serve(school)
  refused('the database is newer than the program', told, school)
  check(told.err.split(join(school, 'school.db')).length === 2, 'the database is newer than the program: the path is said once', told.err)
} else {
  console.log('skipped: a newer database (the sqlite3 program is not here to make one)')
}
finish()

function raiseVersion(database) {
  const done = spawnSync('sqlite3', [database,
    "INSERT INTO schema_migrations (version, name, sha256, applied_at) SELECT max(version) + 1000, '9999_tomorrow.sql', sha256, applied_at FROM schema_migrations"])
  return done.status === 0
}
