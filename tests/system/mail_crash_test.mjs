// kill -9 while mail goes out, twenty times over a thousand mails: everybody whose sign-up was acknowledged has theirs in the end. What
// goes out twice is what a killed worker had in its hands, and it carries the same Message-ID, by which mail programs fold the two
// into one.
import { Agent } from 'node:http'
import { mkdirSync } from 'node:fs'
import { mailServer } from './support/mail_server.mjs'
import { ask, check, finish, freePort, freshFolder, Server } from './support/tuition.mjs'

const rounds = 20
const wanted = 1000
// What a sign-up sends: a link to confirm the address, and a welcome.
const kinds = 2
const people = wanted / kinds
const workers = 4
const data = freshFolder() + '/data'
mkdirSync(data, { mode: 0o700 })
const { mails, url } = await mailServer()
const port = await freePort()
const start = async () => {
  const server = new Server({
    data,
    port,
    args: ['--jobs-workers', String(workers)],
    // The cheapest hashes there are: it is about mail.
    env: { TUITION_MAIL_SMTP_URL: url, TUITION_MAIL_FROM: 'office@school.example', TUITION_AUTH_PASSWORD_MEMORY_MIB: '8', TUITION_AUTH_PASSWORD_PASSES: '1' },
  })
  await server.ready()
  return server
}

const acknowledged = new Set()
let asked = 0
// Signs people up, several at a time, until that is enough; whose answer is cut short counts for nothing.
function signUp(enough) {
  const agent = new Agent({ keepAlive: true, maxSockets: 8 })
  const client = async () => {
    while (!enough()) {
      asked += 1
      const email = `learner${asked}@school.example`
      const answer = await ask(port, { method: 'POST', path: '/api/auth/register', agent, body: { email, password: 'correct horse battery staple', fullName: 'Learner' } }).catch(() => null)
      if (answer === null) return
      if (answer.status !== 201) check(false, 'a sign-up is acknowledged', answer.text)
      acknowledged.add(email)
    }
  }
  return Promise.all(Array.from({ length: 8 }, client)).then(() => agent.destroy())
}
const till = async (what, holds) => {
  const limit = Date.now() + 240_000
  while (!holds()) {
    if (Date.now() > limit) check(false, what(), server.log.slice(-2000))
    await new Promise((next) => setTimeout(next, 5))
  }
}

let server
for (let round = 1; round <= rounds; round += 1) {
  server = await start()
  const mark = Math.max(mails.length + 1, (round * wanted) / rounds)
  let killed = false
  const signing = signUp(() => killed)
  await till(() => `round ${round}: ${mails.length} mails came, not ${mark}`, () => mails.length >= mark)
  killed = true
  await server.kill('SIGKILL')
  await signing
}
server = await start()
await signUp(() => acknowledged.size >= people)

const header = (mail, name) => mail.match(new RegExp(`^${name}: *(.*)$`, 'im'))?.[1].trim()
// The Message-IDs of each mail, by person and subject.
function delivered() {
  const all = new Map()
  for (const mail of mails) {
    const address = header(mail, 'To').replace(/^.*<|>.*$/g, '')
    if (!all.has(address)) all.set(address, new Map())
    const theirs = all.get(address)
    const subject = header(mail, 'Subject')
    theirs.set(subject, [...(theirs.get(subject) ?? []), header(mail, 'Message-ID')])
  }
  return all
}
const missing = () => {
  const all = delivered()
  return [...acknowledged].filter((email) => all.get(email)?.size !== kinds)
}
await till(() => `${missing().length} of ${acknowledged.size} people never had all their mail`, () => missing().length === 0)
check(true, `${acknowledged.size} people were told that they are signed up, over ${rounds} kills, and each has their mail (${mails.length} came)`)
const each = [...delivered().values()].flatMap((theirs) => [...theirs.values()])
const other = each.filter((all) => new Set(all).size > 1 || !all[0])
check(other.length === 0, 'a mail that came twice has one Message-ID', JSON.stringify(other.slice(0, 3)))
const twice = each.reduce((sum, all) => sum + all.length - 1, 0)
check(twice <= workers * rounds, `${twice} came twice: no more than the workers had in their hands at the kills`)
const ended = await server.kill('SIGTERM')
check(ended.code === 0, 'exit code 0', JSON.stringify(ended))
finish()
