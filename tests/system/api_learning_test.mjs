// Courses, lessons, progress and quizzes, from outside: who may see what, and what is kept.
import { strangeId } from './lib/client.mjs'
import { expect, finish, same, School, test } from './lib/rows.mjs'
import { Shop } from './lib/shop.mjs'

const school = await School.start()
const row = school.row.bind(school)
const shop = new Shop(school)
const music = (await school.send({ path: '/api/courses/hear-what-you-play' })).json.data
const money = (await school.send({ path: '/api/courses/money-for-clinicians' })).json.data
const lessons = music.modules.flatMap((module) => module.lessons.map((lesson) => ({ ...lesson, moduleId: module.id, level: module.level })))
const preview = lessons.find((each) => each.preview)
const first = lessons.find((each) => !each.preview && each.level === 1 && each.kind !== 'quiz')
const second = lessons.find((each) => each.level === 2 && !each.preview)
const quizLesson = lessons.find((each) => each.kind === 'quiz' && each.level === 1)
const levels = [...new Set(lessons.map((each) => each.level))]
const at = (lesson) => ({ path: `/api/lessons/${lesson.id ?? lesson}` })
const lessonOf = 'GET /api/lessons/{id}'
const save = 'POST /api/progress/save'

const nobody = undefined
const guest = await school.member()
const learner = await shop.subscriber()
const instructor = await school.demo('instructor')
const owner = await school.demo('owner')

// --- The catalogue

for (const [who, as, entitled] of [['a stranger', nobody, false], ['a member who has not paid', guest, false], ['a subscriber', learner, true], ['an instructor', instructor, true]]) {
  await row(`${who} sees every course, and whether it is open`, 'GET /api/courses', { as }, {
    status: 200,
    then: ({ json }) => {
      same(json.data.map((each) => each.slug).sort(), ['hear-what-you-play', 'money-for-clinicians'], 'courses')
      for (const card of json.data) same([card.access, card.entitled], ['paid', entitled], card.slug)
      same([json.page.limit, json.page.nextCursor], [20, null], 'page')
    },
  })
}
await test('a list is read page by page, each course once', async () => {
  const seen = []
  let cursor = ''
  for (let i = 0; i < 5; i += 1) {
    const answer = await school.judge('GET /api/courses', { path: `/api/courses?limit=1${cursor && `&cursor=${encodeURIComponent(cursor)}`}` }, { status: 200 })
    seen.push(...answer.json.data.map((each) => each.slug))
    cursor = answer.json.page.nextCursor
    if (!cursor) break
  }
  same(seen.length, 2, 'courses')
  same(new Set(seen).size, 2, 'different ones')
})
for (const [query, field] of [['limit=0', 'limit'], ['limit=101', 'limit'], ['limit=ten', 'limit'], ['limit=1.5', 'limit'], ['cursor=', 'cursor'], ['cursor=nonsense', 'cursor'], ['level=1', 'level']]) {
  await row(`?${query} is refused and named`, 'GET /api/courses', { path: `/api/courses?${query}` }, { status: 400, code: 'VALIDATION_ERROR', fields: [field] })
  await row(`?${query} is refused for modules, too`, 'GET /api/modules', { path: `/api/modules?${query}`, as: guest }, { status: 400, code: 'VALIDATION_ERROR', fields: [field] })
}
for (const [query, slugs] of [
  ['sort=-title', [money.slug, music.slug]],
  ['sort=title&access=paid', [music.slug, money.slug]],
  ['access=free', []],
  ['category=no-such-category', []],
  ['entitled=true', []],
  ['entitled=false', [music.slug, money.slug]],
]) await row(`?${query} is answered with those courses`, 'GET /api/courses', { path: `/api/courses?${query}`, as: guest }, { status: 200, then: ({ json }) => same([json.data.map((each) => each.slug), json.page.total], [slugs, slugs.length], 'courses') })
await row('what is open to a subscriber is listed alone', 'GET /api/courses', { path: '/api/courses?entitled=true&sort=createdAt', as: learner }, { status: 200, then: ({ json }) => same(json.data.length, 2, 'courses') })
for (const [query, field] of [['sort=price', 'sort'], ['sort=', 'sort'], ['access=cheap', 'access'], ['category=No%20Slug', 'category'], ['entitled=perhaps', 'entitled']])
  await row(`?${query} is refused and named`, 'GET /api/courses', { path: `/api/courses?${query}` }, { status: 400, code: 'VALIDATION_ERROR', fields: [field] })
