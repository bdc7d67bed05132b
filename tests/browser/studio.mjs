// What a teacher does in the studio, and what learners see of it.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { heading, inspect, openPage, signIn, signUp, startBrowser, startSchool } from './support.mjs'

let school, browser
before(async () => {
  school = await startSchool()
  browser = await startBrowser()
})
after(async () => {
  await browser?.close()
  await school?.stop()
})

const demo = 'practice makes perfect'
const press = (page, name) => page.locator('main').getByRole('button', { name, exact: true }).click()
const dialog = (page, name) => page.getByRole('dialog', { name })
const said = (page, text) => page.locator('main').getByRole('status').filter({ hasText: text }).waitFor()
const titles = (page, rows) => page.locator(rows).evaluateAll((found) => found.map((each) => each.textContent.trim()))

async function teacher() {
  const opened = await openPage(browser, school)
  await signIn(opened.page, 'instructor@tuition.example', demo)
  return opened
}

async function newCourse(page, name) {
  await page.goto('/app/studio')
  await heading(page, 'Studio').waitFor()
  await press(page, 'New course')
  await dialog(page, 'New course').getByLabel('Title of the course').fill(name)
  await dialog(page, 'New course').getByRole('button', { name: 'Make it' }).click()
  await heading(page, name).waitFor()
}

async function addModule(page, name, first = false) {
  await press(page, first ? 'Add the first module' : 'Add a module')
  await dialog(page, 'Add a module').getByLabel('Title').fill(name)
  await dialog(page, 'Add a module').getByRole('button', { name: 'Add it' }).click()
  await page.getByRole('heading', { level: 2, name }).waitFor()
}

async function addLesson(page, module, name, kind) {
  await page.getByRole('button', { name: `Add a lesson ${module}` }).click()
  await dialog(page, 'Add a lesson').getByLabel('Title').fill(name)
  await dialog(page, 'Add a lesson').getByLabel('What is it?').selectOption(kind)
  await dialog(page, 'Add a lesson').getByRole('button', { name: 'Add it' }).click()
}

test('a teacher makes a course with a lesson and a quiz, publishes it, and a learner takes it', async () => {
  const { page, complaints } = await teacher()
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Studio' }).click()
  await heading(page, 'Studio').waitFor()
  await inspect(page, 'studio')
  await newCourse(page, 'Clapping for beginners')
  await inspect(page, 'studio-empty-course')
  await press(page, 'Publish')
  await page.getByText('Before learners see it:').waitFor()
  await page.getByText('Write a sentence about the course').waitFor()

  await addModule(page, 'First claps', true)
  await addLesson(page, 'First claps', 'Clap along', 'text')
  await heading(page, 'Clap along').waitFor()
  await page.getByLabel('Text, in Markdown').fill('## Ready?\n\nClap *four* times.\n\n<script>alert(1)</script>')
  const made = page.getByRole('region', { name: 'As learners see it' })
  await made.getByRole('heading', { name: 'Ready?' }).waitFor()
  assert.equal(await made.locator('em').textContent(), 'four')
  assert.equal(await made.locator('script').count(), 0)
  await page.getByRole('link', { name: 'Clapping for beginners' }).click() // refused: there are changes
  assert.deepEqual(complaints.splice(0), ['dialog: There are changes that are not saved. Leave without them?'])
  await heading(page, 'Clap along').waitFor()
  await page.getByLabel('Everybody may open it').check()
  await press(page, 'Save')
  await said(page, '“Clap along” is saved.')
  await inspect(page, 'studio-lesson')
  await page.getByRole('link', { name: 'Clapping for beginners' }).click()
  await heading(page, 'Clapping for beginners').waitFor()

  await addLesson(page, 'First claps', 'How many?', 'quiz')
  await heading(page, 'How many?').waitFor()
  await press(page, 'Write the first question')
  await page.getByLabel('Question', { exact: true }).fill('How many claps were there?')
  await page.getByLabel('Option 1', { exact: true }).fill('three')
  await page.getByLabel('Option 2', { exact: true }).fill('four')
  await press(page, 'Save the question')
  await page.getByText('must hold exactly one right option').waitFor()
  await page.getByLabel('Option 2 is right').check()
  await press(page, 'Save the question')
  await said(page, 'The question is saved.')
  await press(page, 'Add a question')
  await page.getByLabel('Kind of question').selectOption('number')
  await page.getByLabel('Question', { exact: true }).fill('And twice as many?')
  await page.getByLabel('Right number').fill('8')
  await inspect(page, 'studio-question')
  await press(page, 'Save the question')
  await page.getByRole('heading', { name: '2 questions' }).waitFor()
  await inspect(page, 'studio-quiz')
  await page.locator('main').getByRole('link', { name: 'Outline' }).click()

  await page.locator('main').getByRole('link', { name: 'Settings' }).click()
  await page.getByLabel('Summary').fill('Clap in time.')
  await page.getByLabel('Who may take it?').selectOption('free')
  await page.getByLabel('Name in addresses').fill('hear-what-you-play')
  await press(page, 'Save')
  await page.locator('input[name=slug][aria-invalid=true]').waitFor()
  await page.getByLabel('Name in addresses').fill('clapping')
  await press(page, 'Save')
  await said(page, 'is saved.')
  await inspect(page, 'studio-settings')
  await page.locator('main').getByRole('link', { name: 'Outline' }).click()
  await press(page, 'Publish')
  await said(page, 'Published: learners can see it now.')
  await inspect(page, 'studio-outline')

  const learner = await openPage(browser, school)
  await signUp(learner.page)
  await learner.page.goto('/courses?q=clapping+begin')
  await learner.page.getByRole('link', { name: 'Clapping for beginners' }).click()
  await heading(learner.page, 'Clapping for beginners').waitFor()
  await learner.page.getByRole('link', { name: 'Clap along' }).first().click()
  await learner.page.getByRole('heading', { name: 'Ready?' }).waitFor()
  assert.deepEqual(learner.complaints, [])
  assert.deepEqual(complaints, [])
})

