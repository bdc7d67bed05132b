// Requests as clients send them, changed at random and sent to a school with people in it: bytes changed, taken out, put in,
// doubled, heads and bodies of different requests joined. Whatever comes, what is answered is an answer, none of them blames
// the server, the connection ends, and afterwards all is well. The seed is printed; MANGLED_SEED to send the same again,
// MANGLED_REQUESTS for more (10000000 for a night), MANGLED_INPUT for one request, as it is printed.
import { readdirSync } from 'node:fs'
import net from 'node:net'
import { ask, check, finish, freePort, freshFolder, generate, Server } from './support/tuition.mjs'

const rounds = Number(process.env.MANGLED_REQUESTS ?? 20_000)
const seed = Number(process.env.MANGLED_SEED ?? Math.floor(Math.random() * 2 ** 32))
console.log(`MANGLED_REQUESTS=${rounds} MANGLED_SEED=${seed}`)

const data = freshFolder() + '/data'
const school = generate(data, { users: 10, lessons: 10 })
const keys = { STRIPE_SECRET_KEY: `sk_test_${'x'.repeat(24)}`, STRIPE_WEBHOOK_SECRET: `whsec_${'x'.repeat(24)}` }
const server = new Server({ data, port: await freePort(), env: keys })
await server.ready()
const { port } = server
const descriptors = () => readdirSync(`/proc/${server.pid}/fd`).length

// --- What is changed
const host = `Host: 127.0.0.1:${port}\r\n`
const member = `${host}Authorization: Bearer ${school.tokens[0]}\r\n`
const written = (method, path, body, more = '') => `${method} ${path} HTTP/1.1\r\n${member}Content-Type: application/json\r\n${more}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
const pieces = (body) => `${body.length.toString(16)};note=x\r\n${body}\r\n0\r\nX-Trailer: y\r\n\r\n`
const save = JSON.stringify({ lessonId: school.lessons[0], positionSeconds: 3, watchedRanges: [[0, 3]] })
const corpus = [
  `GET /health HTTP/1.1\r\n${host}\r\n`,
  `GET / HTTP/1.1\r\n${host}Accept: text/html\r\nAccept-Encoding: gzip, br\r\nCookie: tuition_at=abc.def.ghi; tuition_br=x; a="b"\r\n\r\n`,
  `HEAD /courses?q=music&x=%C3%A9 HTTP/1.1\r\n${host}Accept: text/html\r\nIf-None-Match: "abc", W/"def", *\r\n\r\n`,
  `GET /api/plans?fields=id,name HTTP/1.1\r\n${host}Accept: application/problem+json\r\n\r\nGET /livez HTTP/1.1\r\n${host}Connection: close\r\n\r\n`,
  `GET http://127.0.0.1:${port}/api/courses?limit=5 HTTP/1.1\r\n${host}Origin: http://127.0.0.1:${port}\r\nSec-Fetch-Site: same-origin\r\n\r\n`,
  `GET /api/lessons/${school.lessons[1]} HTTP/1.1\r\n${member}Accept: application/json\r\n\r\n`,
  `GET /favicon.svg HTTP/1.1\r\n${host}Range: bytes=0-10,20-,-5\r\nIf-Range: "x"\r\nIf-Modified-Since: Sun, 29 Nov 2026 00:00:00 GMT\r\n\r\n`,
  `GET /api/search?q=a%20b&limit=3 HTTP/1.0\r\n${member}Connection: keep-alive\r\n\r\n`,
  `OPTIONS /api/users/profile HTTP/1.1\r\n${host}Origin: https://other.example\r\nAccess-Control-Request-Method: PUT\r\n\r\n`,
  `OPTIONS * HTTP/1.1\r\n${host}\r\n`,
  written('POST', '/api/progress/save', save),
  written('PUT', '/api/users/profile', '{"fullName":"Robin Vale","locale":"en","timezone":"Africa/Nairobi","preferences":{}}', 'Expect: 100-continue\r\n'),
  written('POST', '/api/coupons/validate', `{"code":"WELCOME","planId":"${school.plans[0]}"}`, 'Idempotency-Key: a-key\r\n'),
  written('POST', '/api/auth/verify-email', '{"token":"\\u00e9\\ud83c\\udfb5"}', 'X-Forwarded-For: 203.0.113.7\r\nForwarded: for="[2001:db8::1]"\r\n'),
  written('DELETE', '/api/auth/sessions/0190b6f0-0000-7000-8000-000000000000', ''),
  `POST /api/progress/save HTTP/1.1\r\n${member}Content-Type: application/json; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n${pieces(save)}`,
  `POST /api/webhooks/stripe HTTP/1.1\r\n${host}Stripe-Signature: t=1,v1=00\r\nContent-Length: 14\r\n\r\n{"id":"evt_1"}`,
  `POST /api/media?purpose=avatar HTTP/1.1\r\n${member}Content-Type: image/png\r\nX-File-Name: a.png\r\nTransfer-Encoding: chunked\r\n\r\n${pieces('\x89PNG\r\n\x1a\n' + '\0'.repeat(30))}`,
  `POST /api/auth/refresh HTTP/1.1\r\n${host}Content-Type: application/json\r\nCookie: tuition_rt=x\r\nContent-Length: 2\r\n\r\n{}`,
].map((text) => Buffer.from(text, 'latin1'))
const words = ['\r\n', '\r\n\r\n', '\n', '\r', '\0', ' ', '\t', ':', ': ', '%', '%00', '%2e%2e/', '/', '//', '?', '&', '=', ';', ',', '"', '{', '[', '}', 'null', '1e999', '\\u0000', '\\ud800', '\xff', '\xc3', 'é',
  'Content-Length: 5\r\n', 'Content-Length: 0\r\n', 'Transfer-Encoding: chunked\r\n', 'Connection: close\r\n', 'Expect: 100-continue\r\n', 'Host: x\r\n', 'Range: bytes=1-\r\n', 'Content-Encoding: gzip\r\n', 'Content-Type: text/plain\r\n', 'HTTP/1.1',
  'HTTP/1.0', 'GET ', 'POST ', '/api/', '0\r\n\r\n', 'ffffffffffffffff', 'chunked'].map((text) => Buffer.from(text, 'latin1'))
