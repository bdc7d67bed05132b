// Attacks by way of the browser, from outside: requests that other sites send, what they may read, answers without their
// headers, and addresses that lead elsewhere.
import { send } from '../lib/client.mjs'
import { checkSecurityHeaders, expect, finish, same, School, test } from '../lib/rows.mjs'
import { Shop } from '../lib/shop.mjs'

const school = await School.start()
const email = await school.signUp({ fullName: 'Robin Vale' })
const own = `http://127.0.0.1:${school.port}`
const nameNow = async (as) => (await school.send({ path: '/api/users/profile', as })).json?.data?.fullName

// T37
const shapes = {
  urlencoded: ['application/x-www-form-urlencoded', 'fullName=Mallory'],
  multipart: ['multipart/form-data; boundary=x', '--x\r\nContent-Disposition: form-data; name="fullName"\r\n\r\nMallory\r\n--x--\r\n'],
  'text/plain': ['text/plain', '{"fullName":"Mallory","x":"="}'],
  json: ['application/json', '{"fullName":"Mallory"}'],
  'no type': [null, '{"fullName":"Mallory"}'],
}
const senders = {
  'another site': { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' },
  'another site that an old browser names': { Origin: 'https://evil.example' },
  'a sandboxed frame': { Origin: 'null', 'Sec-Fetch-Site': 'cross-site' },
  'a sandboxed frame in an old browser': { Origin: 'null' },
  'a sibling subdomain': { Origin: `http://evil.127.0.0.1:${school.port}`, 'Sec-Fetch-Site': 'same-site' },
  'the same host on another port': { Origin: 'http://127.0.0.1:9', 'Sec-Fetch-Site': 'same-site' },
  'a page that is silent about itself': {},
  'a page that lies about its origin only': { Origin: own, 'Sec-Fetch-Site': 'cross-site' },
  'a page with a referrer of ours': { Referer: `${own}/app` },
}
for (const [who, headers] of Object.entries(senders)) {
  await test(`a form of ${who} changes nothing with a cookie`, async () => {
    const browser = await school.browser(email)
    browser.site = null
    for (const [shape, [type, raw]] of Object.entries(shapes)) {
      for (const [method, path] of [['POST', '/api/auth/update-profile'], ['PUT', '/api/users/profile'], ['POST', '/api/auth/logout'], ['POST', '/api/auth/refresh'], ['POST', '/api/progress/save'], ['POST', '/api/billing/create-checkout-session']]) {
        const answer = await school.send({ method, path, as: browser, raw, type, headers })
        // Also refused for its type; never taken.
        expect(answer.status === 403 || (answer.status === 415 && shape !== 'json'), `${shape} ${method} ${path}: ${answer.status} ${answer.text.slice(0, 200)}`)
        same(answer.cookies, [], 'cookies')
      }
    }
    browser.site = 'same-origin'
    same(await nameNow(browser), 'Robin Vale', 'the name')
  })
}
await test('signing in is not done for other sites either', async () => {
  const body = { email, password: 'a long walk at low tide' }
  for (const headers of [senders['another site'], senders['a sandboxed frame'], senders['a sibling subdomain']]) {
    const answer = await school.send({ method: 'POST', path: '/api/auth/login', body, headers })
    same([answer.status, answer.cookies], [403, []], JSON.stringify(headers))
  }
})
await test('a token in a header needs none of these headers', async () => {
  const person = await school.signIn(email)
  same((await school.send({ method: 'PUT', path: '/api/users/profile', as: person, body: { fullName: 'Robin Vale' } })).status, 200, 'without any')
})

// T39
await test('no operation lets another site read its answer', async () => {
  for (const [template, item] of Object.entries(school.document.paths)) {
    const path = template.replaceAll(/\{[^}]+\}/g, 'x')
    const methods = Object.keys(item).filter((each) => ['get', 'post', 'put', 'patch', 'delete'].includes(each))
    for (const origin of ['https://evil.example', 'null', `https://127.0.0.1.evil.tld`, `${own}.evil.tld`, 'file://', own.replace('http', 'https')]) {
      for (const method of ['OPTIONS', ...methods.map((each) => each.toUpperCase())]) {
        const asks = method === 'OPTIONS' ? { 'Access-Control-Request-Method': methods[0].toUpperCase(), 'Access-Control-Request-Headers': 'authorization' } : {}
        const answer = await school.send({ method, path, headers: { Origin: origin, ...asks }, ...(['POST', 'PUT', 'PATCH'].includes(method) ? { body: {} } : {}) })
        for (const name of Object.keys(answer.headers)) expect(!name.startsWith('access-control-'), `${method} ${path} for ${origin}: ${name}`)
        if (method === 'OPTIONS') expect(answer.status === 403 || answer.status === 204, `${path}: ${answer.status}`)
      }
    }
  }
})

