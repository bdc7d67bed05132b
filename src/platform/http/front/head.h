#pragma once

// The strict reading of a request's head. This is the only parser of request bytes: whatever it lets through is what
// everything behind it believes. Any doubt about framing is refused, because two readers that disagree about where a
// request ends are how requests are smuggled.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace tuition::http {

struct HeadLimits {
  std::size_t line = 8 * 1024;    // of the request line: 414
  std::size_t total = 32 * 1024;  // of all fields together: 431
  std::size_t fields = 100;       // 431
};

// Views point into the bytes that were read.
struct Head {
  std::string_view method{};
  std::string_view path{};       // of the target, still encoded, without the query; "*" for OPTIONS *
  std::string_view query{};      // without its question mark
  std::string_view authority{};  // Host; empty only in HTTP/1.0
  int minor = 1;                 // HTTP/1.minor
  std::vector<std::pair<std::string_view, std::string_view>> fields{};  // names as sent, values trimmed
  std::uint64_t length = 0;
  bool chunked = false;
  bool close = false;  // the connection ends after the answer
  bool expects_continue = false;
  bool unknown_expectation = false;  // 417

  bool has_body() const { return chunked || length > 0; }
};

class HeadParser {
 public:
  enum class State { more, done, bad };

  explicit HeadParser(HeadLimits limits = {}) : limits_(limits) {}

  // `all` is everything since the request's first byte: each call repeats the bytes of the one before and adds some.
  State feed(std::string_view all);
  // Of a head that is done: its size in bytes, and its contents as views into `all`.
  std::size_t size() const { return at_; }
  void read(std::string_view all, Head& into) const;
  // Of a bad one.
  int status() const { return status_; }
  const char* reason() const { return reason_; }
  // Nothing but perhaps an empty line has come yet.
  bool untouched() const { return !line_seen_ && at_ == scanned_; }
  void reset();

 private:
  struct Span {
    std::uint32_t at = 0;
    std::uint32_t size = 0;
  };
  struct Field {
    Span name, value;
  };
  State refuse(int status, const char* reason);
  bool take_request_line(std::string_view all, std::size_t from, std::size_t to);
  bool take_field(std::string_view all, std::size_t from, std::size_t to);
  bool finish(std::string_view all);
  bool split_target(std::string_view all);

  HeadLimits limits_;
  std::size_t at_ = 0;       // where the next line begins
  std::size_t scanned_ = 0;  // no line feed between at_ and here
  std::size_t fields_at_ = 0;
  bool blank_skipped_ = false;
  bool line_seen_ = false;
  Span method_{}, target_{}, path_{}, query_{}, authority_{};
  std::vector<Field> fields_{};
  int minor_ = 1;
  std::uint64_t length_ = 0;
  bool chunked_ = false, close_ = false, expects_continue_ = false, unknown_expectation_ = false;
  int status_ = 0;
  const char* reason_ = "";
};

// A host with an optional port, as Host may hold it: a name, an IPv4 address or a bracketed IPv6 address.
bool is_authority(std::string_view text);
bool is_token(std::string_view text);
// May stand in a field's value: no controls but tab.
bool is_field_value(std::string_view text);

}  // namespace tuition::http
