// Paying in shillings: the plan that Paystack takes, and what is paid once from a course's own page.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { getData, heading, newAddress, openPage, signUp, startBrowser, startSchool } from './support.mjs'

let school, browser
before(async () => {
  school = await startSchool()
  browser = await startBrowser()
})
after(async () => {
  await browser?.close()
  await school?.stop()
})

async function payWithPaystack(page, button) {
  await page.getByRole('heading', { name: 'Pay with Paystack' }).waitFor()
  await page.getByRole('button', { name: button, exact: true }).click()
}

test('a plan in shillings is paid on Paystack\'s page and opens everything, though no notice comes', async () => {
  const { page, complaints } = await openPage(browser, school)
  await page.goto('/pricing?currency=KES')
  await page.getByRole('button', { name: /^Choose / }).first().click()
  await heading(page, 'Create your account').waitFor()
  await signUp(page, { email: newAddress() })
  await heading(page, 'Pricing').waitFor()
  await page.getByRole('button', { name: /^Pay for / }).first().click()
  await payWithPaystack(page, 'Pay, no notice comes')
  await heading(page, 'It is all yours').waitFor()
  assert.equal((await getData(page, '/api/billing/subscription')).provider, 'paystack')
  assert.deepEqual(complaints, [])
})

test('a course page names what is paid once, and leads to it', async () => {
  const { page, complaints } = await openPage(browser, school)
  await page.goto('/courses')
  const courses = await getData(page, '/api/courses')
  let found = null
  for (const card of courses) {
    const course = await getData(page, `/api/courses/${card.slug}`)
    if (course.products.length) found ??= course
  }
  assert.ok(found, 'no course is sold by itself')
  await page.goto(`/courses/${found.slug}`)
  await page.getByRole('link', { name: new RegExp(`^Or buy ${found.products[0].name} once for`) }).click()
  await heading(page, 'Pricing').waitFor()
  assert.equal(new URL(page.url()).searchParams.get('product'), found.products[0].productId)
  assert.deepEqual(complaints, [])
})

test('who pays an amount without an account comes back to a page that says how it went', async () => {
  const { page, complaints } = await openPage(browser, school)
  const begun = (await (await fetch(`${school.url}/api/payment/initiate`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ email: newAddress(), amount: 250 }) })).json()).data
  await page.goto(begun.authorizationUrl)
  await payWithPaystack(page, 'Pay')
  await heading(page, 'Thank you for your payment').waitFor()
  await page.getByText(begun.reference).waitFor()
  assert.deepEqual(complaints, [])
})
