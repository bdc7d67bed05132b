#pragma once

#include <memory>
#include <optional>

#include "app/app.h"
#include "app/real_outside.h"
#include "cli/school.h"

namespace tuition::cli {

// The whole app with its doors closed: no requests are taken and no jobs run. For verbs that use what the domains can
// do.
class ClosedSchool {
 public:
  // Over the school's database, migrated first, as the folder's owner. Throws OpenRefused.
  static Result<std::unique_ptr<ClosedSchool>> open(School& school, storage::Missing missing);
  // Over an empty database that vanishes with it.
  static Result<std::unique_ptr<ClosedSchool>> empty(School& school);

  app::App& app() { return *app_; }
  metrics::Registry& metrics() { return metrics_; }

 private:
  ClosedSchool() = default;
  Result<void> furnish(School& school);

  SystemClock clock_;
  metrics::Registry metrics_;
  std::unique_ptr<app::RealOutside> outside_;
  std::unique_ptr<Database> db_;
  std::optional<crypto::KeyRing> keys_;
  std::unique_ptr<app::App> app_;
};

}  // namespace tuition::cli
