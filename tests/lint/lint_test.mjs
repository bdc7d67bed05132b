// Each rule finds what it is for, and lets pass what is right.
import assert from 'node:assert/strict'
import { source } from './source.mjs'

let cases = 0
async function rule(name, examples) {
  const { check } = await import(`./rules/${name}.mjs`)
  for (const [path, text, expected] of examples) {
    const found = check([source(path, text)])
    cases++
    if (expected === null) {
      assert.deepEqual(found, [], `${name}: should let pass ${path}: ${text}`)
    } else {
      assert.equal(found.length, 1, `${name}: one problem expected in ${path}: ${text}\n${found.join('\n')}`)
      assert.match(found[0], expected, `${name}: ${path}: ${text}`)
    }
  }
}

const include = (path) => `#include "${path}"\n`
await rule('levels', [
  ['src/billing/checkout.cc', include('billing/store.h') + include('platform/http/reply.h'), null],
  ['src/billing/checkout.cc', include('entitlements/entitlements.h') + include('accounts/types.h'), null],
  ['src/billing/checkout.cc', include('outreach/messages.h'), null],
  ['src/learning/access.cc', include('billing/billing.h'), /billing is above learning/],
  ['src/platform/http/front/front.cc', include('platform/storage/database.h'), /beside platform\/http/],
  ['src/platform/http/front/front.cc', include('accounts/accounts.h'), /platform knows no domain/],
  ['src/billing/checkout.cc', include('accounts/store.h'), /other domains may include/],
  ['src/sandbox/stripe.cc', include('billing/types.h'), /platform only/],
  ['src/billing/checkout.cc', include('store.h'), /paths start at src/],
  ['src/shop/shop.cc', include('shop/shop.h'), /not in src\/LEVELS/],
  ['src/billing/subscriptions/proration.cc', include('platform/storage/database.h'), /pure/],
  ['src/billing/subscriptions/proration.h', include('billing/store.h'), /pure/],
  ['tests/lint/pure.txt', '# Files of rules.\n', null],
  ['tests/lint/pure.txt', '# Files of rules.\nbilling/nowhere\n', /pure\.txt:2: there is no src\/billing\/nowhere/],
  ['src/app/app.cc', include('accounts/store.h'), null],
])
{
  // Two files of one folder, compiled together.
  const { check } = await import('./rules/batches.mjs')
  const unnamed = (body) => `namespace {\n${body}\n}  // namespace\n`
  const together = (a, b) => check([source('tests/school/a_test.cc', unnamed(a)), source('tests/school/b_test.cc', unnamed(b))])
  for (const [a, b, expected] of [
    ['void add(Db& db, int n) {', 'void add(Db& db, std::int64_t id, const std::string& text = "note") {', /a call could mean/],
    ['Entry entry(const Door& door, std::string what) {', 'Entry entry(Door& door, std::string_view what) {', /a call could mean/],
    ['View view_of(const Plan& plan) {', 'View view_of(const Price& price) {', null],
    ['void note(Tx& tx, const Row& row) {', 'void note(Tx& tx) {', null],
  ]) {
    cases++
    const problems = together(a, b)
    if (expected === null) assert.deepEqual(problems, [], `batches: should let pass ${a} beside ${b}`)
    else assert.match(problems.join('\n'), expected, `batches: ${a} beside ${b}`)
  }
}
{
  // The table itself comes first, then one file that answers with a code.
  const { check } = await import('./rules/codes.mjs')
  const table = source('src/app/error_codes.cc', '{"EMAIL_TAKEN",\n {409}, "m", "r"}')
  const found = (text) => check([table, source('src/accounts/people.cc', `${text}\n// "EMAIL_TAKEN"`)])
  for (const [text, expected] of [
    ['return conflict("EMAIL_TAKEN", "x");', null],
    ['return Error{Kind::conflict, "EMAIL_TAKEN", "x"};', null],
    ['return Error{Kind::conflict, "NAME_TAKEN", "x"};', /NAME_TAKEN is missing/],
    ['return Error{Kind::forbidden,\n  "EMAIL_TAKEN", "x"};', /403 here/],
    ['return Error{Kind::conflict, "BACKUP_EXISTS", "x"};', null],
  ]) {
    cases++
    const problems = found(text)
    if (expected === null) assert.deepEqual(problems, [], `codes: should let pass ${text}`)
    else assert.match(problems.join(), expected, `codes: ${text}`)
  }
  assert.match(check([table]).join(), /answered by nothing/)
}
await rule('third_party', [
  ['src/platform/http/engine.cc', '#include <httplib.h>\n#include <string>\n', null],
  ['src/platform/http/front/front.cc', '#include <httplib.h>\n', /engine\.cc/],
  ['src/billing/store.cc', '#include <sqlite3.h>\n', /storage\/sqlite/],
  ['src/platform/base/json.h', '#include <nlohmann/json.hpp>\n', null],
  ['src/platform/base/fields.h', '#include <nlohmann/json.hpp>\n', /json\.h/],
  ['src/billing/wire.h', include('platform/base/json.h'), /\.cc/],
  ['src/app/app.cc', '#include <sys/socket.h>\n#include <unistd.h>\n', null],
  ['src/app/app.cc', '#include <boost/asio.hpp>\n', /no place yet/],
])
await rule('sql', [
  ['src/billing/store.cc', 'tx.one<Plan>("SELECT id, name FROM plans "\n"WHERE id = ?1", id);', null],
  ['src/billing/store.cc', 'auto s = "SELECT id FROM plans WHERE id = " + id;', /one literal/],
  ['src/billing/store.cc', 'auto s = "SELECT id "\n  "FROM plans WHERE id = " + id;', /one literal/],
  ['src/billing/store.cc', 'tx.one<Plan>("SELECT * FROM plans");', /list the columns/],
  ['src/billing/store.cc', 'tx.run("INSERT OR REPLACE INTO plans (id) VALUES (?1)", id);', /ON CONFLICT/],
  ['src/billing/store.cc', 'tx.one<int>("SELECT count(*) FROM plans");', null],
  ['src/billing/checkout.cc', 'tx.run("DELETE FROM plans WHERE id = ?1", id);', /store\.cc/],
  ['src/platform/storage/sqlite/connection.cc', 'exec("PRAGMA cache_size = " + size);', null],
])
await rule('banned', [
  ['src/billing/checkout.cc', 'auto now = time(nullptr);', /Clock/],
  ['src/billing/checkout.cc', 'auto now = std::chrono::system_clock::now();', /Clock/],
  ['src/platform/base/time.cc', 'auto now = std::chrono::system_clock::now();', null],
  ['src/billing/checkout.cc', '// never time(nullptr)\nauto s = "rand()";', null],
  ['src/billing/checkout.cc', 'std::cout << 1;', /log/],
  ['src/cli/serve.cc', 'std::cout << 1;', null],
  ['src/billing/checkout.cc', 'int n = std::stoi(text);', /from_chars/],
  ['src/billing/checkout.cc', 'using namespace std;', /names/],
  ['src/billing/checkout.cc', 'std::thread t;', /threads/],
  ['src/billing/checkout.cc', 'auto p = getenv("HOME");', /Option/],
  ['tests/billing/checkout_test.cc', 'std::this_thread::sleep_for(1s);', /wait/],
  ['tests/support/server.cc', 'std::thread t; std::cout << 1;', null],
  ['src/billing/checkout.cc', 'Thing(const Thing&) = delete; run_time(0);', null],
  ['src/billing/offers/pricing.cc', 'double price = 1;', /integers/],
])
await rule('size', [
  ['src/a.cc', 'x\n'.repeat(599), null],
  ['src/a.cc', 'x\n'.repeat(601), /split/],
])
await rule('names', [
  ['src/billing/checkout.h', '#pragma once\n', null],
  ['src/billing/checkout.h', 'int a;\n', /pragma once/],
  ['src/billing/CheckOut.cc', 'int a;\n', /snake_case/],
  ['src/billing/checkout.cc', '#include <string>\n' + include('billing/checkout.h'), /first/],
  ['src/billing/checkout.cc', 'class PlanManager;\n', /noun/],
])
await rule('personal', [
  ['schema/current.sql', 'CREATE TABLE notes (\n  user_id TEXT NOT NULL -- personal\n) STRICT;\n', null],
  ['schema/current.sql', 'CREATE TABLE notes ( -- personal\n  by TEXT REFERENCES users (id)\n) STRICT;\n', null],
  ['schema/current.sql', 'CREATE TABLE notes (\n  text TEXT NOT NULL\n) STRICT;\n', null],
  ['schema/current.sql', 'CREATE TABLE notes (\n  by TEXT REFERENCES users (id)\n) STRICT;\n', /current\.sql:1: notes points to a person/],
  ['schema/current.sql', 'CREATE TABLE notes (\n  guest_email TEXT\n) STRICT;\n', /notes points/],
])
await rule('words', [
  ['src/a.cc', '// Progress never goes backwards.', null],
  ['src/a.cc', '// FIX' + 'ME: later', /repair/],
  ['src/a.cc', '// TO' + 'DO nicer', /condition/],
  ['src/a.cc', '// TO' + 'DO(when the second engine comes): share this', null],
])
console.log(`${cases} cases`)
