#pragma once

#include <string>
#include <vector>

#include "app/app.h"

namespace tuition::cli {

inline constexpr const char* demo_password = "practice makes perfect";

// Fills an empty school: its people, its courses, its plans. A school that has people already is left as it is, but for
// courses that are newer in this program.
Result<void> open_demo_school(app::App& app);

struct DemoAccount {
  const char* role;
  const char* email;
};
// Who may sign in there, all with demo_password.
std::vector<DemoAccount> demo_accounts();

}  // namespace tuition::cli
