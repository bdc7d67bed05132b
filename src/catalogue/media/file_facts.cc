#include "catalogue/media/file_facts.h"

#include <utility>

#include "platform/base/text.h"

namespace tuition::catalogue {

void FileLook::take(std::string_view piece) {
  facts_.bytes += piece.size();
  digest_.add(piece);
  if (!recognised_) {
    const auto part = piece.substr(0, sniff_bytes - beginning_.size());
    beginning_ += part;
    piece.remove_prefix(part.size());
    if (beginning_.size() < sniff_bytes) return;
    recognise();
  }
  look(piece);
}

void FileLook::recognise() {
  recognised_ = true;
  facts_.type = type_of(beginning_);
  if (facts_.type.picture != PictureFormat::none) picture_.emplace(facts_.type.picture, PictureLimits{});
  look(std::exchange(beginning_, {}));
}

void FileLook::look(std::string_view piece) {
  std::string unused;
  if (picture_ && facts_.picture_problem.empty() && !picture_->take(piece, unused))
    facts_.picture_problem = picture_->problem();
}

FileFacts FileLook::finish() {
  if (!recognised_) recognise();
  if (picture_) {
    if (facts_.picture_problem.empty() && !picture_->finish()) facts_.picture_problem = picture_->problem();
    facts_.metadata = picture_->had_metadata();
    if (facts_.picture_problem.empty()) {
      facts_.width = picture_->width();
      facts_.height = picture_->height();
    }
  }
  facts_.sha256 = to_hex(bytes_of(digest_.finish()));
  return std::move(facts_);
}

FileFacts facts_of(std::string_view bytes) {
  FileLook look;
  look.take(bytes);
  return look.finish();
}

}  // namespace tuition::catalogue