test('modules and lessons are put in order by buttons, keys and dragging, and stay so', async () => {
  const { page, complaints } = await teacher()
  await newCourse(page, 'In order')
  await addModule(page, 'One', true)
  await addModule(page, 'Two')
  const outline = page.url()
  for (const [module, name] of [['One', 'Alpha'], ['One', 'Beta'], ['Two', 'Gamma']]) {
    await addLesson(page, module, name, 'text')
    await heading(page, name).waitFor()
    await page.goto(outline)
    await page.getByRole('heading', { level: 2, name: 'Two' }).waitFor()
  }
  const lessons = () => titles(page, '.lessons .what a')
  const settled = async (wanted) => {
    await page.reload()
    await page.getByRole('heading', { level: 2, name: 'Two' }).waitFor()
    assert.deepEqual(await lessons(), wanted)
  }
  const answered = () => page.waitForResponse((answer) => answer.url().endsWith('/reorder') && answer.ok())
  await Promise.all([answered(), page.getByRole('button', { name: 'Move up: Beta' }).click()])
  await settled(['Beta', 'Alpha', 'Gamma'])
  await page.getByRole('group', { name: 'Alpha' }).focus()
  await Promise.all([answered(), page.keyboard.press('Alt+ArrowDown')])
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), 'Alpha')
  assert.deepEqual(await titles(page, '.modules > li:nth-child(2) .lessons .what a'), ['Alpha', 'Gamma'])
  await settled(['Beta', 'Alpha', 'Gamma'])
  await Promise.all([answered(), page.getByRole('group', { name: 'Gamma' }).dragTo(page.getByRole('group', { name: 'Beta' }))])
  await settled(['Gamma', 'Beta', 'Alpha'])
  await Promise.all([answered(), page.getByRole('button', { name: 'Move up: Two' }).click()])
  await settled(['Alpha', 'Gamma', 'Beta'])
  assert.deepEqual(complaints, [])
})

test('of two windows the second is told that the first has saved, and overwrites nothing', async () => {
  const { page, context, complaints } = await teacher()
  await newCourse(page, 'Two windows')
  await addModule(page, 'Only', true)
  await addLesson(page, 'Only', 'Shared', 'text')
  await heading(page, 'Shared').waitFor()
  const other = await context.newPage()
  await other.goto(page.url())
  await heading(other, 'Shared').waitFor()
  await page.getByLabel('Text, in Markdown').fill('The first words.')
  await press(page, 'Save')
  await said(page, 'is saved.')
  await other.getByLabel('Text, in Markdown').fill('The second words.')
  await other.locator('main').getByRole('button', { name: 'Save', exact: true }).click()
  await other.getByText('Nothing was overwritten.').waitFor()
  assert.equal(await other.getByLabel('Text, in Markdown').inputValue(), 'The second words.')
  await other.getByRole('button', { name: 'Load what is there' }).click()
  await other.waitForFunction(() => document.querySelector('textarea').value.startsWith('The first words.'))
  assert.deepEqual(complaints, [])
})

test('a learner finds no studio', async () => {
  const { page } = await openPage(browser, school)
  await signUp(page)
  assert.equal(await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Studio' }).count(), 0)
  await page.goto('/app/studio')
  await page.getByText('The studio is for those who teach here.').waitFor()
})
