// Rows: a sentence, a request, and what must come back. Whatever a row asks for, its answer must also keep the promises
// that hold for all answers: the envelope, the request id, the security headers, a documented status and a body as the
// OpenAPI document describes it.
import { isDeepStrictEqual } from 'node:util'
import { binary, freePort, freshFolder, run, Server, skip } from '../support/tuition.mjs'
import { Bearer, Browser, demoPassword, freshAddress, password, send, sendBytes, until } from './client.mjs'
import { operationOf, problems } from './schema.mjs'

let passed = 0
const failed = []
const secrets = new Set()

export function fail(why) {
  throw new Error(why)
}
export function expect(holds, why) {
  if (!holds) fail(typeof why === 'function' ? why() : why)
}
export const show = (value) => JSON.stringify(value)?.slice(0, 600)
export function same(got, wanted, what) {
  expect(isDeepStrictEqual(got, wanted), () => `${what}: expected ${show(wanted)}, got ${show(got)}`)
}

// Whatever must never be seen in a log, an error or a page.
export function secret(text) {
  if (text) secrets.add(text)
  return text
}

export async function test(sentence, body) {
  try {
    await body()
    passed += 1
    console.log(`ok: ${sentence}`)
  } catch (error) {
    failed.push(sentence)
    console.error(`FAILED: ${sentence}\n  ${error.message.replaceAll('\n', '\n  ')}`)
    if (process.env.TUITION_TEST_STACKS) console.error(error.stack)
  }
}

export function finish() {
  console.log(`${passed} held, ${failed.length} did not`)
  for (const sentence of failed) console.log(`  FAILED: ${sentence}`)
  process.exit(failed.length ? 1 : 0)
}

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/
const requestId = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/
// SQL, source places, stack traces, files of the host.
const innards = /\bSELECT\b.*\bFROM\b|\bINSERT INTO\b|sqlite|SQLITE_|constraint failed|\.(cc|h):\d|std::|terminate called|\/(work|home|tmp|usr)\/|\bat 0x[0-9a-f]+/i
const errorMembers = ['code', 'message', 'details', 'challenge']

const embeds = /^\/embed\//

export function checkSecurityHeaders(answer, path = '') {
  const { headers } = answer
  same(headers['x-content-type-options'], 'nosniff', 'X-Content-Type-Options')
  same(headers['referrer-policy'], 'strict-origin-when-cross-origin', 'Referrer-Policy')
  same(headers['cross-origin-opener-policy'], 'same-origin', 'Cross-Origin-Opener-Policy')
  same(headers['cross-origin-resource-policy'], 'same-origin', 'Cross-Origin-Resource-Policy')
  const policy = headers['content-security-policy'] ?? ''
  expect(policy.includes("default-src 'none'"), `Content-Security-Policy: ${policy}`)
  expect(!/unsafe-eval|script-src[^;]*unsafe-inline/.test(policy), `Content-Security-Policy: ${policy}`)
  expect(/frame-ancestors '(none|self)'/.test(policy), `Content-Security-Policy: ${policy}`)
  // Nothing of anybody else's, but in the one page that frames a film.
  expect(embeds.test(path) || !/https?:|\*/.test(policy), `Content-Security-Policy: ${policy}`)
  expect(headers['x-powered-by'] === undefined && headers.server === undefined, 'the answer names its software')
}

// Addresses that people open: their errors are pages, too.
const page = /^\/(certificates\/verify|embed)\//

export function checkError(answer, path = '') {
  const type = (answer.headers['content-type'] ?? '').split(';')[0]
  expect(!innards.test(answer.text), `the error shows innards: ${answer.text.slice(0, 400)}`)
  if (type === 'application/problem+json' || (type === 'text/html' && page.test(path))) return
  same(type, 'application/json', `content type of the error ${answer.status}`)
  const body = answer.json ?? fail(`the error is no JSON: ${answer.text.slice(0, 200)}`)
  same(body.success, false, 'success')
  expect(instant.test(body.timestamp), `timestamp ${body.timestamp}`)
  expect(/^[A-Z][A-Z_]+$/.test(body.error?.code ?? ''), `error.code ${show(body)}`)
  expect(typeof body.error.message === 'string' && body.error.message.length > 5, `error.message ${show(body)}`)
  for (const name of Object.keys(body)) expect(['success', 'error', 'timestamp'].includes(name), `undocumented member ${name}`)
  for (const name of Object.keys(body.error)) expect(errorMembers.includes(name), `undocumented member error.${name}`)
  for (const each of body.error.details ?? [])
    expect(typeof each.field === 'string' && typeof each.reason === 'string' && Object.keys(each).length === 2, `details ${show(body.error.details)}`)
}

