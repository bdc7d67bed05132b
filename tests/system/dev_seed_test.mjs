// POST /dev/seed: the sample school in a database that has people of its own already.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { ask, check, finish, freePort, freshFolder, run, Server } from './support/tuition.mjs'

const data = join(freshFolder(), 'data')
const password = 'practice makes perfect'
const json = { Accept: 'application/json' }

const first = new Server({ data, port: await freePort(), verb: 'dev' })
await first.ready()
const seed = (server) => ask(server.port, { method: 'POST', path: '/dev/seed', body: {}, headers: json })
const whole = await seed(first)
check(whole.status === 200 && whole.json.made.length === 0, 'a whole sample school lacks nothing', whole.text)
await first.kill('SIGTERM')

const mine = join(freshFolder(), 'mine')
mkdirSync(mine, { mode: 0o700 })
const added = run(['user', 'add', 'me@school.example', '--role', 'admin', '--owner', '--password-stdin', '--data', mine], { input: 'a school of my own\n' })
check(added.code === 0, 'a database with an owner of its own', added.err)
const server = new Server({ data: mine, port: await freePort(), verb: 'dev' })
await server.ready()
const login = (email, words) => ask(server.port, { method: 'POST', path: '/api/auth/login', body: { email, password: words } })
check((await login('learner@tuition.example', password)).status === 401, 'at its start it is left as it is')

const both = await Promise.all([seed(server), seed(server)])
check(both.every((each) => each.status === 200), 'two at the same moment are answered', both.map((each) => each.text).join('\n'))
const made = both.flatMap((each) => each.json.made).map(({ kind, name }) => `${kind} ${name}`).sort()
check(
  JSON.stringify(made) === JSON.stringify(['coupon WELCOME20', 'person instructor@tuition.example', 'person learner@tuition.example', 'person owner@tuition.example', 'plan school-pass', 'plan studio-pass', 'product money-for-clinicians']),
  'it says what was made, each thing once', made.join(', '))
check((await seed(server)).json.made.length === 0, 'again nothing is made')
check((await login('learner@tuition.example', password)).status === 200, 'the sample people can sign in')
check((await login('me@school.example', 'a school of my own')).status === 200, 'and so can who was there before')
const plans = (await ask(server.port, { path: '/api/plans' })).json.data.map((plan) => plan.code)
check(plans.includes('school-pass') && plans.includes('studio-pass'), 'its plans are on sale', plans.join(', '))
const page = await ask(server.port, { method: 'POST', path: '/dev/seed', headers: { Accept: 'text/html', 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': 0 } })
check(page.status === 200 && page.text.includes('Nothing was missing'), 'people get a page', page.text)
await server.kill('SIGTERM')
finish()
