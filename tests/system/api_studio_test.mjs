// Courses, lessons and quizzes as their teachers make them, from outside.
import { strangeId } from './lib/client.mjs'
import { expect, finish, same, School, test } from './lib/rows.mjs'

const school = await School.start()
const row = school.row.bind(school)
const owner = await school.demo('owner')
const teacher = await school.member({ fullName: 'Tess Teacher' })
const colleague = await school.member({ fullName: 'Cole League' })
for (const each of [teacher, colleague])
  await school.judge('PUT /api/admin/users/{id}/role', { path: `/api/admin/users/${each.profile.id}/role`, as: owner, body: { role: 'instructor' } }, { status: 200 })
const tess = await school.signIn(teacher.email)
const cole = await school.signIn(colleague.email)
const learner = await school.member({ fullName: 'Lea Learner' })
const data = (answer) => answer.json.data
const trail = async (action) => data(await school.send({ path: `/api/admin/audit-logs?action=${action}`, as: owner }))

// --- Courses

const course = data(await row('a teacher makes a course, which is a draft', 'POST /api/courses', { as: tess, body: { title: 'Größe & Takt' } }, {
  status: 201,
  has: { slug: 'grose-takt', status: 'draft', access: 'paid', instructorName: 'Tess Teacher', revision: 1, modules: [], publishedAt: null },
}))
await row('a name that is taken makes way by itself', 'POST /api/courses', { as: tess, body: { title: 'Grose Takt' } }, { status: 201, has: { slug: 'grose-takt-2' } })
await row('unless it was asked for', 'POST /api/courses', { as: tess, body: { title: 'Another', slug: 'grose-takt' } }, { status: 409, code: 'SLUG_TAKEN', fields: ['slug'] })
for (const [sentence, as, status] of [['nobody', undefined, 401], ['learners', learner, 403]])
  await row(`${sentence} cannot make a course`, 'POST /api/courses', { as, body: { title: 'Mine' } }, { status })
await row('what is wrong with a course is named', 'POST /api/courses', { as: tess, body: { title: '', slug: 'No Slug', access: 'cheap', price: 3 } }, { status: 400, fields: ['access', 'price', 'slug', 'title'] })
await row('only administrators give a course away', 'PUT /api/courses/{idOrSlug}', { as: tess, path: `/api/courses/${course.id}`, body: { title: 'Mine', instructorId: colleague.profile.id } }, { status: 400, fields: ['instructorId'] })
await row('a draft is on no shelf', 'GET /api/courses/{idOrSlug}', { path: '/api/courses/grose-takt', as: tess }, { status: 404 })
await row('its author sees it', 'GET /api/studio/courses/{id}', { as: tess, path: `/api/studio/courses/${course.id}` }, { status: 200, has: { title: 'Größe & Takt' } })
await row('administrators see it', 'GET /api/studio/courses/{id}', { as: owner, path: `/api/studio/courses/${course.id}` }, { status: 200 })
await row('a colleague does not', 'GET /api/studio/courses/{id}', { as: cole, path: `/api/studio/courses/${course.id}` }, { status: 404 })
await row('nor does a learner', 'GET /api/studio/courses/{id}', { as: learner, path: `/api/studio/courses/${course.id}` }, { status: 403 })
await row('one sees one\'s own courses', 'GET /api/studio/courses', { as: tess, path: '/api/studio/courses?limit=1' }, { status: 200, then: ({ json }) => { same([json.data.length, json.page.total], [1, 2], 'own'); expect(json.page.nextCursor, 'a cursor') } })
await row('administrators see all', 'GET /api/studio/courses', { as: owner, path: '/api/studio/courses?status=draft' }, { status: 200, then: ({ json }) => same(json.page.total, 2, 'drafts') })
await row('a colleague has none', 'GET /api/studio/courses', { as: cole }, { status: 200, data: [] })
await test('the pages of the list hold every course once', async () => {
  const seen = []
  let cursor = ''
  do {
    const { json } = await school.judge('GET /api/studio/courses', { as: owner, path: `/api/studio/courses?limit=1${cursor}` }, { status: 200 })
    seen.push(...json.data.map((each) => each.id))
    cursor = json.page.nextCursor && `&cursor=${encodeURIComponent(json.page.nextCursor)}`
  } while (cursor)
  same([seen.length, new Set(seen).size], [4, 4], 'courses')
})
for (const [query, fields] of [['status=gone', ['status']], ['cursor=x', ['cursor']], ['limit=0', ['limit']]])
  await row(`a list with ${query} is refused`, 'GET /api/studio/courses', { as: tess, path: `/api/studio/courses?${query}` }, { status: 400, fields })