export class School {
  // verb dev: the demo school with pretend providers. verb serve: nothing but what the environment says.
  static async start({ verb = 'dev', env = {}, args = [], data = freshFolder() } = {}) {
    const verbs = run(['--help']).out
    if (!new RegExp(`^  ${verb} `, 'm').test(verbs)) skip(`${binary} has no verb ${verb}`)
    const school = new School()
    school.verb = verb
    school.port = await freePort()
    school.data = data
    school.server = new Server({ data, port: school.port, verb, args, env: { LOG_LEVEL: 'debug', TUITION_LOG_FORMAT: 'json', ...env } })
    await school.server.ready()
    const document = await send(school.port, { path: '/api/openapi.json' })
    if (document.status !== 200) fail(`no OpenAPI document: ${document.status} ${document.text.slice(0, 300)}`)
    school.document = document.json
    return school
  }

  get url() {
    return this.server.url
  }
  send(options) {
    return send(this.port, { seconds: 60, ...options })
  }
  sendBytes(bytes, options) {
    return sendBytes(this.port, bytes, options)
  }
  stop(signal = 'SIGTERM') {
    return this.server.kill(signal)
  }

  // The promises that hold for every answer.
  check(answer, { method = 'GET', path }) {
    expect(requestId.test(answer.headers['x-request-id'] ?? ''), `X-Request-Id: ${answer.headers['x-request-id']}`)
    checkSecurityHeaders(answer, path)
    const { status } = answer
    if (status === 401) expect(answer.headers['www-authenticate']?.startsWith('Bearer'), '401 without WWW-Authenticate')
    if (status === 405) expect(answer.headers.allow, '405 without Allow')
    if (status === 429 || status === 503) expect(/^\d+$/.test(answer.headers['retry-after'] ?? '') || answer.json?.error?.code === 'NOT_CONFIGURED', `${status} without Retry-After`)
    if (status >= 400 && method !== 'HEAD') checkError(answer, path)
    if (status >= 400) same(answer.headers['cache-control'], 'no-store', 'Cache-Control of an error')
    for (const each of secrets) if (status >= 400 || method === 'GET') expect(!answer.text.includes(each), 'the answer shows a secret')
    if (method === 'OPTIONS' || method === 'HEAD' || status === 405 || status === 304) return
    const operation = operationOf(this.document, method, path)
    if (!operation) return
    const described = operation.row.responses[status]
    expect(described, `${operation.name} answered ${status} (${answer.json?.error?.code ?? ''}), which is not documented; these are: ${Object.keys(operation.row.responses).join(', ')}`)
    const type = (answer.headers['content-type'] ?? '').split(';')[0]
    const content = (described.$ref ? this.document.components.responses[described.$ref.split('/').pop()] : described).content?.[type]
    if (!content?.schema || !answer.json) return
    if (/[?&]fields=/.test(path)) return
    const wrong = problems(this.document, content.schema, answer.json)
    expect(wrong.length === 0, () => `${operation.name} ${status} is not as documented: ${wrong.slice(0, 5).join('; ')}`)
    if (status < 300) expect(instant.test(answer.json.timestamp), `timestamp ${answer.json.timestamp}`)
  }