const numbers = ['0', '-1', '255', '65536', '4294967296', '9223372036854775807', '18446744073709551616', '00000000000000000001', '0x10', '1.5'].map((text) => Buffer.from(text))

// --- How: the same seed makes the same requests, whatever is answered first
let state = 0
function below(n) {
  state = (state + 0x6d2b79f5) | 0
  let z = Math.imul(state ^ (state >>> 15), 1 | state)
  z = (z + Math.imul(z ^ (z >>> 7), 61 | z)) ^ z
  return ((z ^ (z >>> 14)) >>> 0) % n
}
const one = (all) => all[below(all.length)]
const put = (bytes, at, more, instead = 0) => Buffer.concat([bytes.subarray(0, at), more, bytes.subarray(at + instead)])
const span = (bytes) => {
  const from = below(bytes.length + 1)
  return [from, Math.min(bytes.length - from, 1 + below(1 << below(8)))]
}
function change(bytes) {
  const at = below(bytes.length + 1)
  switch (below(10)) {
    case 0: return put(bytes, at, Buffer.from([(bytes[at] ?? 0) ^ (1 << below(8))]), 1)
    case 1: return put(bytes, at, Buffer.from([below(256)]), 1)
    case 2: return put(bytes, at, Buffer.from([below(256)]))
    case 3: case 4: return put(bytes, at, one(words))
    case 5: {
      const [from, size] = span(bytes)
      return put(bytes, from, Buffer.alloc(0), size)
    }
    case 6: {
      const [from, size] = span(bytes)
      return put(bytes, at, bytes.subarray(from, from + size))
    }
    case 7: {
      const other = one(corpus)
      const [from, size] = span(other)
      return put(bytes, at, other.subarray(from, from + size))
    }
    case 8: {
      const other = one(corpus)
      return Buffer.concat([bytes.subarray(0, at), other.subarray(below(other.length))])
    }
    default: {
      const digits = /\d+/g
      digits.lastIndex = at
      const found = digits.exec(bytes.toString('latin1'))
      return found ? put(bytes, found.index, one(numbers), found[0].length) : bytes
    }
  }
}

