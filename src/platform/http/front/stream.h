#pragma once

// Range replies for media.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "platform/http/reply.h"
#include "platform/http/request.h"

namespace tuition::http {

struct ByteRange {
  std::uint64_t from = 0;
  std::uint64_t size = 0;
};

enum class RangeAnswer { whole, part, unsatisfiable };

// Reads a Range header against something of `size` bytes. Anything but one well-formed range of bytes is answered with
// the whole: several ranges cost work and serve nobody here.
RangeAnswer read_range(std::string_view header, std::uint64_t size, ByteRange& range);

struct Media {
  std::string content_type{};
  std::uint64_t size = 0;
  std::string etag{};         // strong, with its quotes; empty: none
  std::string disposition{};  // the whole Content-Disposition; empty: none
  // Appends up to `size` bytes from `at` to `out`, at least one; false cuts the connection. May block.
  std::function<bool(std::uint64_t at, std::size_t size, std::string& out)> read;
};

// 200, 206, 304 or 416. What people uploaded never runs as a page: it gets a sandboxing policy.
Reply media_reply(const Request& request, Media media);

// Whether an If-None-Match names this ETag (weakly compared).
bool etag_listed(std::string_view if_none_match, std::string_view etag);

}  // namespace tuition::http
