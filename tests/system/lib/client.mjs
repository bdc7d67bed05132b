// Asking the server like any client would, with as much or as little manners as a test wants.
import http from 'node:http'
import net from 'node:net'
import { randomUUID } from 'node:crypto'

// One request. `body` is sent as JSON; `raw` as it is, with `type` as its content type (null: none).
// Answers { status, headers, cookies, text, bytes, json }; of a stream of events, what comes first.
export function send(port, { method = 'GET', path, as, body, raw, type = 'application/json', headers = {}, agent, seconds = 60 }) {
  return new Promise((done, failed) => {
    const payload = raw !== undefined ? Buffer.from(raw) : body !== undefined ? Buffer.from(JSON.stringify(body)) : undefined
    const all = { ...as?.headers?.(), ...headers }
    if (payload && type !== null && !Object.keys(all).some((name) => name.toLowerCase() === 'content-type')) all['Content-Type'] = type
    if (payload) all['Content-Length'] = payload.length
    else if (method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS') all['Content-Length'] = 0
    for (const [name, value] of Object.entries(all)) if (value === null) delete all[name]
    const request = http.request({ host: '127.0.0.1', port, method, path, headers: all, agent, timeout: seconds * 1000 }, (answer) => {
      const parts = []
      answer.on('data', (part) => parts.push(part))
      answer.on('error', failed)
      const whole = () => {
        const bytes = Buffer.concat(parts)
        const text = bytes.toString()
        let json = null
        try {
          json = JSON.parse(text)
        } catch {
          // Not every answer is JSON.
        }
        const cookies = (answer.headers['set-cookie'] ?? []).map(readCookie)
        as?.keep?.(cookies)
        done({ status: answer.statusCode, headers: answer.headers, cookies, text, bytes, json })
      }
      answer.on('end', () => (answer.complete ? whole() : failed(new Error(`${method} ${path}: the answer was cut`))))
      if (answer.headers['content-type'] === 'text/event-stream') answer.once('data', () => (whole(), request.destroy()))
    })
    request.on('timeout', () => request.destroy(new Error(`${method} ${path}: no answer within ${seconds} s`)))
    request.on('error', (error) => failed(new Error(`${method} ${path}: ${error.message}`)))
    request.end(payload)
  })
}

// Bytes as they are, on a connection of their own; what came back, as text.
export function sendBytes(port, bytes, { seconds = 30 } = {}) {
  return new Promise((done, failed) => {
    const parts = []
    const socket = net.connect(port, '127.0.0.1', () => socket.write(bytes))
    socket.setTimeout(seconds * 1000, () => socket.destroy(new Error(`no answer within ${seconds} s`)))
    socket.on('data', (part) => parts.push(part))
    socket.on('error', (error) => (parts.length ? done(Buffer.concat(parts).toString('latin1')) : failed(error)))
    socket.on('close', () => done(Buffer.concat(parts).toString('latin1')))
  })
}

function readCookie(line) {
  const [pair, ...attributes] = line.split('; ')
  const at = pair.indexOf('=')
  const cookie = { name: pair.slice(0, at), value: pair.slice(at + 1), attributes: {}, line }
  for (const attribute of attributes) {
    const [name, value = true] = attribute.split('=')
    cookie.attributes[name] = value
  }
  return cookie
}

// Somebody with a token in a header.
export class Bearer {
  constructor(token, refreshToken) {
    this.token = token
    this.refreshToken = refreshToken
  }
  headers() {
    return { Authorization: `Bearer ${this.token}` }
  }
}

// A browser on our own pages: it keeps cookies and says where a request comes from.
export class Browser {
  constructor() {
    this.jar = new Map()
    this.site = 'same-origin'
  }
  headers() {
    const all = {}
    if (this.jar.size) all.Cookie = [...this.jar].map(([name, cookie]) => `${name}=${cookie.value}`).join('; ')
    if (this.site) all['Sec-Fetch-Site'] = this.site
    return all
  }
  keep(cookies) {
    for (const cookie of cookies) {
      if (cookie.attributes['Max-Age'] === '0') this.jar.delete(cookie.name)
      else this.jar.set(cookie.name, cookie)
    }
  }
  // The same cookies in another hand, which nothing that follows changes.
  copy() {
    const other = new Browser()
    other.jar = new Map(this.jar)
    return other
  }
}

export const password = 'a long walk at low tide'
// Of the people in the demo school.
export const demoPassword = 'practice makes perfect'
export const freshAddress = () => `p${randomUUID().replaceAll('-', '')}@example.org`
export const strangeId = '0190b6f0-0000-7000-8000-000000000000'

export async function until(what, probe, { seconds = 60 } = {}) {
  const deadline = Date.now() + seconds * 1000
  for (;;) {
    const found = await probe()
    if (found) return found
    if (Date.now() > deadline) throw new Error(`${what}: not within ${seconds} s`)
    await new Promise((next) => setTimeout(next, 25))
  }
}