await row('a course is found by its name', 'GET /api/courses/{idOrSlug}', { path: '/api/courses/hear-what-you-play' }, {
  status: 200,
  then: ({ json: { data } }) => {
    expect(data.bodyHtml.includes('<h2') && !/<script|\son\w+=/i.test(data.bodyHtml), 'the text')
    expect(data.modules.length >= 2 && levels.length >= 2 && lessons.length >= 8, 'at least 2 levels and 8 lessons')
    same(data.offers.map((each) => each.name).sort(), ['School pass', 'Studio pass'], 'offers')
    same(data.modules.map((each) => each.orderIndex), data.modules.map((each) => each.orderIndex).sort((a, b) => a - b), 'order')
    for (const module of data.modules) same(module.lockReason, module.locked ? 'login' : null, `lock of ${module.title}`)
    same([data.lessonCount, data.moduleCount, data.levelCount], [lessons.length, data.modules.length, levels.length], 'counts')
  },
})
await row('and by its id', 'GET /api/courses/{idOrSlug}', { path: `/api/courses/${music.id}` }, { status: 200, has: { slug: music.slug } })
for (const id of [strangeId, 'no-such-course', 'x'.repeat(300), '%F0%9F%8E%BB', '..%20', "'%20OR%201=1"])
  await row(`the course ${id.slice(0, 40)} is 404`, 'GET /api/courses/{idOrSlug}', { path: `/api/courses/${id}` }, { status: 404, code: 'NOT_FOUND' })
await row('all modules are for who is signed in', 'GET /api/modules', {}, { status: 401 })
await row('all modules in order, with their locks', 'GET /api/modules', { path: '/api/modules?limit=100', as: learner }, {
  status: 200,
  then: ({ json }) => {
    const ours = json.data.filter((each) => each.courseId === music.id)
    same(ours.map((each) => each.id), music.modules.map((each) => each.id), 'the modules of the course')
    same(ours.map((each) => each.lockReason), ours.map((each) => (each.level === 1 ? null : 'level')), 'locks')
  },
})
await row('a module that is none is 404', 'GET /api/modules/{id}', { path: `/api/modules/${strangeId}`, as: learner }, { status: 404 })
for (const [who, as, status] of [['a stranger', nobody, 401], ['a member who has not paid', guest, 402], ['a subscriber', learner, 200]])
  await row(`${who} gets ${status} for a module`, 'GET /api/modules/{id}', { path: `/api/modules/${music.modules.find((each) => !each.preview && each.level === 1)?.id ?? music.modules[0].id}`, as }, { status: music.modules.every((each) => each.preview || each.level > 1) ? 200 : status })

// --- Lessons

await test('there is a preview, a lesson to pay for, a second level and a quiz to test with', () => expect(preview && first && second && quizLesson, JSON.stringify(lessons.map((each) => [each.title, each.level, each.kind, each.preview]))))
await test('a preview is not sent again to a stranger who has it', async () => {
  const first = await school.send({ ...at(preview) })
  const again = await school.send({ ...at(preview), headers: { 'If-None-Match': first.headers.etag } })
  same([again.status, again.headers.etag, again.bytes.length], [304, first.headers.etag, 0], 'the second time')
})
for (const [who, as] of [['a stranger', nobody], ['a member who has not paid', guest], ['a subscriber', learner]])
  await row(`${who} may read a preview`, lessonOf, { ...at(preview), as }, {
    status: 200,
    has: { id: preview.id, title: preview.title, courseSlug: music.slug, preview: true, progress: null },
    then: ({ json }) => expect(json.data.bodyHtml.length > 500 && !/<script|\son\w+=|javascript:/i.test(json.data.bodyHtml), 'the text'),
  })
