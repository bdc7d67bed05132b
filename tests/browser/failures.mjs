// What can go wrong between the payment page and the course, and what a person is told.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { focusOn, getData, heading, inspect, openPage, patience, pay, signUp, startBrowser, startSchool } from './support.mjs'

let school, browser
before(async () => {
  school = await startSchool()
  browser = await startBrowser()
})
after(async () => {
  await browser?.close()
  await school?.stop()
})

async function pupil() {
  const opened = await openPage(browser, school)
  await signUp(opened.page)
  return opened
}

const asked = async (path) => (await fetch(`${school.url}${path}`, { headers: { Accept: 'application/json' } })).json()

// The pretend provider's notices, once all of them have come and what they led to is done, mail included.
async function settled() {
  for (const end = Date.now() + patience; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 100))) {
    const notices = await asked('/dev/events')
    const { jobs } = (await asked('/status')).data
    if (notices.every((each) => each.state !== 'waiting') && jobs.queued === 0 && jobs.running === 0) return notices
  }
  throw new Error('notices or jobs still wait')
}

test('a declined card opens nothing and leads to another try', async () => {
  const { page } = await pupil()
  await pay(page, 'fail')
  await heading(page, 'Nothing was paid').waitFor()
  assert.equal((await getData(page, '/api/users/profile')).access, 'free')
  assert.equal(await getData(page, '/api/billing/subscription'), null)
  await pay(page, 'pay')
  await heading(page, 'It is all yours').waitFor()
})

test('leaving the payment page charges nothing, and paying later works', async () => {
  const { page } = await pupil()
  await pay(page, 'cancel')
  await heading(page, 'Nothing was paid').waitFor()
  await page.getByText('nothing has been charged').waitFor()
  assert.equal((await getData(page, '/api/users/profile')).access, 'free')
  await pay(page, 'pay')
  await heading(page, 'It is all yours').waitFor()
})

test('a confirmation that comes twice opens the course once', async () => {
  const { page } = await pupil()
  await pay(page, 'twice')
  await heading(page, 'It is all yours').waitFor()
  const notices = await settled()
  const doubled = notices.filter((each, at) => notices.findIndex((other) => other.id === each.id) < at)
  assert.ok(doubled.some((each) => each.type === 'checkout.session.completed'), 'the confirmation came once')

  const plans = await getData(page, '/api/plans')
  assert.equal(plans.filter((plan) => plan.current).length, 1)
  const { current, history } = await getData(page, '/api/subscriptions')
  assert.ok(current, 'no subscription runs')
  assert.deepEqual([current.surplus, history], [false, []])
  assert.equal((await getData(page, '/api/billing/payments')).length, 1)
  assert.equal((await getData(page, '/api/billing/invoices')).length, 1)
  const { email } = await getData(page, '/api/users/profile')
  const receipts = (await asked('/dev/outbox')).filter((mail) => String(mail.to).includes(email) && mail.subject.startsWith('Your payment of '))
  assert.equal(receipts.length, 1)
  await page.goto('/app/account/subscription')
  await heading(page, 'Subscription').waitFor()
})

test('confirmations in the wrong order end in the same place', async () => {
  const { page } = await pupil()
  await pay(page, 'disorder')
  await heading(page, 'It is all yours').waitFor()
  assert.equal((await getData(page, '/api/users/profile')).access, 'paid')
})

test('a confirmation that comes late is awaited, and the page goes on by itself', async () => {
  const { page } = await pupil()
  await pay(page, 'delay')
  await heading(page, 'Confirming your payment').waitFor()
  // Time at the pretend provider can be moved on; where it runs by itself, this only makes it sooner.
  await fetch(`${school.url}/dev/clock`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ advance: 120 }) })
  await heading(page, 'It is all yours').waitFor({ timeout: 60_000 })
})

