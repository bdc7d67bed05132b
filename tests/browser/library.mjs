// The files that lessons show, as those who teach look after them.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { focused, getData, heading, inspect, openPage, png, send, signIn, signUp, startBrowser, startSchool } from './support.mjs'

let school, browser
before(async () => {
  school = await startSchool()
  browser = await startBrowser()
})
after(async () => {
  await browser?.close()
  await school?.stop()
})

async function library(who = 'instructor') {
  const opened = await openPage(browser, school)
  await signIn(opened.page, `${who}@tuition.example`, 'practice makes perfect')
  await opened.page.goto('/app/studio')
  await opened.page.getByRole('link', { name: 'Media library' }).click()
  await heading(opened.page, 'Media library').waitFor()
  return opened
}
const tile = (page, name) => page.getByRole('list', { name: 'Files', exact: true }).getByRole('button').filter({ hasText: name })
const gone = (page, name) => tile(page, name).waitFor({ state: 'detached' })
const said = (page, text) => page.locator('main').getByRole('status').filter({ hasText: text }).waitFor()
const picture = (name) => ({ name, mimeType: 'image/png', buffer: png(320, 200) })
const choose = (page, files) => page.locator('input[name=files]').setInputFiles(files)

test('several files are uploaded at once, found again, renamed and thrown away', async () => {
  const { page, complaints } = await library()
  await choose(page, [picture('staff.png'), picture('clef.png'), { name: 'words.txt', mimeType: 'text/plain', buffer: Buffer.from('Sing along.\n') }])
  for (const name of ['staff.png', 'clef.png', 'words.txt']) await tile(page, name).waitFor()
  await said(page, '3 files uploaded')
  await page.waitForFunction(() => [...document.querySelectorAll('main ul img')].every((image) => image.naturalWidth > 0))
  await inspect(page, 'library')

  await page.getByRole('button', { name: 'Pictures', exact: true }).click()
  await gone(page, 'words.txt')
  await page.getByRole('searchbox', { name: 'Search by name' }).fill('CLEF')
  await gone(page, 'staff.png')
  assert.equal(await tile(page, 'clef.png').count(), 1)
  await page.reload()
  await tile(page, 'clef.png').waitFor()
  assert.equal(await tile(page, 'staff.png').count(), 0)
  await page.getByRole('searchbox').fill('no such thing')
  await page.getByRole('heading', { name: 'No file fits' }).waitFor()
  await inspect(page, 'library-none')
  await page.getByRole('button', { name: 'Show everything' }).click()
  await tile(page, 'words.txt').waitFor()

  // By the keyboard, and back to where one was.
  await tile(page, 'clef.png').focus()
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'clef.png' })
  await dialog.getByText('Nowhere yet.').waitFor()
  await inspect(page, 'library-file', 'dialog')
  await dialog.getByLabel('Name').fill('clef.mp3')
  await dialog.getByRole('button', { name: 'Rename' }).click()
  await dialog.getByText('ends like a file of another kind').waitFor()
  assert.equal(await focused(page), 'name')
  await dialog.getByLabel('Name').fill('Treble clef')
  await dialog.getByRole('button', { name: 'Rename' }).click()
  const renamed = page.getByRole('dialog', { name: 'Treble clef.png' })
  await renamed.getByText('It is called “Treble clef.png” now.').waitFor()
  await page.keyboard.press('Escape')
  await renamed.waitFor({ state: 'hidden' })
  await page.waitForFunction(() => document.activeElement?.textContent?.includes('Treble clef.png'))

  await tile(page, 'words.txt').click()
  const words = page.getByRole('dialog', { name: 'words.txt' })
  await words.getByRole('button', { name: 'Delete', exact: true }).click()
  await words.getByText('It will be gone for good.').waitFor()
  await words.getByRole('button', { name: 'Delete it for good' }).click()
  await said(page, '“words.txt” is deleted.')
  await gone(page, 'words.txt')
  assert.deepEqual((await getData(page, '/api/media?q=words.txt')).length, 0)
  assert.deepEqual(complaints, [])
  await page.context().close()
})

