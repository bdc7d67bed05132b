// SIGTERM and SIGINT under load: what was begun is answered whole, new connections are refused, the exit code is 0.
import { Agent } from 'node:http'
import { connect } from 'node:net'
import { ask, check, finish, freePort, freshFolder, generate, Server } from './support/tuition.mjs'

const data = freshFolder() + '/data'
const school = generate(data, { users: 50, lessons: 20 })

for (const signal of ['SIGTERM', 'SIGINT']) {
  const server = new Server({ data, port: await freePort() })
  await server.ready()

  const clients = 32
  const agent = new Agent({ keepAlive: true, maxSockets: clients })
  const answered = { whole: 0, busy: 0 }
  const cut = []
  let told = false
  const client = async (number) => {
    for (let turn = 0; ; turn += 1) {
      const user = (number + turn * clients) % school.tokens.length
      const write = turn % 2 === 0
      try {
        const answer = await ask(server.port, write
          ? { method: 'POST', path: '/api/progress/save', token: school.tokens[user], agent,
              body: { lessonId: school.lessons[turn % school.lessons.length], positionSeconds: turn } }
          : { path: '/api/plans', agent })
        if (answer.status === 200) answered.whole += 1
        else if (answer.status === 503 && told) answered.busy += 1
        else cut.push(`${answer.status}: ${answer.text.slice(0, 200)}`)
      } catch (error) {
        // A connection that was idle may close, and a new one may be refused; an answer that has begun must be whole.
        if (!told) cut.push(`before the signal: ${error.message}`)
        else if (/cut|aborted|parse/i.test(`${error.code} ${error.message}`)) cut.push(error.message)
        return
      }
    }
  }
  const load = Promise.all(Array.from({ length: clients }, (_, number) => client(number)))
  const enough = async () => {
    while (answered.whole < 500 && cut.length === 0) await new Promise((next) => setTimeout(next, 5))
  }
  await enough()
  told = true
  const ended = await server.kill(signal)
  await load
  agent.destroy()
  check(cut.length === 0, `${signal} under load: ${answered.whole} answers whole, ${answered.busy} told to come back, none cut`, cut[0])
  check(ended.code === 0, `${signal}: exit code 0`, JSON.stringify(ended) + '\n' + server.log)
}

// Somebody who asks twice means now: a request that would keep the first signal waiting does not keep the second.
{
  const server = new Server({ data, port: await freePort(), args: ['--http-drain-s', '300'], env: { LOG_LEVEL: 'info' } })
  await server.ready()
  const slow = connect(server.port, '127.0.0.1')
  slow.on('error', () => {})
  await new Promise((sent) => slow.write(`POST /api/auth/login HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nContent-Length: 100\r\n\r\n{`, sent))
  server.child.kill('SIGUSR2')
  while (!server.log.includes('signal.ignored') && !server.gone) await new Promise((next) => setTimeout(next, 5))
  check(!server.gone && (await ask(server.port, { path: '/readyz' })).status === 200, 'a signal that means nothing to it is noted, and it goes on', JSON.stringify(server.gone))
  server.child.kill('SIGTERM')
  while (!server.log.includes('server.stopping')) await new Promise((next) => setTimeout(next, 5))
  const ready = await ask(server.port, { path: '/readyz' }).then((answer) => answer.status, () => 'refused')
  check(ready === 503 || ready === 'refused', `while it stops it is not ready (${ready})`)
  check(server.gone === undefined, 'what has begun keeps it')
  server.child.kill('SIGTERM')
  const gone = await server.ended
  check(gone.signal === 'SIGTERM', 'a second SIGTERM ends it at once', JSON.stringify(gone))
  slow.destroy()
}

// The lock is free again and nothing is left to recover by hand.
const again = new Server({ data, port: await freePort() })
await again.ready()
check(true, 'a server starts on the same folder afterwards')
await again.kill('SIGTERM')
finish()
