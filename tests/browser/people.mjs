// What an administrator does with the school's people.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { focused, getData, heading, inspect, mailedPath, newAddress, openPage, password, sending, signIn, signUp, startBrowser, startSchool, untold } from './support.mjs'

let school, browser
before(async () => {
  school = await startSchool()
  browser = await startBrowser()
})
after(async () => {
  await browser?.close()
  await school?.stop()
})

const demo = 'practice makes perfect'
const press = (page, name) => page.locator('main').getByRole('button', { name, exact: true }).click()
const confirm = (page, name) => page.getByRole('dialog').getByRole('button', { name, exact: true }).click()
const rows = (page) => page.locator('tbody tr')
const counted = (page, text) => page.locator('[data-count]', { hasText: text }).waitFor()

async function owner(options) {
  const opened = await openPage(browser, school, options)
  await signIn(opened.page, 'owner@tuition.example', demo)
  return opened
}

async function search(page, text) {
  await page.getByRole('searchbox', { name: 'Search by name or email' }).fill(text)
}

// Lists by the table itself, so that a walk does not depend on what the others left behind.
async function load(page, csv) {
  await page.goto('/admin/users/import')
  await page.locator('textarea').fill(csv)
  await press(page, 'Check it')
  await page.getByRole('heading', { name: 'What would happen' }).waitFor()
  await page.locator('main').getByRole('button', { name: /^Import \d/ }).click()
  await page.getByRole('heading', { name: 'Imported' }).waitFor()
}

