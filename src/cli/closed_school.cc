#include "cli/closed_school.h"

#include "app/embedded.h"
#include "platform/storage/migrate.h"

namespace tuition::cli {

Result<std::unique_ptr<ClosedSchool>> ClosedSchool::open(School& school, storage::Missing missing) {
  std::unique_ptr<ClosedSchool> closed(new ClosedSchool());  // lint: allow the constructor is private
  closed->db_ = open_database(school, missing);
  TRY(storage::migrate(*closed->db_, app::embedded_schema(), closed->clock_));
  crypto::SystemEntropy entropy;
  closed->keys_ = TRY(open_keys(school, *closed->db_, entropy));
  TRY(closed->furnish(school));
  return closed;
}

Result<std::unique_ptr<ClosedSchool>> ClosedSchool::empty(School& school) {
  std::unique_ptr<ClosedSchool> closed(new ClosedSchool());  // lint: allow the constructor is private
  closed->db_ = storage::open_temporary(&closed->metrics_);
  TRY(storage::migrate(*closed->db_, app::embedded_schema(), closed->clock_));
  crypto::SystemEntropy entropy;
  closed->keys_ = crypto::KeyRing::ephemeral(entropy);
  TRY(closed->furnish(school));
  return closed;
}

Result<void> ClosedSchool::furnish(School& school) {
  billing::settle(school.options.billing);
  outside_ = TRY(app::RealOutside::open(school.options, clock_, metrics_));
  app_ = std::make_unique<app::App>(school.options, *db_, *keys_, outside_->seams(), metrics_);
  return {};
}

}  // namespace tuition::cli
