// What the server says about itself, and what holds on every route: methods, headers, limits, origins, errors.
import { gunzipSync } from 'node:zlib'
import { Bearer, Browser, demoPassword, freshAddress, password, strangeId, until } from './lib/client.mjs'
import { checkSecurityHeaders, expect, finish, same, School, test } from './lib/rows.mjs'
import { operations } from './lib/schema.mjs'

const school = await School.start()
const { row } = { row: school.row.bind(school) }
const every = operations(school.document)
const concrete = (template) => template.replace(/\{[^}]+\}/g, strangeId)
const paths = [...new Set(every.map((each) => each.template))]
const owner = await school.demo('owner')
const learner = await school.demo('learner')

// --- Probes and figures

for (const path of ['/health', '/api/health', '/healthz', '/livez', '/readyz']) {
  await row(`${path} answers ok without any limit`, `GET ${path}`, {}, {
    status: 200,
    data: { status: 'ok' },
    headers: { RateLimit: undefined, 'RateLimit-Policy': undefined },
    then: (answer) => same(answer.json.status, 'ok', 'status, where probes look for it'),
  })
}
for (const path of ['/status', '/api/status']) {
  await row(`${path} tells the version, the uptime and the queue`, `GET ${path}`, {}, {
    status: 200,
    has: { status: 'ok', database: true },
    then: ({ json: { data } }) => {
      expect(/^\d+\.\d+\.\d+/.test(data.version), `version ${data.version}`)
      expect(data.jobs.dead === 0, `dead jobs: ${data.jobs.dead}`)
      same(data.providers, ['paystack', 'stripe', 'manual'], 'who takes payments in dev')
      same(data.detail, null, 'what is for administrators alone')
    },
  })
}
for (const path of ['/metrics', '/api/metrics']) {
  await row(`${path} is Prometheus text`, `GET ${path}`, {}, {
    status: 200,
    headers: { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' },
    then: ({ text }) => {
      for (const name of ['tuition_http_request_duration_seconds_bucket', 'tuition_http_requests_total', 'tuition_jobs_queued', 'tuition_wal_bytes', 'tuition_db_bytes', 'tuition_db_commit_duration_seconds_count', 'tuition_db_read_duration_seconds_count', 'process_resident_memory_bytes', 'tuition_build_info'])
        expect(text.includes(`\n${name}`), `${name} is missing`)
      for (const line of text.split('\n')) expect(line === '' || /^(#|[a-z_]+(\{([a-z_]+="[^"]*",?)*\})? [-+0-9.eInfNa]+$)/.test(line), `not Prometheus: ${line}`)
    },
  })
  await row(`${path} is JSON for who asks so`, `GET ${path}`, { headers: { Accept: 'application/json' } }, {
    status: 200,
    then: ({ json }) => {
      const rss = json.find((each) => each.name === 'process_resident_memory_bytes')
      expect(rss.value > 1 << 20 && rss.value < 1 << 30, `memory ${rss.value}`)
      const routes = json.filter((each) => each.name === 'tuition_http_request_duration_seconds')
      expect(routes.some((each) => each.labels.route === '/health' && each.count > 0 && each.p99Us >= each.p50Us), 'percentiles per route')
    },
  })
}
await row('the web app is told what the school is', 'GET /api/config', {}, {
  status: 200,
  has: { mode: 'dev', providers: ['paystack', 'stripe', 'manual'], features: { registration: true }, passwordMinLength: 12 },
  then: ({ json: { data } }) => expect(data.currencies.includes('USD') && data.currencies.every((each) => /^[A-Z]{3}$/.test(each)), `currencies ${data.currencies}`),
})
await row('the API describes itself as OpenAPI 3.1', 'GET /api/openapi.json', {}, {
  status: 200,
  headers: { 'Content-Type': /^application\/json/ },
  then: ({ json }) => {
    expect(json.openapi.startsWith('3.1'), json.openapi)
    for (const { name, row: described } of operations(json)) {
      expect(described.operationId && described.summary && described.tags?.length, `${name} has no name, sentence or tag`)
      expect(!/AtRoot$/.test(described.operationId) || !name.includes(' /api/'), `${name} is named ${described.operationId}, but is not at the root`)
    }
  },
})
await row('a school with its owner needs no setup', 'GET /api/setup', {}, { status: 200, data: { needed: false } })
await row('a second setup is refused', 'POST /api/setup', { body: { token: 'x', email: freshAddress(), password } }, { status: 409 })

await test('every list is given page by page, and names what is wrong with the page asked for', async () => {
  let lists = 0
  for (const { method, template, name, row: described } of every) {
    const { properties } = described.responses['200']?.content?.['application/json']?.schema ?? {}
    if (method !== 'GET' || properties?.data?.type !== 'array') continue
    lists += 1
    const names = (described.parameters ?? []).map((each) => each.name)
    same([properties.page !== undefined, names.includes('limit'), names.includes('cursor')], [true, true, true], name)
    // Those about one thing are asked where it is at hand.
    if (template.includes('{') || described.parameters.some((each) => each.required)) continue
    const ask = (query) => school.send({ path: `${template}?${query}`, as: owner })
    const first = await ask('limit=1')
    same([first.status, first.json.page?.limit, first.json.data.length <= 1], [200, 1, true], `${name}, a page of one`)
    if (first.json.page.nextCursor) {
      const second = await ask(`limit=1&cursor=${encodeURIComponent(first.json.page.nextCursor)}`)
      same([second.status, second.json.data.length], [200, 1], `${name}, the next`)
      expect(JSON.stringify(second.json.data) !== JSON.stringify(first.json.data), `${name} gives a row twice`)
    }
    for (const [query, field] of [['limit=0', 'limit'], ['limit=101', 'limit'], ['limit=x', 'limit'], ['cursor=nonsense', 'cursor']]) {
      const wrong = await ask(query)
      same([wrong.status, wrong.json.error?.details?.map((each) => each.field)], [400, [field]], `${name}?${query}`)
    }
  }
  expect(lists > 40, `${lists} lists`)
})

// --- Pages about the API

const accept = { Accept: 'text/html' }
await test('/docs/errors explains every code, where problem details lead', async () => {
  const page = await school.send({ path: '/docs/errors', headers: accept })
  same([page.status, page.headers['content-type']], [200, 'text/html; charset=utf-8'], 'the page')
  const { enum: codes } = school.document.components.schemas.ErrorCode
  expect(codes.length > 30, `${codes.length} codes`)
  for (const code of codes) expect(page.text.includes(`id="${code.toLowerCase().replaceAll('_', '-')}"`), `no place for ${code}`)
  const told = await school.send({ path: '/api/auth/me', headers: { Accept: 'application/problem+json' } })
  const [, anchor] = told.json.type.split('/docs/errors#')
  expect(page.text.includes(`id="${anchor}"`), told.json.type)
})
await test('/docs/api shows every route with its form, answer and a call', async () => {
  const page = await school.send({ path: '/docs/api', headers: accept })
  same(page.status, 200, 'status')
  for (const { row: described } of operations(school.document)) {
    const name = described.operationId.replace(/AtRoot$/, '')
    expect(page.text.includes(`id="${name}"`), `${name} is missing`)
  }
  expect(page.text.includes(`SCHOOL=http://127.0.0.1:${school.server.port}`), 'calls go to where the reader is')
})
await test('both pages need no script of their own, keep to the policy and to this host', async () => {
  for (const path of ['/docs/api', '/docs/errors']) {
    const page = await school.send({ path, headers: accept })
    checkSecurityHeaders(page)
    for (const [, src] of page.text.matchAll(/<script([^>]*)>/g)) expect(/src="\/theme\.js"/.test(src), `a script: ${src}`)
    expect(!/<style|\sstyle=|\son[a-z]+=/.test(page.text), `${path} has inline style or script`)
    expect(!page.text.includes('[['), `${path} has an unfilled place`)
    for (const [, address] of page.text.matchAll(/<link[^>]+href="([^"]+)"/g)) same((await school.send({ path: address })).status, 200, address)
  }
  same((await school.send({ path: '/docs.html', headers: { Accept: 'application/json' } })).status, 404, 'the empty frame')
})

// --- Errors

const problem = { Accept: 'application/problem+json' }
for (const [what, operation, options, status, code] of [
  ['a missing page', 'GET /api/nothing/here', {}, 404, 'NOT_FOUND'],
  ['an unauthenticated call', 'GET /api/auth/me', {}, 401, 'UNAUTHENTICATED'],
  ['a wrong method', 'DELETE /api/plans', {}, 405, 'METHOD_NOT_ALLOWED'],
  ['a malformed body', 'POST /api/auth/login', { raw: '{' }, 400, 'BAD_JSON'],
  ['a wrong type of body', 'POST /api/auth/login', { raw: 'a=b', type: 'application/x-www-form-urlencoded' }, 415, 'UNSUPPORTED_MEDIA'],
  ['a body that is too large', 'POST /api/auth/login', { raw: ' '.repeat(70_000) }, 413, 'PAYLOAD_TOO_LARGE'],
]) {
  await row(`${what} is told in the envelope`, operation, options, { status, code })
  await row(`${what} is told as problem+json on request`, operation, { ...options, headers: problem }, {
    status,
    headers: { 'Content-Type': 'application/problem+json' },
    then: ({ json, headers }) => {
      same(json.status, status, 'status')
      same(json.code, code, 'code')
      same(json.instance, `urn:uuid:${headers['x-request-id']}`, 'instance')
      expect(json.type && json.title && json.detail, 'type, title and detail')
    },
  })
}
await row('problem+json points at every wrong field', 'POST /api/auth/register', { headers: problem, body: { email: 7, consents: [{ purpose: '' }] } }, {
  status: 400,
  then: ({ json }) => same(json.errors.map((each) => each.pointer).sort(), ['#/consents/0/granted', '#/consents/0/purpose', '#/email', '#/password'], 'pointers'),
})
await test('every request has an id of its own, which no stranger chooses', async () => {
  const seen = new Set()
  for (let i = 0; i < 20; i += 1) {
    const answer = await school.send({ path: '/health', headers: { 'X-Request-Id': 'chosen-by-a-stranger' } })
    seen.add(answer.headers['x-request-id'])
  }
  same(seen.size, 20, 'different ids')
  expect(!seen.has('chosen-by-a-stranger'), 'the id was believed')
})
await test('the id of a refused request stands in the log', async () => {
  const answer = await school.send({ path: '/api/auth/me' })
  await until('the line', () => school.server.log.includes(answer.headers['x-request-id']))
})

// --- Methods

for (const { template, name } of every.filter((each) => each.method === 'GET')) {
  await test(`HEAD ${template} has the headers of ${name} and no body`, async () => {
    const [get, head] = [await school.send({ path: concrete(template) }), await school.send({ method: 'HEAD', path: concrete(template) })]
    same(head.status, get.status, 'status')
    same(head.bytes.length, 0, 'length of the body')
    same(head.headers['content-type'], get.headers['content-type'], 'Content-Type')
    if (!/metrics|status/.test(template)) same(head.headers['content-length'], get.headers['content-length'], 'Content-Length')
  })
}
await test('OPTIONS names the methods of every route', async () => {
  for (const template of paths) {
    const answer = await school.send({ method: 'OPTIONS', path: concrete(template) })
    same(answer.status, 204, `OPTIONS ${template}`)
    const allowed = answer.headers.allow.split(', ')
    for (const { method } of every.filter((each) => each.template === template)) expect(allowed.includes(method), `Allow of ${template}: ${allowed}`)
    expect(allowed.includes('OPTIONS'), `Allow of ${template}: ${allowed}`)
    same(answer.headers['access-control-allow-origin'], undefined, 'Access-Control-Allow-Origin')
  }
})
await test('a method that a route has not is 405 with Allow, and changes nothing', async () => {
  for (const template of paths) {
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
      const operation = every.find((each) => each.template === template && each.method === method)
      const shadowed = every.some((each) => each.method === method && each.template !== template && each.template.split('/').length === template.split('/').length && concrete(each.template) === concrete(template))
      if (operation || shadowed) continue
      const answer = await school.send({ method, path: concrete(template), as: owner, ...(method === 'GET' || method === 'DELETE' ? {} : { body: {} }) })
      same(answer.status, 405, `${method} ${template}`)
      school.check(answer, { method, path: concrete(template) })
      for (const known of every.filter((each) => each.template === template)) expect(answer.headers.allow.includes(known.method), `Allow of ${template}: ${answer.headers.allow}`)
    }
  }
})
await test('TRACE and CONNECT are 405, methods nobody knows 501, all with Allow', async () => {
  for (const [method, status] of [['TRACE', 405], ['FOO', 501]]) {
    const answer = await school.sendBytes(`${method} /api/plans HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
    expect(answer.startsWith(`HTTP/1.1 ${status} `) && /\r\nAllow: /.test(answer), answer.slice(0, 300))
  }
})

// --- Headers, caching, compression

await test('every kind of answer carries the security headers', async () => {
  const page = await school.send({ path: '/', headers: { Accept: 'text/html' } })
  same(page.status, 200, 'the start page')
  expect(!/<script(?![^>]*\bsrc=)[^>]*>|<style|\son[a-z]+=|\sstyle=/i.test(page.text), 'the page has inline script or style')
  const asset = /(?:src|href)="(\/[^"]+\.(?:js|css))"/.exec(page.text)
  expect(asset, `no asset in ${page.text.slice(0, 500)}`)
  for (const answer of [page, await school.send({ path: asset[1] }), await school.send({ path: '/api/plans' }), await school.send({ path: '/api/nothing' }),
    await school.send({ path: '/app/anything', headers: { Accept: 'text/html' } }), await school.send({ method: 'OPTIONS', path: '/api/plans' })]) checkSecurityHeaders(answer)
  expect(page.headers['strict-transport-security'] === undefined, 'no Strict-Transport-Security over http')
})
await test('static files are immutable and answered 304 to who has them', async () => {
  const page = await school.send({ path: '/', headers: { Accept: 'text/html' } })
  const [, path] = /(?:src|href)="(\/assets\/[^"]+\.js)"/.exec(page.text)
  const file = await school.send({ path })
  expect(/immutable/.test(file.headers['cache-control']), `Cache-Control: ${file.headers['cache-control']}`)
  const again = await school.send({ path, headers: { 'If-None-Match': file.headers.etag } })
  same(again.status, 304, 'status')
  same(again.bytes.length, 0, 'length of the body')
  checkSecurityHeaders(again)
})
for (const path of ['/api/openapi.json', '/api/plans', '/api/courses', '/api/courses/hear-what-you-play']) {
  await row(`${path} is public, and 304 for who has it`, `GET ${path.replace('hear-what-you-play', '{idOrSlug}')}`, { path }, {
    status: 200,
    then: async (answer) => {
      expect(/^(W\/)?"[^"]+"$/.test(answer.headers.etag ?? ''), `ETag: ${answer.headers.etag}`)
      const again = await school.send({ path, headers: { 'If-None-Match': answer.headers.etag } })
      same(again.status, 304, 'status with If-None-Match')
      same(again.headers.etag, answer.headers.etag, 'ETag of the 304')
      const other = await school.send({ path, headers: { 'If-None-Match': '"something else"' } })
      same(other.status, 200, 'status with another tag')
    },
  })
}
await test('long answers are gzipped on request, and only then', async () => {
  const plain = await school.send({ path: '/api/openapi.json' })
  same(plain.headers['content-encoding'], undefined, 'Content-Encoding')
  expect(/Accept-Encoding/i.test(plain.headers.vary ?? ''), `Vary: ${plain.headers.vary}`)
  const packed = await school.send({ path: '/api/openapi.json', headers: { 'Accept-Encoding': 'gzip' } })
  same(packed.headers['content-encoding'], 'gzip', 'Content-Encoding')
  expect(/Accept-Encoding/i.test(packed.headers.vary ?? ''), `Vary: ${packed.headers.vary}`)
  same(gunzipSync(packed.bytes).toString(), plain.text, 'the text')
  expect(packed.bytes.length < plain.bytes.length / 3, 'it is smaller')
  const refused = await school.send({ path: '/api/openapi.json', headers: { 'Accept-Encoding': 'gzip;q=0, br' } })
  same(refused.headers['content-encoding'], undefined, 'Content-Encoding with q=0')
  const short = await school.send({ path: '/health', headers: { 'Accept-Encoding': 'gzip' } })
  same(short.headers['content-encoding'], undefined, 'Content-Encoding of a short answer')
})
await test("what belongs to a person is never stored by caches", async () => {
  const mine = await school.send({ path: '/api/users/profile', as: learner })
  same(mine.headers['cache-control'], 'no-store', 'Cache-Control')
})
await row('fields= leaves out the rest', 'GET /api/config', { path: '/api/config?fields=mode,name' }, {
  status: 200,
  then: ({ json }) => same(Object.keys(json.data).sort(), ['mode', 'name'], 'members'),
})

// --- Paths at the root (D14)

const accepts = { browser: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', json: 'application/json', none: '*/*' }
for (const path of ['/plans', '/users/profile']) {
  await test(`${path} is the API, and the web app's page for a browser that follows a link`, async () => {
    for (const accept of [accepts.json, accepts.none, 'application/json, text/html;q=0.5']) {
      const answer = await school.send({ path, as: learner, headers: { Accept: accept } })
      same(answer.status, 200, `status with ${accept}`)
      expect(answer.json?.success === true, `${accept} got ${answer.headers['content-type']}`)
    }
    const page = await school.send({ path, headers: { Accept: accepts.browser } })
    expect(page.headers['content-type'].startsWith('text/html'), `a browser got ${page.headers['content-type']}`)
    checkSecurityHeaders(page)
  })
}
await test('each path at the root has a page for browsers, and caches are told so', async () => {
  for (const path of ['/users', '/plans', '/admin', '/health', '/status', '/metrics']) {
    const page = await school.send({ path, headers: { Accept: accepts.browser } })
    expect(page.status === 200 && page.headers['content-type'].startsWith('text/html'), `${path}: ${page.status} ${page.headers['content-type']}`)
    expect(page.headers.vary.split(', ').includes('Accept'), `${path}: Vary ${page.headers.vary}`)
  }
})
await test('under /api nobody gets a page', async () => {
  for (const path of ['/api/plans', '/api/nothing']) {
    const answer = await school.send({ path, headers: { Accept: accepts.browser } })
    expect(answer.headers['content-type'].startsWith('application/json'), `${path}: ${answer.headers['content-type']}`)
  }
})

// --- Paths that mean two things (T09)

await test('paths that could mean two things are refused, and none leads to a file of the host', async () => {
  for (const path of ['/%2e%2e/etc/passwd', '/..%5c..%5cetc/passwd', '/%c0%ae%c0%ae/etc/passwd', '/api/plans%00', '//api/plans', '/./api/plans', '/api/./plans', '/api/plans/..',
    '/api/courses/a%2fb', '/api/courses/%252e%252e', '/api//plans', '/api/plans%', '/api/plans%zz', '/api/%ff', '/../../etc/passwd', '/assets/../../etc/passwd', '/api/auth/me%20', '/API/PLANS']) {
    const answer = await school.sendBytes(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
    expect(/^HTTP\/1\.1 (400|404) /.test(answer), `${path}: ${answer.slice(0, 200)}`)
    expect(!answer.includes('root:'), `${path} is a file of the host`)
  }
})

// --- Other sites (T37, T39)

const evil = ['https://evil.example', 'null', `http://127.0.0.1.evil.example:${school.port}`, `https://127.0.0.1:1`, 'http://localhost.evil.example']
await test('no other site gets leave to read an answer', async () => {
  for (const origin of evil) {
    for (const { method, template } of every) {
      const preflight = await school.send({ method: 'OPTIONS', path: concrete(template), headers: { Origin: origin, 'Access-Control-Request-Method': method } })
      expect(preflight.headers['access-control-allow-origin'] === undefined && preflight.headers['access-control-allow-credentials'] === undefined, `${origin} may call ${template}`)
      expect(preflight.status === 403, `preflight of ${template} from ${origin}: ${preflight.status}`)
    }
    const answer = await school.send({ path: '/api/plans', headers: { Origin: origin } })
    same(answer.status, 200, 'status of a read')
    same(answer.headers['access-control-allow-origin'], undefined, 'Access-Control-Allow-Origin')
  }
})
await test('no other site changes anything with the cookies of a person', async () => {
  const browser = await school.browser('learner@tuition.example', 'practice makes perfect')
  const cookie = browser.headers().Cookie
  const own = school.url
  const before = (await school.send({ path: '/api/users/profile', as: browser })).json.data
  const attempts = [
    [{ Origin: 'https://evil.example' }, 'ORIGIN_NOT_ALLOWED'],
    [{ Origin: 'null' }, 'ORIGIN_NOT_ALLOWED'],
    [{ Origin: `http://sub.127.0.0.1:${school.port}` }, 'ORIGIN_NOT_ALLOWED'],
    [{ 'Sec-Fetch-Site': 'cross-site' }, 'CSRF_FAILED'],
    [{ 'Sec-Fetch-Site': 'same-site' }, 'CSRF_FAILED'],
    [{ 'Sec-Fetch-Site': 'cross-site', Origin: own }, 'CSRF_FAILED'],
    [{ 'Sec-Fetch-Site': 'same-origin', Origin: 'https://evil.example' }, 'ORIGIN_NOT_ALLOWED'],
    [{}, 'CSRF_FAILED'],
  ]
  for (const [headers, code] of attempts) {
    for (const [operation, body] of [['PUT /api/users/profile', { fullName: 'Mallory' }], ['POST /api/auth/logout', {}], ['POST /api/progress/save', {}], ['POST /api/billing/create-checkout-session', { planId: strangeId }], ['POST /api/auth/refresh', {}], ['POST /api/auth/login', { email: 'a@example.org', password }]]) {
      const [method, path] = operation.split(' ')
      const answer = await school.send({ method, path, body, headers: { Cookie: cookie, ...headers } })
      same(answer.status, 403, `${operation} with ${JSON.stringify(headers)}`)
      same(answer.json.error.code, code, `${operation} with ${JSON.stringify(headers)}`)
      school.check(answer, { method, path })
    }
    // What a form of another site can send without being asked.
    for (const type of ['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/plain']) {
      const answer = await school.send({ method: 'POST', path: '/api/auth/update-profile', raw: 'fullName=Mallory', type, headers: { Cookie: cookie, ...headers } })
      same(answer.status, 403, `${type} with ${JSON.stringify(headers)}`)
    }
  }
  same((await school.send({ path: '/api/users/profile', as: browser })).json.data, before, 'the profile')
})
await test('our own pages may, by either header', async () => {
  const browser = await school.browser('learner@tuition.example', 'practice makes perfect')
  const cookie = browser.headers().Cookie
  for (const headers of [{ 'Sec-Fetch-Site': 'same-origin' }, { 'Sec-Fetch-Site': 'none' }, { Origin: school.url }, { 'Sec-Fetch-Site': 'same-origin', Origin: school.url }]) {
    const answer = await school.send({ method: 'PUT', path: '/api/users/profile', body: { leaderboardOptIn: true }, headers: { Cookie: cookie, ...headers } })
    same(answer.status, 200, JSON.stringify(headers))
  }
})
await test('a token in a header needs none of that, but a foreign origin is refused even so', async () => {
  const answer = await school.send({ method: 'PUT', path: '/api/users/profile', as: learner, body: { leaderboardOptIn: false } })
  same(answer.status, 200, 'without any header')
  const foreign = await school.send({ method: 'PUT', path: '/api/users/profile', as: learner, body: {}, headers: { Origin: 'https://evil.example' } })
  same(foreign.status, 403, 'from another origin')
  same(foreign.json.error.code, 'ORIGIN_NOT_ALLOWED', 'code')
})

// --- Tokens that are not ours (T27)

await test('no trick with a token signs anybody in', async () => {
  const [head, claims, signature] = learner.token.split('.')
  const part = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
  const header = JSON.parse(Buffer.from(head, 'base64url'))
  const body = JSON.parse(Buffer.from(claims, 'base64url'))
  const bad = {
    'alg none': `${part({ alg: 'none', typ: header.typ })}.${claims}.`,
    'alg none with a signature': `${part({ ...header, alg: 'none' })}.${claims}.${signature}`,
    'alg NONE': `${part({ ...header, alg: 'NONE' })}.${claims}.${signature}`,
    'no signature': `${head}.${claims}.`,
    'two parts': `${head}.${claims}`,
    'five parts': `${head}.${claims}.${signature}.${claims}.${signature}`,
    'role admin': `${head}.${part({ ...body, role: 'admin' })}.${signature}`,
    'other audience': `${head}.${part({ ...body, aud: 'elsewhere' })}.${signature}`,
    'kid with a path': `${part({ ...header, kid: '../../x' })}.${claims}.${signature}`,
    'kid with SQL': `${part({ ...header, kid: "' OR 1=1 --" })}.${claims}.${signature}`,
    jku: `${part({ ...header, jku: 'http://127.0.0.1:9/keys' })}.${claims}.${signature}`,
    'jwk header': `${part({ ...header, jwk: { kty: 'oct', k: 'AA' } })}.${claims}.${signature}`,
    'duplicate claims': `${head}.${part(JSON.stringify(body).replace('}', ',"role":"admin"}'))}.${signature}`,
    'expired claims': `${head}.${part({ ...body, exp: 1 })}.${signature}`,
    'JSON serialisation': JSON.stringify({ payload: claims, protected: head, signature }),
    'padding in the signature': `${learner.token}=`,
    'last character of the signature': learner.token.slice(0, -1) + (learner.token.endsWith('A') ? 'B' : 'A'),
    'a refresh token': learner.refreshToken,
    'empty parts': '..',
    'a long one': `${'A'.repeat(20_000)}.${claims}.${signature}`,
  }
  for (const [what, token] of Object.entries(bad)) {
    for (const headers of [{ Authorization: `Bearer ${token}` }, { Cookie: `tuition_at=${token}` }]) {
      const answer = await school.send({ path: '/api/auth/me', headers })
      expect(answer.status === 401 || (token.length > 8000 && answer.status === 431), `${what} in ${Object.keys(headers)}: ${answer.status}`)
    }
  }
  for (const value of ['Bearer', 'Bearer ', `Basic ${Buffer.from('a:b').toString('base64')}`, `Token ${learner.token}`, `Bearer ${learner.token} ${learner.token}`, 'Bearer tuk_nothing'])
    same((await school.send({ path: '/api/auth/me', headers: { Authorization: value } })).status, 401, value.slice(0, 30))
  same((await school.send({ path: '/api/auth/me', as: learner })).status, 200, 'the token itself')
})

// --- Development pages

await test('in dev there is a page that says what runs where', async () => {
  const answer = await school.send({ path: '/dev', headers: { Accept: 'text/html' } })
  same(answer.status, 200, 'status')
  for (const each of ['owner@tuition.example', 'instructor@tuition.example', 'learner@tuition.example', 'practice makes perfect', '/dev/outbox']) expect(answer.text.includes(each), `${each} is missing`)
  checkSecurityHeaders(answer)
})
await test('the outbox is a page, and JSON on request', async () => {
  const page = await school.send({ path: '/dev/outbox', headers: { Accept: 'text/html' } })
  same(page.status, 200, 'status')
  expect(page.headers['content-type'].startsWith('text/html'), page.headers['content-type'])
  const email = await school.signUp()
  const mail = await school.mailTo(email)
  same(Object.keys(mail).sort(), ['from', 'html', 'id', 'receivedAt', 'subject', 'text', 'to'], 'members')
  const one = await school.send({ path: `/dev/outbox/${mail.id}`, headers: { Accept: 'application/json' } })
  same(one.json, mail, 'the mail by its id')
  same((await school.send({ path: '/dev/outbox/nothing' })).status, 404, 'an unknown mail')
})
await test('who runs the school sees more of its status, a learner does not', async () => {
  await school.mailTo(await school.signUp())
  const mail = await until('the mail to be counted', async () => {
    const { detail } = (await school.send({ path: '/status', as: owner })).json.data
    same(detail.services.map((each) => each.name), ['paystack', 'stripe', 'manual', 'smtp'], 'services')
    expect(detail.databaseBytes > 0 && Number.isInteger(detail.logBytes) && Number.isInteger(detail.writeQueueMs), JSON.stringify(detail))
    return detail.services.find((each) => each.name === 'smtp').lastSuccessAt
  })
  expect(Number.isFinite(Date.parse(mail)), `when mail was last sent: ${mail}`)
  same((await school.send({ path: '/status', as: learner })).json.data.detail, null, 'of a learner')
  const made = await school.send({ method: 'POST', path: '/api/users/me/api-keys', as: owner, body: { name: 'monitor', scopes: ['ops'], password: demoPassword } })
  expect(made.status < 300, `a key: ${made.text}`)
  const byKey = await school.send({ path: '/status', as: new Bearer(made.json.data.secret) })
  expect(byKey.json.data.detail?.services.length === 4, `by a key: ${byKey.text}`)
})
await test('the clock moves on, and only on', async () => {
  const first = await school.send({ method: 'POST', path: '/dev/clock', body: { advance: 60 } })
  same(first.status, 200, `status: ${first.text}`)
  const second = await school.send({ method: 'POST', path: '/dev/clock', body: { advance: 'PT1H' } })
  expect(new Date(second.json.now) - new Date(first.json.now) >= 3_600_000, `${first.json.now} and an hour is not ${second.json.now}`)
  for (const advance of [-1, '-P1D', 'yesterday', 'P1000Y', null, {}, 1e300, '']) {
    const answer = await school.send({ method: 'POST', path: '/dev/clock', body: { advance } })
    same(answer.status, 400, `advance ${JSON.stringify(advance)}`)
  }
})
await test('what is no object is no form of the development pages', async () => {
  for (const path of ['/dev/mischief', '/dev/seed', '/dev/deliver', '/dev/clock', '/dev/dispute'])
    for (const body of [[1], 1, 'fail', true, null, [{ renewals: 'fail' }]]) {
      const answer = await school.send({ method: 'POST', path, body })
      const what = `${path} ${JSON.stringify(body)}`
      same(answer.status, 400, what)
      same(answer.json.error.details, [{ field: 'body', reason: 'must be an object' }], what)
    }
})
await test('development limits are twenty times the usual ones', async () => {
  const limited = await School.start({ env: { RATE_LIMIT_ENABLED: 'true' } })
  const answer = await limited.send({ method: 'POST', path: '/api/auth/login', body: {} })
  same(answer.headers['ratelimit-policy'], '"auth";q=100;w=60', 'RateLimit-Policy')
  same((await limited.send({ path: '/api/plans' })).headers['ratelimit-policy'], '"api";q=2000;w=60', 'RateLimit-Policy')
  await limited.stop()
})
await test('the log is one JSON object per line and holds no password or token', () => school.checkLog())

// --- Production

const prod = await School.start({ verb: 'serve', env: { RATE_LIMIT_ENABLED: 'true', TUITION_HTTP_METRICS_NETWORKS: '10.0.0.0/8', TUITION_SITE_BASE_URL: 'http://school.example', TUITION_HTTP_ALLOW_HTTP: 'true' } })
await test('in production there are no development pages', async () => {
  for (const [method, path] of [['GET', '/dev'], ['GET', '/dev/outbox'], ['POST', '/dev/clock'], ['POST', '/dev/deliver'], ['POST', '/dev/mischief'], ['POST', '/dev/seed'], ['GET', '/dev/pay/x'], ['POST', '/dev/pay/x']]) {
    const answer = await prod.send({ method, path, ...(method === 'POST' ? { body: {} } : {}) })
    same(answer.status, 404, `${method} ${path}`)
  }
  same((await prod.send({ path: '/api/config' })).json.data.mode, 'prod', 'mode')
})
await test('only the token that the server printed makes an owner, once', async () => {
  const [, token] = await until('the printed link', () => /setup\?token=([\w-]+)/.exec(prod.server.log))
  expect(prod.server.log.includes('http://school.example/setup?token='), 'the link has the configured address')
  same((await prod.send({ path: '/api/setup' })).json.data, { needed: true }, 'before')
  const email = freshAddress()
  const wrong = await prod.send({ method: 'POST', path: '/api/setup', body: { token: 'wrong', email, password } })
  same(wrong.status, 403, 'a wrong token')
  const without = await prod.send({ method: 'POST', path: '/api/setup', body: { email, password } })
  expect([400, 403].includes(without.status), `without a token: ${without.status}`)
  const both = await Promise.all([1, 2].map(() => prod.send({ method: 'POST', path: '/api/setup', body: { token, email: freshAddress(), password } })))
  same(both.map((each) => each.status).sort(), [201, 409], 'two at the same moment')
  same((await prod.send({ path: '/api/setup' })).json.data, { needed: false }, 'after')
  prod.owner = both.find((each) => each.status === 201).json.data.email
})
await test('sign-in is limited by address: five a minute, then 429 with Retry-After', async () => {
  // The calls of the setup before are counted, too: same address, same bucket.
  let left = null
  let refused = null
  for (let i = 0; i < 8 && !refused; i += 1) {
    // A stranger's word about where it comes from is not believed.
    const answer = await prod.send({ method: 'POST', path: '/api/auth/login', raw: '{', headers: { 'X-Forwarded-For': `203.0.113.${i}`, Forwarded: `for=203.0.113.${i}` } })
    same(answer.headers['ratelimit-policy'], '"auth";q=5;w=60', 'RateLimit-Policy')
    const [, r, t] = /^"auth";r=(\d+);t=(\d+)$/.exec(answer.headers.ratelimit) ?? []
    expect(r !== undefined && Number(t) <= 60, `RateLimit: ${answer.headers.ratelimit}`)
    if (left !== null) same(Number(r), Math.max(left - 1, 0), 'what is left')
    left = Number(r)
    if (answer.status === 429) refused = answer
    else same(answer.status, 400, 'before that')
  }
  expect(refused, 'no 429 after the documented count')
  same(refused.json.error.code, 'RATE_LIMITED', 'code')
  const wait = Number(refused.headers['retry-after'])
  expect(wait >= 1 && wait <= 60, `Retry-After: ${wait}`)
  prod.check(refused, { method: 'POST', path: '/api/auth/login' })
  const told = await prod.send({ method: 'POST', path: '/api/auth/login', raw: '{', headers: problem })
  same([told.status, told.json.type], [429, 'https://iana.org/assignments/http-problem-types#quota-exceeded'], 'as problem+json')
})
await test('the rest of the API is limited to a hundred calls a minute, and the probes never', async () => {
  const statuses = []
  for (let i = 0; i < 101; i += 1) {
    const answer = await prod.send({ path: '/api/plans' })
    same(answer.headers['ratelimit-policy'], '"api";q=100;w=60', 'RateLimit-Policy')
    statuses.push(answer.status)
  }
  expect(statuses.slice(0, 90).every((each) => each === 200), `the first ninety: ${statuses}`)
  same(statuses[100], 429, 'the hundred and first')
  for (let i = 0; i < 30; i += 1) same((await prod.send({ path: '/health' })).status, 200, '/health')
})
await test('figures are for operators: 401 for strangers, 403 for learners', async () => {
  const open = await School.start({ verb: 'serve', env: { TUITION_HTTP_METRICS_NETWORKS: '10.0.0.0/8', TUITION_AUTH_REQUIRE_VERIFIED_EMAIL: 'false', TUITION_HTTP_API_DOCS: 'false' } }).catch((error) => error)
  // Without its document a school cannot be judged; started by hand it is.
  expect(open instanceof Error && open.message.startsWith('no OpenAPI document: 404'), () => `http.api_docs=false hides the document: ${open.message ?? 'it does not'}`)
  const figures = await School.start({ verb: 'serve', env: { TUITION_HTTP_METRICS_NETWORKS: '10.0.0.0/8', TUITION_AUTH_REQUIRE_VERIFIED_EMAIL: 'false' } })
  const [, token] = await until('the printed link', () => /setup\?token=([\w-]+)/.exec(figures.server.log))
  const email = freshAddress()
  await figures.send({ method: 'POST', path: '/api/setup', body: { token, email, password } })
  const boss = await figures.signIn(email)
  const member = await figures.member()
  for (const path of ['/metrics', '/api/metrics']) {
    await figures.judge(`GET ${path}`, {}, { status: 401, code: 'UNAUTHENTICATED' })
    await figures.judge(`GET ${path}`, { as: member }, { status: 403, code: 'FORBIDDEN' })
    await figures.judge(`GET ${path}`, { as: new Bearer('nonsense') }, { status: 401 })
    await figures.judge(`GET ${path}`, { as: boss }, { status: 200 })
  }
  await figures.stop()
})
await test('a site that is named may call when the operator says so, and no other', async () => {
  const cors = await School.start({ verb: 'serve', env: { ENABLE_CORS: 'true', TUITION_HTTP_CORS_ORIGINS: 'https://app.example.org' } })
  const headers = { Origin: 'https://app.example.org', 'Access-Control-Request-Method': 'POST' }
  const preflight = await cors.send({ method: 'OPTIONS', path: '/api/auth/login', headers })
  same([preflight.status, preflight.headers['access-control-allow-origin'], preflight.headers['access-control-allow-credentials']], [204, 'https://app.example.org', 'true'], 'preflight')
  expect(/POST/.test(preflight.headers['access-control-allow-methods']) && /Idempotency-Key/.test(preflight.headers['access-control-allow-headers']), 'what it may send')
  const answer = await cors.send({ path: '/api/plans', headers })
  same([answer.headers['access-control-allow-origin'], answer.headers.vary?.includes('Origin')], ['https://app.example.org', true], 'an answer')
  for (const origin of ['https://app.example.org.evil.example', 'http://app.example.org', 'https://app.example.org:444', 'null']) {
    const other = await cors.send({ path: '/api/plans', headers: { Origin: origin } })
    same(other.headers['access-control-allow-origin'], undefined, origin)
    expect(other.headers.vary?.includes('Origin'), 'Vary: Origin for others, too')
    same((await cors.send({ method: 'OPTIONS', path: '/api/auth/login', headers: { ...headers, Origin: origin } })).status, 403, origin)
  }
  await cors.stop()
})
await test('behind a proxy that is named, the address and https are believed, and cookies are for https only', async () => {
  const behind = await School.start({ verb: 'serve', env: { TUITION_HTTP_TRUSTED_PROXIES: '127.0.0.0/8', RATE_LIMIT_ENABLED: 'true', TUITION_AUTH_REQUIRE_VERIFIED_EMAIL: 'false' } })
  const by = (address) => ({ 'X-Forwarded-For': address, 'X-Forwarded-Proto': 'https', 'X-Forwarded-Host': 'school.example' })
  const email = freshAddress()
  for (let i = 0; i < 12; i += 1)
    same((await behind.send({ method: 'POST', path: '/api/auth/login', raw: '{', headers: by(`203.0.113.${i}`) })).status, 400, 'others are not limited')
  // What a stranger writes in front of the proxy's word changes nothing.
  const spoofed = []
  for (let i = 0; i < 7; i += 1) spoofed.push((await behind.send({ method: 'POST', path: '/api/auth/login', raw: '{', headers: { ...by(`10.9.8.${i}, 198.51.100.7`) } })).status)
  same(spoofed.at(-1), 429, 'one address with many stories')
  const network = []
  for (let i = 0; i < 7; i += 1) network.push((await behind.send({ method: 'POST', path: '/api/auth/login', raw: '{', headers: by(`2001:db8:1:2::${i + 1}`) })).status)
  same(network.at(-1), 429, 'one IPv6 network with many addresses')
  await behind.send({ method: 'POST', path: '/api/auth/register', body: { email, password }, headers: by('203.0.113.50') })
  const signedIn = await behind.send({ method: 'POST', path: '/api/auth/login', body: { email, password }, headers: by('203.0.113.51') })
  same(signedIn.status, 200, `sign in: ${signedIn.text}`)
  for (const cookie of signedIn.cookies) expect(/^__(Host|Secure)-tuition_/.test(cookie.name) && cookie.attributes.Secure && cookie.attributes.Domain === undefined, cookie.line)
  const access = signedIn.cookies.find((each) => each.name === '__Host-tuition_at')
  expect(access && access.attributes.Path === '/', 'the access cookie is __Host-')
  const { iat, exp } = JSON.parse(Buffer.from(access.value.split('.')[1], 'base64url'))
  same(exp - iat, 3600, 'seconds that the access token works')
  same(signedIn.headers['strict-transport-security'], 'max-age=31536000; includeSubDomains', 'Strict-Transport-Security')
  const refresh = signedIn.cookies.find((each) => each !== access)
  const forged = await behind.send({ method: 'POST', path: '/api/auth/refresh', body: {}, headers: { ...by('203.0.113.52'), Cookie: `${refresh.name}=${refresh.value}` } })
  same([forged.status, forged.json.error?.code], [403, 'CSRF_FAILED'], 'a refresh by cookie alone, from who knows where')
  await behind.stop()
})
await test('with mail not confirmed, nobody signs in where the school demands it (D15)', async () => {
  const strict = await School.start({ verb: 'serve' })
  const email = await strict.signUp()
  await strict.judge('POST /api/auth/login', { body: { email, password } }, { status: 403, code: 'EMAIL_NOT_VERIFIED' })
  await strict.judge('POST /api/auth/login', { body: { email, password: `${password}!` } }, { status: 401, code: 'INVALID_CREDENTIALS' })
  await strict.stop()
})
await test('a school that takes payments from nobody says so', async () => {
  const poor = await School.start({ verb: 'serve', env: { TUITION_AUTH_REQUIRE_VERIFIED_EMAIL: 'false' } })
  await poor.judge('POST /api/webhooks/stripe', { body: {} }, { status: 503, code: 'NOT_CONFIGURED' })
  const member = await poor.member()
  await poor.judge('POST /api/billing/create-checkout-session', { as: member, body: { planId: strangeId } }, { status: [404, 503] })
  await poor.judge('GET /api/billing/subscription', { as: member }, { status: 200, data: null })
  await poor.judge('GET /api/courses', {}, { status: 200, data: [] })
  await poor.stop()
})

await prod.stop()
await school.stop()
finish()