  // One request, judged. `wanted`: status, code, data (whole), has (some members of data), fields (those named in
  // details, exactly), headers, message.
  async judge(operation, options, wanted) {
    const [method, template] = operation.split(' ')
    const path = options.path ?? template
    const answer = await this.send({ method, ...options, path })
    const told = () => `${method} ${path}: ${answer.status} ${answer.text.slice(0, 500)}`
    expect([wanted.status].flat().includes(answer.status), () => `expected ${wanted.status}\n${told()}`)
    this.check(answer, { method, path })
    if (wanted.code) expect(answer.json?.error?.code === wanted.code, () => `expected ${wanted.code}\n${told()}`)
    if ('data' in wanted) same(answer.json?.data, wanted.data, 'data')
    for (const [name, value] of Object.entries(wanted.has ?? {})) same(answer.json?.data?.[name], value, `data.${name}`)
    if (wanted.fields) {
      const named = [...new Set((answer.json?.error?.details ?? []).map((each) => each.field))].sort()
      same(named, [...wanted.fields].sort(), 'fields named in details')
    }
    for (const [name, value] of Object.entries(wanted.headers ?? {})) {
      const got = answer.headers[name.toLowerCase()]
      if (value instanceof RegExp) expect(value.test(got ?? ''), `${name}: ${got}`)
      else same(got, value ?? undefined, name)
    }
    await wanted.then?.(answer)
    return answer
  }

  // A row: its sentence, its operation as "METHOD /path/{of}/the/document", the request, what must come back.
  async row(sentence, operation, options, wanted) {
    let answer = null
    await test(sentence, async () => {
      answer = await this.judge(operation, options, wanted)
    })
    return answer
  }

  // --- People

  async signUp({ email = freshAddress(), fullName = 'Robin Vale' } = {}) {
    const answer = await this.send({ method: 'POST', path: '/api/auth/register', body: { email, password, fullName } })
    if (answer.status !== 201) fail(`cannot sign up: ${answer.status} ${answer.text}`)
    return email
  }
  async signIn(email, word = password) {
    const answer = await this.send({ method: 'POST', path: '/api/auth/login?token=1', body: { email, password: word } })
    if (answer.status !== 200) fail(`cannot sign in: ${answer.status} ${answer.text}`)
    const { accessToken, refreshToken } = answer.json.data.tokens
    secret(accessToken)
    secret(refreshToken)
    const bearer = new Bearer(accessToken, refreshToken)
    bearer.profile = answer.json.data
    return bearer
  }
  async browser(email, word = password) {
    const browser = new Browser()
    const answer = await this.send({ method: 'POST', path: '/api/auth/login', as: browser, body: { email, password: word } })
    if (answer.status !== 200) fail(`cannot sign in: ${answer.status} ${answer.text}`)
    browser.profile = answer.json.data
    for (const cookie of browser.jar.values()) secret(cookie.value)
    return browser
  }
  // A new person, signed in.
  async member(options) {
    const email = await this.signUp(options)
    const person = await this.signIn(email)
    person.email = email
    return person
  }
  // Of the demo school: owner, instructor, learner.
  demo(name) {
    return this.signIn(`${name}@tuition.example`, demoPassword)
  }

  // --- Mail

  async outbox(email) {
    const answer = await this.send({ path: '/dev/outbox', headers: { Accept: 'application/json' } })
    if (answer.status !== 200) fail(`no outbox: ${answer.status} ${answer.text.slice(0, 200)}`)
    return answer.json.filter((each) => !email || each.to.includes(email))
  }
  // The newest mail to the address that the test is true of.
  mailTo(email, fits = () => true) {
    return until(`a mail to ${email}`, async () => (await this.outbox(email)).find(fits))
  }

  // What the server wrote: one JSON object per line, and no secret in it.
  checkLog() {
    const lines = this.server.log.split('\n').filter((line) => line.startsWith('{'))
    for (const line of lines.slice(1)) {
      try {
        JSON.parse(line)
      } catch {
        fail(`a line of the log is no JSON object: ${line.slice(0, 300)}`)
      }
    }
    for (const each of secrets) expect(!this.server.log.includes(each), 'a secret stands in the log')
  }

  async metric(name, labels = {}) {
    const answer = await this.send({ path: '/metrics', headers: { Accept: 'application/json' } })
    const fits = (each) => each.name === name && Object.entries(labels).every(([label, value]) => each.labels[label] === value)
    return answer.json.filter(fits).reduce((sum, each) => sum + (each.value ?? each.count), 0)
  }
}

secret(password)
