// A school in memory that answers as the API does, to build screens against: node tests/mock.mjs [port]
import { createServer } from 'node:http'
import { readFile } from 'node:fs/promises'
import { randomUUID } from 'node:crypto'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const dist = join(fileURLToPath(new URL('.', import.meta.url)), '..', 'dist')
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2' }
const csp = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; media-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
const at = () => new Date().toISOString()
let n = 0
const id = () => `01930000-0000-7000-8000-${String(++n).padStart(12, '0')}`

const abc1 = `X:1
T:Up and down the scale
M:4/4
L:1/4
Q:1/4=84
K:C
C D E F | G A B c | c B A G | F E D C |]`
const abc2 = `X:2
T:Ode to Joy
C:L. v. Beethoven
M:4/4
L:1/4
Q:1/4=100
K:C
"C"E E F G | "G"G F E D | "C"C C D E | "G"E>D D2 | "C"E E F G | "G"G F E D | "C"C C D E | "G"D>C "C"C2 |]`
const text = (abc) => `<p>A <strong>scale</strong> is a row of neighbouring notes. Play it slowly, listen to each step, and say its name aloud. The aim of this lesson is not speed but an even pulse: every note as long as the one before.</p>
<h2>Listen first</h2><p>Press play and follow the notes. Then slow it down until you could sing along.</p>
<pre class="abc" data-abc>${abc}</pre>
<h2>Why it sounds like that</h2><p>Between most neighbours lies a whole tone. Twice it is only half of that: from E to F and from B to C. These two half steps give the major scale its shape.</p>
<blockquote><p>Count aloud. A pulse you can hear is a pulse you can keep.</p></blockquote>
<ul><li>Five minutes a day beat an hour on Sunday.</li><li>Begin every practice with something you can already play.</li><li>Stop while it still goes well.</li></ul>
<table><thead><tr><th>Step</th><th>Name</th><th>Distance</th></tr></thead><tbody><tr><td>1</td><td>C</td><td>whole</td></tr><tr><td>2</td><td>D</td><td>whole</td></tr><tr><td>3</td><td>E</td><td>half</td></tr></tbody></table>`

