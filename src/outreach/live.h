#pragma once

// What people see happen while they look: a page that somebody has open asks for a stream of events (GET /api/stream)
// and is told on it what else becomes of that person's things. Who tells does so inside the transaction that makes it
// true, and it is said once the commit is on disk. Nothing is kept: an event that nobody listens for is gone. So every
// stream begins with `hello`, whereupon a page reads anew what it shows, and an event says what is to be read, not what
// to believe.
//
// A person is a channel of their own, named by their id, and nobody chooses another's. A stream ends with the session,
// the account or the server (platform/http/front/front.h).

#include <string>
#include <utility>

#include "platform/base/caller.h"
#include "platform/base/fields_json.h"
#include "platform/base/result.h"
#include "platform/http/events.h"
#include "platform/http/reply.h"
#include "platform/http/route.h"
#include "platform/storage/database.h"

namespace tuition::outreach {

class Live {
 public:
  // Of one person; the oldest then gives way, told so by `bye`. A browser has one for each page in sight.
  static constexpr std::size_t streams_of_person = 6;
  // Of everybody. Connections that say little are cheap, but not without number.
  static constexpr std::size_t streams_max = 8192;

  // UNAVAILABLE when there are too many.
  Result<http::Reply> open(const Caller& caller);

  // `view` is put into words only where the person listens. Call it inside the write that makes it true.
  template <HasFields View>
  void tell(WriteTx& tx, const UserId& user, const char* name, const View& view) {
    if (hub_.listens(user.text())) tell_text(tx, user, {name, to_json(view)});
  }
  bool listens(const UserId& user) const { return hub_.listens(user.text()); }

 private:
  void tell_text(WriteTx& tx, const UserId& user, http::Event event);

  http::EventHub hub_;
};

http::Routes live_routes(Live& live);

}  // namespace tuition::outreach
