#include "accounts/directory/import.h"

#include <algorithm>
#include <unordered_map>

#include "accounts/accounts.h"
#include "accounts/directory/changes.h"
#include "accounts/directory/invitations.h"
#include "accounts/store.h"
#include "platform/base/csv.h"
#include "platform/base/text.h"

namespace tuition::accounts::directory {
namespace {

constexpr std::size_t problems_max = 1000;
// What checking a password may cost: every wrong one of anybody pays for the dearest hash there is.
constexpr std::int64_t bcrypt_cost_max = 12;
constexpr std::int64_t argon2_kib_max = 64 * 1024;
constexpr std::int64_t argon2_passes_max = 4;
constexpr std::string_view columns[] = {"email", "fullName", "role", "passwordHash"};

struct Reading {
  ImportReport report{};
  std::vector<NewPerson> people{};
  std::vector<std::int64_t> lines{};  // of each of them

  void skip(std::size_t person) {
    ++report.skipped;
    if (report.skipped_lines.size() < problems_max) report.skipped_lines.push_back(lines[person]);
  }
  void wrong(std::int64_t line, std::string_view field, std::string reason) {
    if (report.errors.size() < problems_max) report.errors.push_back({line, std::string(field), std::move(reason)});
  }
};

// Where each of our columns stands in the file; nothing after a complaint.
std::vector<std::optional<std::size_t>> places_of(const CsvRow& head, Reading& reading) {
  std::vector<std::optional<std::size_t>> places(std::size(columns));
  for (std::size_t i = 0; i < head.cells.size(); ++i) {
    const auto name = trim(head.cells[i]);
    const auto known = std::find_if(std::begin(columns), std::end(columns),
                                    [&](std::string_view each) { return equals_ignoring_case(each, name); });
    if (known == std::end(columns)) {
      reading.wrong(head.line, name, "is no column we know: email, fullName, role, passwordHash");
    } else if (auto& place = places[static_cast<std::size_t>(known - std::begin(columns))]; place) {
      reading.wrong(head.line, *known, "stands there twice");
    } else {
      place = i;
    }
  }
  if (!places[0]) reading.wrong(head.line, "email", "is a column that must be there");
  return places;
}

bool is_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

Reading read_people(const Caller& caller, std::string_view text) {
  Reading reading;
  const auto csv = read_csv(text);
  for (const auto& problem : csv.problems) reading.wrong(problem.line, "", problem.reason);
  if (csv.rows.empty()) {
    reading.wrong(1, "", "has no header line");
    return reading;
  }
  const auto places = places_of(csv.rows.front(), reading);
  if (!places[0]) return reading;
  reading.report.rows = static_cast<std::int64_t>(csv.rows.size() - 1);
  if (csv.rows.size() - 1 > import_rows_max) {
    reading.wrong(csv.rows[import_rows_max + 1].line, "",
                  "is one too many: at most " + std::to_string(import_rows_max) + " people at once");
    return reading;
  }
  std::unordered_map<std::string, std::int64_t> seen;
  for (std::size_t i = 1; i < csv.rows.size(); ++i) {
    const auto& row = csv.rows[i];
    const auto cell = [&](std::size_t column) -> std::string {
      const auto place = places[column];
      return place && *place < row.cells.size() ? std::string(trim(row.cells[*place])) : std::string();
    };
    if (row.cells.size() > csv.rows.front().cells.size()) reading.wrong(row.line, "", "has more cells than columns");
    NewPerson person{.email = normal_email(cell(0)), .password_hash = cell(3), .full_name = cell(1)};
    if (!looks_like_email(person.email)) {
      reading.wrong(row.line, "email", "must be an address");
    } else if (const auto [first, fresh] = seen.emplace(person.email, row.line); !fresh) {
      reading.wrong(row.line, "email", "stands on line " + std::to_string(first->second) + " already");
    }
    if (has_control(person.full_name) || person.full_name.find_first_of("\t\r\n") != std::string::npos ||
        count_code_points(person.full_name) > 200)
      reading.wrong(row.line, "fullName", "must be at most 200 characters on one line");
    if (const auto role = cell(2); !role.empty()) {
      const auto named_role = named<Role>(to_lower_ascii(role));
      if (!named_role) reading.wrong(row.line, "role", "must be user, instructor or admin");
      person.role = named_role.value_or(Role::user);
      if (const auto may = check_gift(caller, person.role); !may)
        reading.wrong(row.line, "role", "must be user or empty where a program with a key adds people");
    }
    if (auto wrong = person.password_hash.empty() ? std::nullopt : complaint_about_hash(person.password_hash))
      reading.wrong(row.line, "passwordHash", std::move(*wrong));
    // Whoever could sign in where they came from had shown that the address is theirs.
    person.verified = !person.password_hash.empty();
    reading.people.push_back(std::move(person));
    reading.lines.push_back(row.line);
  }
  return reading;
}

}  // namespace

std::optional<std::string> complaint_about_hash(std::string_view phc) {
  const std::string unknown = "must be a hash of argon2id or bcrypt, or empty";
  const auto parts = split(phc, '$');
  if (parts.size() == 4 && (parts[1] == "2a" || parts[1] == "2b" || parts[1] == "2y")) {
    const auto cost = parse_integer(parts[2]);
    if (phc.size() != 60 || parts[2].size() != 2 || !is_digits(parts[2]) || *cost < 4 || *cost > 31) return unknown;
    if (*cost > bcrypt_cost_max)
      return "is a hash of bcrypt that costs too much to check: its cost may be " + std::to_string(bcrypt_cost_max) +
             " at most. Leave it empty and invite the person";
    return std::nullopt;
  }
  if (parts.size() != 6 || parts[1] != "argon2id" || parts[2] != "v=19" || phc.size() > 127) return unknown;
  const auto costs = split(parts[3], ',');
  if (costs.size() != 3 || !costs[0].starts_with("m=") || !costs[1].starts_with("t=") || costs[2] != "p=1")
    return unknown;
  const auto memory = parse_integer(costs[0].substr(2));
  const auto passes = parse_integer(costs[1].substr(2));
  if (!memory || !passes || *memory < 8 || *passes < 1 || parts[4].size() < 11 || parts[5].size() < 22) return unknown;
  if (*memory > argon2_kib_max || *passes > argon2_passes_max)
    return "is a hash of argon2id that costs too much to check: m=" + std::to_string(argon2_kib_max) +
           " and t=" + std::to_string(argon2_passes_max) + " at most. Leave it empty and invite the person";
  return std::nullopt;
}

Result<ImportReport> import_people(Accounts& accounts, const Caller& caller, std::string_view csv,
                                   const ImportWish& wish) {
  if (!caller.is_admin()) return Error{Kind::forbidden, "FORBIDDEN", "This is for administrators."};
  auto reading = read_people(caller, csv);
  auto& report = reading.report;
  report.dry_run = wish.dry_run;
  if (!report.errors.empty()) return std::move(report);
  if (wish.dry_run) {
    accounts.db.read([&](ReadTx& tx) {
      for (std::size_t i = 0; i < reading.people.size(); ++i) {
        if (accounts::store::user_by_email(tx, reading.people[i].email)) {
          reading.skip(i);
        } else {
          ++report.created;
        }
      }
    });
    return std::move(report);
  }
  return accounts.db.write([&](WriteTx& tx) -> Result<ImportReport> {
    for (std::size_t i = 0; i < reading.people.size(); ++i) {
      const auto& person = reading.people[i];
      const auto made = create_user(tx, accounts, person);
      if (!made) {
        reading.skip(i);
        continue;
      }
      ++report.created;
      if (!person.password_hash.empty())
        tx.after_commit([&accounts, hash = person.password_hash] { accounts.hasher.learn_of(hash); });
      const bool invited = wish.invite && person.password_hash.empty();
      if (invited) invite(tx, accounts, *made, person.email, person.full_name);
      note(tx, accounts, caller, "account.imported", *made,
           "Imported with role " + std::string(name_of(person.role)) + (invited ? " and invited by mail." : "."));
    }
    return report;
  });
}

}  // namespace tuition::accounts::directory
