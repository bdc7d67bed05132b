// What learning leaves behind, from outside: practice, achievements, the leaderboard, certificates, and the people of a course.
import { spawnSync } from 'node:child_process'
import { createPublicKey, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { strangeId, until } from './lib/client.mjs'
import { expect, finish, same, School, test } from './lib/rows.mjs'
import { Shop } from './lib/shop.mjs'
import { Study } from './lib/study.mjs'
import { freshFolder } from './support/tuition.mjs'

const school = await School.start()
const row = school.row.bind(school)
const shop = new Shop(school)
const instructor = await school.demo('instructor')
const admin = await school.demo('owner')
const study = await Study.make(school, instructor)
const courseId = study.course.id
const learner = await school.member({ fullName: 'Zoë Ångström' })
const other = await school.member()
const idOf = async (as) => (await school.send({ path: '/api/users/profile', as })).json.data.id
const learnerId = await idOf(learner)
const otherId = await idOf(other)

// --- Practice

const practiceOf = 'GET /api/lessons/{id}/practice'
const start = 'POST /api/lessons/{id}/practice'
const answerTo = 'POST /api/practice/{id}/answers'
const at = (id) => ({ path: `/api/lessons/${id}/practice` })
for (const [what, operation] of [['what practice asks', practiceOf], ['beginning it', start]]) {
  await row(`${what} is for who is signed in`, operation, at(study.practice.id), { status: 401 })
  await row(`${what} is not for a lesson without practice`, operation, { ...at(study.text.id), as: learner }, { status: 404 })
  await row(`${what} is 404 for a lesson that is none`, operation, { ...at(strangeId), as: learner }, { status: 404 })
}
await row('a practice lesson says what it asks', practiceOf, { ...at(study.practice.id), as: learner }, { status: 200, data: { lessonId: study.practice.id, exercises: 2, passPercent: 1, kinds: ['interval'], rounds: 0, bestPercent: null, openRoundId: null } })
await row('its exercises are not in the lesson', 'GET /api/lessons/{id}', { path: `/api/lessons/${study.practice.id}`, as: learner }, { status: 200, then: ({ text }) => expect(!/C4 to C6/.test(text), 'the fence is shown') })
let round
await row('a round begins with exercises and without answers', start, { ...at(study.practice.id), as: learner }, {
  status: 201,
  then: ({ json: { data }, text }) => {
    round = data
    same(data.exercises.length, 2, 'exercises')
    for (const each of data.exercises) {
      expect(each.notes.length === 2 && each.notes.every((note) => note.midi >= 60 && note.midi <= 84), JSON.stringify(each))
      same(each.result, null, 'result')
    }
    expect(!/rightAnswer|rightChoice/.test(text), 'the answer is in it')
  },
})
await row('the round that is open is handed out again', start, { ...at(study.practice.id), as: learner }, { status: 201, has: { id: round.id } })
await row('another person does not find it', 'GET /api/practice/{id}', { path: `/api/practice/${round.id}`, as: other }, { status: 404 })
await row('nor answers it', answerTo, { path: `/api/practice/${round.id}/answers`, as: other, body: { number: 0, answer: 0 } }, { status: 404 })
await row('its owner does', 'GET /api/practice/{id}', { path: `/api/practice/${round.id}`, as: learner }, { status: 200, has: { id: round.id, finishedAt: null } })
for (const [what, body, fields] of [
  ['nothing', {}, ['number', 'answer']],
  ['a number that is none', { number: 9, answer: 0 }, ['number']],
  ['a number below 0', { number: -1, answer: 0 }, ['number']],
  ['a choice that is none', { number: 0, answer: 99 }, ['answer']],
  ['a text', { number: 0, answer: 'fifth' }, ['answer']],
  ['taps', { number: 0, answer: [1, 2] }, ['answer']],
])
  await row(`${what} is no answer`, answerTo, { path: `/api/practice/${round.id}/answers`, as: learner, body }, { status: 400, code: 'VALIDATION_ERROR', fields })
await row('an answer is told what is right', answerTo, { path: `/api/practice/${round.id}/answers`, as: learner, body: { number: 0, answer: 0 } }, {
  status: 200,
  then: ({ json: { data } }) => {
    same([data.answered, data.total, data.percent], [1, 2, null], 'so far')
    expect(data.result.rightAnswer && Number.isInteger(data.result.rightChoice), JSON.stringify(data))
    same(data.result.right, data.result.rightChoice === 0, 'right')
  },
})
await row('and given once', answerTo, { path: `/api/practice/${round.id}/answers`, as: learner, body: { number: 0, answer: 1 } }, { status: 409, code: 'ALREADY_ANSWERED' })
await row('practice is not completed by saying so', 'POST /api/progress/save', { as: learner, body: { lessonId: study.practice.id, completed: true } }, { status: 422 })

const tried = '```practice\nexercises: 2\npass: 50\n- interval, level 1\n```\n'
const trial = await row('a round of what is being written is made without keeping it', 'POST /api/practice/trial', { as: instructor, body: { markdown: tried } }, {
  status: 200,
  has: { passPercent: 50, mistakes: [] },
  then: ({ json: { data } }) => same(data.exercises.map((each) => [each.kind, each.result]), [['interval', null], ['interval', null]], 'exercises'),
})
await row('its mistakes are told line by line', 'POST /api/practice/trial', { as: instructor, body: { markdown: tried.replace('level 1', 'level 7').replace('50', '500') } }, {
  status: 200,
  has: { exercises: [], mistakes: [{ line: 3, what: 'pass is a number from 1 to 100' }, { line: 4, what: 'level is 1, 2 or 3' }, { line: 1, what: 'names no exercises: one line at least, such as - interval' }] },
})
const judged = { markdown: tried, seed: trial.json.data.seed, number: 1, answer: 0 }
await row('an answer is judged by what is sent back', 'POST /api/practice/trial/answers', { as: instructor, body: judged }, { status: 200, then: ({ json: { data } }) => expect(data.number === 1 && data.right === (data.rightChoice === 0), JSON.stringify(data)) })
await row('to an exercise there is', 'POST /api/practice/trial/answers', { as: instructor, body: { ...judged, number: 2 } }, { status: 400, fields: ['number'] })
await row('of a text that is in order', 'POST /api/practice/trial/answers', { as: instructor, body: { ...judged, markdown: 'Words.' } }, { status: 400, fields: ['markdown'] })
await row('learners try nothing', 'POST /api/practice/trial', { as: learner, body: { markdown: tried } }, { status: 403 })
await row('nor have it judged', 'POST /api/practice/trial/answers', { as: learner, body: judged }, { status: 403 })

// --- Joining

await row('joining is for who is signed in', 'POST /api/courses/{id}/enroll', { path: `/api/courses/${courseId}/enroll` }, { status: 401 })
await row('a course that is none cannot be joined', 'POST /api/courses/{id}/enroll', { path: `/api/courses/${strangeId}/enroll`, as: other }, { status: 404 })
await row('a course that must be paid for cannot be joined without', 'POST /api/courses/{id}/enroll', { path: '/api/courses/hear-what-you-play/enroll', as: other }, { status: 402, code: 'PAYMENT_REQUIRED' })
await row('a free course is joined', 'POST /api/courses/{id}/enroll', { path: `/api/courses/${study.course.slug}/enroll`, as: other }, { status: 201, has: { courseId, status: 'active', source: 'free' } })
await row('once', 'POST /api/courses/{id}/enroll', { path: `/api/courses/${courseId}/enroll`, as: other }, { status: 409, code: 'ALREADY_ENROLLED' })

// --- Certificates

const certify = 'POST /api/courses/{id}/certificate'
const certificateOf = { path: `/api/courses/${courseId}/certificate` }
await row('a certificate is for who is signed in', certify, { ...certificateOf, body: {} }, { status: 401 })
await row('a course that is not finished gives none, and says what is missing', certify, { ...certificateOf, as: other, body: {} }, {
  status: 409,
  code: 'COURSE_NOT_COMPLETED',
  fields: [`lessons.${study.text.id}`, `lessons.${study.practice.id}`],
})
await row('a course that is none gives none', certify, { path: `/api/courses/${strangeId}/certificate`, as: learner, body: {} }, { status: 404 })
await study.finish(learner)
await row('a name of 121 characters does not fit', certify, { ...certificateOf, as: learner, body: { name: 'x'.repeat(121) } }, { status: 400, fields: ['name'] })
let certificate
await test('however often one clicks, there is one certificate, one mail and one entry of the trail', async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => school.send({ method: 'POST', ...certificateOf, as: learner, body: {} })))
  for (const answer of answers) {
    same(answer.status, 200, answer.text)
    school.check(answer, { method: 'POST', path: certificateOf.path })
  }
  same(new Set(answers.map((each) => each.json.data.serial)).size, 1, 'serials')
  certificate = answers[0].json.data
  same(certificate.name, 'Zoë Ångström', 'name')
  expect(/^([0-9A-Z]{4}-){3}[0-9A-Z]{4}$/.test(certificate.serial), certificate.serial)
  await until('the mail', async () => (await school.outbox(learner.email)).filter((each) => each.subject.includes('Your certificate')).length === 1)
  const trail = (await school.send({ path: '/api/admin/audit-logs?action=learning.certificate_issued', as: admin })).json.data
  same(trail.filter((each) => each.targetId === certificate.serial).length, 1, 'entries')
})
await row('one sees the own certificates', 'GET /api/certificates', { as: learner }, { status: 200, then: ({ json }) => same(json.data.map((each) => each.serial), [certificate.serial], 'serials') })
await row('and nobody else\'s', 'GET /api/certificates', { as: other }, { status: 200, data: [] })
const documentAt = { path: `/api/certificates/${certificate.serial}/document` }
await row('the document is its owner\'s', 'GET /api/certificates/{serial}/document', { ...documentAt, as: learner }, {
  status: 200,
  headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': /^default-src 'none'; style-src 'self'/, 'cache-control': 'no-store' },
  then: ({ text }) => expect(text.includes('Zoë Ångström') && text.includes(certificate.serial) && !/<script|style=/.test(text), text.slice(0, 400)),
})
for (const [who, as, status] of [['a stranger', undefined, 401], ['another member', other, 404], ['the instructor', instructor, 404]]) await row(`${who} does not get it`, 'GET /api/certificates/{serial}/document', { ...documentAt, as }, { status })
await test('its stylesheet is there', async () => same((await school.send({ path: '/certificate.css' })).status, 200, 'status'))
const verifyAt = (serial) => ({ path: `/api/certificates/${serial}/verification` })
for (const [how, serial] of [['as it stands', certificate.serial], ['in small letters', certificate.serial.toLowerCase()], ['without hyphens', certificate.serial.replaceAll('-', '')]])
  await row(`anybody checks it, typed ${how}`, 'GET /api/certificates/{serial}/verification', verifyAt(serial), { status: 200, has: { serial: certificate.serial, status: 'valid', name: 'Zoë Ångström', signatureValid: true, revokedAt: null } })
