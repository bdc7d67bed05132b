// Every operation of the OpenAPI document with everything that can be wrong about a request: only documented refusals,
// every invalid field named, never a 500, and a server that is alive and no larger afterwards.
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { password, strangeId } from './lib/client.mjs'
import { expect, fail, finish, same, School, show, test } from './lib/rows.mjs'
import { operations, resolve } from './lib/schema.mjs'

const school = await School.start()
const document = school.document
const every = operations(document)
const member = await school.member()
const owner = await school.demo('owner')
const course = (await school.send({ path: '/api/courses/hear-what-you-play' })).json.data
const plan = (await school.send({ path: '/api/plans' })).json.data[0]
const lesson = course.modules[0].lessons[0]

// Whatever happens, one of these; 503 only with a reason to wait or to set something up.
const refusals = [400, 401, 402, 403, 404, 405, 409, 413, 415, 422, 429, 503]
const harmful = new Set(['POST /api/auth/logout'])

// Who may not call at all is told so before anything else; the table of routes says who may.
const forStaff = new Set(readFileSync(new URL('../golden/routes.txt', import.meta.url), 'utf8').split('\n').filter(Boolean).flatMap((line) => {
  const [path, method, who] = line.split(/\s+/)
  const also = /\(also (.*)\)$/.exec(line)?.[1]
  return who === 'admin' || who === 'instructor' ? [path, also].filter(Boolean).map((each) => `${method} ${each}`) : []
}))
const callerFor = (operation) => (forStaff.has(operation.name) || /users\/\{id\}\/subscriptions$/.test(operation.template) ? owner : member)

let asked = 0
// One bad request: its answer is judged, and returned.
async function bad(operation, options, { allow = [] } = {}) {
  asked += 1
  const path = options.path ?? concrete(operation.template)
  const answer = await school.send({ method: operation.method, as: callerFor(operation), ...options, path })
  const told = () => `${operation.name} ${path.slice(0, 120)} with ${show(options.body ?? options.raw?.toString?.().slice(0, 200))}: ${answer.status} ${answer.text.slice(0, 300)}`
  expect(refusals.includes(answer.status) || allow.includes(answer.status), told)
  school.check(answer, { method: operation.method, path })
  if (answer.status === 503) expect(answer.headers['retry-after'] || answer.json.error.code === 'NOT_CONFIGURED', told)
  return answer
}
function concrete(template, id = strangeId) {
  return template.replace(/\{[^}]+\}/g, encodeURIComponent(id))
}
const named = (answer) => (answer.json?.error?.details ?? []).map((each) => each.field)
// Refused as invalid, and the field is named: exactly, or as a place inside of it.
function namesField(answer, name, told) {
  same(answer.status, 400, told)
  expect(named(answer).some((each) => each === name || each.startsWith(`${name}[`) || each.startsWith(`${name}.`)), () => `${told}: details name ${show(named(answer))}, not ${name}`)
}

