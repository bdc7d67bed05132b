#include "catalogue/options.h"

namespace tuition::catalogue {

config::Options option_table(MediaOptions& o) {
  using config::into;
  using config::Sort;
  return {
      {.name = "media.avatar_kib",
       .sort = Sort::integer,
       .fallback = "2048",
       .sentence = "The largest picture of oneself that people may upload, in KiB.",
       .set = into(o.avatar_kib, 1, 65536)},
      {.name = "media.proof_kib",
       .sort = Sort::integer,
       .fallback = "10240",
       .sentence = "The largest proof of a payment, in KiB.",
       .set = into(o.proof_kib, 1, 1024 * 1024)},
      {.name = "media.lesson_mib",
       .sort = Sort::integer,
       .fallback = "2048",
       .sentence = "The largest file that instructors may upload for lessons, in MiB.",
       .set = into(o.lesson_mib, 1, 65536)},
      {.name = "media.course_mib",
       .sort = Sort::integer,
       .fallback = "2048",
       .sentence =
           "The largest course that instructors may import as a ZIP, in MiB: the file itself, and what is in it. "
           "Larger ones come by the command line.",
       // minizip 1.1 does not read the larger sizes of ZIP64.
       .set = into(o.course_mib, 1, 4095)},
      {.name = "media.member_quota_mib",
       .sort = Sort::integer,
       .fallback = "50",
       .sentence = "What all files of one learner may take together, in MiB.",
       .set = into(o.member_quota_mib, 1, 1024 * 1024)},
      {.name = "media.staff_quota_mib",
       .sort = Sort::integer,
       .fallback = "102400",
       .sentence = "What all files of one instructor or administrator may take together, in MiB.",
       .set = into(o.staff_quota_mib, 1, 64 * 1024 * 1024)},
      {.name = "media.disk_kept_mib",
       .sort = Sort::integer,
       .fallback = "64",
       .sentence = "Free space that no upload may use up, in MiB: uploads are refused before the disk is full.",
       .set = into(o.disk_kept_mib, 0, 1024 * 1024)},
      {.name = "media.picture_megapixels",
       .sort = Sort::integer,
       .fallback = "50",
       .sentence = "Pixels of the largest picture that is taken, in millions. What a browser has to unpack depends on "
                   "them, not on the file's size.",
       .set = into(o.picture_megapixels, 1, 1000)},
      {.name = "media.link_minutes",
       .sort = Sort::integer,
       .fallback = "360",
       .sentence = "How long a signed link to a lesson's recording or file works, in minutes.",
       .set = into(o.link_minutes, 1, 10080)},
  };
}

}  // namespace tuition::catalogue
