// Every door to a lesson refuses the same way, from outside: its text, its file, what it embeds, its quiz, its practice,
// saving, its module, and search. Whatever closes it: no account, no payment, a level, a day, what comes before, access
// that has ended, a course that is not published.
import { expect, finish, same, School, test } from './lib/rows.mjs'

const school = await School.start({ env: { RATE_LIMIT_ENABLED: 'false' } })
const teacher = await school.demo('instructor')
const owner = await school.demo('owner')
const nobody = undefined
const member = await school.member({ fullName: 'Mia Member' })

async function ask(method, path, body, as = teacher) {
  const answer = await school.send({ method, path, as, body })
  expect(answer.status < 300, `${method} ${path}: ${answer.status} ${answer.text.slice(0, 400)}`)
  return answer.json.data
}
async function file(name) {
  const raw = Buffer.concat([Buffer.from('\0\0\0\x20ftypisom', 'latin1'), Buffer.from(name)])
  const answer = await school.send({ method: 'POST', path: `/api/media?purpose=lesson&name=${name}`, as: teacher, raw, type: 'video/mp4' })
  expect(answer.status === 201, answer.text)
  return answer.json.data.id
}

// A course with one lesson that is open to who may use it, and a module with a lesson of each kind of door. A word of each
// text stands nowhere else.
let made = 0
async function course({ settings = {}, module = {}, rules = () => undefined, publish = true } = {}) {
  made += 1
  const word = `quintessence${String.fromCharCode(96 + made)}`
  const it = { word, ...(await ask('POST', '/api/courses', { title: `Doors ${made}`, summary: 'Short.', access: 'free', ...settings })) }
  const before = await ask('POST', `/api/courses/${it.id}/modules`, { title: 'Before', level: 1 })
  it.first = await ask('POST', `/api/modules/${before.id}/lessons`, { title: 'First', bodyMarkdown: 'Begin here.' })
  it.module = await ask('POST', `/api/courses/${it.id}/modules`, { title: `Closed${word}`, level: 1, bodyMarkdown: `An introduction of ${word}intro.`, ...module })
  const add = (body) => ask('POST', `/api/modules/${it.module.id}/lessons`, { rules: rules(it), ...body })
  it.picture = await file(`inside-${made}.mp4`)
  it.text = await add({ title: `Text${word}`, bodyMarkdown: `The secret of ${word}text. [Listen](/api/media/${it.picture})` })
  it.film = await file(`film-${made}.mp4`)
  it.video = await add({ title: 'Film', kind: 'video', mediaId: it.film, bodyMarkdown: 'Look.' })
  it.embed = await add({ title: 'Embedded', kind: 'embed', embedUrl: 'https://youtu.be/dQw4w9WgXcQ' })
  it.practice = await add({ title: 'Practise', kind: 'practice', bodyMarkdown: '```practice\nexercises: 2\npass: 1\n- interval, level 1\n```\n' })
  it.quiz = await ask('POST', '/api/quizzes', { moduleId: it.module.id, title: 'Quiz' })
  it.question = await ask('POST', `/api/quizzes/${it.quiz.id}/questions`, { kind: 'text', question: 'Which?', accepted: ['this'] })
  const lesson = await ask('GET', `/api/studio/lessons/${it.quiz.lessonId}`)
  if (rules(it)) await ask('PUT', `/api/lessons/${lesson.id}`, { title: 'Quiz', rules: rules(it) })
  if (publish) await ask('POST', `/api/courses/${it.id}/publish`, {})
  return it
}

