// Names of files and types, and the shape of headers.
import { inSrc, isCpp, problem } from '../source.mjs'

export function check(files) {
  const problems = []
  for (const file of files.filter(isCpp)) {
    const name = file.path.split('/').pop()
    if (!/^[a-z0-9]+(_[a-z0-9]+)*\.(cc|h)$/.test(name)) {
      problems.push(problem(file, 1, `${name}: files are snake_case, ending in .cc or .h`))
    }
    if (file.path.startsWith('tests/') && /_tests?\.cc$/.test(name) && !/_test\.cc$/.test(name)) {
      problems.push(problem(file, 1, `${name}: tests end in _test.cc, or they are not built`))
    }
    if (name.endsWith('.h') && !/^#pragma once\b/m.test(file.text)) {
      problems.push(problem(file, 1, 'a header starts with #pragma once'))
    }
    if (inSrc(file) && name.endsWith('.cc') && name !== 'main.cc') {
      const own = file.path.slice('src/'.length).replace(/\.cc$/, '.h')
      const first = file.includes.findIndex((include) => include.path === own)
      if (first > 0) problems.push(problem(file, file.includes[first].line, `the file's own header comes first`))
    }
    file.code.forEach((line, index) => {
      const found = line.match(/\b(?:class|struct)\s+(\w*(?:Manager|Helper|Helpers|Util|Utils))\b/)
      if (found) problems.push(problem(file, index + 1, `${found[1]}: the noun is not found yet`))
    })
  }
  return problems
}
