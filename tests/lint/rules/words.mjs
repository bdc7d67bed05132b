// Comments are for someone who sees only this version: no wishes, no history.
import { problem } from '../source.mjs'

const words = [
  [/\bFIXME\b|\bXXX\b|\bHACK\b/, 'repair it, or say what is and why'],
  [/\bTODO\b(?!\(when [^)]+\))/, 'a condition, not a wish: TODO(when <what must be true>)'],
  [/\b(not yet implemented|unimplemented|coming soon|for now,? we|work in progress)\b/i, 'finish it or leave it out'],
  [/\b(previously|used to be|no longer (uses|does|is)|as of (today|this commit)|was changed to)\b/i, 'history belongs into the commit'],
  [/\bblah\b|\blorem ipsum\b|\basdf\b/i, 'write what is meant'],
]

export function check(files) {
  const problems = []
  for (const file of files.filter((f) => !f.path.startsWith('tests/lint/'))) {
    file.lines.forEach((line, index) => {
      for (const [pattern, message] of words) {
        const found = line.match(pattern)
        if (found) problems.push(problem(file, index + 1, `${found[0]}: ${message}`))
      }
    })
  }
  return problems
}
