// Pictures of people, and lessons that play: from the file on somebody's disk to what others see and hear.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { getData, heading, inspect, openPage, patience, png, signIn, signUp, startBrowser, startSchool } from './support.mjs'

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

test('somebody gives a picture, sees it everywhere, and takes it away again', async () => {
  const { page, complaints } = await openPage(browser, school)
  await signUp(page)
  await page.goto('/app/account')
  const picture = page.locator('.picture')
  await picture.locator('input[name=picture]').setInputFiles({ name: 'me.png', mimeType: 'image/png', buffer: png(700, 500) })
  await page.getByText('Your picture is saved.').waitFor()
  const image = picture.locator('img')
  await image.waitFor()
  await page.waitForFunction(() => document.querySelector('.picture img')?.naturalWidth > 0)
  const { avatarUrl } = await getData(page, '/api/users/profile')
  assert.match(avatarUrl, /^\/api\/media\/[0-9a-f-]{36}$/)
  const stored = Buffer.from(await (await fetch(school.url + avatarUrl)).arrayBuffer())
  assert.ok(!stored.includes('at home'))
  assert.ok(stored.length < 100_000)
  await page.reload()
  await page.locator('.picture img').waitFor()
  await inspect(page, 'picture')

  await picture.locator('input[name=picture]').setInputFiles({ name: 'me.png', mimeType: 'image/png', buffer: Buffer.from('no picture') })
  await page.getByRole('alert').first().waitFor()
  await picture.getByRole('button', { name: 'Remove' }).click()
  await image.waitFor({ state: 'detached' })
  assert.equal((await getData(page, '/api/users/profile')).avatarUrl, null)
  assert.equal((await fetch(school.url + avatarUrl)).status, 404)
  assert.deepEqual(complaints, [])
  await page.context().close()
})

async function instructor() {
  const opened = await openPage(browser, school)
  await signIn(opened.page, 'instructor@tuition.example', demo)
  return opened
}
async function lessonOfKind(page, kind) {
  const course = await getData(page, '/api/courses/hear-what-you-play')
  return course.modules.flatMap((module) => module.lessons).find((lesson) => lesson.kind === kind)
}
const player = (page) => page.evaluate(() => {
  const it = document.querySelector('audio, video')
  return { at: it.currentTime, length: it.duration, ready: it.readyState, error: it.error?.message ?? null, ended: it.ended }
})

// What the page reports of progress, as it is sent.
async function listen(page) {
  await page.addInitScript(() => {
    const send = window.fetch
    window.reports = []
    window.fetch = async (input, init) => {
      const request = new Request(input, init)
      if (request.url.endsWith('/api/progress/save')) window.reports.push(await request.clone().json())
      return send(request)
    }
  })
}

test('a lesson plays its recording, keeps the place, and is done at the end', async () => {
  const { page, complaints } = await instructor()
  const lesson = await lessonOfKind(page, 'audio')
  await listen(page)
  await page.goto(`/app/lessons/${lesson.id}`)
  await heading(page, lesson.title).waitFor()
  await page.waitForFunction(() => document.querySelector('audio')?.readyState >= 1)
  const { length } = await player(page)
  assert.ok(length > 3 && length < 4, `${length} s`)
  await inspect(page, 'recording')
  await page.evaluate(() => document.querySelector('audio').play())
  await page.waitForFunction(() => window.reports.some((each) => each.completed === true))
  const reports = await page.evaluate(() => window.reports)
  assert.ok(reports.every((each) => each.lessonId === lesson.id))
  // What was heard is told before the lesson is finished; in how many pieces is a matter of time.
  const heard = reports.flatMap((each) => each.watchedRanges ?? []).reduce((all, [from, to]) => {
    const last = all.at(-1)
    if (last && from <= last[1]) last[1] = Math.max(last[1], to)
    else all.push([from, to])
    return all
  }, [])
  assert.deepEqual(heard, [[0, 3]])
  assert.equal(reports.at(-1).completed, true)
  await page.getByText('Saved. This lesson is done.').waitFor()
  const { progress } = await getData(page, `/api/lessons/${lesson.id}`)
  assert.equal(progress.completed, true)
  assert.deepEqual(complaints, [])
  await page.context().close()
})

// Somebody who may change the demo's courses, and a lesson of their own among those of its first module.
async function teacher() {
  const opened = await openPage(browser, school)
  await signIn(opened.page, 'owner@tuition.example', demo)
  return opened
}
async function addLesson(page, lesson) {
  return page.evaluate(async (body) => {
    const course = (await (await fetch('/api/courses/hear-what-you-play')).json()).data
    const answer = await fetch(`/api/modules/${course.modules[0].id}/lessons`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) })
    const json = await answer.json()
    if (answer.status !== 201) throw new Error(JSON.stringify(json))
    return json.data.id
  }, lesson)
}

test('a picture stands in a text', async () => {
  const { page, complaints } = await instructor()
  const pictured = (await getData(page, '/api/courses/hear-what-you-play')).modules.flatMap((module) => module.lessons).find((each) => each.title === 'The staff and three landmarks')
  await page.goto(`/app/lessons/${pictured.id}`)
  await heading(page, pictured.title).waitFor()
  await page.locator('.prose img').scrollIntoViewIfNeeded()
  await page.waitForFunction(() => document.querySelector('.prose img')?.naturalWidth === 880)
  assert.deepEqual(complaints, [])
  await page.context().close()
})