await row('a stranger must sign in for the rest', lessonOf, at(first), { status: 401, code: 'UNAUTHENTICATED' })
await row('a member must pay for the rest', lessonOf, { ...at(first), as: guest }, { status: 402, code: 'PAYMENT_REQUIRED', then: ({ text }) => expect(!/bodyHtml/.test(text), 'the text is in the refusal') })
await row('a subscriber reads it', lessonOf, { ...at(first), as: learner }, { status: 200, has: { level: 1, moduleId: first.moduleId } })
await row('the second level is locked before the first is finished', lessonOf, { ...at(second), as: learner }, {
  status: 403,
  code: 'LOCKED',
  then: ({ json }) => same(json.error.details, [{ field: 'level', reason: '1' }], 'what is missing'),
})
for (const [who, as] of [['an instructor', instructor], ['the owner', owner]]) await row(`${who} reads any lesson`, lessonOf, { ...at(second), as }, { status: 200 })
await row('a course without levels has nothing locked', lessonOf, { ...at(money.modules.at(-1).lessons[0]), as: learner }, { status: 200 })
for (const id of [strangeId, 'no-id', music.id, 'x'.repeat(250), strangeId.toUpperCase(), `${strangeId}%20`])
  for (const [who, as] of [['a stranger', nobody], ['a subscriber', learner]]) await row(`the lesson ${id.slice(0, 40)} is 404 for ${who}`, lessonOf, { ...at(id), as }, { status: 404, code: 'NOT_FOUND' })
await row('fields= leaves out the text', lessonOf, { path: `/api/lessons/${first.id}?fields=title,id`, as: learner }, { status: 200, data: { id: first.id, title: first.title } })
await test('lessons lead to each other, from the first to the last', async () => {
  let id = lessons[0].id
  const walked = []
  while (id && walked.length <= lessons.length) {
    const { data } = (await school.send({ ...at(id), as: owner })).json
    same(data.previousLessonId, walked.at(-1) ?? null, `before ${data.title}`)
    walked.push(id)
    id = data.nextLessonId
  }
  same(walked, lessons.map((each) => each.id), 'the way')
})
await test('music notation stands in the text as ABC', async () => {
  const texts = await Promise.all(lessons.map(async (each) => (await school.send({ ...at(each), as: owner })).json.data.bodyHtml))
  expect(texts.some((text) => /<pre class="abc" data-abc>[^<]*K:/.test(text)), 'no notation')
})
await test('lessons count against the limit like everything else', async () => {
  const limited = await School.start({ env: { RATE_LIMIT_ENABLED: 'true' } })
  const course = (await limited.send({ path: '/api/courses/hear-what-you-play' })).json.data
  const open = course.modules.flatMap((each) => each.lessons).find((each) => each.preview)
  const answer = await limited.send({ path: `/api/lessons/${open.id}` })
  same([answer.status, answer.headers['ratelimit-policy']], [200, '"api";q=2000;w=60'], 'RateLimit-Policy')
  await limited.stop()
})

// --- Progress

const saved = (answer) => answer.json.data
await row('progress is for who is signed in', save, { body: { lessonId: first.id, completed: true } }, { status: 401 })
await row('who has not paid saves none', save, { as: guest, body: { lessonId: first.id, completed: true } }, { status: 402, code: 'PAYMENT_REQUIRED' })
await row('saving does not skip a lock', save, { as: learner, body: { lessonId: second.id, completed: true } }, { status: 403, code: 'LOCKED' })
await row('nor does saving a whole level', save, { as: learner, body: { courseId: music.id, level: 2, completed: true } }, { status: 403, code: 'LOCKED' })
await row('nor a whole module', save, { as: learner, body: { moduleId: second.moduleId, completed: true } }, { status: 403, code: 'LOCKED' })
for (const [what, body, fields] of [
  ['nothing', {}, ['lessonId', 'level', 'moduleId']],
  ['two things at once', { lessonId: first.id, moduleId: first.moduleId }, ['lessonId', 'level', 'moduleId']],
  ['a level of no course', { level: 1 }, ['courseId']],
  ['a lesson and a course', { lessonId: first.id, courseId: music.id }, ['courseId']],
  ['an id that is none', { lessonId: 'first' }, ['lessonId']],
  ['a score below 0', { lessonId: first.id, score: -1 }, ['score']],
  ['a score beyond 100', { lessonId: first.id, score: 100.5 }, ['score']],
  ['a position in the past', { lessonId: first.id, positionSeconds: -1 }, ['positionSeconds']],
  ['half a second', { lessonId: first.id, positionSeconds: 1.5 }, ['positionSeconds']],
  ['a range backwards', { lessonId: first.id, watchedRanges: [[0, 5], [9, 3]] }, ['watchedRanges[1]']],
  ['a range of three', { lessonId: first.id, watchedRanges: [[0, 1, 2]] }, ['watchedRanges[0]']],
  ['ranges of text', { lessonId: first.id, watchedRanges: [['0', 1]] }, ['watchedRanges[0][0]']],
  ['101 ranges', { lessonId: first.id, watchedRanges: Array.from({ length: 101 }, (_, i) => [i, i + 1]) }, ['watchedRanges']],
  ['a time that is none', { lessonId: first.id, clientTime: 'yesterday' }, ['clientTime']],
  ['yes for true', { lessonId: first.id, completed: 'yes' }, ['completed']],
  ['somebody else', { lessonId: first.id, userId: strangeId }, ['userId']],
  ['everything wrong at once', { level: 'one', moduleId: 1, lessonId: 2, courseId: 3, score: '4', completed: 5, positionSeconds: '6', watchedRanges: 7, clientTime: 8, more: 9 }, ['clientTime', 'completed', 'courseId', 'lessonId', 'level', 'moduleId', 'more', 'positionSeconds', 'score', 'watchedRanges']],
]) await row(`saving ${what} names the fields`, save, { as: learner, body }, { status: 400, code: 'VALIDATION_ERROR', fields })
for (const [what, body] of [['lesson', { lessonId: strangeId }], ['module', { moduleId: strangeId }], ['course', { courseId: strangeId, level: 1 }], ['level', { courseId: music.id, level: 99 }]])
  await row(`a ${what} that is none is 404`, save, { as: learner, body: { ...body, completed: true } }, { status: 404, code: 'NOT_FOUND' })
