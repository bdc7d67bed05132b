// A table that points to a person, or holds an address of one, says what in it is personal: whoever exports or erases one person's
// data reads these marks.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { problem, root, source } from '../source.mjs'

const schema = 'schema/current.sql'
const person = /^\s*(user_id|\w+_user_id|email|\w+_email)\s|\bREFERENCES users \(/
// Tables whose migrations were released without a mark, and why they need none.
const unmarked = new Map([['idempotency_keys', 'what was asked a short while ago, swept by its age']])

export function check(files) {
  const file = files.find((each) => each.path === schema) ?? source(schema, readFileSync(join(root, schema), 'utf8'))
  const problems = []
  let table = null
  file.lines.forEach((line, index) => {
    const opened = /^CREATE TABLE (\w+) /.exec(line)
    if (opened) table = { name: opened[1], line: index + 1, person: false, marked: false }
    if (!table) return
    table.person ||= person.test(line)
    table.marked ||= line.includes('-- personal')
    if (!/^\)/.test(line)) return
    if (table.person && !table.marked && !unmarked.has(table.name))
      problems.push(problem(file, table.line, `${table.name} points to a person: mark what is personal in its migration with -- personal`))
    table = null
  })
  return problems
}