const put = (body, as = tess) => ({ as, path: `/api/courses/${course.slug}`, body })
const before = data(await school.judge('POST /api/courses', { as: tess, body: { title: 'Before it' } }, { status: 201 }))
const cannot = (body) => ({ as: tess, path: `/api/courses/${before.id}`, body: { title: 'Before it', ...body } })
await row('a course says what comes before it, and how long its certificate holds', 'PUT /api/courses/{idOrSlug}', cannot({ certificate: true, certificateMonths: 24, prerequisites: [course.id] }), { status: 200, has: { certificateMonths: 24 }, then: ({ json }) => same(json.data.prerequisites, [{ id: course.id, slug: course.slug, title: course.title }], 'before') })
for (const [what, body, fields] of [
  ['itself', { prerequisites: [before.id] }, ['prerequisites']],
  ['what is not there', { prerequisites: [strangeId] }, ['prerequisites']],
  ['the same twice', { prerequisites: [course.id, course.id] }, ['prerequisites']],
  ['no id', { prerequisites: ['first'] }, ['prerequisites[0]']],
])
  await row(`it does not wait for ${what}`, 'PUT /api/courses/{idOrSlug}', cannot(body), { status: 400, fields })
await row('nor in a circle', 'PUT /api/courses/{idOrSlug}', { as: tess, path: `/api/courses/${course.id}`, body: { title: course.title, prerequisites: [before.id] } }, { status: 400, fields: ['prerequisites'] })
await row('administrators name any course', 'PUT /api/courses/{idOrSlug}', { as: owner, path: `/api/courses/${before.id}`, body: { title: 'Before it', prerequisites: [course.id] } }, { status: 200 })
await row('a colleague cannot name a draft of hers', 'POST /api/courses', { as: cole, body: { title: 'After it', prerequisites: [course.id] } }, { status: 400, fields: ['prerequisites'] })
for (const certificateMonths of [0, 601])
  await row(`a certificate holds no ${certificateMonths} months`, 'PUT /api/courses/{idOrSlug}', cannot({ certificateMonths }), { status: 400, fields: ['certificateMonths'] })
await school.judge('DELETE /api/courses/{idOrSlug}', { as: tess, path: `/api/courses/${before.id}` }, { status: 200 })

await row('a change names the revision it began with', 'PUT /api/courses/{idOrSlug}', put({ title: 'Größe und Takt', summary: 'Metre, from the beginning.', access: 'free', revision: 1 }), { status: 200, has: { revision: 2, slug: 'grose-takt', access: 'free' } })
await row('a second window does not overwrite the first', 'PUT /api/courses/{idOrSlug}', put({ title: 'Old words', revision: 1 }), { status: 409, code: 'EDITED_MEANWHILE', fields: ['revision'], then: ({ json }) => same(json.error.details[0].reason, '2', 'revision') })
await row('what is there is what the first wrote', 'GET /api/studio/courses/{id}', { as: tess, path: `/api/studio/courses/${course.id}` }, { status: 200, has: { title: 'Größe und Takt', revision: 2 } })
await row('a colleague changes nothing', 'PUT /api/courses/{idOrSlug}', put({ title: 'Stolen' }, cole), { status: 404 })
await row('no course is changed by a strange id', 'PUT /api/courses/{idOrSlug}', { as: tess, path: `/api/courses/${strangeId}`, body: { title: 'x' } }, { status: 404 })
await row('an empty course cannot be published, and why is said', 'POST /api/courses/{id}/publish', { as: tess, path: `/api/courses/${course.id}/publish`, body: {} }, { status: 422, code: 'NOT_READY', fields: ['modules'] })

// --- Modules

const modules = []
for (const [title, level] of [['Pulse', 1], ['Metre', 1], ['Pulse', 2]])
  modules.push(data(await row(`the module ${title} is added at the end`, 'POST /api/courses/{id}/modules', { as: tess, path: `/api/courses/${course.id}/modules`, body: { title, level } }, { status: 201, has: { title, level, revision: 1 } })))
