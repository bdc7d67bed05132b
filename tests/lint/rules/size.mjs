// One idea per file. A file that outgrows this holds two.
import { isCpp, problem } from '../source.mjs'

const most = 600

export function check(files) {
  return files
    .filter((file) => isCpp(file) && file.lines.length > most)
    .map((file) => problem(file, most, `${file.lines.length} lines: split it by idea (at most ${most})`))
}
