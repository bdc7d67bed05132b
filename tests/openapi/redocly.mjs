// schema/openapi.json under Redocly's recommended rules: 3.1, every reference leads somewhere, every operation has a name
// of its own, its parameters, its security and its refusals. Works offline once the packages are there.
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createConfig, lintFromString } from '@redocly/openapi-core'

const file = join(resolve(process.env.TUITION_SOURCE_DIR ?? '../..'), 'schema/openapi.json')
const text = readFileSync(file, 'utf8')
const config = await createConfig({ extends: ['recommended'] })

async function problemsOf(source) {
  const problems = await lintFromString({ source, absoluteRef: file, config })
  return problems.filter((each) => !each.ignored)
}
let failed = false
const complain = (sentence) => {
  console.error(`FAILED: ${sentence}`)
  failed = true
}

const problems = await problemsOf(text)
for (const { severity, ruleId, message, location } of problems.slice(0, 40)) {
  console.error(`${severity} ${ruleId}: ${message}\n  at ${location[0]?.pointer ?? '#'}`)
}
if (problems.length > 0) complain(`${problems.length} problems in schema/openapi.json`)

// What the rules would not see would never fail: each of these is a fault they must find.
const faults = {
  'no-unresolved-refs': (document, operation) => (operation.responses['200'] = { $ref: '#/components/responses/Nowhere' }),
  'operation-operationId-unique': (document, operation) => (document.paths['/api/twin'] = { get: { ...operation } }),
  'path-parameters-defined': (document, operation) => (document.paths['/api/unnamed/{id}'] = { get: { ...operation, operationId: 'unnamed', parameters: [] } }),
  'operation-4xx-response': (document, operation) => (operation.responses = { 200: { description: 'All is well.' } }),
  'security-defined': (document, operation) => (operation.security = [{ nobody: [] }]),
  struct: (document, operation) => (operation.surprise = true),
}
for (const [rule, damage] of Object.entries(faults)) {
  const document = JSON.parse(text)
  damage(document, document.paths['/api/plans'].get)
  const found = await problemsOf(JSON.stringify(document))
  if (!found.some((each) => each.ruleId === rule)) complain(`a fault against ${rule} was not seen`)
}
if (failed) process.exit(1)
console.log(`${Object.values(JSON.parse(text).paths).length} paths, no problem; ${Object.keys(faults).length} made-up faults seen`)
