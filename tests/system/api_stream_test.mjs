// The stream of events that a page keeps open (GET /api/stream): everybody hears of their own things and of nobody else's,
// a stream ends with the session, the account or the server, and a thousand of them take no thread each. LIVE_STREAMS for
// another number.
import { readdirSync } from 'node:fs'
import http from 'node:http'
import { password, until } from './lib/client.mjs'
import { expect, finish, same, School, test } from './lib/rows.mjs'
import { Shop } from './lib/shop.mjs'
import { freePort, freshFolder, generate, Server } from './support/tuition.mjs'

// An open stream: what was heard, and whether it is over.
class Stream {
  constructor(port, as) {
    this.text = ''
    this.over = false
    this.opened = new Promise((done, failed) => {
      this.request = http.get({ host: '127.0.0.1', port, path: '/api/stream', headers: as.headers(), agent: false }, (answer) => {
        this.answer = answer
        answer.on('data', (part) => {
          this.text += part
          done(this)
        })
        answer.on('end', () => (this.over = true))
        answer.on('error', () => (this.over = true))
        if (answer.statusCode !== 200) done(this)
      })
      this.request.on('error', failed)
    })
  }
  get events() {
    return [...this.text.matchAll(/^event: (.*)\ndata: (.*)\n\n/gm)].map(([, name, data]) => ({ name, data: JSON.parse(data) }))
  }
  hears(name, fits = () => true) {
    return until(`the event ${name}`, () => this.events.find((each) => each.name === name && fits(each.data)))
  }
  async ends() {
    const began = Date.now()
    await until('the end of the stream', () => this.over)
    return Date.now() - began
  }
}

const school = await School.start()
const shop = new Shop(school)
const owner = await school.demo('owner')
const open = (as) => new Stream(school.port, as).opened

await school.row('a stream is for those who are signed in', 'GET /api/stream', {}, { status: 401, code: 'UNAUTHENTICATED' })
const member = await school.member()
const other = await school.member()
await school.row('it is a stream of events that begins with hello', 'GET /api/stream', { as: member }, {
  status: 200,
  headers: { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no', 'Content-Encoding': undefined },
  then: ({ text }) => same(text, 'retry: 3000\nevent: hello\ndata: {}\n\n', 'what comes first'),
})
await school.row('a HEAD is answered and over', 'GET /api/stream', { method: 'HEAD', as: member }, { status: 200 })

const hers = await open(member)
const others = await open(other)
await test('who buys hears that it is paid', async () => {
  const checkout = await shop.begin(member)
  await hers.hears('checkout', (each) => each.checkoutId === checkout.checkoutId && each.status === 'open')
  await shop.act(checkout, 'pay')
  await hers.hears('checkout', (each) => each.checkoutId === checkout.checkoutId && each.status === 'completed')
  same((await shop.checkout(member, checkout.checkoutId)).accessOpen, true, 'access when it is heard')
})
await test('who learns hears what was reached, in another tab', async () => {
  const second = await open(member)
  const { json } = await school.send({ path: '/api/courses/hear-what-you-play', as: member })
  const lesson = json.data.modules[0].lessons.find((each) => each.kind === 'text')
  const saved = await school.send({ method: 'POST', path: '/api/progress/save', as: member, body: { lessonId: lesson.id, completed: true } })
  same(saved.status, 200, 'saving')
  for (const stream of [hers, second]) {
    const { data } = await stream.hears('progress', (each) => each.course.courseId === json.data.id)
    same([data.course.lessonsDone, data.stats.lessonsDone], [1, 1], 'lessons done')
    await stream.hears('achievement', (each) => each.key === 'first_lesson')
  }
  second.request.destroy()
})
await test('nobody hears of what is not theirs', () => same(others.events.map((each) => each.name), ['hello'], 'what somebody else heard'))

await test('a stream ends when its session is signed out, and not another of the same person', async () => {
  const elsewhere = await school.signIn(other.email)
  const stream = await open(elsewhere)
  await school.send({ method: 'POST', path: '/api/auth/logout', as: elsewhere })
  console.log(`   signed out: over after ${await stream.ends()} ms`)
  same(others.over, false, 'the other session')
})
await test('a stream ends when the owner ends the device', async () => {
  const elsewhere = await school.signIn(other.email)
  const stream = await open(elsewhere)
  await school.send({ method: 'DELETE', path: '/api/auth/sessions', as: other })
  console.log(`   device ended: over after ${await stream.ends()} ms`)
})
await test('a stream ends when the person is disabled, and does not come back', async () => {
  await school.send({ method: 'POST', path: `/api/admin/users/${other.profile.id}/disable`, as: owner })
  console.log(`   disabled: over after ${await others.ends()} ms`)
  same((await open(other)).answer.statusCode, 401, 'asking again')
})
await test('a stream ends when the person is removed', async () => {
  const leaver = await school.member()
  const stream = await open(leaver)
  same((await school.send({ method: 'DELETE', path: `/api/users/${leaver.profile.id}`, as: leaver, body: { password } })).status, 200, 'removal')
  console.log(`   removed: over after ${await stream.ends()} ms`)
})
await test('a seventh stream takes the place of the first', async () => {
  const busy = await school.member()
  const streams = []
  for (let i = 0; i < 7; i++) streams.push(await open(busy))
  await streams[0].hears('bye')
  await streams[0].ends()
  same(streams.slice(1).map((each) => each.over), Array(6).fill(false), 'the others')
  for (const each of streams) each.request.destroy()
})
await test('all streams end when the server goes, with nothing cut', async () => {
  same(hers.over, false, 'before')
  const { code } = await school.stop()
  await hers.ends()
  same([code, hers.answer.complete], [0, true], 'exit code, whole')
})
school.checkLog()

await test('a thousand streams take no thread each, and all of them hear', async () => {
  const wanted = Number(process.env.LIVE_STREAMS ?? 1000)
  const each = 5
  const data = freshFolder() + '/data'
  const made = generate(data, { users: Math.ceil(wanted / each), lessons: 5 })
  const server = new Server({ data, port: await freePort() })
  await server.ready()
  const threads = () => readdirSync(`/proc/${server.pid}/task`).length
  const before = threads()
  const people = made.tokens.map((token) => ({ headers: () => ({ Authorization: `Bearer ${token}` }) }))
  const streams = []
  for (const person of people) streams.push(...(await Promise.all(Array.from({ length: each }, () => new Stream(server.port, person).opened))))
  same([streams.length >= wanted, streams.filter((one) => one.over).length], [true, 0], 'open streams')
  console.log(`   ${streams.length} streams: ${before} threads before, ${threads()} with them`)
  expect(threads() < before + 20, 'threads stay few')
  const [lesson] = made.lessons
  for (const person of people) {
    const saved = await sendTo(server.port, person, lesson)
    same(saved, 200, 'saving')
  }
  for (const [i, stream] of streams.entries()) {
    await stream.hears('progress')
    same(stream.events.filter((one) => one.name === 'progress').length, 1, `what stream ${i} heard`)
  }
  const { code } = await server.kill('SIGTERM')
  for (const stream of streams) await stream.ends()
  same(code, 0, 'exit code')
})
finish()

function sendTo(port, as, lessonId) {
  return new Promise((done, failed) => {
    const body = JSON.stringify({ lessonId, completed: true })
    const request = http.request({ host: '127.0.0.1', port, method: 'POST', path: '/api/progress/save', headers: { ...as.headers(), 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) } }, (answer) => {
      answer.resume()
      answer.on('end', () => done(answer.statusCode))
    })
    request.on('error', failed)
    request.end(body)
  })
}
