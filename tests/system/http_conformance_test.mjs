// What HTTP/1.1 says a server must do with requests that are wrong, odd, cut up or slow (RFC 9110, RFC 9112): over raw
// sockets, because no client library would send most of this.
import { Agent } from 'node:http'
import net from 'node:net'
import { ask, check, finish, freePort, freshFolder, sanitized, Server } from './support/tuition.mjs'

const server = new Server({ verb: 'dev', data: freshFolder() + '/data', port: await freePort(), env: { LOG_LEVEL: 'info' } })
await server.ready()
const port = server.port
const host = `Host: 127.0.0.1:${port}\r\n`

// Sends the pieces one after the other (each in a segment of its own) and reads until the server closes the connection,
// `answers` answers are there, or nothing came for long. { text, closed, answers: [{ status, headers, body }] }
function talk(pieces, { answers = Infinity, quiet = 10_000, head = false } = {}) {
  return new Promise((done) => {
    const socket = net.connect(port, '127.0.0.1')
    socket.setNoDelay(true)
    const parts = []
    let timer
    const end = (closed) => {
      clearTimeout(timer)
      socket.destroy()
      const bytes = Buffer.concat(parts)
      done({ text: bytes.toString('latin1'), closed, answers: split(bytes, head) })
    }
    const again = () => {
      clearTimeout(timer)
      timer = setTimeout(() => end(false), quiet)
    }
    socket.on('data', (part) => {
      parts.push(part)
      again()
      if (split(Buffer.concat(parts), head).length >= answers) end(false)
    })
    socket.on('end', () => end(true))
    socket.on('error', () => end(true))
    socket.on('connect', async () => {
      for (const piece of [pieces].flat()) {
        if (socket.destroyed) return
        await new Promise((sent) => socket.write(Buffer.isBuffer(piece) ? piece : Buffer.from(piece, 'latin1'), sent))
      }
    })
    again()
  })
}

function split(bytes, head) {
  const answers = []
  for (let at = 0; ; ) {
    const end = bytes.indexOf('\r\n\r\n', at)
    if (end < 0) return answers
    const [line, ...fields] = bytes.subarray(at, end).toString('latin1').split('\r\n')
    const headers = {}
    for (const field of fields) {
      const colon = field.indexOf(':')
      headers[field.slice(0, colon).toLowerCase()] = field.slice(colon + 1).trim()
    }
    const status = Number(line.split(' ')[1])
    const length = head || status === 100 ? 0 : Number(headers['content-length'] ?? 0)
    if (bytes.length < end + 4 + length) return answers
    answers.push({ status, headers, body: bytes.subarray(end + 4, end + 4 + length).toString() })
    at = end + 4 + length
  }
}

const shown = (text) => JSON.stringify(text.length > 60 ? text.slice(0, 60) + '…' : text)
const finals = (outcome) => outcome.answers.filter((each) => each.status !== 100)

// Refused with one of these statuses, nothing else answered, connection closed.
async function refused(what, bytes, statuses = [400]) {
  const outcome = await talk(bytes)
  const all = finals(outcome)
  check(all.length === 1 && statuses.includes(all[0].status) && outcome.closed, `${what}: ${statuses.join(' or ')}, closed`,
    `sent ${shown([bytes].flat()[0].toString())}, got ${all.map((each) => each.status)} closed=${outcome.closed}`)
  return all[0]
}

async function answered(what, bytes, status = 200, options = {}) {
  const outcome = await talk(bytes, { answers: 1, ...options })
  const got = finals(outcome)[0]
  check(got?.status === status, `${what}: ${status}`, `got ${got?.status} ${outcome.text.slice(0, 200)}`)
  return got
}

// The first answer to these bytes.
const raw = async (bytes) => finals(await talk(bytes, { answers: 1, quiet: 5000 }))[0]
const get = (path = '/health', more = '') => `GET ${path} HTTP/1.1\r\n${host}${more}\r\n`
const post = (fields, body = '') => `POST /api/auth/login HTTP/1.1\r\n${host}Content-Type: application/json\r\n${fields}\r\n${body}`
const chunked = (body, path = '/api/auth/login') =>
  `POST ${path} HTTP/1.1\r\n${host}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${body}`

