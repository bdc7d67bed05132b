#include "platform/base/zones.h"

#include <algorithm>
#include <fstream>

#include "platform/base/text.h"

namespace tuition {
namespace {

constexpr std::size_t header_size = 44;
constexpr std::size_t zone_file_max = 64 * 1024;
constexpr std::int64_t day_s = 86400;

// --- Zone files

// Big-endian, two's complement.
std::int64_t integer_at(std::string_view bytes, std::size_t at, std::size_t width) {
  std::uint64_t value = (static_cast<unsigned char>(bytes[at]) & 0x80) != 0 ? ~std::uint64_t{0} : 0;
  for (std::size_t i = 0; i < width; ++i) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return static_cast<std::int64_t>(value);
}

struct Header {
  std::size_t utc_marks, standard_marks, leaps, changes, types, letters;

  std::size_t data_size(std::size_t time_size) const {
    return changes * (time_size + 1) + types * 6 + letters + leaps * (time_size + 4) + standard_marks + utc_marks;
  }
};

std::optional<Header> header_at(std::string_view bytes, std::size_t at) {
  if (bytes.size() < at + header_size || bytes.substr(at, 4) != "TZif") return std::nullopt;
  const auto count = [&](std::size_t i) {
    const auto value = integer_at(bytes, at + 20 + 4 * i, 4);
    return value < 0 || value > 100000 ? std::size_t{100000} : static_cast<std::size_t>(value);
  };
  return Header{count(0), count(1), count(2), count(3), count(4), count(5)};
}

// Nobody is further than a day from Greenwich.
bool plausible(std::int64_t offset_s) { return offset_s > -day_s && offset_s < day_s; }

// A block with 64-bit times, and the rule behind it: what is packed of each zone.
std::optional<Zone> read_block(std::string_view bytes) {
  const auto header = header_at(bytes, 0);
  if (!header || header->types == 0) return std::nullopt;
  const auto end = header_size + header->data_size(8);
  if (bytes.size() < end) return std::nullopt;
  const auto kinds = header_size + header->changes * 8;
  const auto types = kinds + header->changes;

  Zone zone;
  zone.first_offset_s = integer_at(bytes, types, 4);
  if (!plausible(zone.first_offset_s)) return std::nullopt;
  for (std::size_t i = 0; i < header->changes; ++i) {
    const auto type = static_cast<unsigned char>(bytes[kinds + i]);
    if (type >= header->types) return std::nullopt;
    const Zone::Change change{integer_at(bytes, header_size + i * 8, 8),
                              integer_at(bytes, types + type * std::size_t{6}, 4)};
    if (!plausible(change.offset_s) || (i > 0 && change.at_s <= zone.changes.back().at_s)) return std::nullopt;
    zone.changes.push_back(change);
  }
  const auto footer = bytes.substr(end);
  if (const auto close = footer.find('\n', 1); footer.starts_with('\n') && close != std::string_view::npos)
    zone.rule = read_zone_rule(footer.substr(1, close - 1));
  return zone;
}

bool is_zone_name(const std::string& name) {
  if (name.empty() || name.size() > 64 || name.front() == '/' || name.find("..") != std::string::npos) return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '+' || c == '/';
  });
}

// --- Rules

// Reads a rule from its beginning; every step says whether there was what it looked for.
class RuleReader {
 public:
  explicit RuleReader(std::string_view text) : rest_(text) {}

