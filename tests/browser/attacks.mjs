// What other sites may try through a person's own browser: to send them away after signing in, and to send forms in their name.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { getData, openPage, signUp, startBrowser, startSchool } from './support.mjs'

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
