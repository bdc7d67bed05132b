#include "platform/log/log.h"

#include <unistd.h>

#include <atomic>
#include <cerrno>

#include "platform/log/line.h"

namespace tuition::log {
namespace {

// Set once at start and read by every thread; atomics so that a reload may change them.
std::atomic<Level> level_now{Level::info};
std::atomic<Form> form_now{Form::json};
std::atomic<int> descriptor_now{STDERR_FILENO};

thread_local std::string request_here;

}  // namespace

void configure(Settings settings) {
  level_now = settings.level;
  form_now = settings.form;
  descriptor_now = settings.descriptor;
}

bool enabled(Level level) { return level >= level_now.load(std::memory_order_relaxed); }

void write(Level level, std::string_view event, std::initializer_list<Field> fields) {
  if (!enabled(level)) return;
  const std::string line =
      render(form_now, SystemClock().now(), level, event, request_here, {fields.begin(), fields.size()});
  // One write per line, so that lines of several threads never mix. A log that cannot be written stops nothing.
  const int kept = errno;
  while (::write(descriptor_now, line.data(), line.size()) < 0 && errno == EINTR) {}
  errno = kept;
}

RequestScope::RequestScope(std::string_view request_id) { request_here = request_id; }
RequestScope::~RequestScope() { request_here.clear(); }

}  // namespace tuition::log