await test('its signature is checked without the school, with the published key', async () => {
  const { data } = (await school.send(verifyAt(certificate.serial))).json
  const key = (await school.judge('GET /api/certificates/key', {}, { status: 200 })).json.data
  same(key.keyId, data.keyId, 'key')
  const bytes = Buffer.from(data.statement)
  const signature = Buffer.from(data.signature, 'base64url')
  expect(verify(null, bytes, createPublicKey(key.publicKeyPem), signature), 'the signature is not good')
  bytes[bytes.length - 2] ^= 1
  expect(!verify(null, bytes, createPublicKey(key.publicKeyPem), signature), 'a changed statement passes')
})
await test('and by what the README says to type', () => {
  const shell = (script) => spawnSync('bash', ['-euo', 'pipefail', '-c', script], { cwd: freshFolder(), encoding: 'utf8', env: { ...process.env, school: school.url, number: certificate.serial } })
  if (shell('type curl jq openssl base64').status !== 0) return console.log('curl, jq or openssl is missing: not tried')
  const typed = readFileSync(new URL('../../README.md', import.meta.url), 'utf8').match(/```sh\n(curl [^`]*pkeyutl[^`]*)```/)[1]
  const good = shell(typed)
  expect(good.status === 0 && good.stdout.includes('Signature Verified Successfully'), `${good.stdout}${good.stderr}`)
  const changed = shell(typed.replace('openssl', "sed -i 's/^name: ./name: X/' statement.txt; openssl"))
  expect(changed.status !== 0, 'a changed statement passes')
})
await row('its public page says so to people', 'GET /certificates/verify/{serial}', { path: `/certificates/verify/${certificate.serial}`, headers: { Accept: 'text/html' } }, { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, then: ({ text }) => expect(text.includes('This certificate is valid') && !text.includes('<script'), text.slice(0, 300)) })
for (const serial of ['0000-0000-0000-0000', 'x', '%27%20OR%201=1', 'x'.repeat(300)]) {
  await row(`${serial.slice(0, 20)} is no certificate`, 'GET /api/certificates/{serial}/verification', verifyAt(serial), { status: 404, code: 'NOT_FOUND' })
  await test(`nor has ${serial.slice(0, 20)} a page`, async () => same((await school.send({ path: `/certificates/verify/${serial}` })).status, 404, 'status'))
}
const revoke = 'POST /api/certificates/{serial}/revoke'
const revokeAt = { path: `/api/certificates/${certificate.serial}/revoke` }
await row('a learner takes none back', revoke, { ...revokeAt, as: learner, body: { reason: 'Because.' } }, { status: 403 })
await row('taking it back needs a reason', revoke, { ...revokeAt, as: instructor, body: {} }, { status: 400, fields: ['reason'] })
await row('who teaches the course takes it back', revoke, { ...revokeAt, as: instructor, body: { reason: 'Issued by mistake.' } }, { status: 200, has: { status: 'revoked', signatureValid: true } })
await row('and everybody learns it', 'GET /api/certificates/{serial}/verification', verifyAt(certificate.serial), { status: 200, has: { status: 'revoked' }, then: ({ text }) => expect(!text.includes('mistake'), 'the reason is public') })
await row('its owner keeps what it was', certify, { ...certificateOf, as: learner, body: {} }, { status: 200, has: { serial: certificate.serial, status: 'revoked' } })
await test('and is told why', () => until('the mail', async () => (await school.outbox(learner.email)).some((each) => each.subject.includes('taken back'))))

