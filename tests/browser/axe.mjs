// Every screen, light and dark, on a narrow phone and a desk: nothing axe objects to, and nothing to scroll sideways.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { getData, heading, openPage, pay, problems, send, settled, setupPath, signIn, signUp, startBrowser, startSchool } from './support.mjs'

let school, empty, browser, visitor, pupil, owner, chief, teacher
const screens = []

before(async () => {
  school = await startSchool()
  empty = await startSchool('serve', '--no-http-rate-limits')
  browser = await startBrowser()
  visitor = await openPage(browser, school)
  pupil = await openPage(browser, school)
  owner = await openPage(browser, empty)
  chief = await openPage(browser, school)
  teacher = await openPage(browser, school)

  await visitor.page.goto('/')
  const courses = await getData(visitor.page, '/api/courses')
  const course = await getData(visitor.page, `/api/courses/${(courses.find((one) => one.access === 'paid') ?? courses[0]).slug}`)
  const lessons = course.modules.flatMap((module) => module.lessons)
  const locked = lessons.find((lesson) => lesson.locked)
  const open = lessons.find((lesson) => !lesson.locked)

  for (const path of ['/', '/courses', `/courses/${course.slug}`, '/pricing', '/signup', '/signin', '/setup', '/verify-email', '/verify-email?token=mistyped', '/forgot-password', '/reset-password', '/reset-password?token=mistyped', '/confirm-email', '/accept-invite', '/accept-invite?token=mistyped', '/no-such-page', '/courses?q=music', '/courses?q=nothingofthekind', '/payment/PSK-0-UNKNOWN', '/dev', '/dev/outbox', '/dev/requests', '/dev/payments']) screens.push([visitor.page, path])
  for (const path of ['/setup', await setupPath(empty)]) screens.push([owner.page, path])
  if (locked) screens.push([visitor.page, `/app/lessons/${locked.id}`])
  if (open) screens.push([visitor.page, `/app/lessons/${open.id}`])

  const address = await signUp(pupil.page)
  await pay(pupil.page, 'pay')
  await heading(pupil.page, 'It is all yours').waitFor()
  const checkout = new URL(pupil.page.url()).pathname
  const all = []
  for (const card of courses) all.push(...(await getData(pupil.page, `/api/courses/${card.slug}`)).modules.flatMap((module) => module.lessons))
  const kinds = new Map(all.filter((lesson) => !lesson.locked).map((lesson) => [lesson.kind, lesson]))
  const byLevel = all.find((lesson) => lesson.locked)
  for (const path of ['/app', '/app/progress', '/app/account', '/app/account/security', '/app/account/devices', '/app/account/keys', '/app/account/subscription', '/app/certificates', '/app/leaderboard', '/admin/users', '/pricing', checkout]) screens.push([pupil.page, path])
  for (const lesson of kinds.values()) screens.push([pupil.page, `/app/lessons/${lesson.id}`])
  // The school's money, with the payment just made in it.
  await signIn(chief.page, 'owner@tuition.example', 'practice makes perfect')
  const [plan] = await getData(chief.page, '/api/admin/plans')
  const [payment] = await getData(chief.page, '/api/admin/payments')
  const [subscription] = await getData(chief.page, '/api/admin/subscriptions')
  const [event] = await getData(chief.page, '/api/admin/webhook-events')
  const [product] = await getData(chief.page, '/api/admin/products')
  const person = (await getData(chief.page, '/api/admin/users')).find((one) => one.email === address)
  const run = await send(chief.page, 'POST', '/api/admin/reconcile', { provider: 'stripe' })
  const money = ['payments', 'invoices', 'manual-payments', 'subscriptions', 'arrears', 'offers', 'offers/plans/new', 'offers/products/new', `offers/plans/${plan.id}`, 'coupons', 'taxes', 'events', 'books', `payments/${payment.id}`, `subscriptions/${subscription.id}`, `events/${event.id}`, `offers/products/${product.id}`, `books/${run.id}`, 'users', 'users/import', `users/${person.id}`]
  for (const path of money) screens.push([chief.page, `/admin/${path}`])
  screens.push([pupil.page, '/app/pay-by-hand'], [visitor.page, `/payment/${payment.reference}`])
  if (byLevel) screens.push([pupil.page, `/app/lessons/${byLevel.id}`])

  await signIn(teacher.page, 'owner@tuition.example', 'practice makes perfect')
  const [taught] = (await getData(teacher.page, '/api/studio/courses')).filter((one) => one.lessonCount > 0)
  const outline = await getData(teacher.page, `/api/studio/courses/${taught.id}`)
  const lines = outline.modules.flatMap((module) => module.lessons)
  await send(pupil.page, 'POST', `/api/courses/${taught.id}/enroll`, {})
  const [learner] = await getData(teacher.page, `/api/courses/${taught.id}/learners`)
  const inStudio = ['', '/questions', '/learners', '/results', '/settings', ...(learner ? [`/learners/${learner.userId}`] : [])].map((part) => `/app/studio/courses/${taught.id}${part}`)
  const quiz = lines.find((line) => line.quizId)
  for (const path of ['/app/studio', '/app/studio/media', ...inStudio, `/app/studio/lessons/${lines[0].id}`, ...(quiz ? [`/app/studio/quizzes/${quiz.quizId}`] : [])]) screens.push([teacher.page, path])
})
after(async () => {
  await browser?.close()
  await school?.stop()
  await empty?.stop()
})

