#include "learning/learning.h"

namespace tuition::learning {

// Everything a save leads to is done in its own write.
jobs::JobKinds job_kinds(Learning&) { return {}; }
jobs::Periodics periodics(Learning&) { return {}; }

}  // namespace tuition::learning