// --- Achievements and the leaderboard

await row('achievements are for who is signed in', 'GET /api/achievements', {}, { status: 401 })
await row('what was done earns achievements', 'GET /api/achievements', { as: learner }, {
  status: 200,
  then: ({ json: { data } }) => {
    const earned = data.achievements.filter((each) => each.earnedAt).map((each) => each.key)
    for (const key of ['first_lesson', 'first_course', 'practice_1']) expect(earned.includes(key), `${key} is not among ${earned}`)
    expect(data.xp >= 170 && data.rank >= 2 && data.nextRankXp > data.xp, JSON.stringify(data).slice(0, 200))
  },
})
await row('who has done nothing has earned nothing', 'GET /api/achievements', { as: other }, { status: 200, then: ({ json: { data } }) => same([data.rank, data.xp, data.achievements.filter((each) => each.earnedAt).length], [1, 0, 0], 'achievements') })
const board = 'GET /api/leaderboard'
await row('the leaderboard is for who is signed in', board, {}, { status: 401 })
await row('nobody is on it who did not ask for it', board, { as: learner }, { status: 200, then: ({ json: { data } }) => same([data.leaders.some((each) => each.isYou), data.optedIn, data.ownRank > 0], [false, false, true], 'own') })
await school.send({ method: 'PUT', path: '/api/users/profile', as: learner, body: { leaderboardOptIn: true } })
await row('who asks for it is', board, { path: `/api/leaderboard?courseId=${courseId}&window=all`, as: learner }, { status: 200, then: ({ json: { data } }) => same(data.leaders.map((each) => [each.rank, each.name, each.isYou]), [[1, 'Zoë Ångström', true]], 'leaders') })
await row('others see name and points, and neither address nor id', board, { path: '/api/leaderboard?window=month', as: other }, { status: 200, then: ({ json: { data }, text }) => expect(data.leaders.some((each) => each.name === 'Zoë Ångström') && !text.includes(learner.email) && data.ownRank === null, text) })
for (const [query, field] of [['window=year', 'window'], ['limit=0', 'limit'], ['limit=101', 'limit'], ['courseId=x', 'courseId'], ['who=1', 'who']]) await row(`?${query} is refused and named`, board, { path: `/api/leaderboard?${query}`, as: learner }, { status: 400, fields: [field] })
await row('a course that is none has no leaderboard', board, { path: `/api/leaderboard?courseId=${strangeId}`, as: learner }, { status: 404 })

