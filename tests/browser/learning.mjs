// What a learner leaves behind: a round of practice, a certificate that others can check, achievements, a place among others.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { getData, heading, inspect, newAddress, openPage, send, signIn, signUp, startBrowser, startSchool } from './support.mjs'

let school, browser
before(async () => {
  school = await startSchool()
  browser = await startBrowser()
})
after(async () => {
  await browser?.close()
  await school?.stop()
})

// A free course with a text, practice of one choice and one rhythm, and a certificate.
async function course(title) {
  const { page, context } = await openPage(browser, school)
  await signIn(page, 'instructor@tuition.example', 'practice makes perfect')
  const made = await send(page, 'POST', '/api/courses', { title, summary: 'Short.', bodyMarkdown: 'Short.\n', access: 'free', certificate: true })
  const module = await send(page, 'POST', `/api/courses/${made.id}/modules`, { title: 'All of it', level: 1 })
  const text = await send(page, 'POST', `/api/modules/${module.id}/lessons`, { title: 'Read', bodyMarkdown: 'Read this.\n' })
  const practice = await send(page, 'POST', `/api/modules/${module.id}/lessons`, {
    title: 'Practise',
    kind: 'practice',
    bodyMarkdown: 'Listen well.\n\n```practice\nexercises: 3\npass: 1\n- note, level 1\n- interval, level 1\n- rhythm, level 1\n```\n',
  })
  await send(page, 'POST', `/api/courses/${made.id}/publish`, {})
  await context.close()
  return { ...made, text, practice }
}

// One exercise by its kind; says whether it was right.
async function exercise(page) {
  const panel = page.locator('.practice')
  await panel.locator('.prompt').waitFor()
  if (await panel.locator('.tap').count()) {
    await panel.getByRole('button', { name: 'Count in and begin' }).click()
    await panel.getByText('Now: 1').waitFor()
    await page.keyboard.press('Space')
    await panel.getByText('Now: 3').waitFor()
    await page.keyboard.press('Space')
    await panel.getByRole('button', { name: 'Hand in these taps' }).click()
  } else {
    if (await panel.getByRole('button', { name: 'Listen', exact: true }).count()) {
      await page.keyboard.press('p')
      await panel.getByRole('button', { name: 'Listen again' }).waitFor()
    }
    await panel.locator('.exercise').focus()
    await page.keyboard.press('1')
  }
  await panel.getByRole('status').filter({ hasText: /Right|Not quite|Well tapped/ }).waitFor()
  if (!(await panel.locator('.choice').count())) return
  const right = (await panel.locator('.notice.good').count()) > 0
  assert.equal(await panel.locator('.choice.right').count(), 1)
  assert.equal(await panel.locator('.choice').first().innerText().then((text) => text.includes('Your answer')), true)
  assert.equal(await panel.locator('.choice.wrong').count(), right ? 0 : 1)
  if (!right) assert.ok((await panel.locator('.choice.right').innerText()).includes('Right answer'))
}

test('practice by keyboard, a certificate with a public page, and achievements', { timeout: 400_000 }, async () => {
  const study = await course('Hear this')
  const { page, complaints } = await openPage(browser, school)
  await signUp(page, { email: newAddress(), name: 'Ada <b>Pupil</b>' })
  await page.goto(`/app/lessons/${study.text.id}`)
  await page.getByRole('button', { name: 'Mark as complete' }).click()
  await page.locator('.tag.good').first().waitFor()

  await page.goto(`/app/lessons/${study.practice.id}`)
  await heading(page, 'Practise').waitFor()
  assert.ok(!(await page.locator('.prose').innerText()).includes('exercises'), 'the set of exercises is shown')
  await inspect(page, 'practice')
  let passed = false
  for (let round = 0; round < 12 && !passed; round++) {
    await page.locator('.practice').getByRole('button', { name: /Begin a round|Another round|Go on/ }).click()
    for (let i = 0; i < 3; i++) {
      await exercise(page)
      if (round === 0) await inspect(page, `practice-${i}`)
      await page.locator('.practice').getByRole('button', { name: /Next exercise|See the result/ }).click()
    }
    await page.locator('.practice .result').waitFor()
    passed = (await page.locator('.practice h2').innerText()) === 'Passed'
  }
  assert.ok(passed, 'no round was passed')

  await page.goto('/app/certificates')
  await heading(page, 'Certificates').waitFor()
  await page.getByLabel('The name on it').fill('Ada Pupil')
  await inspect(page, 'certificates-ready')
  await page.getByRole('button', { name: 'Issue the certificate' }).click()
  await page.getByRole('link', { name: 'The public page' }).waitFor()
  await inspect(page, 'certificates')
  const [mine] = await getData(page, '/api/certificates')
  await page.getByRole('link', { name: 'Open, print or save as PDF' }).click()
  await page.getByRole('heading', { name: 'Certificate of completion' }).waitFor()
  await inspect(page, 'certificate')

  const stranger = await openPage(browser, school)
  await stranger.page.goto(`/certificates/verify/${mine.serial}`)
  await stranger.page.getByRole('heading', { name: 'This certificate is valid' }).waitFor()
  await stranger.page.getByText('Ada Pupil', { exact: true }).waitFor()
  await inspect(stranger.page, 'certificate-public')
  assert.deepEqual(stranger.complaints, [])

  await page.goto('/app')
  await page.getByRole('heading', { name: 'Achievements' }).waitFor()
  await page.getByText('Finisher').waitFor()
  await inspect(page, 'dashboard-honours')
  await page.getByRole('link', { name: 'Leaderboard' }).click()
  await heading(page, 'Leaderboard').waitFor()
  await page.getByText('Others do not see you here.').waitFor()
  await page.getByRole('button', { name: 'Let others see me' }).click()
  await page.getByText('Others see your name and your points here.').waitFor()
  await page.getByRole('cell', { name: '1', exact: true }).first().waitFor()
  await inspect(page, 'leaderboard')
  assert.deepEqual(complaints, [])
})

