// What other sites may try through a person's own browser: to send them away after signing in, and to send forms in their name;
// and what people may try who write something that others read.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { harmful } from '../system/lib/harmful.mjs'
import { getData, openPage, password, send, settled, signIn, signUp, startBrowser, startSchool } from './support.mjs'

let school, browser
before(async () => {
  school = await startSchool()
  browser = await startBrowser()
})
after(async () => {
  await browser?.close()
  await school?.stop()
})

test('after signing in one stays here, wherever the address wanted to lead', async () => {
  const { page } = await openPage(browser, school)
  await signUp(page)
  let left = []
  await page.context().route((url) => url.hostname.includes('evil'), (route) => {
    left.push(route.request().url())
    return route.fulfill({ contentType: 'text/html', body: '<h1>Elsewhere</h1>' })
  })
  for (const next of ['//evil.example', '/\\evil.example', '\\\\evil.example', 'https:evil.example', 'https://evil.example/', 'javascript:document.title="evil"', '/\t/evil.example', '/.//evil.example', '/..//evil.example', '/a/..//evil.example', '/%2e//evil.example', '%2F%2Fevil.example', '\r\n//evil.example']) {
    for (const door of ['signin', 'signup']) {
      await page.goto(`${school.url}/${door}?next=${encodeURIComponent(next)}`)
      await page.waitForURL((url) => !url.pathname.startsWith(`/${door}`))
      assert.equal(new URL(page.url()).origin, school.url, `next=${JSON.stringify(next)} leads to ${page.url()}`)
      assert.notEqual(await page.title(), 'evil')
      assert.deepEqual(left, [], `next=${JSON.stringify(next)} asked elsewhere`)
    }
  }
})

test('a form on another site changes nothing, and does not sign anybody out', async () => {
  const { page } = await openPage(browser, school)
  await signUp(page)
  const before = await getData(page, '/api/users/profile')
  const answers = []
  page.context().on('response', (answer) => answer.request().method() === 'POST' && answers.push(answer.status()))
  for (const [action, enctype, name, value] of [
    ['/api/auth/logout', 'application/x-www-form-urlencoded', 'a', 'b'],
    ['/api/auth/update-profile', 'text/plain', '{"fullName":"Mallory","timezone":"', '"}'],
    ['/api/auth/update-profile', 'multipart/form-data', 'fullName', 'Mallory'],
    ['/dev/clock', 'application/x-www-form-urlencoded', 'advance', 'P9D'],
  ]) {
    const other = await page.context().newPage()
    await other.route('http://evil.example/**', (route) => route.fulfill({
      contentType: 'text/html',
      body: `<form method="post" enctype="${enctype}" action="${school.url}${action}"><input name="${name.replaceAll('"', '&quot;')}" value="${value.replaceAll('"', '&quot;')}"></form>`,
    }))
    await other.goto('http://evil.example/')
    await Promise.all([other.waitForNavigation(), other.evaluate(() => document.forms[0].submit())])
    await other.close()
  }
  assert.equal(answers.length, 4)
  for (const status of answers) assert.ok(status === 403 || status === 415, `answered ${status}`)
  await page.reload()
  assert.deepEqual(await getData(page, '/api/users/profile'), before)
})

test('no page of ours is shown in a frame of another site', async () => {
  const { page } = await openPage(browser, school)
  await page.route('http://evil.example/**', (route) => route.fulfill({ contentType: 'text/html', body: `<iframe src="${school.url}${new URL(route.request().url()).searchParams.get('of')}"></iframe>` }))
  for (const path of ['/', '/signin', '/pricing', '/dev', '/dev/outbox', '/api/plans']) {
    await page.goto(`http://evil.example/?of=${encodeURIComponent(path)}`)
    const inside = page.frames().find((frame) => frame !== page.mainFrame())
    assert.ok(inside, 'there is a frame')
    const shown = await inside.evaluate(() => document.body?.innerText ?? '').catch(() => '')
    assert.doesNotMatch(shown, /tuition|Sign in|School pass|"success"/i, path)
  }
})