// What is asked, by the name of its route. `whole`: what asks for the module as one.
const doors = (it) => [
  ['GET /api/lessons/{id}', `/api/lessons/${it.text.id}`],
  ['GET /api/lessons/{id}', `/api/lessons/${it.text.id}?fields=bodyHtml`],
  ['GET /api/media/{id}', `/api/media/${it.film}`],
  ['GET /api/media/{id}', `/api/media/${it.picture}`],
  ['GET /api/media/{id}', `/api/media/${it.film}?expires=9999999999&signature=AAAAAAAAAAAAAAAAAAAAAA`],
  ['GET /embed/{lessonId}', `/embed/${it.embed.id}`],
  ['GET /api/quizzes/{id}', `/api/quizzes/${it.quiz.id}`],
  ['GET /api/modules/{id}/quiz', `/api/modules/${it.module.id}/quiz`],
  ['POST /api/quizzes/{id}/attempts', `/api/quizzes/${it.quiz.id}/attempts`, {}],
  ['GET /api/lessons/{id}/practice', `/api/lessons/${it.practice.id}/practice`],
  ['POST /api/lessons/{id}/practice', `/api/lessons/${it.practice.id}/practice`, {}],
  ['POST /api/progress/save', '/api/progress/save', { lessonId: it.text.id, completed: true }],
  ['POST /api/progress/save', '/api/progress/save', { lessonId: it.text.id, positionSeconds: 5 }],
]
const whole = (it) => [
  ['GET /api/modules/{id}', `/api/modules/${it.module.id}`],
  ['POST /api/progress/save', '/api/progress/save', { moduleId: it.module.id, completed: true }],
]
const knock = async ([operation, path, body], as, wanted) => {
  const answer = await school.judge(operation, { path, as, body }, wanted)
  if (wanted.status >= 400) expect(!/secret of|introduction of|bodyHtml|questions|exercises/.test(answer.text), `the refusal tells: ${answer.text.slice(0, 300)}`)
}
const found = async (q, as) => (await school.judge('GET /api/search', { path: `/api/search?limit=100&q=${q}`, as }, { status: 200 })).json.data

async function closed(sentence, it, as, wanted, { asWhole = true } = {}) {
  await test(sentence, async () => {
    const all = asWhole ? [...doors(it), ...whole(it)] : doors(it)
    for (const door of all) {
      const needsAccount = as === nobody && (door[0].startsWith('POST') || door[0].endsWith('/practice'))
      await knock(door, as, needsAccount ? { status: 401 } : wanted)
    }
    same(await found(`${it.word}text`, as), [], 'found by its text')
    if (asWhole) same(await found(`${it.word}intro`, as), [], 'found by its introduction')
    // By its title it is found as it stands in the outline, and no more.
    const titles = await found(`Text${it.word}`, as)
    if (wanted.status === 404) return same(titles, [], 'found by its title')
    same(titles.map((hit) => [hit.id, hit.locked, hit.snippet]), [[it.text.id, true, null]], 'found by its title')
  })
}
async function open(sentence, it, as) {
  await test(sentence, async () => {
    for (const door of [...doors(it), ...whole(it)]) await knock(door, as, { status: door[0] === 'POST /api/quizzes/{id}/attempts' || door[0] === 'POST /api/lessons/{id}/practice' ? 201 : 200 })
    same((await found(`${it.word}text`, as)).map((hit) => [hit.id, hit.locked]), [[it.text.id, false]], 'found by its text')
    same((await found(`${it.word}intro`, as)).map((hit) => hit.kind), ['module'], 'found by its introduction')
  })
}

const free = await course()
await closed('without an account a free course asks for one', free, nobody, { status: 401, code: 'UNAUTHENTICATED' })
await open('with one every door is open', free, member)

const paid = await course({ settings: { access: 'paid' } })
await closed('without an account a course to be paid for asks for one', paid, nobody, { status: 401, code: 'UNAUTHENTICATED' })
await closed('who has not paid is asked to', paid, member, { status: 402, code: 'PAYMENT_REQUIRED' })
await open('those who teach see it all', paid, owner)

const levels = await course({ settings: { levelGate: true }, module: { level: 2 } })
await closed('a level waits for the one before', levels, member, { status: 403, code: 'LOCKED', fields: ['level'] })
await ask('POST', '/api/progress/save', { lessonId: levels.first.id, completed: true }, member)
await open('and opens after it', levels, member)

const drip = await course({ module: { dripDays: 3 } })
await closed('a module waits for its day', drip, member, { status: 403, code: 'LOCKED', fields: ['opensAt'] })
const dated = await course({ module: { dripAt: '2999-01-01T00:00:00Z' } })
await closed('or for its date', dated, member, { status: 403, code: 'LOCKED', fields: ['opensAt'] })

