#pragma once

#include <functional>

#include "learning/wire.h"
#include "platform/base/caller.h"
#include "platform/base/result.h"

// Save where somebody stands.
namespace tuition::learning {

struct Learning;

// Checks the form and the access on this thread; `answer` is called once, at once with a refusal or, after the commit,
// on the writer thread.
void save_progress(Learning& door, const Caller& caller, const ProgressForm& form,
                   std::function<void(Result<ProgressSaved>)> answer);

}  // namespace tuition::learning
