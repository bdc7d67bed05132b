#include "platform/base/zones.h"

#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "app/embedded.h"

namespace tuition {
namespace {

namespace fs = std::filesystem;

std::string_view packed() { return app::embedded_zones().front().bytes; }

// What an empty chroot knows.
const Zones& alone() {
  static const Zones zones(packed(), "");
  return zones;
}

Instant instant(std::string_view text) { return parse_instant(text).value(); }

std::int64_t offset_minutes(const std::string& zone, std::string_view at) {
  return offset_at(alone().named(zone), instant(at)).ms / 60000;
}

std::string bytes_of_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("a machine without zone files knows the zones of the world") {
  CHECK(alone().packed_count() > 400);
  CHECK(alone().release().size() >= 5);
  CHECK_FALSE(alone().from_host());
  for (const auto* name : {"UTC", "Etc/UTC", "Europe/Berlin", "Asia/Kolkata", "Asia/Calcutta", "America/New_York",
                           "America/Argentina/Buenos_Aires", "Pacific/Apia", "Etc/GMT+3", "US/Pacific"})
    CHECK(alone().knows(name));
  for (const auto* name : {"", "Europe", "Europe/Atlantis", "europe/berlin", "../../etc/passwd", "/etc/passwd",
                           "Europe/Berlin ", "Etc/../UTC"})
    CHECK_FALSE(alone().knows(name));
  CHECK(offset_at(alone().named("Europe/Atlantis"), instant("2026-07-01T00:00:00Z")).ms == 0);
}

TEST_CASE("clocks are changed on the second, in the year the table ends and in those after it") {
  struct Row {
    const char* zone;
    const char* at;
    std::int64_t minutes;
  };
  const Row rows[] = {
      {"Europe/Berlin", "2026-03-29T00:59:59Z", 60},
      {"Europe/Berlin", "2026-03-29T01:00:00Z", 120},
      {"Europe/Berlin", "2026-10-25T00:59:59Z", 120},
      {"Europe/Berlin", "2026-10-25T01:00:00Z", 60},
      {"Europe/Berlin", "2096-07-01T12:00:00Z", 120},
      {"Europe/Berlin", "2096-12-31T23:59:59Z", 60},
      {"America/New_York", "2026-03-08T06:59:59Z", -300},
      {"America/New_York", "2026-03-08T07:00:00Z", -240},
      {"America/New_York", "2026-11-01T05:59:59Z", -240},
      {"America/New_York", "2026-11-01T06:00:00Z", -300},
      {"America/St_Johns", "2026-01-15T00:00:00Z", -210},  // half an hour off the others
      {"Asia/Kathmandu", "2026-01-15T00:00:00Z", 345},
      {"Pacific/Kiritimati", "2026-01-15T00:00:00Z", 840},   // as far east as anybody lives
      {"Pacific/Pago_Pago", "2026-01-15T00:00:00Z", -660},   // and as far west
      {"Australia/Sydney", "2026-01-15T00:00:00Z", 660},     // summer is in January
      {"Australia/Lord_Howe", "2026-07-15T00:00:00Z", 630},  // and may be half an hour
      {"Europe/Dublin", "2026-01-15T00:00:00Z", 0},          // where winter is the exception
      {"Europe/Dublin", "2026-07-15T00:00:00Z", 60},
      {"Etc/GMT+3", "2026-07-15T00:00:00Z", -180},
      {"Europe/Moscow", "2012-07-01T00:00:00Z", 240},  // four hours for three years
      {"Europe/Moscow", "2026-07-01T00:00:00Z", 180},
      {"Pacific/Apia", "2011-12-30T09:59:59Z", -600},  // and a day that never was
      {"Pacific/Apia", "2011-12-30T10:00:00Z", 840},
      {"Europe/Berlin", "1970-07-01T00:00:00Z", 60},  // before there was summer time there again
  };
  for (const auto& row : rows) {
    INFO(row.zone << " at " << row.at);
    CHECK(offset_minutes(row.zone, row.at) == row.minutes);
  }
}

TEST_CASE("the leap day is a day like others, east and west") {
  const auto local = [](const char* zone, std::string_view at) {
    const auto moment = instant(at);
    return to_text(day_of(moment + offset_at(alone().named(zone), moment)));
  };
  CHECK(local("Pacific/Kiritimati", "2028-02-28T10:00:00Z") == "2028-02-29");
  CHECK(local("Pacific/Kiritimati", "2028-02-29T10:00:00Z") == "2028-03-01");
  CHECK(local("Pacific/Pago_Pago", "2028-03-01T10:59:59Z") == "2028-02-29");
  CHECK(local("Europe/Berlin", "2028-02-28T23:00:00Z") == "2028-02-29");
  CHECK(local("Europe/Berlin", "2100-02-28T23:00:00Z") == "2100-03-01");  // no leap year
}

TEST_CASE("what is packed says the same as the files it was made of") {
  if (!fs::exists(fs::path(Zones::host_folder) / "tzdata.zi")) SKIP("this machine has no zone files");
  const Zones host("", Zones::host_folder);
  if (host.release() != alone().release()) SKIP("this machine has other zones than the program");
  int compared = 0;
  for (const auto& entry : fs::recursive_directory_iterator(Zones::host_folder)) {
    const auto name = fs::relative(entry.path(), Zones::host_folder).string();
    if (!entry.is_regular_file() || name.starts_with("posix/") || name.starts_with("right/") || !alone().knows(name))
      continue;
    const auto file = read_zone_file(bytes_of_file(entry.path()));
    REQUIRE(file);
    ++compared;
    INFO(name);
    const auto& zone = alone().named(name);
    const auto same = [&](std::int64_t at_s) {
      const Instant at{at_s * 1000};
      return at_s < 0 || offset_at(zone, at) == offset_at(*file, at);
    };
    bool all = true;
    for (const auto& change : file->changes) all = all && same(change.at_s - 1) && same(change.at_s);
    for (std::int64_t week = 0; week < 52 * 90; ++week) all = all && same(week * 7 * 86400 + 1800 * (week % 48));
    CHECK(all);
  }
  CHECK(compared > 400);
}

TEST_CASE("a newer release on the host is believed, an older one is not") {
  const auto folder = fs::temp_directory_path() / ("tuition-zones-" + std::to_string(steady_us()));
  fs::create_directories(folder / "Europe");
  const auto write = [&](const char* name, const std::string& text) {
    std::ofstream(folder / name, std::ios::binary) << text;
  };
  // A block of no changes with one type: two hours east of Greenwich, for good.
  std::string block = "TZif2" + std::string(39, '\0') + std::string("\0\0\x1c\x20\0\0", 6) + "\n<+02>-2\n";
  block[39] = 1;
  write("Europe/Berlin", "TZif2" + std::string(39, '\0') + block);
  const auto january = instant("2026-01-15T00:00:00Z");

  write("tzdata.zi", "# version 2999a\n");
  const Zones newer(packed(), folder.string());
  CHECK(newer.from_host());
  CHECK(newer.release() == "2999a");
  CHECK(offset_at(newer.named("Europe/Berlin"), january) == hours(2));
  CHECK(newer.knows("Asia/Tokyo"));  // the host's folder lacks it

  write("tzdata.zi", "# version 2001a\n");
  const Zones older(packed(), folder.string());
  CHECK_FALSE(older.from_host());
  CHECK(offset_at(older.named("Europe/Berlin"), january) == hours(1));
  fs::remove_all(folder);
}

TEST_CASE("rules for years to come are read in all their forms") {
  const auto offset = [](std::string_view rule, std::string_view at) {
    Zone zone;
    zone.rule = read_zone_rule(rule);
    REQUIRE(zone.rule);
    return offset_at(zone, instant(at)).ms / 60000;
  };
  CHECK(offset("UTC0", "2026-07-01T00:00:00Z") == 0);
  CHECK(offset("<+0330>-3:30", "2026-07-01T00:00:00Z") == 210);
  CHECK(offset("IST-1GMT0,M10.5.0,M3.5.0/1", "2026-01-15T00:00:00Z") == 0);
  CHECK(offset("IST-1GMT0,M10.5.0,M3.5.0/1", "2026-07-15T00:00:00Z") == 60);
  CHECK(offset("EST5EDT,M3.2.0,M11.1.0", "2026-03-08T07:00:00Z") == -240);
  // The day before the last Sunday, at 22 o'clock: a time that is negative.
  CHECK(offset("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T00:59:59Z") == -120);
  CHECK(offset("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T01:00:00Z") == -60);
  // J60 is the first of March in every year, 59 the sixtieth day.
  CHECK(offset("AAA0BBB,J60/0,J300/0", "2028-02-29T12:00:00Z") == 0);
  CHECK(offset("AAA0BBB,J60/0,J300/0", "2028-03-01T00:00:00Z") == 60);
  CHECK(offset("AAA0BBB,59/0,300/0", "2028-02-29T00:00:00Z") == 60);
  CHECK(offset("AAA0BBB,59/0,300/0", "2027-02-28T23:59:59Z") == 0);
  for (const auto* wrong : {"", "CET", "-1", "C-1", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0",
                            "CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0", "CET-25",
                            "CET-1CEST,M3.5.0,M10.5.0x", "<CET-1", "CET-1CEST,J0,J300", "CET-99999999999"})
    CHECK_FALSE(read_zone_rule(wrong));
}

TEST_CASE("a broken zone file is none") {
  CHECK_FALSE(read_zone_file(""));
  CHECK_FALSE(read_zone_file("TZif2"));
  CHECK_FALSE(read_zone_file("TZif2" + std::string(60, '\xff')));
  CHECK_FALSE(read_zone_file("TZif2" + std::string(39, '\0')));
  const Zones nonsense("# version\nEurope/Berlin 5 999999\nx\nA/B -1 -1\n\nTZif2", "");
  CHECK_FALSE(nonsense.knows("Europe/Berlin"));
  CHECK_FALSE(Zones("", "").knows("UTC"));
}

}  // namespace tuition
