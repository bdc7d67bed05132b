// kill -9 at a random moment under a load of writes, again and again: what was acknowledged is there afterwards.
// CRASH_ROUNDS=100 for the full run; CRASH_SEED repeats a run.
import { Agent } from 'node:http'
import { check, ask, finish, freePort, freshFolder, generate, run, Server } from './support/tuition.mjs'

const rounds = Number(process.env.CRASH_ROUNDS ?? 10)
let seed = Number(process.env.CRASH_SEED ?? process.pid)
console.log(`${rounds} rounds, CRASH_SEED=${seed}`)
// A small generator of its own, so that a run can be repeated.
const random = (below) => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
  return Math.floor((seed / 2 ** 32) * below)
}

const clients = 16
const data = freshFolder() + '/data'
const school = generate(data, { users: 200, lessons: 50 })

// Positions per user and lesson: each write gives a larger one than before, so that an acknowledged one must be there, and
// a later one that was under way may be.
const acknowledged = new Map()
const sent = new Map()
let total = 0
const slowest = { ready: 0 }

for (let round = 1; round <= rounds; round += 1) {
  const server = new Server({ data, port: await freePort() })
  const ready = await server.ready()
  slowest.ready = Math.max(slowest.ready, ready)

  const agent = new Agent({ keepAlive: true, maxSockets: clients })
  let stopping = false
  const surprises = []
  const client = async (number) => {
    // Every client has users of its own: an order of writes per row is known only that way.
    for (let turn = 0; !stopping; turn += 1) {
      const user = (number + clients * (turn % Math.floor(school.tokens.length / clients))) % school.tokens.length
      const lesson = school.lessons[turn % school.lessons.length]
      const key = `${user} ${lesson}`
      const positionSeconds = (sent.get(key) ?? 0) + 1
      sent.set(key, positionSeconds)
      try {
        const answer = await ask(server.port, {
          method: 'POST', path: '/api/progress/save', token: school.tokens[user], agent,
          body: { lessonId: lesson, positionSeconds },
        })
        if (answer.status === 200) {
          acknowledged.set(key, positionSeconds)
          total += 1
        } else if (!stopping) {
          surprises.push(`${answer.status} ${answer.text}`)
          return
        }
      } catch (error) {
        if (!stopping) surprises.push(error.message)
        return
      }
    }
  }
  const load = Promise.all(Array.from({ length: clients }, (_, number) => client(number)))
  const before = total
  await new Promise((moment) => setTimeout(moment, 20 + random(400)))
  stopping = true
  await server.kill('SIGKILL')
  await load
  agent.destroy()
  if (surprises.length > 0) check(false, 'the load was answered until the kill', surprises[0])

  // Read back through a server, which recovers the log first.
  const again = new Server({ data, port: await freePort() })
  const recovered = await again.ready()
  slowest.ready = Math.max(slowest.ready, recovered)
  const reading = new Agent({ keepAlive: true, maxSockets: clients })
  const entries = [...acknowledged]
  const lost = []
  const reader = async (number) => {
    for (let at = number; at < entries.length; at += clients) {
      const [key, position] = entries[at]
      const [user, lesson] = key.split(' ')
      const answer = await ask(again.port, { path: `/api/lessons/${lesson}`, token: school.tokens[Number(user)], agent: reading })
      const found = answer.json?.data?.progress?.positionSeconds
      if (answer.status !== 200 || !(found >= position && found <= sent.get(key))) {
        lost.push(`user ${user} lesson ${lesson}: acknowledged ${position}, last sent ${sent.get(key)}, found ${found} (${answer.status})`)
      }
    }
  }
  await Promise.all(Array.from({ length: clients }, (_, number) => reader(number)))
  reading.destroy()
  check(lost.length === 0, `round ${round}: ${total - before} writes acknowledged, all ${entries.length} rows as acknowledged; ready after ${Math.round(recovered)} ms`, lost.slice(0, 3).join('\n  '))
  await again.kill('SIGKILL')
}

const doctor = run(['doctor', '--data', data, '--json'])
const findings = JSON.parse(doctor.out).findings
const integrity = findings.find((finding) => finding.check === 'database.integrity')
check(integrity?.status === 'ok', 'the database is whole: integrity_check and foreign_key_check', JSON.stringify(integrity))
console.log(`${total} acknowledged writes in ${rounds} rounds; slowest start ${Math.round(slowest.ready)} ms (to reach: 2000)`)
finish()
