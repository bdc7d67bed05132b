// SIGHUP: the settings that may change while the server runs are read again, the others are named; what is wrong changes nothing.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { Agent } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mailServer } from './support/mail_server.mjs'
import { ask, check, finish, freePort, freshFolder, generate, run, Server } from './support/tuition.mjs'

const first = await mailServer()
const second = await mailServer()
const folder = mkdtempSync(join(tmpdir(), 'tuition-reload-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
const file = join(folder, 'tuition.toml')
const secret = join(folder, 'smtp_url')
const settings = (values) => {
  const sections = {}
  for (const [name, value] of Object.entries(values)) {
    const [section, key] = name.split('.')
    ;(sections[section] ??= []).push(`${key} = ${typeof value === 'string' ? `"${value}"` : value}`)
  }
  writeFileSync(file, Object.entries(sections).map(([name, lines]) => `[${name}]\n${lines.join('\n')}\n`).join('\n'))
}

const data = freshFolder() + '/data'
const school = generate(data, { users: 5, lessons: 5 })
const start = { 'log.level': 'info', 'http.rate_limits': false, 'mail.from': 'old@school.example', 'http.drain_s': 5 }
settings(start)
writeFileSync(secret, first.url)
const server = new Server({
  data,
  port: await freePort(),
  args: ['--config', file],
  env: { LOG_LEVEL: '', RATE_LIMIT_ENABLED: '', TUITION_MAIL_SMTP_URL_FILE: secret },
})
await server.ready()

// Each line as it comes: under load the requests' own lines soon push these out of the end that the server keeps.
const tellings = []
const requests = { info: 0, debug: 0 }
let rest = ''
server.child.stderr.on('data', (text) => {
  const whole = (rest + text).split('\n')
  rest = whole.pop()
  for (const line of whole.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line))) {
    if (line.event?.startsWith('config.')) tellings.push(line)
    if (line.event === 'http.request' && line.level in requests) requests[line.level] += 1
  }
})
const told = () => tellings
async function until(what, holds) {
  const limit = Date.now() + 60_000
  for (;;) {
    const found = await holds()
    if (found) return found
    if (Date.now() > limit) check(false, what, server.log.slice(-2000))
    await new Promise((next) => setTimeout(next, 20))
  }
}
// Sends the signal and returns the one line that says what came of it.
async function reload(what) {
  const before = told().length
  server.child.kill('SIGHUP')
  await until(`${what}: a line says what came of SIGHUP`, () => told().length > before)
  check(told().length === before + 1, `${what}: one line says what came of it`)
  return told().at(-1)
}

const docs = async () => {
  const page = await ask(server.port, { path: '/docs/api' })
  check(page.status === 200, 'the page about the API', `${page.status} ${page.text.slice(0, 200)}`)
  return page.text
}
const limited = /<span>100 calls in 60 s<\/span>/
check(!limited.test(await docs()), 'the page about the API tells of no limits while none count')

let said = await reload('nothing changed')
check(said.event === 'config.unchanged' && said.level === 'info', 'unchanged settings are said to be so', JSON.stringify(said))

// Wrong in many ways: nothing is taken of it, also not what would be right.
settings({ ...start, 'http.rate_limits': true, 'mail.from': 'not an address' })
said = await reload('a wrong value')
check(said.event === 'config.not_reloaded' && said.why.includes('mail.from'), 'a wrong value is named', JSON.stringify(said))
settings({ ...start, 'http.rate_limit': true })
said = await reload('an unknown name')
check(said.event === 'config.not_reloaded' && said.why.includes('rate_limits'), 'a name that is not known is told with the one that was meant', JSON.stringify(said))
const free = await ask(server.port, { path: '/api/plans' })
check(free.status === 200 && !('ratelimit' in free.headers), 'and everything stays as it was')

// A mail before and one after: register sends one.
let people = 0
const register = () => {
  people += 1
  return ask(server.port, { method: 'POST', path: '/api/auth/register', body: { email: `new${people}@school.example`, password: 'correct horse battery staple', fullName: 'New' } })
}
const registered = await register()
check(registered.status < 300, 'somebody signs up', registered.text)
await until('mail goes to the first server', () => first.mails.length > 0)
check(/^From: .*old@school\.example/m.test(first.mails[0]), 'from the sender of the start', first.mails[0])