// T41
await test('every sort of answer has the security headers, and no page has a script or style in it', async () => {
  const shop = new Shop(school)
  const person = await school.member()
  const checkout = await shop.begin(person)
  const front = await school.send({ path: '/', headers: { Accept: 'text/html' } })
  const parts = [...front.text.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path)
  expect(parts.some((each) => each.endsWith('.js')) && parts.some((each) => each.endsWith('.css')), `the page names its parts: ${parts}`)
  const html = { Accept: 'text/html' }
  const asked = [
    ...['/', '/courses', '/pricing', '/signin', '/app', '/app/nothing', '/dev', '/dev/outbox', '/dev/events', `/dev/pay/${checkout.checkoutId}`, '/dev/pay/x', '/nothing/here', '/api/nothing'].map((path) => ({ path, headers: html })),
    ...parts.map((path) => ({ path })),
    ...parts.map((path) => ({ path, method: 'HEAD' })),
    ...['/api/plans', '/api/config', '/health', '/readyz', '/metrics', '/api/openapi.json', '/api/auth/me', '/api/nothing', '/robots.txt', '/favicon.ico', '/assets/nothing.js'].map((path) => ({ path })),
    { path: '/api/plans', method: 'DELETE' },
    { path: '/api/plans', method: 'OPTIONS' },
    { path: '/api/auth/login', method: 'POST', raw: '{' },
    { path: '/api/auth/login', method: 'POST', raw: 'x', type: 'text/plain' },
    { path: '/api/auth/login', method: 'POST', raw: 'x'.repeat(200_000) },
    { path: '/api/auth/login', method: 'POST', body: {}, headers: { Prefer: 'x', Accept: 'application/problem+json' } },
    { path: `/dev/pay/${checkout.checkoutId}`, method: 'POST', raw: 'outcome=cancel', type: 'application/x-www-form-urlencoded' },
    { path: '/dev/deliver', method: 'POST', raw: 'x=', type: 'application/x-www-form-urlencoded' },
  ]
  const sorts = new Set()
  for (const options of asked) {
    const answer = await school.send(options)
    const what = `${options.method ?? 'GET'} ${options.path} (${answer.status})`
    try {
      checkSecurityHeaders(answer)
      expect(/default-src 'none'/.test(answer.headers['content-security-policy']) && !/unsafe-inline|\*|data:.*script/.test(answer.headers['content-security-policy'].replace(/img-src[^;]*/, '')), answer.headers['content-security-policy'])
    } catch (error) {
      throw new Error(`${what}: ${error.message}`)
    }
    const type = (answer.headers['content-type'] ?? '').split(';')[0]
    sorts.add(`${type} ${Math.floor(answer.status / 100)}`)
    if (type !== 'text/html') continue
    for (const [tag] of answer.text.matchAll(/<script\b[^>]*>/g)) expect(/\bsrc="\//.test(tag), `${what}: ${tag}`)
    expect(!/<style\b|\sstyle="|\son[a-z]+="|javascript:/i.test(answer.text), `${what} has a style or a script in it`)
  }
  for (const sort of ['text/html 2', 'text/html 4', 'application/json 2', 'application/json 4', 'application/problem+json 4', 'text/css 2', 'text/javascript 2'])
    expect(sorts.has(sort) , `no answer of the sort ${sort}: ${[...sorts].sort()}`)
  expect([...sorts].some((each) => each.endsWith(' 3')), `no redirect: ${[...sorts].sort()}`)
})

// T42
const elsewhere = ['//evil.example', '/\\evil.example', 'https:evil.example', 'https://evil.example', 'javascript:alert(1)', '%2F%2Fevil.example', '/%09/evil.example', '/.//evil.example', 'x%0d%0aSet-Cookie:%20planted=1', '%0d%0aLocation:%20https://evil.example', '%E5%98%8A%E5%98%8DSet-Cookie:planted=1']
await test('no address leads to another site or writes a header', async () => {
  const paths = ['/', '/signin', '/signup', '/app', '/pricing', '/verify-email', '/setup', ...Object.keys(school.document.paths).filter((path) => school.document.paths[path].get).map((path) => path.replaceAll(/\{[^}]+\}/g, 'x'))]
  for (const path of paths) {
    for (const each of elsewhere) {
      for (const target of [`${path}?next=${each}&redirect=${each}&url=${each}&return_to=${each}`, `${path === '/' ? '' : path}/${each}`]) {
        const answer = await send(school.port, { path: target.replaceAll('\\', '%5C') })
        expect(answer.headers['set-cookie'] === undefined, `${target} sets a cookie`)
        const { location } = answer.headers
        if (location) expect(new URL(location, own).origin === own, `${target} leads to ${location}`)
      }
    }
  }
})
await test('a path that begins with two slashes is no way to another site', async () => {
  for (const target of ['//evil.example', '//evil.example/', '//evil.example/..', '/.//evil.example', '///evil.example', '//evil.example/app/']) {
    const text = await school.sendBytes(`GET ${target} HTTP/1.1\r\nHost: 127.0.0.1:${school.port}\r\nConnection: close\r\n\r\n`)
    expect(!/^location:.*evil/im.test(text), `${target}: ${text.slice(0, 300)}`)
  }
})
await test('a checkout returns to our own site only', async () => {
  const person = await school.member()
  const plan = await new Shop(school).plan()
  for (const each of ['//evil.example', '/\\evil.example', 'https:evil.example', 'https://evil.example/', 'javascript:alert(1)', 'http://127.0.0.1.evil.tld/', `${own}@evil.example/`, `${own}.evil.tld/`, 'data:text/html,x', '/app\r\nSet-Cookie: planted=1']) {
    for (const name of ['successUrl', 'cancelUrl']) {
      const answer = await school.send({ method: 'POST', path: '/api/billing/create-checkout-session', as: person, body: { planId: plan.id, interval: 'month', currency: 'USD', [name]: each } })
      same([answer.status, answer.json?.error?.details?.map((detail) => detail.field)], [400, [name]], `${name} ${each}`)
    }
  }
})
await test('the log is one JSON object per line, whatever was asked', () => school.checkLog())
await school.stop()
finish()