test('somebody invited chooses a password and is in; what an administrator changes takes effect at once', async () => {
  const { page, complaints } = await owner()
  const email = newAddress()
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'People' }).click()
  await heading(page, 'People').waitFor()
  await rows(page).first().waitFor()
  await press(page, 'Invite')
  const dialog = page.getByRole('dialog', { name: 'Invite somebody' })
  await dialog.getByLabel('Email').fill('owner@tuition.example')
  await dialog.getByLabel('Name').fill('Grace Newcomer')
  await dialog.getByRole('button', { name: 'Send the invitation' }).click()
  await dialog.locator('input[name=email][aria-invalid=true]').waitFor()
  assert.equal(await dialog.getByLabel('Name').inputValue(), 'Grace Newcomer')
  await inspect(page, 'invite')
  await dialog.getByLabel('Email').fill(email)
  await dialog.getByLabel('Role').selectOption('instructor')
  await dialog.getByRole('button', { name: 'Send the invitation' }).click()
  await page.getByText(`An invitation is on its way to ${email}.`).waitFor()
  await search(page, email)
  await counted(page, '1 person matches')
  await rows(page).filter({ hasText: 'Invited' }).waitFor()

  const newcomer = await openPage(browser, school)
  const link = await mailedPath(school, email, /\/accept-invite\?token=[\w-]+/)
  await newcomer.page.goto(link)
  await heading(newcomer.page, 'Welcome').waitFor()
  await newcomer.page.getByLabel('Password', { exact: true }).fill('short')
  await newcomer.page.getByRole('button', { name: 'Open my account' }).click()
  await newcomer.page.locator('input[name=password][aria-invalid=true]').waitFor()
  await inspect(newcomer.page, 'accept-invite')
  await newcomer.page.getByLabel('Password', { exact: true }).fill(password)
  const sent = sending(newcomer.page, '/api/auth/accept-invite')
  await newcomer.page.getByRole('button', { name: 'Open my account' }).click()
  await newcomer.page.waitForURL(/\/app$/)
  await untold(newcomer.page, sent)
  const profile = await getData(newcomer.page, '/api/users/profile')
  assert.deepEqual([profile.email, profile.role, profile.fullName, profile.emailVerified], [email, 'instructor', 'Grace Newcomer', true])
  const again = await openPage(browser, school)
  await again.page.goto(link)
  await again.page.getByLabel('Password', { exact: true }).fill(password)
  await again.page.getByRole('button', { name: 'Open my account' }).click()
  await heading(again.page, 'This invitation does not work any more').waitFor()

  await page.reload()
  await rows(page).getByRole('link', { name: 'Grace Newcomer' }).click()
  await heading(page, 'Grace Newcomer').waitFor()
  await page.getByRole('heading', { name: 'Signing in' }).waitFor()
  await page.getByText('None so far.').waitFor()
  await inspect(page, 'person')
  await page.getByLabel('Full name').fill('x'.repeat(201))
  await press(page, 'Save name')
  await page.locator('input[name=fullName][aria-invalid=true]').waitFor()
  await page.getByLabel('Full name').fill('Grace N. Comer')
  await press(page, 'Save name')
  await heading(page, 'Grace N. Comer').waitFor()
  assert.match(await focused(page), /The name is saved/)
  assert.equal((await getData(newcomer.page, '/api/users/profile')).fullName, 'Grace N. Comer')
  await page.getByLabel('Full name').fill('Grace Newcomer')
  await press(page, 'Save name')
  await heading(page, 'Grace Newcomer').waitFor()
  await page.getByRole('combobox', { name: 'Role' }).selectOption('user')
  await press(page, 'Save role')
  await page.getByText('Grace Newcomer now has the role Learner.').waitFor()
  assert.match(await focused(page), /now has the role Learner/)
  assert.equal((await getData(newcomer.page, '/api/users/profile')).role, 'user')

  await press(page, 'Sign out everywhere')
  await inspect(page, 'person-sign-out')
  await confirm(page, 'Sign out everywhere')
  await page.getByText('Grace Newcomer is signed out everywhere.').waitFor()
  await newcomer.page.goto('/app')
  await heading(newcomer.page, 'Sign in').waitFor()
  await signIn(newcomer.page, email)

  await press(page, 'Disable')
  await confirm(page, 'Disable')
  await page.getByText('Grace Newcomer is disabled.').waitFor()
  await newcomer.page.goto('/app')
  await heading(newcomer.page, 'Sign in').waitFor()
  await newcomer.page.getByLabel('Email').fill(email)
  await newcomer.page.getByLabel('Password', { exact: true }).fill(password)
  await newcomer.page.locator('form').getByRole('button', { name: 'Sign in' }).click()
  await newcomer.page.getByRole('alert').getByText('disabled').waitFor()
  await press(page, 'Enable')
  await confirm(page, 'Enable')
  await page.getByText('Grace Newcomer can sign in again.').waitFor()
  await signIn(newcomer.page, email)

  await press(page, 'Delete')
  const last = page.getByRole('dialog')
  await last.getByRole('button', { name: 'Delete', exact: true }).click()
  await last.getByText('This is not the address of this account.').waitFor()
  assert.equal(await focused(page), 'typed')
  await inspect(page, 'person-delete')
  await last.locator('input[name=typed]').fill(email)
  await last.getByRole('button', { name: 'Delete', exact: true }).click()
  await page.waitForURL(/\/admin\/users$/)
  await search(page, email)
  await page.getByRole('heading', { name: 'Nobody matches' }).waitFor()
  assert.deepEqual([...complaints, ...newcomer.complaints, ...again.complaints], [])
})

test('the names of the API at the root lead browsers to the pages', async () => {
  const { page, complaints } = await owner()
  await page.goto('/users')
  await heading(page, 'People').waitFor()
  await rows(page).first().waitFor()
  assert.equal(new URL(page.url()).pathname, '/admin/users')
  const { id } = await getData(page, '/api/users/profile')
  await page.goto(`/users/${id}`)
  await page.getByText('This is you').waitFor()
  assert.equal(new URL(page.url()).pathname, `/admin/users/${id}`)
  await page.goto('/admin')
  await heading(page, 'People').waitFor()
  assert.deepEqual(complaints, [])
})

