// What somebody does about their own way in: forgets the password, changes it, moves to another address, and looks after
// the devices on which they are signed in.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { advance, getData, heading, inspect, mailedPath, newAddress, openPage, password, signIn, signUp, startBrowser, startSchool } from './support.mjs'

let school, browser
before(async () => {
  school = await startSchool()
  browser = await startBrowser()
})
after(async () => {
  await browser?.close()
  await school?.stop()
})

const next = 'quick arpeggios every evening'
const press = (page, name) => page.locator('main').getByRole('button', { name, exact: true }).click()
const resetPath = /\/reset-password\?token=[\w-]+/
const confirmPath = /\/confirm-email\?token=[\w-]+/

// Somebody new who is signed in, on the given page.
async function somebody(path, options) {
  const opened = await openPage(browser, school, options)
  opened.email = await signUp(opened.page)
  await opened.page.goto(path)
  return opened
}

test('a forgotten password is replaced by a link from a mail, and nobody stays signed in', async () => {
  const { page, email, complaints } = await somebody('/app/account')
  const elsewhere = await openPage(browser, school)
  await elsewhere.page.goto('/signin')
  await elsewhere.page.getByLabel('Email').fill(email)
  await elsewhere.page.getByRole('link', { name: /Forgot/ }).click()
  await heading(elsewhere.page, 'Forgot your password?').waitFor()
  assert.equal(await elsewhere.page.getByLabel('Email').inputValue(), email)
  await elsewhere.page.getByLabel('Email').fill('no address')
  await press(elsewhere.page, 'Send the link')
  await elsewhere.page.locator('input[name=email][aria-invalid=true]').waitFor()
  await inspect(elsewhere.page, 'forgot')
  await elsewhere.page.getByLabel('Email').fill(email)
  await press(elsewhere.page, 'Send the link')
  await heading(elsewhere.page, 'Look into your mail').waitFor()
  await inspect(elsewhere.page, 'forgot-sent')

  const path = await mailedPath(school, email, resetPath)
  await elsewhere.page.goto(path)
  await elsewhere.page.getByLabel('New password', { exact: true }).fill('short')
  await press(elsewhere.page, 'Save the password')
  await elsewhere.page.locator('input[name=password][aria-invalid=true]').waitFor()
  await inspect(elsewhere.page, 'reset')
  await elsewhere.page.getByLabel('New password', { exact: true }).fill(next)
  await press(elsewhere.page, 'Save the password')
  await heading(elsewhere.page, 'Your password is changed').waitFor()
  await inspect(elsewhere.page, 'reset-done')
  await elsewhere.page.locator('main').getByRole('link', { name: 'Sign in' }).click()
  await signIn(elsewhere.page, email, next)

  // The link works once, and the browser that was signed in before is not any more.
  await elsewhere.page.goto(path)
  await elsewhere.page.getByLabel('New password', { exact: true }).fill(`${next} again`)
  await press(elsewhere.page, 'Save the password')
  await heading(elsewhere.page, 'This link does not work any more').waitFor()
  await inspect(elsewhere.page, 'reset-over')
  await page.goto('/app/account')
  await heading(page, 'Sign in').waitFor()
  assert.deepEqual([...complaints, ...elsewhere.complaints], [])
})

test('a changed password signs other devices out, and this one goes on', async () => {
  const { page, email, complaints } = await somebody('/app/account/security')
  const elsewhere = await openPage(browser, school)
  await signIn(elsewhere.page, email)
  await press(page, 'Change password')
  await page.getByLabel('Current password', { exact: true }).fill('not my password')
  await page.getByLabel('New password', { exact: true }).fill(next)
  await press(page, 'Save the new password')
  await page.getByText('This is not your password.').first().waitFor()
  assert.equal(await page.locator('input[name=currentPassword]').getAttribute('aria-invalid'), 'true')
  await inspect(page, 'password-change')
  await page.getByLabel('Current password', { exact: true }).fill(password)
  await page.getByLabel('New password', { exact: true }).fill('password1234')
  await press(page, 'Save the new password')
  await page.locator('input[name=newPassword][aria-invalid=true]').waitFor()
  await page.getByLabel('New password', { exact: true }).fill(next)
  await press(page, 'Save the new password')
  await page.getByText('Your password is changed, and your other devices have been signed out.').waitFor()
  await inspect(page, 'password-changed')

  await page.goto('/app/account')
  await heading(page, 'Profile').waitFor()
  await elsewhere.page.goto('/app/account')
  await heading(elsewhere.page, 'Sign in').waitFor()
  assert.deepEqual([...complaints, ...elsewhere.complaints], [])
})

