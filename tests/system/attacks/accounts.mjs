// Attacks on accounts, from outside: finding out who has one, hashing as a weapon, tokens that are not ours, a second owner.
// What takes how long is printed; only what a stranger would see without counting much fails (`make bench` is for speed).
import net from 'node:net'
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { freshFolder, run } from '../support/tuition.mjs'
import { freshAddress, password, until } from '../lib/client.mjs'
import { expect, finish, same, School, secret, test } from '../lib/rows.mjs'

const school = await School.start()
// More make the figures steadier: T17_ADDRESSES=200.
const addresses = Number(process.env.T17_ADDRESSES ?? 100)
const known = []
for (let i = 0; i < addresses; i += 1) known.push(await school.signUp())
const imported = Array.from({ length: addresses }, () => freshAddress())

// All that an answer shows but what differs between any two answers.
function face(answer) {
  const headers = { ...answer.headers }
  for (const name of ['date', 'x-request-id', 'content-length', 'set-cookie']) delete headers[name]
  const body = answer.text
    .replace(/"timestamp":"[^"]*"/, '"timestamp":""')
    .replace(/"email":"[^"]*"/, '"email":""')
  return JSON.stringify([answer.status, headers, body])
}
const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)]
// In how many of the pairs, asked one right after the other, the first took longer: half when nothing tells them apart.
const share = (firsts, seconds) => firsts.reduce((wins, took, i) => wins + (took > seconds[i] ? 1 : took === seconds[i] ? 0.5 : 0), 0) / firsts.length
function shuffled(list) {
  const all = [...list]
  for (let i = all.length - 1; i > 0; i -= 1) {
    const j = Math.floor(Math.random() * (i + 1))
    ;[all[i], all[j]] = [all[j], all[i]]
  }
  return all
}

// T17
const doors = {
  login: { path: '/api/auth/login', body: (email) => ({ email, password: 'not the password of anybody' }) },
  register: { path: '/api/auth/register', body: (email) => ({ email, password, fullName: 'Robin Vale' }) },
  'resend-verification': { path: '/api/auth/resend-verification', body: (email) => ({ email }) },
  'forgot-password': { path: '/api/auth/forgot-password', body: (email) => ({ email }) },
}
async function compare(sentence, { path, body }, known, sorts = ['known', 'unknown']) {
  await test(sentence, async () => {
    const faces = [new Set(), new Set()]
    const times = [[], []]
    const people = known.flatMap((email) => shuffled([[0, email], [1, freshAddress()]]))
    for (const [turn, [sort, email]] of people.entries()) {
      // So seldom that no delay of too many failures is met.
      if (turn % 10 === 0) await school.send({ method: 'POST', path: '/dev/clock', body: { advance: 'PT2H' } })
      const began = process.hrtime.bigint()
      const answer = await school.send({ method: 'POST', path, body: body(email) })
      times[sort].push(Number(process.hrtime.bigint() - began) / 1e6)
      faces[sort].add(face(answer))
      expect(!answer.headers['set-cookie'], 'a cookie tells')
    }
    same([...faces[0]], [...faces[1]], 'the answers')
    same(faces[0].size, 1, 'different answers')
    const slower = share(...times)
    console.log(`    ${path}: medians ${median(times[0]).toFixed(1)} ms ${sorts[0]}, ${median(times[1]).toFixed(1)} ms ${sorts[1]}; ${sorts[0]} slower in ${(100 * slower).toFixed(0)} % of pairs`)
    // Of a hundred pairs that nothing tells apart so many are never on one side.
    expect(slower >= 0.2 && slower <= 0.8, `${path}: ${sorts[0]} slower in ${(100 * slower).toFixed(0)} % of pairs`)
  })
}
for (const [name, door] of Object.entries(doors)) await compare(`${name} answers the same for addresses that have an account and for those that have none`, door, known)
await test('people come from elsewhere with the hashes they had there', async () => {
  const owner = await school.demo('owner')
  const hash = '$2b$10$abcdefghijklmnopqrstuuLxTXcGTfxF6eCMMBnLJn2hMsVm0LuW6'
  const raw = `email,passwordHash\n${imported.map((email) => `${email},${hash}\n`).join('')}`
  same((await school.send({ method: 'POST', path: '/api/admin/users/import', as: owner, raw, type: 'text/csv' })).json.data.created, imported.length, 'imported')
})
await compare('login answers the same for those who came with a hash of bcrypt', doors.login, imported, ['imported', 'unknown'])