same(modules.map((each) => each.slug), ['pulse', 'metre', 'pulse-2'], 'slugs')
await row('a level is not lower than the one before', 'POST /api/courses/{id}/modules', { as: tess, path: `/api/courses/${course.id}/modules`, body: { title: 'Low', level: 1 } }, { status: 422, fields: ['level'] })
await row('a colleague adds no module', 'POST /api/courses/{id}/modules', { as: cole, path: `/api/courses/${course.id}/modules`, body: { title: 'Mine' } }, { status: 404 })
const order = (ids) => ({ as: tess, path: `/api/courses/${course.id}/modules/reorder`, body: { ids } })
const [pulse, metre, top] = modules.map((each) => each.id)
for (const [sentence, ids] of [['one missing', [metre, top]], ['one twice', [metre, metre, top]], ['one that is strange', [metre, pulse, top, strangeId]], ['none', []], ['a higher level first', [top, pulse, metre]]])
  await row(`an order with ${sentence} moves nothing`, 'POST /api/courses/{id}/modules/reorder', order(ids), { status: 422 })
await row('nothing moved', 'GET /api/studio/courses/{id}', { as: tess, path: `/api/studio/courses/${course.id}` }, { status: 200, then: ({ json }) => same(json.data.modules.map((each) => each.id), [pulse, metre, top], 'order') })
await row('modules get a new order', 'POST /api/courses/{id}/modules/reorder', order([metre, pulse, top]), { status: 200, then: ({ json }) => same(json.data.modules.map((each) => each.id), [metre, pulse, top], 'order') })
await row('a module is read by its author', 'GET /api/studio/modules/{id}', { as: tess, path: `/api/studio/modules/${pulse}` }, { status: 200, has: { courseId: course.id, bodyMarkdown: '' } })
await row('and by nobody else', 'GET /api/studio/modules/{id}', { as: cole, path: `/api/studio/modules/${pulse}` }, { status: 404 })
await row('a module is changed', 'PUT /api/modules/{id}', { as: tess, path: `/api/modules/${pulse}`, body: { title: 'Pulse and tempo', bodyMarkdown: 'What a *beat* is.\r\n\r\n', level: 1, preview: true, dripDays: 3, revision: 1 } }, { status: 200, has: { bodyMarkdown: 'What a *beat* is.\n', preview: true, dripDays: 3, revision: 2, slug: 'pulse' } })
await row('a module is not overwritten', 'PUT /api/modules/{id}', { as: tess, path: `/api/modules/${pulse}`, body: { title: 'Older', revision: 1 } }, { status: 409, code: 'EDITED_MEANWHILE' })
await row('a colleague changes no module', 'PUT /api/modules/{id}', { as: cole, path: `/api/modules/${pulse}`, body: { title: 'x' } }, { status: 404 })

// --- Lessons

