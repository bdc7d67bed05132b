// What an operator types: accounts, settings, examination, help. Exit codes are part of it.
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ask, binary, check, finish, freePort, freshFolder, run, Server } from './support/tuition.mjs'

const top = freshFolder()
const data = join(top, 'data')
mkdirSync(data, { mode: 0o700 })
const here = ['--data', data]
const show = (done) => `exit ${done.code}\n${done.out}${done.err}`

// Accounts.
const owner = run(['user', 'add', 'Owner@School.example', '--role', 'admin', '--owner', '--generate', '--json', ...here])
check(owner.code === 0, 'an owner is made on the command line', show(owner))
const made = JSON.parse(owner.out)
check(made.email === 'owner@school.example' && made.password.length >= 20, 'the password is shown once')
check(statSync(join(data, 'school.db')).mode % 0o1000 === 0o600, 'the database is closed to others')
const ada = run(['user', 'add', 'ada@school.example', '--name', 'Ada Lovelace', '--password-stdin', ...here], { input: 'counting in sevens\n' })
check(ada.code === 0 && !`${ada.out}${ada.err}`.includes('sevens'), 'a password is read from standard input and not repeated', show(ada))
const twice = run(['user', 'add', 'ADA@school.example', '--generate', ...here])
check(twice.code === 1 && twice.err.includes('already'), 'an address has one account', show(twice))
const weak = run(['user', 'passwd', 'ada@school.example', ...here], { input: 'short\n' })
check(weak.code === 1 && /12 characters/.test(weak.err), 'a password that is too short is refused, and why', show(weak))
const nobody = run(['user', 'passwd', 'who@school.example', '--generate', ...here])
check(nobody.code === 1 && nobody.err.includes('who@school.example'), 'nobody has no password', show(nobody))
check(run(['user', 'role', 'ada@school.example', 'instructor', ...here]).code === 0, 'a role is given')
check(run(['user', 'role', 'ada@school.example', 'emperor', ...here]).code === 2, 'a role that is none is a wrong command line')
const last = run(['user', 'role', 'owner@school.example', 'user', ...here])
check(last.code === 1 && /owner/.test(last.err), 'the last owner stays one', show(last))
const changed = run(['user', 'passwd', 'ada@school.example', '--password-stdin', ...here], { input: 'counting in elevens\n' })
check(changed.code === 0, 'a password is replaced', show(changed))


// Keys for programs.
const key = run(['key', 'add', 'owner@school.example', '--name', 'Watch', '--scopes', 'ops,users:read', '--days', '30', '--json', ...here])
check(key.code === 0, 'a key is made on the command line', show(key))
const { secret: keyText, prefix } = JSON.parse(key.out)
check(/^tuk_[\w-]{43}$/.test(keyText), 'and shown once')
const tooMuch = run(['key', 'add', 'ada@school.example', '--name', 'Watch', '--scopes', 'ops', ...here])
check(tooMuch.code === 1 && !tooMuch.out, 'nobody gets a key that may do more than they may', show(tooMuch))
for (const [wrong, about] of [[['--name', '', '--scopes', 'ops'], /--name/], [['--name', 'x', '--scopes', 'all'], /profile:read/], [['--name', 'x', '--scopes', 'ops', '--days', '0'], /--days/]]) {
  const refused = run(['key', 'add', 'owner@school.example', ...wrong, ...here])
  check(refused.code === 2 && about.test(refused.err), `a key with ${wrong.join(' ')} is a wrong command line`, show(refused))
}
const spare = JSON.parse(run(['key', 'add', 'ada@school.example', '--name', 'Spare', '--scopes', 'courses:read', '--json', ...here]).out)
const list = run(['key', 'list', ...here])
check(list.code === 0 && list.out.includes(prefix) && list.out.includes('Spare') && !list.out.includes(keyText), 'keys are listed by how they begin', show(list))
check(run(['key', 'revoke', spare.prefix, ...here]).code === 0 && !run(['key', 'list', '--json', ...here]).out.includes('Spare'), 'a key is ended')
check(run(['key', 'revoke', spare.prefix, ...here]).code === 1, 'once')
const without = run(['user', 'reset-mfa', 'ada@school.example', ...here])
check(without.code === 0 && /no second step/.test(without.out), 'a second step is removed only where there is one', show(without))

