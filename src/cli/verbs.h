#pragma once

#include "cli/cli.h"

namespace tuition::cli {

// One function per verb; each stands in the file of its first word.
int serve(const Invocation& call);
int dev(const Invocation& call);
int sandbox(const Invocation& call);
int migrate(const Invocation& call);
int backup(const Invocation& call);
int restore(const Invocation& call);
int doctor(const Invocation& call);
int healthcheck(const Invocation& call);
int config_show(const Invocation& call);
int config_check(const Invocation& call);
int config_sample(const Invocation& call);
int user_add(const Invocation& call);
int user_passwd(const Invocation& call);
int user_role(const Invocation& call);
int user_disable(const Invocation& call);
int user_enable(const Invocation& call);
int user_reset_mfa(const Invocation& call);
int key_add(const Invocation& call);
int key_revoke(const Invocation& call);
int key_list(const Invocation& call);
int import_users(const Invocation& call);
int reconcile(const Invocation& call);
int course_import(const Invocation& call);
int course_export(const Invocation& call);
int audit_verify(const Invocation& call);
int generate(const Invocation& call);
int describe(const Invocation& call);
int version(const Invocation& call);
int completion(const Invocation& call);

}  // namespace tuition::cli
