// Attacks on passwords that are forgotten or changed, from outside: links used twice, late or by others, links that lead
// elsewhere, and what may be chosen.
import { Authenticator } from '../lib/authenticator.mjs'
import { freshAddress, password } from '../lib/client.mjs'
import { expect, finish, same, School, secret, test } from '../lib/rows.mjs'

const school = await School.start()
const word = secret('quite another walk at dusk')
const clock = (advance) => school.send({ method: 'POST', path: '/dev/clock', body: { advance } })
const post = (path, body, more = {}) => school.send({ method: 'POST', path, body, ...more })
const resets = async (email) => (await school.outbox(email)).filter((mail) => /reset-password\?token=/.test(mail.text))

// The newest link's address, once there are `count` of them.
async function link(email, count = 1) {
  for (;;) {
    const mails = await resets(email)
    if (mails.length >= count) {
      const newest = mails.sort((a, b) => b.receivedAt.localeCompare(a.receivedAt))[0]
      const url = /https?:\/\/\S+reset-password\?token=[\w-]+/.exec(newest.text)[0]
      return { url, token: secret(url.split('token=')[1]) }
    }
    await new Promise((again) => setTimeout(again, 25))
  }
}

// T20
await test('what may be a password and what may not', async () => {
  const rules = [
    ['eleven characters', 'abcdefghxyz', 400],
    ['twelve characters', 'moss on a st', 201],
    ['15 spaces', ' '.repeat(15), 201],
    ['15 emoji', '🎻'.repeat(15), 201],
    ['eleven emoji, which are 44 bytes', '🎻'.repeat(11), 400],
    ['64 characters', 'kelp and tides, '.repeat(4), 201],
    ['1,000 characters', 'kelptide'.repeat(125), 201],
    ['1,025 characters', 'x'.repeat(1025), 400],
    ['one of those tried first', 'qwertyuiop123', 400],
    ['one of those tried first, in capitals', 'PASSWORD1234', 400],
    ['the school in it', 'my tuition is great', 400],
    ['digits only, 15 of them', '384719205566138', 201],
  ]
  for (const [what, text, status] of rules) {
    const answer = await post('/api/auth/register', { email: freshAddress(), password: text })
    same(answer.status, status, what)
    if (status === 400) same(answer.json.error.details.map((each) => each.field), ['password'], what)
  }
  const email = freshAddress()
  same((await post('/api/auth/register', { email, password: `${'A'.repeat(72)}x` })).status, 201, '72 letters and an x')
  same((await post('/api/auth/login', { email, password: `${'A'.repeat(72)}y` })).status, 401, 'with a y')
})

