#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "catalogue/media/media_types.h"

// Pure: a picture's frame without its pixels. Cameras and editors write into pictures what must not go out with them:
// the place where they were taken, names, serial numbers, a thumbnail of what was cut away. All formats keep these in
// blocks of their own beside the pixels, so they can be left out without decoding anything; that is done here, as the
// picture comes in, for PNG, JPEG, WebP and GIF. What a JPEG says about which way is up is kept.
//
// A library that does this (exiv2, libexif) reads far more than it must and has a long list of holes; this reads block
// lengths and a handful of numbers, and never looks at a pixel.
namespace tuition::catalogue {

struct PictureLimits {
  std::uint32_t side_max = 16'384;
  std::uint64_t pixels_max = 50'000'000;
  std::uint32_t frames_max = 1'000;
};

class PictureCleaner {
 public:
  PictureCleaner(PictureFormat format, PictureLimits limits) : format_(format), limits_(limits) {}

  // Takes the next bytes and appends what is to be stored. False: the picture is refused; problem() says why.
  bool take(std::string_view bytes, std::string& out);
  // Nothing more will come. False: it ended too early.
  bool finish();

  const std::string& problem() const { return problem_; }  // a sentence
  std::uint32_t width() const { return width_; }
  std::uint32_t height() const { return height_; }
  bool had_metadata() const { return had_metadata_; }  // about place, time, camera or person

 private:
  enum class Step { went_on, starved, refused };
  Step step(std::string& out);
  Step png(std::string& out);
  Step jpeg(std::string& out);
  Step jpeg_segment(unsigned char marker, std::string& out);
  Step webp(std::string& out);
  Step gif(std::string& out);
  Step refuse(std::string why);
  Step broken();
  bool measure(std::uint32_t width, std::uint32_t height);
  bool count_frames(std::uint64_t more);

  // What comes next is passed on, left out, or replaced by zeros.
  enum class Fate { passed, dropped, zeroed };
  void let(Fate fate, std::uint64_t bytes) {
    fate_ = fate;
    left_ = bytes;
  }
  std::string_view input() const { return std::string_view(in_).substr(at_); }
  std::uint8_t byte(std::size_t i) const { return static_cast<std::uint8_t>(in_[at_ + i]); }
  std::uint32_t big(std::size_t i, int bytes) const;
  std::uint32_t little(std::size_t i, int bytes) const;

  PictureFormat format_;
  PictureLimits limits_;
  std::string in_{};
  std::size_t at_ = 0;
  Fate fate_ = Fate::passed;
  std::uint64_t left_ = 0;
  bool begun_ = false;
  bool scanning_ = false;     // JPEG: inside a scan's data
  bool in_blocks_ = false;    // GIF: sub-blocks follow
  std::uint64_t unread_ = 0;  // WebP: bytes that the header promises
  bool ended_ = false;
  std::uint64_t frames_ = 0;
  std::uint32_t width_ = 0, height_ = 0;
  bool had_metadata_ = false;
  std::string problem_{};
};

}  // namespace tuition::catalogue
