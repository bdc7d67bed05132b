// Promises about every route there is: a row of the API tests exercises it, and it lets in whom access.json says.
// access.json: per operation the status that an anonymous caller, a member, an instructor and an admin get for a bare
// request (no body; ids that belong to nothing). A new route needs a row and a line here.
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { strangeId } from '../system/lib/client.mjs'
import { expect, finish, same, School, test } from '../system/lib/rows.mjs'
import { operations } from '../system/lib/schema.mjs'
import { namedOperations } from '../system/lib/registry.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const access = JSON.parse(readFileSync(join(here, 'access.json'), 'utf8'))
// Figures are open on loopback by default; here they are closed, so that the guard has something to guard.
const school = await School.start({ env: { TUITION_HTTP_METRICS_NETWORKS: '10.0.0.0/8' } })
const every = operations(school.document)
const named = namedOperations(join(here, '../system'))

for (const { name, template, row } of every) {
  await test(`${name} is exercised by a row of the API tests`, () => expect(named.has(name), `no row names '${name}'`))
  await test(`${name} has a line in access.json`, () => expect(access.operations[name]?.length === access.callers.length, `access.json has no line for '${name}'`))
  await test(`${name} says in the document who may call`, () => {
    const open = row.security === undefined || row.security.length === 0 || row.security.some((each) => Object.keys(each).length === 0)
    const line = access.operations[name] ?? []
    if (!open) same(line[0], 401, 'an anonymous caller')
    expect(row.operationId && template.startsWith('/'), 'a name')
  })
}
await test('access.json names no route that is gone', () => {
  same(Object.keys(access.operations).filter((name) => !every.some((each) => each.name === name)), [], 'gone')
})
await test('nobody but these answers: no route is missing in the document', async () => {
  for (const path of ['/api', '/api/users', '/users', '/admin', '/api/admin', '/api/admin/users', '/api/debug', '/api/dev', '/api/webhooks', '/api/auth', '/api/billing', '/graphql', '/.env', '/.git/config', '/api/openapi.yaml', '/metrics/', '/server-status']) {
    for (const method of ['GET', 'POST', 'PUT', 'DELETE']) {
      const answer = await school.send({ method, path, headers: { Accept: 'application/json' } })
      expect([404, 405].includes(answer.status), `${method} ${path}: ${answer.status}`)
    }
  }
})

const people = { anonymous: () => undefined, member: () => school.demo('learner'), instructor: () => school.demo('instructor'), admin: () => school.demo('owner') }
for (const [column, caller] of access.callers.entries()) {
  await test(`${caller}: every route answers a bare request as access.json says`, async () => {
    let as = await people[caller]()
    const wrong = []
    for (const { method, template, name } of every) {
      const wanted = access.operations[name]?.[column]
      const path = template.replace(/\{[^}]+\}/g, strangeId)
      const answer = await school.send({ method, path, as })
      if (answer.status !== wanted) wrong.push(`${name}: expected ${wanted}, got ${answer.status} ${answer.json?.error?.code ?? ''}`)
      if (template === '/api/auth/logout') as = await people[caller]()
    }
    expect(wrong.length === 0, wrong.join('\n'))
  })
}

await school.stop()
finish()
