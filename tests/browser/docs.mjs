// The pages about the API: what the server writes looks like the rest of the product, with no script at all.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { heading, inspect, openPage, startBrowser, startSchool } from './support.mjs'

let school, browser
before(async () => {
  school = await startSchool()
  browser = await startBrowser()
})
after(async () => {
  await browser?.close()
  await school?.stop()
})

test('the API is read, and a route opened, in either theme, on a desk and on a phone', async () => {
  const { page, complaints } = await openPage(browser, school)
  await page.goto('/docs/api')
  await heading(page, 'The API').waitFor()
  assert.match(await page.title(), /^API · /)
  await inspect(page, 'docs-api')

  const route = page.locator('details', { hasText: 'POST /api/auth/register' }).first()
  await route.locator('summary').focus()
  await page.keyboard.press('Enter')
  await route.getByText('curl -X POST').waitFor()
  await route.getByText('required').first().waitFor()
  await inspect(page, 'docs-api-open', 'details[open]')
  await route.getByRole('link', { name: '409' }).click()
  await page.waitForURL(/\/docs\/errors#status-409$/)
  await page.getByText('The address has an account already.').waitFor()
  assert.deepEqual(complaints, [])
})

test('errors are explained where problem details lead', async () => {
  const { page, complaints } = await openPage(browser, school)
  await page.goto('/docs/errors')
  await heading(page, 'Errors').waitFor()
  await inspect(page, 'docs-errors')
  await page.getByRole('link', { name: 'API', exact: true }).click()
  await heading(page, 'The API').waitFor()
  assert.deepEqual(complaints, [])
})

test('a link to one route opens it', async () => {
  const { page } = await openPage(browser, school, { javaScriptEnabled: false })
  await page.goto('/docs/api#getStatus')
  await page.locator('#getStatus').getByText('uptimeSeconds').waitFor()
})