// T18
// Guesses until the right password has to wait, too: on a slow machine the first delays pass between two requests.
async function keptWaiting(enter, as) {
  for (let turn = 0; turn < 12; turn += 1) {
    for (let i = 0; i < 6; i += 1) await enter(undefined, `guess number ${i}`)
    const answer = await enter(as, password)
    if (answer.status === 429) return answer
  }
  throw new Error('the right password never had to wait')
}
await test('a hundred guesses at an account from everywhere slow the guessers down, and not the browser of its owner', async () => {
  const email = await school.signUp()
  const own = await school.browser(email)
  const guess = (as, word) => school.send({ method: 'POST', path: '/api/auth/login', as, body: { email, password: word } })
  const statuses = []
  for (let i = 0; i < 100; i += 1) statuses.push((await guess(undefined, `guess number ${i}`)).status)
  same(statuses.slice(0, 5), [401, 401, 401, 401, 401], 'the first five')
  // The delay doubles: in a quarter of an hour there is time for ten more.
  expect(statuses.filter((each) => each === 401).length <= 15 && statuses.every((each) => [401, 429].includes(each)), `all: ${statuses}`)
  const refused = await keptWaiting(guess)
  expect(Number(refused.headers['retry-after']) <= 15 * 60, `Retry-After: ${refused.headers['retry-after']}`)
  // The browser is known by a cookie: signing out leaves it.
  await school.send({ method: 'POST', path: '/api/auth/logout', as: own })
  same((await guess(own, password)).status, 200, 'the owner, in a browser that was used before')
})
await test('a mark planted in somebody’s browser makes nobody else’s browser known', async () => {
  const [email, attacker] = [await school.signUp(), await school.browser(await school.signUp())]
  const victim = attacker.copy()
  const enter = (as, word) => school.send({ method: 'POST', path: '/api/auth/login', as, body: { email, password: word } })
  same((await enter(victim, password)).status, 200, 'the victim signs in')
  await keptWaiting(enter, attacker)
  same((await enter(victim, password)).status, 200, 'the victim’s own')
})

// T21
await test('a password of a megabyte is refused before it is hashed', async () => {
  const ticks = () => {
    const fields = readFileSync(`/proc/${school.server.pid}/stat`, 'utf8').split(') ')[1].split(' ')
    return Number(fields[11]) + Number(fields[12])
  }
  const before = ticks()
  for (const path of ['/api/auth/login', '/api/auth/register']) {
    const answer = await school.send({ method: 'POST', path, body: { email: known[0], password: 'x'.repeat(1 << 20) } }).catch((error) => ({ status: 413, cut: error.message }))
    same(answer.status, 413, path)
    const nearly = await school.send({ method: 'POST', path, body: { email: known[0], password: 'x'.repeat(60_000) } })
    same([nearly.status, nearly.json.error.details.map((each) => each.field)], [400, ['password']], `${path} with 60,000 characters`)
  }
  console.log(`    four of them took ${10 * (ticks() - before)} ms of processor`)
  same((await school.send({ path: '/health' })).status, 200, 'the server afterwards')
})
await school.send({ method: 'POST', path: '/dev/clock', body: { advance: 'PT2H' } })