test('a table of people is checked first, and its bad lines are named', async () => {
  const { page, complaints } = await owner()
  const [one, two] = [newAddress(), newAddress()]
  const csv = `email,fullName,role\n${one},Ivo Import,user\nnobody at all,Bad Line,user\n${two},"Import, Jun",instructor\nowner@tuition.example,Already Here,user\n`
  await page.goto('/admin/users/import')
  await heading(page, 'Import people').waitFor()
  await press(page, 'Check it')
  await page.getByText('Choose a file, or paste the table here.').waitFor()
  assert.equal(await focused(page), 'csv')
  await inspect(page, 'import')
  await page.locator('input[type=file]').setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) })
  await page.getByRole('heading', { name: 'What would happen' }).waitFor()
  assert.equal(await focused(page), 'What would happen')
  const line = page.locator('table tbody tr')
  assert.equal(await line.first().locator('td').first().innerText(), '3')
  assert.equal(await line.first().locator('td').nth(1).innerText(), 'email')
  await inspect(page, 'import-checked')
  await page.getByText('Nobody is imported while there are wrong lines.').waitFor()
  assert.equal(await page.getByRole('button', { name: /^Import \d/ }).count(), 0)

  await page.locator('textarea').fill(csv.replace('nobody at all,Bad Line,user\n', ''))
  await press(page, 'Check it')
  await page.getByText('Skipped people have an account here already.').waitFor()
  assert.equal((await getData(page, `/api/users?q=${encodeURIComponent(one)}`)).length, 0, 'checking added somebody')
  await page.getByLabel('Write to everybody without a password').check()
  await press(page, 'Import 2 people')
  await page.getByRole('heading', { name: 'Imported' }).waitFor()
  await inspect(page, 'import-done')
  const [row] = await getData(page, `/api/users?q=${encodeURIComponent(two)}`)
  assert.deepEqual([row.fullName, row.role], ['Import, Jun', 'instructor'])
  await mailedPath(school, one, /\/accept-invite\?token=[\w-]+/)
  await page.getByRole('link', { name: 'See the people' }).click()
  await heading(page, 'People').waitFor()
  assert.deepEqual(complaints, [])
})

test('the list is searched, narrowed, ordered and paged, and the address keeps all of it', async () => {
  const { page, complaints } = await owner()
  const family = `zz${Date.now().toString(36)}`
  await load(page, ['email,fullName,role', ...Array.from({ length: 60 }, (_, index) => `${family}-${String(index).padStart(2, '0')}@example.org,Pupil ${String(index).padStart(2, '0')} ${family},${index < 3 ? 'instructor' : 'user'}`), ''].join('\n'))

  await page.goto('/admin/users')
  await rows(page).first().waitFor()
  await inspect(page, 'people')
  await search(page, family)
  await counted(page, '60 people match')
  await page.getByRole('button', { name: 'Name', exact: true }).click()
  await page.locator('th[aria-sort=ascending]', { hasText: 'Name' }).waitFor()
  await rows(page).first().filter({ hasText: 'Pupil 00' }).waitFor()
  assert.equal(await rows(page).count(), 25)
  await press(page, 'Next')
  await page.getByText('26 to 50 of 60').waitFor()
  await rows(page).first().filter({ hasText: 'Pupil 25' }).waitFor()
  await press(page, 'Next')
  await page.getByText('51 to 60 of 60').waitFor()
  assert.equal(await page.getByRole('button', { name: 'Next' }).isDisabled(), true)
  await press(page, 'Previous')
  await rows(page).first().filter({ hasText: 'Pupil 25' }).waitFor()

  // The address is the whole state: opened anew, and come back to.
  await page.reload()
  await rows(page).first().filter({ hasText: 'Pupil 25' }).waitFor()
  await rows(page).first().getByRole('link').click()
  await page.getByRole('heading', { name: 'At a glance' }).waitFor()
  await page.goBack()
  await rows(page).first().filter({ hasText: 'Pupil 25' }).waitFor()

  await page.getByLabel('Any role').selectOption('instructor')
  await counted(page, '3 people match')
  await page.getByRole('button', { name: 'Name', exact: true }).click()
  await page.locator('th[aria-sort=descending]', { hasText: 'Name' }).waitFor()
  await rows(page).first().filter({ hasText: 'Pupil 02' }).waitFor()
  await search(page, 'nobody is called that')
  await page.getByRole('heading', { name: 'Nobody matches' }).waitFor()
  await inspect(page, 'people-none')
  await page.locator('.empty').getByRole('button', { name: 'Clear search and filters' }).click()
  await rows(page).first().waitFor()
  assert.equal(new URL(page.url()).searchParams.get('q'), null)
  assert.deepEqual(complaints, [])
})

