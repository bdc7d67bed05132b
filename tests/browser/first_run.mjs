// A school that nobody has used yet: its owner's account, and addresses that must be confirmed before signing in.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { focusOn, getData, heading, mailedPath, newAddress, openPage, password, sending, setupPath, signIn, startBrowser, startSchool, untold } from './support.mjs'

let school, strict, browser
before(async () => {
  school = await startSchool('serve', '--no-http-rate-limits')
  strict = await startSchool('dev', '--auth-require-verified-email')
  browser = await startBrowser()
})
after(async () => {
  await browser?.close()
  await school?.stop()
  await strict?.stop()
})

test('the printed link makes the owner, once', async () => {
  const { page, complaints } = await openPage(browser, school)
  const link = await setupPath(school)

  await page.goto('/setup')
  await heading(page, 'Open the setup link').waitFor()
  assert.equal((await getData(page, '/api/setup')).needed, true)
  await page.getByText('printed when the server starts').waitFor()

  // A second window, opened before the account is made.
  const late = await openPage(browser, school)
  await late.page.goto(link)
  await heading(late.page, 'Set up your school').waitFor()

  await page.goto(link)
  await heading(page, 'Set up your school').waitFor()
  assert.match(await page.title(), /^Set up your school/)
  assert.equal(await page.evaluate(() => location.search), '', 'the token stays in no address and no history')
  const email = newAddress()
  const submit = page.getByRole('button', { name: "Make the owner's account" })
  await page.getByLabel('Name', { exact: true }).fill('Ada Owner')
  await page.getByLabel('Email').fill('not an address')
  await page.getByLabel('Password', { exact: true }).fill('short')
  await submit.click()
  await page.locator('input[name=email][aria-invalid=true]').waitFor()
  assert.equal(await page.getByLabel('Password', { exact: true }).getAttribute('aria-invalid'), 'true')
  await focusOn(page, 'email')
  await page.getByLabel('Email').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await submit.click()
  await heading(page, 'The school is yours').waitFor()
  await focusOn(page, 'The school is yours')

  await page.locator('main').getByRole('link', { name: 'Sign in' }).click()
  await heading(page, 'Sign in').waitFor()
  await signIn(page, email)
  const profile = await getData(page, '/api/users/profile')
  assert.equal(profile.isOwner, true)
  assert.equal(profile.role, 'admin')
  assert.equal(profile.fullName, 'Ada Owner')

  await late.page.getByLabel('Email').fill(newAddress())
  await late.page.getByLabel('Password', { exact: true }).fill(password)
  await late.page.getByRole('button', { name: "Make the owner's account" }).click()
  await heading(late.page, 'This school is set up already').waitFor()
  await page.goto(link)
  await heading(page, 'This school is set up already').waitFor()
  await page.getByRole('link', { name: 'Go to the start page' }).click()
  await page.waitForURL((url) => url.pathname === '/')
  assert.deepEqual([...complaints, ...late.complaints], [])
})

test('a setup link that was not printed makes nobody', async () => {
  const fresh = await startSchool('serve', '--no-http-rate-limits')
  try {
    const { page } = await openPage(browser, fresh)
    await page.goto('/setup?token=mistyped')
    await page.getByLabel('Email').fill(newAddress())
    await page.getByLabel('Password', { exact: true }).fill(password)
    await page.getByRole('button', { name: "Make the owner's account" }).click()
    await page.getByRole('alert').getByText('This link is not valid any more').waitFor()
    assert.equal((await getData(page, '/api/setup')).needed, true)
  } finally {
    await fresh.stop()
  }
})

test('a link that confirms nothing offers a new one, with the same answer for every address', async () => {
  const { page, complaints } = await openPage(browser, strict)
  await page.goto('/verify-email?token=mistyped')
  await heading(page, 'This link does not work any more').waitFor()
  await focusOn(page, 'This link does not work any more')
  await page.getByLabel('Email').fill('not an address')
  await page.getByRole('button', { name: 'Send a new link' }).click()
  await page.locator('input[name=email][aria-invalid=true]').waitFor()
  await focusOn(page, 'email')
  const nobody = newAddress()
  await page.getByLabel('Email').fill(nobody)
  await page.getByRole('button', { name: 'Send a new link' }).click()
  await heading(page, 'Look into your mail').waitFor()
  await page.getByText(`If ${nobody} is waiting to be confirmed`).waitFor()
  assert.deepEqual(complaints, [])
})

test('an address is confirmed by opening its link, and then signs in', async () => {
  const { page, complaints } = await openPage(browser, strict)
  const email = newAddress()
  await page.goto('/signup')
  await page.getByLabel('Email').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Create account' }).click()
  await heading(page, 'Look into your mail').waitFor()

  await page.goto('/signin')
  await page.getByLabel('Email').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.locator('form').getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('button', { name: 'Send the link again' }).click()
  await page.getByText(`If ${email} is waiting to be confirmed`).waitFor()
  await focusOn(page, 'If ')

  const link = await mailedPath(strict, email, /\/verify-email\?token=[\w-]+/)
  const sent = sending(page, '/api/auth/verify-email')
  await page.goto(link)
  await heading(page, 'Your address is confirmed').waitFor()
  await focusOn(page, 'Your address is confirmed')
  await untold(page, sent)
  await page.locator('main').getByRole('link', { name: 'Sign in' }).click()
  await signIn(page, email)
  await page.waitForURL(/\/app$/)

  // Opened again, by somebody who is signed in now.
  await page.goto(link)
  await heading(page, 'Your address is confirmed').waitFor()
  await page.locator('main').getByRole('link', { name: 'My learning' }).click()
  await page.waitForURL(/\/app$/)
  assert.deepEqual(complaints, [])
})