// T22
await test('two hundred sign-ins at once wait or are sent away, in bounded memory, and others are served meanwhile', async () => {
  const highWater = () => Number(readFileSync(`/proc/${school.server.pid}/status`, 'utf8').match(/^VmHWM:\s+(\d+) kB/m)[1]) / 1024
  const before = highWater()
  let over = false
  const storm = Promise.all(Array.from({ length: 200 }, (_, i) =>
    school.send({ method: 'POST', path: '/api/auth/login', body: { email: known[i % known.length], password: i % 2 ? password : 'not the password of anybody' }, seconds: 60 })))
    .finally(() => (over = true))
  const waits = []
  while (!over) {
    const began = Date.now()
    same((await school.send({ path: '/health' })).status, 200, 'health meanwhile')
    waits.push(Date.now() - began)
    await new Promise((next) => setTimeout(next, 20))
  }
  const answers = await storm
  for (const answer of answers) {
    expect([200, 401, 503, 429].includes(answer.status), `${answer.status} ${answer.text}`)
    if (answer.status === 503 || answer.status === 429) expect(/^\d+$/.test(answer.headers['retry-after'] ?? ''), 'Retry-After')
  }
  const by = (status) => answers.filter((each) => each.status === status).length
  expect(by(200) > 0, 'nobody got in')
  const grown = highWater() - before
  console.log(`    ${by(200)} in, ${by(401)} refused, ${by(503)} sent away; memory grew by ${grown.toFixed(0)} MiB; health answered within ${Math.max(...waits)} ms`)
  // As many hashes at once as there are cores, of 19 MiB each, and what the connections and their answers take.
  const most = availableParallelism() * 19 + 64
  expect(grown < most, `memory grew by ${grown} MiB, ${most} are what so many cores may need`)
})

await school.send({ method: 'POST', path: '/dev/clock', body: { advance: 'PT2H' } })

// T27
await test('a token that names a place for its key makes the server ask nobody', async () => {
  let asked = 0
  const trap = net.createServer((socket) => {
    asked += 1
    socket.destroy()
  })
  await new Promise((up) => trap.listen(0, '127.0.0.1', up))
  const address = `http://127.0.0.1:${trap.address().port}/keys`
  const person = await school.signIn(known[0])
  const [, claims, signature] = person.token.split('.')
  const head = JSON.parse(Buffer.from(person.token.split('.')[0], 'base64url'))
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')
  for (const more of [{ jku: address }, { x5u: address }, { kid: address }, { jku: address, alg: 'RS256' }, { jwk: { kty: 'oct', k: 'AA' }, alg: 'HS512' }, { crit: ['exp'] }, { zip: 'DEF' }, { alg: ['HS256'] }, { alg: null }]) {
    const answer = await school.send({ path: '/api/auth/me', headers: { Authorization: `Bearer ${part({ ...head, ...more })}.${claims}.${signature}` } })
    same(answer.status, 401, JSON.stringify(more))
  }
  same(asked, 0, 'calls')
  trap.close()
})
await test('a token of a megabyte is refused as too large, and the server goes on', async () => {
  const bytes = await school.sendBytes(`GET /api/auth/me HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${'A'.repeat(1 << 20)}\r\n\r\n`).catch((error) => `cut: ${error.message}`)
  expect(/^HTTP\/1\.1 431 |^cut: /.test(bytes), bytes.slice(0, 100))
  same((await school.send({ path: '/health' })).status, 200, 'health')
})
await test('a token signs nobody in once its time is over, nor does the refresh token in its place', async () => {
  const person = await school.signIn(known[1])
  same((await school.send({ path: '/api/auth/me', as: person })).status, 200, 'before')
  same((await school.send({ path: '/api/auth/me', headers: { Authorization: `Bearer ${person.refreshToken}` } })).status, 401, 'the refresh token')
  const { exp } = JSON.parse(Buffer.from(person.token.split('.')[1], 'base64url'))
  const now = new Date((await school.send({ method: 'POST', path: '/dev/clock', body: { advance: 0 } })).json.now)
  await school.send({ method: 'POST', path: '/dev/clock', body: { advance: Math.ceil(exp - now / 1000) + 1 } })
  same((await school.send({ path: '/api/auth/me', as: person })).status, 401, 'a second after its time')
})
await test('neither the log nor the answers told a password or a token', () => school.checkLog())
await school.stop()