const server = new Server({ data, port: await freePort() })
await server.ready()
const program = (key) => ask(server.port, { path: '/api/admin/users', token: key })
check((await program(keyText)).status === 200, 'the key that was made works')
check((await program(spare.secret)).status === 401, 'the one that was ended does not')
const login = (email, password) => ask(server.port, { method: 'POST', path: '/api/auth/login', body: { email, password } })
const signedIn = await login('owner@school.example', made.password)
check(signedIn.status === 200 && signedIn.json.data.role === 'admin' && signedIn.json.data.isOwner, 'the owner signs in with the password that was shown', signedIn.text)
check((await login('ada@school.example', 'counting in sevens')).status === 401, 'the old password is over')
const instructor = await login('ada@school.example', 'counting in elevens')
check(instructor.status === 200 && instructor.json.data.role === 'instructor', 'the new one works, with the role', instructor.text)
const looking = run(['doctor', '--json', '--port', String(server.port), ...here])
const seen = Object.fromEntries(JSON.parse(looking.out).findings.map((finding) => [finding.check, finding.status]))
check(looking.code === 0 && seen.server === 'ok' && seen.database === 'skipped', 'doctor sees the server that runs, and leaves its database alone', looking.out)
check(seen.zones === 'ok', 'doctor knows whose time zones are used', looking.out)
const about = (name, env) => JSON.parse(run(['doctor', '--json', ...here], { env }).out).findings.find((finding) => finding.check === name)
const post = { TUITION_MAIL_SMTP_URL: 'smtp://127.0.0.1:2525' }
const nameless = about('mail.from', post)
check(nameless?.status === 'warning' && /TUITION_MAIL_FROM/.test(nameless.remedy), 'doctor says when mail has a server and no sender', JSON.stringify(nameless))
const address = (url, env = {}) => about('site.base_url', { TUITION_SITE_BASE_URL: url, ...env })
for (const [url, status] of [['http://school.example', 'warning'], ['http://127.0.0.1:8080', 'warning'], ['https://localhost.example', 'ok'], ['https://school.example', 'ok']]) check(address(url)?.status === status, `doctor on ${url}: ${status}`, JSON.stringify(address(url)))
check(/in the open/.test(address('http://school.example').says), 'it says what plain http means')
const proxied = { TUITION_SITE_BASE_URL: 'https://school.example' }
check(about('http.trusted_proxies', proxied)?.status === 'warning', 'https without a named proxy is told')
check(!about('http.trusted_proxies', { ...proxied, TUITION_HTTP_TRUSTED_PROXIES: '127.0.0.1/32' }), 'and with one it is not')
check(!about('mail.from', { ...post, TUITION_MAIL_FROM: 'office@school.example' }), 'and is content with a sender')
check(about('payments', {})?.status === 'warning', 'doctor warns when there is no way to pay')
for (const [name, env] of [['stripe.key', { STRIPE_SECRET_KEY: 'sk_test_x', STRIPE_WEBHOOK_SECRET: 'whsec_x' }], ['paystack.key', { PAYSTACK_SECRET_KEY: 'sk_test_x' }], ['manual', { TUITION_MANUAL_INSTRUCTIONS: 'At the office.' }]])
  check(about(name, env)?.status === 'ok' && !about('payments', env), `and is content with ${name}`, JSON.stringify(about(name, env)))
await server.kill('SIGTERM')

