#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "platform/base/id.h"

// Pure: what a file is, told from its first bytes and never from its name.
namespace tuition::catalogue {

using MediaId = Id<struct MediaTag>;

enum class MediaKind { image, audio, video, file };

constexpr auto names_of(MediaKind) {
  return std::array{
      std::pair{MediaKind::image, std::string_view{"image"}}, std::pair{MediaKind::audio, std::string_view{"audio"}},
      std::pair{MediaKind::video, std::string_view{"video"}}, std::pair{MediaKind::file, std::string_view{"file"}}};
}

// What it was uploaded for.
enum class Purpose { avatar, proof, lesson };

constexpr auto names_of(Purpose) {
  return std::array{std::pair{Purpose::avatar, std::string_view{"avatar"}},
                    std::pair{Purpose::proof, std::string_view{"proof"}},
                    std::pair{Purpose::lesson, std::string_view{"lesson"}}};
}

// Who may have it: everybody; who may see a place where it is shown; its owner and administrators.
enum class Visibility { everybody, entitled, owner };

constexpr auto names_of(Visibility) {
  return std::array{std::pair{Visibility::everybody, std::string_view{"public"}},
                    std::pair{Visibility::entitled, std::string_view{"entitled"}},
                    std::pair{Visibility::owner, std::string_view{"private"}}};
}

enum class PictureFormat { none, png, jpeg, webp, gif };

struct MediaType {
  std::string_view mime;
  MediaKind kind = MediaKind::file;
  PictureFormat picture = PictureFormat::none;
  std::string_view extensions{};  // that a name may have, separated by spaces, the usual one first; empty: any
};

inline constexpr std::size_t sniff_bytes = 4096;

// From the first sniff_bytes of a file, or all there are. Pictures, sounds and films that browsers show are of those
// kinds; everything else is a file to be downloaded, and what could run as a page has no type at all
// (application/octet-stream).
MediaType type_of(std::string_view beginning);

// Whether the name claims to be something else than it is: x.png that is no PNG.
bool name_contradicts(std::string_view name, const MediaType& type);

// The last part of a name, without what could break out of a header, a folder or a line; of at most 120 characters;
// with an ending that fits. Never empty.
std::string tidy_name(std::string_view name, const MediaType& type);

}  // namespace tuition::catalogue
