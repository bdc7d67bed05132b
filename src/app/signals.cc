#include "app/signals.h"

#include <csignal>
#include <initializer_list>

namespace tuition::app {
namespace {

sigset_t watched() {
  sigset_t set;
  sigemptyset(&set);
  for (int each : {SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2}) sigaddset(&set, each);
  return set;
}

}  // namespace

Signals::Signals() {
  std::signal(SIGPIPE, SIG_IGN);
  const auto set = watched();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

Signal Signals::next() {
  const auto set = watched();
  int received = 0;
  while (sigwait(&set, &received) != 0) {}
  if (received == SIGHUP) return Signal::reload;
  if (received == SIGUSR1) return Signal::backup;
  if (received == SIGUSR2) return Signal::nothing;
  return Signal::stop;
}

void Signals::stop_means_now() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

}  // namespace tuition::app
