#include "platform/http/front/head.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "platform/base/text.h"

namespace tuition::http {
namespace {

constexpr auto token_chars = [] {
  std::array<bool, 256> table{};
  for (char c = '0'; c <= '9'; ++c) table[static_cast<unsigned char>(c)] = true;
  for (char c = 'a'; c <= 'z'; ++c) table[static_cast<unsigned char>(c)] = true;
  for (char c = 'A'; c <= 'Z'; ++c) table[static_cast<unsigned char>(c)] = true;
  for (const char c : std::string_view("!#$%&'*+-.^_`|~")) table[static_cast<unsigned char>(c)] = true;
  return table;
}();

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

// Printable ASCII that browsers may leave unescaped in a target; the rest has no business there.
bool is_target_char(char c) {
  return c > 0x20 && c < 0x7f && c != '"' && c != '<' && c != '>' && c != '\\' && c != '`' && c != '#';
}

std::string_view trim_blanks(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

}  // namespace

bool is_token(std::string_view text) {
  for (const char c : text)
    if (!token_chars[static_cast<unsigned char>(c)]) return false;
  return !text.empty();
}

bool is_field_value(std::string_view text) {
  const auto is_control = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && byte != '\t') || byte == 0x7f;
  };
  // Tokens and cookies are long. Without a way out after each byte, compilers look at sixteen at once.
  for (; text.size() >= 16; text.remove_prefix(16)) {
    unsigned char controls = 0;
    for (std::size_t i = 0; i < 16; ++i) controls |= static_cast<unsigned char>(is_control(text[i]));
    if (controls != 0) return false;
  }
  return std::none_of(text.begin(), text.end(), is_control);
}

bool is_authority(std::string_view text) {
  if (text.empty() || text.size() > 261) return false;
  std::string_view port;
  bool has_port = false;
  if (text.front() == '[') {
    const auto end = text.find(']');
    if (end == std::string_view::npos || end < 3) return false;
    for (const char c : text.substr(1, end - 1))
      if (!is_hex(c) && c != ':' && c != '.') return false;
    const auto rest = text.substr(end + 1);
    if (!rest.empty()) {
      if (rest.front() != ':') return false;
      has_port = true;
      port = rest.substr(1);
    }
  } else {
    auto host = text;
    if (const auto colon = text.find(':'); colon != std::string_view::npos) {
      host = text.substr(0, colon);
      port = text.substr(colon + 1);
      has_port = true;
    }
    if (host.empty()) return false;
    for (const char c : host)
      if (!is_digit(c) && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && c != '-' && c != '.' && c != '_')
        return false;
  }
  if (!has_port) return true;
  if (port.empty() || port.size() > 5) return false;
  int number = 0;
  for (const char c : port) {
    if (!is_digit(c)) return false;
    number = number * 10 + (c - '0');
  }
  return number <= 65535;
}

void HeadParser::reset() {
  at_ = scanned_ = fields_at_ = 0;
  blank_skipped_ = line_seen_ = false;
  fields_.clear();
  minor_ = 1;
  length_ = 0;
  method_ = target_ = path_ = query_ = authority_ = {};
  chunked_ = close_ = expects_continue_ = unknown_expectation_ = false;
  status_ = 0;
}

HeadParser::State HeadParser::refuse(int status, const char* reason) {
  status_ = status;
  reason_ = reason;
  return State::bad;
}