await row('a place in a lesson is kept', save, { as: learner, body: { lessonId: first.id, positionSeconds: 90, score: 70, watchedRanges: [[0, 60], [30, 90]], clientTime: '2026-11-20T08:30:00Z' } }, {
  status: 200,
  then: (answer) => {
    const { progress, course, stats } = saved(answer)
    same([progress.scope, progress.scopeId, progress.completed, progress.positionSeconds, progress.scoreBest, progress.scoreLast], ['lesson', first.id, false, 90, 70, 70], 'progress')
    same([course.courseId, course.lessonsDone, course.percent, course.levels], [music.id, 0, 0, []], 'course')
    same(stats.lessonsDone, 0, 'lessons done')
  },
})
await row('it never goes backwards; the best score stays', save, { as: learner, body: { lessonId: first.id, positionSeconds: 10, score: 40 } }, {
  status: 200,
  then: (answer) => same(['positionSeconds', 'scoreBest', 'scoreLast'].map((name) => saved(answer).progress[name]), [90, 70, 40], 'progress'),
})
let done = null
await row('a lesson is completed', save, { as: learner, body: { lessonId: first.id, completed: true } }, {
  status: 200,
  then: (answer) => {
    done = saved(answer)
    expect(done.progress.completed && done.progress.completedAt, 'completed')
    same([done.course.lessonsDone, done.stats.lessonsDone, done.stats.streakDays], [1, 1, 1], 'counts')
    expect(done.stats.xp > 0, 'experience')
  },
})
await row('saving the same again is harmless', save, { as: learner, body: { lessonId: first.id, completed: true } }, {
  status: 200,
  then: (answer) => {
    same(saved(answer).progress.completedAt, done.progress.completedAt, 'completedAt')
    same(saved(answer).stats, done.stats, 'statistics')
    same(saved(answer).course, done.course, 'course')
  },
})
await row('what is completed stays so', save, { as: learner, body: { lessonId: first.id, completed: false } }, { status: 200, then: (answer) => same(saved(answer).progress.completed, true, 'completed') })
await row('the lesson shows it', lessonOf, { ...at(first), as: learner }, { status: 200, then: ({ json }) => same([json.data.progress.completed, json.data.progress.positionSeconds, json.data.progress.scoreBest], [true, 90, 70], 'progress') })
await row('nobody else sees it', lessonOf, { ...at(first), as: owner }, { status: 200, has: { progress: null } })
await row('the summary shows it', 'GET /api/progress', { as: learner }, {
  status: 200,
  then: ({ json: { data } }) => {
    same(data.courses.map((each) => [each.slug, each.lessonsDone, each.completed]), [[music.slug, 1, false]], 'courses')
    same(data.courses[0].levels.map((each) => each.level), levels, 'levels')
    same(data.stats, done.stats, 'statistics')
  },
})
await row('the course shows it', 'GET /api/progress/courses/{id}', { path: `/api/progress/courses/${music.id}`, as: learner }, { status: 200, has: { lessonsDone: 1, lessonsTotal: lessons.length } })
await row('so does the card', 'GET /api/courses', { as: learner }, { status: 200, then: ({ json }) => same(json.data.find((each) => each.id === music.id).progress.lessonsDone, 1, 'lessons done') })
await row('who has begun nothing has an empty summary', 'GET /api/progress', { as: guest }, { status: 200, then: ({ json }) => same([json.data.courses, json.data.stats.lessonsDone], [[], 0], 'summary') })
await row('a summary is for who is signed in', 'GET /api/progress', {}, { status: 401 })
await row('progress in a course that is none is 404', 'GET /api/progress/courses/{id}', { path: `/api/progress/courses/${strangeId}`, as: learner }, { status: 404 })
await row('progress in a course is for who is signed in', 'GET /api/progress/courses/{id}', { path: `/api/progress/courses/${music.id}` }, { status: 401 })
await test('a preview may be saved by who has not paid', async () => {
  const answer = await school.judge(save, { as: guest, body: { lessonId: preview.id, positionSeconds: 5 } }, { status: 200 })
  same(saved(answer).progress.positionSeconds, 5, 'position')
})
await test('fifty saves at once add up to one truth', async () => {
  const target = lessons.find((each) => each.level === 1 && each.kind !== 'quiz' && each.id !== first.id && !each.preview) ?? first
  const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => school.send({ method: 'POST', path: '/api/progress/save', as: learner, body: { lessonId: target.id, positionSeconds: i, completed: i % 2 === 0, score: i } })))
  for (const answer of answers) same(answer.status, 200, answer.text)
  const { progress } = (await school.send({ ...at(target), as: learner })).json.data
  same([progress.completed, progress.positionSeconds, progress.scoreBest], [true, 49, 49], 'progress')
})

