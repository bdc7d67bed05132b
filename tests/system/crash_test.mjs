// kill -9 at a random moment under a load of writes, a hundred times over one school: what was acknowledged is there
// afterwards. Some starts are killed as well, so that recovery itself is cut short.
// CRASH_ROUNDS=1000 for a longer run; CRASH_SEED repeats a run.
import { Agent } from 'node:http'
import { check, ask, finish, freePort, freshFolder, generate, run, Server } from './support/tuition.mjs'

const rounds = Number(process.env.CRASH_ROUNDS ?? 100)
let seed = Number(process.env.CRASH_SEED ?? process.pid)
console.log(`${rounds} rounds, CRASH_SEED=${seed}`)
// A small generator of its own, so that a run can be repeated.
const random = (below) => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
  return Math.floor((seed / 2 ** 32) * below)
}

const clients = 16
const data = freshFolder() + '/data'
// Few enough rows that all of them are read back after each crash.
const school = generate(data, { users: 64, lessons: 12 })

// Positions per user and lesson: each write gives a larger one than before, so that an acknowledged one must be there, and
// a later one that was under way may be.
const acknowledged = new Map()
const sent = new Map()
let total = 0
let slowest = 0

// Writes until `stop` is called; answers how many were acknowledged.
function load(server) {
  const agent = new Agent({ keepAlive: true, maxSockets: clients })
  const before = total
  const surprises = []
  let stopping = false
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
  const all = Promise.all(Array.from({ length: clients }, (_, number) => client(number)))
  return {
    stop: () => (stopping = true),
    ended: async () => {
      await all
      agent.destroy()
      if (surprises.length > 0) check(false, 'the load was answered until the kill', surprises[0])
      return total - before
    },
  }
}

// Every row that was ever acknowledged, as the server has it now; what is missing or older, in words.
async function losses(server) {
  const agent = new Agent({ keepAlive: true, maxSockets: clients })
  const entries = [...acknowledged]
  const lost = []
  const reader = async (number) => {
    for (let at = number; at < entries.length; at += clients) {
      const [key, position] = entries[at]
      const [user, lesson] = key.split(' ')
      const answer = await ask(server.port, { path: `/api/lessons/${lesson}`, token: school.tokens[Number(user)], agent })
      const found = answer.json?.data?.progress?.positionSeconds
      if (answer.status !== 200 || !(found >= position && found <= sent.get(key))) {
        lost.push(`user ${user} lesson ${lesson}: acknowledged ${position}, last sent ${sent.get(key)}, found ${found} (${answer.status})`)
      }
    }
  }
  await Promise.all(Array.from({ length: clients }, (_, number) => reader(number)))
  agent.destroy()
  return lost
}

function checkWhole() {
  const doctor = run(['doctor', '--data', data, '--json'])
  const integrity = JSON.parse(doctor.out).findings.find((finding) => finding.check === 'database.integrity')
  check(integrity?.status === 'ok', 'the database is whole: integrity_check and foreign_key_check', JSON.stringify(integrity))
}

let server = new Server({ data, port: await freePort() })
await server.ready()
for (let round = 1; round <= rounds; round += 1) {
  const writing = load(server)
  await new Promise((moment) => setTimeout(moment, 5 + random(200)))
  writing.stop()
  await server.kill('SIGKILL')
  const written = await writing.ended()

  if (round % 10 === 0) checkWhole()
  if (round % 5 === 0) {
    const cutShort = new Server({ data, port: await freePort() })
    await new Promise((moment) => setTimeout(moment, random(60)))
    await cutShort.kill('SIGKILL')
  }
  server = new Server({ data, port: await freePort() })
  const ready = await server.ready()
  slowest = Math.max(slowest, ready)
  const lost = await losses(server)
  check(lost.length === 0, `round ${round}: ${written} writes acknowledged, all ${acknowledged.size} rows as acknowledged; ready after ${Math.round(ready)} ms`, lost.slice(0, 3).join('\n  '))
}
await server.kill('SIGKILL')
checkWhole()
console.log(`${total} acknowledged writes in ${rounds} rounds; slowest start ${Math.round(slowest)} ms (to reach: 2000)`)
finish()
