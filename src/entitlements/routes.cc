#include <vector>

#include "entitlements/entitlements.h"
#include "entitlements/store.h"
#include "entitlements/wire.h"
#include "platform/base/short_list.h"
#include "platform/http/json.h"

namespace tuition::entitlements {
namespace {

EntitlementView view_of(const store::Row& row, Instant now) {
  EntitlementView view{row.id, row.scope, {}, row.source, row.starts_at, row.ends_at, row.starts_at <= now, row.reason};
  if (!row.scope_id.empty()) view.scope_id = row.scope_id;
  return view;
}

}  // namespace

http::Routes routes(Entitlements& door) {
  using http::Access;
  using http::Bucket;
  using http::Method;
  using http::Request;
  return {
      http::for_keys(
          "profile:read",
          {Method::get, "/api/users/me/entitlements", "listMyEntitlements", Access::member, Bucket::api,
           "What the caller may use at present or soon, why, and until when.",
           http::json([&door](const Request& request, const ShortListForm& form) -> Result<Page<EntitlementView>> {
             const auto now = door.clock.now();
             std::vector<EntitlementView> views;
             for (const auto& row :
                  door.db.read([&](ReadTx& tx) { return store::rows(tx, request.caller.user, now); })) {
               views.push_back(view_of(row, now));
             }
             return page_of_all(std::move(views), form, [](const EntitlementView& each) { return each.id.text(); });
           })}),
  };
}

}  // namespace tuition::entitlements
