// Questions that are put in order or matched, from outside: what is shown, what counts, what is refused; and a picture that belongs to one.
import { expect, finish, same, School, test } from './lib/rows.mjs'

const school = await School.start()
const row = school.row.bind(school)
const teacher = await school.demo('instructor')
const learner = await school.member({ fullName: 'Olga Order' })
const data = (answer) => answer.json.data
const asks = async (method, path, body) => data(await school.judge(`${method} ${path.template ?? path}`, { as: teacher, path: path.place ?? path, body }, { status: [200, 201] }))
const route = (template, place) => ({ template, place })

const course = await asks('POST', '/api/courses', { title: 'Order and pairs', summary: 'Short.', access: 'free' })
const module = await asks('POST', route('/api/courses/{id}/modules', `/api/courses/${course.id}/modules`), { title: 'All' })
const quiz = await asks('POST', '/api/quizzes', { moduleId: module.id, title: 'Kinds', passPercent: 50, feedback: 'immediate' })
const questionsOf = `/api/quizzes/${quiz.id}/questions`
const add = async (body) => data(await row(`a question of kind ${body.kind} is added`, 'POST /api/quizzes/{id}/questions', { as: teacher, path: questionsOf, body }, { status: 201 }))

const inOrder = ['semibreve', 'minim', 'crotchet', 'quaver', 'semiquaver']
const ordering = await add({ kind: 'ordering', question: 'From long to short.', order: inOrder, points: 3, explanation: 'Each is half of the one before.' })
same(ordering.order, inOrder, 'the author sees the right order')
const matches = [{ left: 'presto', right: 'very fast' }, { left: 'largo', right: 'slow' }, { left: 'lento', right: 'slow' }]
const matching = await add({ kind: 'matching', question: 'What is meant?', pairs: matches, points: 2 })
same(matching.pairs, matches, 'the author sees what belongs together')

// A picture of one pixel.
const pixel = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGNgYGAAAAAEAAH2FzhVAAAAAElFTkSuQmCC', 'base64')
const wave = Buffer.concat([Buffer.from('RIFF'), Buffer.from([36, 0, 0, 0]), Buffer.from('WAVEfmt '), Buffer.alloc(28)])
const stored = async (name, raw) => data(await school.judge('POST /api/media', { as: teacher, path: `/api/media?purpose=lesson&name=${name}`, raw, type: 'application/octet-stream' }, { status: 201 }))
const picture = await stored('staff.png', pixel)
const sound = await stored('drone.wav', wave)
const text = await stored('notes.txt', Buffer.from('Notes.\n'))
const seen = await add({ kind: 'single', question: 'Which clef?', choices: [{ text: 'treble', right: true }, { text: 'bass', right: false }], mediaId: picture.id })
same(seen.mediaId, picture.id, 'picture')
const heard = await add({ kind: 'true_false', question: 'It is an A.', choices: [{ text: 'True', right: true }, { text: 'False', right: false }], mediaId: sound.id })
for (const [what, mediaId] of [['a text file', text.id], ['a file that is none', '0190b6f0-0000-7000-8000-000000000000']])
  await row(`${what} belongs to no question`, 'POST /api/quizzes/{id}/questions', { as: teacher, path: questionsOf, body: { kind: 'text', question: 'x', accepted: ['a'], mediaId } }, { status: 400, fields: ['mediaId'] })
await row('a picture that a question shows is not deleted', 'DELETE /api/media/{id}', { as: teacher, path: `/api/media/${picture.id}` }, { status: 409, code: 'MEDIA_IN_USE' })
await row('before the course is published its picture is not there', 'GET /api/media/{id}', { as: learner, path: `/api/media/${picture.id}` }, { status: 404 })
await school.judge('POST /api/courses/{id}/publish', { as: teacher, path: `/api/courses/${course.id}/publish`, body: {} }, { status: 200 })

// --- Taking it

