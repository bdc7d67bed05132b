#include "accounts/options.h"

namespace tuition::accounts {

config::Options option_table(AccountsOptions& options) {
  using config::into;
  using config::Sort;
  return {
      {.name = "accounts.registration",
       .sort = Sort::boolean,
       .fallback = "true",
       .sentence = "May anybody sign up? If not, people are added by an administrator.",
       .set = into(options.registration)},
      {.name = "accounts.tell_taken_email",
       .sort = Sort::boolean,
       .fallback = "false",
       .sentence = "Say at sign-up that an address has an account already. Friendlier, but tells strangers who is a "
                   "member; otherwise only the owner of the address is told, by mail.",
       .set = into(options.tell_taken_email)},
      {.name = "auth.require_verified_email",
       .sort = Sort::boolean,
       .fallback = "true",
       .sentence = "Refuse to sign people in before they have confirmed their address.",
       .set = into(options.require_verified_email),
       .dev_fallback = "false"},
      {.name = "auth.password_min",
       .sort = Sort::integer,
       .fallback = "12",
       .sentence = "The fewest characters a new password may have. NIST asks for 15 where there is no second factor.",
       .set = into(options.password_min, 8, 64)},
      {.name = "auth.password_memory_mib",
       .sort = Sort::integer,
       .fallback = "19",
       .sentence = "Memory for one password hash (argon2id), in MiB. Old hashes are redone when people sign in.",
       .set = into(options.password_memory_mib, 8, 1024)},
      {.name = "auth.password_passes",
       .sort = Sort::integer,
       .fallback = "2",
       .sentence = "Passes over that memory for one password hash.",
       .set = into(options.password_passes, 1, 10)},
      {.name = "auth.access_minutes",
       .sort = Sort::integer,
       .fallback = "60",
       .sentence = "How long an access token works before it must be refreshed, in minutes.",
       .set = into(options.access_minutes, 1, 1440),
       .dev_fallback = "720"},
      {.name = "auth.refresh_days",
       .sort = Sort::integer,
       .fallback = "30",
       .sentence = "How long a session lasts at most before the person signs in again, in days.",
       .set = into(options.refresh_days, 1, 365)},
      {.name = "auth.idle_days",
       .sort = Sort::integer,
       .fallback = "14",
       .sentence = "How long a session may lie unused before the person signs in again, in days.",
       .set = into(options.idle_days, 1, 365)},
      {.name = "auth.verify_hours",
       .sort = Sort::integer,
       .fallback = "48",
       .sentence = "How long the link to confirm an address works, in hours.",
       .set = into(options.verify_hours, 1, 720)},
  };
}

}  // namespace tuition::accounts