// A screen that is added is looked at as well.
test('no screen is left out', () => {
  const routes = [...readFileSync(new URL('../../static/src/routes.ts', import.meta.url), 'utf8').matchAll(/path: '([^']+)', load:/g)].map(([, path]) => path)
  assert.ok(routes.length > 40, `only ${routes.length} routes were found`)
  const seen = screens.map(([, path]) => path.split('?')[0])
  const missing = routes.filter((route) => !seen.some((path) => new RegExp(`^${route.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path)))
  assert.deepEqual(missing, [])
})

// What a screen fetches first has come.
async function shown(page) {
  await page.getByRole('heading', { level: 1 }).first().waitFor()
  await settled(page)
  await page.waitForFunction(() => !document.querySelector('main .waiting'))
}

// Cards are for the payment provider's own pages: nothing here asks for one, and nothing of anybody else runs here.
const asksForCards = (page) =>
  page.evaluate(() => {
    const fields = [...document.querySelectorAll('input, iframe')].map((one) => [one.name, one.id, one.autocomplete, one.title, one.src].join(' ')).filter((words) => /card.?number|\bcc-|cvc|cvv|stripe|paystack/i.test(words))
    const foreign = [...document.scripts].map((one) => one.src).filter((src) => src && new URL(src).origin !== location.origin)
    return [...fields, ...foreign]
  })

// Once the page has answered to the size of its window: the menu folds by script.
const tooWide = (page) =>
  page.evaluate(async () => {
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
    return document.documentElement.scrollWidth - document.documentElement.clientWidth
  })

for (const colorScheme of ['light', 'dark']) {
  for (const width of [320, 1280]) {
    test(`every screen in ${colorScheme} colours at ${width} px`, async () => {
      const wrong = []
      for (const [page, path] of screens) {
        await page.setViewportSize({ width, height: 800 })
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        await page.goto(path)
        await shown(page)
        for (const problem of await problems(page, undefined, { coloursOnly: colorScheme === 'dark' })) wrong.push(`${path}: ${problem}`)
        for (const found of await asksForCards(page)) wrong.push(`${path}: asks for a card or runs somebody else’s script: ${found}`)
        for (const wide of width > 800 ? [width, 1024, 834] : [width]) {
          await page.setViewportSize({ width: wide, height: 800 })
          const over = await tooWide(page)
          if (over > 0) wrong.push(`${path}: ${over} px wider than the window of ${wide}`)
        }
      }
      assert.deepEqual(wrong, [])
      const complaints = [visitor, pupil, owner, chief, teacher].flatMap((one) => one.complaints)
      assert.deepEqual(complaints, [])
    })
  }
}

test('the menu of a narrow window opens, closes and passes', async () => {
  const { page } = visitor
  await page.setViewportSize({ width: 320, height: 800 })
  await page.goto('/')
  const menu = page.getByRole('button', { name: 'Menu' })
  await menu.click()
  await page.getByRole('link', { name: 'Pricing' }).first().waitFor()
  assert.deepEqual(await problems(page), [])
  await page.keyboard.press('Escape')
  assert.equal(await menu.getAttribute('aria-expanded'), 'false')
})

test('forced colours keep everything readable', async () => {
  const { page } = visitor
  await page.emulateMedia({ forcedColors: 'active' })
  await page.goto('/pricing')
  await heading(page, 'Pricing').waitFor()
  assert.deepEqual(await problems(page), [])
})