// A value that the schema takes, as far as a schema can say.
function good(schema, name) {
  schema = resolve(document, schema)
  const type = [schema.type].flat()[0]
  if (schema.anyOf) return good(schema.anyOf[0], name)
  if (schema.enum) return schema.enum[0]
  if (schema.format === 'uuid') return { planId: plan.id, lessonId: lesson.id }[name] ?? strangeId
  if (schema.format === 'email') return 'bad-input@example.org'
  if (schema.format === 'password') return password
  if (schema.format === 'date-time') return '2026-11-20T08:30:00Z'
  if (type === 'string') return 'x'.repeat(Math.max(schema.minLength ?? 1, 1))
  if (type === 'integer' || type === 'number') return schema.minimum ?? 1
  if (type === 'boolean') return true
  if (type === 'array') return []
  if (type === 'object') return Object.fromEntries((schema.required ?? []).map((each) => [each, good(schema.properties[each], each)]))
  return {}
}
// Values of other types than the schema's.
function wrong(schema) {
  schema = resolve(document, schema)
  const types = (schema.anyOf ?? [schema]).flatMap((each) => resolve(document, each).type)
  const all = [['text', 'string'], [7, 'integer'], [1.5, 'number'], [true, 'boolean'], [[], 'array'], [{}, 'object'], ['', 'string'], [[[[]]], 'array'], [{ $gt: '' }, 'object'], ['\u0000', 'string'], [-1, 'integer'], [1e308, 'number']]
  if (!schema.type && !schema.anyOf && !schema.enum) return []
  return all.filter(([, type]) => !types.includes(type) && !(types.includes('number') && type === 'integer') && !(schema.enum && type === 'string' && types.includes('string'))).map(([value]) => value)
}
// Values of the right type that are out of bounds, and those that are just within.
function edges(schema) {
  schema = resolve(document, schema)
  const type = [schema.type].flat()[0]
  const out = []
  const within = []
  if (type === 'string') {
    if (schema.enum) out.push('', 'no such choice', schema.enum.find((each) => each)?.toUpperCase())
    else if (schema.format === 'uuid') out.push('', 'x', strangeId.slice(1), `${strangeId}0`, strangeId.replaceAll('-', ''), `{${strangeId}}`, `${strangeId}\u0000`)
    else if (schema.format === 'email') out.push('', 'x', '@', 'a@', '@b', 'a b@example.org', 'a@b\r\nc', `${'a'.repeat(300)}@example.org`, 'a@example.org\u0000')
    else if (schema.format === 'date-time') out.push('', 'now', '2026-13-01T00:00:00Z', '2026-02-30T00:00:00Z', '2026-11-20', '9'.repeat(400))
    else {
      if (schema.maxLength) out.push('x'.repeat(schema.maxLength + 1), '💥'.repeat(schema.maxLength + 1))
      if (schema.minLength) out.push('x'.repeat(schema.minLength - 1))
      out.push('a\u0000b', 'a\u001bb')
    }
  }
  if (type === 'integer' || type === 'number') {
    if (schema.minimum !== undefined) out.push(schema.minimum - 1, -(2 ** 63))
    if (schema.maximum !== undefined) out.push(schema.maximum + 1, 2 ** 63, 1e308)
    if (schema.minimum !== undefined) within.push(schema.minimum)
    if (schema.maximum !== undefined) within.push(schema.maximum)
    if (type === 'integer') out.push(1.5)
  }
  if (type === 'array' && schema.maxItems) out.push(Array.from({ length: schema.maxItems + 1 }, () => good(schema.items)))
  return { out: out.filter((each) => each !== undefined), within }
}

const formOf = (operation) => resolve(document, operation.row.requestBody?.content?.['application/json']?.schema)
// Files and tables as they are: their own tests send what is wrong with them.
const takesBytes = (operation) => /\/(import|media)$/.test(operation.template)
const writes = every.filter((each) => ['POST', 'PUT', 'PATCH'].includes(each.method) && !harmful.has(each.name) && !takesBytes(each))
const signed = (operation) => /webhooks|payment\/webhook/.test(operation.template)
// Bodies that hold a course's texts may be larger.
const holdsLessons = (operation) => forStaff.has(operation.name) && /^\/api\/(courses|modules|lessons|quizzes|markdown|practice\/trial)\b/.test(operation.template)
const withForm = writes.filter((each) => formOf(each)?.properties && !signed(each))

