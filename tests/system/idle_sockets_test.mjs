// Twenty thousand connections that ask once and then say nothing, or as many as the file limit lets: the server keeps what it
// may keep, those that came first and said nothing since give way, nothing turns in circles meanwhile, whoever behaves is
// served, and all of it comes back. IDLE_SOCKETS for another number.
import { fork } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import net from 'node:net'
import { fileURLToPath } from 'node:url'
import { ask, check, finish, freePort, freshFolder, generate, Server } from './support/tuition.mjs'

if (process.argv[2] === 'hold') await hold(Number(process.argv[3]), process.argv[4], Number(process.argv[5]))
else await main()

// In a process of its own, since descriptors are counted by process: opens connections, waits for an answer on each, and
// then says which are still there whenever it is asked.
async function hold(port, from, count) {
  const sockets = []
  const open = (place) =>
    new Promise((done) => {
      // From an address of its own: one address has 28,000 ports, and others need some.
      const socket = (sockets[place] = net.connect({ port, host: '127.0.0.1', localAddress: from }))
      socket.on('connect', () => socket.write(`GET /health HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`))
      socket.on('data', (part) => {
        socket.status ??= Number(part.toString('latin1').slice(9, 12))
        done()
      })
      socket.on('error', () => {})
      socket.on('close', done)
    })
  let next = 0
  const lane = async () => {
    while (next < count) await open(next++)
  }
  await Promise.all(Array.from({ length: 32 }, lane))
  const states = () => sockets.map((each) => (each.status !== 200 ? 'refused' : each.destroyed ? 'closed' : 'open'))
  process.on('message', () => process.send(states()))
  process.send(states())
}

async function main() {
  const wanted = Number(process.env.IDLE_SOCKETS ?? 20_000)
  const filesOf = (pid) => Number(/^Max open files +(\d+)/m.exec(readFileSync(`/proc/${pid}/limits`, 'utf8'))[1])
  const keepers = 4
  const each = Math.min(Math.ceil(wanted / keepers), filesOf('self') - 100)
  const count = each * keepers
  // Room for less than come, so that some have to go.
  const room = Math.floor(count * 0.8)
  const data = freshFolder() + '/data'
  const school = generate(data, { users: 5, lessons: 5 })
  const server = new Server({ data, port: await freePort(), args: ['--http-connections-max', String(room), '--http-idle-time', '10m'] })
  await server.ready()
  const { port } = server
  const may = Math.min(room, filesOf(server.pid) - 256)
  const descriptors = () => readdirSync(`/proc/${server.pid}/fd`).length
  const gauge = async () => Number(/^tuition_http_connections\{[^}]*front="main"[^}]*\} (\S+)/m.exec((await ask(port, { path: '/metrics' })).text)[1])
  // Waits for what must come, however slow this machine is.
  async function until(what, holds) {
    const limit = Date.now() + 120_000
    while (!(await holds())) {
      if (Date.now() > limit) check(false, `${what} within two minutes`)
      await new Promise((next) => setTimeout(next, 50))
    }
  }
  const before = { memory: server.memory(), descriptors: descriptors() }

  // One keeper after the other, so that it is known who came first.
  const states = []
  const children = []
  for (let i = 0; i < keepers; i += 1) {
    const child = fork(fileURLToPath(import.meta.url), ['hold', String(port), `127.0.0.${i + 2}`, String(each)])
    process.on('exit', () => child.kill('SIGKILL'))
    children.push(child)
    states[i] = await new Promise((told) => child.once('message', told).once('exit', told))
    check(Array.isArray(states[i]), `${(i + 1) * each} connections have come`)
  }
  const look = () => Promise.all(children.map((child) => new Promise((told) => child.once('message', told).send('?'))))
  const tally = (all, state) => all.filter((one) => one === state).length
  let all = []
  await until('those who gave way know it', async () => {
    all = (await look()).flat()
    return tally(all, 'open') <= may
  })
  const kept = tally(all, 'open')
  check(!server.gone && kept > may * 0.9, `${kept} of ${count} are kept, ${may} may be; ${tally(all, 'closed')} gave way, ${tally(all, 'refused')} were told to come back`)
  check((await gauge()) <= may, 'the server counts no more than may be')
  // Some came at the same moment: a little disorder is none.
  const late = tally(all.slice(-Math.floor(may * 0.9)), 'closed')
  check(late === 0, 'those who came first gave way', `${late} of the last ${Math.floor(may * 0.9)} did`)

  const busy = () => {
    const [user, system] = readFileSync(`/proc/${server.pid}/stat`, 'utf8').split(') ')[1].split(' ').slice(11, 13).map(Number)
    return user + system
  }
  const began = busy()
  await new Promise((next) => setTimeout(next, 2000))
  const spent = busy() - began
  check(spent < 100, `with all of them there it rests: ${spent * 10} ms of processor in two seconds`)
  const held = server.memory()
  console.log(`memory: ${(before.memory / 2 ** 20).toFixed(1)} MiB before, ${(held / 2 ** 20).toFixed(1)} MiB with ${kept} connections`)
  check(held - before.memory < count * 32 * 1024, 'a connection that says nothing holds less than 32 KiB')

  for (let i = 0; i < 50; i += 1) {
    const answer = await ask(port, { path: '/api/users/profile', token: school.tokens[i % school.tokens.length] })
    if (answer.status !== 200) check(false, 'whoever comes is served', `${answer.status} ${answer.text}`)
  }
  check(true, 'whoever comes is served')
  const write = await ask(port, { method: 'POST', path: '/api/progress/save', token: school.tokens[1], body: { lessonId: school.lessons[0], positionSeconds: 3 } })
  check(write.status === 200, 'what is written is kept', write.text)

  for (const child of children) child.kill('SIGKILL')
  await until('their descriptors come back', () => descriptors() <= before.descriptors + 10)
  check(true, 'when they go, their descriptors come back')
  const ended = await server.kill('SIGTERM')
  check(ended.code === 0, 'and it stops as usual', JSON.stringify(ended) + server.log.slice(-1000))
  finish()
}