test('a film is uploaded, streamed in parts, and done at its end', async () => {
  const { page, complaints } = await teacher()
  // The browser makes the film itself: some frames of a moving square.
  const media = await page.evaluate(async () => {
    const canvas = document.createElement('canvas')
    canvas.width = 320
    canvas.height = 180
    const context = canvas.getContext('2d')
    const recorder = new MediaRecorder(canvas.captureStream(20), { mimeType: 'video/webm' })
    const parts = []
    recorder.ondataavailable = (event) => parts.push(event.data)
    const stopped = new Promise((done) => (recorder.onstop = done))
    recorder.start()
    for (let i = 0; i < 40; ++i) {
      context.fillStyle = '#222'
      context.fillRect(0, 0, 320, 180)
      context.fillStyle = '#6c47ff'
      context.fillRect(i * 7, 60, 40, 40)
      await new Promise(requestAnimationFrame)
      await new Promise(requestAnimationFrame)
    }
    recorder.stop()
    await stopped
    const answer = await fetch('/api/media?purpose=lesson&name=square.webm', { method: 'POST', body: new Blob(parts), headers: { 'Content-Type': 'application/octet-stream' } })
    return (await answer.json()).data
  })
  assert.equal(media.mime, 'video/webm')
  const id = await addLesson(page, { title: 'A moving square', kind: 'video', mediaId: media.id })
  await listen(page)
  const part = page.waitForResponse((answer) => answer.url().includes(media.id))
  await page.goto(`/app/lessons/${id}`)
  assert.equal((await part).status(), 206)
  await page.waitForFunction(() => document.querySelector('video')?.readyState >= 2)
  assert.equal(await page.evaluate(() => document.querySelector('video').videoWidth), 320)
  await inspect(page, 'film')
  await page.evaluate(() => document.querySelector('video').play())
  await page.waitForFunction(() => document.querySelector('video').currentTime > 0.2, null, { timeout: patience })
  await page.waitForFunction(() => window.reports.some((each) => each.completed === true), null, { timeout: patience })
  await page.getByText('Saved. This lesson is done.').waitFor()
  assert.equal((await player(page)).error, null)
  assert.deepEqual(complaints, [])
  await page.context().close()
})

test('a film of another site stands in a page of ours that frames nothing else', async () => {
  const { page, complaints } = await teacher()
  const id = await addLesson(page, { title: 'A film from elsewhere', kind: 'embed', embedUrl: 'https://www.youtube.com/watch?v=aqz-KE-bpKQ' })
  // Nobody outside is asked: what the other site would answer, the test does.
  await page.context().route('https://www.youtube-nocookie.com/**', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>film</title><p>the film' }))
  // Reached by a link within the app, whose policy was set when it was opened elsewhere.
  await page.goto('/courses/hear-what-you-play')
  await page.locator(`a[href="/app/lessons/${id}"]`).first().click()
  await page.frameLocator('iframe.film').frameLocator('iframe').getByText('the film').waitFor()
  assert.deepEqual(complaints, [])
  await page.context().close()
})

test('a teacher uploads a recording in the studio and puts a picture into its text', async () => {
  const { page, complaints } = await teacher()
  const id = await addLesson(page, { title: 'Two seconds of nothing', kind: 'audio' })
  await page.goto(`/app/studio/lessons/${id}`)
  await heading(page, 'Two seconds of nothing').waitFor()
  const silence = Buffer.alloc(44 + 16000)
  silence.write('RIFF\x00\x00\x00\x00WAVEfmt ', 0, 'latin1')
  silence.writeUInt32LE(36 + 16000, 4)
  for (const [at, value, size] of [[16, 16, 4], [20, 1, 2], [22, 1, 2], [24, 8000, 4], [28, 8000, 4], [32, 1, 2], [34, 8, 2], [40, 16000, 4]]) silence.writeUIntLE(value, at, size)
  silence.write('data', 36, 'latin1')
  silence.fill(128, 44)
  await page.locator('input[name=mediaId]').setInputFiles({ name: 'nothing.wav', mimeType: 'audio/wav', buffer: silence })
  await page.getByText('nothing.wav').waitFor()
  await page.locator('textarea').fill('Listen.\n\n')
  await page.locator('.edit input[type=file]').setInputFiles({ name: 'me.png', mimeType: 'image/png', buffer: png(40, 30) })
  await page.waitForFunction(() => /!\[me\]\(\/api\/media\//.test(document.querySelector('textarea').value))
  await page.locator('.made img').waitFor()
  await inspect(page, 'file')
  await page.locator('form').getByRole('button', { name: 'Save' }).click()
  await page.getByText('“Two seconds of nothing” is saved.').waitFor()
  await page.goto(`/app/lessons/${id}`)
  await page.waitForFunction(() => document.querySelector('audio')?.readyState >= 1 && document.querySelector('.prose img')?.naturalWidth === 40)
  // A learner without access has neither.
  const { media } = await getData(page, `/api/lessons/${id}`)
  assert.equal((await fetch(`${school.url}/api/media/${media.id}`)).status, 401)
  assert.deepEqual(complaints, [])
  await page.context().close()
})
