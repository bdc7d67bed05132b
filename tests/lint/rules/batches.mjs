// Neighbours are compiled together (src/compile.cmake), so a function in an unnamed namespace is seen by the other files of its folder.
// Two of one name may stand there only where no call could mean either: the types of the arguments that both take must differ.
// Numbers count as one type, and const, & and * as nothing, because a call converts them without a word.
import { dirname } from 'node:path'
import { isCpp, problem } from '../source.mjs'

const opens = /^namespace \{$/
const ends = /^\}  \/\/ namespace$/
const begins = /^(?!return\b|using\b|struct\b|class\b|enum\b|template\b|namespace\b)(?:[\w:<>,&* [\]]+?[ &*])(\w+)\(/
const number = /^(int|bool|double|char|unsigned|long|float|Duration|std::(size_t|u?int\d+_t|chrono::\w+))$/
const text = /^(char|std::string|std::string_view)$/

function argumentsOf(list) {
  const found = []
  let depth = 0
  let one = ''
  for (const c of list) {
    if (c === ',' && depth === 0) {
      found.push(one)
      one = ''
      continue
    }
    if ('<({['.includes(c)) depth++
    if ('>)}]'.includes(c)) depth--
    one += c
  }
  if (one.trim()) found.push(one)
  return found.map((each) => {
    const optional = each.includes('=')
    const pointer = each.includes('*')
    let type = each.split('=')[0].replace(/\bconst\b|&|\*|\[\[\w+\]\]/g, ' ').replace(/\s+/g, ' ').trim()
    type = type.replace(/ \w+$/, '')
    if (text.test(type) && (type !== 'char' || pointer)) type = 'text'
    else if (number.test(type)) type = 'number'
    return { type, optional }
  })
}

function functionsOf(file) {
  const found = []
  let inside = false
  file.code.forEach((line, index) => {
    if (opens.test(line)) inside = true
    else if (ends.test(file.lines[index])) inside = false
    else if (inside && /^\S/.test(line)) {
      const name = line.match(begins)
      if (!name) return
      const rest = file.code.slice(index, index + 6).join(' ').slice(name[0].length)
      let depth = 1
      let end = 0
      while (end < rest.length && depth > 0) {
        if (rest[end] === '(') depth++
        if (rest[end] === ')') depth--
        end++
      }
      found.push({ file, line: index + 1, name: name[1], takes: argumentsOf(rest.slice(0, end - 1)) })
    }
  })
  return found
}

// Whether some call could mean both.
function meet(a, b) {
  const least = (one) => one.takes.filter((each) => !each.optional).length
  const from = Math.max(least(a), least(b))
  if (from > Math.min(a.takes.length, b.takes.length)) return false
  for (let i = 0; i < from; ++i) if (a.takes[i].type !== b.takes[i].type) return false
  return true
}

// The folder whose files are compiled together: below src a domain or a folder of the platform with all below it, elsewhere each alone.
function together(path) {
  const [top, first, second] = path.split('/')
  if (top !== 'src') return dirname(path)
  return first === 'platform' ? `${first}/${second}` : first
}

export function check(files) {
  const folders = new Map()
  for (const file of files.filter((each) => isCpp(each) && each.path.endsWith('.cc') && !each.path.startsWith('tests/fuzz/'))) {
    const folder = together(file.path)
    folders.set(folder, [...(folders.get(folder) ?? []), ...functionsOf(file)])
  }
  const problems = []
  for (const all of folders.values()) {
    all.forEach((one, at) => {
      const other = all.slice(0, at).find((each) => each.name === one.name && each.file !== one.file && meet(each, one))
      if (other) problems.push(problem(one.file, one.line, `${other.file.path} has a ${one.name} that a call could mean as well: name it otherwise`))
    })
  }
  return problems
}