// Under load nothing is cut while settings change.
const agent = new Agent({ keepAlive: true, maxSockets: 8 })
const load = { answers: 0, wrong: [], over: false }
const loads = Array.from({ length: 8 }, async () => {
  while (!load.over) {
    const answer = await ask(server.port, { path: '/api/users/profile', token: school.tokens[load.answers % school.tokens.length], agent }).catch((error) => ({ status: error.message }))
    if (answer.status === 200 || answer.status === 429) load.answers += 1
    else load.wrong.push(answer.status)
  }
})
await until('there is load', () => load.answers > 100)

settings({ ...start, 'http.rate_limits': true, 'mail.from': 'new@school.example', 'http.drain_s': 7 })
writeFileSync(secret, second.url)
said = await reload('several changes')
check(said.event === 'config.reloaded' && said.changed.includes('http.rate_limits') && said.changed.includes('mail.smtp_url') && said.changed.includes('mail.from'),
  'what was taken is named', JSON.stringify(said))
check(said.needs_restart === 'http.drain_s', 'and what needs a restart', JSON.stringify(said))
check(!server.log.includes(second.url), 'secrets are not')
const counted = await until('calls are counted from now on', async () => {
  const answer = await ask(server.port, { path: '/api/plans' })
  return 'ratelimit' in answer.headers ? answer : null
})
check([200, 429].includes(counted.status), 'calls are counted from now on')
check(limited.test(await docs()), 'and the page about the API tells them')
load.over = true
await Promise.all(loads)
check(load.wrong.length === 0, `${load.answers} answers meanwhile, none wrong`, String(load.wrong[0]))

settings({ ...start, 'log.level': 'debug', 'mail.from': 'new@school.example', 'http.drain_s': 7 })
said = await reload('the level of the log')
check(said.changed === 'http.rate_limits, log.level' || said.changed === 'log.level, http.rate_limits', 'back again, and more is logged', JSON.stringify(said))
check(!limited.test(await docs()), 'and the page about the API tells of none again')
const mailed = first.mails.length
const again = await register()
check(again.status < 300, 'somebody else signs up', again.text)
await until('mail goes to the second server', () => second.mails.length > 0)
check(first.mails.length === mailed && /^From: .*new@school\.example/m.test(second.mails[0]), 'and only there, from the new sender', second.mails[0])
check(requests.info > 0 && requests.debug === 0, "until now what people asked was logged, and no probe's call", JSON.stringify(requests))
await until('probes are logged now', async () => {
  await ask(server.port, { path: '/readyz' })
  return requests.debug > 0
})
check(true, 'probes are logged now')

settings({ ...start, 'log.level': 'debug', 'http.rate_limits': true, 'http.limit_api': '7/90s', 'mail.from': 'new@school.example', 'http.drain_s': 7 })
said = await reload('a limit')
check(said.changed?.includes('http.limit_api'), 'a limit may change', JSON.stringify(said))
const narrower = await until('the new limit counts', async () => {
  const answer = await ask(server.port, { path: '/api/plans' })
  return answer.headers['ratelimit-policy'] === '"api";q=7;w=90' ? answer : null
})
check([200, 429].includes(narrower.status), 'and counts from then on')
settings({ ...start, 'http.limit_api': 'seven', 'mail.from': 'new@school.example' })
said = await reload('a limit that is none')
check(said.event === 'config.not_reloaded' && said.why.includes('http.limit_api'), 'one that is none is refused by its name', JSON.stringify(said))
settings(start)

const shown = run(['config', 'show', '--json', '--config', file])
const marked = JSON.parse(shown.out).filter((each) => each.reloadable).map((each) => each.name)
check(marked.includes('log.level') && marked.includes('mail.smtp_url') && !marked.includes('http.port'), '`config show` says which settings are read again', marked.join())
check(readFileSync(new URL('../golden/options.md', import.meta.url), 'utf8').includes('Read again on SIGHUP.'), 'and so does their table')
const ended = await server.kill('SIGTERM')
check(ended.code === 0, 'exit code 0', JSON.stringify(ended))
finish()