const lessonAt = (module) => `/api/modules/${module}/lessons`
const add = async (module, body, wanted = { status: 201 }) => data(await row(`a lesson ${JSON.stringify(body).slice(0, 60)} is added`, 'POST /api/modules/{id}/lessons', { as: tess, path: lessonAt(module), body }, wanted))
const first = await add(pulse, { title: 'Clap along', bodyMarkdown: '## Clap\n\n<b>Loud</b> and [bad](javascript:alert(1))', durationSeconds: 120, preview: true })
same(first.kind, 'text', 'kind')
expect(first.bodyHtml.includes('&lt;b&gt;') && !first.bodyHtml.includes('javascript'), first.bodyHtml)
const film = await add(pulse, { title: 'Watch', kind: 'embed', embedUrl: 'https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=3', rules: { completion: 'watched', watchedPercent: 80 } })
same([film.embedUrl, film.rules.watchedPercent], ['https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ', 80], 'embedded')
const waits = await add(metre, { title: 'Clap along', bodyMarkdown: 'Again.', rules: { prerequisites: [first.id], dripDays: 1 } })
same(waits.slug, 'clap-along', 'a slug is its module\'s own')
for (const [body, fields] of [
  [{ title: 'x', kind: 'embed', embedUrl: 'https://evil.example/watch?v=1' }, ['embedUrl']],
  [{ title: 'x', kind: 'embed' }, ['embedUrl']],
  [{ title: 'x', embedUrl: 'https://youtu.be/dQw4w9WgXcQ' }, ['embedUrl']],
  [{ title: 'x', kind: 'embed', embedUrl: 'https://www.youtube-nocookie.com.evil.example/embed/1' }, ['embedUrl']],
  [{ title: 'x', mediaId: strangeId }, ['mediaId']],
  [{ title: 'x', kind: 'poem' }, ['kind']],
  [{ title: 'x', rules: { completion: 'watched' } }, ['rules.completion', 'rules.watchedPercent']],
  [{ title: 'x', rules: { completion: 'dwell' } }, ['rules.dwellSeconds']],
  [{ title: 'x', rules: { completion: 'passed' } }, ['rules.completion']],
  [{ title: 'x', rules: { prerequisites: [strangeId] } }, ['rules.prerequisites']],
  [{ title: 'x', rules: { prerequisites: [first.id, first.id] } }, ['rules.prerequisites']],
  [{ title: 'x', durationSeconds: 0 }, ['durationSeconds']],
]) await row(`a lesson ${JSON.stringify(body)} is refused`, 'POST /api/modules/{id}/lessons', { as: tess, path: lessonAt(pulse), body }, { status: 400, fields })
await row('a lesson does not wait for itself', 'PUT /api/lessons/{id}', { as: tess, path: `/api/lessons/${first.id}`, body: { title: 'Clap along', bodyMarkdown: 'x', rules: { prerequisites: [waits.id] } } }, { status: 400, fields: ['rules.prerequisites'] })
await row('a colleague adds no lesson', 'POST /api/modules/{id}/lessons', { as: cole, path: lessonAt(pulse), body: { title: 'x' } }, { status: 404 })
await row('a lesson is read by its author', 'GET /api/studio/lessons/{id}', { as: tess, path: `/api/studio/lessons/${first.id}` }, { status: 200, has: { moduleId: pulse, revision: 1, preview: true, durationSeconds: 120 } })
await row('and by nobody else', 'GET /api/studio/lessons/{id}', { as: cole, path: `/api/studio/lessons/${first.id}` }, { status: 404 })
await row('a lesson is changed', 'PUT /api/lessons/{id}', { as: tess, path: `/api/lessons/${first.id}`, body: { title: 'Clap', bodyMarkdown: 'Clap *now*.', revision: 1 } }, { status: 200, has: { revision: 2, title: 'Clap', bodyHtml: '<p>Clap <em>now</em>.</p>\n', preview: false, durationSeconds: null } })
await row('a lesson is not overwritten', 'PUT /api/lessons/{id}', { as: tess, path: `/api/lessons/${first.id}`, body: { title: 'Older', revision: 1 } }, { status: 409, code: 'EDITED_MEANWHILE', fields: ['revision'] })
await row('a colleague changes no lesson', 'PUT /api/lessons/{id}', { as: cole, path: `/api/lessons/${first.id}`, body: { title: 'x' } }, { status: 404 })
const orderLessons = (module, ids, as = tess) => ({ as, path: `/api/modules/${module}/lessons/reorder`, body: { ids } })
for (const [sentence, ids] of [['one missing', [film.id]], ['one that is strange', [film.id, first.id, strangeId]], ['one twice', [film.id, first.id, first.id]]])
  await row(`lessons with ${sentence} stay where they are`, 'POST /api/modules/{id}/lessons/reorder', orderLessons(pulse, ids), { status: 422, fields: ['ids'] })
await row('a colleague moves no lesson', 'POST /api/modules/{id}/lessons/reorder', orderLessons(pulse, [film.id, first.id], cole), { status: 404 })
await row('a lesson moves in from another module', 'POST /api/modules/{id}/lessons/reorder', orderLessons(metre, [first.id, waits.id]), {
  status: 200,
  then: ({ json }) => same(json.data.modules.map((each) => each.lessons.map((one) => [one.id, one.slug])), [[[first.id, 'clap-along-2'], [waits.id, 'clap-along']], [[film.id, 'watch']], []], 'lessons'),
})

// --- Quizzes