HeadParser::State HeadParser::feed(std::string_view all) {
  if (status_ != 0) return State::bad;
  for (;;) {
    const char* found = nullptr;
    if (all.size() > scanned_)
      found = static_cast<const char*>(std::memchr(all.data() + scanned_, '\n', all.size() - scanned_));
    if (!found) {
      // What cannot become a head any more is refused now, not at the deadline.
      const auto partial = all.substr(at_);
      if (!line_seen_) {
        if (!partial.empty() && partial.front() != '\r' && !token_chars[static_cast<unsigned char>(partial.front())])
          return refuse(400, "The request line is malformed.");
        if (partial.size() > limits_.line + 1) return refuse(414, "The request line is too long.");
      } else if (all.size() - fields_at_ > limits_.total) {
        return refuse(431, "The header fields are too long.");
      }
      scanned_ = all.size();
      return State::more;
    }
    const auto end = static_cast<std::size_t>(found - all.data());
    if (end == at_ || all[end - 1] != '\r') return refuse(400, "Lines end with CR LF.");
    const auto from = at_;
    const auto to = end - 1;
    at_ = scanned_ = end + 1;
    if (!line_seen_) {
      if (from == to) {
        if (blank_skipped_) return refuse(400, "The request line is missing.");
        blank_skipped_ = true;
        continue;
      }
      line_seen_ = true;
      if (to - from > limits_.line) return refuse(414, "The request line is too long.");
      if (!take_request_line(all, from, to)) return State::bad;
      fields_at_ = at_;
      continue;
    }
    if (from == to) return finish(all) ? State::done : State::bad;
    if (at_ - fields_at_ > limits_.total) return refuse(431, "The header fields are too long.");
    if (fields_.size() == limits_.fields) return refuse(431, "There are too many header fields.");
    if (!take_field(all, from, to)) return State::bad;
  }
}

bool HeadParser::take_request_line(std::string_view all, std::size_t from, std::size_t to) {
  const auto line = all.substr(from, to - from);
  const auto malformed = [&] {
    refuse(400, "The request line is malformed.");
    return false;
  };
  const auto first = line.find(' ');
  if (first == std::string_view::npos || first == 0 || first > 32 || !is_token(line.substr(0, first)))
    return malformed();
  const auto second = line.find(' ', first + 1);
  if (second == std::string_view::npos || second == first + 1) return malformed();
  const auto target = line.substr(first + 1, second - first - 1);
  for (const char c : target)
    if (!is_target_char(c)) return malformed();
  const auto version = line.substr(second + 1);
  if (version.size() != 8 || !version.starts_with("HTTP/") || !is_digit(version[5]) || version[6] != '.' ||
      !is_digit(version[7]))
    return malformed();
  if (version[5] != '1' || (version[7] != '0' && version[7] != '1')) {
    refuse(505, "HTTP/1.1 is spoken here.");
    return false;
  }
  minor_ = version[7] - '0';
  method_ = {static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(first)};
  target_ = {static_cast<std::uint32_t>(from + first + 1), static_cast<std::uint32_t>(target.size())};
  return true;
}

bool HeadParser::take_field(std::string_view all, std::size_t from, std::size_t to) {
  const auto line = all.substr(from, to - from);
  const auto colon = line.find(':');
  // A line that begins with a blank (a folded one) has no token in front of its colon either.
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) {
    refuse(400, "A header field is malformed.");
    return false;
  }
  const auto value = trim_blanks(line.substr(colon + 1));
  if (!is_field_value(value)) {
    refuse(400, "A header field holds a control character.");
    return false;
  }
  fields_.push_back(
      {{static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(colon)},
       {static_cast<std::uint32_t>(value.empty() ? to : static_cast<std::size_t>(value.data() - all.data())),
        static_cast<std::uint32_t>(value.size())}});
  return true;
}

