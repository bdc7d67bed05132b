#pragma once

#include <string>
#include <vector>

#include "app/app.h"
#include "sandbox/sandbox.h"

namespace tuition::cli {

inline constexpr const char* demo_password = "practice makes perfect";

// Fills an empty school: its people, its courses, its plans and offers. A school that has people already is left as it
// is, but for courses that are newer in this program.
Result<void> open_demo_school(app::App& app);

// Adds what a school, empty or not, lacks of the demo school, and says what that was: people by address, plans,
// products and coupons by code, courses by slug. Nothing that is there changes but the demo's own courses.
Result<std::vector<sandbox::Seeded>> complete_demo_school(app::App& app);

struct DemoAccount {
  const char* role;
  const char* email;
};
// Who may sign in there, all with demo_password.
std::vector<DemoAccount> demo_accounts();

}  // namespace tuition::cli
