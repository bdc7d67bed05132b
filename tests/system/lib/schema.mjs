// As much of JSON Schema as our OpenAPI document uses. In an answer, an object may hold nothing that is not described.
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/
const formats = {
  uuid: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
  'date-time': instant,
  date: /^\d{4}-\d\d-\d\d$/,
  email: /^[^@\s]+@[^@\s]+$/,
}

function typeOf(value) {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (Number.isInteger(value)) return 'integer'
  return typeof value
}

export function resolve(document, schema) {
  while (schema?.$ref) schema = schema.$ref.slice(2).split('/').reduce((at, name) => at[name], document)
  return schema
}

// What is wrong with the value, one line each.
export function problems(document, schema, value, path = 'body') {
  schema = resolve(document, schema)
  if (!schema) return []
  if (schema.anyOf) {
    const each = schema.anyOf.map((one) => problems(document, one, value, path))
    return each.some((found) => found.length === 0) ? [] : each.sort((a, b) => a.length - b.length)[0]
  }
  const found = []
  const type = typeOf(value)
  if (schema.type) {
    const allowed = [schema.type].flat()
    if (!allowed.includes(type) && !(type === 'integer' && allowed.includes('number'))) return [`${path} is ${type}, not ${allowed.join(' or ')}`]
  }
  if ('const' in schema && value !== schema.const) found.push(`${path} is ${JSON.stringify(value)}, not ${JSON.stringify(schema.const)}`)
  if (schema.enum && !schema.enum.includes(value)) found.push(`${path} is ${JSON.stringify(value)}, not one of ${schema.enum.join(', ')}`)
  if (type === 'string' && formats[schema.format] && !formats[schema.format].test(value)) found.push(`${path} is no ${schema.format}: ${value}`)
  if (type === 'array') value.forEach((item, at) => found.push(...problems(document, schema.items, item, `${path}[${at}]`)))
  if (type === 'object' && (schema.properties || schema.required)) {
    for (const name of schema.required ?? []) if (!(name in value)) found.push(`${path}.${name} is missing`)
    for (const [name, member] of Object.entries(value)) {
      if (schema.properties?.[name]) found.push(...problems(document, schema.properties[name], member, `${path}.${name}`))
      else if (schema.properties) found.push(`${path}.${name} is not described`)
    }
  }
  return found
}

// The document by method and path: { method, path, template, row }.
export function operations(document) {
  const all = []
  for (const [template, methods] of Object.entries(document.paths))
    for (const [method, row] of Object.entries(methods)) all.push({ method: method.toUpperCase(), template, row, name: `${method.toUpperCase()} ${template}` })
  return all
}

export function operationOf(document, method, path) {
  const asked = path.split('?')[0].split('/')
  const fits = (template) => {
    const parts = template.split('/')
    return parts.length === asked.length && parts.every((part, at) => (part.startsWith('{') ? asked[at] !== '' : part === asked[at]))
  }
  const found = operations(document).filter((each) => each.method === (method === 'HEAD' ? 'GET' : method) && fits(each.template))
  // Literal text goes before a parameter.
  return found.sort((a, b) => a.template.split('{').length - b.template.split('{').length)[0]
}
