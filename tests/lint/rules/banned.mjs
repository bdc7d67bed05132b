// Calls that have a better one here. Each line: what, why or what instead, and where it is at home.
import { isCpp, problem } from '../source.mjs'

const everywhere = [
  [/\b(std::)?time\s*\(\s*(nullptr|NULL|0)\s*\)/, 'ask the Clock that was passed in', /^src\/platform\/base\/time\.cc$/],
  [/\b(system_clock|gettimeofday|clock_gettime|utc_clock)\b/, 'ask the Clock that was passed in', /^src\/platform\/base\/time\.cc$|^tests\//],
  [/\bSystemClock\b/, 'ask the Clock that was passed in: under `tuition dev` it runs ahead of the system\'s', /^src\/(cli|app)\/|^src\/platform\/(base\/time|log\/log)\.|^tests\//],
  [/\b(localtime|gmtime|mktime|strftime|asctime|ctime)(_r)?\s*\(/, 'use Instant, Day and to_text of platform/base/time.h', /^src\/platform\/base\/time\.cc$/],
  [/\b(std::)?s?rand(om)?\s*\(|\bstd::(mt19937|random_device|default_random_engine)\b/, 'ask the Entropy that was passed in', /^src\/platform\/crypto\/system_entropy\.cc$|^tests\//],
  [/\b(v?sprintf|strcpy|strcat|strncpy|strncat|gets)\s*\(/, 'use std::string or std::format-like functions of platform/base/text.h'],
  [/\b(std::)?(atoi|atol|atoll|atof)\s*\(|\bstd::sto(i|l|ll|ul|ull|f|d)\s*\(/, 'use std::from_chars, or parse functions of platform/base/text.h: they say when the text is no number', /^tests\//],
  [/\bstrtok(_r)?\s*\(/, 'use split of platform/base/text.h'],
  [/\busing\s+namespace\b/, 'write the names out', /^tests\//],
  [/\bsleep_(for|until)\b|\b(u|nano)?sleep\s*\(/, 'wait for the thing itself: a condition variable, a poll with deadline, or the fake clock'],
  [/#\s*define\s+private\b/, 'test through the public surface'],
  [/\bNULL\b/, 'write nullptr'],
  [/\bmalloc\s*\(|\bfree\s*\(|\brealloc\s*\(/, 'own memory with std::vector, std::string or std::unique_ptr', /^src\/platform\/(http|outbound|crypto)\//],
  [/(?<![\w:])(new\s+[A-Za-z_:]+|delete\s+[a-z_]|delete\[\])/, 'use std::make_unique', /^src\/platform\//],
  [/\bassert\s*\(/, 'use check.h: it stays in the release binary'],
  [/\bstd::(regex|function<bool\(std::regex)/, 'parse by hand: std::regex recurses on long input'],
  [/\bstd::async\b/, 'push a job, or use the threads that are there'],
  [/\bdynamic_cast\b/, 'give the seam a function for it'],
  [/\bgoto\b/, 'return early'],
]

const production = [
  [/\b(std::)?(cout|cerr|clog)\b|\b(std::)?(printf|puts|fprintf|putchar)\s*\(/, 'log through platform/log; only verbs of cli print', /^src\/(cli|main\.cc|platform\/log)/],
  [/\bstd::j?thread\b(?!::(id|hardware))/, 'threads start where they are listed (tests/lint/rules/banned.mjs): use jobs or the front', /^src\/(platform\/(http|jobs|storage|log|config)|app|sandbox|cli)\//],
  [/\.detach\s*\(\)/, 'join it: a detached thread outlives what it uses'],
  [/\b(secure_)?getenv\s*\(|\bsetenv\s*\(|\benviron\b/, 'declare an Option (platform/config)', /^src\/(platform\/config|app\/service_notify)/],
  [/\b(std::)?(exit|_exit|abort|quick_exit|terminate)\s*\(/, 'return an Error, or throw a Fault; cli decides the exit code', /^src\/(cli|main\.cc|app\/signals|platform\/base\/check)/],
  [/\b(std::)?system\s*\(|\bpopen\s*\(|\bexec(l|lp|le|v|vp|ve|vpe)\s*\(/, 'the program stands alone: it starts no other', /^src\/platform\/storage\//],
  [/\bdouble\b|\bfloat\b/, 'count in integers: money in minor units, time in milliseconds, shares in basis points', /^src\/(platform|insight|sandbox|cli|app|learning|assistant|admin)\//],
  [/\bcatch\s*\(\s*\.\.\.\s*\)/, 'return Errors; a Fault is caught once, by the front and the job runner', /^src\/(platform|app|cli|sandbox)\//],
]

// A line may say why it is right to break a rule: // lint: allow <why>
export function check(files) {
  const problems = []
  for (const file of files.filter(isCpp)) {
    const rules = file.path.startsWith('src/') ? [...everywhere, ...production] : everywhere
    file.code.forEach((line, index) => {
      if (/\/\/ lint: allow \w+/.test(file.lines[index])) return
      for (const [pattern, message, home] of rules) {
        const found = line.match(pattern)
        if (found && !(home && home.test(file.path))) {
          problems.push(problem(file, index + 1, `${found[0].trim()}: ${message}`))
        }
      }
    })
  }
  return problems
}
