// What a first visit downloads, and what the content security policy would refuse. Reads dist/; run after the build.
import { readdirSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const limit = 60 * 1024
const dist = new URL('../dist/', import.meta.url)
const read = (name) => readFileSync(new URL(name.replace(/^\//, ''), dist), 'utf8')
const failures = []

const index = read('index.html')
for (const name of ['index.html', 'docs.html'])
  if (/<script(?![^>]*\bsrc=)/.test(read(name)) || /<style|\sstyle=|\son\w+=/.test(read(name))) failures.push(`${name} holds an inline script or style`)
for (const [, address] of index.matchAll(/(?:src|href)="([^"]+)"/g)) if (!address.startsWith('/')) failures.push(`index.html asks another host: ${address}`)

// The home page is the entry, the screen it loads, and all they import.
const scripts = readdirSync(new URL('assets/', dist)).filter((name) => name.endsWith('.js'))
const first = new Set(['theme.js'])
const visit = (name) => {
  if (first.has(`assets/${name}`)) return
  first.add(`assets/${name}`)
  for (const [, other] of read(`assets/${name}`).matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)) visit(other)
}
for (const [, name] of index.matchAll(/"\/assets\/([^"]+\.js)"/g)) visit(name)
visit(scripts.find((name) => name.startsWith('Home-')))

let total = 0
for (const name of first) {
  const size = gzipSync(read(name)).length
  total += size
  console.log(`${String(size).padStart(7)}  ${name}`)
}
console.log(`${String(total).padStart(7)}  bytes of JavaScript (gzip) on the first page; the limit is ${limit}`)
if (total > limit) failures.push('the first page is too large')
if ([...first].some((name) => /engrave|Notation/.test(name))) failures.push('notation is loaded on the first page')

for (const name of scripts) {
  const text = read(`assets/${name}`)
  if (/setAttribute\(\s*["']style["']/.test(text)) failures.push(`${name} sets a style attribute, which the policy blocks`)
  if (/<[a-z][^>`]*\sstyle=\\?"/.test(text) && !name.startsWith('engrave')) failures.push(`${name} has a style attribute in its markup, which the policy blocks`)
  if (/paulrosen\.github\.io|soundfont/i.test(text)) failures.push(`${name} knows a foreign host for sounds`)
}
for (const failure of failures) console.error(failure)
process.exit(failures.length > 0 ? 1 : 0)
