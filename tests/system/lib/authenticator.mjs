// An authenticator app, as RFC 6238 says it works.
import { createHmac } from 'node:crypto'
import { password } from './client.mjs'
import { fail, secret } from './rows.mjs'

export function oneTimeCode(key, at) {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const bits = [...key].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('')
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(at.getTime() / 30_000)))
  const digest = createHmac('sha1', Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)))).update(counter).digest()
  return String((digest.readUInt32BE(digest[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

// The school's own time, moved on or not.
export async function clock(school, advance = 0) {
  return new Date((await school.send({ method: 'POST', path: '/dev/clock', body: { advance } })).json.now)
}

export class Authenticator {
  // Sets it up for somebody who is signed in.
  static async for(school, person) {
    const app = new Authenticator()
    app.school = school
    const made = await school.send({ method: 'POST', path: '/api/auth/mfa/setup', as: person, body: { password } })
    if (made.status !== 200) fail(`cannot set up: ${made.status} ${made.text}`)
    app.key = secret(made.json.data.secret)
    const on = await school.send({ method: 'POST', path: '/api/auth/mfa/enable', as: person, body: { code: await app.code() } })
    if (on.status !== 200) fail(`cannot enable: ${on.status} ${on.text}`)
    app.recovery = on.json.data.recoveryCodes
    app.recovery.forEach(secret)
    return app
  }

  // What it shows now, or so many steps later.
  async code(later = 0) {
    return oneTimeCode(this.key, new Date((await clock(this.school)).getTime() + 30_000 * later))
  }

  // A code that was not used yet.
  async fresh() {
    await clock(this.school, 31)
    return this.code()
  }

  // The challenge that the right password gets.
  async challenge(email, as, word = password) {
    const answer = await this.school.send({ method: 'POST', path: '/api/auth/login', as, body: { email, password: word } })
    if (answer.json?.error?.code !== 'MFA_REQUIRED') fail(`no challenge: ${answer.status} ${answer.text}`)
    return secret(answer.json.error.challenge.token)
  }
}
