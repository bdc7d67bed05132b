// T93: many ask for what costs much, all at once. Everything is answered, whole or with a wait, others are served meanwhile,
// memory comes back, and one person alone meets the limit first.
import { readFileSync } from 'node:fs'
import { expect, fail, finish, same, School, test } from '../lib/rows.mjs'
import { Study } from '../lib/study.mjs'

const mib = 1024 * 1024
const school = await School.start({ env: { RATE_LIMIT_ENABLED: 'false' } })
const teacher = await school.demo('instructor')
const study = await Study.make(school, teacher)
const learner = await school.member()
await study.finish(learner)
async function made(path, body, as = teacher) {
  const answer = await school.send({ method: 'POST', path, as, body })
  return answer.status < 300 ? answer.json.data : fail(`${path}: ${answer.status} ${answer.text.slice(0, 300)}`)
}
const { serial } = await made(`/api/courses/${study.course.id}/certificate`, { name: 'A. Learner' }, learner)
// A course with a quiz, and with a recording that makes an archive of some size.
const module = await made(`/api/courses/${study.course.id}/modules`, { title: 'More', level: 1 })
const quiz = await made('/api/quizzes', { moduleId: module.id, title: 'Check' })
await made(`/api/quizzes/${quiz.id}/questions`, { kind: 'text', question: 'What?', accepted: ['that'] })
const recording = Buffer.alloc(8 * mib, 7)
recording.write('ID3\x04\x00\x00\x00\x00\x00\x00', 0, 'latin1')
recording.writeUInt32BE(0xfffb9064, 10)
const media = await school.send({ method: 'POST', path: '/api/media?purpose=lesson&name=long.mp3', as: teacher, raw: recording, type: 'audio/mpeg' })
same(media.status, 201, media.text.slice(0, 300))
await made(`/api/modules/${module.id}/lessons`, { title: 'Hear', kind: 'audio', mediaId: media.json.data.id })
const attempt = await made(`/api/quizzes/${quiz.id}/attempts`, {}, learner)
await made(`/api/quizzes/${quiz.id}/attempts/${attempt.id}/submit`, {}, learner)

const anyone = undefined
const costly = {
  'a search': { path: '/api/search?q=the%20and%20music%20read%20of%20a', as: learner },
  'a search by who is not signed in': { path: '/api/search?q=money%20or%20music', as: anyone },
  'a leaderboard': { path: '/api/leaderboard?window=all&limit=100', as: learner },
  'a course as an archive': { path: `/api/courses/${study.course.id}/export`, as: teacher },
  'a table of learners': { path: `/api/courses/${study.course.id}/learners/export`, as: teacher },
  'results': { path: `/api/quizzes/${quiz.id}/analysis`, as: teacher },
  'a table of results': { path: `/api/quizzes/${quiz.id}/analysis/export`, as: teacher },
  'a certificate': { path: `/api/certificates/${serial}/document`, as: learner },
  'a preview of 300,000 characters': { method: 'POST', path: '/api/markdown/preview', as: teacher, body: { markdown: '[a](b) *c* '.repeat(27_000) } },
}

const resident = () => Number(readFileSync(`/proc/${school.server.pid}/status`, 'utf8').match(/^VmRSS:\s+(\d+) kB/m)[1]) / 1024
for (const [what, request] of Object.entries(costly))
  await test(`${what}, fifty times at once, is answered, and others are served meanwhile`, async () => {
    const before = resident()
    let over = false
    const storm = Promise.all(Array.from({ length: 50 }, () => school.send({ ...request, seconds: 120 }))).finally(() => (over = true))
    const waits = []
    do {
      const began = Date.now()
      same((await school.send({ path: '/api/plans' })).status, 200, 'plans meanwhile')
      waits.push(Date.now() - began)
    } while (!over)
    const answers = await storm
    for (const answer of answers) {
      expect([200, 429, 503].includes(answer.status), `${answer.status} ${answer.text.slice(0, 300)}`)
      if (answer.status !== 200) expect(/^\d+$/.test(answer.headers['retry-after'] ?? ''), 'Retry-After')
    }
    same(new Set(answers.filter((each) => each.status === 200).map((each) => (each.json ? JSON.stringify(each.json.data) : each.text))).size, 1, 'different answers')
    const grown = resident() - before
    console.log(`    ${answers.filter((each) => each.status === 200).length} of 50 at once; plans answered within ${Math.max(...waits)} ms; memory grew by ${grown.toFixed(0)} MiB`)
    expect(grown < 128, `memory grew by ${grown.toFixed(0)} MiB`)
  })

await test('the server goes on', async () => same((await school.send({ path: '/health' })).status, 200, 'health'))

const limited = await School.start({ env: { RATE_LIMIT_ENABLED: 'true' } })
await test('one person who asks without end waits, and others do not', async () => {
  const greedy = await limited.member()
  const other = await limited.member()
  const seen = {}
  for (let asked = 0; asked < 6000 && !seen[429]; asked += 50)
    for (const { status, headers } of await Promise.all(Array.from({ length: 50 }, () => limited.send({ path: '/api/search?q=music', as: greedy })))) {
      seen[status] = (seen[status] ?? 0) + 1
      if (status === 429) expect(/^\d+$/.test(headers['retry-after'] ?? ''), 'Retry-After')
    }
  expect(seen[429] > 0, `never asked to wait: ${JSON.stringify(seen)}`)
  same((await limited.send({ path: '/api/courses', as: other })).status, 200, 'somebody else')
})

finish()
