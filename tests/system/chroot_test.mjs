// The binary alone in an empty chroot: it starts, serves the web app, resolves a name, and makes a TLS call to a server whose
// authority it is told. Nothing else is in there but a folder for the data and the two files that say where names and
// authorities are.
import dgram from 'node:dgram'
import https from 'node:https'
import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ask, binary, check, finish, freePort, freshFolder, runBeside, Server, skip } from './support/tuition.mjs'

if (spawnSync('chroot', ['/', 'true']).status !== 0) skip('chroot needs root')

const host = 'payments.test'
const top = freshFolder()
const root = join(top, 'root')
mkdirSync(join(root, 'etc'), { recursive: true })
mkdirSync(join(root, 'data'), { mode: 0o700 })
copyFileSync(binary, join(root, 'tuition'))

// An authority and a server's certificate, made for this run.
const openssl = (...args) => execFileSync('openssl', args, { cwd: top, stdio: ['ignore', 'ignore', 'pipe'] })
openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'ca.key', '-out', 'ca.pem',
  '-days', '2', '-subj', '/CN=An authority of this test')
openssl('req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'server.key', '-out', 'server.csr',
  '-subj', `/CN=${host}`)
writeFileSync(join(top, 'extensions'), `subjectAltName=DNS:${host}\nbasicConstraints=CA:FALSE\n`)
openssl('x509', '-req', '-in', 'server.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-out', 'server.pem',
  '-extfile', 'extensions')
copyFileSync(join(top, 'ca.pem'), join(root, 'etc/authority.pem'))

const asked = { names: 0, requests: 0 }
const provider = https.createServer({ key: readFileSync(join(top, 'server.key')), cert: readFileSync(join(top, 'server.pem')) }, (request, answer) => {
  asked.requests += 1
  answer.writeHead(404, { 'Content-Type': 'application/json' }).end('{"error":{"message":"There is nothing here."}}')
})
await new Promise((listening) => provider.listen(0, '127.0.0.1', listening))
const peer = `${host}:${provider.address().port}`

// A name server that knows one name. Where port 53 cannot be had, a hosts file says the same.
const names = dgram.createSocket('udp4')
names.on('message', (question, from) => {
  let at = 12
  const labels = []
  while (question[at] !== 0) {
    labels.push(question.subarray(at + 1, at + 1 + question[at]).toString())
    at += question[at] + 1
  }
  const type = question.readUInt16BE(at + 1)
  const known = labels.join('.').toLowerCase() === host
  const found = known && type === 1
  if (known) asked.names += 1
  const head = Buffer.from(question.subarray(0, 12))
  head.writeUInt16BE(known ? 0x8180 : 0x8183, 2)
  head.writeUInt16BE(1, 4)
  head.writeUInt16BE(found ? 1 : 0, 6)
  head.writeUInt32BE(0, 8)
  const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, 1])
  names.send(Buffer.concat([head, question.subarray(12, at + 5), ...(found ? [record] : [])]), from.port, from.address)
})
const nameServer = '127.53.53.53'
const bound = await new Promise((done) => {
  names.once('error', () => done(false))
  names.bind(53, nameServer, () => done(true))
})
if (bound) {
  writeFileSync(join(root, 'etc/resolv.conf'), `nameserver ${nameServer}\noptions timeout:2 attempts:2\n`)
} else {
  writeFileSync(join(root, 'etc/hosts'), `127.0.0.1 ${host}\n`)
  console.log('note: port 53 cannot be had here; the name stands in a hosts file')
}

const inside = { command: ['chroot', root], program: '/tuition' }
const told = {
  SSL_CERT_FILE: '/etc/authority.pem',
  STRIPE_SECRET_KEY: 'sk_test_chroot',
  STRIPE_WEBHOOK_SECRET: 'whsec_chroot',
  TUITION_STRIPE_BASE_URL: `https://${peer}`,
  TUITION_OUTBOUND_PRIVATE_PEERS: peer,
}
const reachable = async (env) => {
  const done = await runBeside(['doctor', '--online', '--json', '--data', '/data'], { ...inside, env })
  check(done.out.startsWith('{'), 'doctor runs in the empty chroot', `exit ${done.code} ${done.signal}\n${done.err}`)
  const findings = JSON.parse(done.out).findings
  const zones = findings.find((finding) => finding.check === 'zones')
  check(zones?.status === 'ok' && /\d{4}[a-z].*built in/.test(zones.says), 'doctor finds the time zones built in', JSON.stringify(zones))
  return findings.find((finding) => finding.check === 'stripe.reachable')
}

const trusting = await reachable(told)
check(trusting?.status === 'ok', 'it makes a TLS call to a server whose authority it was told', JSON.stringify(trusting))
check(asked.requests === 1, 'the call arrived there')
if (bound) check(asked.names > 0, 'it asked the name server for the name')

const { SSL_CERT_FILE, ...untold } = told
const wary = await reachable(untold)
check(wary?.status === 'problem' && asked.requests === 1, 'with its embedded authorities alone it refuses that server', JSON.stringify(wary))

const server = new Server({ data: '/data', port: await freePort(), ...inside })
await server.ready()
const page = await ask(server.port, { path: '/', headers: { Accept: 'text/html' } })
check(page.status === 200 && /<html/i.test(page.text), 'it serves the page', `${page.status} ${page.text.slice(0, 200)}`)
const script = page.text.match(/<script[^>]+type="module"[^>]+src="([^"]+)"/)?.[1]
check(script !== undefined, 'the page names its script')
const code = await ask(server.port, { path: script })
check(code.status === 200 && /javascript/.test(code.headers['content-type']) && code.text.length > 1000, 'it serves the web app',
  `${code.status} ${code.headers['content-type']} ${code.text.length} bytes`)
const ended = await server.kill('SIGTERM')
check(ended.code === 0, 'it stops cleanly', JSON.stringify(ended) + server.log)
finish()
