#include "accounts/directory/directory.h"

#include <limits>

#include "accounts/accounts.h"
#include "accounts/directory/store.h"
#include "platform/base/fold.h"
#include "platform/base/page.h"
#include "platform/base/text.h"

namespace tuition::accounts::directory {
namespace {

bool by_moment(Order order) {
  switch (order) {
    case Order::newest:
    case Order::oldest:
    case Order::seen_first:
    case Order::seen_last: return true;
    case Order::email:
    case Order::email_back:
    case Order::name:
    case Order::name_back: return false;
  }
  return false;
}

std::string key_of(const store::Row& row, Order order) {
  switch (order) {
    case Order::newest:
    case Order::oldest: return std::to_string(row.created_at.ms);
    case Order::seen_first:
    case Order::seen_last: return std::to_string(row.seen_at.ms);
    case Order::email:
    case Order::email_back: return row.email;
    case Order::name:
    case Order::name_back: return row.folded_name;
  }
  return {};
}

std::string cursor_after(const store::Row& row, Order order) {
  return cursor_behind(name_of(order), row.id.text(), key_of(row, order));
}

Result<store::Place> list_place(const std::string& cursor, Order order) {
  auto found = TRY(tuition::place_of(cursor, name_of(order)));
  if (!is_uuid(found.id)) return no_such_place();
  store::Place place;
  place.id = std::move(found.id);
  place.text = std::move(found.key);
  if (by_moment(order)) {
    const auto moment = parse_integer(place.text);
    if (!moment) return no_such_place();
    place.moment = *moment;
  }
  return place;
}

UserRow view_of(Accounts& accounts, ReadTx& tx, store::Row row) {
  UserRow view;
  view.access = accounts.access ? accounts.access(tx, row.id) : AccessLevel::free;
  view.id = std::move(row.id);
  view.email = std::move(row.email);
  view.full_name = std::move(row.full_name);
  view.role = row.role;
  view.is_owner = row.owner;
  view.status = row.status;
  view.email_verified = row.verified;
  view.created_at = row.created_at;
  view.mfa_enabled = row.mfa_enabled;
  if (row.seen_at.ms > 0) view.last_seen_at = row.seen_at;
  return view;
}

}  // namespace

Result<Page<UserRow>> list_people(Accounts& accounts, const Caller& caller, const ListQuery& query) {
  TRY(checked(query));
  const auto order = query.sort.value_or(Order::newest);
  auto place = store::beginning(order);
  if (query.cursor) place = TRY(list_place(*query.cursor, order));

  return accounts.db.read([&](ReadTx& tx) -> Result<Page<UserRow>> {
    store::Filter filter{.q = to_lower_ascii(query.q.value_or("")),
                         .folded = folded(query.q.value_or("")),
                         .role = query.role ? std::string(name_of(*query.role)) : "",
                         .status = query.status ? std::string(name_of(*query.status)) : "",
                         .created_from = query.created_from.value_or(Instant{0}),
                         .created_to = query.created_to.value_or(Instant{std::numeric_limits<std::int64_t>::max()}),
                         .access = query.access};
    if (query.access && accounts.paying) filter.paying = accounts.paying(tx);
    if (query.plan) {
      filter.among = accounts.on_plan ? accounts.on_plan(tx, *query.plan) : std::vector<UserId>{};
    } else if (query.access == AccessLevel::paid) {
      filter.among = filter.paying;
    }
    Page<UserRow> page;
    page.limit = query.limit.value_or(page_limit_default);
    page.total = store::count(tx, caller, filter);
    auto rows = store::list(tx, caller, filter, order, place, page.limit + 1);
    if (static_cast<std::int64_t>(rows.size()) > page.limit) {
      rows.resize(static_cast<std::size_t>(page.limit));
      page.next = cursor_after(rows.back(), order);
    }
    for (auto& row : rows) page.rows.push_back(view_of(accounts, tx, std::move(row)));
    return page;
  });
}

Result<UserDetail> show_person(ReadTx& tx, Accounts& accounts, const Caller& caller, const UserId& id) {
  auto found = store::detail(tx, caller, id, accounts.clock.now());
  if (!found) return not_found("There is no such person.");
  UserDetail view;
  static_cast<UserRow&>(view) = view_of(accounts, tx, std::move(found->row));
  view.locale = std::move(found->locale);
  view.timezone = std::move(found->timezone);
  view.preferences = std::move(found->preferences);
  view.leaderboard_opt_in = found->leaderboard_opt_in;
  if (found->avatar_id) view.avatar_url = "/api/media/" + *found->avatar_id;
  view.sessions = found->sessions;
  view.api_keys = found->api_keys;
  view.updated_at = found->updated_at;
  if (accounts.stats) view.stats = accounts.stats(tx, id);
  return view;
}

Result<UserDetail> show_person(Accounts& accounts, const Caller& caller, const UserId& id) {
  return accounts.db.read([&](ReadTx& tx) { return show_person(tx, accounts, caller, id); });
}

}  // namespace tuition::accounts::directory
