// Little of everything: 64 descriptors, 256 MiB of memory. The server says that it is full and goes on; it never aborts, and
// never turns in circles.
import net from 'node:net'
import { readFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { ask, check, finish, freePort, freshFolder, generate, Server, skip } from './support/tuition.mjs'

if (spawnSync('prlimit', ['--version']).error) skip('prlimit is not here')

const data = freshFolder() + '/data'
const school = generate(data, { users: 20, lessons: 10 })
const head = (port) => `Host: 127.0.0.1:${port}\r\n`
const busy = (pid) => {
  const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ').slice(11, 13).map(Number)
  return user + system
}
// Opens a connection, says something, and keeps it: { socket, heard, over }.
function open(port, text) {
  const socket = net.connect(port, '127.0.0.1')
  const client = { socket, heard: '', over: false }
  socket.on('error', () => {})
  socket.on('data', (part) => (client.heard += part))
  socket.on('close', () => (client.over = true))
  socket.write(text)
  return client
}
async function until(what, holds) {
  const limit = Date.now() + 60_000
  while (!(await holds())) {
    if (Date.now() > limit) check(false, what)
    await new Promise((next) => setTimeout(next, 20))
  }
}

{
  const server = new Server({ data, port: await freePort(), command: ['prlimit', '--nofile=64', '--'], args: ['--http-head-time', '3s'] })
  await server.ready()
  const { port } = server
  // Connections in the middle of a request: nobody idle could give way to others.
  const many = Array.from({ length: 200 }, () => open(port, `GET /health HTTP/1.1\r\n${head(port)}X-More: `))
  await until('those who find no room are told or closed', () => many.filter((each) => each.over).length > 100)
  const full = many.filter((each) => each.heard.startsWith('HTTP/1.1 503'))
  check(full.length > 0 && full.every((each) => /^Retry-After: \d+/im.test(each.heard)), `${full.length} of 200 connections are told to come back later`, full[0]?.heard)
  // Still: nothing to do, so no work is done. (What the slow ones time out with is little.)
  await until('the slow ones are cut', () => many.every((each) => each.over))
  const answer = await ask(port, { path: '/api/users/profile', token: school.tokens[0] })
  check(answer.status === 200, 'and then there is room again', answer.text)

  // More idle connections than there are descriptors: the longest idle ones give way.
  const idle = []
  for (let i = 0; i < 120; i += 1) {
    const client = open(port, `GET /health HTTP/1.1\r\n${head(port)}\r\n`)
    idle.push(client)
    await until('an answer, or word that it is full', () => client.heard.length > 0 || client.over)
    if (client.heard.startsWith('HTTP/1.1 503')) await new Promise((next) => setTimeout(next, 100))
  }
  const served = idle.filter((each) => each.heard.startsWith('HTTP/1.1 200')).length
  check(served > 40, `${served} of 120 connections that stay were served`)
  const before = busy(server.pid)
  await new Promise((next) => setTimeout(next, 2000))
  const spent = busy(server.pid) - before
  check(spent < 100, `with all descriptors in use it rests: ${spent * 10} ms of processor in two seconds`)
  const write = await ask(port, { method: 'POST', path: '/api/progress/save', token: school.tokens[1], body: { lessonId: school.lessons[0], positionSeconds: 3 } })
  check(write.status === 200, 'what is written is kept', write.text)
  for (const each of [...many, ...idle]) each.socket.destroy()
  const ended = await server.kill('SIGTERM')
  check(ended.code === 0, 'and it stops as usual', JSON.stringify(ended) + server.log.slice(-1000))
}

{
  const server = new Server({ data, port: await freePort(), command: ['prlimit', `--as=${256 << 20}`, '--'] })
  await server.ready()
  const { port } = server
  const statuses = new Map()
  const note = (status) => statuses.set(status, (statuses.get(status) ?? 0) + 1)
  // Sign-ins need the most memory each; the readers do not read.
  const readers = Array.from({ length: 300 }, () => {
    const client = open(port, `GET /api/openapi.json HTTP/1.1\r\n${head(port)}\r\n`)
    client.socket.pause()
    return client
  })
  const work = []
  for (let i = 0; i < 200; i += 1) {
    work.push(ask(port, { method: 'POST', path: '/api/auth/login', body: { email: `nobody${i}@school.example`, password: 'none of these words' } })
      .then((answer) => note(answer.status), () => note('closed')))
    work.push(ask(port, { path: '/api/users/profile', token: school.tokens[i % school.tokens.length] }).then((answer) => note(answer.status), () => note('closed')))
  }
  await Promise.all(work)
  const shown = [...statuses].map(([status, count]) => `${status}: ${count}`).join(', ')
  check(!server.gone, `256 MiB of memory: ${shown}`, JSON.stringify(server.gone) + server.log.slice(-2000))
  check([...statuses.keys()].every((status) => [200, 401, 429, 503, 507, 'closed'].includes(status)), 'answers are given or refused in words', shown)
  check((statuses.get(200) ?? 0) > 0 && (statuses.get(401) ?? 0) > 0, 'and work is done')
  for (const each of readers) each.socket.destroy()
  const answer = await ask(port, { path: '/api/users/profile', token: school.tokens[0] })
  check(answer.status === 200, 'afterwards all is well', answer.text)
  const ended = await server.kill('SIGTERM')
  check(ended.code === 0, 'and it stops as usual', JSON.stringify(ended) + server.log.slice(-1000))
}
finish()