// The first round may fill caches; what is measured is the growth after it.
async function round() {
  for (const operation of writes) {
    const form = formOf(operation)
    const takesBody = form || signed(operation)
    await test(`${operation.name} refuses bodies that are no good JSON`, async () => {
      const deep = (open, close) => Buffer.from(open.repeat(10_000) + close.repeat(10_000))
      const broken = ['{', '}', '{"a"', '{"a":}', '{"a":1,}', '{a:1}', "{'a':1}", '{"a":NaN}', '{"a":Infinity}', '{"a":-}', '{"a":01}', '{"a":1e}', '{"a":"\\ud800"}', '{"a":"\\udc00\\ud800"}', '{"a":"\\x41"}', '{"a":"\n"}', '{"a":tru}', '[1', '"text', '{}{}', '{} x', '\u0000', '/**/{}', '{"a":1,"a":2}', 'null x',
        deep('[', ']'), deep('{"a":', '}'), Buffer.from('['.repeat(60_000)), Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0xfe, 0x22, 0x7d]), Buffer.from([0x7b, 0x22, 0xc0, 0xaf, 0x22, 0x3a, 0x31, 0x7d]), Buffer.from('{"a":1}', 'utf16le'), Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from('{"a":')])]
      for (const raw of broken) {
        const answer = await bad(operation, { raw }, { allow: takesBody ? [] : [200, 201] })
        if (form && !signed(operation)) same(answer.status, 400, `${raw.toString().slice(0, 60)}`)
      }
      for (const raw of ['null', 'true', '7', '"text"', '[]', '[{}]']) {
        const answer = await bad(operation, { raw }, { allow: takesBody ? [] : [200, 201] })
        if (form && !signed(operation)) same([answer.status, named(answer)], [400, ['body']], raw)
      }
    })
    await test(`${operation.name} refuses other types of body`, async () => {
      for (const type of ['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/plain', 'application/xml', 'text/json', 'application/json; charset=utf-16', 'application/octet-stream', 'nonsense', 'application/', null]) {
        const answer = await bad(operation, { raw: '{}', type }, { allow: takesBody ? [] : [200, 201] })
        if (form && !signed(operation)) same([answer.status, answer.json.error.code], [415, 'UNSUPPORTED_MEDIA'], `${type}`)
      }
    })
    await test(`${operation.name} refuses bodies that are too large`, async () => {
      const large = signed(operation) ? (1 << 20) + 1 : holdsLessons(operation) ? (2 << 20) + 1 : (64 << 10) + 1
      const answer = await bad(operation, { raw: Buffer.alloc(large, ' ') })
      same([answer.status, answer.json.error.code], [413, 'PAYLOAD_TOO_LARGE'], `${large} bytes`)
      // Said before it is sent.
      const head = await school.sendBytes(`${operation.method} ${concrete(operation.template)} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 999999999999\r\nConnection: close\r\n\r\n`)
      expect(/^HTTP\/1\.1 413 /.test(head), head.slice(0, 200))
    })
    await test(`${operation.name} takes an empty body for what it is`, async () => {
      const needed = form && (form.required ?? []).length > 0 && !signed(operation)
      for (const options of [{}, { raw: '' }, { raw: '', type: null }, { raw: '{}' }]) {
        const answer = await bad(operation, options, { allow: needed ? [] : [200, 201, 202] })
        if (!needed) continue
        // A rule of the form may ask for more than its schema can say.
        for (const name of form.required) expect(named(answer).includes(name), `details name ${show(named(answer))}, not ${name}`)
        for (const name of named(answer)) expect(name in form.properties, `details name ${name}, which the form does not have`)
      }
    })
  }
  for (const operation of withForm) {
    const form = formOf(operation)
    const base = good(form)
    const names = Object.keys(form.properties)
    await test(`${operation.name} names every field of a wrong type`, async () => {
      for (const name of names) {
        for (const value of wrong(form.properties[name])) namesField(await bad(operation, { body: { ...base, [name]: value } }), name, `${operation.name} with ${name} = ${show(value)}`)
      }
      const all = Object.fromEntries(names.map((name) => [name, wrong(form.properties[name])[0]]).filter(([, value]) => value !== undefined))
      const answer = await bad(operation, { body: all })
      for (const name of Object.keys(all)) namesField(answer, name, `${operation.name} with everything wrong`)
    })
    await test(`${operation.name} names every field that is missing or unknown`, async () => {
      for (const name of form.required ?? []) {
        for (const body of [{ ...base, [name]: undefined }, { ...base, [name]: null }]) namesField(await bad(operation, { body }), name, `${operation.name} without ${name}`)
      }
      for (const unknown of ['unknown', '__proto__', 'constructor', 'ID', ' ', '', 'a.b', 'a[0]', 'x'.repeat(60), 'ü', ...names.slice(0, 1).map((name) => name.toUpperCase())]) {
        const raw = JSON.stringify(base).replace(/^\{/, `{${JSON.stringify(unknown)}:1${Object.keys(base).length ? ',' : ''}`)
        const answer = await bad(operation, { raw })
        same(answer.status, 400, `${operation.name} with the field ${show(unknown)}`)
        expect(named(answer).includes(unknown), `${operation.name}: details name ${show(named(answer))}, not ${show(unknown)}`)
      }
      const many = Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`unknown${i}`, i]))
      const answer = await bad(operation, { body: { ...base, ...many } })
      same(answer.status, 400, 'two thousand unknown fields')
      expect(answer.text.length < 20_000, `the answer to two thousand unknown fields has ${answer.text.length} bytes`)
      for (const name of names) {
        const twice = JSON.stringify({ [name]: base[name] ?? null }).slice(0, -1)
        const doubled = await bad(operation, { raw: `${twice},${JSON.stringify(name)}:null}` })
        same([doubled.status, doubled.json.error.code], [400, 'BAD_JSON'], `${name} given twice`)
      }
    })
    await test(`${operation.name} keeps to the bounds of every field`, async () => {
      for (const name of names) {
        const { out, within } = edges(form.properties[name])
        for (const value of out) namesField(await bad(operation, { body: { ...base, [name]: value } }), name, `${operation.name} with ${name} = ${show(value).slice(0, 80)}`)
        for (const value of within) {
          const answer = await bad(operation, { body: { ...base, [name]: value } }, { allow: [200, 201, 202] })
          expect(!named(answer).includes(name), () => `${operation.name} with ${name} = ${show(value)}: ${show(answer.json?.error)}`)
        }
        for (const text of ['"\\ud800"', '"\\u0000"', '1e999', '-1e999', '123456789012345678901234567890', '-0', '1e-400', '"\\ud83d\\ude00\\u202e"']) {
          const raw = JSON.stringify({ ...base, [name]: '@' }).replace(`${JSON.stringify(name)}:"@"`, `${JSON.stringify(name)}:${text}`)
          await bad(operation, { raw }, { allow: [200, 201, 202] })
        }
      }
    })
  }
  for (const operation of every.filter((each) => each.method === 'DELETE')) {
    await test(`${operation.name} refuses a body that it does not take`, async () => {
      const stray = await bad(operation, { raw: '{"unknown":1}' })
      same([stray.status, named(stray)], [400, ['unknown']], 'an unknown field')
      for (const raw of ['null', '[]', '"text"']) {
        const answer = await bad(operation, { raw })
        same([answer.status, named(answer)], [400, ['body']], raw)
      }
      for (const raw of ['{', '{"a":1,"a":2}', 'tru']) same((await bad(operation, { raw })).status, 400, raw)
      const typed = await bad(operation, { raw: 'unknown=1', type: 'application/x-www-form-urlencoded' })
      same([typed.status, typed.json.error.code], [415, 'UNSUPPORTED_MEDIA'], 'a form of another type')
      same((await bad(operation, { raw: Buffer.alloc((64 << 10) + 1, ' ') })).status, 413, 'a large one')
    })
  }
  for (const operation of every.filter((each) => each.template.includes('{'))) {
    await test(`${operation.name} knows no id that is none`, async () => {
      const ids = ['0', '-1', 'null', 'undefined', 'q', strangeId, randomUUID(), strangeId.toUpperCase(), `${strangeId} `, `{${strangeId}}`, 'x'.repeat(255), 'x'.repeat(4000), "' OR 1=1 --", '" ; DROP TABLE users', '💥', '\u202e', '<script>', ...(operation.template.includes('users/{id}') ? [plan.id] : [member.profile.id, owner.profile.id]), plan.id === strangeId ? 'y' : `${plan.id}0`, '*', '.', '..', 'a.b', '$where', '%', '+', '~', ';', ':', '@']
      for (const id of ids) {
        for (const as of [undefined, member, owner]) {
          const form = formOf(operation)
          const answer = await bad(operation, { path: concrete(operation.template, id), as, ...(form ? { body: good(form) } : {}) })
          expect([400, 401, 403, 404].includes(answer.status), `${show(id)}: ${answer.status}`)
        }
      }
      for (const raw of ['%00', '%ff', '%c0%af', '%2e%2e', '%2f', '%5c', '%25', '%', '%zz', '%u0041', `${strangeId}%00`]) {
        const path = operation.template.replace(/\{[^}]+\}/g, raw)
        const answer = await bad(operation, { path })
        expect([400, 404].includes(answer.status), `${raw}: ${answer.status}`)
      }
    })
  }
  for (const operation of every.filter((each) => each.method === 'GET')) {
    await test(`${operation.name} survives any query`, async () => {
      const parameters = (operation.row.parameters ?? []).filter((each) => each.in === 'query')
      const values = ['', '0', '-1', '1e9', '9'.repeat(30), 'NaN', 'true', '%00', '%ff', '%c0%af', '%22', "'", 'x'.repeat(5000), '[]', '{}', '%f0%9f%92%a5', ',,,,', 'a,b', '..%2f..']
      const names = [...parameters.map((each) => each.name), 'unknown', '__proto__', 'fields', 'fields[]', '%00', '%ff', '']
      for (const name of names) for (const value of values) await bad(operation, { path: `${concrete(operation.template)}?${name}=${value}` }, { allow: [200] })
      for (const query of ['&&&&', '=', '====', '?', `${'a=1&'.repeat(190)}`, `${'a=1&'.repeat(1000)}`, 'limit=1&limit=2', 'a', '%', '%zz=1']) await bad(operation, { path: `${concrete(operation.template)}?${query}` }, { allow: [200] })
      for (const parameter of parameters.filter((each) => each.name !== 'fields')) {
        // A NUL makes the whole query malformed, and a line of more than 8 KiB no route sees.
        for (const value of edges(parameter.schema).out.filter((each) => !String(each).includes('\u0000') && encodeURIComponent(each).length < 7000)) {
          const answer = await bad(operation, { path: `${concrete(operation.template)}?${parameter.name}=${encodeURIComponent(value)}` })
          if (!operation.template.includes('{')) namesField(answer, parameter.name, `${operation.name}?${parameter.name}=${String(value).slice(0, 60)}`)
        }
      }
    })
  }
  await test('odd headers are refused or ignored', async () => {
    for (const [name, value] of [['Idempotency-Key', 'x'.repeat(4000)], ['Idempotency-Key', '💥'.normalize('NFC').codePointAt(0).toString()], ['Prefer', 'x'.repeat(4000)], ['Accept', '*/*;q=nonsense'], ['Accept', `${'a/b,'.repeat(1000)}`], ['Accept-Encoding', `${'gzip;q=0.1,'.repeat(500)}`], ['Cookie', `${'a=b; '.repeat(1000)}`], ['Cookie', 'tuition_at'], ['Cookie', '=;=;='], ['If-None-Match', `${'"a",'.repeat(1000)}`], ['If-None-Match', '*'], ['Range', 'bytes=0-0,5-1,-9999999999999'], ['Authorization', 'Bearer '.repeat(500)], ['X-Request-Id', '"><script>'], ['Content-Encoding', 'gzip'], ['User-Agent', 'x'.repeat(4000)], ['Sec-Fetch-Site', 'x'], ['Origin', 'x'.repeat(4000)]]) {
      for (const operation of [every.find((each) => each.name === 'GET /api/plans'), every.find((each) => each.name === 'PUT /api/users/profile'), every.find((each) => each.name === 'POST /api/billing/create-checkout-session')])
        await bad(operation, { ...(operation.method === 'GET' ? {} : { body: { planId: strangeId } }), headers: { [name]: value } }, { allow: [200, 304, 431] })
    }
  })
}

