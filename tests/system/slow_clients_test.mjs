// Clients who dawdle on purpose, some hundreds of each sort at once: heads that drip, bodies that drip, answers that are not
// read. Each is cut when its time is over, memory and descriptors stay bounded and come back, and whoever behaves is served.
// SLOW_CLIENTS for more of each sort; SLOW_SECONDS to have others come in their place for that long.
import net from 'node:net'
import { readdirSync } from 'node:fs'
import { ask, check, finish, freePort, freshFolder, generate, Server } from './support/tuition.mjs'

const each = Number(process.env.SLOW_CLIENTS ?? 300)
const seconds = Number(process.env.SLOW_SECONDS ?? 0)
// What their heads and bodies come to, so that it is time that cuts those; answers that nobody reads come on top.
const budget = Math.max(16 << 20, each * 56 * 1024)
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
const quiet = []
for (let i = 0; i < 200; i += 1) quiet.push(await timed(i % 2 === 0 ? '/api/plans' : large))
const before = { memory: server.memory(), descriptors: descriptors() }

async function timed(path) {
  const began = process.hrtime.bigint()
  const answer = await ask(server.port, { path })
  const ms = Number(process.hrtime.bigint() - began) / 1e6
  if (answer.status !== 200) check(false, `${path} is served`, `${answer.status} ${answer.text.slice(0, 200)}`)
  return ms
}

const sockets = new Set()
function dawdle(first, drip) {
  const socket = net.connect(server.port, '127.0.0.1')
  const client = { socket, heard: '', over: false, came: Date.now() }
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
const request = `GET ${large} HTTP/1.1\r\n${head}\r\n`
const headDrips = () => dawdle(`GET /health HTTP/1.1\r\n${head}X-Filler: ${'x'.repeat(8000)}`, 'x')
const bodyDrips = () =>
  dawdle(`POST /api/auth/login HTTP/1.1\r\n${head}Content-Type: application/json\r\nContent-Length: 60000\r\n\r\n{"email":"${'x'.repeat(8000)}`, 'x')
// Many answers, which nobody reads: only the first ones may be made.
const readsNothing = () => dawdle(request.repeat(30))
const heads = Array.from({ length: each }, headDrips)
const bodies = Array.from({ length: each }, bodyDrips)
const readers = Array.from({ length: each }, readsNothing)
const begun = Date.now()
const more = () => Date.now() - begun < seconds * 1000
// Whoever is cut is followed by another of its sort, as long as more shall come. Who reads nothing does not hear that it is
// cut, and goes by itself when it must have been.
let followed = 0
function follow(all, another) {
  all.forEach((client, place) => {
    if (!client.over && !(client.socket.isPaused() && Date.now() - client.came > 6000)) return
    client.socket.destroy()
    sockets.delete(client.socket)
    all[place] = another()
    followed += 1
  })
}

const most = { memory: 0, held: 0, descriptors: 0 }
const meanwhile = []

async function attend() {
  meanwhile.push(await timed(meanwhile.length % 2 === 0 ? '/api/plans' : large))
  most.memory = Math.max(most.memory, server.memory())
  most.held = Math.max(most.held, await gauge('tuition_http_held_bytes'))
  most.descriptors = Math.max(most.descriptors, descriptors())
}

while (more()) {
  await attend()
  follow(heads, headDrips)
  follow(bodies, bodyDrips)
  follow(readers, readsNothing)
}
await until(async () => {
  await attend()
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
// A machine with something else to do is slow by itself, so this is told and not judged.
const p99 = (all) => [...all].sort((a, b) => a - b)[Math.floor(all.length * 0.99)].toFixed(1)
console.log(`${meanwhile.length} requests served meanwhile${seconds ? `, ${followed} slow clients came after the first` : ''}; 99 of 100 within ${p99(meanwhile)} ms, with nobody else ${p99(quiet)} ms`)
for (const socket of sockets) socket.destroy()
const ended = await server.kill('SIGTERM')
check(ended.code === 0, 'and the server stops as usual', JSON.stringify(ended))
finish()
