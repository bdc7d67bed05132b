// A provider's OpenAPI document against a call that was made to it: is there such a path, and does it take this?
import { operationOf, resolve } from './schema.mjs'

// "a[b][0]=x" as { a: { b: { 0: 'x' } } }: what is a list is only known by the schema.
function treeOf(pairs) {
  const tree = {}
  for (const [name, value] of pairs) {
    const parts = name.replaceAll(']', '').split('[')
    let node = tree
    parts.forEach((part, at) => {
      if (at === parts.length - 1) node[part] = value
      else node = node[part] ??= {}
    })
  }
  return tree
}

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value)

// What is wrong with a value, one line each. In a form every value is text and lists are objects of numbers.
function wrong(document, schema, value, form, path) {
  schema = resolve(document, schema)
  if (!schema) return []
  for (const variants of [schema.anyOf, schema.oneOf].filter(Boolean)) {
    const each = variants.map((one) => wrong(document, one, value, form, path))
    return each.some((found) => found.length === 0) ? [] : each.sort((a, b) => a.length - b.length)[0]
  }
  const types = [schema.type ?? []].flat()
  if (types.length > 1) return wrong(document, { anyOf: types.map((type) => ({ ...schema, type })) }, value, form, path)
  const [type] = types
  const unfit = [`${path} is ${JSON.stringify(value)}, not ${type}`]
  if (type === 'integer' && !(form ? /^-?\d+$/.test(value) : Number.isInteger(value))) return unfit
  if (type === 'number' && !(form ? value !== '' && Number.isFinite(Number(value)) : typeof value === 'number')) return unfit
  if (type === 'boolean' && !(form ? ['true', 'false'].includes(value) : typeof value === 'boolean')) return unfit
  if (type === 'string' && typeof value !== 'string') return unfit
  if (type === 'null' && value !== (form ? '' : null)) return unfit
  if (schema.enum && !schema.enum.map(String).includes(String(value))) return [`${path} is ${JSON.stringify(value)}, not one of ${schema.enum.join(', ')}`]
  if (schema.maxLength !== undefined && String(value).length > schema.maxLength) return [`${path} is longer than ${schema.maxLength}`]
  if (type === 'array') {
    const items = form && isObject(value) && Object.keys(value).every((name) => /^\d*$/.test(name)) ? Object.values(value) : value
    if (!Array.isArray(items)) return unfit
    return items.flatMap((each, at) => wrong(document, schema.items, each, form, `${path}[${at}]`))
  }
  if (type !== 'object') return []
  if (!isObject(value)) return unfit
  const found = (schema.required ?? []).filter((name) => !(name in value)).map((name) => `${path}.${name} is missing`)
  for (const [name, member] of Object.entries(value)) {
    const described = schema.properties?.[name]
    if (described) found.push(...wrong(document, described, member, form, `${path}.${name}`))
    else if (isObject(schema.additionalProperties)) found.push(...wrong(document, schema.additionalProperties, member, form, `${path}.${name}`))
    else if (schema.additionalProperties === false) found.push(`${path}.${name} is unknown there`)
  }
  return found
}

// A call as /dev/requests lists it: { operation, problems }. `beyond` names query parameters that the provider takes
// although its document does not say so.
export function judge(document, call, beyond = {}) {
  const operation = operationOf(document, call.method, call.path)
  if (!operation) return { problems: [`${call.method} ${call.path}: there is no such path`] }
  const found = []
  const described = (operation.row.parameters ?? []).map((each) => resolve(document, each)).filter((each) => each.in === 'query')
  const query = treeOf(call.query)
  for (const [name, value] of Object.entries(query)) {
    const parameter = described.find((each) => each.name === name)
    if (parameter) found.push(...wrong(document, parameter.schema, value, true, `?${name}`))
    else if (!beyond[operation.name]?.includes(name)) found.push(`?${name} is unknown there`)
  }
  for (const each of described) if (each.required && !(each.name in query)) found.push(`?${each.name} is missing`)
  const body = resolve(document, operation.row.requestBody)
  if (call.body) {
    const type = call.contentType.split(';')[0]
    const content = body?.content?.[type]
    const form = type === 'application/x-www-form-urlencoded'
    if (!content) found.push(`takes no ${type || 'body'}`)
    else found.push(...wrong(document, content.schema, form ? treeOf(new URLSearchParams(call.body)) : JSON.parse(call.body), form, 'body'))
  } else if (body?.required) {
    found.push('has no body')
  }
  return { operation: operation.name, problems: found.map((each) => `${operation.name}: ${each}`) }
}
