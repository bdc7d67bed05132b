// A backup while people work, brought back; and every archive that must not be.
import { Agent } from 'node:http'
import { spawn } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ask, binary, check, finish, freePort, freshFolder, generate, run, runBeside, Server } from './support/tuition.mjs'

const top = freshFolder()
const data = join(top, 'data')
const school = generate(data, { users: 100, lessons: 20 })
const kept = join(top, 'kept')
mkdirSync(kept)
const restore = (archive, target = data, ...more) => run(['restore', '--from', archive, '--data', target, ...more])
const show = (done) => `exit ${done.code}\n${done.out}${done.err}`
const save = (server, user, lesson, positionSeconds, agent) =>
  ask(server.port, { method: 'POST', path: '/api/progress/save', token: school.tokens[user], agent,
    body: { lessonId: school.lessons[lesson], positionSeconds } })
const position = async (server, user, lesson) =>
  (await ask(server.port, { path: `/api/lessons/${school.lessons[lesson]}`, token: school.tokens[user] })).json?.data?.progress?.positionSeconds

let server = new Server({ data, port: await freePort() })
await server.ready()
check((await save(server, 0, 0, 111)).status === 200, 'something is saved before the backup')
// So that the trail has an entry.
await ask(server.port, { method: 'POST', path: '/api/auth/login', body: { email: 'nobody@school.example', password: 'a guess of somebody' } })

// Backups under load: each is whole.
const agent = new Agent({ keepAlive: true, maxSockets: 8 })
let working = true
let writes = 0
const failures = []
const load = Promise.all(Array.from({ length: 8 }, async (_, number) => {
  for (let turn = 1; working; turn += 1) {
    const answer = await save(server, 1 + number + 8 * (turn % 10), turn % 20, turn, agent)
    if (answer.status === 200) writes += 1
    else failures.push(answer.text)
  }
}))
const archives = []
for (let turn = 0; turn < 3; turn += 1) {
  const archive = join(kept, `school-${turn}.db`)
  const before = writes
  const done = await runBeside(['backup', '--data', data, '--to', archive, '--verify', '--json'])
  check(done.code === 0, `backup ${turn + 1} beside a working server (${writes - before} writes meanwhile)`, show(done))
  check(JSON.parse(done.out).verified === true && statSync(archive).mode % 0o1000 === 0o600, 'it is read back, and closed to others')
  archives.push(archive)
}
working = false
await load
const { text: numbers } = await ask(server.port, { path: '/metrics' })
check(/^tuition_backup_last_verified_timestamp_seconds [1-9]/m.test(numbers), 'and metrics tell when one was last read back')
agent.destroy()
check(failures.length === 0, `no write failed during the backups (${writes} writes)`, failures[0])

const named = run(['backup', '--data', data, '--json'])
check(named.code === 0 && JSON.parse(named.out).path.startsWith(join(data, 'backups')), 'without --to the backup goes beside the data', show(named))

const there = new Set(readdirSync(join(data, 'backups')))
server.child.kill('SIGUSR1')
const newer = () => readdirSync(join(data, 'backups')).filter((each) => !there.has(each))
for (const limit = Date.now() + 60_000; !['.db', '.db.sha256'].every((end) => newer().some((each) => each.endsWith(end))); await new Promise((next) => setTimeout(next, 20)))
  if (Date.now() > limit || server.gone) check(false, 'SIGUSR1 makes a backup', `${newer()}\n${server.log}`)
const signalled = run(['restore', '--from', join(data, 'backups', newer().find((each) => each.endsWith('.db'))), '--check-only'])
check(signalled.code === 0 && !server.gone, 'SIGUSR1 makes a backup that is whole, and the server goes on', show(signalled))

const again = run(['backup', '--data', data, '--to', archives[0]])
check(again.code !== 0 && again.err.includes(archives[0]), 'a backup replaces no file', show(again))

check((await save(server, 0, 0, 222)).status === 200, 'something else is saved after the backup')
const busy = restore(archives[2])
check(busy.code !== 0 && busy.err.includes(data), 'nothing is restored under a running server', show(busy))
check((await position(server, 0, 0)) === 222, 'the running server noticed nothing')
await server.kill('SIGTERM')

