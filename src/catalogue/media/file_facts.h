#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "catalogue/media/media_types.h"
#include "catalogue/media/picture.h"
#include "platform/crypto/sha256.h"

// What must be known of a file of a course's folder, told from its bytes as they pass by.
namespace tuition::catalogue {

struct FileFacts {
  std::uint64_t bytes = 0;
  std::string sha256{};  // hex
  MediaType type{};
  std::optional<std::int64_t> width{};  // of a picture
  std::optional<std::int64_t> height{};
  std::string picture_problem{};  // a sentence; empty: in order, or no picture
  bool metadata = false;          // of a picture: about place, time, camera or person
};

class FileLook {
 public:
  void take(std::string_view piece);
  FileFacts finish();  // once

 private:
  void recognise();
  void look(std::string_view piece);

  FileFacts facts_{};
  crypto::Sha256 digest_{};
  std::string beginning_{};
  bool recognised_ = false;
  std::optional<PictureCleaner> picture_{};
};

FileFacts facts_of(std::string_view bytes);

}  // namespace tuition::catalogue