// --- Quizzes

const quizId = (await school.send({ ...at(quizLesson), as: owner })).json.data.quizId
const quizAt = (more = '') => `/api/quizzes/${quizId}${more}`
await row('a quiz is not completed by saying so', save, { as: learner, body: { lessonId: quizLesson.id, completed: true, score: 100 } }, { status: 422, code: 'UNPROCESSABLE' })
await row('a stranger sees no questions', 'GET /api/quizzes/{id}', { path: quizAt() }, { status: 401 })
await row('who has not paid sees no questions', 'GET /api/quizzes/{id}', { path: quizAt(), as: guest }, { status: 402 })
let quiz = null
await row('a subscriber sees questions and options, and no answers', 'GET /api/quizzes/{id}', { path: quizAt(), as: learner }, {
  status: 200,
  has: { lessonId: quizLesson.id, attemptsUsed: 0, best: null },
  then: ({ json, text }) => {
    quiz = json.data
    expect(quiz.questions.length > 0 && !/correct|explanation/i.test(text), 'an answer is told')
  },
})
await row('the quiz of a module is the same', 'GET /api/modules/{id}/quiz', { path: `/api/modules/${quizLesson.moduleId}/quiz`, as: learner }, { status: 200, has: { id: quizId } })
await row('a module without a quiz has none', 'GET /api/modules/{id}/quiz', { path: `/api/modules/${music.modules.find((each) => each.lessons.every((one) => one.kind !== 'quiz')).id}/quiz`, as: learner }, { status: 404 })
await row('a quiz that is none is 404', 'GET /api/quizzes/{id}', { path: `/api/quizzes/${strangeId}`, as: learner }, { status: 404 })
const start = 'POST /api/quizzes/{id}/attempts'
await row('a stranger begins no attempt', start, { path: quizAt('/attempts') }, { status: 401 })
await row('who has not paid begins no attempt', start, { path: quizAt('/attempts'), as: guest }, { status: 402 })
let attempt = null
await row('an attempt begins', start, { path: quizAt('/attempts'), as: learner }, { status: 201, has: { quizId, no: 1, submittedAt: null, score: null, passed: null, answers: [] }, then: ({ json }) => (attempt = json.data) })
await row('who begins again goes on', start, { path: quizAt('/attempts'), as: learner, body: {} }, { status: 201, has: { id: attempt?.id, no: 1 } })
const attemptAt = (more = '') => quizAt(`/attempts/${attempt?.id}${more}`)
await row('an attempt can be looked at', 'GET /api/quizzes/{id}/attempts/{attemptId}', { path: attemptAt(), as: learner }, { status: 200, data: attempt })
await test("nobody else's attempt is there, but to read for who teaches the course", async () => {
  await school.judge('GET /api/quizzes/{id}/attempts/{attemptId}', { path: attemptAt(), as: guest }, { status: 404 })
  for (const as of [owner, instructor]) await school.judge('GET /api/quizzes/{id}/attempts/{attemptId}', { path: attemptAt(), as }, { status: 200, has: { id: attempt.id, answers: [] } })
  await school.judge('POST /api/quizzes/{id}/attempts/{attemptId}/submit', { path: attemptAt('/submit'), as: owner }, { status: 404 })
  await school.judge('POST /api/quizzes/{id}/attempts/{attemptId}/answers', { path: attemptAt('/answers'), as: owner, body: { questionId: quiz.questions[0].id, answer: 0 } }, { status: 404 })
})
const answerTo = 'POST /api/quizzes/{id}/attempts/{attemptId}/answers'
const wrongKind = { single: 'text', true_false: [0], multiple: 0, number: [1], text: 5 }
for (const [what, body, fields] of [
  ['nothing', {}, ['answer', 'questionId']],
  ['an unknown question', { questionId: strangeId, answer: 0 }, ['questionId']],
  ['an answer of the wrong kind', { questionId: quiz?.questions[0].id, answer: wrongKind[quiz?.questions[0].kind] }, ['answer']],
  ['an option that is none', { questionId: quiz?.questions.find((each) => each.options.length)?.id, answer: 99 }, ['answer']],
  ['the points it wants', { questionId: quiz?.questions[0].id, answer: 0, points: 5 }, ['points']],
]) await row(`answering with ${what} names the fields`, answerTo, { path: attemptAt('/answers'), as: learner, body }, { status: 400, code: 'VALIDATION_ERROR', fields })
const someAnswer = (question) => ({ single: 0, true_false: 0, multiple: [0], number: '0', text: 'la' })[question.kind]
await test('each question is answered once', async () => {
  for (const question of quiz.questions) {
    const body = { questionId: question.id, answer: someAnswer(question) }
    const answers = await Promise.all([1, 2].map(() => school.send({ method: 'POST', path: attemptAt('/answers'), as: learner, body })))
    same(answers.map((each) => each.status).sort(), [200, 409], question.question)
    for (const answer of answers) school.check(answer, { method: 'POST', path: attemptAt('/answers') })
  }
})
await row('an attempt is handed in and scored', 'POST /api/quizzes/{id}/attempts/{attemptId}/submit', { path: attemptAt('/submit'), as: learner }, {
  status: 200,
  then: ({ json: { data } }) => {
    expect(data.submittedAt && Number.isInteger(data.score) && data.score <= data.maxScore && typeof data.passed === 'boolean', JSON.stringify(data))
    same(data.answers.length, quiz.questions.length, 'answers')
    attempt = data
  },
})
await row('handing in again changes nothing', 'POST /api/quizzes/{id}/attempts/{attemptId}/submit', { path: attemptAt('/submit'), as: learner, body: {} }, { status: 200, data: attempt })
await row('a closed attempt takes no answers', answerTo, { path: attemptAt('/answers'), as: learner, body: { questionId: quiz?.questions[0].id, answer: someAnswer(quiz?.questions[0]) } }, { status: 409 })
await row('an attempt that is none is 404', 'POST /api/quizzes/{id}/attempts/{attemptId}/submit', { path: quizAt(`/attempts/${strangeId}/submit`), as: learner }, { status: 404 })
await test('whoever finds the right answers passes, completes the level, and the next one opens', async () => {
  // One option more each time, until all are right: the quiz tells what was wrong.
  const known = new Map()
  const options = (question) => {
    if (question.kind === 'multiple') return Array.from({ length: 2 ** question.options.length - 1 }, (_, i) => question.options.map((__, at) => at).filter((bit) => ((i + 1) >> bit) & 1))
    return question.options.map((_, at) => at)
  }
  for (let round = 0; round < 40; round += 1) {
    const begun = (await school.send({ method: 'POST', path: quizAt('/attempts'), as: learner })).json
    if (!begun.data) break
    for (const question of quiz.questions) {
      const way = options(question)
      if (!way.length) continue
      const index = known.get(question.id) ?? round % way.length
      const told = (await school.send({ method: 'POST', path: quizAt(`/attempts/${begun.data.id}/answers`), as: learner, body: { questionId: question.id, answer: way[index] } })).json
      if (told.data?.correct) known.set(question.id, index)
    }
    const { data } = (await school.send({ method: 'POST', path: quizAt(`/attempts/${begun.data.id}/submit`), as: learner })).json
    for (const each of data.answers) if (each.correct) known.set(each.questionId, known.get(each.questionId) ?? round % options(quiz.questions.find((one) => one.id === each.questionId)).length)
    if (data.passed) break
  }
  expect(((await school.send({ path: quizAt(), as: learner })).json.data.best ?? {}).passed, 'not passed')
  const before = (await school.send({ ...at(second), as: learner })).status
  for (const lesson of lessons.filter((each) => each.level === 1 && each.kind !== 'quiz')) same((await school.send({ method: 'POST', path: '/api/progress/save', as: learner, body: { lessonId: lesson.id, completed: true } })).status, 200, lesson.title)
  same([before, (await school.send({ ...at(second), as: learner })).status], [403, 200], 'the second level before and after')
})
await test('access ends with the subscription, whatever was read before', async () => {
  // A trial that nobody pays for after it.
  const person = await shop.subscriber({ code: 'studio-pass' })
  same((await school.send({ ...at(first), as: person })).status, 200, 'during the trial')
  await shop.mischief({ renewals: 'fail' })
  await shop.advance('P60D')
  const again = await school.signIn(person.email)
  const deadline = Date.now() + 60_000
  let status = 0
  while (status !== 402 && Date.now() < deadline) status = (await school.send({ ...at(first), as: again })).status
  same(status, 402, 'after it')
  await shop.mischief({ renewals: 'pay' })
})
await test('no secret stands in the log', () => school.checkLog())