await round()
const settled = await school.metric('process_resident_memory_bytes')
const first = asked
await round()
await test(`after ${first} more bad requests the server is as large as before`, async () => {
  const grown = (await school.metric('process_resident_memory_bytes')) - settled
  expect(grown < Math.max(settled * 0.15, 8 << 20), `it grew by ${(grown / (1 << 20)).toFixed(1)} MiB to ${((settled + grown) / (1 << 20)).toFixed(1)} MiB`)
})
await test('nothing was changed by any of it', async () => {
  const me = (await school.send({ path: '/api/users/profile', as: member })).json?.data ?? fail('the member is gone')
  same([me.email, me.role, me.access], [member.email, 'user', 'free'], 'the member')
  same((await school.send({ path: '/api/plans' })).json.data[0].id, plan.id, 'the plans')
})
await test('no 500 was counted, and the server is alive', async () => {
  const figures = (await school.send({ path: '/metrics', headers: { Accept: 'application/json' } })).json
  const failures = figures.filter((each) => each.name === 'tuition_http_requests_total' && each.labels.status === '500' && each.value > 0)
  same(failures, [], 'answers 500')
  expect(figures.some((each) => each.name === 'tuition_http_requests_total'), 'the figure has another name')
  same((await school.send({ path: '/readyz' })).status, 200, '/readyz')
  same(school.server.gone, undefined, 'the process')
})
await test('the log is one JSON object per line and holds no password or token', () => school.checkLog())

await school.stop()
finish()