test('a lesson that is not paid for says what opens it', async () => {
  const { page } = await pupil()
  await page.goto('/courses')
  const paid = (await getData(page, '/api/courses')).find((course) => course.access === 'paid')
  assert.ok(paid, 'no course is for sale')
  const course = await getData(page, `/api/courses/${paid.slug}`)
  const locked = course.modules.flatMap((module) => module.lessons).find((lesson) => lesson.locked)
  await page.goto(`/app/lessons/${locked.id}`)
  await heading(page, 'This lesson comes with a plan').waitFor()
  await page.getByRole('link', { name: 'See plans' }).click()
  await heading(page, 'Pricing').waitFor()
})

test('a server that cannot be reached is named, and what was typed stays', async () => {
  const { page, context } = await openPage(browser, school)
  await page.goto('/signin')
  await page.getByLabel('Email').fill('ada@example.org')
  await page.getByLabel('Password', { exact: true }).fill('whatever it was')
  await context.setOffline(true)
  await page.locator('form').getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('alert').getByText('You are offline.').waitFor()
  assert.equal(await page.getByLabel('Email').inputValue(), 'ada@example.org')
})

test('a coupon lowers what it is for, a wrong one is named at its field, and what is bought once is theirs', async () => {
  const { page, complaints } = await openPage(browser, school)
  // It outlasts signing up.
  await page.goto('/pricing')
  await page.getByRole('button', { name: 'I have a coupon' }).click()
  await focusOn(page, 'coupon')
  await page.getByLabel('Coupon').fill('WELCOME20')
  await page.getByRole('button', { name: 'Apply' }).click()
  await page.getByText('is applied once you are signed in').waitFor()
  await page.getByRole('button', { name: /^Choose / }).last().click()
  await heading(page, 'Create your account').waitFor()
  await signUp(page)
  await page.getByText('The coupon WELCOME20 is applied').waitFor()
  await page.getByText('You save').first().waitFor()
  await inspect(page, 'pricing-coupon')

  await page.getByRole('button', { name: 'Remove' }).click()
  await page.getByRole('button', { name: 'I have a coupon' }).click()
  await page.getByLabel('Coupon').fill('NOSUCH')
  await page.getByRole('button', { name: 'Apply' }).click()
  await page.locator('input[name=coupon][aria-invalid=true]').waitFor()
  await focusOn(page, 'coupon')
  assert.equal(await page.getByLabel('Coupon').inputValue(), 'NOSUCH')
  await page.getByLabel('Coupon').fill('WELCOME20')
  await page.getByRole('button', { name: 'Apply' }).click()
  await page.getByText('The coupon WELCOME20 is applied').waitFor()

  const [product] = await getData(page, '/api/products')
  await page.getByRole('button', { name: `Pay for ${product.name}` }).click()
  await page.locator('button[name=outcome][value=pay]').click()
  await heading(page, 'It is all yours').waitFor()
  const checkout = await getData(page, `/api/billing/checkout/${new URL(page.url()).pathname.split('/').at(-1)}`)
  assert.ok(checkout.price.discountMinor > 0, 'the coupon was not part of the order')
  await page.goto('/pricing')
  await page.getByText('Yours', { exact: true }).waitFor()
  assert.equal(await page.getByRole('button', { name: `Pay for ${product.name}` }).count(), 0)
  assert.deepEqual(complaints, [])
})

test('a payment that failed says why', async () => {
  const { page } = await pupil()
  await pay(page, 'cancel')
  await heading(page, 'Nothing was paid').waitFor()
  const address = new URL(page.url()).pathname
  await page.route('**/api/billing/checkout/*', async (route) => {
    const answer = await route.fetch()
    const body = await answer.json()
    Object.assign(body.data, { status: 'failed', url: null, failure: { code: 'PAYMENT_REJECTED', message: 'The payment provider refused this order.' } })
    await route.fulfill({ response: answer, json: body })
  })
  await page.goto(address)
  await heading(page, 'The payment did not go through').waitFor()
  await page.getByText('The payment provider refused this order.').waitFor()
  await page.getByRole('link', { name: 'Try again' }).waitFor()
})
