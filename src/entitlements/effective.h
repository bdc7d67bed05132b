#pragma once

#include <string_view>
#include <vector>

#include "entitlements/types.h"

// Pure: overlapping rights to one answer.
namespace tuition::entitlements {

bool covers(const Right& right, const Target& target);

// Allowed while any right covers the target. `until`: where allowed, the end of the unbroken time from now on, over as
// many rights as follow on each other; where not, the start of the next right, if there is one.
Answer effective(const std::vector<Right>& rights, const Target& target, Instant now);

// Whether anything at all that is paid for or given stands open now: the `access` paid or free of a profile.
bool any_in_force(const std::vector<Right>& rights, Instant now);

}  // namespace tuition::entitlements