test('another address holds once its link has been opened', async () => {
  const { page, email, complaints } = await somebody('/app/account/security')
  const fresh = newAddress()
  await press(page, 'Change address')
  await page.getByLabel('New address', { exact: true }).fill(email)
  await page.locator('form').getByLabel('Password', { exact: true }).fill(password)
  await press(page, 'Send the link')
  await page.locator('input[name=email][aria-invalid=true]').waitFor()
  await page.getByLabel('New address', { exact: true }).fill(fresh)
  await page.locator('form').getByLabel('Password', { exact: true }).fill('not my password')
  await press(page, 'Send the link')
  await page.getByText('This is not your password.').first().waitFor()
  await inspect(page, 'email-change')
  await page.locator('form').getByLabel('Password', { exact: true }).fill(password)
  await press(page, 'Send the link')
  await page.getByText(`We have written to ${fresh}.`).waitFor()
  await inspect(page, 'email-pending')
  await page.reload()
  await page.getByText(`We have written to ${fresh}.`).waitFor()

  // Whoever opens it need not be signed in.
  const elsewhere = await openPage(browser, school)
  const path = await mailedPath(school, fresh, confirmPath)
  await elsewhere.page.goto(path)
  await heading(elsewhere.page, 'Your address is changed').waitFor()
  await elsewhere.page.getByText(fresh).waitFor()
  await inspect(elsewhere.page, 'email-confirmed')
  await elsewhere.page.goto(path)
  await heading(elsewhere.page, 'This link does not work any more').waitFor()
  await inspect(elsewhere.page, 'email-over')
  await signIn(elsewhere.page, fresh)
  await page.reload()
  await page.getByText(fresh).first().waitFor()
  assert.equal((await getData(page, '/api/auth/me')).user.email, fresh)
  assert.deepEqual([...complaints, ...elsewhere.complaints], [])
})

test('devices are listed, ended one by one or all but this', async () => {
  const { page, email, complaints } = await somebody('/app/account')
  const phone = await openPage(browser, school, { userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1' })
  await signIn(phone.page, email)
  const desk = await openPage(browser, school, { userAgent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0' })
  await signIn(desk.page, email)
  await advance(school, 3600)

  await page.goto('/app/account/devices')
  await heading(page, 'Devices').waitFor()
  const entries = page.locator('main .card li')
  await entries.nth(2).waitFor()
  assert.match(await entries.nth(0).innerText(), /This device/)
  assert.match(await entries.nth(0).innerText(), /Chrome on Linux/)
  await inspect(page, 'devices')
  await page.getByRole('button', { name: /^Sign out Safari on iPhone/ }).click()
  await page.getByText('Safari on iPhone has been signed out.').waitFor()
  assert.equal(await entries.count(), 2)
  await phone.page.goto('/app/account')
  await heading(phone.page, 'Sign in').waitFor()
  await press(page, 'Sign out all other devices')
  await page.getByText('1 other device has been signed out.').waitFor()
  await page.getByText('No other device is signed in.').waitFor()
  await inspect(page, 'devices-only')
  await desk.page.goto('/app/account')
  await heading(desk.page, 'Sign in').waitFor()
  assert.deepEqual([...complaints, ...phone.complaints, ...desk.complaints], [])
})