// --- T01: both framings at once; what stands after such a request is never a request of its own
const smuggled = get('/livez')
const countedLivez = async () => {
  const { text } = await ask(port, { path: '/metrics' })
  return [...text.matchAll(/^tuition_http_requests_total\{[^}]*route="\/livez"[^}]*\} (\d+)$/gm)].reduce((sum, [, count]) => sum + Number(count), 0)
}
const livezBefore = await countedLivez()
for (const fields of ['Content-Length: 4\r\nTransfer-Encoding: chunked\r\n', 'Transfer-Encoding: chunked\r\nContent-Length: 4\r\n'])
  await refused('Content-Length beside Transfer-Encoding', post(fields, '0\r\n\r\n' + smuggled))
check((await countedLivez()) === livezBefore, 'a smuggled request is never counted')
await answered('the same request by itself', smuggled)
check((await countedLivez()) === livezBefore + 1, '… is counted')

// --- T02: lengths
for (const value of ['4\r\nContent-Length: 5', '4\r\nContent-Length: 4', '5,5', '4, 4', '+5', '-5', '-0', '0x5', '5_0', '5 0', '', ' ',
  '18446744073709551616', '9999999999999999999', '5\0', '٣'])
  await refused(`Content-Length ${shown(value)}`, Buffer.from(post(`Content-Length: ${value}\r\n`, 'hello'), 'utf8'))

// --- T03: chunks
for (const [what, body] of [
  ['a prefix', '0x5\r\nhello\r\n0\r\n\r\n'], ['a sign', '+5\r\nhello\r\n0\r\n\r\n'], ['an underscore', '5_\r\nhello\r\n0\r\n\r\n'],
  ['a blank before', ' 5\r\nhello\r\n0\r\n\r\n'], ['a negative size', '-1\r\nhello\r\n0\r\n\r\n'], ['17 digits', '00000000000000005\r\nhello\r\n0\r\n\r\n'],
  ['no size', '\r\nhello\r\n0\r\n\r\n'], ['no line end after the data', '5\r\nhello0\r\n\r\n'], ['a bare line feed', '5\nhello\n0\n\n'],
  ['a bare return', '5\rhello\r0\r\r'], ['a NUL in an extension', '5;a=\0\r\nhello\r\n0\r\n\r\n'], ['a return in an extension', '5;a\rb\r\nhello\r\n0\r\n\r\n'],
  ['an extension of 64 KiB', `5;a=${'x'.repeat(65536)}\r\nhello\r\n0\r\n\r\n`], ['a folded trailer', '0\r\n folded\r\n\r\n'],
  ['a trailer without a name', '0\r\n: x\r\n\r\n']])
  await refused(`chunked with ${what}`, chunked(body))
{
  const json = JSON.stringify({ email: 'nobody@tuition.example', password: 'x'.repeat(20) })
  const pieces = `${json.length.toString(16).toUpperCase()};note="kept out"\r\n${json}\r\n0\r\nX-Trailer: dropped\r\n\r\n`
  await answered('upper-case size, extension and trailer reach the handler', chunked(pieces), 401)
  const halves = `A\r\n${json.slice(0, 10)}\r\n${(json.length - 10).toString(16)}\r\n${json.slice(10)}\r\n0\r\n\r\n`
  await answered('several chunks are one body', chunked(halves), 401)
}

// --- T04: transfer codings
for (const value of ['xchunked', 'chunked, identity', 'identity', 'gzip, chunked', '', '\x0bchunked', 'chunked\r\n chunked', 'chunked\r\nTransfer-Encoding: chunked'])
  await refused(`Transfer-Encoding ${shown(value)}`, post(`Transfer-Encoding: ${value}\r\n`, '0\r\n\r\n'), [400, 501])
await refused('Transfer-Encoding in HTTP/1.0', `POST /api/auth/login HTTP/1.0\r\n${host}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`)

// --- T05: fields
for (const [what, fields] of [
  ['a bare return', 'X-A: b\rc\r\n'], ['a folded line', 'X-A: b\r\n c\r\n'], ['a space before the colon', 'X-A : b\r\n'], ['an empty name', ': b\r\n'],
  ['a name in brackets', '[x]: b\r\n'], ['a NUL', 'X-A: b\0c\r\n'], ['an escape', 'X-A: \x1b[0m\r\n'], ['no colon', 'nothing\r\n'], ['a bare line feed', 'X-A: b\nX-C: d\r\n']])
  await refused(`a field with ${what}`, get('/health', fields))
await refused('a blank before the first field', `GET /health HTTP/1.1\r\n ${host}\r\n`)

