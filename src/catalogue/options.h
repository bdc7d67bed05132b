#pragma once

#include <cstdint>

#include "platform/config/option.h"

namespace tuition::catalogue {

struct MediaOptions {
  std::int64_t avatar_kib = 2048;
  std::int64_t proof_kib = 10 * 1024;
  std::int64_t lesson_mib = 2048;
  std::int64_t course_mib = 2048;
  std::int64_t member_quota_mib = 50;
  std::int64_t staff_quota_mib = 100 * 1024;
  std::int64_t disk_kept_mib = 64;
  std::int64_t picture_megapixels = 50;
  std::int64_t link_minutes = 360;
};

config::Options option_table(MediaOptions& options);

}  // namespace tuition::catalogue