// Short enough for every field, and harm in text, in an attribute and in a template.
const hostile = `"'><img src=x onerror=alert(1)><svg/onload=alert(2)>`
const demo = 'practice makes perfect'

test('what people write is text on every page that shows it', { timeout: 600_000 }, async () => {
  const [teacher, chief, pupil] = [await openPage(browser, school), await openPage(browser, school, { userAgent: hostile }), await openPage(browser, school, { userAgent: hostile })]
  await signIn(teacher.page, 'instructor@tuition.example', demo)
  await signIn(chief.page, 'owner@tuition.example', demo)
  await signUp(pupil.page, { name: hostile })
  const me = await getData(pupil.page, '/api/users/profile')

  // What can be written, written: all of it in one text, and Markdown with every harm there is.
  const markdown = harmful.join('\n\n')
  const course = await send(teacher.page, 'POST', '/api/courses', { title: hostile, slug: 'hostile-words', summary: hostile, instructorName: hostile, bodyMarkdown: markdown, access: 'free', certificate: true })
  const module = await send(teacher.page, 'POST', `/api/courses/${course.id}/modules`, { title: hostile, bodyMarkdown: markdown, level: 1 })
  const lesson = await send(teacher.page, 'POST', `/api/modules/${module.id}/lessons`, { title: hostile, bodyMarkdown: markdown })
  const quiz = await send(teacher.page, 'POST', '/api/quizzes', { moduleId: module.id, title: hostile, passPercent: 0 })
  await send(teacher.page, 'POST', `/api/quizzes/${quiz.id}/questions`, { kind: 'single', question: markdown, choices: [{ text: hostile, right: true }, { text: 'No', right: false }], explanation: markdown })
  await send(teacher.page, 'POST', `/api/courses/${course.id}/publish`, {})
  const plan = await send(chief.page, 'POST', '/api/plans', { code: 'hostile', name: hostile, description: hostile, features: [hostile], prices: [{ currency: 'USD', amountMinor: 900 }] })
  const product = await send(chief.page, 'POST', '/api/products', { code: 'hostile', name: hostile, description: hostile, kind: 'full_access', opens: [{ kind: 'all' }], prices: [{ currency: 'USD', amountMinor: 900 }] })
  await send(chief.page, 'POST', '/api/coupons', { code: 'HOSTILE', name: hostile, percent: 10 })
  await send(chief.page, 'POST', '/api/admin/tax-rates', { country: 'XK', name: hostile, basisPoints: 1600 })
  await send(pupil.page, 'PUT', '/api/users/profile', { leaderboardOptIn: true })
  await send(pupil.page, 'PUT', '/api/billing/details', { name: hostile, address: { line1: hostile, city: hostile, country: 'KE' } })
  await send(pupil.page, 'POST', '/api/users/me/api-keys', { name: hostile, scopes: ['profile:read'], password })
  await send(pupil.page, 'POST', '/api/progress/save', { lessonId: lesson.id, completed: true })
  const attempt = await send(pupil.page, 'POST', `/api/quizzes/${quiz.id}/attempts`, {})
  await send(pupil.page, 'POST', `/api/quizzes/${quiz.id}/attempts/${attempt.id}/answers`, { questionId: attempt.questions[0].id, answer: 0 })
  await send(pupil.page, 'POST', `/api/quizzes/${quiz.id}/attempts/${attempt.id}/submit`, {})
  await send(pupil.page, 'POST', '/api/billing/manual-payments', { productId: product.id, method: 'cash', note: hostile })
  const checkout = await send(pupil.page, 'POST', '/api/billing/create-checkout-session', { planId: plan.id, interval: 'month', currency: 'USD' })
  await pupil.page.goto(checkout.url)
  await pupil.page.locator('button[name=outcome][value=pay]').click()
  await pupil.page.waitForURL(/\/app\/checkout\//)
  await pupil.page.waitForFunction(async () => (await (await fetch('/api/billing/payments')).json()).data.length > 0, null, { polling: 500 })
  const [payment] = await getData(pupil.page, '/api/billing/payments')
  await send(chief.page, 'POST', `/api/admin/payments/${payment.id}/refund`, { amountMinor: 100, reason: hostile })
  await send(pupil.page, 'POST', '/api/billing/cancel-subscription', { reason: 'other', comment: hostile })

  // Where it is shown; `seen` are pages on which the text must be found, or nothing was tried there.
  const walk = async ({ page, complaints }, paths, seen) => {
    const found = []
    for (const path of paths) {
      await page.goto(path)
      await page.getByRole('heading', { level: 1 }).first().waitFor()
      await settled(page)
      const { shown, taken } = await page.evaluate((text) => {
        const fields = [...document.querySelectorAll('input, textarea')].map((each) => each.value)
        return {
          shown: [document.body.textContent, ...fields].some((each) => each.includes(text)),
          taken: [...document.querySelectorAll('img[src="x"], svg[onload], [onerror], [onload], iframe[srcdoc], a[href^="javascript:"]')].map((each) => each.outerHTML),
        }
      }, hostile)
      assert.deepEqual(taken, [], path)
      assert.deepEqual(complaints, [], path)
      if (shown) found.push(path)
    }
    for (const path of seen) assert.ok(found.includes(path), `${path} does not show the text`)
  }
  const at = `/app/studio/courses/${course.id}`
  await walk(pupil, ['/app', '/app/progress', '/app/certificates', '/app/leaderboard', `/app/lessons/${lesson.id}`, `/app/lessons/${quiz.lessonId}`, '/app/account', '/app/account/security', '/app/account/devices', '/app/account/keys', '/app/account/subscription', '/app/pay-by-hand', '/courses', '/courses/hostile-words', '/pricing'],
    [`/app/lessons/${lesson.id}`, '/app/account', '/app/account/keys', '/courses', '/courses/hostile-words', '/pricing'])
  await walk(teacher, ['/app/studio', '/app/studio/media', at, `${at}/settings`, `${at}/questions`, `${at}/learners`, `${at}/learners/${me.id}`, `${at}/results`, `/app/studio/lessons/${lesson.id}`, `/app/studio/quizzes/${quiz.id}`],
    ['/app/studio', at, `${at}/settings`, `${at}/learners`, `/app/studio/lessons/${lesson.id}`])
  await walk(chief, ['/admin/users', `/admin/users/${me.id}`, '/admin/payments', `/admin/payments/${payment.id}`, '/admin/invoices', '/admin/manual-payments', '/admin/subscriptions', '/admin/arrears', '/admin/offers', `/admin/offers/plans/${plan.id}`, `/admin/offers/products/${product.id}`, '/admin/coupons', '/admin/taxes', '/admin/events', '/admin/books'],
    ['/admin/users', `/admin/users/${me.id}`, '/admin/manual-payments', '/admin/offers', `/admin/offers/plans/${plan.id}`, '/admin/coupons', '/admin/taxes'])

  // Pages that the server makes, as people open them.
  const serial = (await send(pupil.page, 'POST', `/api/courses/${course.id}/certificate`, { name: hostile })).serial
  const [invoice] = await getData(pupil.page, '/api/billing/invoices')
  for (const path of [`/certificates/verify/${serial}`, `/api/certificates/${serial}/document`, `/api/billing/invoices/${invoice.id}/document?format=html`]) {
    await pupil.page.goto(path)
    assert.ok((await pupil.page.locator('body').textContent()).includes(hostile), `${path} does not show the text`)
    assert.equal(await pupil.page.locator('img[src="x"], [onerror], [onload]').count(), 0, path)
  }
  assert.deepEqual([...pupil.complaints, ...teacher.complaints, ...chief.complaints], [])
})
