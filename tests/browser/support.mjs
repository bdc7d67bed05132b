// A school to walk through and a browser to walk with. The school is the binary named by TUITION_BIN, started on a free
// port with an empty data folder; TUITION_URL names one that runs already instead.
import { spawn } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { crc32, deflateSync } from 'node:zlib'
import { chromium } from 'playwright-core'

export const out = fileURLToPath(new URL('./out/', import.meta.url))
mkdirSync(out, { recursive: true })

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
export const password = 'slow scales every morning'
export const patience = 60_000

// A school with settings of its own is always started, whatever runs already.
export async function startSchool(verb = 'dev', ...settings) {
  const special = verb !== 'dev' || settings.length > 0
  if (process.env.TUITION_URL && !special) return { url: process.env.TUITION_URL.replace(/\/$/, ''), stop: async () => {} }
  const binary = process.env.TUITION_BIN
  if (!binary && special) throw new Error('This walk starts a school with settings of its own: TUITION_BIN=build/tuition')
  if (!binary) throw new Error('Name the binary to test: TUITION_BIN=build/tuition, or a running school: TUITION_URL=http://127.0.0.1:8080')
  const data = mkdtempSync(join(tmpdir(), 'tuition-browser-'))
  const school = spawn(binary, [verb, '--port', '0', '--data', data, ...settings], { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  const ended = new Promise((resolve) => school.once('exit', resolve))
  const url = await new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`The school did not say where it listens:\n${said}`)), 60_000)
    const tried = new Set()
    const read = async (chunk) => {
      said += chunk
      // The sandbox may name an address too; ours is the one that has an API.
      for (const [address] of said.matchAll(/http:\/\/127\.0\.0\.1:[1-9]\d*/g)) {
        if (tried.has(address)) continue
        tried.add(address)
        const answer = await fetch(`${address}/api/config`).catch(() => null)
        if (answer?.ok) {
          clearTimeout(late)
          resolve(address)
          return
        }
        tried.delete(address)
      }
    }
    school.stdout.on('data', read)
    school.stderr.on('data', (chunk) => (said += chunk))
    school.once('error', reject)
    school.once('exit', (code) => reject(new Error(`The school ended with ${code}:\n${said}`)))
  })
  return {
    url,
    // What the pattern finds in the words the school printed, as soon as they stand there.
    printed: (pattern) =>
      new Promise((resolve) => {
        const look = () => {
          const found = said.match(pattern)
          if (!found) return
          school.stdout.off('data', look)
          resolve(found)
        }
        school.stdout.on('data', look)
        look()
      }),
    stop: async () => {
      school.kill('SIGTERM')
      await ended
      rmSync(data, { recursive: true, force: true })
    },
  }
}

export function startBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--autoplay-policy=no-user-gesture-required'],
  })
}

const inFlight = new WeakMap()

// Nothing has been fetched for a moment. A stream of events does not count: it stays open for as long as the page does.
export async function settled(page) {
  const asked = inFlight.get(page)
  const late = Date.now() + patience
  for (let since = Date.now(); Date.now() - since < 500; ) {
    await page.waitForTimeout(50)
    if (asked.size === 0) continue
    since = Date.now()
    if (since > late) throw new Error(`still being fetched: ${[...asked].map((each) => each.url()).join(', ')}`)
  }
}

// A page that remembers what the browser complained about. Refused requests are part of some walks; a blocked script or
// style, or an exception, never is.
export async function openPage(browser, school, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, baseURL: school.url, ...options })
  context.setDefaultTimeout(patience)
  const page = await context.newPage()
  const complaints = []
  const asked = new Set()
  inFlight.set(page, asked)
  page.on('request', (request) => request.resourceType() !== 'eventsource' && asked.add(request))
  for (const end of ['requestfinished', 'requestfailed']) page.on(end, (request) => asked.delete(request))
  page.on('framenavigated', (frame) => frame === page.mainFrame() && asked.clear())
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) complaints.push(message.text())
  })
  return { context, page, complaints }
}

let people = 0

// The path of the link that makes the owner's account; the address before it is the configured one.
export async function setupPath(school) {
  return (await school.printed(/\/setup\?token=[\w-]+(?=\s)/))[0]
}

export function newAddress() {
  return `pupil-${Date.now().toString(36)}-${++people}@example.org`
}

// From wherever the page is to an account, over the form.
export async function signUp(page, { email = newAddress(), name = 'Ada Pupil' } = {}) {
  if (!new URL(page.url(), 'http://x').pathname.startsWith('/signup')) await page.goto('/signup')
  await page.getByLabel('Name', { exact: true }).fill(name)
  await page.getByLabel('Email').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Create account' }).click()
  await page.waitForURL((url) => !url.pathname.startsWith('/signup'))
  return email
}

export async function signIn(page, email, secret = password) {
  await page.goto('/signin')
  await page.getByLabel('Email').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(secret)
  await page.locator('form').getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL((url) => !url.pathname.startsWith('/signin'))
}

