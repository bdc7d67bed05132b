// Where the server can be reached: sockets that somebody else opened, unix sockets, ports that are taken; and the probe for
// containers, which finds it there.
import http from 'node:http'
import net from 'node:net'
import { createInterface } from 'node:readline'
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { ask, binary, check, finish, freePort, freshFolder, run, Server } from './support/tuition.mjs'

const data = join(freshFolder(), 'data')
mkdirSync(data, { mode: 0o700 })

// The probe, on a port nobody listens on.
const nowhere = await freePort()
const dead = run(['healthcheck', '--port', String(nowhere)])
check(dead.code === 1 && dead.err.includes(String(nowhere)), 'healthcheck fails where no server is, and says where it asked', dead.err)

// A unix socket beside the port.
const path = join(data, 'http.sock')
const server = new Server({ data, port: await freePort(), args: ['--http-listen', `unix:${path}`] })
await server.ready()
check(run(['healthcheck', '--port', String(server.port)]).code === 0, 'healthcheck finds the server on its port')
check(run(['healthcheck', '--port', String(server.port), '--path', '/readyz']).code === 0, 'healthcheck can ask for readiness')
const byUnix = run(['healthcheck', '--port', String(nowhere), '--http-listen', `unix:${path}`, '--json'])
check(byUnix.code === 0 && JSON.parse(byUnix.out).listener === `unix:${path}`, 'healthcheck finds the server on its unix socket', byUnix.out + byUnix.err)
const status = await new Promise((done, failed) => {
  http.get({ socketPath: path, path: '/api/plans', headers: { Host: 'localhost' } }, (answer) => done(answer.resume().statusCode)).on('error', failed)
})
check(status === 200, 'requests are answered on the unix socket')

const other = join(freshFolder(), 'data')
mkdirSync(other, { mode: 0o700 })
const taken = run(['serve', '--host', '127.0.0.1', '--port', String(server.port), '--data', other])
check(taken.code !== 0 && taken.err.includes(String(server.port)), 'a port that is taken is refused, by name', `exit ${taken.code}\n${taken.err}`)
await server.kill('SIGTERM')
check(!existsSync(path), 'the unix socket goes with the server')

// Socket activation: a shell stands for the service manager. It holds the socket and runs two servers, one after the other.
const activated = net.createServer()
await new Promise((listening) => activated.listen({ host: '127.0.0.1', port: 0 }, listening))
const { port } = activated.address()
const manager = spawn('bash', ['-c', 'for turn in 1 2; do (echo $BASHPID; LISTEN_PID=$BASHPID LISTEN_FDS=1 exec "$@" >/dev/null 2>&1); echo "exit $?"; done',
  'bash', binary, 'serve', '--data', data, '--port', String(nowhere)],
  { stdio: ['ignore', 'pipe', 'inherit', activated._handle.fd], env: { PATH: process.env.PATH, RATE_LIMIT_ENABLED: 'false' } })
// This process must accept nothing; the shell has the socket.
activated.close()
const lines = createInterface({ input: manager.stdout })[Symbol.asyncIterator]()
const said = async () => (await lines.next()).value
let pid = Number(await said())
process.on('exit', () => {
  manager.kill('SIGKILL')
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended.
  }
})
check((await ask(port, { path: '/healthz' })).status === 200, 'a server answers on a socket that it was handed')
check(run(['healthcheck', '--port', String(nowhere)]).code === 1, 'and opens no port of its own then')
process.kill(pid, 'SIGTERM')
check((await said()) === 'exit 0', 'it stops cleanly')
const waiting = ask(port, { path: '/healthz' })
pid = Number(await said())
check((await waiting).status === 200, 'a request that came between two servers is answered by the second')
process.kill(pid, 'SIGTERM')
check((await said()) === 'exit 0', 'which stops cleanly too')
finish()
