// Every third-party header has one place; the rest of the code sees our own names.
import { inSrc, problem } from '../source.mjs'

const places = [
  [/^httplib\.h$/, /^src\/platform\/http\/engine\.cc$/, 'platform/http/engine.cc'],
  [/^(SQLiteCpp\/|sqlite3\.h)/, /^src\/platform\/storage\/sqlite\//, 'platform/storage/sqlite/'],
  [/^curl\//, /^src\/platform\/outbound\//, 'platform/outbound/'],
  [/^(mbedtls|psa)\//, /^src\/platform\/(outbound|http)\//, 'platform/outbound/ and platform/http/tls.cc'],
  [/^sodium/, /^src\/platform\/crypto\//, 'platform/crypto/'],
  [/^crypt_blowfish\.h$/, /^src\/platform\/crypto\/password\.cc$/, 'platform/crypto/password.cc'],
  [/^nlohmann\//, /^src\/platform\/base\/json\.h$/, 'platform/base/json.h: include that'],
  [/^md4c/, /^src\/catalogue\/markdown\.cc$/, 'catalogue/markdown.cc'],
  [/^CLI\//, /^src\/(platform\/config|cli)\//, 'platform/config/ and cli/'],
  [/^zlib\.h$/, /^src\/platform\/(http|archive)\//, 'platform/http/ and platform/archive/'],
  [/^utf8proc/, /^src\/platform\/base\//, 'platform/base/'],
  [/^kainjow\//, /^src\/outreach\/templates\.cc$/, 'outreach/templates.cc'],
  [/^qrcodegen\//, /^src\/accounts\//, 'accounts/'],
  [/^minizip\//, /^src\/platform\/archive\//, 'platform/archive/'],
]
// The pretend Stripe is made of JSON throughout; nothing outside its folder but two .cc files includes its headers.
const madeOfJson = /^src\/sandbox\/(stripe|paystack)\//
const known = /^[a-z0-9_]+$|^(sys|netinet|arpa|net|linux|bits)\/|^[a-z0-9_]+\.h$/

export function check(files) {
  const problems = []
  for (const file of files.filter(inSrc)) {
    for (const include of file.includes) {
      const place = places.find(([header]) => header.test(include.path))
      if (place && !place[1].test(file.path)) {
        problems.push(problem(file, include.line, `<${include.path}> belongs to ${place[2]}`))
      } else if (!place && include.system && !known.test(include.path)) {
        problems.push(problem(file, include.line, `<${include.path}> has no place yet: name it in tests/lint/rules/third_party.mjs`))
      }
      if (include.path === 'platform/base/json.h' && file.path.endsWith('.h') && !madeOfJson.test(file.path)) {
        problems.push(problem(file, include.line, 'json.h costs every includer seconds: include it in the .cc, use fields_json.h here'))
      }
    }
  }
  return problems
}
