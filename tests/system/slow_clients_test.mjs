// Clients who dawdle on purpose, some hundreds of each sort at once: heads that drip, bodies that drip, answers that are not
// read. Each is cut when its time is over, memory and descriptors stay bounded and come back, and whoever behaves is served.
import net from 'node:net'
import { readdirSync } from 'node:fs'
import { ask, check, finish, freePort, freshFolder, generate, Server } from './support/tuition.mjs'

const each = Number(process.env.SLOW_CLIENTS ?? 300)
const budget = 16 << 20
const data = freshFolder() + '/data'
generate(data, { users: 5, lessons: 20 })
const server = new Server({
  data,
  port: await freePort(),
  args: ['--http-head-time', '2s', '--http-body-time', '2s', '--http-write-time', '2s', '--http-idle-time', '5s',
    '--http-slow-memory', String(budget)],
})
await server.ready()

const descriptors = () => readdirSync(`/proc/${server.pid}/fd`).length
const gauge = async (name) => {
  const { text } = await ask(server.port, { path: '/metrics' })
  return Number(text.match(new RegExp(`^${name}\\{[^}]*front="main"[^}]*\\} (\\S+)`, 'm'))[1])
}
// Waits for what must come, however slow this machine is.
async function until(holds, what) {
  const limit = Date.now() + 120_000
  while (!(await holds())) {
    if (Date.now() > limit) check(false, `${what} within two minutes`)
    await new Promise((next) => setTimeout(next, 50))
  }
}

// What a behaving client sees. `path` is as large as anything we serve.
const large = '/api/openapi.json'
const size = (await ask(server.port, { path: large })).text.length
for (let i = 0; i < 20; i += 1) await ask(server.port, { path: large })
const before = { memory: server.memory(), descriptors: descriptors() }

const sockets = new Set()
function dawdle(first, drip) {
  const socket = net.connect(server.port, '127.0.0.1')
  const client = { socket, heard: '', over: false }
  sockets.add(socket)
  socket.on('error', () => {})
  socket.on('close', () => (client.over = true))
  socket.write(first)
  if (drip) {
    socket.on('data', (part) => (client.heard += part))
    const timer = setInterval(() => socket.write(drip), 250)
    socket.on('end', () => clearInterval(timer))
    socket.on('close', () => clearInterval(timer))
  } else {
    socket.pause()
  }
  return client
}

const head = `Host: 127.0.0.1:${server.port}\r\n`
const heads = Array.from({ length: each }, () => dawdle(`GET /health HTTP/1.1\r\n${head}X-Filler: ${'x'.repeat(8000)}`, 'x'))
const bodies = Array.from({ length: each }, () =>
  dawdle(`POST /api/auth/login HTTP/1.1\r\n${head}Content-Type: application/json\r\nContent-Length: 60000\r\n\r\n{"email":"${'x'.repeat(8000)}`, 'x'))
// Many answers each, which nobody reads: only the first ones may be made.
const request = `GET ${large} HTTP/1.1\r\n${head}\r\n`
const readers = Array.from({ length: each }, () => dawdle(request.repeat(30)))

let most = { memory: 0, held: 0, descriptors: 0, ms: 0 }
let served = 0
async function behave(path) {
  const began = process.hrtime.bigint()
  const answer = await ask(server.port, { path })
  most.ms = Math.max(most.ms, Number(process.hrtime.bigint() - began) / 1e6)
  if (answer.status !== 200) check(false, `${path} is served meanwhile`, `${answer.status} ${answer.text.slice(0, 200)}`)
  served += 1
}

await until(async () => {
  await behave(served % 2 === 0 ? '/api/plans' : large)
  most.memory = Math.max(most.memory, server.memory())
  most.held = Math.max(most.held, await gauge('tuition_http_held_bytes'))
  most.descriptors = Math.max(most.descriptors, descriptors())
  return [...heads, ...bodies].every((client) => client.over) && descriptors() <= before.descriptors + 10
}, 'all of them are cut and their descriptors come back')

const timely = (all) => all.filter((client) => client.heard.startsWith('HTTP/1.1 408'))
check(most.descriptors > before.descriptors + each, `they were there: ${most.descriptors} descriptors at most, ${descriptors()} now`)
check(timely(heads).length > each / 2, `heads that drip are told so and cut (${timely(heads).length} of ${each} told)`)
check(timely(bodies).length > each / 2, `bodies that drip are told so and cut (${timely(bodies).length} of ${each} told)`)
check(most.held <= budget * 2, `they never held more than they may: ${(most.held / 2 ** 20).toFixed(1)} MiB`)
const grown = most.memory - before.memory
check(grown < budget * 4, `memory grew by ${(grown / 2 ** 20).toFixed(1)} MiB at most, for ${each} unread answers of ${size} bytes`)
await until(async () => (await gauge('tuition_http_held_bytes')) < 64 * 1024, 'nothing is held any more')
check(true, 'nothing is held once they are gone')
console.log(`${served} requests served meanwhile, the slowest in ${most.ms.toFixed(0)} ms`)
for (const socket of sockets) socket.destroy()
const ended = await server.kill('SIGTERM')
check(ended.code === 0, 'and the server stops as usual', JSON.stringify(ended))
finish()
