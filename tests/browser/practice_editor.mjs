// A teacher composes exercises: in a form, in the text it stands for, and by trying them.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { focused, getData, heading, inspect, openPage, send, signIn, startBrowser, startSchool } from './support.mjs'

let school, browser
before(async () => {
  school = await startSchool()
  browser = await startBrowser()
})
after(async () => {
  await browser?.close()
  await school?.stop()
})

const first = 'Listen well.\n\n```practice\nexercises: 2\npass: 50\n\n- note, level 1, C4 to C6\n```\n\nThen rest.\n'

async function editor(bodyMarkdown = first) {
  const opened = await openPage(browser, school)
  const { page } = opened
  await signIn(page, 'instructor@tuition.example', 'practice makes perfect')
  const course = await send(page, 'POST', '/api/courses', { title: 'Ears' })
  const module = await send(page, 'POST', `/api/courses/${course.id}/modules`, { title: 'Begin' })
  const lesson = await send(page, 'POST', `/api/modules/${module.id}/lessons`, { title: 'Notes', kind: 'practice', bodyMarkdown })
  await page.goto(`/app/studio/lessons/${lesson.id}`)
  await heading(page, 'Notes').waitFor()
  return { ...opened, lesson, text: page.getByLabel('Text, in Markdown'), form: page.getByRole('region', { name: 'Exercises' }) }
}
const becomes = (page, text) => page.waitForFunction((wanted) => document.querySelector('textarea[name=bodyMarkdown]').value === wanted, text)
const line = (form, number) => form.getByRole('list', { name: 'Lines of exercises' }).getByRole('listitem').nth(number - 1)

test('the form and the text are two ways to the same exercises', async () => {
  const { page, complaints, form, text, lesson } = await editor()
  await form.getByLabel('Exercises of a round').fill('12')
  await becomes(page, first.replace('exercises: 2', 'exercises: 12'))
  await form.getByLabel('Percent that passes').fill('')
  await becomes(page, first.replace('exercises: 2\npass: 50', 'exercises: 12'))
  await line(form, 1).getByLabel('Kind').selectOption('interval')
  await line(form, 1).getByLabel('Level').selectOption('2')
  await line(form, 1).getByLabel('Highest').fill('G5')
  await form.getByRole('button', { name: 'Add a line' }).click()
  await line(form, 2).getByLabel('Kind').selectOption('rhythm')
  const made = 'Listen well.\n\n```practice\nexercises: 12\n\n- interval, level 2, C4 to G5\n- rhythm, level 1\n```\n\nThen rest.\n'
  await becomes(page, made)
  assert.equal(await line(form, 2).getByLabel('Highest').count(), 0)
  await inspect(page, 'practice-editor')

  // What is written by hand stands in the form, and stays where the form does not know it.
  await text.fill(made.replace('- rhythm', 'soon more\n- chord, level 3\n- rhythm'))
  await line(form, 4).waitFor()
  await line(form, 2).getByText('soon more').waitFor()
  await line(form, 2).getByText('This line is exercises: a number').waitFor()
  assert.equal(await line(form, 3).getByLabel('Kind').inputValue(), 'chord')
  await form.getByRole('button', { name: 'Move line 4 up' }).click()
  await becomes(page, made.replace('- rhythm, level 1', 'soon more\n- rhythm, level 1\n- chord, level 3'))
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-label')?.startsWith('Move line 3'))
  await inspect(page, 'practice-editor-by-hand')
  await form.getByRole('button', { name: 'Take out line 2' }).click()
  await becomes(page, made.replace('- rhythm, level 1', '- rhythm, level 1\n- chord, level 3'))

  await page.locator('form').getByRole('button', { name: 'Save' }).click()
  await page.getByText('“Notes” is saved.').waitFor()
  assert.equal((await getData(page, `/api/studio/lessons/${lesson.id}`)).bodyMarkdown, made.replace('- rhythm, level 1', '- rhythm, level 1\n- chord, level 3'))
  assert.deepEqual(complaints, [])
  await page.context().close()
})

test('what the server would refuse stands at its field, before and after saving', async () => {
  const { page, complaints, form, text } = await editor()
  await line(form, 1).getByLabel('Highest').fill('D4')
  await line(form, 1).getByText('A range is an octave at least.').waitFor()
  await form.getByLabel('Exercises of a round').fill('51')
  await form.getByText('Exercises is a number from 1 to 50.').waitFor()
  assert.equal(await form.getByRole('button', { name: 'Try a round' }).isDisabled(), true)
  await page.locator('form').getByRole('button', { name: 'Save' }).click()
  await page.waitForFunction(() => document.activeElement?.getAttribute('name') === 'exercises')
  assert.equal(await focused(page), 'exercises')
  await page.getByText('line 4: exercises is a number from 1 to 50').waitFor()
  await inspect(page, 'practice-editor-wrong')
  await form.getByLabel('Exercises of a round').fill('5')
  await line(form, 1).getByLabel('Highest').fill('C6')
  await form.getByText('Exercises is a number from 1 to 50.').waitFor({ state: 'detached' })
  await page.locator('form').getByRole('button', { name: 'Save' }).click()
  await page.getByText('“Notes” is saved.').waitFor()

  // Without its block the form says so, and makes one.
  await text.fill('Only words.\n')
  await form.getByText('The text has no block of exercises yet.').waitFor()
  await form.getByRole('button', { name: 'Add exercises' }).click()
  await becomes(page, 'Only words.\n\n```practice\nexercises: 10\npass: 80\n- interval, level 1\n```\n')
  await line(form, 1).getByLabel('Kind').waitFor()
  assert.deepEqual(complaints, [])
  await page.context().close()
})

test('a round is tried before anything is saved, and nothing is kept of it', async () => {
  const { page, complaints, form, text, lesson } = await editor()
  await text.fill(first.replace('pass: 50', 'pass: 1').replace('exercises: 2', 'exercises: 2'))
  await form.getByRole('button', { name: 'Try a round' }).click()
  const trial = form.getByRole('region', { name: 'A round to try' })
  await trial.getByText('1 of 2').waitFor()
  await trial.locator('.staff svg').waitFor()
  await inspect(page, 'practice-trial')
  for (const number of [1, 2]) {
    await trial.getByText(`${number} of 2`).waitFor()
    await trial.locator('.choice').first().waitFor()
    await page.keyboard.press('1')
    await trial.getByRole('status').filter({ hasText: /Right|Not quite/ }).waitFor()
    await trial.getByRole('button', { name: number === 1 ? 'Next exercise' : 'See the result' }).click()
  }
  await trial.getByText('Nothing is kept of it.').waitFor()
  await inspect(page, 'practice-tried')
  await trial.getByRole('button', { name: 'Stop trying' }).click()
  await trial.waitFor({ state: 'detached' })
  await page.waitForFunction(() => document.activeElement?.textContent?.includes('Try a round'))
  assert.equal((await getData(page, `/api/studio/lessons/${lesson.id}`)).bodyMarkdown, first)
  assert.deepEqual(complaints, [])
  await page.context().close()
})
