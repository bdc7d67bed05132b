// Which operations the rows of the API tests exercise: whatever stands there as 'METHOD /path', or as a path template
// of a loop over methods or paths.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export function namedOperations(folder) {
  const named = new Set()
  for (const file of readdirSync(folder).filter((each) => /^api_.*_test\.mjs$/.test(each) && each !== 'api_bad_input_test.mjs')) {
    const text = readFileSync(join(folder, file), 'utf8')
    for (const [, operation] of text.matchAll(/['"`]((?:GET|POST|PUT|PATCH|DELETE) \/[^'"`\s]*)['"`]/g)) named.add(operation)
    // for (const path of ['/plans', '/api/plans']) ... `GET ${path}/{id}`
    const loops = [...text.matchAll(/for \(const (?:\[?[\w, ]*)\bpath\b\]? of \[([^\]]*)\]\)/g)].flatMap(([, list]) => [...list.matchAll(/'(\/[^']*)'/g)].map(([, path]) => path))
    for (const [, method, rest] of text.matchAll(/`(GET|POST|PUT|PATCH|DELETE) \$\{path\}([^`]*)`/g)) for (const path of loops) named.add(`${method} ${path}${rest}`)
  }
  return named
}
