#pragma once

namespace tuition {

// Asks the system to run the calling thread in short turns: where others want the core as well, it is let in sooner and
// has to leave sooner, with the same share of time. For threads whose work comes in pieces of microseconds. Without it,
// an answer or a commit waits for the whole turn, some milliseconds, of whatever runs beside us. Before Linux 6.12, and
// where it is forbidden, nothing changes.
void take_short_turns();

}  // namespace tuition
