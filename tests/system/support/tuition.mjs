// The real binary in a folder of its own: start it, ask it, stop it. Everything is on loopback, on ports the system gives.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import http from 'node:http'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

export const binary = resolve(process.env.TUITION_BIN ?? 'build/tuition')
// A build that keeps for a while what is freed, to catch who still uses it: its memory says little.
export const sanitized = process.env.TUITION_SANITIZED === '1'
const started = new Set()
const folders = new Set()

// Nothing outlives the script, however it ends.
process.on('exit', () => {
  for (const child of started) child.kill('SIGKILL')
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130))

export function freshFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'tuition-test-'))
  folders.add(folder)
  return folder
}

export function freePort() {
  return new Promise((found, failed) => {
    const probe = net.createServer()
    probe.on('error', failed)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => found(port))
    })
  })
}

// A verb that ends by itself: { code, out, err, ms }.
export function run(args, { input, env, seconds = 60 } = {}) {
  const began = process.hrtime.bigint()
  const done = spawnSync(binary, args, {
    input,
    env: { ...environment(), ...env },
    encoding: 'utf8',
    timeout: seconds * 1000,
    maxBuffer: 64 << 20,
  })
  if (done.error) throw done.error
  const ms = Number(process.hrtime.bigint() - began) / 1e6
  return { code: done.status, signal: done.signal, out: done.stdout, err: done.stderr, ms }
}

// The same while this script goes on: for verbs that call a server of its own. `command` stands in front of the binary.
export function runBeside(args, { env, command = [], program = binary } = {}) {
  return new Promise((done, failed) => {
    const [first, ...rest] = [...command, program, ...args]
    const child = spawn(first, rest, { env: { ...environment(), ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
    started.add(child)
    let out = ''
    let err = ''
    child.stdout.on('data', (text) => (out += text))
    child.stderr.on('data', (text) => (err += text))
    child.on('error', failed)
    child.on('close', (code, signal) => {
      started.delete(child)
      done({ code, signal, out, err })
    })
  })
}

// What the machine's own settings say must not reach the program under test.
function environment() {
  const kept = {}
  for (const name of ['PATH', 'HOME', 'TMPDIR', 'LANG', 'ASAN_OPTIONS', 'UBSAN_OPTIONS', 'TSAN_OPTIONS']) if (process.env[name]) kept[name] = process.env[name]
  return { ...kept, LOG_LEVEL: 'warn', RATE_LIMIT_ENABLED: 'false' }
}

// A running server; `ready()` before the first request.
export class Server {
  // `command` stands in front of the binary, which is `program` there: chroot, setpriv.
  constructor({ data, port, args = [], env = {}, verb = 'serve', command = [], program = binary }) {
    this.port = port
    this.url = `http://127.0.0.1:${port}`
    this.began = process.hrtime.bigint()
    this.log = ''
    const [first, ...rest] = [...command, program, verb, '--host', '127.0.0.1', '--port', String(port), '--data', data, ...args]
    this.child = spawn(first, rest, {
      env: { ...environment(), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    started.add(this.child)
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream.on('data', (text) => (this.log = (this.log + text).slice(-200_000)))
    }
    this.ended = new Promise((done) => {
      this.child.on('close', (code, signal) => {
        started.delete(this.child)
        this.gone = { code, signal }
        done(this.gone)
      })
    })
  }

  get pid() {
    return this.child.pid
  }

  // Milliseconds from the start of the process until `path` answers 200.
  async ready({ path = '/readyz', seconds = 30 } = {}) {
    const deadline = Date.now() + seconds * 1000
    for (;;) {
      if (this.gone) throw new Error(`the server ended (${JSON.stringify(this.gone)}):\n${this.log}`)
      const answer = await ask(this.port, { path, seconds: 5 }).catch(() => null)
      if (answer?.status === 200) return Number(process.hrtime.bigint() - this.began) / 1e6
      if (Date.now() > deadline) throw new Error(`not ready after ${seconds} s:\n${this.log}`)
      await new Promise((next) => setTimeout(next, 2))
    }
  }

  kill(signal = 'SIGKILL') {
    this.child.kill(signal)
    return this.ended
  }

  memory() {
    const status = readFileSync(`/proc/${this.pid}/status`, 'utf8')
    return Number(status.match(/^VmRSS:\s+(\d+) kB/m)[1]) * 1024
  }
}

// One request: { status, headers, text, json }. Rejects when the answer is not whole.
export function ask(port, { method = 'GET', path, token, body, headers = {}, agent, seconds = 30 }) {
  return new Promise((done, failed) => {
    const text = body === undefined ? undefined : JSON.stringify(body)
    const request = http.request(
      {
        host: '127.0.0.1',
        port,
        method,
        path,
        agent,
        timeout: seconds * 1000,
        headers: {
          ...(token ? { Authorization: `Bearer ${token}` } : {}),
          ...(text === undefined ? {} : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) }),
          ...headers,
        },
      },
      (answer) => {
        const parts = []
        answer.on('data', (part) => parts.push(part))
        answer.on('error', failed)
        answer.on('end', () => {
          if (!answer.complete) return failed(new Error('the answer was cut'))
          const text = Buffer.concat(parts).toString()
          let json = null
          try {
            json = JSON.parse(text)
          } catch {
            // Not every answer is JSON.
          }
          done({ status: answer.statusCode, headers: answer.headers, text, json })
        })
      },
    )
    request.on('timeout', () => request.destroy(new Error(`no answer within ${seconds} s`)))
    request.on('error', failed)
    request.end(text)
  })
}

// A synthetic school in data: { tokens, lessons, plans }.
export function generate(data, { users = 50, lessons = 20 } = {}) {
  const file = join(freshFolder(), 'school.json')
  const made = run(['generate', '--data', data, '--users', String(users), '--lessons', String(lessons), '--out', file], {
    seconds: 600,
  })
  if (made.code !== 0) throw new Error(`generate: exit ${made.code}\n${made.out}${made.err}`)
  return JSON.parse(readFileSync(file, 'utf8'))
}

let checked = 0
export function check(holds, promise, detail = '') {
  if (!holds) {
    console.error(`FAILED: ${promise}${detail ? `\n  ${detail}` : ''}`)
    process.exit(1)
  }
  checked += 1
  console.log(`ok: ${promise}`)
}

export function finish() {
  console.log(`${checked} checks passed`)
  process.exit(0)
}

export function skip(why) {
  console.log(`skipped: ${why}`)
  process.exit(77)
}