// Text that would do harm where it were taken for markup, script or a template.
const harmful = ['<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', "'><svg/onload=alert(1)>", '<iframe srcdoc="<script>parent.alert(1)</script>">', '<a href="javascript:alert(1)">x</a>', '{{constructor.constructor("alert(1)")()}}', '${alert(1)}', '</title><script>alert(1)</script>', '<math><mtext></table><img src=x onerror=alert(1)>', '=HYPERLINK("https://evil.example")']

test('names that look like markup are only ever text', async () => {
  const { page, complaints } = await owner()
  const family = `xx${Date.now().toString(36)}`
  const quoted = (text) => `"${text.replaceAll('"', '""')}"`
  await load(page, ['email,fullName,role', ...harmful.map((name, index) => `${family}-${index}@example.org,${quoted(name)},user`), ''].join('\n'))
  await page.goto(`/admin/users?q=${family}`)
  await rows(page).first().waitFor()
  const people = await getData(page, `/api/users?limit=100&q=${family}`)
  assert.ok(people.length > 0, 'nobody of them was let in')
  for (const person of people) {
    await rows(page).filter({ hasText: person.email }).getByText(person.fullName, { exact: true }).waitFor()
  }
  for (const person of people) {
    await page.goto(`/admin/users/${person.id}`)
    await page.getByRole('heading', { level: 1 }).filter({ hasText: person.fullName }).waitFor()
    await press(page, 'Delete')
    await page.getByRole('dialog').waitFor()
    assert.ok((await page.title()).startsWith(person.fullName), await page.title())
  }
  // One of them looks at the own account, too.
  const [, name] = harmful
  const pupil = await openPage(browser, school)
  await signUp(pupil.page, { name })
  for (const path of ['/app', '/app/account', '/app/account/security']) {
    await pupil.page.goto(path)
    await pupil.page.getByRole('heading', { level: 1 }).waitFor()
    await pupil.page.waitForLoadState('networkidle')
  }
  assert.deepEqual([...complaints, ...pupil.complaints], [])
})

test('the pages of administrators stay shut for others, and say so', async () => {
  const pupil = await openPage(browser, school)
  await signUp(pupil.page)
  assert.equal(await pupil.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'People' }).count(), 0)
  await pupil.page.goto('/admin/users')
  await pupil.page.getByRole('alert').getByText('This page is for administrators').waitFor()
  await inspect(pupil.page, 'people-refused')
  const stranger = await openPage(browser, school)
  await stranger.page.goto('/admin/users?role=admin')
  await heading(stranger.page, 'Sign in').waitFor()
  assert.equal(new URL(stranger.page.url()).searchParams.get('next'), '/admin/users?role=admin')
})

test('a plan is given to somebody for a while', async () => {
  const { page, complaints } = await owner()
  const pupil = await openPage(browser, school)
  const email = await signUp(pupil.page, { name: 'Lucky Pupil' })
  const [row] = await getData(page, `/api/users?q=${encodeURIComponent(email)}`)
  await page.goto(`/admin/users/${row.id}`)
  await page.getByText('None so far.').waitFor()
  await press(page, 'Give a plan')
  const dialog = page.getByRole('dialog', { name: 'Give Lucky Pupil a plan' })
  await dialog.getByLabel('Until the end of').waitFor()
  await inspect(page, 'give-plan')
  await dialog.getByRole('button', { name: 'Give a plan' }).click()
  await page.getByText('Lucky Pupil has the plan from now on.').waitFor()
  assert.equal((await getData(pupil.page, '/api/users/profile')).access, 'paid')
  assert.deepEqual(complaints, [])
})

test('the last owner cannot be sent away', async () => {
  const { page } = await owner()
  const me = await getData(page, '/api/users/profile')
  await page.goto(`/admin/users/${me.id}`)
  await page.getByText('This is you').waitFor()
  await page.getByText('Nobody changes their own role').waitFor()
  assert.equal(await page.getByRole('button', { name: 'Delete', exact: true }).count(), 0)
  await inspect(page, 'person-self')
})
