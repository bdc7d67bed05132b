// Buying in the demo school: the pretend Stripe's page, its notices, and notices made by hand.
import { createHmac, randomUUID } from 'node:crypto'
import http from 'node:http'
import { until } from './client.mjs'
import { expect, fail, same } from './rows.mjs'

export const webhookSecret = 'whsec_sandbox'
const secretKey = 'sk_test_sandbox'

// A request to any address on loopback, redirects not followed: { status, headers, text }.
export function visit(url, { method = 'GET', form, headers: more = {} } = {}) {
  return new Promise((done, failed) => {
    const body = form && new URLSearchParams(form).toString()
    const headers = body === undefined ? { ...more } : { ...more, 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': body.length }
    const request = http.request(url, { method, headers, timeout: 30_000 }, (answer) => {
      const parts = []
      answer.on('data', (part) => parts.push(part))
      answer.on('end', () => done({ status: answer.statusCode, headers: answer.headers, text: Buffer.concat(parts).toString() }))
      answer.on('error', failed)
    })
    request.on('timeout', () => request.destroy(new Error(`no answer from ${url}`)))
    request.on('error', failed)
    request.end(body)
  })
}

export class Shop {
  constructor(school) {
    this.school = school
  }
  async plans() {
    const answer = await this.school.send({ path: '/api/plans' })
    if (!answer.json?.data?.length) fail(`no plans: ${answer.status} ${answer.text}`)
    return answer.json.data
  }
  async plan(code = 'school-pass') {
    return (await this.plans()).find((each) => each.code === code)
  }
  // A checkout with its page's address.
  async begin(person, options = {}) {
    const planId = options.planId ?? (await this.plan(options.code)).id
    const answer = await this.school.send({ method: 'POST', path: '/api/billing/create-checkout-session', as: person, body: { planId, interval: 'month', currency: 'USD', ...options.body }, headers: options.headers })
    if (answer.status !== 201) fail(`cannot begin to buy: ${answer.status} ${answer.text}`)
    return answer.json.data
  }
  // What the buyer does on the page; answers where they are sent.
  async act(checkout, outcome) {
    const answer = await visit(checkout.url, { method: 'POST', form: { outcome } })
    expect([302, 303].includes(answer.status), `${outcome}: ${answer.status} ${answer.text.slice(0, 300)}`)
    return new URL(answer.headers.location, checkout.url)
  }
  async checkout(person, id) {
    const answer = await this.school.send({ path: `/api/billing/checkout/${id}`, as: person })
    same(answer.status, 200, 'status of the checkout')
    return answer.json.data
  }
  finished(person, id) {
    return until('the checkout is completed', async () => {
      const now = await this.checkout(person, id)
      return now.status !== 'open' && now
    })
  }
  async subscription(person) {
    const answer = await this.school.send({ path: '/api/billing/subscription', as: person })
    same(answer.status, 200, `status of the subscription (${answer.text.slice(0, 200)})`)
    return answer.json.data
  }
  // A person who has bought a plan.
  async subscriber(options) {
    const person = await this.school.member()
    const checkout = await this.begin(person, options)
    await this.act(checkout, 'pay')
    await this.finished(person, checkout.checkoutId)
    return person
  }
  // Waits until the pretend Stripe has told all it had to tell.
  async deliver() {
    await this.school.send({ method: 'POST', path: '/dev/deliver', body: {} })
    await until('all notices are delivered', async () => {
      const events = await this.school.send({ path: '/dev/events', headers: { Accept: 'application/json' } })
      return events.json.every((each) => each.state !== 'waiting')
    })
  }
  async idle() {
    await until('no job waits', async () => {
      const { jobs } = (await this.school.send({ path: '/status' })).json.data
      return jobs.queued === 0 && jobs.running === 0
    })
  }
  async advance(by) {
    const answer = await this.school.send({ method: 'POST', path: '/dev/clock', body: { advance: by } })
    same(answer.status, 200, `the clock: ${answer.text}`)
  }
  // What the pretend Stripe's API answers.
  async provider(path) {
    const origin = this.origin ?? new URL((await this.begin(await this.school.member())).url).origin
    this.origin = origin
    const answer = await visit(origin + path, { headers: { Authorization: `Bearer ${secretKey}`, 'Stripe-Version': '2026-10-28.endive' } })
    same(answer.status, 200, `${path}: ${answer.text.slice(0, 300)}`)
    return JSON.parse(answer.text)
  }
  async mischief(body) {
    const answer = await this.school.send({ method: 'POST', path: '/dev/mischief', body })
    same(answer.status, 200, `mischief: ${answer.text}`)
  }
  // Seconds, by the school's own clock.
  async now() {
    return Math.floor(new Date((await this.school.send({ path: '/health' })).json.timestamp) / 1000)
  }

  // --- Notices by hand

  event(type, object, more = {}) {
    return { id: `evt_${randomUUID().replaceAll('-', '')}`, object: 'event', api_version: '2025-09-30.clover', created: 1, livemode: false, pending_webhooks: 1, request: { id: null, idempotency_key: null }, type, data: { object }, ...more }
  }
  sign(body, at, secret = webhookSecret, scheme = 'v1') {
    return `${scheme}=${createHmac('sha256', secret).update(`${at}.`).update(body).digest('hex')}`
  }
  async notice(body, headers) {
    const raw = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body)
    const at = await this.now()
    return this.school.send({ method: 'POST', path: '/api/webhooks/stripe', raw, headers: headers ?? { 'Stripe-Signature': `t=${at},${this.sign(raw, at)}` } })
  }
  // The session that a checkout's page belongs to.
  session(checkout) {
    return new URL(checkout.url).pathname.split('/').pop()
  }
}