const quiz = data(await row('a quiz is made with a lesson of its own', 'POST /api/quizzes', { as: tess, body: { moduleId: top, title: 'Check', passPercent: 50, maxAttempts: 3, timeLimitSeconds: 600, shuffle: true, feedback: 'after', negativeMarks: true } }, { status: 201, has: { moduleId: top, courseId: course.id, passPercent: 50, maxAttempts: 3, timeLimitSeconds: 600, shuffle: true, feedback: 'after', negativeMarks: true, draw: null, questions: [] } }))
await row('a lesson has one quiz', 'POST /api/quizzes', { as: tess, body: { lessonId: quiz.lessonId, title: 'Second' } }, { status: 409 })
await row('a quiz belongs somewhere', 'POST /api/quizzes', { as: tess, body: { title: 'Nowhere' } }, { status: 400, fields: ['moduleId'] })
await row('a text has no quiz', 'POST /api/quizzes', { as: tess, body: { lessonId: first.id, title: 'x' } }, { status: 400, fields: ['lessonId'] })
await row('a colleague makes no quiz', 'POST /api/quizzes', { as: cole, body: { moduleId: top, title: 'x' } }, { status: 404 })
await row('the course cannot be published before the quiz asks something', 'POST /api/courses/{id}/publish', { as: tess, path: `/api/courses/${course.id}/publish`, body: {} }, { status: 422, fields: ['modules[2].lessons[0]'] })
const questionsOf = `/api/quizzes/${quiz.id}/questions`
const ask = async (body) => data(await row(`a question of kind ${body.kind} is added`, 'POST /api/quizzes/{id}/questions', { as: tess, path: questionsOf, body }, { status: 201, then: ({ json }) => { for (const [name, value] of Object.entries(body)) same(json.data[name], value, name) } }))
const asked = [
  await ask({ kind: 'single', question: 'How many beats has 3/4?', choices: [{ text: 'two', right: false }, { text: '*three*', right: true }], explanation: 'The upper number.', points: 2 }),
  await ask({ kind: 'multiple', question: 'Which are simple?', choices: [{ text: '2/4', right: true }, { text: '6/8', right: false }, { text: '3/4', right: true }] }),
  await ask({ kind: 'true_false', question: 'A beat is a pulse.', choices: [{ text: 'True', right: true }, { text: 'False', right: false }] }),
  await ask({ kind: 'number', question: 'Beats in a minute at 60?\n\n```abc\nX:1\nK:C\nA4 |]\n```', number: '60', tolerance: '0.5' }),
  await ask({ kind: 'text', question: 'Name the sign.', accepted: ['fermata', 'pause'] }),
]
for (const [body, fields] of [
  [{ kind: 'single', question: 'x', choices: [{ text: 'a', right: true }] }, ['choices']],
  [{ kind: 'single', question: 'x', choices: [{ text: 'a', right: true }, { text: 'b', right: true }] }, ['choices']],
  [{ kind: 'multiple', question: 'x', choices: [{ text: 'a', right: false }, { text: 'b', right: false }] }, ['choices']],
  [{ kind: 'true_false', question: 'x', choices: [{ text: 'Yes', right: true }, { text: 'No', right: false }] }, ['choices']],
  [{ kind: 'number', question: 'x', number: 'many', tolerance: '-1' }, ['number', 'tolerance']],
  [{ kind: 'text', question: 'x', accepted: [] }, ['accepted']],
  [{ kind: 'text', question: 'x', accepted: ['a|b'] }, ['accepted[0]']],
  [{ kind: 'ordering', question: 'x', order: ['a', 'a'] }, ['order']],
  [{ kind: 'matching', question: 'x', pairs: [{ left: 'a', right: 'b' }] }, ['pairs']],
  [{ kind: 'text', question: 'x', accepted: ['a'], number: '3' }, ['number']],
  [{ kind: 'text', question: 'one\n## two', accepted: ['a'] }, ['question']],
  [{ kind: 'riddle', question: 'x' }, ['kind']],
  [{ kind: 'text', question: '', accepted: ['a'] }, ['question']],
]) await row(`a question ${JSON.stringify(body)} is refused`, 'POST /api/quizzes/{id}/questions', { as: tess, path: questionsOf, body }, { status: 400, fields })
await row('a colleague asks nothing', 'POST /api/quizzes/{id}/questions', { as: cole, path: questionsOf, body: { kind: 'text', question: 'x', accepted: ['a'] } }, { status: 404 })
await row('the author sees the answers', 'GET /api/quizzes/{id}/questions', { as: tess, path: questionsOf }, { status: 200, then: ({ json }) => same(json.data.questions.map((each) => each.id), asked.map((each) => each.id), 'questions') })
await row('nobody else does', 'GET /api/quizzes/{id}/questions', { as: cole, path: questionsOf }, { status: 404 })
await row('least of all learners', 'GET /api/quizzes/{id}/questions', { as: learner, path: questionsOf }, { status: 403 })
await row('questions get a new order', 'POST /api/quizzes/{id}/questions/reorder', { as: tess, path: `${questionsOf}/reorder`, body: { ids: asked.map((each) => each.id).reverse() } }, { status: 200, then: ({ json }) => same(json.data.questions[0].kind, 'text', 'first') })
await row('which names them all', 'POST /api/quizzes/{id}/questions/reorder', { as: tess, path: `${questionsOf}/reorder`, body: { ids: [asked[0].id] } }, { status: 422, fields: ['ids'] })
await row('a question is changed in place while nobody has answered it', 'PUT /api/quizzes/{id}/questions/{questionId}', { as: tess, path: `${questionsOf}/${asked[4].id}`, body: { kind: 'text', question: 'Name this sign.', accepted: ['fermata'], revision: 1 } }, { status: 200, has: { id: asked[4].id, revision: 2 } })
await row('a question is not overwritten', 'PUT /api/quizzes/{id}/questions/{questionId}', { as: tess, path: `${questionsOf}/${asked[4].id}`, body: { kind: 'text', question: 'Old', accepted: ['x'], revision: 1 } }, { status: 409 })
await row('how a quiz is taken is changed', 'PUT /api/quizzes/{id}', { as: tess, path: `/api/quizzes/${quiz.id}`, body: { title: 'Check', passPercent: 60, draw: 2 } }, { status: 200, has: { passPercent: 60, draw: 2, maxAttempts: null, feedback: 'immediate' } })
await row('a quiz is moved with its lesson only', 'PUT /api/quizzes/{id}', { as: tess, path: `/api/quizzes/${quiz.id}`, body: { title: 'Check', moduleId: pulse } }, { status: 400, fields: ['moduleId'] })
await row('a colleague changes no quiz', 'PUT /api/quizzes/{id}', { as: cole, path: `/api/quizzes/${quiz.id}`, body: { title: 'x' } }, { status: 404 })
await row('a question is taken out', 'DELETE /api/quizzes/{id}/questions/{questionId}', { as: tess, path: `${questionsOf}/${asked[1].id}` }, { status: 200, data: { archived: false } })
await row('and is gone', 'DELETE /api/quizzes/{id}/questions/{questionId}', { as: tess, path: `${questionsOf}/${asked[1].id}` }, { status: 404 })
await row('the bank holds what was ever asked', 'GET /api/courses/{id}/questions', { as: tess, path: `/api/courses/${course.id}/questions?q=BEAT` }, { status: 200, then: ({ json }) => same(json.data.map((each) => each.id).sort(), [asked[0].id, asked[2].id, asked[3].id].sort(), 'found') })
await row('for its author', 'GET /api/courses/{id}/questions', { as: cole, path: `/api/courses/${course.id}/questions` }, { status: 404 })
const other = data(await school.judge('POST /api/quizzes', { as: tess, body: { moduleId: top, title: 'Again' } }, { status: 201 }))
await row('questions are copied from the bank', 'POST /api/quizzes/{id}/questions/copy', { as: tess, path: `/api/quizzes/${other.id}/questions/copy`, body: { questionIds: [asked[0].id, asked[2].id] } }, { status: 200, then: ({ json }) => same(json.data.questions.map((each) => each.question), [asked[0].question, asked[2].question], 'copies') })
await row('of this course only', 'POST /api/quizzes/{id}/questions/copy', { as: tess, path: `/api/quizzes/${other.id}/questions/copy`, body: { questionIds: [strangeId] } }, { status: 400, fields: ['questionIds'] })

