#include "catalogue/folders/course_files.h"

#include <algorithm>
#include <map>

#include "catalogue/media/media.h"
#include "catalogue/media/store_media.h"
#include "catalogue/store.h"

namespace tuition::catalogue {
namespace {

class Packing {
 public:
  Packing(ReadTx& tx, const CourseId& id) : tx_(tx) {
    made_.draft = store::draft_of(tx, id);
    for (auto& row : store::course_files(tx, id.text())) add(row.media, row.path, row.blob, row.bytes);
  }

  WholeCourse pack() {
    auto& draft = made_.draft;
    draft.body_md = with_paths(draft.body_md, "");
    for (auto& module : draft.modules) {
      module.body_md = with_paths(module.body_md, "../");
      for (auto& lesson : module.lessons) {
        lesson.body_md = with_paths(lesson.body_md, "../");
        if (lesson.file.empty() && !lesson.media.empty()) lesson.file = path_of(MediaId(lesson.media));
        if (!lesson.quiz) continue;
        for (auto& question : lesson.quiz->questions) {
          question.question = with_paths(question.question, "../");
          question.explanation = with_paths(question.explanation, "../");
          if (question.file.empty() && !question.media.empty()) question.file = path_of(MediaId(question.media));
        }
      }
    }
    const auto by_path = [](const auto& a, const auto& b) { return a.path < b.path; };
    std::sort(draft.files.begin(), draft.files.end(), by_path);
    std::sort(made_.files.begin(), made_.files.end(), by_path);
    return std::move(made_);
  }

 private:
  void add(const MediaId& id, const std::string& path, const blobs::BlobId& blob, std::int64_t bytes) {
    paths_.emplace(id.text(), path);
    taken_.emplace(path, id.text());
    made_.files.push_back({made_.draft.slug + "/" + path, blob, bytes});
  }

  // Empty where there is no such file.
  std::string path_of(const MediaId& id) {
    if (const auto found = paths_.find(id.text()); found != paths_.end()) return found->second;
    const auto item = store::media(tx_, id);
    if (!item || item->purpose != Purpose::lesson) return {};
    auto path = "media/" + folder_name(item->name);
    for (int i = 2; taken_.contains(path); ++i) path = "media/" + std::to_string(i) + "-" + folder_name(item->name);
    add(id, path, item->blob, item->bytes);
    made_.draft.files.push_back({path, item->sha256, {}});
    return path;
  }

  // The text with the folder's paths in place of addresses.
  std::string with_paths(std::string text, std::string_view up) {
    for (const auto& id : media_in(text)) {
      const auto path = path_of(id);
      const auto address = "/api/media/" + id.text();
      if (path.empty()) continue;
      for (auto at = text.find(address); at != std::string::npos; at = text.find(address, at + up.size() + path.size()))
        text.replace(at, address.size(), std::string(up) + path);
    }
    return text;
  }

  ReadTx& tx_;
  WholeCourse made_{};
  std::map<std::string, std::string> paths_{};  // by file
  std::map<std::string, std::string> taken_{};
};

}  // namespace

WholeCourse whole_course(ReadTx& tx, const CourseId& id) { return Packing(tx, id).pack(); }

std::string folder_name(std::string_view name) {
  std::string out;
  for (const char c : name) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_';
    if (plain)
      out += c;
    else if (!out.empty() && out.back() != '-')
      out += '-';
  }
  while (!out.empty() && (out.front() == '.' || out.front() == '-')) out.erase(0, 1);
  if (out.size() > 90) out.erase(0, out.size() - 90);
  while (!out.empty() && (out.front() == '.' || out.front() == '-')) out.erase(0, 1);
  return out.empty() ? "file" : out;
}

}  // namespace tuition::catalogue
