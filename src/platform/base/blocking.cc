#include "platform/base/blocking.h"

namespace tuition {
namespace {
thread_local Blocking::Listener listener_here;
thread_local int depth_here = 0;
}  // namespace

Blocking::Blocking() {
  if (depth_here++ == 0 && listener_here.begin) listener_here.begin(listener_here.context);
}

Blocking::~Blocking() {
  if (--depth_here == 0 && listener_here.end) listener_here.end(listener_here.context);
}

void Blocking::listen_on_this_thread(Listener listener) { listener_here = listener; }

}  // namespace tuition
