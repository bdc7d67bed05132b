#pragma once

namespace tuition::app {

// What an operator tells the process. TERM and INT stop it, USR1 makes a backup, HUP has the settings read again, USR2
// says nothing: it is taken because it would end the process otherwise.
enum class Signal { stop, backup, reload, nothing };

// Takes these signals from the whole process; made before the first thread, so that all of them inherit the mask.
class Signals {
 public:
  Signals();
  // Waits for the next one.
  Signal next();
  // From now on a stop signal ends the process at once: for somebody who asks twice.
  void stop_means_now();
};

}  // namespace tuition::app
