// A person's own subscription: changed with a preview, cancelled and resumed, in arrears and out again; and something
// paid once that is sent back.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { advance, focusOn, getData, heading, inspect, mailedPath, newAddress, openPage, pay, signIn, signUp, startBrowser, startSchool } from './support.mjs'

let school, browser
before(async () => {
  school = await startSchool()
  browser = await startBrowser()
})
after(async () => {
  await browser?.close()
  await school?.stop()
})

const day = 86_400
const patience = 60_000
const own = '/app/account/subscription'
const press = (page, name) => page.locator('main').getByRole('button', { name, exact: true }).click()
const dialog = (page) => page.getByRole('dialog')
const current = (page) => getData(page, '/api/billing/subscription')

// What the server says, once it is so.
async function eventually(page, path, is) {
  let last
  for (const end = Date.now() + patience; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 150))) {
    last = await getData(page, path)
    if (is(last)) return last
  }
  throw new Error(`${path} stays ${JSON.stringify(last)}`)
}

async function mischief(what) {
  const answer = await fetch(`${school.url}/dev/mischief`, { method: 'POST', headers: { 'Content-Type': 'application/json', Accept: 'application/json' }, body: JSON.stringify(what) })
  assert.ok(answer.ok, `mischief: ${answer.status}`)
}

// Time passes; whoever was signed in may not be any more.
async function later(page, email, days) {
  await advance(school, days * day)
  await page.context().clearCookies()
  await signIn(page, email)
}

async function subscriber(query = '') {
  const opened = await openPage(browser, school)
  const email = await signUp(opened.page, { email: newAddress() })
  if (query) {
    await opened.page.goto(`/pricing${query}`)
    await opened.page.getByRole('button', { name: /^Pay for / }).first().click()
    await opened.page.getByRole('heading', { name: 'Pay with Paystack' }).waitFor()
    await opened.page.getByRole('button', { name: 'Pay', exact: true }).click()
  } else {
    await pay(opened.page, 'pay')
  }
  await heading(opened.page, 'It is all yours').waitFor()
  return { ...opened, email }
}

async function choose(page, plan) {
  await press(page, 'Change plan')
  await dialog(page).getByRole('radio', { name: plan }).first().check()
}

test('a step up is shown with its price first, charged as shown, and taken at once', async () => {
  const { page, complaints, email } = await subscriber()
  await later(page, email, 10)
  await page.goto(own)
  await page.getByRole('heading', { name: 'School pass' }).waitFor()
  await page.getByText('Next payment').waitFor()
  await inspect(page, 'mine')
  const before = await current(page)
  // The price list offers the other plan as a change, not as something to pay for beside it.
  await page.goto('/pricing')
  const change = page.getByRole('link', { name: 'Change to Studio pass' })
  await change.waitFor()
  assert.equal(await page.getByRole('button', { name: 'Pay for Studio pass' }).count(), 0)
  await change.click()
  await page.getByText('Next payment').waitFor()
  await choose(page, /^Studio pass .* a month$/)
  const confirm = dialog(page).getByRole('button', { name: /^Pay .+ and change$/ })
  await confirm.waitFor()
  await dialog(page).getByText('The new plan begins at once.').waitFor()
  await dialog(page).getByText(/of what you have paid already is taken into account/).waitFor()
  await inspect(page, 'mine-change')
  const shown = await confirm.textContent()
  await confirm.click()
  await page.getByText('You are on Studio pass now.').waitFor()
  await focusOn(page, 'You are on Studio pass now')
  await page.getByRole('heading', { name: 'Studio pass' }).waitFor()
  const after = await current(page)
  assert.deepEqual([after.plan.code, after.amountMinor, after.currentPeriodEnd], ['studio-pass', before.amountMinor * 2, before.currentPeriodEnd])
  // The difference, and no more than it.
  const payments = await eventually(page, '/api/billing/payments', (rows) => rows.length === 2)
  const difference = payments.find((one) => one.amountMinor !== before.amountMinor)
  assert.ok(difference && difference.amountMinor > 0 && difference.amountMinor < before.amountMinor, JSON.stringify(payments))
  assert.ok(shown.replace(/\D/g, '').includes(String(difference.amountMinor)), `${shown} was shown, ${difference.amountMinor} charged`)
  await mailedPath(school, email, /School pass to Studio pass|Studio pass/)
  assert.deepEqual(complaints, [])
})