// --- T06: Host
await refused('no Host', 'GET /health HTTP/1.1\r\n\r\n')
for (const value of ['a\r\nHost: a', 'user@127.0.0.1', '127.0.0.1/x', 'a, b', '', 'a b', '127.0.0.1:x', '127.0.0.1:99999', '[::1', 'exa<mple'])
  await refused(`Host ${shown(value)}`, `GET /health HTTP/1.1\r\nHost: ${value}\r\n\r\n`)
await refused('an absolute target of another host', `GET http://other.example/health HTTP/1.1\r\n${host}\r\n`)
await answered('an absolute target of this host', `GET http://127.0.0.1:${port}/health HTTP/1.1\r\n${host}\r\n`)

// --- T07: request lines
for (const [line, statuses] of [
  ['GET  HTTP/1.1'], ['GET HTTP/1.1'], ['GET /health http/1.1'], ['GET /health HTTP/1'], ['GET /health HTTP/1.1 '], ['GET /health'], [' GET /health HTTP/1.1'],
  ['GET\t/health\tHTTP/1.1'], ['GET /he alth HTTP/1.1'], ['GET /h\xc3\xa9 HTTP/1.1'], ['G\x01T /health HTTP/1.1'], ['GET health HTTP/1.1'], ['GET * HTTP/1.1'],
  ['GET /health#part HTTP/1.1'], ['GET /health HTTP/2.0', [400, 505]], ['GET /health HTTP/1.2', [400, 505]], ['GET /health HTTP/9.9', [400, 505]], ['GET /health HTTPS/1.1']])
  await refused(`request line ${shown(line)}`, `${line}\r\n${host}\r\n`, statuses)
await refused('the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', [400, 505])
await refused('HTTP/0.9', 'GET /health\r\n')
await refused('a TLS hello', Buffer.from('160301020001000001fc0303', 'hex'))
await refused('lines that end with a line feed', `GET /health HTTP/1.1\n${host.replace('\r', '')}\n`)
await answered('one empty line before the request line', '\r\n' + get())

// --- T08: sizes
await refused('a target of 100 KiB', get('/' + 'x'.repeat(100 * 1024)), [414])
await refused('a field of 64 KiB', get('/health', `X-A: ${'x'.repeat(65536)}\r\n`), [431])
await refused('500 fields', get('/health', Array.from({ length: 500 }, (_, i) => `X-${i}: y\r\n`).join('')), [431])
await answered('90 fields', get('/health', Array.from({ length: 90 }, (_, i) => `X-${i}: y\r\n`).join('')))
await refused('a body that says it is too large', post('Content-Length: 100000000\r\n'), [413])
await refused('a chunk that says it is too large, before it comes', chunked('fffffffffffffff0\r\n'), [413])
await refused('a chunked body that grows too large', chunked(`${(1 << 20).toString(16)}\r\n${'x'.repeat(1 << 20)}\r\n0\r\n\r\n`), [413])
{
  const filled = (email) => `{"email":${email},"password":"none of these"}`
  const before = server.memory()
  for (const [what, body] of [
    ['nested 10,000 deep', filled('{"a":'.repeat(10000) + '1' + '}'.repeat(10000))], ['60,000 brackets', filled('['.repeat(60000))],
    ['a key twice', '{"email":"a@b.example","email":"c@d.example","password":"none of these"}'], ['NaN', filled('NaN')],
    ['a lone surrogate', filled('"a\\ud800@b.example"')], ['no JSON', 'hello'], ['bytes that are no UTF-8', filled('"a\xff@b.example"')]]) {
    const got = await answered(`a body with ${what}`, post(`Content-Length: ${body.length}\r\n`, body), 400)
    const { success, error } = JSON.parse(got.body)
    check(success === false && error.code === 'BAD_JSON', '… says that it is no JSON', got.body)
  }
  const brackets = '['.repeat(5_000_000)
  for (const [how, bytes] of [['by its length', post(`Content-Length: ${brackets.length}\r\n`, brackets)], ['in a chunk', chunked(`${brackets.length.toString(16)}\r\n${brackets}\r\n0\r\n\r\n`)]]) {
    const got = await refused(`5 MB of brackets, told ${how}`, bytes, [413])
    check(JSON.parse(got.body).error.code === 'PAYLOAD_TOO_LARGE', '… says that it is too large', got.body)
  }
  const grown = server.memory() - before
  check(sanitized || grown < 32 << 20, 'and memory does not grow by any of it', `it grew by ${(grown / (1 << 20)).toFixed(1)} MiB`)
}

