#pragma once

namespace tuition {

// Where the operator has rationed the process's addresses (ulimit -v), thread stacks and heaps are reserved no larger
// than they need to be. Before the first thread.
void live_within_rations();

}  // namespace tuition
