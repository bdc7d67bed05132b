// A course of 200 lessons, and many saves and clicks at once: everything is answered, nothing is lost, nothing counts
// twice.
import http from 'node:http'
import { expect, finish, same, School, test } from './lib/rows.mjs'

const school = await School.start({ env: { RATE_LIMIT_ENABLED: 'false' } })
const teacher = await school.demo('instructor')
const owner = await school.demo('owner')
const learner = await school.member({ fullName: 'Lena Weg' })
const agent = new http.Agent({ keepAlive: true, maxSockets: 100 })
const ask = async (method, path, body, as = teacher) => {
  const answer = await school.send({ method, path, as, body, agent })
  expect(answer.status < 300, `${method} ${path}: ${answer.status} ${answer.text.slice(0, 300)}`)
  return answer.json.data
}

const moduleCount = 10
const each = 20
let course
let lessons = []
await test('a course of 200 lessons is written and published', async () => {
  course = await ask('POST', '/api/courses', { title: 'A long way', summary: 'Two hundred steps.', access: 'free', certificate: true, levelGate: false })
  for (let number = 1; number <= moduleCount; number += 1) {
    const module = await ask('POST', `/api/courses/${course.id}/modules`, { title: `Module ${number}`, level: number <= 5 ? 1 : 2 })
    for (let step = 1; step <= each; step += 1) await ask('POST', `/api/modules/${module.id}/lessons`, { title: `Step ${number}.${step}`, bodyMarkdown: `Words about step ${number}.${step}.\n`, durationSeconds: 60 })
  }
  await ask('POST', `/api/courses/${course.id}/publish`, {})
})
await test('its page holds all of them, in order', async () => {
  const { json } = await school.judge('GET /api/courses/{idOrSlug}', { path: `/api/courses/${course.id}`, as: learner }, { status: 200, has: { lessonCount: 200, moduleCount, levelCount: 2, minutes: 200 } })
  lessons = json.data.modules.flatMap((module) => module.lessons)
  same(lessons.map((lesson) => lesson.title), Array.from({ length: 200 }, (_, i) => `Step ${Math.floor(i / each) + 1}.${(i % each) + 1}`), 'lessons')
})
await test('modules move past each other, and lessons stay theirs', async () => {
  const { modules } = await ask('GET', `/api/studio/courses/${course.id}`)
  const ids = modules.map((module) => module.id)
  const swapped = [...ids.slice(0, 5).reverse(), ...ids.slice(5)]
  const { json } = await school.judge('POST /api/courses/{id}/modules/reorder', { path: `/api/courses/${course.id}/modules/reorder`, as: teacher, body: { ids: swapped } }, { status: 200 })
  same(json.data.modules.map((module) => [module.id, module.lessons.length]), swapped.map((id) => [id, each]), 'modules')
  await ask('POST', `/api/courses/${course.id}/modules/reorder`, { ids })
})
await test('it goes out and comes back the same', async () => {
  const zip = await school.send({ path: `/api/courses/${course.id}/export`, as: teacher })
  same(zip.status, 200, 'export')
  await school.judge('POST /api/courses/import', { path: '/api/courses/import?check=1', as: teacher, raw: zip.bytes, type: 'application/zip' }, { status: 200, has: { change: 'none', modules: moduleCount, lessons: 200 } })
})

const save = (lessonId, more = {}) => school.send({ method: 'POST', path: '/api/progress/save', as: learner, body: { lessonId, completed: true, ...more }, agent })
const certify = () => school.send({ method: 'POST', path: `/api/courses/${course.id}/certificate`, as: learner, body: {}, agent })
const points = { lesson: 10, level: 50, course: 100 }