function lesson(title, kind = 'text', extra = {}) {
  return { id: id(), title, kind, durationSeconds: 360, body: text(abc1), preview: false, quiz: null, ...extra }
}
function quiz(title) {
  return {
    id: id(), title, passPercent: 60, maxAttempts: 3,
    questions: [
      { id: id(), kind: 'single', question: '<p>How many half steps are in a major scale, from the first note to its octave?</p>', options: ['Two', 'Three', 'Five'], points: 1, right: 0, why: '<p>From E to F and from B to C, in C major.</p>' },
      { id: id(), kind: 'multiple', question: '<p>Which of these are neighbours a half step apart?</p>', options: ['C and D', 'E and F', 'B and C'], points: 2, right: [1, 2], why: '<p>The white keys without a black one between them.</p>' },
      { id: id(), kind: 'true_false', question: '<p>A scale must begin on C.</p>', options: [], points: 1, right: 1, why: '<p>It can begin anywhere; the pattern of steps makes it what it is.</p>' },
    ],
  }
}
const courses = [
  { id: id(), slug: 'reading-music', title: 'Reading Music from Nothing', summary: 'Notes, rhythm and scales, from the first line on the page to a tune you can play at sight.', access: 'paid', accent: 'slate', instructor: 'Imre Halasz', minutes: 95,
    bodyHtml: '<p>For people who have always wanted to read music and never found the beginning. You need no instrument; one nearby makes it more fun.</p><p>Every lesson has something to hear. Every level ends with a short quiz.</p>',
    modules: [
      { id: id(), title: 'The staff', level: 1, preview: true, lessons: [lesson('Five lines and what lives on them', 'text', { preview: true, body: text(abc2) }), lesson('The first five notes'), lesson('Check: names of notes', 'quiz', { quiz: quiz('Names of notes'), body: '<p>Three short questions about what you have read.</p>' })] },
      { id: id(), title: 'Pulse and rhythm', level: 1, preview: false, lessons: [lesson('Counting to four'), lesson('Long, short, silent')] },
      { id: id(), title: 'Scales', level: 2, preview: false, lessons: [lesson('Whole steps and half steps'), lesson('The major scale'), lesson('A tune at sight', 'text', { body: text(abc2) })] },
    ] },
  { id: id(), slug: 'money-for-musicians', title: 'Money for Musicians', summary: 'Price a lesson, read a contract, keep books that fit on one page.', access: 'paid', accent: 'ochre', instructor: null, minutes: 40,
    bodyHtml: '<p>A small school is a small business. This is what nobody told you.</p>',
    modules: [{ id: id(), title: 'What an hour costs', level: 1, preview: true, lessons: [lesson('Your real hourly rate', 'text', { preview: true, body: '<p>Start from the year.</p>' }), lesson('Case: the wedding that paid too little', 'case_review', { quiz: { id: id(), title: 'What would you have done?', passPercent: 50, maxAttempts: null, questions: [{ id: id(), kind: 'number', question: '<p>What did Ana earn an hour, all hours counted?</p>', options: [], points: 1, right: '12', why: '<p>240 for twenty hours: 12.</p>' }, { id: id(), kind: 'text', question: '<p>Which hours would you have put into the offer?</p>', options: [], points: 1, right: null, why: '<p>Travel and rehearsal belong in.</p>' }] }, body: '<p>Ana plays a wedding for 240. She rehearses eight hours, travels six and plays six.</p><p>The couple is happy. Ana is not.</p>' })] }] },
  { id: id(), slug: 'listening-room', title: 'The Listening Room', summary: 'Six short pieces and how to hear them.', access: 'free', accent: null, instructor: 'Imre Halasz', minutes: 30, bodyHtml: '', modules: [{ id: id(), title: 'Begin here', level: 1, preview: false, lessons: [lesson('What to listen for'), lesson('Bach: a minuet')] }] },
]
const price = (currency, amountMinor, interval) => ({ id: id(), currency, amountMinor, interval, intervalCount: 1 })
const plans = [
  { id: id(), code: 'all-access', name: 'All Access', description: 'Every course, and every course to come.', features: ['All courses and levels', 'Quizzes with immediate feedback', 'Playable scores at any tempo', 'Cancel whenever you like'], prices: [price('EUR', 1900, 'month'), price('EUR', 18000, 'year'), price('USD', 2100, 'month'), price('USD', 19900, 'year')], trialDays: 0, scope: { kind: 'all', id: null } },
  { id: id(), code: 'reading', name: 'Reading Music', description: 'One course, yours for good.', features: ['Reading Music from Nothing', 'All levels and quizzes', 'Paid once, no subscription'], prices: [price('EUR', 4900, 'once'), price('USD', 5400, 'once')], trialDays: 0, scope: { kind: 'course', id: courses[0].id } },
]

const users = new Map(), sessions = new Map(), checkouts = new Map(), attempts = new Map(), failNext = new Map()
function addUser(email, password, fullName) {
  const u = { password, id: id(), email, role: 'user', isOwner: false, emailVerified: true, fullName: fullName ?? null, avatarId: null, locale: 'en', timezone: 'Europe/Berlin', preferences: {}, leaderboardOptIn: false, createdAt: at(), updatedAt: at(), done: new Map(), positions: new Map(), passed: 0, sub: null, once: false, used: new Map(), best: new Map() }
  users.set(email, u)
  return u
}
const learner = addUser('learner@tuition.example', 'practice makes perfect', 'Mara Lindqvist')
learner.sub = { id: id(), plan: { id: plans[0].id, code: 'all-access', name: 'All Access' }, status: 'active', interval: 'month', amountMinor: 1900, currency: 'EUR', currentPeriodStart: at(), currentPeriodEnd: '2026-12-20T10:00:00Z', nextChargeAt: '2026-12-20T10:00:00Z', cancelAtPeriodEnd: false, trialEnd: null, provider: 'stripe' }
for (const l of courses[0].modules[0].lessons) learner.done.set(l.id, at())
addUser('free@tuition.example', 'practice makes perfect', 'Jo')

