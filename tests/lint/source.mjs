// What every lint reads: the files of src and tests, and the same text with comments and literals blanked.
import { readFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = join(dirname(fileURLToPath(import.meta.url)), '../..')

// Replaces the inside of comments and of string and character literals by spaces; line numbers stay.
export function blank(text, { keepStrings = false } = {}) {
  const pattern =
    /\/\/[^\n]*|\/\*[\s\S]*?\*\/|R"([^(\s]*)\([\s\S]*?\)\1"|"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'/g
  return text.replace(pattern, (found) => {
    if (found.startsWith('/')) return found.replace(/[^\n]/g, ' ')
    if (keepStrings) return found
    const open = found.indexOf('"') >= 0 ? '"' : "'"
    return open + found.slice(1, -1).replace(/[^\n]/g, ' ') + open
  })
}

// A file as the rules see it: path from the top, lines as written, and lines of code alone.
export function source(path, text) {
  const includes = []
  const lines = text.split('\n')
  lines.forEach((line, index) => {
    const found = line.match(/^\s*#\s*include\s*([<"])([^>"]+)[>"]/)
    if (found) includes.push({ line: index + 1, path: found[2], system: found[1] === '<' })
  })
  return { path, text, lines, code: blank(text).split('\n'), includes }
}

export function checkout() {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', 'src', 'tests', 'third_party', 'packaging'], {
    cwd: root,
    encoding: 'utf8',
  })
  const files = []
  for (const path of listed.split('\n').filter((p) => /\.(cc|h|in|cmake|sh|mjs|txt)$/.test(p)).sort()) {
    try {
      files.push(source(path, readFileSync(join(root, path), 'utf8')))
    } catch (error) {
      if (error.code !== 'ENOENT') throw error // deleted, not yet committed
    }
  }
  return files
}

export const isCpp = (file) => /\.(cc|h)$/.test(file.path)
export const inSrc = (file) => isCpp(file) && file.path.startsWith('src/')
export const problem = (file, line, message) => `${file.path}:${line}: ${message}`
