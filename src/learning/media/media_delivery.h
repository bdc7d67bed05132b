#pragma once

#include <string_view>

#include "catalogue/catalogue.h"
#include "learning/learning.h"
#include "learning/media/media_wire.h"
#include "platform/base/caller.h"
#include "platform/base/result.h"
#include "platform/http/reply.h"
#include "platform/http/request.h"
#include "platform/http/route.h"

// Hands a file to somebody who may have it.
namespace tuition::learning {

// A signed link opens the one lesson file it names, whoever holds it. Without one: everybody's are everybody's, one's
// own one's own, and a lesson's file is as open as the most open place that shows it. NOT_FOUND, UNAUTHENTICATED,
// PAYMENT_REQUIRED, LOCKED.
Result<catalogue::MediaItem> open_media(Learning& door, const Caller& caller, const catalogue::MediaId& id,
                                        std::string_view expires, std::string_view signature);

// Whether what a lesson shows is handed out, too: where its author says so, and where handing out is what it is for.
bool may_be_kept(const catalogue::Lesson& lesson);

// The file as it is sent: with ranges, as a download where a browser could run it or ?download=1 asks for it. What no
// lesson hands out is shown and played, never sent as a download: NOT_DOWNLOADABLE.
http::Reply media_answer(Learning& door, const http::Request& request);
// The page that a lesson's embedded film stands in.
http::Reply embed_answer(Learning& door, const http::Request& request);

MediaView view_of(const Learning& door, const Caller& caller, const catalogue::LibraryItem& item);
LessonMedia lesson_media(const Learning& door, const catalogue::MediaItem& item);  // of a question
LessonMedia lesson_media(const Learning& door, const catalogue::MediaItem& item, const catalogue::Lesson& lesson);

http::Routes media_routes(Learning& door);

}  // namespace tuition::learning
