#include "platform/http/front/chunked.h"

#include <algorithm>
#include <charconv>

#include "platform/http/front/head.h"

namespace tuition::http {

ChunkedDecoder::State ChunkedDecoder::feed(std::string_view in, std::size_t& used, std::string& out) {
  used = 0;
  const auto refuse = [&] {
    at_ = At::bad;
    return State::bad;
  };
  if (at_ == At::bad) return State::bad;
  while (used < in.size() && at_ != At::done) {
    const char c = in[used];
    switch (at_) {
      case At::size: {
        int digit = -1;
        if (c >= '0' && c <= '9') digit = c - '0';
        if (c >= 'a' && c <= 'f') digit = c - 'a' + 10;
        if (c >= 'A' && c <= 'F') digit = c - 'A' + 10;
        if (digit >= 0) {
          if (++digits_ > 16) return refuse();
          left_ = left_ << 4 | static_cast<std::uint64_t>(digit);
        } else if (digits_ == 0) {
          return refuse();
        } else if (c == ';') {
          at_ = At::extension;
        } else if (c == '\r') {
          at_ = At::size_feed;
        } else {
          return refuse();
        }
        ++used;
        break;
      }
      case At::extension:
        if (c == '\r')
          at_ = At::size_feed;
        else if (!is_field_value({&c, 1}) || ++extension_ > extension_max)
          return refuse();
        ++used;
        break;
      case At::size_feed:
        if (c != '\n') return refuse();
        at_ = left_ == 0 ? At::trailer : At::bytes;
        digits_ = 0;
        ++used;
        break;
      case At::bytes: {
        const auto take = static_cast<std::size_t>(std::min<std::uint64_t>(left_, in.size() - used));
        out.append(in.substr(used, take));
        used += take;
        left_ -= take;
        if (left_ == 0) at_ = At::bytes_return;
        break;
      }
      case At::bytes_return:
        if (c != '\r') return refuse();
        at_ = At::bytes_feed;
        ++used;
        break;
      case At::bytes_feed:
        if (c != '\n') return refuse();
        at_ = At::size;
        ++used;
        break;
      case At::trailer:
        if (c == '\r') {
          at_ = At::end_feed;
        } else {
          at_ = At::trailer_line;
          line_.clear();
          continue;
        }
        ++used;
        break;
      case At::trailer_line:
        if (c == '\r') {
          const auto colon = line_.find(':');
          if (colon == std::string::npos || !is_token(std::string_view(line_).substr(0, colon)) ||
              !is_field_value(std::string_view(line_).substr(colon + 1)))
            return refuse();
          at_ = At::trailer_feed;
        } else if (++trailer_ > trailer_max) {
          return refuse();
        } else {
          line_ += c;
        }
        ++used;
        break;
      case At::trailer_feed:
        if (c != '\n') return refuse();
        at_ = At::trailer;
        ++used;
        break;
      case At::end_feed:
        if (c != '\n') return refuse();
        at_ = At::done;
        ++used;
        break;
      case At::done:
      case At::bad: return refuse();
    }
  }
  return at_ == At::done ? State::done : State::more;
}

void append_chunk(std::string& out, std::string_view bytes) {
  if (bytes.empty()) return;
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof digits, bytes.size(), 16).ptr;
  out.append(digits, end);
  out += "\r\n";
  out += bytes;
  out += "\r\n";
}

}  // namespace tuition::http