// Settings.
const samples = run(['config', 'sample']).out
check(/^#data = "/m.test(samples) && !/^#\s*=/m.test(samples), 'every setting of the sample has its name, also the one outside of all sections', samples.slice(0, 300))
const file = join(top, 'tuition.toml')
writeFileSync(file, `data = "${data}"\n[http]\nport = 8181\nprot = 1\n[site]\nname = "Scales"\n`)
const wrong = run(['config', 'check', '--config', file])
check(wrong.code === 78 && /prot/.test(wrong.err) && /http\.port/.test(wrong.err), 'an unknown setting is an error that names the one that was meant', show(wrong))
const several = run(['config', 'check', '--port', '99999', '--log-level', 'loud'])
check(several.code === 78 && /http\.port/.test(several.err) && /log\.level/.test(several.err), 'all problems come at once', show(several))
writeFileSync(file, `data = "${data}"\n[http]\nport = 8181\n[site]\nname = "Scales"\n`)
const secret = join(top, 'secret')
writeFileSync(secret, 'sk_test_abcdefghijklmnop\n')
const shown = run(['config', 'show', '--config', file, '--http-threads', '3'],
  { env: { TUITION_SITE_NAME: 'Chords', STRIPE_SECRET_KEY_FILE: secret, STRIPE_WEBHOOK_SECRET: 'whsec_qrstuvwxyz' } })
check(shown.code === 0, 'config show works', show(shown))
const line = (name) => shown.out.split('\n').find((each) => each.startsWith(`${name} `)) ?? ''
check(/8181/.test(line('http.port')) && line('http.port').includes(file), 'a value of the file is shown with its place', line('http.port'))
check(/Chords/.test(line('site.name')) && /TUITION_SITE_NAME/.test(line('site.name')), 'the environment wins over the file', line('site.name'))
check(/3/.test(line('http.threads')) && /--http-threads/.test(line('http.threads')), 'a flag wins over both', line('http.threads'))
check(!/abcdefghij|qrstuv/.test(shown.out) && /\*\*\*/.test(line('stripe.secret_key')), 'secrets are hidden', line('stripe.secret_key'))
const sample = join(top, 'sample.toml')
writeFileSync(sample, run(['config', 'sample']).out.replace(/^#(?=[a-z_]+ = )/gm, ''))
const asSample = run(['config', 'check', '--config', sample])
check(asSample.code === 0, 'the sample with every line switched on is a valid configuration', show(asSample))

// Examination.
const healthy = run(['doctor', '--json', ...here])
check(healthy.code === 0 && JSON.parse(healthy.out).problems === 0, 'doctor finds no problem in a healthy school', healthy.out)
chmodSync(join(data, 'school.key'), 0o644)
const open = run(['doctor', ...here])
check(open.code === 1 && /chmod 600/.test(open.out), 'doctor finds a key that others can read, and says what to do', show(open))
chmodSync(join(data, 'school.key'), 0o600)
const database = join(data, 'school.db')
const bytes = readFileSync(database)
bytes.fill(0x5a, 4096 * 3, 4096 * 5)
writeFileSync(database, bytes)
const damaged = run(['doctor', '--json', ...here])
check(damaged.code === 1 && JSON.parse(damaged.out).findings.some((each) => each.check === 'database.integrity' && each.status === 'problem' && /restore/.test(each.remedy)),
  'doctor finds a damaged database, and names restore', damaged.out)
const gone = run(['doctor', '--data', join(top, 'gone')])
check(gone.code === 1 && gone.out.includes(join(top, 'gone')), 'doctor finds a missing folder', show(gone))

// The synthetic school is for a new folder only.
const again = run(['generate', '--users', '1', '--lessons', '1', '--out', join(top, 'o.json'), ...here])
check(again.code === 1 && again.err.includes(data), 'generate touches no school that is there', show(again))

writeFileSync(join(top, 'tokens.json'), 'old', { mode: 0o644 })
const synthetic = run(['generate', '--users', '1', '--lessons', '1', '--out', join(top, 'tokens.json'), '--data', join(top, 'synthetic')])
check(synthetic.code === 0 && statSync(join(top, 'tokens.json')).mode % 0o1000 === 0o600, 'the file of its tokens is closed to others', show(synthetic))

const learned = join(top, 'learned')
const busy = run(['generate', '--users', '3', '--lessons', '5', '--progress', '4', '--out', join(top, 'learned.json'), '--data', learned])
const rows = spawnSync('sqlite3', [join(learned, 'school.db'), "SELECT count(*), count(DISTINCT user_id), sum(completed) FROM progress WHERE scope = 'lesson'"], { encoding: 'utf8' })
check(busy.code === 0 && (rows.error || rows.stdout.trim() === '12|3|12'), 'each of its people has done as many lessons as was said', show(busy) + rows.stdout)
const many = run(['generate', '--users', '1', '--lessons', '2', '--progress', '3', '--out', join(top, 'many.json'), '--data', join(top, 'many')])
check(many.code === 2 && many.err.includes('--progress') && !existsSync(join(top, 'many')), 'and no more than there are', show(many))

// Folders from systemd, a host from the shell.
const around = run(['config', 'show'], { env: { STATE_DIRECTORY: `${data}:${top}/other`, HOST: 'workstation' } })
check(around.code === 0 && around.out.includes(data) && !around.out.includes('/other'), "of systemd's folders the first holds the data", show(around))
check(!around.out.includes('workstation'), "a shell's HOST is no address to listen on", show(around))

// Help and words that are wrong.
check(run(['--help']).code === 0 && run(['help', 'user', 'add']).out.includes('Example:'), 'help has an example')
const misspelt = run(['migrat'])
check(misspelt.code === 2 && misspelt.err.includes('`migrate`'), 'a misspelt verb is answered with the right one', show(misspelt))
check(statSync(binary).size < 16e6, 'the program is smaller than 16 MB', `${statSync(binary).size} bytes`)
const libraries = JSON.parse(run(['version', '--json']).out).libraries
check(['sqlite', 'mbedtls', 'libcurl', 'libsodium'].every((name) => /^\d+\.\d+/.test(libraries[name])), 'the version names the libraries inside')
for (const topic of ['routes', 'options', 'metrics', 'messages', 'jobs', 'openapi', 'tables', 'man']) {
  const said = run(['describe', topic])
  check(said.code === 0 && said.out.length > 100, `describe ${topic}`, show(said))
}
finish()