const begin = async () => data(await school.judge('POST /api/quizzes/{id}/attempts', { as: learner, path: `/api/quizzes/${quiz.id}/attempts`, body: {} }, { status: 201 }))
const at = (attempt, more = '') => `/api/quizzes/${quiz.id}/attempts/${attempt.id}${more}`
const answerTo = 'POST /api/quizzes/{id}/attempts/{attemptId}/answers'
const kindOf = (attempt, kind) => attempt.questions.find((each) => each.kind === kind)
const rightOrder = (question) => inOrder.map((each) => question.options.indexOf(each))
const rightPairs = (question) => question.options.map((left) => question.choices.indexOf(matches.find((each) => each.left === left).right))
const reply = (attempt, question, answer) => school.send({ method: 'POST', path: at(attempt, '/answers'), as: learner, body: { questionId: question.id, answer } })

const first = await begin()
await test('what is to be ordered and matched is all there, and gives nothing away', () => {
  const order = kindOf(first, 'ordering')
  same([...order.options].sort(), [...inOrder].sort(), 'items')
  expect(JSON.stringify(order.options) !== JSON.stringify(inOrder), 'they stand in their right order')
  const pairs = kindOf(first, 'matching')
  same(pairs.options, matches.map((each) => each.left), 'left')
  same([...pairs.choices].sort(), ['slow', 'very fast'], 'right, each once')
  expect(!/correct|"right"|explanation/.test(JSON.stringify(first.questions)), 'the answers are in it')
})
await test('its picture and its recording are there, for looking and listening', async () => {
  const shown = kindOf(first, 'single').media
  same([shown.kind, shown.name, shown.width, shown.height, shown.downloadUrl], ['image', 'staff.png', 1, 1, null], 'picture')
  const played = kindOf(first, 'true_false').media
  same([played.kind, played.name, played.downloadUrl], ['audio', 'drone.wav', null], 'recording')
  const there = await school.send({ path: played.url })
  same([there.status, there.headers['content-disposition'].split(';')[0]], [200, 'inline'], 'sent')
})
await row('a question’s recording is not sent to be kept', 'GET /api/media/{id}', { as: learner, path: `/api/media/${sound.id}?download=1` }, { status: 403, code: 'NOT_DOWNLOADABLE' })

for (const [what, answer] of [['a text', 'semibreve'], ['a number', 0], ['too few', [0, 1]], ['one twice', [0, 0, 1, 2, 3]], ['one that is none', [0, 1, 2, 3, 9]], ['one below 0', [-1, 0, 1, 2, 3]], ['texts', inOrder], ['nothing', null]])
  await row(`an order of ${what} is no answer`, answerTo, { as: learner, path: at(first, '/answers'), body: { questionId: kindOf(first, 'ordering').id, answer } }, { status: 400, code: 'VALIDATION_ERROR', fields: ['answer'] })
for (const [what, answer] of [['a text', 'slow'], ['too few', [0]], ['too many', [0, 0, 0, 0]], ['a choice that is none', [0, 1, 2]], ['texts', ['slow', 'slow', 'slow']]])
  await row(`pairs with ${what} are no answer`, answerTo, { as: learner, path: at(first, '/answers'), body: { questionId: kindOf(first, 'matching').id, answer } }, { status: 400, code: 'VALIDATION_ERROR', fields: ['answer'] })

await row('the right order is right, and why is said', answerTo, { as: learner, path: at(first, '/answers'), body: { questionId: kindOf(first, 'ordering').id, answer: rightOrder(kindOf(first, 'ordering')) } }, { status: 200, then: ({ json }) => { same(json.data.correct, true, 'correct'); expect(json.data.explanationHtml.includes('half of the one before'), json.data.explanationHtml) } })
await row('it is answered once', answerTo, { as: learner, path: at(first, '/answers'), body: { questionId: kindOf(first, 'ordering').id, answer: rightOrder(kindOf(first, 'ordering')) } }, { status: 409 })
await row('what belongs together is right', answerTo, { as: learner, path: at(first, '/answers'), body: { questionId: kindOf(first, 'matching').id, answer: rightPairs(kindOf(first, 'matching')) } }, { status: 200, then: ({ json }) => same(json.data.correct, true, 'correct') })
await row('both count with all their points', 'POST /api/quizzes/{id}/attempts/{attemptId}/submit', { as: learner, path: at(first, '/submit'), body: {} }, {
  status: 200,
  then: ({ json }) => {
    same([json.data.score, json.data.maxScore, json.data.passed], [5, 7, true], 'score')
    const answer = json.data.answers.find((each) => each.questionId === kindOf(first, 'ordering').id)
    same([answer.correct, answer.points, answer.answer], [true, 3, rightOrder(kindOf(first, 'ordering'))], 'the answer as it was given')
  },
})

