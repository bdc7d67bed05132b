#include "catalogue/media/media_types.h"

#include <algorithm>

#include "platform/base/text.h"

namespace tuition::catalogue {
namespace {

using std::string_view_literals::operator""sv;

constexpr MediaType png{"image/png", MediaKind::image, PictureFormat::png, "png"};
constexpr MediaType jpeg{"image/jpeg", MediaKind::image, PictureFormat::jpeg, "jpg jpeg"};
constexpr MediaType webp{"image/webp", MediaKind::image, PictureFormat::webp, "webp"};
constexpr MediaType gif{"image/gif", MediaKind::image, PictureFormat::gif, "gif"};
constexpr MediaType mp3{"audio/mpeg", MediaKind::audio, PictureFormat::none, "mp3"};
constexpr MediaType aac{"audio/aac", MediaKind::audio, PictureFormat::none, "aac"};
constexpr MediaType wav{"audio/wav", MediaKind::audio, PictureFormat::none, "wav"};
constexpr MediaType flac{"audio/flac", MediaKind::audio, PictureFormat::none, "flac"};
constexpr MediaType ogg{"audio/ogg", MediaKind::audio, PictureFormat::none, "ogg oga opus"};
constexpr MediaType m4a{"audio/mp4", MediaKind::audio, PictureFormat::none, "m4a mp4"};
constexpr MediaType mp4{"video/mp4", MediaKind::video, PictureFormat::none, "mp4 m4v mov"};
constexpr MediaType webm{"video/webm", MediaKind::video, PictureFormat::none, "webm"};
constexpr MediaType ogv{"video/ogg", MediaKind::video, PictureFormat::none, "ogv ogg"};
constexpr MediaType pdf{"application/pdf", MediaKind::file, PictureFormat::none, "pdf"};
constexpr MediaType midi{"audio/midi", MediaKind::file, PictureFormat::none, "mid midi"};
constexpr MediaType zip_archive{"application/zip", MediaKind::file};
constexpr MediaType plain{"text/plain; charset=utf-8", MediaKind::file};
constexpr MediaType unknown{"application/octet-stream", MediaKind::file};

constexpr const MediaType* known_types[] = {&png, &jpeg, &webp, &gif,  &mp3, &aac, &wav, &flac,
                                            &ogg, &m4a,  &mp4,  &webm, &ogv, &pdf, &midi};

// Sounds and films come in boxes, the first of which names the brand.
MediaType type_of_boxes(std::string_view brand) {
  if (brand == "M4A " || brand == "M4B ") return m4a;
  if (brand == "qt  " || brand.starts_with("iso") || brand.starts_with("mp4") || brand.starts_with("avc") ||
      brand.starts_with("M4V") || brand == "dash" || brand == "MSNV" || brand.starts_with("3gp"))
    return mp4;
  return unknown;
}

bool is_mpeg_audio(std::string_view at) {
  if (at.size() < 3 || at[0] != '\xff') return false;
  const auto second = static_cast<unsigned char>(at[1]), third = static_cast<unsigned char>(at[2]);
  const bool layer_three = (second & 0xe6) == 0xe2 && (second & 0x18) != 0x08;
  return layer_three && (third & 0xf0) != 0xf0 && (third & 0x0c) != 0x0c;
}

bool looks_like_markup(std::string_view text) {
  for (const auto* mark : {"<html", "<!doctype", "<svg", "<?xml", "<script", "<body", "<head", "<iframe", "<img"})
    if (contains_ignoring_case(text, mark)) return true;
  return false;
}

bool looks_like_text(std::string_view text) {
  // Where more follows, the last character may be cut in two.
  if (text.size() >= sniff_bytes)
    for (int cut = 0; cut < 3 && !is_utf8(text) && static_cast<unsigned char>(text.back()) >= 0x80; ++cut)
      text.remove_suffix(1);
  return is_utf8(text) && !has_control(text);
}

std::string_view extension_of(std::string_view name) {
  const auto dot = name.rfind('.');
  return dot == std::string_view::npos ? std::string_view{} : name.substr(dot + 1);
}

bool lists(std::string_view extensions, std::string_view extension) {
  for (const auto each : split(extensions, ' '))
    if (equals_ignoring_case(each, extension)) return true;
  return false;
}

}  // namespace

MediaType type_of(std::string_view in) {
  if (in.starts_with("\x89PNG\r\n\x1a\n"sv)) return png;
  if (in.starts_with("\xff\xd8\xff"sv)) return jpeg;
  if (in.starts_with("GIF87a") || in.starts_with("GIF89a")) return gif;
  if (in.starts_with("RIFF") && in.size() >= 12) {
    if (in.substr(8, 4) == "WEBP") return webp;
    if (in.substr(8, 4) == "WAVE") return wav;
    return unknown;
  }
  if (in.size() >= 12 && in.substr(4, 4) == "ftyp") return type_of_boxes(in.substr(8, 4));
  if (in.starts_with("\x1a\x45\xdf\xa3"sv)) return in.substr(0, 64).find("webm") != in.npos ? webm : unknown;
  if (in.starts_with("OggS")) return in.substr(0, 64).find("theora") != in.npos ? ogv : ogg;
  if (in.starts_with("fLaC")) return flac;
  if (in.starts_with("ID3") || is_mpeg_audio(in)) return mp3;
  if (in.starts_with("\xff\xf1"sv) || in.starts_with("\xff\xf9"sv)) return aac;
  if (in.starts_with("MThd")) return midi;
  if (in.starts_with("%PDF-")) return pdf;
  if (in.starts_with("PK\x03\x04"sv) || in.starts_with("PK\x05\x06"sv)) return zip_archive;
  if (!in.empty() && looks_like_text(in) && !looks_like_markup(in)) return plain;
  return unknown;
}

bool name_contradicts(std::string_view name, const MediaType& type) {
  const auto extension = extension_of(name);
  if (!type.extensions.empty() && lists(type.extensions, extension)) return false;
  for (const auto* each : known_types)
    if (lists(each->extensions, extension)) return true;
  return false;
}

std::string tidy_name(std::string_view name, const MediaType& type) {
  constexpr std::size_t bytes_max = 120;
  if (const auto slash = name.find_last_of("/\\:"); slash != name.npos) name.remove_prefix(slash + 1);
  std::string out;
  if (is_utf8(name)) {
    for (std::size_t i = 0; i < name.size(); ++i) {
      const char c = name[i];
      // U+202A to U+202E and U+2066 to U+2069 turn the reading direction round, and so an ending into another.
      const auto three = name.substr(i, 3);
      if (three >= "\xe2\x80\xaa"sv && three <= "\xe2\x80\xae"sv) {
        i += 2;
      } else if (three >= "\xe2\x81\xa6"sv && three <= "\xe2\x81\xa9"sv) {
        i += 2;
      } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f ||
                 std::string_view("\"<>|?*%").find(c) != name.npos) {
        out += '_';
      } else {
        out += c;
      }
    }
  }
  const auto front = out.find_first_not_of(". ");
  out.erase(0, front == out.npos ? out.size() : front);
  while (!out.empty() && (out.back() == '.' || out.back() == ' ')) out.pop_back();
  const bool fits = type.extensions.empty() || lists(type.extensions, extension_of(out));
  const auto ending = fits ? std::string{} : "." + std::string(split(type.extensions, ' ')[0]);
  if (out.size() + ending.size() > bytes_max) {
    // The ending stays, the middle goes.
    const auto dot = out.rfind('.');
    std::string tail = fits && dot != out.npos && out.size() - dot <= 12 ? out.substr(dot) : std::string{};
    out.resize(bytes_max - ending.size() - tail.size());
    while (!out.empty() && !is_utf8(out)) out.pop_back();
    out += tail;
  }
  if (out.empty()) out = "file";
  return out + ending;
}

}  // namespace tuition::catalogue