await test('a hundred saves at once, each lesson from two windows, are all answered and count once', async () => {
  const work = lessons.slice(0, 199).flatMap((lesson, index) => [save(lesson.id, { positionSeconds: index }), save(lesson.id, { positionSeconds: index + 7 })])
  for (const answer of await Promise.all(work)) {
    same(answer.status, 200, answer.text.slice(0, 300))
    school.check(answer, { method: 'POST', path: '/api/progress/save' })
    same(answer.json.data.progress.completed, true, 'completed')
  }
  const { stats, courses } = await ask('GET', '/api/progress', undefined, learner)
  const own = courses.find((one) => one.courseId === course.id)
  same([own.lessonsDone, own.lessonsTotal, own.percent, own.completed, own.nextLessonId], [199, 200, 99, false, lessons[199].id], 'the course')
  same(own.levels.map((level) => [level.lessonsDone, level.lessonsTotal, level.completed]), [[100, 100, true], [99, 100, false]], 'levels')
  same([stats.lessonsDone, stats.xp, stats.streakDays], [199, 199 * points.lesson + points.level, 1], 'statistics')
  // The furthest place of the two windows is kept, whichever came last.
  const { progress } = await ask('GET', `/api/lessons/${lessons[42].id}`, undefined, learner)
  same(progress.positionSeconds, 49, 'position')
})
await test('the last save and fifty clicks for the certificate at once make one certificate', async () => {
  const work = [Promise.all([save(lessons[199].id), save(lessons[199].id)]), Promise.all(Array.from({ length: 50 }, certify))]
  const [saved, clicks] = await Promise.all(work)
  for (const answer of saved) same(answer.status, 200, answer.text)
  for (const answer of clicks) {
    expect(answer.status === 200 || answer.json?.error?.code === 'COURSE_NOT_COMPLETED', answer.text.slice(0, 300))
    school.check(answer, { method: 'POST', path: `/api/courses/${course.id}/certificate` })
  }
  const after = await Promise.all(Array.from({ length: 50 }, certify))
  same(after.map((answer) => answer.status).filter((status) => status !== 200), [], 'afterwards')
  same(new Set([...clicks, ...after].filter((answer) => answer.status === 200).map((answer) => answer.json.data.serial)).size, 1, 'serials')
  same((await ask('GET', '/api/certificates', undefined, learner)).length, 1, 'certificates')
  const { stats, courses } = await ask('GET', '/api/progress', undefined, learner)
  same([courses[0].percent, courses[0].completed, courses[0].nextLessonId], [100, true, null], 'the course')
  same([stats.lessonsDone, stats.xp], [200, 200 * points.lesson + 2 * points.level + points.course], 'statistics')
})
await test('what happened stands in the trail once', async () => {
  for (const [action, count] of [['learning.course_completed', 1], ['learning.level_completed', 2], ['learning.certificate_issued', 1]]) {
    const entries = (await school.send({ path: `/api/admin/audit-logs?limit=100&action=${action}`, as: owner })).json.data
    same(entries.filter((entry) => entry.userId === learner.profile.id).length, count, action)
  }
})
await test('who teaches it sees one person who has done all', async () => {
  const { json } = await school.judge('GET /api/courses/{id}/learners', { path: `/api/courses/${course.id}/learners`, as: teacher }, { status: 200 })
  same(json.data.map((person) => [person.lessonsDone, person.percent, person.status]), [[200, 100, 'completed']], 'people')
  const { lessons: rows } = await ask('GET', `/api/courses/${course.id}/learners/${learner.profile.id}`)
  same([rows.length, rows.every((row) => row.completed)], [200, true], 'lesson by lesson')
})
await test('a lesson that is added opens the course again without taking anything back', async () => {
  const { modules } = await ask('GET', `/api/studio/courses/${course.id}`)
  await ask('POST', `/api/modules/${modules[3].id}/lessons`, { title: 'One more', bodyMarkdown: 'More.' })
  const own = (await ask('GET', '/api/progress', undefined, learner)).courses[0]
  same([own.lessonsDone, own.lessonsTotal, own.percent, own.completed], [200, 201, 99, false], 'the course')
  same((await certify()).status, 200, 'the certificate stays')
})

agent.destroy()
await school.stop()
finish()
