#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "platform/base/time.h"

namespace tuition::log {

enum class Level { debug, info, warn, error };

// One named value of a line. Text is escaped, so that no value can forge a line.
struct Field {
  std::string_view name;
  std::string text{};
  bool is_number = false;

  Field(std::string_view n, std::string_view v) : name(n), text(v) {}
  Field(std::string_view n, const char* v) : name(n), text(v) {}
  Field(std::string_view n, const std::string& v) : name(n), text(v) {}
  Field(std::string_view n, std::int64_t v) : name(n), text(std::to_string(v)), is_number(true) {}
  Field(std::string_view n, int v) : name(n), text(std::to_string(v)), is_number(true) {}
  Field(std::string_view n, std::uint64_t v) : name(n), text(std::to_string(v)), is_number(true) {}
};

// One line per event on standard error: JSON, or for a person when that is a terminal. `event` is a stable dotted name
// ("job.failed"), values go into fields. Never pass secrets, addresses of people or bodies; known shapes of secrets are
// redacted all the same. Safe from any thread.
void write(Level level, std::string_view event, std::initializer_list<Field> fields);

inline void debug(std::string_view event, std::initializer_list<Field> fields = {}) {
  write(Level::debug, event, fields);
}
inline void info(std::string_view event, std::initializer_list<Field> fields = {}) {
  write(Level::info, event, fields);
}
inline void warn(std::string_view event, std::initializer_list<Field> fields = {}) {
  write(Level::warn, event, fields);
}
inline void error(std::string_view event, std::initializer_list<Field> fields = {}) {
  write(Level::error, event, fields);
}

// Every line written on this thread while it lives carries the request id.
class RequestScope {
 public:
  explicit RequestScope(std::string_view request_id);
  ~RequestScope();
  RequestScope(const RequestScope&) = delete;
  RequestScope& operator=(const RequestScope&) = delete;
};

enum class Form { json, person };
struct Settings {
  Level level = Level::info;
  Form form = Form::json;
  int descriptor = 2;  // standard error
};
// Once at start, before other threads.
void configure(Settings settings);
bool enabled(Level level);

}  // namespace tuition::log
