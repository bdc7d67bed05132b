#pragma once

#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue/folders/importing.h"
#include "catalogue/media/file_facts.h"
#include "platform/archive/zip.h"
#include "platform/base/result.h"

// A course folder's files on their way in, out of an archive or from the disk.
namespace tuition::catalogue {

struct Catalogue;

// The texts stand in memory; everything else is put away as it comes, and goes again with this unless it is kept. One
// thread at a time.
class Gathering {
 public:
  explicit Gathering(Catalogue& door) : door_(door) {}

  // Where the next file goes, for as long as this lives.
  archive::ZipTaker open(const std::string& path);
  // Nothing more will come.
  Result<StagedFiles> finish();
  // For read_course(), which says what is wrong with the files themselves.
  std::vector<PackageFile> views() const;

 private:
  struct File {
    std::string path{};
    std::string text{};
    FileLook look{};
    FileFacts facts{};
    std::shared_ptr<blobs::Writer> writer{};  // of what is no text
  };
  Result<void> take_text(File& file, std::string_view piece);

  Catalogue& door_;
  std::list<File> files_{};
  std::size_t text_bytes_ = 0;
};

}  // namespace tuition::catalogue
