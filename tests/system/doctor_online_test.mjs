// doctor --online calls the providers whose keys are set: here a language model's server on loopback, which takes one key.
import http from 'node:http'
import { join } from 'node:path'
import { check, finish, freshFolder, run, runBeside } from './support/tuition.mjs'
import { mkdirSync, writeFileSync } from 'node:fs'

const top = freshFolder()
const data = join(top, 'data')
mkdirSync(data, { mode: 0o700 })
const good = 'sk-counting-in-sevens'

const asked = []
const model = http.createServer((request, answer) => {
  asked.push({ path: request.url, key: request.headers.authorization })
  const [status, body] =
    request.url !== '/v1/models' ? [404, { error: { message: 'Not found', type: 'invalid_request_error' } }]
    : request.headers.authorization === `Bearer ${good}` ? [200, { object: 'list', data: [{ id: 'small', object: 'model' }] }]
    : [401, { error: { message: 'Incorrect API key provided', type: 'invalid_request_error', code: 'invalid_api_key' } }]
  answer.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
})
await new Promise((listening) => model.listen(0, '127.0.0.1', listening))
const peer = `127.0.0.1:${model.address().port}`
const there = { TUITION_OPENAI_BASE_URL: `http://${peer}/v1/`, TUITION_OUTBOUND_PRIVATE_PEERS: peer }

const doctor = async (env, ...flags) => {
  const done = await runBeside(['doctor', '--json', '--data', data, ...flags], { env })
  check(done.out.startsWith('{') && !done.out.includes('sk-'), 'doctor answers, and shows no key', done.out + done.err)
  const all = JSON.parse(done.out).findings
  return { code: done.code, find: (name) => all.find((each) => each.check === name), all: done.out }
}

const keyFile = join(top, 'key')
writeFileSync(keyFile, `${good}\n`)
for (const [how, env] of [
  ['OPENAI_API_KEY', { OPENAI_API_KEY: good }],
  ['TUITION_OPENAI_API_KEY', { TUITION_OPENAI_API_KEY: good }],
  ['OPENAI_API_KEY_FILE', { OPENAI_API_KEY_FILE: keyFile }],
]) {
  asked.length = 0
  const fine = await doctor({ ...there, ...env }, '--online')
  check(fine.code === 0 && fine.find('openai.reachable')?.status === 'ok' && fine.find('openai.key')?.status === 'ok', `a key from ${how} is taken`, fine.all)
  check(asked.length === 1 && asked[0].path === '/v1/models' && asked[0].key === `Bearer ${good}`, 'the list of models was asked for, with the key', JSON.stringify(asked))
}

const refused = await doctor({ ...there, OPENAI_API_KEY: 'sk-of-somebody-else' }, '--online')
check(refused.code === 1 && refused.find('openai.key')?.status === 'problem' && /OPENAI_API_KEY/.test(refused.find('openai.key').remedy), 'a key that is refused is a problem', refused.all)
const beside = await doctor({ ...there, TUITION_OPENAI_BASE_URL: `http://${peer}`, OPENAI_API_KEY: good }, '--online')
check(beside.code === 0 && /\/v1/.test(beside.find('openai.key')?.remedy) && beside.find('openai.key').status === 'warning', 'an address without /v1 is told', beside.all)

asked.length = 0
const keyless = await doctor(there, '--online')
check(keyless.find('openai.reachable')?.status === 'skipped' && !keyless.find('openai.key'), 'without a key nobody is asked', keyless.all)
const offline = await doctor({ ...there, OPENAI_API_KEY: good })
check(!offline.find('openai.reachable') && asked.length === 0, 'nor without --online', offline.all)

await new Promise((closed) => model.close(closed))
const gone = await doctor({ ...there, OPENAI_API_KEY: good }, '--online')
check(gone.code === 1 && gone.find('openai.reachable')?.status === 'problem' && gone.find('openai.reachable').says.includes(peer), 'a server that is away is a problem that names it', gone.all)

const shown = run(['config', 'show'], { env: { OPENAI_API_KEY: good, OPENAI_BASE_URL: 'http://127.0.0.1:11434/v1' } })
const line = (name) => shown.out.split('\n').find((each) => each.startsWith(`${name} `)) ?? ''
check(/\*\*\*/.test(line('openai.api_key')) && /OPENAI_API_KEY/.test(line('openai.api_key')) && !shown.out.includes(good), 'config show hides the key and says where it comes from', shown.out)
check(/11434/.test(line('openai.base_url')) && /OPENAI_BASE_URL/.test(line('openai.base_url')), 'and shows the address', line('openai.base_url'))
const broken = run(['config', 'check'], { env: { OPENAI_API_KEY: 'two words' } })
check(broken.code === 78 && /openai\.api_key/.test(broken.err) && !/two words/.test(broken.err), 'a key of two words is refused unseen', broken.err)
finish()