const entitled = (u, c) => c.access === 'free' ? Boolean(u) : Boolean(u && (u.sub || (u.once && c.slug === 'reading-music')))
const lessonsOf = (c) => c.modules.flatMap((m) => m.lessons)
const doneIn = (u, c) => lessonsOf(c).filter((l) => u?.done.has(l.id)).length
function locked(u, c, m) {
  if (!u) return 'login'
  if (!entitled(u, c)) return 'payment'
  const before = c.modules.filter((x) => x.level < m.level).flatMap((x) => x.lessons)
  return before.every((l) => u.done.has(l.id)) ? null : 'level'
}
const card = (u, c) => ({ id: c.id, slug: c.slug, title: c.title, summary: c.summary, access: c.access, entitled: entitled(u, c), lessonCount: lessonsOf(c).length, moduleCount: c.modules.length, levelCount: Math.max(...c.modules.map((m) => m.level)), minutes: c.minutes, accent: c.accent, progress: u && entitled(u, c) ? { lessonsDone: doneIn(u, c), lessonsTotal: lessonsOf(c).length, percent: Math.round((100 * doneIn(u, c)) / lessonsOf(c).length) } : null })
const outline = (u, c) => c.modules.map((m, i) => { const why = locked(u, c, m); return { id: m.id, title: m.title, level: m.level, orderIndex: i, preview: m.preview, locked: Boolean(why), lockReason: why, lessons: m.lessons.map((l) => ({ id: l.id, title: l.title, kind: l.kind, preview: l.preview, locked: Boolean(why) && !l.preview, durationSeconds: l.durationSeconds, completed: Boolean(u?.done.has(l.id)) })) } })
const stats = (u) => ({ lessonsDone: u.done.size, quizzesPassed: u.passed + (u === learner ? 1 : 0), minutes: u.done.size * 7, xp: u.done.size * 20, streakDays: u.done.size ? 4 : 0, streakBest: u.done.size ? 9 : 0, lastActiveDay: u.done.size ? at().slice(0, 10) : null })
const profile = (u) => ({ id: u.id, email: u.email, role: u.role, isOwner: u.isOwner, access: u.sub || u.once ? 'paid' : 'free', emailVerified: true, fullName: u.fullName, avatarId: null, locale: u.locale, timezone: u.timezone, preferences: {}, leaderboardOptIn: false, createdAt: u.createdAt, updatedAt: u.updatedAt, stats: stats(u) })
const courseProgress = (u, c, withLevels = true) => {
  const total = lessonsOf(c).length, done = doneIn(u, c)
  const levels = [...new Set(c.modules.map((m) => m.level))].map((level) => { const ls = c.modules.filter((m) => m.level === level).flatMap((m) => m.lessons); const d = ls.filter((l) => u.done.has(l.id)).length; return { level, lessonsTotal: ls.length, lessonsDone: d, completed: d === ls.length } })
  return { courseId: c.id, slug: c.slug, title: c.title, lessonsTotal: total, lessonsDone: done, percent: Math.round((100 * done) / total), completed: done === total, nextLessonId: c.modules.filter((m) => !locked(u, c, m)).flatMap((m) => m.lessons).find((l) => !u.done.has(l.id))?.id ?? null, levels: withLevels ? levels : [] }
}
const findLesson = (lid) => { for (const c of courses) for (const m of c.modules) for (const l of m.lessons) if (l.id === lid) return { c, m, l } }
const findQuiz = (qid) => { for (const c of courses) for (const l of lessonsOf(c)) if (l.quiz?.id === qid) return { c, l, q: l.quiz } }

class Refusal extends Error { constructor(status, code, message, details) { super(message); Object.assign(this, { status, code, details }) } }
const no = (status, code, message, details) => { throw new Refusal(status, code, message, details) }
const needUser = (u) => u ?? no(401, 'UNAUTHENTICATED', 'Sign in first.')
const list = (rows) => ({ rows })