await test('nearly right is wrong: no points for two that are changed about, or for one pair of three', async () => {
  const attempt = await begin()
  const order = rightOrder(kindOf(attempt, 'ordering'))
  ;[order[3], order[4]] = [order[4], order[3]]
  same(data(await reply(attempt, kindOf(attempt, 'ordering'), order)).correct, false, 'order')
  const pairs = rightPairs(kindOf(attempt, 'matching'))
  pairs[0] = 1 - pairs[0]
  same(data(await reply(attempt, kindOf(attempt, 'matching'), pairs)).correct, false, 'pairs')
  const done = data(await school.judge('POST /api/quizzes/{id}/attempts/{attemptId}/submit', { as: learner, path: at(attempt, '/submit'), body: {} }, { status: 200 }))
  same([done.score, done.passed], [0, false], 'score')
})

await test('each in an order of its own, what is right stays right; and what is drawn is asked', async () => {
  await school.judge('PUT /api/quizzes/{id}', { as: teacher, path: `/api/quizzes/${quiz.id}`, body: { title: 'Kinds', passPercent: 50, shuffle: true, draw: 3, feedback: 'after' } }, { status: 200 })
  const orders = new Set()
  for (let i = 0; i < 6; i += 1) {
    const attempt = await begin()
    same([attempt.questions.length, new Set(attempt.questions.map((each) => each.id)).size], [3, 3], 'drawn')
    for (const question of attempt.questions) {
      if (question.kind !== 'ordering' && question.kind !== 'matching') continue
      orders.add(JSON.stringify([question.options, question.choices]))
      const told = data(await reply(attempt, question, question.kind === 'ordering' ? rightOrder(question) : rightPairs(question)))
      same(told.correct, null, 'told before its time')
    }
    const done = data(await school.judge('POST /api/quizzes/{id}/attempts/{attemptId}/submit', { as: learner, path: at(attempt, '/submit'), body: {} }, { status: 200 }))
    for (const answer of done.answers) same(answer.correct, true, 'right')
  }
  expect(orders.size > 2, `orders: ${orders.size}`)
})

await test('a question is copied with its picture', async () => {
  const other = await asks('POST', '/api/quizzes', { moduleId: module.id, title: 'Again' })
  const copied = data(await school.judge('POST /api/quizzes/{id}/questions/copy', { as: teacher, path: `/api/quizzes/${other.id}/questions/copy`, body: { questionIds: [seen.id, heard.id] } }, { status: 200 }))
  same(copied.questions.map((each) => each.mediaId), [picture.id, sound.id], 'media')
})
await test('and with the course’s folder', async () => {
  const zip = await school.send({ path: `/api/courses/${course.id}/export`, as: teacher })
  const listed = zip.bytes.toString('latin1')
  for (const name of ['order-and-pairs/media/staff.png', 'order-and-pairs/media/drone.wav']) expect(listed.includes(name), name)
  await school.judge('POST /api/courses/import', { as: teacher, path: '/api/courses/import', raw: zip.bytes, type: 'application/zip' }, { status: 200 })
  const again = await school.send({ path: `/api/courses/${course.id}/export`, as: teacher })
  const third = await school.send({ path: '/api/courses/import?check=1', method: 'POST', as: teacher, raw: again.bytes, type: 'application/zip' })
  same(data(third).change, 'none', 'the same again')
})

await school.stop()
finish()
