// A stranger signs up, buys, learns, and finds the progress again.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { focusOn, getData, heading, newAddress, openPage, out, password, pay, signUp, startBrowser, startSchool } from './support.mjs'

let school, browser
before(async () => {
  school = await startSchool()
  browser = await startBrowser()
})
after(async () => {
  await browser?.close()
  await school?.stop()
})

test('a stranger buys a course, learns from it, and the progress stays', async () => {
  const { page, complaints, context } = await openPage(browser, school)

  await page.goto('/')
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.getByRole('heading', { level: 3 }).first().waitFor()
  await page.evaluate(() => document.fonts.ready)
  await page.screenshot({ path: `${out}home.png` })
  // The picture in the README is made on request: npm run screenshot.
  if (process.env.README_SCREENSHOT) await page.screenshot({ path: fileURLToPath(new URL('../../packaging/screenshot.png', import.meta.url)) })

  // Prices are for everybody; buying leads a stranger to sign up and back.
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Pricing' }).click()
  await page.getByRole('button', { name: /^Choose / }).first().click()
  await heading(page, 'Create your account').waitFor()
  const email = await signUp(page, { email: newAddress() })
  await heading(page, 'Pricing').waitFor()
  assert.equal(new URL(page.url()).pathname, '/pricing')

  await pay(page, 'pay')
  await heading(page, 'It is all yours').waitFor()
  await page.screenshot({ path: `${out}paid.png` })

  await page.getByRole('link', { name: 'Start learning' }).click()
  await page.waitForURL(/\/app\/lessons\//)
  await page.getByRole('heading', { level: 1 }).waitFor()

  await page.getByRole('button', { name: 'Mark as complete' }).click()
  await page.getByText(/^Saved\. This lesson is done\.|^You have finished /).waitFor()
  await page.screenshot({ path: `${out}lesson.png`, fullPage: true })

  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'My learning' }).click()
  await page.getByText(/^1 of \d+ lessons done$/).waitFor()
  await page.screenshot({ path: `${out}dashboard.png`, fullPage: true })

  // It is the server that remembers: another browser shows the same.
  await context.close()
  const other = await openPage(browser, school)
  await other.page.goto('/app/progress')
  await heading(other.page, 'Sign in').waitFor()
  await other.page.getByLabel('Email').fill(email)
  await other.page.getByLabel('Password', { exact: true }).fill(password)
  await other.page.locator('form').getByRole('button', { name: 'Sign in' }).click()
  await heading(other.page, 'Progress').waitFor()
  await other.page.getByText(/^1 of \d+ lessons done$/).waitFor()

  // What was promised by mail was sent.
  const mails = await (await fetch(`${school.url}/dev/outbox`, { headers: { Accept: 'application/json' } })).json()
  assert.ok((mails.data ?? mails).some((mail) => String(mail.to).includes(email)), 'no mail went to the new address')

  await other.page.goto('/app/account')
  await other.page.getByRole('button', { name: 'Sign out' }).click()
  await other.page.getByRole('link', { name: 'Sign in' }).first().waitFor()
  assert.deepEqual([...complaints, ...other.complaints], [])
})

test('music in a lesson is drawn, and sounds note by note', async () => {
  const { page, complaints } = await openPage(browser, school)
  await page.goto('/courses')
  const courses = await getData(page, '/api/courses')
  let found = null
  for (const card of courses) {
    const course = await getData(page, `/api/courses/${card.slug}`)
    for (const lesson of course.modules.flatMap((module) => module.lessons).filter((one) => !one.locked)) {
      const text = (await getData(page, `/api/lessons/${lesson.id}`))?.bodyHtml ?? ''
      if (text.includes('data-abc')) found ??= lesson.id
    }
  }
  assert.ok(found, 'no lesson that is open to everybody has music in it')
  await page.goto(`/app/lessons/${found}`)
  const score = page.getByRole('img', { name: /^Music/ }).first()
  await score.waitFor()
  await page.getByRole('button', { name: 'Play', exact: true }).first().click()
  await page.locator('.sounding').first().waitFor()
  await page.getByRole('button', { name: 'Pause', exact: true }).click()
  await page.getByRole('button', { name: 'Play', exact: true }).first().waitFor()
  assert.deepEqual(complaints, [])
})

// Presses Tab until the focus is there; whatever stands before it must let the focus go again.
async function tabTo(page, target) {
  await target.waitFor()
  for (let presses = 0; presses < 150; presses += 1) {
    await page.keyboard.press('Tab')
    if (await target.evaluate((element) => element === document.activeElement)) return
  }
  assert.fail(`Tab does not lead to ${target}`)
}

test('the whole way can be walked with the keyboard', async () => {
  const { page, complaints } = await openPage(browser, school)
  const press = async (target) => {
    await tabTo(page, target)
    await page.keyboard.press('Enter')
  }
  const fill = async (label, text) => {
    await tabTo(page, page.getByLabel(label, { exact: true }))
    await page.keyboard.type(text)
  }

  await page.goto('/')
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.keyboard.press('Tab')
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Skip to the content')
  await press(page.getByRole('link', { name: 'See the courses' }))
  await heading(page, 'Courses').waitFor()
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'main')
  assert.match(await page.title(), /^Courses/)

  await press(page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Pricing' }))
  await heading(page, 'Pricing').waitFor()
  await press(page.getByRole('button', { name: /^Choose / }).first())
  await heading(page, 'Create your account').waitFor()
  await fill('Name', 'Ada Pupil')
  await fill('Email', newAddress())
  await fill('Password', password)
  await press(page.getByRole('button', { name: 'Create account' }))

  await heading(page, 'Pricing').waitFor()
  await press(page.getByRole('button', { name: /^Pay for / }).first())
  await press(page.locator('button[name=outcome][value=pay]'))
  await heading(page, 'It is all yours').waitFor()
  await press(page.getByRole('link', { name: 'Start learning' }))
  await page.waitForURL(/\/app\/lessons\//)
  await press(page.getByRole('button', { name: 'Mark as complete' }))
  await page.getByText(/^Saved\. This lesson is done\.|^You have finished /).waitFor()
  assert.deepEqual(complaints, [])
})

test('the link to the content leads there and leaves the page as it is', async () => {
  const { page } = await openPage(browser, school)
  await page.goto('/signup')
  await page.getByLabel('Name', { exact: true }).fill('Ada')
  await page.getByRole('link', { name: 'Skip to the content' }).press('Enter')
  await page.waitForURL(/#main$/)
  await page.waitForFunction(() => document.activeElement?.id === 'main')
  await page.keyboard.press('Tab')
  await focusOn(page, 'fullName')
  assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), 'Ada')
})

test('a mistake in a form stands at its field, and what was typed stays', async () => {
  const { page } = await openPage(browser, school)
  await page.goto('/signup')
  await page.getByLabel('Name', { exact: true }).fill('Ada Pupil')
  await page.getByLabel('Email').fill('not an address')
  await page.getByLabel('Password', { exact: true }).fill('short')
  await page.getByRole('button', { name: 'Create account' }).click()
  const email = page.getByLabel('Email')
  await page.locator('input[name=email][aria-invalid=true]').waitFor()
  assert.equal(await email.inputValue(), 'not an address')
  assert.equal(await page.getByLabel('Password', { exact: true }).getAttribute('aria-invalid'), 'true')
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('name')), 'email')
})