// --- How much one has learned

const usage = 'GET /api/users/me/usage'
await row('how much one has learned is for who is signed in', usage, {}, { status: 401 })
await row('people see what they did, in all and this week', usage, { as: learner }, {
  status: 200,
  then: ({ json: { data } }) => {
    same([data.stats.lessonsDone, data.coursesCompleted, data.practiceRounds > 0, data.weeks.length], [2, 1, true, 12], 'in all')
    const sum = (of) => data.weeks.reduce((total, week) => total + week[of], 0)
    same([sum('xp'), sum('lessonsDone'), sum('practiceRounds')], [data.stats.xp, data.stats.lessonsDone, data.practiceRounds], 'week by week')
    for (const week of data.weeks) same(new Date(`${week.from}T00:00:00Z`).getUTCDay(), 1, week.from)
  },
})
await row('and nothing of others', usage, { path: '/api/users/me/usage?weeks=1', as: other }, { status: 200, then: ({ json: { data } }) => same([data.stats.xp, data.practiceRounds, data.weeks.length, data.weeks[0].xp], [0, 0, 1, 0], 'usage') })
for (const query of ['weeks=0', 'weeks=54', 'weeks=x', 'user=1']) await row(`?${query} is refused and named`, usage, { path: `/api/users/me/usage?${query}`, as: learner }, { status: 400, fields: [query.split('=')[0]] })