// Archives that are not what they were.
const database = join(data, 'school.db')
const before = readFileSync(database)
const refused = (what, archive) => {
  const done = restore(archive)
  check(done.code !== 0 && done.err.includes(archive), `${what} is refused, by name`, show(done))
  check(readFileSync(database).equals(before), `${what}: the database is untouched`)
}
const copy = (name) => {
  const path = join(kept, name)
  copyFileSync(archives[2], path)
  writeFileSync(`${path}.sha256`, readFileSync(`${archives[2]}.sha256`, 'utf8').replace(/ \S+$/m, ` ${name}`))
  return path
}
const flipped = copy('flipped.db')
const bytes = readFileSync(flipped)
bytes[Math.floor(bytes.length / 2)] ^= 1
writeFileSync(flipped, bytes)
refused('an archive with one flipped bit', flipped)
const cut = copy('cut.db')
truncateSync(cut, Math.floor(bytes.length / 2))
refused('an archive that was cut', cut)
const bare = copy('bare.db')
rmSync(`${bare}.sha256`)
refused('an archive without its checksum', bare)
const swapped = copy('swapped.db')
copyFileSync(archives[0], swapped)
refused('an archive with the checksum of another', swapped)
const foreign = join(kept, 'foreign.db')
writeFileSync(foreign, 'not a database at all')
refused('something else', foreign)
refused('a missing archive', join(kept, 'missing.db'))

// Back to the moment of the backup; what was there stays beside it.
const done = restore(archives[2], data, '--json')
check(done.code === 0, 'a good archive is restored', show(done))
const old = JSON.parse(done.out).kept
check(existsSync(old) && statSync(old).size > 0, 'what it replaced is kept')
server = new Server({ data, port: await freePort() })
await server.ready()
check((await position(server, 0, 0)) === 111, 'the school is as it was at the backup')
await server.kill('SIGTERM')

const fresh = join(top, 'fresh')
for (const [what, archive] of [['a missing archive', join(kept, 'missing.db')], ['a damaged archive', flipped]]) {
  const done = restore(archive, join(fresh, 'deeper'))
  check(done.code === 1 && done.err.includes(archive) && !existsSync(fresh), `${what} is named, and no folder is made for it`, show(done))
}
const moved = restore(archives[0], fresh)
check(moved.code === 0, 'an archive is restored into a new folder', show(moved))
check((statSync(fresh).mode & 0o777) === 0o700, 'which only its owner may enter')
check(moved.err.includes(join(fresh, 'school.key')) && !done.err.includes('school.key'), 'and told to put its key file back', show(moved))
const trail = (folder) => run(['audit', 'verify', '--data', folder])
const keyless = trail(fresh)
check(keyless.code === 1 && keyless.err.includes(join(fresh, 'school.key')) && /missing/.test(keyless.err), 'without it the trail is not taken for whole', show(keyless))
check(!existsSync(join(fresh, 'school.key')), 'and no key is made by asking')
const onto = restore(archives[0], join(archives[0], 'school'))
check(onto.code !== 0 && onto.err.includes(join(archives[0], 'school')) && /cannot be made/.test(onto.err), 'a folder that cannot be made is named', show(onto))
server = new Server({ data: fresh, port: await freePort() })
await server.ready()
await server.kill('SIGTERM')
check(/keys\.made_new/.test(server.log), 'a school that had to make new keys says so', server.log)
check(/audit\.other_key/.test(server.log), 'and that its trail was signed with another', server.log)
const swappedKey = trail(fresh)
check(swappedKey.code === 1 && /is not the one/.test(swappedKey.err), 'which does not make the trail whole', show(swappedKey))
copyFileSync(join(data, 'school.key'), join(fresh, 'school.key'))
server = new Server({ data: fresh, port: await freePort() })
await server.ready()
check((await position(server, 0, 0)) === 111, 'and serves from there')
await server.kill('SIGTERM')
const whole = trail(fresh)
check(whole.code === 0 && /All of it is signed/.test(whole.out), 'with the key put back the trail is whole', show(whole))

// A backup that is killed leaves nothing with the final name, and does not hinder the next.
const interrupted = join(kept, 'interrupted.db')
for (let turn = 0; turn < 5; turn += 1) {
  const child = spawn(binary, ['backup', '--data', data, '--to', interrupted], { stdio: 'ignore' })
  const ended = new Promise((end) => child.on('close', (code, signal) => end({ code, signal })))
  await new Promise((moment) => setTimeout(moment, turn * 2))
  child.kill('SIGKILL')
  const { signal } = await ended
  if (signal !== 'SIGKILL') {
    rmSync(interrupted, { force: true })
    continue
  }
  if (existsSync(interrupted)) {
    // Killed after the rename: then it is whole.
    check(run(['restore', '--from', interrupted, '--check-only']).code === 0, 'a killed backup with its final name is whole')
    rmSync(interrupted)
  }
}
const next = run(['backup', '--data', data, '--to', interrupted, '--verify'])
check(next.code === 0, 'after killed backups the next one works', show(next))
check(!readdirSync(kept).some((name) => name.endsWith('.part')), 'and leaves nothing half-made')
finish()