test('what a lesson shows says where, and stays until it is taken out there', async () => {
  const { page, complaints } = await library('owner')
  await choose(page, [picture('shown.png')])
  await tile(page, 'shown.png').filter({ hasText: 'Not shown yet' }).waitFor()
  const [{ id }] = await getData(page, '/api/media?q=shown.png')
  const course = await send(page, 'POST', '/api/courses', { title: 'A course with a picture' })
  const module = await send(page, 'POST', `/api/courses/${course.id}/modules`, { title: 'Its module' })
  const lesson = await send(page, 'POST', `/api/modules/${module.id}/lessons`, { title: 'Its lesson', kind: 'text', bodyMarkdown: `![It](/api/media/${id})` })

  await tile(page, 'shown.png').click()
  const dialog = page.getByRole('dialog', { name: 'shown.png' })
  await dialog.getByText('It cannot be deleted while it is shown.').waitFor()
  assert.equal(await dialog.getByRole('button', { name: 'Delete' }).count(), 0)
  await inspect(page, 'library-shown', 'dialog')
  await dialog.getByRole('link', { name: 'Text of “Its lesson”' }).click()
  await heading(page, 'Its lesson').waitFor()

  // Deleting what another window has just put into a lesson is answered in the dialog.
  await send(page, 'PUT', `/api/lessons/${lesson.id}`, { title: 'Its lesson', bodyMarkdown: 'No picture.' })
  await page.goto('/app/studio/media?q=shown.png')
  await tile(page, 'shown.png').click()
  await dialog.getByRole('button', { name: 'Delete', exact: true }).click()
  await send(page, 'PUT', `/api/lessons/${lesson.id}`, { title: 'Its lesson', bodyMarkdown: `![It](/api/media/${id})` })
  await dialog.getByRole('button', { name: 'Delete it for good' }).click()
  await dialog.getByRole('alert').filter({ hasText: 'This file is shown somewhere' }).waitFor()
  await dialog.getByRole('link', { name: 'Text of “Its lesson”' }).waitFor()
  assert.deepEqual(complaints, [])

  // What came in a course's folder is told apart.
  await page.goto('/app/studio/media?q=not-yet-home')
  await tile(page, 'not-yet-home.wav').click()
  await page.getByRole('dialog').getByText('Its imported folder, as media/not-yet-home.wav').waitFor()
  await page.getByRole('dialog').getByText('What came with an imported folder').waitFor()
  await page.context().close()
})

test('an upload tells how far it is, is stopped, and says why it was refused', async () => {
  const { page, complaints } = await library()
  // Nothing reaches the server until it is let through.
  const held = []
  let hold = true
  await page.route('**/api/media?purpose=*', (route) => (hold ? held.push(route) : route.continue()))
  await choose(page, [picture('one.png'), picture('two.png'), picture('three.png')])
  const uploads = page.getByRole('list', { name: 'Uploads' })
  await uploads.getByText('Waits its turn').waitFor()
  await uploads.getByRole('progressbar', { name: 'one.png' }).waitFor()
  await said(page, '0 of 3 uploaded')
  await inspect(page, 'library-uploads')
  await page.getByRole('link', { name: 'Studio' }).first().click() // refused: files are on their way
  await uploads.getByRole('button', { name: 'Stop uploading one.png' }).click()
  await uploads.getByText('one.png').waitFor({ state: 'detached' })
  await uploads.getByRole('progressbar', { name: 'three.png' }).waitFor()
  await page.getByRole('button', { name: 'Stop all' }).click()
  await uploads.waitFor({ state: 'detached' })
  hold = false
  for (const route of held.splice(0)) await route.abort().catch(() => undefined)
  assert.deepEqual(complaints.splice(0), ['dialog: Files are still being uploaded. Leave all the same? What is not done will be lost.'])

  await choose(page, [{ name: 'page.png', mimeType: 'image/png', buffer: Buffer.from('<html>no picture</html>') }])
  await uploads.getByRole('alert').filter({ hasText: 'not what its name says' }).waitFor()
  await inspect(page, 'library-refused')
  await uploads.getByRole('button', { name: 'Put away: page.png' }).click()
  await uploads.waitFor({ state: 'detached' })
  assert.deepEqual((await getData(page, '/api/media?q=page.png')).length, 0)

  // Let go over the page.
  await page.evaluate(() => {
    const data = new DataTransfer()
    data.items.add(new File(['A line.\n'], 'dropped.txt', { type: 'text/plain' }))
    for (const kind of ['dragover', 'drop']) document.querySelector('main').dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }))
  })
  await tile(page, 'dropped.txt').waitFor()
  assert.deepEqual(complaints, [])
  await page.context().close()
})

test('a file of somebody else is only looked at, and learners do not look', async () => {
  const { page, complaints } = await library('owner')
  await choose(page, [picture('chief.png')])
  await tile(page, 'chief.png').waitFor()
  await page.context().close()

  const other = await library()
  await tile(other.page, 'chief.png').click()
  await other.page.getByRole('dialog').getByText('Only who uploaded it, or an administrator').waitFor()
  assert.equal(await other.page.getByRole('dialog').getByRole('textbox').count(), 0)
  await other.page.keyboard.press('Escape')
  await other.page.getByRole('checkbox', { name: 'Only mine' }).check()
  await gone(other.page, 'chief.png')
  assert.deepEqual(other.complaints, [])
  await other.page.context().close()

  const pupil = await openPage(browser, school)
  await signUp(pupil.page)
  await pupil.page.goto('/app/studio/media')
  await pupil.page.getByText('The studio is for those who teach here.').waitFor()
  assert.deepEqual(pupil.complaints, [])
  await pupil.page.context().close()
  assert.deepEqual(complaints, [])
})
