#include "platform/http/front/stream.h"

#include <algorithm>

#include "platform/base/check.h"
#include "platform/base/text.h"
#include "platform/http/problem.h"

namespace tuition::http {
namespace {

// Digits only, and small enough to count with.
std::optional<std::uint64_t> read_number(std::string_view text) {
  if (text.empty() || text.size() > 18) return std::nullopt;
  std::uint64_t number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return number;
}

}  // namespace

RangeAnswer read_range(std::string_view header, std::uint64_t size, ByteRange& range) {
  range = {0, size};
  if (header.size() < 7 || !equals_ignoring_case(header.substr(0, 6), "bytes=")) return RangeAnswer::whole;
  const auto spec = trim(header.substr(6));
  if (spec.find(',') != std::string_view::npos) return RangeAnswer::whole;
  const auto dash = spec.find('-');
  if (dash == std::string_view::npos) return RangeAnswer::whole;
  const auto last = read_number(spec.substr(dash + 1));
  if (dash == 0) {
    if (!last) return RangeAnswer::whole;
    if (*last == 0 || size == 0) return RangeAnswer::unsatisfiable;
    range.size = std::min(*last, size);
    range.from = size - range.size;
    return RangeAnswer::part;
  }
  const auto first = read_number(spec.substr(0, dash));
  if (!first || (!last && dash + 1 != spec.size()) || (last && *last < *first)) return RangeAnswer::whole;
  if (*first >= size) return RangeAnswer::unsatisfiable;
  range.from = *first;
  range.size = std::min(last ? *last : size - 1, size - 1) - *first + 1;
  return RangeAnswer::part;
}

bool etag_listed(std::string_view if_none_match, std::string_view etag) {
  if (if_none_match.empty() || etag.empty()) return false;
  if (etag.starts_with("W/")) etag.remove_prefix(2);
  for (auto each : split(if_none_match, ',')) {
    each = trim(each);
    if (each == "*") return true;
    if (each.starts_with("W/")) each.remove_prefix(2);
    if (each == etag) return true;
  }
  return false;
}

Reply media_reply(const Request& request, Media media) {
  check(static_cast<bool>(media.read), "media can be read");
  Reply reply;
  reply.content_type = std::move(media.content_type);
  reply.with("Accept-Ranges", "bytes");
  if (!media.etag.empty()) reply.with("ETag", media.etag);
  reply.with("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox");
  if (!media.disposition.empty()) reply.with("Content-Disposition", std::move(media.disposition));

  if (etag_listed(request.header("if-none-match"), media.etag)) {
    reply.status = 304;
    reply.content_type.clear();
    return reply;
  }
  ByteRange range{0, media.size};
  auto answer = RangeAnswer::whole;
  const auto if_range = request.header("if-range");
  if (request.method == Method::get && (if_range.empty() || (!media.etag.empty() && if_range == media.etag)))
    answer = read_range(request.header("range"), media.size, range);
  switch (answer) {
    case RangeAnswer::whole: break;
    case RangeAnswer::part:
      reply.status = 206;
      reply.with("Content-Range", "bytes " + std::to_string(range.from) + "-" +
                                      std::to_string(range.from + range.size - 1) + "/" + std::to_string(media.size));
      break;
    case RangeAnswer::unsatisfiable:
      reply = problem(416, Error{Kind::rejected, "RANGE_NOT_SATISFIABLE", "The file has no such part."}, request);
      reply.with("Content-Range", "bytes */" + std::to_string(media.size));
      return reply;
  }
  reply.stream = std::make_shared<BodyStream>();
  reply.stream->length = range.size;
  reply.stream->next = [read = std::move(media.read), at = range.from,
                        end = range.from + range.size](std::string& out) mutable {
    if (at == end) return false;
    const auto before = out.size();
    const auto want = static_cast<std::size_t>(std::min<std::uint64_t>(end - at, 64 * 1024));
    if (!read(at, want, out)) return false;
    at += out.size() - before;
    return true;
  };
  return reply;
}

}  // namespace tuition::http
