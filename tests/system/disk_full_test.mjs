// A full disk: writes are refused in words, reads go on, nothing acknowledged is lost, and when there is room again the
// server goes on without a restart.
import { spawnSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, unlinkSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { ask, check, finish, freePort, freshFolder, generate, run, Server, skip } from './support/tuition.mjs'

const disk = join(freshFolder(), 'disk')
mkdirSync(disk)
if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', disk]).status !== 0) skip('mounting a small tmpfs needs root')
// Before the folder itself is removed.
process.prependListener('exit', () => spawnSync('umount', ['-l', disk]))

const data = join(disk, 'data')
const school = generate(data, { users: 20, lessons: 10 })
const server = new Server({ data, port: await freePort() })
await server.ready()

const acknowledged = new Map()
let counter = 0
async function save() {
  counter += 1
  const token = school.tokens[counter % school.tokens.length]
  const lessonId = school.lessons[Math.floor(counter / school.tokens.length) % school.lessons.length]
  const answer = await ask(server.port, { method: 'POST', path: '/api/progress/save', token, body: { lessonId, positionSeconds: counter } })
  if (answer.status === 200) acknowledged.set(`${token} ${lessonId}`, counter)
  return answer
}
for (let turn = 0; turn < 50; turn += 1) {
  const answer = await save()
  check(answer.status === 200, `write ${turn + 1} with room on the disk`, answer.text)
}

// The rest of the disk, in ever smaller pieces.
const ballast = join(disk, 'ballast')
const file = openSync(ballast, 'w')
for (const size of [1 << 20, 1 << 16, 1 << 12, 512, 1]) {
  for (;;) {
    try {
      if (writeSync(file, Buffer.alloc(size)) < size) break
    } catch (error) {
      if (error.code !== 'ENOSPC') throw error
      break
    }
  }
}
closeSync(file)

// The log has room of its own at first.
const refusals = []
for (let turn = 0; turn < 5000 && refusals.length < 20; turn += 1) {
  const answer = await save()
  if (answer.status !== 200) refusals.push(answer)
}
check(refusals.length === 20, 'on a full disk writes are refused', `${counter} writes were accepted`)
const strange = refusals.find((answer) => ![503, 507].includes(answer.status) || answer.json?.success !== false)
check(!strange, 'a refused write is told so: 503 or 507, in the envelope', strange && `${strange.status} ${strange.text}`)
check(refusals.every((answer) => (answer.status === 507) === (answer.json.error.code === 'STORAGE_FULL')), 'a 507 is a full disk, and nothing else is')
check(refusals.every((answer) => answer.status === 507 || answer.headers['retry-after'] !== undefined), 'a 503 says when to try again')

async function allThere(when) {
  let wrong = ''
  for (const [key, position] of acknowledged) {
    const [token, lesson] = key.split(' ')
    const answer = await ask(server.port, { path: `/api/lessons/${lesson}`, token })
    const found = answer.json?.data?.progress?.positionSeconds
    if (answer.status !== 200 || found !== position) wrong = `${answer.status}: acknowledged ${position}, found ${found}`
  }
  check(wrong === '', `${when}: ${acknowledged.size} acknowledged rows are there`, wrong)
}
await allThere('on the full disk')
check((await ask(server.port, { path: '/api/plans' })).status === 200, 'on the full disk the plans are shown')
check((await ask(server.port, { path: '/healthz' })).status === 200, 'on the full disk the server is alive')

unlinkSync(ballast)
const deadline = Date.now() + 30_000
let again = await save()
while (again.status !== 200 && Date.now() < deadline) {
  await new Promise((next) => setTimeout(next, 50))
  again = await save()
}
check(again.status === 200, 'with room again, writes go on without a restart', again.text)
await allThere('afterwards')
await server.kill('SIGTERM')

const doctor = run(['doctor', '--data', data, '--json'])
const integrity = JSON.parse(doctor.out).findings.find((finding) => finding.check === 'database.integrity')
check(integrity?.status === 'ok', 'the database is whole', JSON.stringify(integrity))
finish()