// --- The people of a course

const rosterAt = (rest = '') => ({ path: `/api/courses/${courseId}/learners${rest}` })
const list = 'GET /api/courses/{id}/learners'
for (const [who, as, status] of [['a stranger', undefined, 401], ['a learner', learner, 403]]) await row(`${who} does not see who learns here`, list, { ...rosterAt(), as }, { status })
await row('who teaches the course does', list, { ...rosterAt(), as: instructor }, {
  status: 200,
  then: ({ json }) => {
    const mine = json.data.find((each) => each.email === learner.email)
    same([mine.name, mine.status, mine.percent, mine.lessonsTotal], ['Zoë Ångström', 'completed', 100, 2], 'the learner')
    same(json.page.total, 2, 'total')
  },
})
await row('and finds people by name', list, { ...rosterAt('?q=%C3%A5ngstr'), as: instructor }, { status: 200 })
await row('and by address', list, { ...rosterAt(`?q=${encodeURIComponent(learner.email.slice(0, 8))}`), as: instructor }, { status: 200, then: ({ json }) => expect(json.data.some((each) => each.email === learner.email), json) })
for (const [query, field] of [['limit=0', 'limit'], ['q=', 'q'], ['cursor=x', 'cursor']]) await row(`?${query} is refused and named`, list, { ...rosterAt(`?${query}`), as: instructor }, { status: 400, fields: [field] })
await row('one of them, lesson by lesson', 'GET /api/courses/{id}/learners/{userId}', { ...rosterAt(`/${learnerId}`), as: instructor }, { status: 200, then: ({ json: { data } }) => same(data.lessons.map((each) => each.completed), [true, true], 'lessons') })
await row('somebody who is not in it is 404', 'GET /api/courses/{id}/learners/{userId}', { ...rosterAt(`/${strangeId}`), as: instructor }, { status: 404 })
await row('all of them as a table', 'GET /api/courses/{id}/learners/export', { ...rosterAt('/export'), as: instructor }, {
  status: 200,
  headers: { 'content-type': 'text/csv; charset=utf-8', 'content-disposition': /^attachment; filename="learners-/ },
  then: ({ text }) => same(text.trimEnd().split('\r\n').length, 3, 'lines'),
})
await row('not for a learner', 'GET /api/courses/{id}/learners/export', { ...rosterAt('/export'), as: learner }, { status: 403 })

const paid = await Study.make(school, instructor, { access: 'paid' })
const grant = 'POST /api/courses/{id}/learners'
const paidAt = (rest = '') => ({ path: `/api/courses/${paid.course.id}/learners${rest}` })
const open = async (as) => (await school.send({ path: `/api/lessons/${paid.text.id}`, as })).status
await row('a learner opens no course to anybody', grant, { ...paidAt(), as: learner, body: { email: other.email } }, { status: 403 })
for (const [what, body, fields] of [['nobody', {}, ['userId']], ['two ways at once', { email: other.email, userId: strangeId }, ['userId']], ['an address that is nobody\'s', { email: 'nobody@tuition.example' }, ['email']], ['a time that is over', { email: other.email, until: '2020-01-01T00:00:00Z' }, ['until']]])
  await row(`${what} is given no course`, grant, { ...paidAt(), as: instructor, body }, { status: 400, fields })
await test('a course is opened to somebody, who is told, and closed again', async () => {
  same(await open(other), 402, 'before')
  await school.judge(grant, { ...paidAt(), as: instructor, body: { email: other.email } }, { status: 201, has: { source: 'grant', status: 'active' } })
  same(await open(other), 200, 'given')
  await school.judge(grant, { ...paidAt(), as: instructor, body: { email: other.email } }, { status: 409, code: 'ALREADY_ENROLLED' })
  await until('the mail', async () => (await school.outbox(other.email)).some((each) => each.subject.includes('is open to you')))
  await school.judge('DELETE /api/courses/{id}/learners/{userId}', { ...paidAt(`/${otherId}`), as: instructor }, { status: 200 })
  same(await open(other), 402, 'taken back')
  await school.judge('DELETE /api/courses/{id}/learners/{userId}', { ...paidAt(`/${otherId}`), as: instructor }, { status: 404 })
})
const progressAt = { path: `/api/users/${learnerId}/progress` }
for (const [who, as, status] of [['a stranger', undefined, 401], ['another learner', other, 404], ['the learner', learner, 200], ['an instructor', instructor, 200], ['an administrator', admin, 200]])
  await row(`${who} gets ${status} for somebody's progress`, 'GET /api/users/{id}/progress', { ...progressAt, as }, { status })

// --- How a quiz works

const subscriber = await shop.subscriber()
const music = (await school.send({ path: '/api/courses/hear-what-you-play', as: subscriber })).json.data
const quizLesson = music.modules.flatMap((each) => each.lessons).find((each) => each.kind === 'quiz')
const { quizId } = (await school.send({ path: `/api/lessons/${quizLesson.id}`, as: admin })).json.data
await test('a quiz is analysed from first attempts', async () => {
  const begun = (await school.send({ method: 'POST', path: `/api/quizzes/${quizId}/attempts`, as: admin, body: {} })).json.data
  await school.send({ method: 'POST', path: `/api/quizzes/${quizId}/attempts/${begun.id}/submit`, as: admin, body: {} })
  await school.judge('GET /api/quizzes/{id}/analysis', { path: `/api/quizzes/${quizId}/analysis`, as: instructor }, {
    status: 200,
    then: ({ json: { data } }) => {
      same([data.people, data.items.length, data.items[0].asked, data.items[0].difficulty, data.items[0].discrimination], [1, begun.questions.length, 1, 0, null], 'analysis')
    },
  })
})
for (const [who, as, status] of [['a stranger', undefined, 401], ['a learner', subscriber, 403]]) await row(`${who} does not see how a quiz works`, 'GET /api/quizzes/{id}/analysis', { path: `/api/quizzes/${quizId}/analysis`, as }, { status })
const tableAt = { path: `/api/quizzes/${quizId}/analysis/export` }
await row('the same as a table', 'GET /api/quizzes/{id}/analysis/export', { ...tableAt, as: instructor }, {
  status: 200,
  headers: { 'content-type': 'text/csv; charset=utf-8', 'content-disposition': 'attachment; filename="results-hear-what-you-play.csv"' },
  then: ({ text }) => expect(text.startsWith('number,questionId,kind,question,asked,answered,right,difficulty,discrimination,hint\r\n1,"') && !/[<>]p>/.test(text), text),
})
for (const [who, as, status] of [['a stranger', undefined, 401], ['a learner', subscriber, 403]]) await row(`${who} does not get the table`, 'GET /api/quizzes/{id}/analysis/export', { ...tableAt, as }, { status })
await row('a quiz that is none has no table', 'GET /api/quizzes/{id}/analysis/export', { path: `/api/quizzes/${strangeId}/analysis/export`, as: instructor }, { status: 404 })
await row('a quiz that is none is not analysed', 'GET /api/quizzes/{id}/analysis', { path: `/api/quizzes/${strangeId}/analysis`, as: instructor }, { status: 404 })
await test('no secret stands in the log', () => school.checkLog())

await school.stop()
finish()
