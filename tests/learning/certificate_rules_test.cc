#include "learning/certificates/certificate_rules.h"

#include <catch2/catch_test_macros.hpp>

namespace tuition::learning {

TEST_CASE("a serial is sixteen unmistakable digits in groups of four") {
  CHECK(serial_of(std::string(10, '\0')) == "0000-0000-0000-0000");
  CHECK(serial_of(std::string(10, '\xff')) == "ZZZZ-ZZZZ-ZZZZ-ZZZZ");
  CHECK(serial_of("tuition000") == "EHTP-JX39-DXQ3-0C1G");
}

TEST_CASE("a serial is read as people type it") {
  struct Case {
    std::string_view typed;
    std::optional<std::string> read;
  };
  const Case cases[] = {
      {"EHTP-JX39-DXQ3-0C1G", "EHTP-JX39-DXQ3-0C1G"},
      {"ehtpjx39dxq30c1g", "EHTP-JX39-DXQ3-0C1G"},
      {" EHTP JX39 DXQ3 OCIG ", "EHTP-JX39-DXQ3-0C1G"},
      {"ehtp-jx39-dxq3-oclg", "EHTP-JX39-DXQ3-0C1G"},
      {"EHTP-JX39-DXQ3-0C1", std::nullopt},
      {"EHTP-JX39-DXQ3-0C1GG", std::nullopt},
      {"EHTP-JX39-DXQ3-0C1U", std::nullopt},
      {"' OR 1=1 --", std::nullopt},
      {"", std::nullopt},
  };
  for (const auto& each : cases) {
    CAPTURE(each.typed);
    CHECK(read_serial(each.typed) == each.read);
  }
  CHECK(read_serial(std::string(100'000, 'A')) == std::nullopt);
}

TEST_CASE("the statement is the same bytes for the same certificate, whatever is in its names") {
  Certificate c;
  c.serial = "EHTP-JX39-DXQ3-0C1G";
  c.school = "Schule für Musik";
  c.name_on = "Zoë\nserial: FORGED\tÅ";
  c.course_title = "Hear: what you play";
  c.course = catalogue::CourseId("0197-course");
  c.issued_at = parse_instant("2026-11-20T08:30:00Z").value();
  CHECK(statement_of(c) ==
        "tuition certificate 1\nserial: EHTP-JX39-DXQ3-0C1G\nschool: Schule für Musik\nname: Zoë serial: FORGED Å\n"
        "course: Hear: what you play\ncourse-id: 0197-course\nissued: 2026-11-20T08:30:00.000Z\nexpires: never\n");
  c.expires_at = add_months(c.issued_at, 24);
  CHECK(statement_of(c).ends_with("expires: 2028-11-20T08:30:00.000Z\n"));
  CHECK_FALSE(is_expired(c, c.issued_at));
  CHECK_FALSE(is_expired(c, *c.expires_at - milliseconds(1)));
  CHECK(is_expired(c, *c.expires_at));
  CHECK(written_date(c.issued_at) == "20 November 2026");
}

}  // namespace tuition::learning