test('a step down waits for the end of what is paid, can be taken back, and then comes', async () => {
  const { page, complaints, email } = await subscriber()
  await page.goto(own)
  await page.getByText('Next payment').waitFor()
  await choose(page, /^Studio pass .* a month$/)
  await dialog(page).getByRole('button', { name: /^Pay .+ and change$/ }).click()
  await page.getByText('You are on Studio pass now.').waitFor()

  await choose(page, /^School pass .* a month$/)
  await dialog(page).getByText(/^You keep what you have until /).waitFor()
  await dialog(page).getByText('Nothing', { exact: true }).waitFor()
  await inspect(page, 'mine-change-down')
  await dialog(page).getByRole('button', { name: 'Change plan', exact: true }).click()
  await page.getByText(/Your plan changes on /).waitFor()
  await page.getByText(/it becomes School pass/).waitFor()
  await inspect(page, 'mine-changes')
  await press(page, 'Stay with Studio pass')
  await page.getByText('You stay with Studio pass.').waitFor()
  await page.getByText(/it becomes School pass/).waitFor({ state: 'detached' })
  assert.equal((await current(page)).scheduledChange, null)

  await choose(page, /^School pass .* a month$/)
  await dialog(page).getByRole('button', { name: 'Change plan', exact: true }).click()
  await page.getByText(/it becomes School pass/).waitFor()
  assert.equal((await current(page)).plan.code, 'studio-pass')
  await later(page, email, 32)
  await eventually(page, '/api/billing/subscription', (one) => one.plan.code === 'school-pass' && one.status === 'active')
  await page.goto(own)
  await page.getByRole('heading', { name: 'School pass' }).waitFor()
  assert.equal((await getData(page, '/api/users/profile')).access, 'paid')
  assert.deepEqual(complaints, [])
})

test('somebody leaves and says why, changes their mind, and then leaves at once', async () => {
  const { page, complaints, email } = await subscriber()
  await page.goto(own)
  await page.getByText('Next payment').waitFor()
  await press(page, 'Cancel subscription')
  await dialog(page).getByLabel('Why do you leave?').selectOption('It costs too much')
  await dialog(page).getByLabel('Anything the school should know').fill('Until the summer is over.')
  await inspect(page, 'mine-leave')
  await dialog(page).getByRole('button', { name: 'Cancel it', exact: true }).click()
  await page.getByText(/^Your subscription ends on /).waitFor()
  await page.getByText(/^It ends on /).waitFor()
  await inspect(page, 'mine-ending')
  const ending = await current(page)
  assert.deepEqual([ending.cancelAtPeriodEnd, ending.accessUntil], [true, ending.currentPeriodEnd])
  assert.equal((await getData(page, '/api/users/profile')).access, 'paid')
  await mailedPath(school, email, /School pass/, 1)

  await press(page, 'Keep it after all')
  await page.getByText('Your subscription goes on.').waitFor()
  await page.getByText('Next payment').waitFor()
  assert.equal((await current(page)).cancelAtPeriodEnd, false)

  await press(page, 'Cancel subscription')
  await dialog(page).getByRole('radio', { name: /^Today/ }).check()
  await dialog(page).getByRole('button', { name: 'Cancel it', exact: true }).click()
  await page.getByText('Your subscription has ended.').waitFor()
  await page.getByText('You have no subscription at the moment.').waitFor()
  await inspect(page, 'mine-none')
  assert.equal((await getData(page, '/api/users/profile')).access, 'free')
  assert.equal(await current(page), null)
  assert.deepEqual(complaints, [])
})

