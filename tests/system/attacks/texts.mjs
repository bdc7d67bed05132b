// T40, as far as the server makes pages: whatever people may write, in every field that takes a text, comes back as it was
// written, and is only ever text in what the server renders: lessons, certificates, invoices, mail, tables.
import { randomUUID } from 'node:crypto'
import { password, until } from '../lib/client.mjs'
import { harmful, taken } from '../lib/harmful.mjs'
import { expect, fail, finish, same, School, test } from '../lib/rows.mjs'
import { Shop } from '../lib/shop.mjs'
import { Study } from '../lib/study.mjs'

const school = await School.start({ env: { RATE_LIMIT_ENABLED: 'false' } })
const shop = new Shop(school)
const teacher = await school.demo('instructor')
const chief = await school.demo('owner')
const price = { currency: 'USD', amountMinor: 900 }

await test('the judge knows harm from text', () => {
  for (const text of harmful.filter((each) => each.includes('<'))) expect(taken(`<p>${text}</p>`).length > 0, text)
  for (const tag of ['<p onclick="x()">', '<a href="javascript:x">', '<script>x</script>', '<iframe src="x">']) expect(taken(tag).length > 0, tag)
  const escaped = harmful.map((each) => each.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')).join(' ')
  same(taken(`<!doctype html><title>${escaped}</title><script src="/theme.js"></script><p title="${escaped}">${escaped}</p>`), [], 'escaped')
})

async function ask(as, method, path, body) {
  const answer = await school.send({ method, path, as, body })
  return answer.status < 300 ? answer.json.data : fail(`${method} ${path} ${JSON.stringify(body)}: ${answer.status} ${answer.text.slice(0, 300)}`)
}
const clean = (html, what) => same(taken(html), [], what)
// Sends a form and finds its texts again where they are read.
async function kept(as, method, path, body, read = (data) => data) {
  const data = await read(await ask(as, method, path, body))
  for (const [name, value] of Object.entries(body)) if (harmful.includes(value)) same(String(data[name]).trimEnd(), value, `${method} ${path}: ${name}`)
  return data
}
const page = async (path, as) => {
  const answer = await school.send({ path, as, headers: { Accept: 'text/html' } })
  expect(answer.status === 200 && answer.headers['content-type'].startsWith('text/html'), `${path}: ${answer.status} ${answer.headers['content-type']}`)
  return answer.text
}

for (const [number, text] of harmful.entries()) {
  let learner
  await test(`${text} is a name, a device and a key like any other`, async () => {
    learner = await school.member({ fullName: text })
    same((await ask(learner, 'GET', '/api/users/profile')).fullName, text, 'the name')
    await kept(learner, 'PUT', '/api/users/profile', { fullName: text })
    await kept(learner, 'POST', '/api/users/me/api-keys', { name: text, scopes: ['profile:read'], password }, async () => (await ask(learner, 'GET', '/api/users/me/api-keys'))[0])
    await school.send({ method: 'POST', path: '/api/auth/login?token=1', body: { email: learner.email, password }, headers: { 'User-Agent': text } })
    expect((await ask(learner, 'GET', '/api/auth/sessions')).length > 1, 'the device')
    await kept(learner, 'PUT', '/api/billing/details', { name: text, address: { line1: text, line2: text, city: text, region: text, country: 'KE' } })
    await kept(chief, 'PUT', `/api/users/${learner.profile.id}`, { fullName: text })
  })
  await test(`${text} is text in a course, and markup of nothing`, async () => {
    const course = await kept(teacher, 'POST', '/api/courses', { title: text, slug: `texts-${number}`, summary: text, bodyMarkdown: text, instructorName: text }, (made) => ask(teacher, 'GET', `/api/studio/courses/${made.id}`))
    const module = await kept(teacher, 'POST', `/api/courses/${course.id}/modules`, { title: text, bodyMarkdown: text }, (made) => ask(teacher, 'GET', `/api/studio/modules/${made.id}`))
    const lesson = await kept(teacher, 'POST', `/api/modules/${module.id}/lessons`, { title: text, bodyMarkdown: text }, (made) => ask(teacher, 'GET', `/api/studio/lessons/${made.id}`))
    const quiz = await kept(teacher, 'POST', '/api/quizzes', { moduleId: module.id, title: text })
    const questions = [
      { kind: 'single', question: text, choices: [{ text, right: true }, { text: 'another', right: false }], explanation: text },
      { kind: 'text', question: text, accepted: [text], explanation: text },
      { kind: 'ordering', question: text, order: [text, 'another'] },
      { kind: 'matching', question: text, pairs: [{ left: text, right: text }, { left: 'another', right: 'other' }] },
    ]
    for (const question of questions) await ask(teacher, 'POST', `/api/quizzes/${quiz.id}/questions`, question)
    await ask(teacher, 'POST', `/api/courses/${course.id}/publish`, {})
    clean((await ask(undefined, 'GET', `/api/courses/texts-${number}`)).bodyHtml, 'the course')
    clean((await ask(teacher, 'GET', `/api/modules/${module.id}`)).bodyHtml, 'the module')
    clean((await ask(teacher, 'GET', `/api/lessons/${lesson.id}`)).bodyHtml, 'the lesson')
    clean((await ask(teacher, 'POST', '/api/markdown/preview', { markdown: text })).html, 'the preview')
    // What is shown of questions is HTML; what is not, is their authors' own.
    const shown = (await ask(teacher, 'GET', `/api/quizzes/${quiz.id}/questions`)).questions.map((each) => each.questionHtml)
    same(shown.length, questions.length, 'questions')
    for (const html of shown) clean(html, 'the question')
    const results = await school.send({ path: `/api/quizzes/${quiz.id}/analysis/export`, as: teacher })
    same(results.status, 200, 'the table of results')
    expect(!/(^|,|")[=+@]/m.test(results.text.slice(results.text.indexOf('\n'))), `a formula: ${results.text}`)
    const attempt = await ask(teacher, 'POST', `/api/quizzes/${quiz.id}/attempts`, {})
    for (const question of attempt.questions) clean(question.question, 'the question asked')
    const file = await school.send({ method: 'POST', path: `/api/media?purpose=lesson&name=${encodeURIComponent(text)}`, as: teacher, raw: `%PDF-1.7 ${randomUUID()}`, type: 'application/pdf' })
    same(file.status, 201, 'the file')
    const { headers } = await school.send({ path: file.json.data.url })
    expect(/^attachment; filename="[^"<>\r\n]*"/.test(headers['content-disposition']), headers['content-disposition'])
  })
  await test(`${text} is text on a certificate and in a table of learners`, async () => {
    const study = await Study.make(school, teacher, { title: text, slug: `study-${number}`, summary: text, instructorName: text })
    await study.finish(learner)
    const { serial } = await kept(learner, 'POST', `/api/courses/${study.course.id}/certificate`, { name: text })
    clean(await page(`/api/certificates/${serial}/document`, learner), 'the certificate')
    clean(await page(`/certificates/verify/${serial}`), 'its public page')
    const table = await school.send({ path: `/api/courses/${study.course.id}/learners/export`, as: teacher })
    same(table.status, 200, 'the table')
    expect(!/(^|,|")[=+@]/m.test(table.text.slice(table.text.indexOf('\n'))), `a formula: ${table.text}`)
    await ask(teacher, 'POST', `/api/certificates/${serial}/revoke`, { reason: text })
    clean(await page(`/certificates/verify/${serial}`), 'its public page, taken back')
  })
  await test(`${text} is text on what is sold, on invoices and in reasons`, async () => {
    const plan = await kept(chief, 'POST', '/api/plans', { code: `texts-${number}`, name: text, description: text, prices: [price], features: [text] })
    await kept(chief, 'POST', '/api/products', { code: `texts-${number}`, name: text, description: text, kind: 'full_access', opens: [{ kind: 'all' }], prices: [price] })
    await kept(chief, 'POST', '/api/coupons', { code: `TEXTS${number}`, name: text, percent: 10 })
    const manual = await kept(learner, 'POST', '/api/billing/manual-payments', { planId: plan.id, method: 'cash', note: text })
    await kept(learner, 'PUT', `/api/billing/manual-payments/${manual.id}`, { note: text })
    await ask(chief, 'POST', `/api/admin/manual-payments/${manual.id}/reject`, { note: text })
    const checkout = await shop.begin(learner, { planId: plan.id })
    await shop.act(checkout, 'pay')
    await shop.finished(learner, checkout.checkoutId)
    const invoice = await until('the invoice', async () => (await ask(learner, 'GET', '/api/billing/invoices'))[0])
    clean(await page(`/api/billing/invoices/${invoice.id}/document?format=html`, learner), 'the invoice')
    await ask(learner, 'POST', '/api/billing/cancel-subscription', { reason: 'other', comment: text })
    const payment = await until('the payment', async () => (await ask(learner, 'GET', '/api/billing/payments'))[0])
    await ask(chief, 'POST', `/api/admin/payments/${payment.id}/refund`, { amountMinor: 100, reason: text })
    await ask(learner, 'POST', '/api/payment/initiate', { email: learner.email, amount: 500, notes: text })
  })
  await test(`${text} is text in every mail`, async () => {
    // What was bought, earned, taken back and refused is told, among others.
    const mails = await until('six mails', async () => {
      const all = await school.outbox(learner.email)
      return all.length >= 6 && all
    })
    for (const mail of mails) {
      clean(mail.html, mail.subject)
      expect(!/[\r\n]/.test(mail.subject), mail.subject)
    }
  })
}
await test('the trail tells all of it as text, and the log is one JSON object per line', async () => {
  const trail = await school.send({ path: '/api/admin/audit-logs/export', as: chief })
  for (const line of trail.text.trim().split('\n')) JSON.parse(line)
  school.checkLog()
})
await school.stop()
finish()
