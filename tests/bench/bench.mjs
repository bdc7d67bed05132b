// Measures the built binary and prints a table: what is to be reached, what was, and whether.
import { execFileSync, spawn } from 'node:child_process'
import { createReadStream, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { ask, binary, freePort, freshFolder, run, Server } from '../system/support/tuition.mjs'
import { webhooks } from './webhooks.mjs'

const seconds = Number(process.env.BENCH_SECONDS ?? 5)
const turns = Number(process.env.BENCH_TURNS ?? 3)
const users = Number(process.env.BENCH_USERS ?? 10_000)
const lessons = Number(process.env.BENCH_LESSONS ?? 200)
const webhookSeconds = Number(process.env.BENCH_WEBHOOK_SECONDS ?? 60)
const files = Number(execFileSync('bash', ['-c', 'ulimit -n']).toString().replace('unlimited', '1e9'))
const targets = [
  ['plans', 'GET /api/plans', 100_000, 2000],
  ['profile', 'GET /api/users/profile', 79_200, 2000],
  ['lesson', 'GET /api/lessons/{id}', 61_600, 2000],
  ['progress', 'POST /api/progress/save', 30_000, 10_000],
]

const folder = freshFolder()
const data = join(folder, 'data')
const script = new URL('requests.lua', import.meta.url).pathname
const say = (text) => process.stderr.write(`${text}\n`)
const rows = []
// `holds`: against what is asked of this machine; `asSet`: against the figure as it was set, whatever the machine.
const row = (workload, target, reached, holds, more = '', asSet = holds) => rows.push({ workload, target, reached, holds, more, asSet })

const number = (value) => Math.round(value).toLocaleString('en-US')
const ms = (us) => `${(us / 1000).toFixed(us < 10_000 ? 2 : 1)} ms`
const mb = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`

// Processor time in ticks: of the whole machine, and of processes with all that they have waited for.
function busy() {
  const spent = readFileSync('/proc/stat', 'utf8').split('\n', 1)[0].trim().split(/\s+/).slice(1, 9).map(Number)
  return spent.reduce((sum, each) => sum + each, 0) - spent[3] - spent[4]
}
function spentBy(pids) {
  let ticks = 0
  for (const pid of pids) {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').pop().split(' ')
    ticks += fields.slice(11, 15).reduce((sum, each) => sum + Number(each), 0)
  }
  return ticks
}
const childrenOf = (pid) => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean)
let disturbed = 0 // the largest share of the machine that anything else took during a run

// One run of wrk: { rate, p50, p99, errors }; `during` is called every 200 ms meanwhile.
async function load(server, workload, connections, during = () => {}) {
  const { port, pids } = server
  const before = { at: process.hrtime.bigint(), busy: busy(), ours: spentBy([process.pid, ...pids]) }
  const child = spawn('wrk', ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '10s', '-s', script, `http://127.0.0.1:${port}`,
    '--', workload, folder, String(Math.floor(Math.random() * users))])
  let out = ''
  child.stdout.on('data', (text) => (out += text))
  child.stderr.on('data', (text) => (out += text))
  const watch = setInterval(during, 200)
  await new Promise((ended) => child.on('close', ended))
  clearInterval(watch)
  // A tick is a hundredth of a second; wrk counts as this script's child once it has ended.
  const ticks = (Number(process.hrtime.bigint() - before.at) / 1e7) * cpus().length
  const others = (busy() - before.busy - (spentBy([process.pid, ...pids]) - before.ours)) / ticks
  disturbed = Math.max(disturbed, others)
  const found = out.match(/^RESULT (.*)$/m)
  if (!found) throw new Error(`wrk said:\n${out}`)
  const result = JSON.parse(found[1])
  const { status, connect, read, write, timeout } = result
  return {
    rate: result.requests / (result.us / 1e6),
    p50: result.p50,
    p99: result.p99,
    errors: status + connect + read + write + timeout,
    kinds: { status, connect, read, write, timeout },
  }
}

// How many connections the server itself says it holds.
async function held() {
  const answer = await ask(server.port, { path: '/metrics' })
  return Number(answer.text.match(/^tuition_http_connections\S* (\d+)/m)?.[1] ?? 0)
}