// The quiz of a free course, with a question of these kinds.
async function quizOf(title, questions, settings = {}) {
  const { page, context } = await openPage(browser, school)
  await signIn(page, 'instructor@tuition.example', 'practice makes perfect')
  const made = await send(page, 'POST', '/api/courses', { title, summary: 'Short.', access: 'free' })
  const module = await send(page, 'POST', `/api/courses/${made.id}/modules`, { title: 'All of it' })
  const quiz = await send(page, 'POST', '/api/quizzes', { moduleId: module.id, title: 'Sort them out', ...settings })
  for (const question of questions) await send(page, 'POST', `/api/quizzes/${quiz.id}/questions`, question)
  await send(page, 'POST', `/api/courses/${made.id}/publish`, {})
  await context.close()
  return { ...made, quiz }
}

test('ordering and matching are answered by the keyboard alone', { timeout: 400_000 }, async () => {
  const order = ['semibreve', 'minim', 'crotchet']
  const pairs = [{ left: 'presto', right: 'very fast' }, { left: 'largo', right: 'slow' }]
  const study = await quizOf('By keys', [
    { kind: 'ordering', question: 'From long to short.', order },
    { kind: 'matching', question: 'What is meant?', pairs },
  ])
  const { page, complaints } = await openPage(browser, school)
  await signUp(page, { email: newAddress() })
  await page.goto(`/app/lessons/${study.quiz.lessonId}`)
  const begin = page.getByRole('button', { name: 'Begin the quiz' })
  await begin.focus()
  await page.keyboard.press('Enter')
  await page.getByText('From long to short.').waitFor()
  await inspect(page, 'quiz-ordering')
  const items = () => page.locator('.options .item .grow').evaluateAll((found) => found.map((each) => each.textContent))
  const inFocus = () => page.evaluate(() => document.activeElement.getAttribute('aria-label'))
  // Each to its place, from the first on, with the focus never leaving what is moved.
  for (const [place, name] of order.entries()) {
    for (let at = (await items()).indexOf(name); at > place; at--) {
      await page.getByRole('button', { name: `Move up: ${name}` }).focus()
      await page.keyboard.press('ArrowUp')
      await page.waitForFunction(([wanted, where]) => document.querySelectorAll('.options .item .grow')[where].textContent === wanted, [name, at - 1])
      assert.ok((await inFocus())?.endsWith(`: ${name}`), 'the focus went astray')
    }
  }
  assert.deepEqual(await items(), order)
  // The button at the end of the list is of no more use: the other one of the item has the focus.
  await page.getByRole('button', { name: 'Move up: minim' }).focus()
  await page.keyboard.press('Enter')
  await page.waitForFunction(() => document.activeElement.getAttribute('aria-label') === 'Move down: minim')
  await page.keyboard.press('ArrowDown')
  await page.waitForFunction((wanted) => JSON.stringify([...document.querySelectorAll('.options .item .grow')].map((each) => each.textContent)) === wanted, JSON.stringify(order))
  await page.keyboard.press('Tab')
  while ((await page.evaluate(() => document.activeElement.textContent.trim())) !== 'Check answer') await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.getByRole('status').filter({ hasText: 'Right.' }).waitFor()
  while (!(await page.evaluate(() => document.activeElement.textContent.trim())).startsWith('Next question')) await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')

  await page.getByText('What is meant?').waitFor()
  await inspect(page, 'quiz-matching')
  for (const { left, right } of pairs) {
    const select = page.getByLabel(left, { exact: false })
    await select.focus()
    await page.keyboard.type(right)
    assert.equal(await select.evaluate((each) => each.selectedOptions[0].textContent), right)
  }
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.getByRole('status').filter({ hasText: 'Right.' }).waitFor()
  while (!(await page.evaluate(() => document.activeElement.textContent.trim())).startsWith('See the result')) await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Passed' }).waitFor()
  // The attempt has completed the lesson: nothing is left to be marked.
  await page.getByText('1 of 1 lessons of By keys are behind you.').waitFor()
  assert.equal(await page.getByRole('alert').count(), 0)
  assert.equal(await page.getByRole('button', { name: 'Mark as complete' }).count(), 0)
  await page.getByText('You answered: semibreve → minim → crotchet').waitFor()
  await page.getByText('You answered: presto – very fast; largo – slow').waitFor()
  await inspect(page, 'quiz-review')
  assert.deepEqual(complaints, [])
})

test('what is completed on one device shows on another, which nobody touches', async () => {
  const { text } = await course('In two places')
  const here = await openPage(browser, school)
  const there = await openPage(browser, school)
  const email = await signUp(here.page)
  await signIn(there.page, email)
  await here.page.goto('/courses')
  const follows = here.page.waitForResponse((answer) => new URL(answer.url()).pathname === '/api/stream')
  await here.page.goto('/app')
  const done = here.page.locator('dl.numbers > div').filter({ hasText: 'Lessons done' }).locator('dd')
  await done.filter({ hasText: /^0$/ }).waitFor()
  assert.equal((await follows).status(), 200)
  await send(there.page, 'POST', '/api/progress/save', { lessonId: text.id, completed: true })
  await done.filter({ hasText: /^1$/ }).waitFor()
  assert.deepEqual([...here.complaints, ...there.complaints], [])
})
