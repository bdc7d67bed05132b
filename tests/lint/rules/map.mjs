// src/README.md is the map: it quotes src/LEVELS, and every file it names is there.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../source.mjs'

const map = 'src/README.md'

export function check() {
  const text = readFileSync(join(root, map), 'utf8')
  const levels = readFileSync(join(root, 'src/LEVELS'), 'utf8').trim()
  const problems = []
  if (!text.includes('```\n' + levels + '\n```')) problems.push(`${map}: the levels differ from src/LEVELS: quote them as they are`)
  text.split('\n').forEach((line, index) => {
    for (const [, path] of line.matchAll(/`([a-z_]+(?:\/[\w.-]+)+\/?)`/g)) {
      if (!existsSync(join(root, 'src', path)) && !existsSync(join(root, path))) {
        problems.push(`${map}:${index + 1}: ${path} is not there`)
      }
    }
  })
  return problems
}