// --- T09: paths
for (const path of ['/%2e%2e/etc/passwd', '/..%5cetc', '/%c0%ae%c0%ae/', '/a%00b', '//etc', '/./health', '/../etc/passwd', '/api/plans%2f1', '/%252e%252e/', '/health%', '/%zz', '/api/..%2fplans', '/health?a=%zz'])
  await answered(`path ${path}`, get(path), 400)

// --- T10: methods
for (const [line, status] of [['TRACE /health', 405], ['CONNECT 127.0.0.1:80', 405], ['FOO /health', 501], ['OPTIONS *', 405], ['DELETE /api/plans', 405]]) {
  const got = await answered(line, `${line} HTTP/1.1\r\n${host}\r\n`, status)
  check('allow' in got.headers, `… says what is allowed`)
}
{
  const whole = await answered('GET', get('/api/plans'))
  const head = await answered('HEAD', get('/api/plans').replace('GET', 'HEAD'), 200, { head: true })
  const names = (answer) => Object.keys(answer.headers).sort().join()
  check(names(whole) === names(head), 'HEAD answers with the headers of GET', `${names(whole)}\n  ${names(head)}`)
  const two = await talk(get('/api/plans').replace('GET', 'HEAD') + get('/health', 'Connection: close\r\n'), { head: true })
  check(two.text.split('HTTP/1.1 200').length === 3, 'and without a body')
}

{
  // The same of every path there is.
  const { paths } = (await ask(port, { path: '/api/openapi.json' })).json
  const wrong = []
  const agent = new Agent({ keepAlive: true, maxSockets: 4 })
  const named = ({ headers }) => Object.keys(headers).sort().join()
  let walked = 0
  for (const [template, operations] of Object.entries(paths)) {
    const path = template.replace(/\{\w+\}/g, 'none')
    const there = ['get', 'post', 'put', 'patch', 'delete'].filter((method) => operations[method])
    for (const [method, status] of [['TRACE', 405], ['FOO', 501], [['DELETE', 'PATCH', 'PUT'].find((each) => !operations[each.toLowerCase()]), 405]]) {
      if (!method) continue
      const got = await raw(`${method} ${path} HTTP/1.1\r\n${host}Accept: application/json\r\nContent-Length: 0\r\n\r\n`)
      if (got?.status !== status || !got.headers.allow) wrong.push(`${method} ${path}: ${got?.status} Allow: ${got?.headers.allow}`)
      if (status === 405 && method !== 'TRACE' && !there.every((each) => got.headers.allow.includes(each.toUpperCase()))) wrong.push(`${path}: Allow is ${got.headers.allow}`)
      walked += 1
    }
    if (!operations.get) continue
    const query = { headers: { Accept: 'application/json' }, path, agent }
    const whole = await ask(port, query)
    const head = await ask(port, { ...query, method: 'HEAD' })
    if (head.status !== whole.status || head.text !== '' || named(head) !== named(whole) || head.headers['content-type'] !== whole.headers['content-type'])
      wrong.push(`HEAD ${path}: ${head.status} ${named(head)}, GET: ${whole.status} ${named(whole)}`)
    walked += 1
  }
  agent.destroy()
  check(wrong.length === 0 && walked > 100, `${walked} requests: every path refuses other methods with Allow, and HEAD is GET without its body`, wrong.slice(0, 5).join('\n  '))
}

// --- T11: expectations
{
  const large = await refused('an expectation with a body too large', post('Content-Length: 100000000\r\nExpect: 100-continue\r\n'), [413])
  check(large.status === 413, '… without 100 Continue')
  await answered('an unknown expectation', get('/health', 'Expect: miracles\r\n'), 417)
  const json = '{"email":"nobody@tuition.example","password":"none of these"}'
  const outcome = await talk(post(`Content-Length: ${json.length}\r\nExpect: 100-continue\r\n`), { answers: 1 })
  check(outcome.answers[0]?.status === 100, '100 Continue is sent when the body is wanted')
}