// --- Sending: in one piece or two, then nothing more; from many addresses, since ports of one run out
function send(bytes, cut, from) {
  return new Promise((done) => {
    const parts = []
    let told = false
    const socket = net.connect({ port, host: '127.0.0.1', localAddress: from, noDelay: true }, () => {
      if (cut > 0 && cut < bytes.length) {
        socket.write(bytes.subarray(0, cut))
        setImmediate(() => socket.end(bytes.subarray(cut)))
      } else {
        socket.end(bytes)
      }
    })
    socket.setTimeout(60_000, () => {
      told = true
      socket.destroy()
    })
    socket.on('data', (part) => parts.push(part))
    socket.on('error', () => {})
    socket.on('close', () => done({ text: Buffer.concat(parts).toString('latin1'), late: told }))
  })
}

const refusedBy = { '501': 'a method nobody knows', '505': 'another version' }
function wrong({ text, late }) {
  if (late) return 'the connection stays open'
  if (server.gone) return `the server ended: ${JSON.stringify(server.gone)}`
  if (text !== '' && !/^HTTP\/1\.1 \d{3} [A-Z]/.test(text)) return `no answer: ${JSON.stringify(text.slice(0, 200))}`
  for (const [, status] of text.matchAll(/^HTTP\/1\.1 (\d{3}) [A-Z]/gm)) if (status >= '500' && !refusedBy[status]) return `answered ${status}: ${text.slice(0, 1000)}`
  return null
}
const statuses = new Map()
let sent = 0
async function lane(number) {
  while (sent < rounds) {
    const place = sent++
    state = (seed + Math.imul(place, 0x9e3779b1)) | 0
    let bytes = one(corpus)
    for (let changes = 1 + below(1 << below(4)); changes > 0; changes -= 1) bytes = change(bytes)
    bytes = bytes.subarray(0, 32_768)
    const outcome = await send(bytes, below(3) === 0 ? below(bytes.length + 1) : 0, `127.0.${1 + (place % 50)}.${1 + number}`)
    const fault = wrong(outcome)
    if (fault) check(false, `request ${place} is answered as it should`, `${fault}\nMANGLED_INPUT=${bytes.toString('base64')}\n${server.log.slice(-3000)}`)
    const status = outcome.text.slice(9, 12) || 'closed'
    statuses.set(status, (statuses.get(status) ?? 0) + 1)
  }
}

if (process.env.MANGLED_INPUT) {
  const outcome = await send(Buffer.from(process.env.MANGLED_INPUT, 'base64'), 0, '127.0.0.1')
  console.log(outcome.text)
  check(!wrong(outcome), 'the request is answered as it should', wrong(outcome))
  finish()
}
for (const bytes of corpus) {
  const outcome = await send(bytes, 0, '127.0.0.1')
  check(!wrong(outcome) && /^HTTP\/1\.1 [1-4]/.test(outcome.text), `as it is: ${bytes.toString('latin1').split('\r\n')[0]}: ${outcome.text.slice(9, 12)}`, wrong(outcome) ?? outcome.text)
}
const acknowledged = await ask(port, { method: 'POST', path: '/api/progress/save', token: school.tokens[1], body: { lessonId: school.lessons[2], positionSeconds: 7 } })
check(acknowledged.status === 200, 'somebody saves progress', acknowledged.text)
const before = { descriptors: descriptors(), memory: server.memory() }
await Promise.all(Array.from({ length: 16 }, (_, number) => lane(number)))
check(true, `${sent} mangled requests: ${[...statuses].sort().map(([status, count]) => `${status}: ${count}`).join(', ')}`)
check((statuses.get('200') ?? 0) > 0 && statuses.size > 5, 'some of them still were requests')
for (const limit = Date.now() + 60_000; descriptors() > before.descriptors + 10; await new Promise((next) => setTimeout(next, 50)))
  if (Date.now() > limit) check(false, 'descriptors come back', `${before.descriptors} before, ${descriptors()} now`)
console.log(`memory: ${(before.memory / 2 ** 20).toFixed(1)} MiB before, ${(server.memory() / 2 ** 20).toFixed(1)} MiB after`)
check((await ask(port, { path: '/health' })).status === 200, 'after all this the server is well')
const progress = await ask(port, { path: '/api/progress', token: school.tokens[1] })
check(progress.status === 200, 'and what was saved can be read', progress.text)
const ended = await server.kill('SIGTERM')
check(ended.code === 0, 'and it stops as usual', JSON.stringify(ended) + server.log.slice(-3000))
finish()