// --- In and out

const exported = `/api/courses/${course.id}/export`
const zip = (await row('a course goes out as a ZIP', 'GET /api/courses/{id}/export', { as: tess, path: exported }, { status: 200, headers: { 'Content-Type': 'application/zip', 'Content-Disposition': 'attachment; filename="grose-takt.zip"', 'Cache-Control': 'no-store' } }))?.bytes ?? Buffer.alloc(0)
await row('the same ZIP each time', 'GET /api/courses/{id}/export', { as: owner, path: exported }, { status: 200, then: ({ bytes }) => expect(bytes.equals(zip), 'bytes') })
await row('not for a colleague', 'GET /api/courses/{id}/export', { as: cole, path: exported }, { status: 404 })
await row('nor for learners', 'GET /api/courses/{id}/export', { as: learner, path: exported }, { status: 403 })
const bring = (raw, as = tess, query = '', type = 'application/zip') => ({ as, path: `/api/courses/import${query}`, raw, type })
await row('what came out is the same when it comes in', 'POST /api/courses/import', bring(zip, tess, '?check=1'), { status: 200, has: { courseId: course.id, slug: 'grose-takt', change: 'none', dryRun: true, modules: 3, lessons: 5 } })
await row('a colleague does not take it over', 'POST /api/courses/import', bring(zip, cole), { status: 409, code: 'SLUG_TAKEN', fields: ['slug'] })
// The same folder under a name of the same length.
const renamed = (from, to) => Buffer.from(zip.toString('latin1').replaceAll(from, to), 'latin1')
await row('a folder must have the name its course.md says', 'POST /api/courses/import', bring(renamed('grose-takt/', 'other-takt/'), cole), { status: 400, fields: ['other-takt/course.md:2'] })
await row('a path that leads elsewhere is refused', 'POST /api/courses/import', bring(renamed('grose-takt/course.md', '../se-takt//course.md'.slice(0, 20))), { status: 400, code: 'VALIDATION_ERROR' })
for (const [sentence, raw] of [['no archive', 'PK? no'], ['nothing', ''], ['half of one', zip.subarray(0, zip.length / 2)]])
  await row(`${sentence} is refused`, 'POST /api/courses/import', bring(raw), { status: [400, 422] })