function settle(c, outcome) {
  const u = c.user
  if (outcome === 'fail') c.status = 'failed'
  if (outcome === 'pay') { c.status = 'completed'; c.completedAt = at(); c.accessOpen = true
    if (c.price.interval === 'once') u.once = true
    else u.sub = { id: id(), plan: { id: c.plan.id, code: 'all-access', name: c.plan.name }, status: 'active', interval: c.price.interval, amountMinor: c.price.amountMinor, currency: c.price.currency, currentPeriodStart: at(), currentPeriodEnd: '2026-12-20T10:00:00Z', nextChargeAt: '2026-12-20T10:00:00Z', cancelAtPeriodEnd: false, trialEnd: null, provider: 'stripe' } }
}
const view = ({ user, ...c }) => c

const routes = [
  ['GET', '/api/config', () => ({ name: 'The Small Conservatory', mode: 'dev', currencies: ['EUR', 'USD'], providers: ['stripe'], features: { registration: true }, passwordMinLength: 12 })],
  ['POST', '/api/auth/register', ({ body }) => {
    const details = []
    if (!/^\S+@\S+$/.test(body.email ?? '')) details.push({ field: 'email', reason: 'This is not an email address.' })
    if ((body.password ?? '').length < 12) details.push({ field: 'password', reason: 'Use at least 12 characters.' })
    if (details.length) no(400, 'VALIDATION_ERROR', 'Please correct the marked fields.', details)
    if (!users.has(body.email)) addUser(body.email, body.password, body.fullName)
    return { email: body.email }
  }, 201],
  ['POST', '/api/auth/login', ({ body, set }) => {
    const u = users.get(body.email)
    if (!u || u.password !== body.password) no(401, 'INVALID_CREDENTIALS', 'Email or password is wrong.')
    const token = randomUUID(); sessions.set(token, u); set(token); return profile(u)
  }],
  ['POST', '/api/auth/logout', ({ set }) => (set(''), null)],
  ['POST', '/api/auth/refresh', ({ user }) => (needUser(user), { expiresAt: at() })],
  ['GET', '/api/auth/me', ({ user }) => ({ user: profile(needUser(user)), session: { id: id(), kind: 'browser', createdAt: at(), expiresAt: at() }, mfa: { enabled: false } })],
  ['GET', '/api/users/profile', ({ user }) => profile(needUser(user))],
  ['PUT', '/api/users/profile', ({ user, body }) => { needUser(user); if ((body.fullName ?? '').length > 80) no(400, 'VALIDATION_ERROR', 'Please correct the marked fields.', [{ field: 'fullName', reason: 'At most 80 characters.' }]); Object.assign(user, body); return profile(user) }],
  ['GET', '/api/plans', ({ user }) => list(plans.map((p) => ({ ...p, current: user?.sub?.plan.id === p.id || Boolean(user?.once && p.code === 'reading') })))],
  ['POST', '/api/billing/create-checkout-session', ({ user, body, slow }) => {
    needUser(user)
    const p = plans.find((x) => x.id === body.planId) ?? no(404, 'NOT_FOUND', 'That plan is not on sale.')
    if (user.sub) no(409, 'ALREADY_SUBSCRIBED', 'You have a subscription already.')
    const pr = p.prices.find((x) => x.interval === body.interval && x.currency === body.currency) ?? no(422, 'UNPROCESSABLE', 'No such price.')
    const c = { checkoutId: id(), status: 'open', url: null, provider: 'stripe', plan: { id: p.id, name: p.name }, price: { amountMinor: pr.amountMinor, currency: pr.currency, interval: pr.interval }, expiresAt: at(), createdAt: at(), completedAt: null, accessOpen: false, user }
    checkouts.set(c.checkoutId, c)
    const url = `/mock/checkout/${c.checkoutId}`
    if (user.email.startsWith('slow')) { setTimeout(() => (c.url = url), 4000); slow() } else c.url = url
    return view(c)
  }, 201],
  ['GET', '/api/billing/checkout/{id}', ({ user, p }) => { needUser(user); return view(checkouts.get(p.id) ?? no(404, 'NOT_FOUND', 'No such checkout.')) }],
  ['GET', '/api/billing/subscription', ({ user }) => needUser(user).sub],
  ['GET', '/api/courses', ({ user }) => list(courses.map((c) => card(user, c)))],
  ['GET', '/api/courses/{slug}', ({ user, p }) => { const c = courses.find((x) => x.slug === p.slug || x.id === p.slug) ?? no(404, 'NOT_FOUND', 'No such course.'); return { ...card(user, c), bodyHtml: c.bodyHtml, instructor: c.instructor, modules: outline(user, c), offers: c.access === 'free' ? [] : plans.filter((x) => x.scope.kind === 'all' || x.scope.id === c.id).map((x) => ({ planId: x.id, name: x.name })) } }],
  ['GET', '/api/modules', ({ user }) => (needUser(user), list(courses.flatMap((c) => outline(user, c).map((m) => ({ ...m, courseId: c.id, courseSlug: c.slug })))))],
  ['GET', '/api/lessons/{id}', ({ user, p }) => {
    const f = findLesson(p.id) ?? no(404, 'NOT_FOUND', 'No such lesson.')
    const { c, m, l } = f
    const why = locked(user, c, m)
    if (why && !l.preview) why === 'login' ? no(401, 'UNAUTHENTICATED', 'Sign in first.') : why === 'payment' ? no(402, 'PAYMENT_REQUIRED', 'This lesson needs a plan.') : no(403, 'LOCKED', 'Finish the level before.')
    const all = lessonsOf(c), i = all.indexOf(l)
    return { id: l.id, moduleId: m.id, courseId: c.id, courseSlug: c.slug, courseTitle: c.title, moduleTitle: m.title, level: m.level, title: l.title, kind: l.kind, bodyHtml: l.body, embedUrl: null, preview: l.preview, durationSeconds: l.durationSeconds, quizId: l.quiz?.id ?? null, previousLessonId: all[i - 1]?.id ?? null, nextLessonId: all[i + 1]?.id ?? null,
      progress: user ? { completed: user.done.has(l.id), completedAt: user.done.get(l.id) ?? null, positionSeconds: user.positions.get(l.id) ?? 0, scoreBest: null, scoreLast: null, updatedAt: null } : null }
  }],
  ['POST', '/api/progress/save', ({ user, body }) => {
    needUser(user)
    const { c, l } = findLesson(body.lessonId) ?? no(404, 'NOT_FOUND', 'No such lesson.')
    if (body.completed) user.done.set(l.id, at())
    if (body.positionSeconds !== undefined) user.positions.set(l.id, Math.max(user.positions.get(l.id) ?? 0, body.positionSeconds))
    return { progress: { scope: 'lesson', scopeId: l.id, completed: user.done.has(l.id), completedAt: user.done.get(l.id) ?? null, positionSeconds: user.positions.get(l.id) ?? 0, scoreBest: null, scoreLast: null, updatedAt: at() }, course: courseProgress(user, c, false), stats: stats(user) }
  }],
  ['GET', '/api/progress', ({ user }) => (needUser(user), { stats: stats(user), courses: courses.filter((c) => entitled(user, c)).map((c) => courseProgress(user, c)) })],
  ['GET', '/api/quizzes/{id}', ({ user, p }) => { needUser(user); const { l, q } = findQuiz(p.id) ?? no(404, 'NOT_FOUND', ''); return { id: q.id, lessonId: l.id, title: q.title, passPercent: q.passPercent, maxAttempts: q.maxAttempts, questions: q.questions.map(({ right, why, ...x }) => x), attemptsUsed: user.used.get(q.id) ?? 0, best: user.best.get(q.id) ?? null } }],
  ['POST', '/api/quizzes/{id}/attempts', ({ user, p }) => { needUser(user); const { q } = findQuiz(p.id); const used = (user.used.get(q.id) ?? 0) + 1; user.used.set(q.id, used); const a = { id: id(), quizId: q.id, no: used, startedAt: at(), deadlineAt: null, submittedAt: null, score: null, maxScore: q.questions.reduce((s, x) => s + x.points, 0), passed: null, answers: [] }; attempts.set(a.id, a); return a }, 201],
  ['POST', '/api/quizzes/{id}/attempts/{aid}/answers', ({ p, body }) => { const { q } = findQuiz(p.id); const x = q.questions.find((y) => y.id === body.questionId); const correct = x.right === null ? null : JSON.stringify(x.right) === JSON.stringify(body.answer); attempts.get(p.aid).answers.push({ questionId: x.id, correct, explanation: x.why }); return { questionId: x.id, correct, explanationHtml: x.why, points: correct === false ? 0 : x.points } }],
  ['POST', '/api/quizzes/{id}/attempts/{aid}/submit', ({ user, p }) => { const { q } = findQuiz(p.id); const a = attempts.get(p.aid); a.submittedAt = at(); a.score = q.questions.reduce((s, x) => s + (a.answers.find((y) => y.questionId === x.id)?.correct !== false ? x.points : 0), 0); a.passed = (100 * a.score) / a.maxScore >= q.passPercent; user.best.set(q.id, { score: a.score, maxScore: a.maxScore, passed: a.passed }); if (a.passed) user.passed++; return a }],
]