bool HeadParser::finish(std::string_view all) {
  const auto bad = [&](int status, const char* reason) {
    refuse(status, reason);
    return false;
  };
  const auto text = [&](Span span) { return all.substr(span.at, span.size); };
  int hosts = 0, lengths = 0, encodings = 0;
  bool keep_alive = false;
  for (const auto& field : fields_) {
    const auto name = text(field.name);
    const auto value = text(field.value);
    switch (name.size()) {
      case 4:
        if (equals_ignoring_case(name, "host")) {
          if (++hosts > 1) return bad(400, "Host is given more than once.");
          if (!is_authority(value)) return bad(400, "Host is malformed.");
          authority_ = field.value;
        }
        break;
      case 6:
        if (equals_ignoring_case(name, "expect")) {
          if (equals_ignoring_case(value, "100-continue"))
            expects_continue_ = minor_ == 1;
          else
            unknown_expectation_ = true;
        }
        break;
      case 10:
        if (equals_ignoring_case(name, "connection")) {
          for (const auto option : split(value, ',')) {
            if (equals_ignoring_case(trim_blanks(option), "close")) close_ = true;
            if (equals_ignoring_case(trim_blanks(option), "keep-alive")) keep_alive = true;
          }
        }
        break;
      case 14:
        if (equals_ignoring_case(name, "content-length")) {
          if (++lengths > 1) return bad(400, "Content-Length is given more than once.");
          if (value.empty() || value.size() > 18) return bad(400, "Content-Length is malformed.");
          for (const char c : value) {
            if (!is_digit(c)) return bad(400, "Content-Length is malformed.");
            length_ = length_ * 10 + static_cast<std::uint64_t>(c - '0');
          }
        }
        break;
      case 17:
        if (equals_ignoring_case(name, "transfer-encoding")) {
          if (++encodings > 1) return bad(400, "Transfer-Encoding is given more than once.");
          if (minor_ == 0) return bad(400, "Transfer-Encoding does not exist in HTTP/1.0.");
          if (equals_ignoring_case(value, "chunked")) {
            chunked_ = true;
          } else {
            for (const auto coding : split(value, ','))
              if (!is_token(trim_blanks(coding))) return bad(400, "Transfer-Encoding is malformed.");
            return bad(501, "Only the chunked transfer coding is known here.");
          }
        }
        break;
      default: break;
    }
  }
  if (encodings > 0 && lengths > 0) return bad(400, "Content-Length and Transfer-Encoding exclude each other.");
  if (hosts == 0 && minor_ == 1) return bad(400, "Host is missing.");
  if (minor_ == 0 && !keep_alive) close_ = true;
  return split_target(all);
}

bool HeadParser::split_target(std::string_view all) {
  const auto bad = [&](const char* reason) {
    refuse(400, reason);
    return false;
  };
  const auto method = all.substr(method_.at, method_.size);
  auto target = all.substr(target_.at, target_.size);
  auto at = target_.at;
  if (target == "*") {
    if (method != "OPTIONS") return bad("The target is malformed.");
    path_ = target_;
    return true;
  }
  if (method == "CONNECT") {
    if (!is_authority(target)) return bad("The target is malformed.");
    path_ = target_;
    return true;
  }
  if (target.front() != '/') {
    // The absolute form, which proxies use: it must name the host that Host names.
    std::size_t scheme = 0;
    if (target.size() > 7 && equals_ignoring_case(target.substr(0, 7), "http://")) scheme = 7;
    if (target.size() > 8 && equals_ignoring_case(target.substr(0, 8), "https://")) scheme = 8;
    if (scheme == 0) return bad("The target is malformed.");
    const auto rest = target.substr(scheme);
    const auto end = std::min(rest.find_first_of("/?"), rest.size());
    const auto authority = rest.substr(0, end);
    if (!is_authority(authority)) return bad("The target is malformed.");
    if (authority_.size == 0)
      authority_ = {static_cast<std::uint32_t>(at + scheme), static_cast<std::uint32_t>(authority.size())};
    else if (!equals_ignoring_case(authority, all.substr(authority_.at, authority_.size)))
      return bad("The target and Host name different hosts.");
    at += static_cast<std::uint32_t>(scheme + end);
    target = rest.substr(end);
  }
  const auto question = target.find('?');
  const auto path = target.substr(0, question);
  path_ = {at, static_cast<std::uint32_t>(path.size())};
  if (question != std::string_view::npos)
    query_ = {static_cast<std::uint32_t>(at + question + 1), static_cast<std::uint32_t>(target.size() - question - 1)};
  return true;
}

void HeadParser::read(std::string_view all, Head& into) const {
  const auto text = [&](Span span) { return all.substr(span.at, span.size); };
  into.method = text(method_);
  into.path = path_.size == 0 ? std::string_view("/") : text(path_);
  into.query = text(query_);
  into.authority = text(authority_);
  into.minor = minor_;
  into.fields.clear();
  into.fields.reserve(fields_.size());
  for (const auto& field : fields_) into.fields.emplace_back(text(field.name), text(field.value));
  into.length = length_;
  into.chunked = chunked_;
  into.close = close_;
  into.expects_continue = expects_continue_;
  into.unknown_expectation = unknown_expectation_;
}

}  // namespace tuition::http