await row('an archive says what it is', 'POST /api/courses/import', bring(zip, tess, '', 'text/plain'), { status: 415 })
await row('learners bring nothing', 'POST /api/courses/import', bring(zip, learner), { status: 403 })
await row('after a change the old one is brought back', 'PUT /api/modules/{id}', { as: tess, path: `/api/modules/${pulse}`, body: { title: 'Changed', level: 1 } }, { status: 200 })
await row('first as a trial, which changes nothing', 'POST /api/courses/import', bring(zip, tess, '?check=1'), { status: 200, has: { change: 'updated', dryRun: true } })
await row('nothing changed', 'GET /api/studio/modules/{id}', { as: tess, path: `/api/studio/modules/${pulse}` }, { status: 200, has: { title: 'Changed' } })
await row('then for good', 'POST /api/courses/import', bring(zip), { status: 200, has: { change: 'updated', dryRun: false, courseId: course.id } })
await row('and stands there again, with the same id', 'GET /api/studio/modules/{id}', { as: tess, path: `/api/studio/modules/${pulse}` }, { status: 200, has: { title: 'Pulse and tempo', dripDays: 3 } })

// --- Publishing

await row('a finished course is published', 'POST /api/courses/{id}/publish', { as: tess, path: `/api/courses/${course.id}/publish`, body: {} }, { status: 200, has: { status: 'published' } })
await row('learners see it at once', 'GET /api/courses/{idOrSlug}', { path: '/api/courses/grose-takt', as: learner }, { status: 200, then: ({ json }) => same([json.data.title, json.data.instructor, json.data.modules.map((each) => each.lessons.length)], ['Größe und Takt', 'Tess Teacher', [2, 1, 2]], 'course') })
await row('and a change of it', 'PUT /api/courses/{idOrSlug}', put({ title: 'Takt', summary: 'Metre.', access: 'free' }), { status: 200, has: { title: 'Takt' } })
await row('at once', 'GET /api/courses/{idOrSlug}', { path: '/api/courses/grose-takt', as: learner }, { status: 200, has: { title: 'Takt', summary: 'Metre.' } })
const attempts = `/api/quizzes/${quiz.id}/attempts`
const attempt = data(await school.judge('POST /api/quizzes/{id}/attempts', { as: learner, path: attempts, body: {} }, { status: 201 }))
await row('a question people are being asked is not rewritten under them', 'PUT /api/quizzes/{id}/questions/{questionId}', { as: tess, path: `${questionsOf}/${asked[2].id}`, body: { kind: 'true_false', question: 'A beat is silence.', choices: [{ text: 'True', right: false }, { text: 'False', right: true }] } }, { status: 200, then: ({ json }) => expect(json.data.id !== asked[2].id, 'another question') })
await row('an explanation is', 'PUT /api/quizzes/{id}/questions/{questionId}', { as: tess, path: `${questionsOf}/${asked[0].id}`, body: { kind: 'single', question: asked[0].question, choices: asked[0].choices, explanation: 'The number above.', points: 2 } }, { status: 200, has: { id: asked[0].id, explanation: 'The number above.' } })
await row('the attempt is still readable', 'GET /api/quizzes/{id}/attempts/{attemptId}', { as: learner, path: `${attempts}/${attempt.id}` }, { status: 200 })
await row('a question that was asked is kept when it is taken out', 'DELETE /api/quizzes/{id}/questions/{questionId}', { as: tess, path: `${questionsOf}/${asked[0].id}` }, { status: 200, data: { archived: true } })
await row('a quiz that was taken does not go unasked', 'DELETE /api/quizzes/{id}', { as: tess, path: `/api/quizzes/${quiz.id}` }, { status: 409, code: 'HAS_ATTEMPTS' })
await row('nor with its lesson', 'DELETE /api/lessons/{id}', { as: tess, path: `/api/lessons/${quiz.lessonId}` }, { status: 409, code: 'HAS_ATTEMPTS' })
await row('nor with its module', 'DELETE /api/modules/{id}', { as: tess, path: `/api/modules/${top}` }, { status: 409, code: 'HAS_ATTEMPTS' })
await row('a colleague deletes nothing: a quiz', 'DELETE /api/quizzes/{id}', { as: cole, path: `/api/quizzes/${quiz.id}` }, { status: 404 })
await row('a lesson', 'DELETE /api/lessons/{id}', { as: cole, path: `/api/lessons/${first.id}` }, { status: 404 })
await row('a module', 'DELETE /api/modules/{id}', { as: cole, path: `/api/modules/${pulse}` }, { status: 404 })
await row('a course', 'DELETE /api/courses/{idOrSlug}', { as: cole, path: `/api/courses/${course.id}` }, { status: 404 })
await row('a quiz nobody has taken goes with its lesson', 'DELETE /api/quizzes/{id}', { as: tess, path: `/api/quizzes/${other.id}` }, { status: 200, data: { archived: false } })
await row('a lesson goes', 'DELETE /api/lessons/{id}', { as: tess, path: `/api/lessons/${waits.id}` }, { status: 200 })
await row('a module goes with what people did in it, when that is said', 'DELETE /api/modules/{id}', { as: tess, path: `/api/modules/${top}?force=true` }, { status: 200 })
await row('the course is taken back', 'POST /api/courses/{id}/withdraw', { as: tess, path: `/api/courses/${course.id}/withdraw`, body: {} }, { status: 200, has: { status: 'draft' } })
await row('and learners do not see it', 'GET /api/courses/{idOrSlug}', { path: '/api/courses/grose-takt', as: learner }, { status: 404 })
await school.judge('POST /api/courses/{id}/publish', { as: tess, path: `/api/courses/${course.id}/publish`, body: {} }, { status: 200 })
await school.judge('POST /api/progress/save', { as: learner, body: { lessonId: first.id, completed: true } }, { status: 200 })
await row('a course that people learn from is archived, not deleted', 'DELETE /api/courses/{idOrSlug}', { as: tess, path: `/api/courses/${course.id}` }, { status: 200, data: { archived: true } })
await row('which its author still sees', 'GET /api/studio/courses/{id}', { as: tess, path: `/api/studio/courses/${course.id}` }, { status: 200, has: { status: 'archived' } })
await row('another is deleted', 'DELETE /api/courses/{idOrSlug}', { as: tess, path: '/api/courses/grose-takt-2' }, { status: 200, data: { archived: false } })
await row('and gone', 'DELETE /api/courses/{idOrSlug}', { as: tess, path: '/api/courses/grose-takt-2' }, { status: 404 })

// --- Markdown

await row('Markdown is shown as learners will see it', 'POST /api/markdown/preview', { as: tess, body: { markdown: '# One\n\n<script>x</script> **two**' } }, { status: 200, then: ({ json }) => expect(json.data.html.includes('<strong>two</strong>') && !json.data.html.includes('<script'), json.data.html) })
await row('to those who teach', 'POST /api/markdown/preview', { as: learner, body: { markdown: 'x' } }, { status: 403 })
await row('up to a length', 'POST /api/markdown/preview', { as: tess, body: { markdown: 'x'.repeat(300_001) } }, { status: 400, fields: ['markdown'] })

await test('the trail says who made, published and archived what', async () => {
  for (const action of ['course.created', 'course.changed', 'course.published', 'course.archived', 'course.deleted', 'module.created', 'lesson.changed', 'quiz.created', 'question.changed'])
    expect((await trail(action)).some((each) => each.userId === teacher.profile.id && each.targetType === 'course'), action)
})
await test('no secret was logged', () => school.checkLog())
await school.stop()
finish()