createServer(async (request, response) => {
  const url = new URL(request.url, 'http://x')
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  const raw = Buffer.concat(chunks).toString()
  const cookie = /tuition_at=([^;]+)/.exec(request.headers.cookie ?? '')?.[1]
  const user = sessions.get(cookie) ?? null
  const json = (status, value, headers = {}) => { response.writeHead(status, { 'Content-Type': 'application/json', 'X-Request-Id': 'req-' + n, ...headers }); response.end(JSON.stringify({ ...value, timestamp: at() })) }
  const pay = /^\/mock\/checkout\/(.+)$/.exec(url.pathname)
  if (pay) {
    const c = checkouts.get(pay[1])
    if (request.method === 'GET') { response.writeHead(200, { 'Content-Type': 'text/html' }); return response.end(`<form method="post">${['pay', 'fail', 'cancel', 'delay', 'twice', 'disorder'].map((o) => `<button name="outcome" value="${o}">${o}</button>`).join('')}</form>`) }
    const outcome = new URLSearchParams(raw).get('outcome')
    if (outcome === 'delay') setTimeout(() => settle(c, 'pay'), 5000)
    else settle(c, outcome === 'twice' || outcome === 'disorder' ? 'pay' : outcome)
    response.writeHead(303, { Location: `/app/checkout/${c.checkoutId}?result=${outcome === 'cancel' || outcome === 'fail' ? 'cancel' : 'success'}` })
    return response.end()
  }
  if (url.pathname === '/dev/outbox') {
    response.writeHead(200, { 'Content-Type': 'application/json' })
    return response.end(JSON.stringify([...users.keys()].map((to) => ({ id: id(), from: 'school', to, subject: 'Welcome', text: '', html: '', receivedAt: at() }))))
  }
  if (url.pathname.startsWith('/api/')) {
    for (const [method, path, handle, status = 200] of routes) {
      const match = new RegExp('^' + path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)') + '$').exec(url.pathname)
      if (!match || method !== request.method) continue
      const headers = {}
      let code = status
      try {
        const data = handle({ user, body: raw ? JSON.parse(raw) : {}, p: match.groups ?? {}, set: (token) => (headers['Set-Cookie'] = `tuition_at=${token}; Path=/; HttpOnly; SameSite=Lax`), slow: () => (code = 202) })
        return json(code, data?.rows ? { success: true, data: data.rows, page: { limit: 100, nextCursor: null } } : { success: true, data }, headers)
      } catch (error) {
        return json(error.status ?? 500, { success: false, error: { code: error.code ?? 'INTERNAL_ERROR', message: error.status ? error.message : String(error.stack), details: error.details } })
      }
    }
    return json(404, { success: false, error: { code: 'NOT_FOUND', message: 'No such route.' } })
  }
  const file = extname(url.pathname) ? url.pathname : '/index.html'
  try {
    const content = await readFile(join(dist, file))
    response.writeHead(200, { 'Content-Type': types[extname(file)] ?? 'application/octet-stream', 'Content-Security-Policy': csp })
    response.end(content)
  } catch {
    response.writeHead(404)
    response.end()
  }
}).listen(Number(process.argv[2] ?? 4600), '127.0.0.1', function () { console.log(`http://127.0.0.1:${this.address().port}`) })