// --- T12: pipelining and splitting
{
  const paths = Array.from({ length: 50 }, (_, i) => `/api/pipelined-${i}`)
  const outcome = await talk(paths.map((path) => get(path, 'Accept: application/json\r\n')).join(''), { answers: 50 })
  check(outcome.answers.length === 50 && outcome.answers.every((each) => each.status === 404), '50 pipelined requests get 50 answers')
  const mixed = await talk(get('/health') + get('/api/plans') + get('/nothing') + get('/health', 'Connection: close\r\n') + get('/after'))
  check(mixed.answers.map((each) => each.status).join() === '200,200,404,200' && mixed.closed, 'in order, and none after Connection: close',
    mixed.answers.map((each) => each.status).join())
  await answered('one byte at a time', [...get()], 200, { quiet: 5000 })
  const large = post('Content-Length: 60000\r\n', ' '.repeat(59998) + '{}')
  const pieces = []
  for (let at = 0; at < large.length; ) {
    const next = at + 1 + ((at * 7919) % 8192)
    pieces.push(large.slice(at, next))
    at = next
  }
  await answered('a body in uneven pieces', pieces, 400, { quiet: 5000 })
}

// --- Connections
{
  const kept = await talk(get(), { answers: 1 })
  check(!kept.closed, 'HTTP/1.1 connections stay open')
  const ended = await talk(get('/health', 'Connection: close\r\n'))
  check(ended.closed && ended.answers[0].headers.connection === 'close', 'Connection: close is honoured and said')
  const old = await talk(`GET /health HTTP/1.0\r\n${host}\r\n`)
  check(old.closed && old.answers.length === 1, 'HTTP/1.0 closes')
  const oldKept = await talk(`GET /health HTTP/1.0\r\nConnection: keep-alive\r\n\r\n`, { answers: 1 })
  check(!oldKept.closed && oldKept.answers[0].headers.connection === 'keep-alive', 'unless it asks to stay, and needs no Host')
  const half = await new Promise((done) => {
    const socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    let text = ''
    socket.on('data', (part) => (text += part))
    socket.on('close', () => done(text))
    socket.end(get())
  })
  check(half.startsWith('HTTP/1.1 200'), 'a client that has said all is still answered')
}

// --- T95: nobody but a proxy that was named speaks for others
await refused('the PROXY protocol', `PROXY TCP4 203.0.113.7 127.0.0.1 4000 80\r\n${get()}`)
await refused('the PROXY protocol in bytes', Buffer.from('0d0a0d0a000d0a515549540a2111000ccb0071077f0000010fa00050', 'hex'))
{
  await answered('forged addresses', get('/api/nothing-forged', 'Accept: application/json\r\nX-Forwarded-For: 203.0.113.7\r\nX-Real-IP: 203.0.113.7\r\nForwarded: for=203.0.113.7\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: evil.example\r\n'), 404)
  let mine
  while (!mine) {
    await new Promise((next) => setTimeout(next, 10))
    const lines = server.log.split('\n').filter((line) => line.startsWith('{') && line.endsWith('}')).map((line) => JSON.parse(line))
    mine = lines.findLast((line) => line.event === 'http.request' && line.status === 404)
  }
  check(mine.peer === '127.0.0.1' && mine.client === '127.0.0.1' && !server.log.includes('203.0.113.7'), '… the log has the address of the socket', JSON.stringify(mine))
}

// --- Headers of every answer
for (const path of ['/', '/health', '/api/plans', '/api/nothing', '/nothing.js']) {
  const { headers } = await answered(`GET ${path}`, get(path), /nothing/.test(path) ? 404 : 200, { quiet: 3000 })
  check(/^[0-9a-f-]{36}$/.test(headers['x-request-id'] ?? '') && headers['x-content-type-options'] === 'nosniff' &&
    headers['content-security-policy']?.startsWith("default-src 'none'") && headers['referrer-policy'] === 'strict-origin-when-cross-origin' &&
    headers['cross-origin-opener-policy'] === 'same-origin' && headers['cross-origin-resource-policy'] === 'same-origin' && 'date' in headers,
  '… carries a request id and the security headers', JSON.stringify(headers))
}
{
  const wanted = await answered('a problem, for those who ask', get('/api/nothing', 'Accept: application/problem+json\r\n'), 404)
  const problem = JSON.parse(wanted.body)
  check(wanted.headers['content-type'] === 'application/problem+json' && problem.status === 404 && problem.instance.endsWith(wanted.headers['x-request-id']),
    '… is RFC 9457 and names the request')
}

check((await ask(port, { path: '/health' })).status === 200, 'after all this the server is well')
const ended = await server.kill('SIGTERM')
check(ended.code === 0, 'and it stops as usual', JSON.stringify(ended) + server.log.slice(-4000))
finish()