// T18, T19: with the limits that a school has.
await test('by address, signing in and signing up soon meet the limit for everybody there', async () => {
  const strict = await School.start({ verb: 'serve', env: { RATE_LIMIT_ENABLED: 'true' } })
  for (const [path, body] of [['/api/auth/login', () => ({ email: freshAddress(), password: 'spring is in the air' })], ['/api/auth/register', () => ({ email: freshAddress(), password })], ['/api/auth/forgot-password', () => ({ email: freshAddress() })]]) {
    const answers = []
    for (let i = 0; i < 35; i += 1) answers.push(await strict.send({ method: 'POST', path, body: body() }))
    const first = answers.findIndex((each) => each.status === 429)
    expect(first >= 0 && first <= 30, `${path}: the limit came ${first < 0 ? 'never' : `after ${first}`}`)
    expect(answers.slice(first).every((each) => each.status === 429 && /^\d+$/.test(each.headers['retry-after'] ?? '')), `${path} afterwards`)
  }
  await strict.stop()
})

// T18, from a hundred addresses, with the limits that a school has: none of them meets a limit of its own.
await test('a hundred guesses at an account from a hundred addresses wait as if they came from one, and the owner does not', async () => {
  const data = freshFolder()
  run(['user', 'add', 'owner@school.example', '--password-stdin', '--data', data], { input: `${password}\n` })
  const behind = await School.start({ verb: 'serve', data, env: { TUITION_HTTP_TRUSTED_PROXIES: '127.0.0.0/8', RATE_LIMIT_ENABLED: 'true' } })
  const guess = (address, word, as) => behind.send({ method: 'POST', path: '/api/auth/login', as, headers: { 'X-Forwarded-For': address }, body: { email: 'owner@school.example', password: word } })
  const own = await behind.browser('owner@school.example', password)
  const answers = []
  for (let i = 0; i < 100; i += 1) answers.push(await guess(`198.51.100.${i + 1}`, `guess number ${i}`))
  same(answers.slice(0, 5).map((each) => each.status), [401, 401, 401, 401, 401], 'the first five')
  const refused = answers.filter((each) => each.status === 429)
  // Every delay is twice the one before: ten more tries take seventeen minutes.
  expect(refused.length >= 85 && refused.length + answers.filter((each) => each.status === 401).length === 100, `all: ${answers.map((each) => each.status)}`)
  for (const each of refused) expect(/^\d+$/.test(each.headers['retry-after'] ?? ''), 'Retry-After')
  same((await guess('203.0.113.9', password, own)).status, 200, 'the owner, in a browser that was used before, from yet another address')
  await behind.stop()
})

// T19
await test('two hundred who sign up from one address within a moment make a handful of mails', async () => {
  // The school for development lets more sign up.
  const strict = await School.start({ env: { RATE_LIMIT_ENABLED: 'true', TUITION_HTTP_LIMIT_AUTH: '5/60s' } })
  const people = Array.from({ length: 200 }, () => freshAddress())
  const answers = []
  for (const email of people) answers.push((await strict.send({ method: 'POST', path: '/api/auth/register', body: { email, password } })).status)
  const accepted = people.filter((_, i) => answers[i] === 201)
  expect(accepted.length >= 1 && accepted.length <= 30 && answers.every((each) => [201, 429].includes(each)), `accepted ${accepted.length} of ${answers}`)
  for (const email of accepted) await strict.mailTo(email)
  // To each who was accepted a welcome and a link, to nobody else anything.
  const mails = (await strict.outbox()).filter((mail) => people.some((email) => mail.to.includes(email)))
  expect(mails.length <= 2 * accepted.length && mails.every((mail) => accepted.some((email) => mail.to.includes(email))), `${mails.length} mails to ${accepted.length} people`)
  await strict.stop()
})

