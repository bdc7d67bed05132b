#pragma once

// Reading the trail, for administrators.

#include "audit/wire.h"
#include "platform/base/page.h"
#include "platform/base/result.h"
#include "platform/http/reply.h"
#include "platform/http/route.h"
#include "platform/storage/database.h"

namespace tuition::audit {

// The newest first. Empty for anybody but administrators, as is everything here.
Result<Page<EntryView>> list_trail(Database& db, const Caller& caller, const TrailQuery& query);

// The same as a file that is made while it is sent, the oldest first.
http::Reply export_trail(Database& db, const Caller& caller, const ExportQuery& query);

http::Routes routes(Database& db);

}  // namespace tuition::audit