test('a renewal fails, courses stay open for a while, and the provider\'s next try settles it', async () => {
  const { page, complaints, email } = await subscriber()
  await mischief({ renewals: 'fail' })
  await later(page, email, 32)
  await eventually(page, '/api/billing/subscription', (one) => one.status === 'past_due')
  await page.goto(own)
  await page.getByText(/^The last payment did not go through/).waitFor()
  await page.getByText('Payment due', { exact: true }).waitFor()
  await inspect(page, 'mine-due')
  assert.equal((await getData(page, '/api/users/profile')).access, 'paid')
  await mailedPath(school, email, /we could not collect/)
  // To the provider's page for cards, and back.
  await press(page, 'Use another card')
  await page.getByRole('heading', { name: 'Your billing' }).waitFor()
  await page.goto(own)
  await mischief({ renewals: 'pay' })
  await later(page, email, 4)
  await eventually(page, '/api/billing/subscription', (one) => one.status === 'active')
  await page.goto(own)
  await page.getByText('Next payment').waitFor()
  assert.equal(await page.getByText(/^The last payment did not go through/).count(), 0)
  assert.deepEqual(complaints, [])
})

test('a renewal that we charge fails, and is paid by the person with another card', async () => {
  const { page, complaints, email } = await subscriber('?currency=KES')
  await page.goto(own)
  await page.getByText('Next payment').waitFor()
  const before = await current(page)
  await mischief({ renewals: 'fail' })
  await later(page, email, 32)
  await eventually(page, '/api/billing/subscription', (one) => one.status === 'past_due')
  await page.goto(own)
  await page.getByText(/You can pay it now, with another card too/).waitFor()
  await inspect(page, 'mine-due-self')
  await press(page, 'Pay now')
  await page.getByRole('heading', { name: 'Pay with Paystack' }).waitFor()
  await page.getByRole('button', { name: 'Pay', exact: true }).click()
  await heading(page, 'It is all yours').waitFor()
  await mischief({ renewals: 'pay' })
  const after = await current(page)
  assert.deepEqual([after.status, after.currentPeriodStart], ['active', before.currentPeriodEnd])
  await page.goto(own)
  await page.getByText('Next payment').waitFor()
  assert.deepEqual(complaints, [])
})

test('what was bought once stands among the invoices, and says so when it was sent back', async () => {
  const { page, complaints } = await openPage(browser, school)
  const email = await signUp(page, { email: newAddress() })
  const product = (await getData(page, '/api/products'))[0]
  await page.goto(`/pricing?product=${product.id}`)
  await page.getByRole('button', { name: `Pay for ${product.name}`, exact: true }).click()
  await page.locator('button[name=outcome][value=pay]').click()
  await heading(page, 'It is all yours').waitFor()
  await page.goto(own)
  const row = page.locator('li').filter({ hasText: product.name })
  await row.getByText('Paid', { exact: true }).waitFor()
  await inspect(page, 'mine-once')
  assert.equal((await getData(page, `/api/products/${product.id}`)).owned, true)

  const office = await openPage(browser, school)
  await signIn(office.page, 'owner@tuition.example', 'practice makes perfect')
  await office.page.goto('/admin/payments')
  await office.page.getByRole('searchbox', { name: 'Search by email or number' }).fill(email)
  await office.page.locator('tbody tr').filter({ hasText: email }).getByRole('link').first().click()
  await office.page.getByRole('heading', { name: 'What happened' }).waitFor()
  await office.page.getByLabel('What becomes of access').selectOption('Ends at once')
  await office.page.getByLabel('Reason').fill('Bought by mistake.')
  await press(office.page, 'Refund')
  await dialog(office.page).getByRole('button', { name: 'Send it back', exact: true }).click()
  await office.page.getByText(/is on its way back\.$/).waitFor()

  await eventually(page, '/api/billing/invoices', ([first]) => first.status === 'refunded')
  await page.reload()
  await row.getByText('Sent back', { exact: true }).waitFor()
  assert.equal((await getData(page, `/api/products/${product.id}`)).owned, false)
  await mailedPath(school, email, /we have sent back/)
  assert.deepEqual([...complaints, ...office.complaints], [])
})

test('without a notice from anybody, coming back from paying is enough', async () => {
  const { page, complaints } = await openPage(browser, school)
  await signUp(page, { email: newAddress() })
  await pay(page, 'lost')
  await heading(page, 'It is all yours').waitFor()
  assert.equal((await current(page)).status, 'active')
  assert.deepEqual(complaints, [])
})
