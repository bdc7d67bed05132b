// Every code that an answer can carry stands in the table behind /docs/errors, with the status it is answered with, and
// the table holds no other.
import { problem } from '../source.mjs'

// What the command line and the start say: no route answers these.
const unanswered = new Set([
  'BACKUP_DAMAGED', 'BACKUP_EXISTS', 'BACKUP_MISSING', 'BACKUP_UNVERIFIED', 'CANNOT_LISTEN', 'CONFIGURATION', 'JOB_NOT_DEAD',
  'JOB_NOT_WAITING', 'JOB_REPLACED', 'KEY_FILE', 'MAIL_LOGIN_REFUSED', 'MAIL_NO_TLS', 'MAIL_PAUSED', 'MAIL_REFUSED', 'MAIL_SENDER_REFUSED',
  'MIGRATION_FAILED', 'NO_ANSWER', 'PROVIDER_OBJECT_MISSING', 'SCHEMA_CHANGED', 'SCHEMA_NEWER',
])
const statusOf = {
  invalid: 400, bad_json: 400, rejected: 400, unauthenticated: 401, payment_required: 402, forbidden: 403, not_found: 404,
  method_not_allowed: 405, conflict: 409, too_large: 413, unsupported_media: 415, unprocessable: 422, rate_limited: 429,
  provider: 500, not_configured: 503, unavailable: 503, internal: 500,
}
// What problem() answers with a status of its own, whatever its kind.
const statusOfItsOwn = { STORAGE_FULL: 507 }
const table = 'src/app/error_codes.cc'

// { code, status?, index } of a file: `Kind::x, "CODE"`, `case Kind::x: return "CODE"`, `error.code = "CODE"`, `conflict("CODE"`,
// and constants of billing that are codes.
export function codesOf(text) {
  const found = []
  const plain = text.replace(/\/\/[^\n]*/g, (comment) => comment.replace(/[^\n]/g, ' '))
  const add = (pattern, kind) => {
    for (const match of plain.matchAll(pattern)) found.push({ code: match.at(-1), status: statusOfItsOwn[match.at(-1)] ?? statusOf[kind ?? match[1]], index: match.index })
  }
  add(/\bKind::(\w+),\s*"([A-Z][A-Z0-9_]+)"/g)
  add(/\bKind::(\w+): return "([A-Z][A-Z0-9_]+)"/g)
  add(/\bconflict\(\s*"([A-Z][A-Z0-9_]+)"/g, 'conflict')
  add(/\bcode = "([A-Z][A-Z0-9_]+)"/g, 'none')
  return found
}

export function tableOf(text) {
  const rows = new Map()
  for (const [, code, statuses] of text.matchAll(/\{"([A-Z][A-Z0-9_]+)",\s*\{([\d, ]*)\}/g))
    rows.set(code, statuses.split(',').map((each) => Number(each)).filter(Boolean))
  return rows
}

export function check(files) {
  const file = files.find((each) => each.path === table)
  if (!file) return [`${table} is missing`]
  const rows = tableOf(file.text)
  const problems = []
  let all = ''
  for (const each of files) {
    if (!/^src\/.*\.(cc|h)$/.test(each.path) || /^src\/(sandbox|cli)\//.test(each.path) || each.path === table) continue
    all += each.text
    for (const { code, status, index } of codesOf(each.text)) {
      if (unanswered.has(code)) continue
      const line = each.text.slice(0, index).split('\n').length
      const row = rows.get(code)
      if (!row) problems.push(problem(each, line, `${code} is missing in ${table}: say there what it means and what to do`))
      // Refusals of HTTP itself have statuses that no kind stands for.
      else if (status && !row.includes(status) && !(status === 400 && row.some((one) => one < 500)))
        problems.push(problem(each, line, `${code} is answered with ${status} here, which ${table} does not say`))
    }
  }
  for (const code of rows.keys())
    if (!all.includes(`"${code}"`)) problems.push(problem(file, 1, `${code} is answered by nothing`))
  return problems
}
