#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

// Pure: what becomes of the words authors type: names in addresses, files and Markdown as they are kept.
namespace tuition::catalogue {

// "Größe & Takt" -> "gr-e-takt": small letters, digits and single hyphens, at most 80 of them; accents of the common
// Latin letters are dropped ("é" -> "e"). Never empty: "untitled" where nothing is left.
std::string slug_from(std::string_view title);

// The slug itself, or with -2, -3 ... after it where it is taken.
std::string free_slug(std::string slug, const std::function<bool(const std::string&)>& taken);

// Line feeds only, no trailing space at the end of the text, and one line feed after the last line; empty stays empty.
// A course folder holds exactly this.
std::string kept_markdown(std::string_view text);

// The name of a module's folder or a lesson's file in a course folder: the one it came with, while that still says its
// number and slug; else "03-slug". `ending` is "" or ".md".
std::string file_name_of(std::string_view came_with, std::int64_t number, std::string_view slug,
                         std::string_view ending);

// Levels of modules in their order never go down.
bool levels_ascend(const std::vector<std::int64_t>& levels);

}  // namespace tuition::catalogue