  bool done() const { return rest_.empty(); }
  bool skip(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  // Letters, or anything in angle brackets.
  bool name() {
    if (skip('<')) {
      const auto end = rest_.find('>');
      if (end == std::string_view::npos || end == 0) return false;
      rest_.remove_prefix(end + 1);
      return true;
    }
    std::size_t size = 0;
    while (size < rest_.size() && ((rest_[size] | 32) >= 'a' && (rest_[size] | 32) <= 'z')) ++size;
    rest_.remove_prefix(size);
    return size >= 3;
  }
  bool number(int& to, int max) {
    int value = 0;
    std::size_t size = 0;
    for (; size < rest_.size() && size < 4 && rest_[size] >= '0' && rest_[size] <= '9'; ++size)
      value = value * 10 + (rest_[size] - '0');
    if (size == 0 || value > max) return false;
    rest_.remove_prefix(size);
    to = value;
    return true;
  }
  // [+-]h[:mm[:ss]]
  bool time(std::int32_t& to, int hours_max) {
    const bool back = skip('-');
    if (!back) skip('+');
    int h = 0, m = 0, s = 0;
    if (!number(h, hours_max)) return false;
    if (skip(':') && !number(m, 59)) return false;
    if (m >= 0 && skip(':') && !number(s, 59)) return false;
    to = (h * 3600 + m * 60 + s) * (back ? -1 : 1);
    return true;
  }
  bool turn(ZoneRule::Turn& to) {
    if (skip('M')) {
      to.sort = ZoneRule::Turn::Sort::weekday;
      if (!number(to.month, 12) || to.month == 0 || !skip('.') || !number(to.week, 5) || to.week == 0 || !skip('.') ||
          !number(to.day, 6))
        return false;
    } else if (skip('J')) {
      to.sort = ZoneRule::Turn::Sort::julian;
      if (!number(to.day, 365) || to.day == 0) return false;
    } else {
      to.sort = ZoneRule::Turn::Sort::day;
      if (!number(to.day, 365)) return false;
    }
    return !skip('/') || time(to.at_s, 167);
  }

 private:
  std::string_view rest_;
};

// Days from 1970-01-01 to the first of that month, in the calendar of today.
std::int64_t days_before(std::int64_t year, int month) {
  const auto y = month <= 2 ? year - 1 : year;
  const auto era = (y >= 0 ? y : y - 399) / 400;
  const auto year_of_era = y - era * 400;
  const auto day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5;
  return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

bool is_leap(std::int64_t year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

// When the turn takes place in that year, by a clock `offset_s` ahead of UTC.
std::int64_t moment_of(const ZoneRule::Turn& turn, std::int64_t year, std::int64_t offset_s) {
  std::int64_t day = days_before(year, 1);
  switch (turn.sort) {
    case ZoneRule::Turn::Sort::julian: day += turn.day - 1 + (is_leap(year) && turn.day >= 60 ? 1 : 0); break;
    case ZoneRule::Turn::Sort::day: day += turn.day; break;
    case ZoneRule::Turn::Sort::weekday: {
      const auto first = days_before(year, turn.month);
      const auto next = turn.month == 12 ? days_before(year + 1, 1) : days_before(year, turn.month + 1);
      const auto weekday = ((first + 4) % 7 + 7) % 7;  // the first of January 1970 was a Thursday
      day = first + (turn.day - weekday + 7) % 7 + std::int64_t{turn.week - 1} * 7;
      while (day >= next) day -= 7;  // the fifth is the last
      break;
    }
  }
  return day * day_s + turn.at_s - offset_s;
}

std::int64_t offset_by(const ZoneRule& rule, std::int64_t at_s) {
  if (!rule.changes) return rule.standard_s;
  const auto local = at_s + rule.standard_s;
  const auto day = local / day_s - (local % day_s < 0 ? 1 : 0);
  auto year = 1970 + day / 366;
  while (days_before(year + 1, 1) <= day) ++year;
  while (days_before(year, 1) > day) --year;
  // The year's own turns decide; one that falls into the next year or the last (a whole week may be added) is theirs.
  const auto begins = moment_of(rule.begins, year, rule.standard_s);
  const auto ends = moment_of(rule.ends, year, rule.summer_s);
  const bool summer = begins < ends ? at_s >= begins && at_s < ends : at_s >= begins || at_s < ends;
  return summer ? rule.summer_s : rule.standard_s;
}

// "2025b" of "# version 2025b".
std::string release_in(std::string_view line) {
  constexpr std::string_view begin = "# version ";
  const auto at = line.find(begin);
  if (at == std::string_view::npos) return {};
  return std::string(trim(line.substr(at + begin.size()).substr(0, 8)));
}

}  // namespace

std::optional<ZoneRule> read_zone_rule(std::string_view text) {
  RuleReader reader(text);
  ZoneRule rule;
  std::int32_t west = 0;
  if (!reader.name() || !reader.time(west, 24)) return std::nullopt;
  rule.standard_s = -west;
  if (!plausible(rule.standard_s)) return std::nullopt;
  if (reader.done()) return rule;
  if (!reader.name()) return std::nullopt;
  rule.summer_s = rule.standard_s + 3600;
  if (!reader.skip(',')) {
    if (!reader.time(west, 24) || !reader.skip(',')) return std::nullopt;
    rule.summer_s = -west;
  }
  if (!plausible(rule.summer_s)) return std::nullopt;
  if (!reader.turn(rule.begins) || !reader.skip(',') || !reader.turn(rule.ends) || !reader.done()) return std::nullopt;
  rule.changes = true;
  return rule;
}

std::optional<Zone> read_zone_file(std::string_view bytes) {
  // The first block has 32-bit times, for readers of old; the second repeats it with 64 bits.
  const auto old = header_at(bytes, 0);
  if (!old || bytes[4] < '2') return std::nullopt;
  const auto second = header_size + old->data_size(4);
  if (second >= bytes.size()) return std::nullopt;
  return read_block(bytes.substr(second));
}

Duration offset_at(const Zone& zone, Instant at) {
  const auto at_s = at.ms / 1000 - (at.ms % 1000 < 0 ? 1 : 0);
  const auto after = std::upper_bound(zone.changes.begin(), zone.changes.end(), at_s,
                                      [](std::int64_t s, const Zone::Change& change) { return s < change.at_s; });
  if (after == zone.changes.end() && zone.rule) return seconds(offset_by(*zone.rule, at_s));
  return seconds(after == zone.changes.begin() ? zone.first_offset_s : (after - 1)->offset_s);
}

// The table: a line "# version 2025b", a line per zone "name offset size" with places counted from the end of the list,
// an empty line, the bytes.
Zones::Zones(std::string_view packed, std::string folder) : folder_(std::move(folder)) {
  const auto list_end = packed.find("\n\n");
  if (list_end != std::string_view::npos) {
    const auto bytes = packed.substr(list_end + 2);
    for (const auto line : split(packed.substr(0, list_end), '\n')) {
      if (line.starts_with('#')) {
        release_ = release_in(line);
        continue;
      }
      const auto words = split(line, ' ');
      const auto at = words.size() == 3 ? parse_integer(words[1]) : std::nullopt;
      const auto size = words.size() == 3 ? parse_integer(words[2]) : std::nullopt;
      if (!at || !size || *at < 0 || *size < 0 || static_cast<std::size_t>(*at) > bytes.size()) continue;
      packed_.emplace(words[0], bytes.substr(static_cast<std::size_t>(*at), static_cast<std::size_t>(*size)));
    }
  }
  if (folder_.empty()) return;
  std::ifstream list(folder_ + "/tzdata.zi");
  std::string first;
  std::getline(list, first);
  // Releases are a year and a letter, so they sort like words.
  if (const auto theirs = release_in(first); !theirs.empty() && theirs > release_) {
    release_ = theirs;
    from_host_ = true;
  }
}

std::optional<Zone> Zones::load(const std::string& name) const {
  if (!is_zone_name(name)) return std::nullopt;
  const auto ours = packed_.find(name);
  if (from_host_ || (packed_.empty() && !folder_.empty())) {
    std::ifstream file(folder_ + "/" + name, std::ios::binary);
    std::string bytes;
    for (char c = 0; bytes.size() < zone_file_max && file.get(c);) bytes += c;
    if (auto zone = read_zone_file(bytes)) return zone;
  }
  return ours == packed_.end() ? std::nullopt : read_block(ours->second);
}

const Zone* Zones::find(const std::string& name) const {
  std::lock_guard lock(mutex_);
  if (const auto found = known_.find(name); found != known_.end()) return found->second.get();
  // Names that are none are not remembered: anybody may think of more.
  auto zone = load(name);
  if (!zone) return nullptr;
  return known_.emplace(name, std::make_unique<const Zone>(std::move(*zone))).first->second.get();
}

const Zone& Zones::named(const std::string& name) const {
  static const Zone utc;
  const auto* zone = find(name);
  return zone ? *zone : utc;
}

}  // namespace tuition
