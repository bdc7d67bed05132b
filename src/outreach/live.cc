#include "outreach/live.h"

#include "platform/http/json.h"

namespace tuition::outreach {

Result<http::Reply> Live::open(const Caller& caller) {
  if (hub_.subscribers() >= streams_max) {
    Error error{Kind::unavailable, "UNAVAILABLE", "Too many pages are listening. Please try again later."};
    error.retry_after_s = 60;
    return error;
  }
  const auto& channel = caller.user.text();
  auto feed = hub_.subscribe(channel, channel);
  hub_.keep_newest(channel, streams_of_person, {"bye", "{\"reason\":\"newer\"}"});
  feed->send({"hello", "{}", {}, 3000});
  return http::event_stream(std::move(feed));
}

void Live::tell_text(WriteTx& tx, const UserId& user, http::Event event) {
  tx.after_commit([this, channel = user.text(), event = std::move(event)] { hub_.publish(channel, event); });
}

http::Routes live_routes(Live& live) {
  http::Route stream{
      .method = http::Method::get,
      .path = "/api/stream",
      .operation = "streamEvents",
      .access = http::Access::member,
      .bucket = http::Bucket::api,
      .sentence =
          "What happens to the caller's own things, as server-sent events for as long as the connection stays. First "
          "`hello`, upon which to read anew what is shown; then `checkout` {checkoutId, status}, `progress` {course, "
          "stats} "
          "and `achievement` {key, title}, each when it is saved; `bye` when a seventh stream takes the place of this "
          "one. Ends with the session, and after a quarter of an hour, when a browser asks again by itself.",
      .endpoint = http::raw([&live](const http::Request& request) -> http::Reply {
        auto opened = live.open(request.caller);
        return opened ? std::move(opened).value() : http::problem(opened.error(), request);
      }),
      .statuses = {503},
      .scope = http::no_keys,
  };
  stream.endpoint.gives = "text/event-stream";
  http::Routes all;
  all.push_back(std::move(stream));
  return all;
}

}  // namespace tuition::outreach