// Time has passed: people sign in anew.
const visitor = await school.member()
const reader = await shop.subscriber()
await row('the modules of a course are listed with what is locked', 'GET /api/courses/{id}/modules', { path: `/api/courses/${music.id}/modules`, as: visitor }, { status: 200, then: ({ json }) => same(json.data.map((each) => [each.id, each.lockReason]), music.modules.map((each) => [each.id, 'payment']), 'modules') })
await row('of a course that there is', 'GET /api/courses/{id}/modules', { path: `/api/courses/${strangeId}/modules` }, { status: 404 })

// --- Search

await row('a lesson is found by its title, by everybody', 'GET /api/search', { path: `/api/search?q=${encodeURIComponent(first.title)}` }, { status: 200, then: ({ json }) => { const hit = json.data.find((each) => each.id === first.id); same([hit?.locked, hit?.snippet, hit?.courseSlug], [true, null, music.slug], first.title) } })
const text = await school.send({ ...at(first), as: reader })
const word = [...new Set(text.json.data.bodyHtml.replace(/<pre[^]*?<\/pre>|<[^>]+>|&[^;]+;/g, ' ').match(/[A-Za-z]{7,}/g) ?? [])].filter((each) => !JSON.stringify(music).toLowerCase().includes(each.toLowerCase()))
await test('words of a closed lesson find it for who may read it only', async () => {
  expect(word.length > 3, 'words')
  let found = 0
  for (const each of word.slice(0, 6)) {
    const seen = async (as) => (await school.judge('GET /api/search', { path: `/api/search?limit=100&q=${each}`, as }, { status: 200 })).json.data
    if ((await seen(reader)).some((hit) => hit.id === first.id && !hit.locked && hit.snippet)) found += 1
    expect(!(await seen(nobody)).some((hit) => hit.id === first.id), `${each} found for nobody`)
    expect(!(await seen(visitor)).some((hit) => hit.id === first.id), `${each} found for who has not paid`)
  }
  expect(found > 3, `${found} found`)
})
for (const typed of ['"', 'a" OR "b', 'NEAR(a b)', '* *', 'title:x', "'; DROP TABLE lessons; --", '(((', '\u0301'])
  await row(`searching for ${typed} is answered`, 'GET /api/search', { path: `/api/search?q=${encodeURIComponent(typed)}` }, { status: 200 })
for (const [query, fields] of [['', ['q']], ['q=', ['q']], [`q=${'x'.repeat(201)}`, ['q']], ['q=x&cursor=-1', ['cursor']], ['q=x&limit=0', ['limit']]])
  await row(`a search with ${query.slice(0, 20)} is refused`, 'GET /api/search', { path: `/api/search?${query}` }, { status: 400, fields })
await school.stop()
finish()
