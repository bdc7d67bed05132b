// Includes point down the lines of src/LEVELS, never up and never to a sibling on the same line; and of another domain only its door,
// its types, its figures and the catalogue of messages may be seen.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root, inSrc, problem } from '../source.mjs'

const levels = new Map()
readFileSync(join(root, 'src/LEVELS'), 'utf8')
  .split('\n')
  .forEach((line, level) => line.split(/\s+/).filter(Boolean).forEach((name) => levels.set(name, level)))

const folderOf = (path) => {
  const parts = path.split('/')
  return parts[0] === 'platform' ? parts.slice(0, 2).join('/') : parts[0]
}
const isDomain = (folder) => !folder.startsWith('platform/') && !['sandbox', 'app', 'cli'].includes(folder)

// Files of rules: pure functions of their arguments. Add a file when it is written as one.
const list = 'tests/lint/pure.txt'
const isEntry = (line) => line && !line.startsWith('#')
const pure = readFileSync(join(root, list), 'utf8').split('\n').filter(isEntry)
const impure = /^platform\/(storage|http|outbound|jobs|blobs)\//

export function check(files) {
  const problems = []
  const stems = new Set(files.filter(inSrc).map((file) => file.path.slice('src/'.length).replace(/\.(cc|h)$/, '')))
  for (const file of files.filter((each) => each.path === list))
    file.lines.forEach((line, index) => {
      if (isEntry(line) && !stems.has(line)) problems.push(problem(file, index + 1, `there is no src/${line}.h or .cc: delete the line`))
    })
  for (const file of files.filter(inSrc)) {
    const own = folderOf(file.path.slice('src/'.length))
    if (file.path.split('/').length === 2) continue // main.cc
    if (!levels.has(own)) {
      problems.push(problem(file, 1, `the folder ${own} is not in src/LEVELS: name it there, on the line of its level`))
      continue
    }
    const stem = file.path.slice('src/'.length).replace(/\.(cc|h)$/, '')
    for (const include of file.includes.filter((i) => !i.system)) {
      const other = folderOf(include.path)
      if (!include.path.includes('/')) {
        problems.push(problem(file, include.line, `include "${own}/${include.path}": paths start at src`))
        continue
      }
      if (other === own) continue
      if (!levels.has(other)) {
        problems.push(problem(file, include.line, `${other} is no folder of src/LEVELS; third-party headers go in <>`))
        continue
      }
      if (own.startsWith('platform/') && !other.startsWith('platform/')) {
        problems.push(problem(file, include.line, `platform knows no domain: declare a seam here and let app wire ${other} to it`))
      } else if (own === 'sandbox' && !other.startsWith('platform/')) {
        problems.push(problem(file, include.line, 'the sandbox is the world outside: it includes platform only'))
      } else if (levels.get(other) >= levels.get(own)) {
        const where = levels.get(other) === levels.get(own) ? 'beside' : 'above'
        problems.push(problem(file, include.line,
          `${other} is ${where} ${own} (src/LEVELS): move what both need down, or declare a seam in ${own} and let app wire it`))
      } else if (isDomain(own) && isDomain(other)) {
        const name = include.path.slice(other.length + 1)
        const open = [`${other}.h`, 'types.h', 'figures.h', ...(other === 'outreach' ? ['messages.h'] : [])]
        if (!open.includes(name)) {
          problems.push(problem(file, include.line,
            `of ${other} other domains may include ${open.map((n) => `${other}/${n}`).join(', ')} only`))
        }
      }
    }
    if (pure.includes(stem)) {
      for (const include of file.includes.filter((i) => impure.test(i.path) || /(^|\/)store\.h$/.test(i.path))) {
        problems.push(problem(file, include.line,
          'a file of rules is pure (tests/lint/pure.txt): let the verb read and pass values'))
      }
    }
  }
  return problems
}
