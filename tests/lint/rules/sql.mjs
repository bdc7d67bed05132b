// SQL is a literal beside the function that runs it. The type Sql refuses run-time strings; this refuses the ways around it, and
// what would not survive another engine.
import { blank, inSrc, problem } from '../source.mjs'

const statement = /"\s*(SELECT|INSERT|UPDATE|DELETE|WITH|CREATE|ALTER|DROP|REPLACE|PRAGMA|VACUUM)\s/
const portable = [
  [/\bINSERT\s+OR\s+(REPLACE|IGNORE)\b/i, 'INSERT ... ON CONFLICT ... says which conflict, and is understood elsewhere'],
  [/(?<!OR\s)\bREPLACE\s+INTO\b/i, 'INSERT ... ON CONFLICT ... DO UPDATE keeps the row and its references'],
  [/\bSELECT\s+\*|,\s*\*\s+FROM|\.\*\s*(,|FROM)/i, 'list the columns: rows are taken in order'],
  [/\browid\b/i, 'give the table a key of its own; rowid exists in one engine only'],
  [/\b(datetime|strftime|julianday|unixepoch)\s*\(|\bCURRENT_TIMESTAMP\b/i, 'pass the Instant as a parameter: the clock is ours'],
  [/\bRANDOM\s*\(/i, 'pass the value: entropy is ours'],
]

export function check(files) {
  const problems = []
  for (const file of files.filter(inSrc)) {
    const engine = file.path.startsWith('src/platform/storage/')
    const code = blank(file.text, { keepStrings: true }).split('\n')
    code.forEach((line, index) => {
      if (/\b(reinterpret_cast|const_cast|bit_cast)<\s*(const\s+)?Sql\b/.test(line)) {
        problems.push(problem(file, index + 1, 'Sql is made from a literal only'))
      }
      const found = line.match(statement)
      if (!found || engine) return
      const before = line.slice(0, found.index)
      // The statement up to where its literals end.
      let rest = line.slice(found.index)
      for (let next = index + 1; next < code.length && /"\s*$/.test(rest) && /^\s*"/.test(code[next]); next++) {
        rest += '\n' + code[next]
      }
      const after = rest.replace(/"(?:\\.|[^"\\])*"/g, '""')
      if (/(\+|<<|format\s*\(|append\s*\()\s*$/.test(before) || /^""(\s*"")*\s*(\+|<<)/.test(after)) {
        problems.push(problem(file, index + 1, 'SQL is one literal: use parameters (?1), or two statements'))
      }
      if (!/^src\/[^/]+\/(.*\/)?(store|queue|search)[a-z_]*\.cc$|^src\/platform\//.test(file.path) && !/^src\/(app|cli)\//.test(file.path)) {
        problems.push(problem(file, index + 1, "a domain's SQL is in its store.cc"))
      }
      for (const [pattern, message] of portable) {
        if (pattern.test(rest)) problems.push(problem(file, index + 1, message))
      }
    })
  }
  return problems
}
