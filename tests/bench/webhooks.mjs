// A provider in a hurry: 500 signed events a second for a minute, as Stripe sends them after an outage. Every one must
// be on disk before its answer, and none may be lost. Alone: node tests/bench/webhooks.mjs
import { createHmac } from 'node:crypto'
import http from 'node:http'
import { join } from 'node:path'
import { ask, freePort, freshFolder, run, Server } from '../system/support/tuition.mjs'

const secret = 'whsec_bench'
const perSecond = 500
const tick = 10 // ms
// Whoever sends gives up waiting for an answer, and sends the event again.
const tries = 5

const share = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0

// { sent, kept, waiting, failed, again, p50, p99, worst }: `waiting` are kept and still to be applied; times in ms.
export async function webhooks({ seconds = 60 } = {}) {
  const data = freshFolder()
  const made = run(['user', 'add', 'owner@school.example', '--role', 'admin', '--owner', '--generate', '--data', data])
  if (made.code !== 0) throw new Error(`user add: ${made.err}`)
  const password = made.out.match(/(\S+)\s*$/)[1]
  // The pretend Stripe answers what the school asks about the events that it handles.
  const stripe = new Server({ verb: 'sandbox', data: join(freshFolder(), 'stripe'), port: await freePort(), args: ['--mail-port', '0'] })
  await stripe.ready({ path: '/dev' })
  const port = await freePort()
  const server = new Server({ data, port, env: { STRIPE_SECRET_KEY: 'sk_test_sandbox', STRIPE_WEBHOOK_SECRET: secret, TUITION_STRIPE_BASE_URL: stripe.url, TUITION_OUTBOUND_PRIVATE_PEERS: new URL(stripe.url).host } })
  await server.ready()
  const agent = new http.Agent({ keepAlive: true, maxSockets: 64 })

  const times = []
  let again = 0
  let failed = 0
  async function deliver(number, due) {
    // Most of what a provider tells is nothing we act on; one in five makes the school ask.
    const type = number % 5 === 0 ? 'checkout.session.completed' : 'customer.updated'
    const body = JSON.stringify({ id: `evt_bench${number}`, object: 'event', api_version: '2026-10-28.endive', created: Math.floor(Date.now() / 1000), livemode: false, pending_webhooks: 1, request: null, type, data: { object: { id: `x_${number}`, object: 'object', description: 'y'.repeat(1500) } } })
    for (let turn = 0; turn < tries; turn += 1) {
      const at = Math.floor(Date.now() / 1000)
      const signature = `t=${at},v1=${createHmac('sha256', secret).update(`${at}.${body}`).digest('hex')}`
      const answer = await post(port, agent, body, signature).catch(() => null)
      if (answer?.status === 200) {
        times.push(performance.now() - due)
        return
      }
      again += 1
      await new Promise((next) => setTimeout(next, 1000 * Number(answer?.retryAfter ?? 1)))
    }
    failed += 1
  }

  const sent = perSecond * seconds
  const began = performance.now()
  const deliveries = []
  // By the clock, whatever the answers do: a provider does not wait for us.
  await new Promise((over) => {
    const timer = setInterval(() => {
      const due = Math.min(sent, Math.floor(((performance.now() - began) / 1000) * perSecond))
      while (deliveries.length < due) deliveries.push(deliver(deliveries.length, began + (deliveries.length / perSecond) * 1000))
      if (due < sent) return
      clearInterval(timer)
      over()
    }, tick)
  })
  await Promise.all(deliveries)

  const login = await ask(port, { method: 'POST', path: '/api/auth/login?token=1', body: { email: 'owner@school.example', password } })
  const token = login.json?.data?.tokens?.accessToken
  if (!token) throw new Error(`login: ${login.status} ${login.text}`)
  const kept = new Set()
  let waiting = 0
  let broken = 0
  for (let cursor = ''; ; ) {
    const page = await ask(port, { path: `/api/admin/webhook-events?limit=100${cursor}`, token, agent })
    if (page.status !== 200) throw new Error(`the inbox: ${page.status} ${page.text}`)
    for (const each of page.json.data) {
      kept.add(each.eventId)
      if (each.status === 'received') waiting += 1
      if (each.status === 'failed' || each.status === 'dead') broken += 1
    }
    if (!page.json.page.nextCursor) break
    cursor = `&cursor=${encodeURIComponent(page.json.page.nextCursor)}`
  }
  agent.destroy()
  await server.kill('SIGTERM')
  await stripe.kill('SIGTERM')
  times.sort((a, b) => a - b)
  if (broken > 0) throw new Error(`${broken} events could not be applied: the pretend Stripe was not reached`)
  return { sent, kept: kept.size, waiting, failed, again, p50: share(times, 0.5), p99: share(times, 0.99), worst: times.at(-1) ?? 0 }
}

// A request without the conveniences: the sender shares the machine with what is measured.
function post(port, agent, body, signature) {
  return new Promise((done, failed) => {
    const request = http.request({ host: '127.0.0.1', port, agent, method: 'POST', path: '/api/webhooks/stripe', timeout: 20_000, headers: { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body), 'Stripe-Signature': signature } }, (answer) => {
      answer.resume()
      answer.on('end', () => done({ status: answer.statusCode, retryAfter: answer.headers['retry-after'] }))
      answer.on('error', failed)
    })
    request.on('timeout', () => request.destroy(new Error('no answer')))
    request.on('error', failed)
    request.end(body)
  })
}

if (import.meta.url === `file://${process.argv[1]}`) {
  const found = await webhooks({ seconds: Number(process.env.BENCH_WEBHOOK_SECONDS ?? 60) })
  console.log(JSON.stringify(found))
  process.exit(0)
}
