// node lint.mjs [RULE...]: runs the named rules, or all, over the checkout; prints file:line: message.
import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { checkout } from './source.mjs'

const folder = join(dirname(fileURLToPath(import.meta.url)), 'rules')
const names = process.argv.length > 2 ? process.argv.slice(2) : readdirSync(folder).map((n) => n.replace('.mjs', ''))
const files = checkout()
let problems = 0
for (const name of names) {
  const { check } = await import(join(folder, `${name}.mjs`))
  for (const found of check(files)) {
    console.error(`${found} [${name}]`)
    problems++
  }
}
if (problems > 0) {
  console.error(`${problems} problem${problems === 1 ? '' : 's'}`)
  process.exit(1)
}