// From the price list through the pretend provider's page and back.
export async function pay(page, outcome) {
  await page.goto('/pricing')
  await page.getByRole('button', { name: /^Pay for / }).first().click()
  const button = page.locator(`button[name=outcome][value=${outcome}]`)
  await button.waitFor()
  await button.click()
  await page.waitForURL(/\/app\/checkout\//)
}

export function heading(page, name) {
  return page.getByRole('heading', { level: 1, name })
}

export async function getData(page, path) {
  return page.evaluate(async (address) => (await (await fetch(address)).json()).data, path)
}

// From inside the page, with its cookies; what the server answers, or why it does not.
export async function send(page, method, path, body) {
  return page.evaluate(
    async ([verb, address, form]) => {
      const answer = await fetch(address, { method: verb, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(form) })
      const json = await answer.json()
      if (!answer.ok) throw new Error(`${verb} ${address}: ${answer.status} ${JSON.stringify(json)}`)
      return json.data
    },
    [method, path, body],
  )
}

// A path that was mailed to an address. Mail takes its own time; `after` counts the ones that are known already.
export async function mailedPath(school, email, pattern, after = 0) {
  for (const end = Date.now() + patience; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 100))) {
    const answer = await (await fetch(`${school.url}/dev/outbox`, { headers: { Accept: 'application/json' } })).json()
    const mails = (answer.data ?? answer).filter((mail) => String(mail.to).includes(email)).sort((a, b) => a.receivedAt.localeCompare(b.receivedAt))
    const paths = mails.flatMap((mail) => mail.text.match(pattern)?.[0] ?? [])
    if (paths.length > after) return paths.at(-1)
  }
  throw new Error(`No mail to ${email} has ${pattern} in it.`)
}

// The request to that path that the page is going to send.
export function sending(page, path) {
  return page.waitForRequest((request) => new URL(request.url()).pathname === path)
}

// What a link from a mail proves stands in the body of that request alone: the address, and with it the history, has it no
// more, nor is it told where the request comes from.
export async function untold(page, request) {
  const { referer = '' } = await (await request).allHeaders()
  for (const told of [page.url(), referer]) if (/token/.test(told)) throw new Error(`The token of the link is told: ${told}`)
}

// Moves the school's clock on and tells what it shows.
export async function advance(school, seconds) {
  const answer = await (await fetch(`${school.url}/dev/clock`, { method: 'POST', headers: { 'Content-Type': 'application/json', Accept: 'application/json' }, body: JSON.stringify({ advance: seconds }) })).json()
  return new Date((answer.data ?? answer).now)
}

// What an authenticator app shows at that moment (RFC 6238).
export function oneTimeCode(secret, at) {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const bits = [...secret.replace(/\s|=/g, '')].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(at.getTime() / 30_000)))
  const digest = createHmac('sha1', key).update(counter).digest()
  return String((digest.readUInt32BE(digest[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

// A real picture, with a remark that nobody else is to read.
export function png(width, height) {
  const block = (name, content) => {
    const out = Buffer.alloc(12 + content.length)
    out.writeUInt32BE(content.length, 0)
    out.write(name, 4, 'latin1')
    content.copy(out, 8)
    out.writeUInt32BE(crc32(out.subarray(4, 8 + content.length)), 8 + content.length)
    return out
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, 2, 0, 0, 0], 8)
  const rows = Buffer.alloc((width * 3 + 1) * height, 150)
  for (let y = 0; y < height; ++y) rows[y * (width * 3 + 1)] = 0
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), block('IHDR', head), block('tEXt', Buffer.from('Comment\0at home')), block('IDAT', deflateSync(rows)), block('IEND', Buffer.alloc(0))])
}

// Waits for the focus to come to the field of that name or to what has that text: it follows what was done a moment later.
export async function focusOn(page, what) {
  await page.waitForFunction((wanted) => {
    const one = document.activeElement
    return one && !one.matches('body, main') && (one.getAttribute('name') ?? one.textContent).includes(wanted)
  }, what)
}

// Nothing for axe to object to as the page stands, in either theme, on a desk and on a phone; and a picture of each.
// On a very long page that has been seen whole, `within` names the part that is new.
export async function inspect(page, name, within) {
  const wrong = []
  const before = page.viewportSize()
  for (const [colorScheme, width] of [['light', 1280], ['dark', 1280], ['light', 360], ['dark', 360]]) {
    await page.setViewportSize({ width, height: 800 })
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    // Colours on their way from one theme to the other are nobody's choice.
    await page.evaluate(async () => {
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
      await Promise.allSettled(document.getAnimations().map((animation) => animation.finished))
    })
    for (const problem of await problems(page, within, { coloursOnly: colorScheme === 'dark' })) wrong.push(`${name}, ${colorScheme}, ${width} px: ${problem}`)
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    if (over > 0) wrong.push(`${name}, ${colorScheme}: ${over} px wider than the window of ${width}`)
    await page.screenshot({ path: `${out}${name}-${colorScheme}-${width}.png`, fullPage: true })
  }
  await page.emulateMedia({ colorScheme: null, reducedMotion: null })
  await page.setViewportSize(before)
  if (wrong.length > 0) throw new Error(wrong.join('\n'))
}

// What axe finds wrong on a page or one part of it, one line per rule. In the dark, where all else stands as in the light,
// it may be asked about colours only. What it finds it is asked again some frames later: between two themes or widths a
// busy browser may not have painted everything anew.
export async function problems(page, within, { coloursOnly = false } = {}) {
  await page.evaluate(axeSource)
  const ask = async () => {
    const result = await page.evaluate(
      ([part, rules]) => window.axe.run(part ?? document, { resultTypes: ['violations'], ...(rules && { runOnly: rules }) }),
      [within, coloursOnly ? ['color-contrast', 'link-in-text-block'] : null],
    )
    return result.violations.map((rule) => `${rule.id}: ${rule.help} (${rule.nodes.map((node) => node.target.join(' ')).join(', ')})`)
  }
  if ((await ask()).length === 0) return []
  await page.evaluate(async () => {
    for (let frame = 0; frame < 10; frame += 1) await new Promise((resolve) => requestAnimationFrame(resolve))
  })
  return ask()
}