// T18, at one address: a school's people share one.
await test('a guesser behind the same address keeps strangers waiting, and not the browser of the owner', async () => {
  const data = freshFolder()
  for (const email of ['owner@school.example', 'other@school.example'])
    run(['user', 'add', email, '--password-stdin', '--data', data], { input: `${password}\n` })
  const strict = await School.start({ verb: 'serve', data, env: { RATE_LIMIT_ENABLED: 'true' } })
  const enter = (as, email, word) => strict.send({ method: 'POST', path: '/api/auth/login', as, body: { email, password: word } })
  const own = await strict.browser('owner@school.example', password)
  const guesses = []
  for (let i = 0; i < 12; i += 1) guesses.push((await enter(undefined, 'owner@school.example', `guess number ${i}`)).status)
  same(guesses.slice(-3), [429, 429, 429], 'the guesser')
  same((await enter(undefined, 'owner@school.example', password)).status, 429, 'the right password, in a browser nobody knows')
  same((await enter(own, 'other@school.example', password)).status, 429, 'another account, in the browser of the first')
  same((await enter(own, 'owner@school.example', password)).status, 200, 'the owner, in a browser that was used before')
  const more = []
  for (let i = 0; i < 8; i += 1) more.push((await enter(own, 'owner@school.example', `guess number ${i}`)).status)
  same(more.at(-1), 429, 'and that has a limit of its own')
  await strict.stop()
})

// T29
await test('where there is an owner nobody becomes a second one, and admin/admin is nobody', async () => {
  const data = freshFolder()
  run(['user', 'add', 'owner@school.example', '--role', 'admin', '--owner', '--password-stdin', '--data', data], { input: `${password}\n` })
  const owned = await School.start({ verb: 'serve', data })
  expect(!/setup\?token=/.test(owned.server.log), 'no link is printed')
  same((await owned.send({ path: '/api/setup' })).json.data, { needed: false }, 'setup')
  for (const token of ['', 'x', 'A'.repeat(43), null]) {
    const answer = await owned.send({ method: 'POST', path: '/api/setup', body: { token, email: freshAddress(), password } })
    expect([400, 403, 404, 409].includes(answer.status), `${JSON.stringify(token)}: ${answer.status}`)
  }
  for (const [email, word] of [['admin', 'admin'], ['admin@school.example', 'admin'], ['owner@school.example', 'admin'], ['root@localhost', 'root'], ['owner@tuition.example', 'practice makes perfect']]) {
    const answer = await owned.send({ method: 'POST', path: '/api/auth/login', body: { email, password: word } })
    expect([400, 401].includes(answer.status), `${email}: ${answer.status} ${answer.text}`)
  }
  await owned.stop()
})
await test('of twenty who set up at the same moment one becomes the owner', async () => {
  const data = freshFolder()
  const empty = await School.start({ verb: 'serve', data })
  const token = secret((await until('the link is printed', () => /setup\?token=([\w-]+)/.exec(empty.server.log)))[1])
  const all = await Promise.all(Array.from({ length: 20 }, () => empty.send({ method: 'POST', path: '/api/setup', body: { token, email: freshAddress(), password } })))
  same(all.filter((each) => each.status === 201).length, 1, 'owners')
  for (const each of all) expect([201, 403, 404, 409, 503].includes(each.status), `${each.status} ${each.text}`)
  const again = await empty.send({ method: 'POST', path: '/api/setup', body: { token, email: freshAddress(), password } })
  expect([403, 404, 409].includes(again.status), `again: ${again.status}`)
  await empty.stop()
})
finish()