// T23
await test('a link to choose a password: once, in time, only the newest, for nobody else, and not in the log', async () => {
  const email = await school.signUp()
  const [browser, client] = [await school.browser(email), await school.signIn(email)]
  await post('/api/auth/forgot-password', { email })
  const older = await link(email)
  await clock('PT3M')
  await post('/api/auth/forgot-password', { email })
  const newer = await link(email, 2)
  same((await post('/api/auth/reset-password', { token: older.token, password: word })).status, 401, 'the older of two')
  const other = await school.signUp()
  same((await post('/api/auth/reset-password', { token: newer.token, password: word, email: other })).status, 400, 'a link turned to another account')
  same((await post('/api/auth/verify-email', { token: newer.token })).status, 401, 'as another kind of link')
  same((await post('/api/auth/accept-invite', { token: newer.token, password: word })).status, 401, 'as an invitation')
  same((await post('/api/auth/confirm-email', { token: newer.token })).status, 401, 'as a change of address')
  const both = await Promise.all([1, 2].map(() => post('/api/auth/reset-password', { token: newer.token, password: word })))
  same(both.map((each) => each.status).sort(), [200, 401], 'two at the same moment')
  same((await post('/api/auth/reset-password', { token: newer.token, password: `${word} again` })).status, 401, 'once more')
  for (const as of [browser, client]) same((await school.send({ path: '/api/auth/me', as })).status, 401, 'a session from before')
  await school.mailTo(email, (mail) => /has changed/.test(mail.subject))
  await school.signIn(email, word)
  same((await post('/api/auth/login', { email: other, password: word })).status, 401, 'the other account')

  await clock('PT10M')
  await post('/api/auth/forgot-password', { email })
  const late = await link(email, 3)
  await clock('PT61M')
  same((await post('/api/auth/reset-password', { token: late.token, password: `${word} again` })).status, 401, 'after 61 minutes')
  school.checkLog()
})
await test('a new password by mail does not go around the second step', async () => {
  const ada = await school.member()
  const app = await Authenticator.for(school, ada)
  await post('/api/auth/forgot-password', { email: ada.email })
  const { token } = await link(ada.email)
  const answer = await post('/api/auth/reset-password', { token, password: word })
  same([answer.status, answer.cookies.some((each) => /tuition_[ar]t/.test(each.name) && each.value)], [200, false], 'nobody is signed in by it')
  const challenge = await app.challenge(ada.email, undefined, word)
  same((await post('/api/auth/mfa/verify?token=1', { challenge, code: await app.fresh() })).status, 200, 'with the code')
})
await test('whoever asks for links again and again sends few mails', async () => {
  const email = await school.signUp()
  for (let i = 0; i < 30; i += 1) await post('/api/auth/forgot-password', { email })
  await link(email)
  // A mail that was asked for later has come: nothing before it is on its way any more.
  const last = await school.signUp()
  await post('/api/auth/forgot-password', { email: last })
  await link(last)
  same((await resets(email)).length, 1, 'mails')
})

// T24
await test('a link leads to the school whatever the request says of itself', async () => {
  for (const headers of [
    { Host: 'evil.example' },
    { 'X-Forwarded-Host': 'evil.example', 'X-Forwarded-Proto': 'https' },
    { Forwarded: 'host=evil.example;proto=https' },
    { Origin: `http://127.0.0.1:${school.port}`, Referer: 'https://evil.example/' },
  ]) {
    const email = await school.signUp()
    const answer = await post('/api/auth/forgot-password', { email }, { headers })
    if (answer.status === 421) continue // a name that is not the site's
    same(answer.status, 200, JSON.stringify(headers))
    const { url } = await link(email)
    expect(url.startsWith(`http://127.0.0.1:${school.port}/reset-password?token=`), url)
  }
})
await test('another address takes the password; the old one holds and is told until the link is opened', async () => {
  const person = await school.member()
  const thief = { email: freshAddress() }
  for (const [body, wanted] of [[thief, [403, 'REAUTHENTICATION_REQUIRED']], [{ ...thief, password: '' }, [400, 'VALIDATION_ERROR']], [{ ...thief, password: 'a guess of mine' }, [401, 'INVALID_CREDENTIALS']]]) {
    const answer = await post('/api/auth/change-email', body, { as: person })
    same([answer.status, answer.json.error.code], wanted, JSON.stringify(body))
  }
  same((await school.outbox(thief.email)).length, 0, 'mails to the thief')
  for (const path of ['/api/auth/update-profile', '/api/users/profile'])
    same((await school.send({ method: 'PUT', path, as: person, body: thief })).status, 400, path)
  same((await post('/api/auth/change-email', { ...thief, password }, { as: person })).status, 200, 'with the password')
  const told = await school.mailTo(person.email, (mail) => mail.text.includes(thief.email))
  const asked = await school.mailTo(thief.email, (mail) => /confirm-email\?token=/.test(mail.text))
  expect(!/token=/.test(told.text) && !asked.text.includes(person.email), 'a link for the old address, or its name for the new one')
  await school.signIn(person.email)
  same((await post('/api/auth/login', { email: thief.email, password })).status, 401, 'the new address before it is confirmed')
})
await test('neither the log nor the answers told a password or a token', () => school.checkLog())
await school.stop()
finish()
