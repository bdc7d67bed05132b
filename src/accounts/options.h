#pragma once

#include <cstdint>
#include <string>

#include "platform/config/option.h"

namespace tuition::accounts {

struct AccountsOptions {
  bool registration = true;
  bool tell_taken_email = false;
  bool require_verified_email = true;
  int password_min = 12;         // characters
  int password_memory_mib = 19;  // argon2id
  int password_passes = 2;
  int access_minutes = 60;
  int refresh_days = 30;  // from sign-in, however active
  int idle_days = 14;
  int verify_hours = 48;
  int reset_minutes = 60;
  int invite_days = 7;
  bool require_mfa_for_staff = false;
  std::string api_keys = "everybody";  // who may make them: everybody, admins, nobody
};

config::Options option_table(AccountsOptions& options);

}  // namespace tuition::accounts
