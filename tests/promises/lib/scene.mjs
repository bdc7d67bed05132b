// Whose things the routes are about: people in a demo school, and one of them, the owner, has one of everything that a
// path can name. A route whose path names something new needs a line here.
import { randomUUID } from 'node:crypto'
import { demoPassword, freshAddress, password, until } from '../../system/lib/client.mjs'
import { fail } from '../../system/lib/rows.mjs'
import { Study } from '../../system/lib/study.mjs'
import { Shop } from '../../system/lib/shop.mjs'

// What teachers do to a course of theirs.
const authoring = /^(PUT|DELETE) \/api\/(courses\/\{idOrSlug\}$|(modules|lessons|quizzes)\/\{)|^POST \/api\/(courses\/\{id\}\/(publish|withdraw|modules)|modules\/\{id\}\/lessons|quizzes\/\{id\}\/questions)/
// What only somebody does who has bought something, or has learned something.
const owned = /attempt|\/subscriptions\/(scheduled-change|preview-change|upgrade)$|\/billing\/(cancel|resume)-subscription$|\/billing\/customer-portal$|\/billing\/checkout\/\{id\}\/verify$|\/practice\/\{id\}\/answers$|\/courses\/\{id\}\/(certificate$|learners\/\{userId\})|manual-payments\/\{id\}/

// What a plan or a product costs.
const price = { currency: 'USD', amountMinor: 900 }

const trial = '```practice\nexercises: 2\npass: 50\n- interval, level 1\n```\n'

export const callers = ['anonymous', 'other', 'owner', 'otherInstructor', 'instructor', 'admin']

// Words that only the owner, and administrators where they see people, may be told.
export const ownersName = 'Odile Uniquename'

export class Scene {
  static async set(school) {
    const scene = new Scene()
    scene.school = school
    scene.shop = new Shop(school)
    scene.chief = await school.demo('owner')
    const data = async (path, as) => {
      const answer = await school.send({ path, as })
      return answer.status === 200 ? answer.json.data : fail(`${path}: ${answer.status} ${answer.text.slice(0, 200)}`)
    }
    scene.data = data
    scene.plan = await scene.shop.plan()
    scene.plans = await scene.shop.plans()
    scene.dearer = await scene.shop.plan('studio-pass')
    scene.product = (await data('/api/products'))[0]
    const courses = await data('/api/courses')
    for (const card of courses) {
      const course = await data(`/api/courses/${card.slug}`)
      const lessons = course.modules.flatMap((each) => each.lessons.map((one) => ({ ...one, moduleId: each.id, level: each.level })))
      const quiz = lessons.find((each) => each.kind === 'quiz' && each.level === 1)
      const lesson = lessons.find((each) => each.kind !== 'quiz' && !each.preview && each.level === 1)
      if (course.access === 'paid' && quiz && lesson) Object.assign(scene, { course, quizLesson: quiz, lesson })
    }
    if (!scene.course) fail('the demo school has no paid course with a quiz in its first level')
    scene.debtors = { stripe: await scene.newDebtors('USD', 4), paystack: await scene.newDebtors('KES', 4) }
    await scene.owe()
    await scene.newcomers()
    scene.owner = await scene.newOwner()
    scene.written = await scene.newCourse()
    scene.film = await scene.newFilm()
    scene.shared = await scene.lessonFile()
    scene.zip = (await school.send({ path: `/api/courses/${scene.study.course.id}/export`, as: await school.demo('instructor') })).bytes
    const post = async (path, body, as = scene.chief) => (await school.send({ method: 'POST', path, as, body })).json.data
    scene.reference = (await post('/api/payment/initiate', { email: scene.owner.email, amount: 500 }, await school.signIn(scene.owner.email))).reference
    scene.countries = ['XK', 'XL', 'XM', 'XN', 'XO', 'XP', 'XQ', 'XR', 'XS']
    await scene.newRate()
    scene.spare = {
      plan: (await post('/api/plans', { code: 'spare', name: 'Spare', prices: [price] })).id,
      product: (await post('/api/products', { code: 'spare', name: 'Spare', prices: [price], kind: 'full_access', opens: [{ kind: 'all' }] })).id,
    }
    scene.coupon = (await post('/api/coupons', { code: 'SCENE10', percent: 10 })).id
    scene.run = (await post('/api/admin/reconcile', {})).id
    scene.event = (await data('/api/admin/webhook-events', scene.chief))[0].id
    return scene
  }

  // Those who ask for the owner's things, without a past.
  async newcomers() {
    this.people = { other: await this.person(), otherInstructor: await this.person('instructor'), admin: await this.person('admin') }
  }

  // Whose things a request is about. What changes something is about somebody new, who has all that it needs.
  async ownerFor(name, template) {
    if (name.startsWith('GET ')) return this.owner
    if (owned.test(name)) return this.newOwner(name)
    const owner = await this.plainOwner({
      signedIn: /sessions\/\{id\}/.test(template),
      withFile: /^DELETE \/api\/media/.test(name),
      withKey: /api-keys/.test(template),
      withCourse: authoring.test(name),
      invited: /users\/\{id\}\/invite$/.test(name),
    })
    if (/invoices\/\{id\}\/(void|retry)$/.test(name)) owner.invoice = this.debtors.stripe.shift().invoice
    if (/dunning\/cases\/\{id\}/.test(name)) owner.case = this.debtors.paystack.shift().case
    if (/tax-rates\/\{id\}/.test(name)) owner.rate = await this.newRate()
    return owner
  }

  // People whose renewal is going to fail: Stripe, which bills dollars, has an open invoice then, and what we renew ourselves
  // with Paystack becomes a case.
  async newDebtors(currency, count) {
    const debtors = []
    for (let i = 0; i < count; i += 1) {
      const debtor = await this.person('user', ownersName)
      const session = await this.school.signIn(debtor.email)
      const checkout = await this.shop.begin(session, { body: { currency } })
      await this.shop.act(checkout, 'pay')
      await this.shop.finished(session, checkout.checkoutId)
      await until('the invoice', async () => (await this.data('/api/billing/invoices', session))[0]?.status === 'paid')
      debtors.push(debtor)
    }
    return debtors
  }
  async owe() {
    await this.shop.mischief({ renewals: 'fail' })
    await this.shop.advance('P32D')
    this.chief = await this.school.demo('owner')
    for (const debtor of this.debtors.stripe) debtor.invoice = await until('an open invoice', async () => (await this.data('/api/admin/invoices?status=open&limit=100', this.chief)).find((each) => each.email === debtor.email)?.id)
    for (const debtor of this.debtors.paystack) debtor.case = await until('a case', async () => (await this.data('/api/admin/dunning/cases?status=open&limit=100', this.chief)).find((each) => each.email === debtor.email)?.id)
    await this.shop.mischief({ renewals: 'pay' })
    this.hourAgo = new Date((await this.shop.now() - 3600) * 1000).toISOString()
  }

  async newRate() {
    const made = await this.school.send({ method: 'POST', path: '/api/admin/tax-rates', as: this.chief, body: { country: this.countries.shift(), name: 'VAT', basisPoints: 1600 } })
    return made.status === 201 ? made.json.data.id : fail(`cannot make a tax rate: ${made.status} ${made.text}`)
  }

  // Without a password somebody is invited.
  async person(role = 'user', fullName = 'Somebody Else', invited = false) {
    const email = freshAddress()
    const made = await this.school.send({ method: 'POST', path: '/api/users', as: this.chief, body: { email, fullName, role, ...(invited ? {} : { password }) } })
    if (made.status !== 201) fail(`cannot add a person: ${made.status} ${made.text}`)
    return { email, id: made.json.data.id, invited }
  }

  // A subscriber with a checkout, an invoice and an attempt at a quiz, and what `name`d operation asks for.
  async newOwner(name = '') {
    const owner = await this.person('user', ownersName)
    const session = await this.school.signIn(owner.email)
    const checkout = await this.shop.begin(session)
    await this.shop.act(checkout, 'pay')
    await this.shop.finished(session, checkout.checkoutId)
    owner.checkout = checkout.checkoutId
    owner.subscription = (await this.shop.subscription(session)).id
    owner.invoice = (await until('the invoice', async () => (await this.data('/api/billing/invoices', session))[0])).id
    owner.payment = (await until('the payment', async () => (await this.data('/api/billing/payments', session))[0])).id
    owner.manual = (await this.school.send({ method: 'POST', path: '/api/billing/manual-payments', as: session, body: { productId: this.product.id, method: 'cash' } })).json.data.id
    const lesson = await this.data(`/api/lessons/${this.quizLesson.id}`, session)
    owner.quiz = await this.data(`/api/quizzes/${lesson.quizId}`, session)
    const attempt = await this.school.send({ method: 'POST', path: `/api/quizzes/${owner.quiz.id}/attempts`, as: session, body: {} })
    owner.attempt = attempt.json.data.id
    // A free course that is finished, with its certificate; and a round of practice in it.
    this.study ??= await Study.make(this.school, await this.school.demo('instructor'))
    owner.round = (await this.study.finish(session)).id
    const certificate = await this.school.send({ method: 'POST', path: `/api/courses/${this.study.course.id}/certificate`, as: session, body: { name: 'Name On Paper' } })
    owner.serial = certificate.json.data.serial
    owner.proof = await this.proofOf(session)
    owner.key = await this.keyOf(session)
    const post = async (path, body) => {
      const answer = await this.school.send({ method: 'POST', path, as: session, body })
      return answer.status < 300 ? answer.json.data : fail(`${path}: ${answer.status} ${answer.text.slice(0, 200)}`)
    }
    if (/practice\/\{id\}\/answers$/.test(name)) owner.round = (await post(`/api/lessons/${this.study.practice.id}/practice`, {})).id
    if (/resume-subscription$/.test(name)) await post('/api/billing/cancel-subscription', {})
    // Up at once, then down with the next period.
    if (/scheduled-change$/.test(name)) for (const { id } of [this.dearer, this.plan]) await post('/api/subscriptions/upgrade', { planId: id })
    return owner
  }

  // A lesson with a film of another site, in a course that is paid for.
  async newFilm() {
    const as = await this.school.demo('instructor')
    const make = async (path, body) => {
      const made = await this.school.send({ method: 'POST', path, as, body })
      return made.status < 300 ? made.json.data : fail(`${path}: ${made.status} ${made.text.slice(0, 300)}`)
    }
    const course = await make('/api/courses', { title: 'A course with a film', summary: 'To be watched.', access: 'paid' })
    const module = await make(`/api/courses/${course.id}/modules`, { title: 'Module', level: 1 })
    const lesson = await make(`/api/modules/${module.id}/lessons`, { title: 'Watch', kind: 'embed', embedUrl: 'https://www.youtube.com/watch?v=dQw4w9WgXcQ' })
    await make(`/api/courses/${course.id}/publish`, {})
    return lesson.id
  }

  // A file of the instructor's, for lessons.
  async lessonFile() {
    const sent = await this.school.send({ method: 'POST', path: '/api/media?purpose=lesson&name=score.pdf', as: await this.school.demo('instructor'), raw: '%PDF-1.7 of the instructor', type: 'application/pdf' })
    return sent.status === 201 ? sent.json.data.id : fail(`cannot upload: ${sent.status} ${sent.text}`)
  }

  // A finished course of the instructor's that may come to harm.
  async newCourse() {
    const as = await this.school.demo('instructor')
    const make = async (path, body) => {
      const made = await this.school.send({ method: 'POST', path, as, body })
      return made.status === 201 ? made.json.data : fail(`${path}: ${made.status} ${made.text.slice(0, 200)}`)
    }
    const course = await make('/api/courses', { title: 'A course to spoil', summary: 'For nothing.' })
    const module = await make(`/api/courses/${course.id}/modules`, { title: 'Module' })
    const lesson = await make(`/api/modules/${module.id}/lessons`, { title: 'Lesson', bodyMarkdown: 'Text.' })
    const quiz = await make('/api/quizzes', { moduleId: module.id, title: 'Quiz' })
    const question = await make(`/api/quizzes/${quiz.id}/questions`, { kind: 'text', question: 'Which?', accepted: ['this'] })
    return { course: course.id, slug: course.slug, module: module.id, lesson: lesson.id, quiz: quiz.id, quizLesson: quiz.lessonId, question: question.id }
  }

  // A file of theirs that nobody else may see.
  async proofOf(session) {
    const sent = await this.school.send({ method: 'POST', path: '/api/media?purpose=proof&name=paid.pdf', as: session, raw: `%PDF-1.7 ${session.profile.id}`, type: 'application/pdf' })
    return sent.status === 201 ? sent.json.data.id : fail(`cannot upload: ${sent.status} ${sent.text}`)
  }

  async keyOf(session) {
    const made = await this.school.send({ method: 'POST', path: '/api/users/me/api-keys', as: session, body: { name: 'Backup', scopes: ['profile:read'], password } })
    return made.status === 201 ? made.json.data.id : fail(`cannot make a key: ${made.status} ${made.text}`)
  }

  // Somebody without anything but an account: enough where the path names a person.
  async plainOwner({ signedIn = false, withFile = false, withKey = false, withCourse = false, invited = false } = {}) {
    const owner = { ...this.owner, ...(await this.person('user', ownersName, invited)) }
    if (signedIn) owner.session = (await this.data('/api/auth/me', await this.school.signIn(owner.email))).session.id
    if (withKey) owner.key = await this.keyOf(await this.school.signIn(owner.email))
    if (withFile) owner.proof = await this.proofOf(await this.school.signIn(owner.email))
    if (withCourse) owner.written = await this.newCourse()
    return owner
  }

  // Signed in anew, so that no request spoils the next one's session.
  async as(caller, owner) {
    switch (caller) {
      case 'anonymous':
        return undefined
      case 'instructor':
        return this.school.demo('instructor')
      case 'owner':
        // Whoever is invited only cannot sign in yet.
        return this.school.signIn(owner.invited ? this.people.other.email : owner.email)
      default:
        return this.school.signIn(this.people[caller].email)
    }
  }

  // The path with the owner's ids in it.
  path(template, owner, method) {
    if (template === '/api/search') return `${template}?q=lesson`
    const { course, slug, module, lesson, quiz, question } = owner.written ?? this.written
    const ids = [
      ...(owner.written
        ? [
            [/^\/api\/courses\/\{/, { id: course, idOrSlug: slug }],
            [/^\/api\/modules\/\{id\}/, { id: module }],
            [/^\/api\/lessons\/\{id\}/, { id: lesson }],
            [/^\/api\/quizzes\/\{id\}/, { id: quiz, questionId: question }],
          ]
        : []),
      [/^\/api\/studio\/courses\/\{id\}/, { id: course }],
      [/^\/api\/studio\/modules\/\{id\}/, { id: module }],
      [/^\/api\/studio\/lessons\/\{id\}/, { id: lesson }],
      [/^(\/api)?\/(users\/me|admin)\/api-keys\/\{id\}/, { id: owner.key }],
      [/^(\/api)?(\/admin)?\/users\/\{id\}/, { id: owner.id }],
      [/^\/api\/billing\/checkout\/\{id\}/, { id: owner.checkout }],
      [/^\/api\/billing\/invoices\/\{id\}/, { id: owner.invoice }],
      [/^\/api\/billing\/manual-payments\/\{id\}/, { id: owner.manual }],
      [/^(\/api)?\/admin\/invoices\/\{id\}/, { id: owner.invoice }],
      [/^(\/api)?\/admin\/payments\/\{id\}/, { id: owner.payment }],
      [/^(\/api)?\/admin\/manual-payments\/\{id\}/, { id: owner.manual }],
      [/^(\/api)?\/admin\/webhook-events\/\{id\}/, { id: this.event }],
      [/^(\/api)?\/admin\/reconcile\/runs\/\{id\}/, { id: this.run }],
      [/^(\/api)?\/admin\/tax-rates\/\{id\}/, { id: owner.rate }],
      [/^(\/api)?\/admin\/subscriptions\/\{id\}/, { id: owner.subscription }],
      [/^\/api\/coupons\/\{id\}/, { id: this.coupon }],
      [/^(\/api)?\/admin\/dunning\/cases\/\{id\}/, { id: owner.case }],
      [/^\/api\/payment\/verify\/\{reference\}/, { reference: this.reference }],
      [/^\/api\/auth\/sessions\/\{id\}/, { id: owner.session }],
      // What is taken off sale is nothing that the others buy.
      [/^(\/api)?\/plans\/\{id\}/, { id: method === 'DELETE' ? this.spare.plan : this.plan.id }],
      [/^\/api\/products\/\{id\}/, { id: method === 'DELETE' ? this.spare.product : this.product.id }],
      [/^\/api\/courses\/\{id\}\/(enroll|learners|certificate)/, { id: this.study.course.id, userId: owner.id }],
      [/^(\/api)?\/certificates\//, { serial: owner.serial }],
      [/^\/api\/practice\/\{id\}/, { id: owner.round }],
      [/^\/api\/lessons\/\{id\}\/practice/, { id: this.study.practice.id }],
      [/^\/api\/courses\/\{/, { id: this.course.id, idOrSlug: this.course.slug }],
      [/^\/api\/progress\/courses\/\{id\}/, { id: this.course.id }],
      [/^\/api\/lessons\/\{id\}/, { id: this.lesson.id }],
      [/^\/api\/modules\/\{id\}/, { id: this.quizLesson.moduleId }],
      [/^\/api\/media\/\{id\}\/places/, { id: this.shared }],
      [/^\/api\/media\/\{id\}/, { id: method === 'PUT' ? this.shared : owner.proof }],
      [/^\/embed\/\{lessonId\}/, { lessonId: this.film }],
      [/^\/api\/quizzes\/\{id\}/, { id: owner.quiz.id, attemptId: owner.attempt }],
    ].find(([pattern]) => pattern.test(template))?.[1]
    if (template === '/api/plans/compare') return `${template}?ids=${this.plans.map((each) => each.id).join(',')}`
    return template.replace(/\{([^}]+)\}/g, (whole, name) => ids?.[name] ?? fail(`tests/promises/scene.mjs does not say what ${whole} of ${template} is`))
  }

  // What is on sale, put there again, because the tests after it go on buying it.
  asItIs({ name, description, features, trialDays, accessDays, prices }) {
    return { name, description, features, trialDays, accessDays, prices: prices.map(({ id, ...price }) => price), onSale: true }
  }

  // Whoever removes themselves says their password.
  farewell(name) {
    return /^DELETE (\/api)?(\/admin)?\/users\/\{id\}$/.test(name) ? { password } : undefined
  }

  // What is sent where it is no JSON.
  file(name) {
    if (/^POST (\/api)?\/admin\/users\/import$/.test(name)) return { raw: `email,fullName\n${freshAddress()},New\n`, type: 'text/csv' }
    if (name === 'POST /api/courses/import') return { raw: this.zip, type: 'application/zip', query: '?check=1' }
    if (name === 'POST /api/media') return { raw: `%PDF-1.7 ${randomUUID()}`, type: 'application/pdf', query: '?purpose=lesson&name=score.pdf' }
    return undefined
  }

  // What is sent where an empty object would not get past the form.
  body(name, owner, caller) {
    const email = freshAddress()
    const own = caller === 'instructor' ? demoPassword : password
    const bodies = [
      [/^POST \/api\/auth\/register$/, { email, password, fullName: 'New' }],
      [/^POST \/api\/auth\/(forgot-password|resend-verification)$/, { email: owner.email }],
      [/^POST \/api\/auth\/verify-email$/, { token: 'invented' }],
      [/^POST \/api\/auth\/accept-invite$/, { token: 'invented', password: `${password} again` }],
      [/^POST \/api\/setup$/, { email, password, fullName: 'New', token: 'invented' }],
      [/^POST \/api\/auth\/reset-password$/, { token: 'invented', password: `${password} again` }],
      [/^POST \/api\/auth\/change-password$/, { currentPassword: 'not theirs, who are needed again', newPassword: `${password} again` }],
      [/^POST \/api\/auth\/change-email$/, { email, password }],
      [/^POST \/api\/auth\/confirm-email$/, { token: 'invented' }],
      [/^POST (\/api)?(\/admin)?\/users$/, { email, fullName: 'New' }],
      [/^PUT (\/api)?\/admin\/users\/\{id\}\/role$/, { role: 'instructor' }],
      [/^POST (\/api)?\/users\/\{id\}\/subscriptions$/, { planId: this.plan.id, until: new Date(Date.now() + 40 * 86400e3).toISOString() }],
      [/^POST \/api\/billing\/create-checkout-session$/, { planId: this.plan.id, interval: 'month', currency: 'USD' }],
      [/^POST \/api\/billing\/manual-payments$/, { productId: this.product.id, method: 'bank' }],
      [/^POST \/api\/payment\/initiate$/, { email, amount: 500 }],
      [/^POST (\/api)?\/admin\/payments\/\{id\}\/refund$/, { amountMinor: 1, reason: 'Asked for.' }],
      [/^POST (\/api)?\/admin\/tax-rates$/, { country: /^POST \/api/.test(name) ? 'QA' : 'QB', name: 'VAT', basisPoints: 1600 }],
      [/^PUT (\/api)?\/admin\/tax-rates\/\{id\}$/, { name: 'VAT', basisPoints: 1600 }],
      [/^POST (\/api)?\/plans$/, { code: /^POST \/api/.test(name) ? 'scene-api' : 'scene', name: 'A plan', prices: [price] }],
      [/^PUT (\/api)?\/plans\/\{id\}$/, this.asItIs(this.plan)],
      [/^POST \/api\/products$/, { code: 'scene', name: 'A product', prices: [price], kind: 'full_access', opens: [{ kind: 'all' }] }],
      [/^PUT \/api\/products\/\{id\}$/, this.asItIs(this.product)],
      [/^POST \/api\/coupons$/, { code: 'SCENE20', percent: 20 }],
      [/^PUT \/api\/coupons\/\{id\}$/, { name: 'A coupon' }],
      [/^POST (\/api)?\/admin\/webhook-events\/fetch$/, { provider: 'stripe', since: this.hourAgo }],
      [/^PUT (\/api)?\/admin\/subscriptions\/\{id\}$/, { action: 'resume' }], // which is not cancelled
      [/^POST (\/api)?\/admin\/subscriptions\/\{id\}\/preview-change$/, { planId: this.dearer.id }],
      [/^PUT (\/api)?\/admin\/dunning\/policy$/, { retryDays: [1, 3, 5], graceDays: 7 }],
      [/^POST \/api\/coupons\/validate$/, { code: 'WELCOME20', planId: this.plan.id, interval: 'month', currency: 'USD' }],
      [/^POST \/api\/subscriptions\/(preview-change|upgrade)$/, { planId: this.dearer.id }],
      [/^PUT \/api\/media\/\{id\}$/, { name: 'Another name' }],
      [/^POST \/api\/practice\/trial$/, { markdown: trial }],
      [/^POST \/api\/practice\/trial\/answers$/, { markdown: trial, seed: 1, number: 0, answer: 0 }],
      [/^POST \/api\/users\/me\/api-keys$/, { name: 'Backup', scopes: ['profile:read'], password: own }],
      [/^POST \/api\/auth\/mfa\/setup$/, { password }],
      [/^POST \/api\/auth\/mfa\/enable$/, { code: '000000' }],
      [/^POST \/api\/auth\/mfa\/(disable|recovery-codes)$/, { password, code: '000000' }],
      [/^POST \/api\/auth\/mfa\/verify$/, { challenge: 'invented', code: '000000' }],
      [/^(POST|PUT) \/api\/(courses|modules|lessons|quizzes)(\/\{\w+\}(\/(modules|lessons))?)?$/, { title: 'Title', ...(name === 'POST /api/quizzes' ? { moduleId: this.written.module } : {}) }],
      [/^(POST|PUT) \/api\/quizzes\/\{id\}\/questions(\/\{questionId\})?$/, { kind: 'text', question: 'Which one?', accepted: ['that'] }],
      [/^POST \/api\/courses\/\{id\}\/modules\/reorder$/, { ids: [owner.written?.module] }],
      [/^POST \/api\/modules\/\{id\}\/lessons\/reorder$/, { ids: [owner.written?.quizLesson, owner.written?.lesson] }],
      [/^POST \/api\/quizzes\/\{id\}\/questions\/reorder$/, { ids: [owner.written?.question] }],
      [/^POST \/api\/quizzes\/\{id\}\/questions\/copy$/, { questionIds: [owner.written?.question] }],
      [/^POST \/api\/markdown\/preview$/, { markdown: '*Text*' }],
      [/^POST \/api\/progress\/save$/, { lessonId: this.lesson.id, positionSeconds: 5 }],
      [/^POST \/api\/certificates\/\{serial\}\/revoke$/, { reason: 'To see who may.' }],
      [/^POST \/api\/courses\/\{id\}\/learners$/, { userId: owner.id }],
      [/^POST \/api\/practice\/\{id\}\/answers$/, { number: 0, answer: 0 }],
      [/^POST .*\/answers$/, { questionId: owner.quiz.questions[0].id, answer: owner.quiz.questions[0].kind === 'text' ? randomUUID() : owner.quiz.questions[0].kind === 'multiple' ? [0] : 0 }],
    ]
    return bodies.find(([pattern]) => pattern.test(name))?.[1] ?? {}
  }
}
