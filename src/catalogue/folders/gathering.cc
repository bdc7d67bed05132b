#include "catalogue/folders/gathering.h"

#include "catalogue/catalogue.h"

namespace tuition::catalogue {
namespace {

constexpr std::size_t texts_max = 32 * 1024 * 1024;  // they stand in memory

}  // namespace

archive::ZipTaker Gathering::open(const std::string& path) {
  auto& file = files_.emplace_back();
  file.path = path;
  if (!is_package_media(path))
    return {package_file_max, [this, &file](std::string_view piece) { return take_text(file, piece); }};
  file.writer = std::make_shared<blobs::Writer>(door_.blobs);
  return {static_cast<std::size_t>(door_.media.lesson_mib) * 1024 * 1024,
          [&file](std::string_view piece) -> Result<void> {
            file.look.take(piece);
            return file.writer->add(piece);
          }};
}

Result<void> Gathering::take_text(File& file, std::string_view piece) {
  text_bytes_ += piece.size();
  if (text_bytes_ > texts_max)
    return Error{Kind::too_large, "PAYLOAD_TOO_LARGE",
                 "The course's texts are more than " + std::to_string(texts_max / 1024 / 1024) + " MiB."};
  file.text += piece;
  return {};
}

Result<StagedFiles> Gathering::finish() {
  StagedFiles staged;
  for (auto& file : files_) {
    if (!file.writer) continue;
    file.facts = file.look.finish();
    TRY(file.writer->finish());
    staged.emplace(file.facts.sha256, file.writer);
  }
  return staged;
}

std::vector<PackageFile> Gathering::views() const {
  std::vector<PackageFile> made;
  for (const auto& file : files_) made.push_back({file.path, file.text, file.writer ? &file.facts : nullptr});
  return made;
}

}  // namespace tuition::catalogue