const lessonDay = await course({ rules: () => ({ dripDays: 3 }) })
await closed('a lesson waits for its day', lessonDay, member, { status: 403, code: 'LOCKED', fields: ['opensAt'] }, { asWhole: false })
const lessonAfter = await course({ rules: (it) => ({ prerequisites: [it.first.id] }) })
await closed('a lesson waits for the one it builds on', lessonAfter, member, { status: 403, code: 'LOCKED', fields: ['lessonId'] }, { asWhole: false })
await test('saving its module or level completes nothing that waits', async () => {
  for (const body of [{ moduleId: lessonAfter.module.id, completed: true }, { courseId: lessonDay.id, level: 1, completed: true }]) await ask('POST', '/api/progress/save', body, member)
  for (const it of [lessonAfter, lessonDay]) {
    const { modules } = await ask('GET', `/api/courses/${it.id}`, undefined, member)
    same(modules.find((each) => each.id === it.module.id).lessons.map((each) => each.completed), [false, false, false, false, false], it.title)
  }
})
await ask('POST', '/api/progress/save', { lessonId: lessonAfter.first.id, completed: true }, member)
await open('and opens after that', lessonAfter, member)

const basis = await course()
const builds = await course({ settings: { prerequisites: [basis.id] } })
await closed('a course waits for the one it builds on', builds, member, { status: 403, code: 'LOCKED', fields: ['courseId'] })

const draft = await course({ publish: false })
for (const [who, as] of [['a stranger', nobody], ['a member', member]]) await closed(`a draft is not there for ${who}`, draft, as, { status: 404, code: 'NOT_FOUND' })
await test('nor is it in any list, for whoever asks', async () => {
  for (const as of [nobody, member, teacher, owner]) {
    for (const path of ['/api/courses?limit=100', `/api/search?limit=100&q=Doors%20${made}`, `/api/search?q=${draft.word}text`]) expect(!(await school.send({ path, as })).text.includes(draft.id), path)
    await school.judge('GET /api/courses/{idOrSlug}', { path: `/api/courses/${draft.slug}`, as }, { status: 404 })
    await school.judge('GET /api/courses/{id}/modules', { path: `/api/courses/${draft.id}/modules`, as }, { status: 404 })
    if (as) expect(!(await school.send({ path: '/api/modules?limit=100', as })).text.includes(draft.module.id), 'modules')
  }
})

await test('access that was given is there', () => ask('POST', `/api/courses/${paid.id}/learners`, { email: member.email }))
await open('every door opens with it', paid, member)
const attempt = await ask('POST', `/api/quizzes/${paid.quiz.id}/attempts`, {}, member)
const round = await ask('POST', `/api/lessons/${paid.practice.id}/practice`, {}, member)
const begun = [
  ['GET /api/quizzes/{id}/attempts/{attemptId}', `/api/quizzes/${paid.quiz.id}/attempts/${attempt.id}`],
  ['POST /api/quizzes/{id}/attempts/{attemptId}/answers', `/api/quizzes/${paid.quiz.id}/attempts/${attempt.id}/answers`, { questionId: paid.question.id, answer: 'this' }],
  ['POST /api/quizzes/{id}/attempts/{attemptId}/submit', `/api/quizzes/${paid.quiz.id}/attempts/${attempt.id}/submit`, {}],
  ['GET /api/practice/{id}', `/api/practice/${round.id}`],
  ['POST /api/practice/{id}/answers', `/api/practice/${round.id}/answers`, { number: 0, answer: 0 }],
]
await ask('DELETE', `/api/courses/${paid.id}/learners/${member.profile.id}`)
await closed('when it has ended every door is closed again', paid, member, { status: 402, code: 'PAYMENT_REQUIRED' })
await test('also to what was begun before', async () => {
  for (const door of begun) await knock(door, member, { status: 402, code: 'PAYMENT_REQUIRED' })
})
await ask('POST', `/api/courses/${paid.id}/withdraw`, {})
await closed('a course that is withdrawn is not there', paid, member, { status: 404, code: 'NOT_FOUND' })
await test('nor is what was begun before', async () => {
  for (const door of begun) await knock(door, member, { status: 404, code: 'NOT_FOUND' })
})

await school.stop()
finish()