// nginx with a configuration of its own, in the foreground, answering `body`.
async function startNginx(body) {
  const port = await freePort()
  const top = join(folder, 'nginx')
  mkdirSync(top)
  const escaped = body.replace(/\\/g, '\\\\').replace(/'/g, "\\'").replace(/\$/g, '')
  writeFileSync(join(top, 'nginx.conf'), `
worker_processes ${cpus().length};
worker_rlimit_nofile ${Math.min(files, 65536)};
pid ${top}/nginx.pid;
error_log ${top}/error.log;
daemon off;
events { worker_connections 16384; }
http {
  access_log off;
  keepalive_requests 1000000000;
  client_body_temp_path ${top}/body; proxy_temp_path ${top}/proxy; fastcgi_temp_path ${top}/fastcgi;
  uwsgi_temp_path ${top}/uwsgi; scgi_temp_path ${top}/scgi;
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location / { default_type application/json; return 200 '${escaped}'; }
  }
}
`)
  const child = spawn('nginx', ['-p', top, '-c', join(top, 'nginx.conf')], { stdio: 'ignore' })
  process.on('exit', () => child.kill('SIGQUIT'))
  for (let tries = 0; ; tries += 1) {
    const answer = await ask(port, { path: '/' }).catch(() => null)
    if (answer?.status === 200) return { port, pids: [child.pid, ...childrenOf(child.pid)], stop: () => new Promise((ended) => { child.on('close', ended); child.kill('SIGTERM') }) }
    if (tries > 500 || child.exitCode !== null) throw new Error('nginx did not start')
    await new Promise((next) => setTimeout(next, 10))
  }
}

// The lists of a school's file, of one of them each `step`-th entry alone: as one text it may be too long for a string. Each entry
// stands on a line of its own, the first behind its list's name.
async function someOf(file, thinned, step) {
  const lists = {}
  let name
  let seen = 0
  for await (let line of createInterface({ input: createReadStream(file) })) {
    const begins = /^\{?"(\w+)":\[/.exec(line)
    if (begins) {
      name = begins[1]
      lists[name] = []
      seen = 0
      line = line.slice(begins[0].length)
    }
    const entry = /^"([^"]+)"/.exec(line)
    if (entry && (name !== thinned || seen++ % step === 0)) lists[name].push(entry[1])
  }
  return lists
}

// A hundred times the people, each with progress of their own: the same requests may take half as long again, no more. Beside it
// stands a school of the usual size whose people have done as much, so that the numbers of people are all that differs. Opt-in: making
// the large one takes some minutes and gigabytes.
async function largeSchool() {
  const largeUsers = Number(process.env.BENCH_LARGE_USERS ?? 1_000_000)
  const each = 20
  const measure = async (name, people) => {
    const into = {}
    const data = join(folder, name)
    const file = join(folder, `${name}.json`)
    say(`making a school of ${number(people)} users with ${number(people * each)} rows of progress`)
    const done = run(['generate', '--data', data, '--users', String(people), '--lessons', String(lessons), '--progress', String(each), '--out', file], { seconds: 4 * 3600 })
    if (done.code !== 0) throw new Error(`generate: exit ${done.code}\n${done.err}`)
    say(`made in ${(done.ms / 1000).toFixed(1)} s, ${mb(statSync(join(data, 'school.db')).size)}`)
    // As many tokens of the large school as of the usual one, spread over all: the load generator is to be as large as before.
    const { tokens, lessons: taught } = await someOf(file, 'tokens', Math.max(1, Math.floor(people / users)))
    writeFileSync(join(folder, 'tokens.txt'), tokens.slice(0, users).join('\n') + '\n')
    writeFileSync(join(folder, 'lessons.txt'), taught.join('\n') + '\n')
    const server = new Server({ data, port: await freePort() })
    await server.ready()
    for (const [workload] of targets) {
      say(`${workload}, ${number(people)} users, ${seconds} s`)
      // The median of three: one run in a disturbed moment would decide.
      const runs = []
      for (let turn = 0; turn < 3; turn += 1) runs.push(await load({ port: server.port, pids: [server.pid] }, workload, 64))
      into[workload] = runs.sort((a, b) => a.rate - b.rate)[1]
    }
    await server.kill('SIGTERM')
    return into
  }
  const small = await measure('usual', users)
  const big = await measure('large', largeUsers)
  for (const [workload, title] of targets) {
    const slower = small[workload].rate / big[workload].rate
    row(`${title}, ${number(largeUsers)} users and ${number(largeUsers * each)} rows of progress`, 'at most 1.5 x slower', `${slower.toFixed(2)} x`, slower <= 1.5 && big[workload].errors === 0,
      `${number(big[workload].rate)}/s, p99 ${ms(big[workload].p99)}`)
  }
}

function tell() {
  const header = ['workload', 'target', 'measured', 'reached', 'as set', 'more']
  const told = (holds) => (holds === null ? '' : holds ? 'yes' : 'NO')
  const cells = rows.map((each) => [each.workload, each.target, each.reached, told(each.holds), told(each.asSet), each.more])
  const widths = header.map((title, at) => Math.max(title.length, ...cells.map((line) => line[at].length)))
  const print = (line) => `| ${line.map((cell, at) => cell.padEnd(widths[at])).join(' | ')} |`
  const table = [print(header), print(widths.map((width) => '-'.repeat(width))), ...cells.map(print)].join('\n')
  let about = `${cpus()[0].model.trim()}, ${cpus().length} cores shared with the load generator; ${number(users)} users, ${number(lessons)} lessons, ` +
    `${seconds} s per row, wrk -t1; ${run(['version']).out.trim().split('\n', 1)[0]}`
  if (disturbed > 0.03)
    about += `. Other processes took up to ${Math.round(disturbed * 100)} % of the machine during a run: times of single answers say little then`
  console.log(`\n${table}\n\n${about}`)
  if (process.env.BENCH_OUT) writeFileSync(process.env.BENCH_OUT, `${table}\n\n${about}\n`)
}

if (process.env.BENCH_LARGE === 'only') {
  await largeSchool()
  tell()
  process.exit(0)
}

say(`making a school of ${number(users)} users and ${number(lessons)} lessons`)
const out = join(folder, 'school.json')
const made = run(['generate', '--data', data, '--users', String(users), '--lessons', String(lessons), '--out', out], { seconds: 3600 })
if (made.code !== 0) throw new Error(`generate: exit ${made.code}\n${made.err}`)
say(`made in ${(made.ms / 1000).toFixed(1)} s`)
const school = JSON.parse(readFileSync(out, 'utf8'))
writeFileSync(join(folder, 'tokens.txt'), school.tokens.join('\n') + '\n')
writeFileSync(join(folder, 'lessons.txt'), school.lessons.join('\n') + '\n')

const size = statSync(binary).size
row('binary', 'under 16 MB', mb(size), size < 16e6)

// The database exists by now. The best of five: the others wait for this machine, not for us.
say('cold start')
const starts = []
for (let turn = 0; turn < 5; turn += 1) {
  const server = new Server({ data, port: await freePort() })
  starts.push(await server.ready({ path: '/health' }))
  await server.kill('SIGTERM')
}
starts.sort((a, b) => a - b)
row('cold start to /health', 'under 100 ms', `${starts[0].toFixed(0)} ms`, starts[0] < 100, `slowest of 5: ${starts[4].toFixed(0)} ms`)

let server = new Server({ data, port: await freePort() })
await server.ready()
const idle = server.memory()
row('memory, idle', 'under 32 MB', mb(idle), idle < 32e6)

const ours = () => ({ port: server.port, pids: [server.pid] })

// What is measured must be the real thing.
const token = school.tokens[0]
const sample = async (what, request) => {
  const answer = await ask(server.port, request)
  if (answer.status !== 200) throw new Error(`${what} answered ${answer.status}: ${answer.text}`)
  return answer.text
}
const plans = await sample('GET /api/plans', { path: '/api/plans' })
await sample('GET /api/users/profile', { path: '/api/users/profile', token })
await sample('GET /api/lessons/{id}', { path: `/api/lessons/${school.lessons[0]}`, token })
await sample('POST /api/progress/save', { method: 'POST', path: '/api/progress/save', token, body: { lessonId: school.lessons[0], score: 50 } })

// The targets were set beside an nginx that answered 167,000/s: 0.6 of it is the first. Figures move from machine to machine, ratios
// hold: where nginx is slower than that, so much less is asked of us. Where it is faster no more is: the targets are what was promised.
// The column `as set` says what holds of them whatever the machine.
const yardThen = 167_000
const nginx = await startNginx(plans.slice(0, 3500))
// Machines that are shared change their pace from second to second: each turn measures nginx and us one after the other, and the
// turn in the middle by their ratio counts.
const middle = (all, by) => [...all].sort((a, b) => by(a) - by(b))[Math.floor(all.length / 2)]
const yards = []
const measured = new Map()
for (const [workload, title] of targets) {
  const found = []
  for (let turn = 1; turn <= turns; turn += 1) {
    say(`${title} and nginx, 64 connections, ${seconds} s each, turn ${turn} of ${turns}`)
    const beside = await load(nginx, 'nginx', 64)
    yards.push(beside)
    found.push({ ...(await load(ours(), workload, 64)), beside })
  }
  measured.set(workload, middle(found, (each) => each.rate / each.beside.rate))
}
const yard = middle(yards, (each) => each.rate)
row('nginx `return 200`, 64 connections', 'the yardstick', `${number(yard.rate)}/s`, null, `p50 ${ms(yard.p50)}, the body of GET /api/plans`)
row('nginx `return 200`, p99', 'the yardstick', ms(yard.p99), null)
for (const [workload, title, there, latency] of targets) {
  const found = measured.get(workload)
  const slower = Math.max(1, yardThen / found.beside.rate)
  const target = there / slower
  const within = latency * slower
  const share = found.rate / found.beside.rate
  const more = `${share.toFixed(2)} of nginx, which did ${number(found.beside.rate)}/s beside it; p50 ${ms(found.p50)}, p99 ${ms(found.p99)}`
  row(`${title}, 64 connections`, slower > 1 ? `${number(target)}/s (${number(there)}/s where nginx does ${number(yardThen)}/s)` : `${number(there)}/s`, `${number(found.rate)}/s`, found.rate >= target && found.errors === 0,
    found.errors ? `${more}, errors ${JSON.stringify(found.kinds)}` : more, found.rate >= there && found.errors === 0)
  if (workload === 'plans') row(`${title}, share of nginx`, '0.60', share.toFixed(2), share >= 0.6)
  row(`${title}, p99`, `under ${ms(within)}`, ms(found.p99), found.p99 < within, '', found.p99 < latency)
}

for (const connections of [1000, 9000]) {
  if (files < connections + 500) continue
  say(`nginx, ${number(connections)} connections, ${seconds} s`)
  const beside = await load(nginx, 'nginx', connections)
  // A server of its own for the memory: what the rows above left in its caches does not count.
  await server.kill('SIGTERM')
  server = new Server({ data, port: await freePort() })
  await server.ready()
  say(`GET /api/plans, ${number(connections)} connections, ${seconds} s`)
  let most = 0
  let together = 0
  const found = await load(ours(), 'plans', connections, () => {
    most = Math.max(most, server.memory())
    held().then((count) => (together = Math.max(together, count)), () => {})
  })
  row(`GET /api/plans, ${number(connections)} connections`, '0 errors', `${number(found.rate)}/s`, found.errors === 0,
    `${found.errors} errors, ${number(together)} held at once, nginx ${number(beside.rate)}/s, p99 ${ms(found.p99)}`)
  if (connections === 9000) row('memory, 9,000 connections', 'under 150 MB', mb(most), most < 150e6)
}

// Signing in: as many at once as there are hashes, for speed; then all together, for memory.
await nginx.stop()
await server.kill('SIGTERM')
server = new Server({ data, port: await freePort() })
await server.ready()
let learner = 0
const signIn = () => ask(server.port, { method: 'POST', path: '/api/auth/login?token=1', body: { email: `learner${String((learner++ % users) + 1).padStart(7, '0')}@school.example`, password: 'practice makes perfect' } })
say(`POST /api/auth/login, ${seconds} s`)
const resting = server.memory()
const refusals = {}
let signedIn = 0
const began = Date.now()
const until = began + seconds * 1000
await Promise.all(Array.from({ length: 2 * cpus().length }, async () => {
  while (Date.now() < until) {
    const answer = await signIn()
    if (answer.status === 200) signedIn += 1
    else refusals[answer.status] = (refusals[answer.status] ?? 0) + 1
  }
}))
const signIns = signedIn / ((Date.now() - began) / 1000)
// Hashing is set to take 25 ms of a core of the machine that the yardstick was measured on.
const hashesThere = 40 * cpus().length
const hashes = hashesThere / Math.max(1, yardThen / yard.rate)
const allIn = Object.keys(refusals).length === 0
row('POST /api/auth/login', `${hashes.toFixed(0)}/s`, `${signIns.toFixed(0)}/s`, signIns >= hashes && allIn, allIn ? 'argon2id, 19 MiB, 2 passes' : `refused: ${JSON.stringify(refusals)}`,
  signIns >= hashesThere && allIn)
say('POST /api/auth/login, 200 at once')
let highest = server.memory()
const watch = setInterval(() => (highest = Math.max(highest, server.memory())), 5)
const crowd = await Promise.all(Array.from({ length: 200 }, signIn))
clearInterval(watch)
const letIn = crowd.filter((each) => each.status === 200).length
const sentAway = crowd.filter((each) => each.status === 503 && each.headers['retry-after']).length
// A hash for each core, and as much again for the connections and their threads.
const room = resting + 2 * cpus().length * 19 * 1024 * 1024 + 32e6
row('memory, 200 sign-ins at once', `under ${mb(room)}`, mb(highest), highest < room && letIn + sentAway === 200, `${letIn} in, ${sentAway} asked to wait`)
await server.kill('SIGTERM')

if (process.env.BENCH_LARGE) await largeSchool()

say(`webhook events, 500 a second for ${webhookSeconds} s`)
const events = await webhooks({ seconds: webhookSeconds })
row(`500 webhook events a second for ${webhookSeconds === 60 ? 'a minute' : `${webhookSeconds} s`}`, 'all kept, p99 under 1 s', `p99 ${ms(events.p99 * 1000)}`, events.kept === events.sent && events.p99 < 1000,
  `${number(events.kept)} of ${number(events.sent)} kept, p50 ${ms(events.p50 * 1000)}, slowest ${ms(events.worst * 1000)}, ${events.again} sent again, ${number(events.waiting)} still to be applied`)

tell()
process.exit(0)
