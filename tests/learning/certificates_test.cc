#include "learning/certificates/certificates.h"

#include <catch2/catch_test_macros.hpp>
#include <thread>

#include "learning/certificates/certificate_rules.h"
#include "learning/classroom.h"
#include "platform/base/text.h"

namespace tuition::learning {
namespace {

using tests::Classroom;
using tests::course_of;
using tests::module_of;

struct Graduation : Classroom {
  Graduation() {
    put(course_of("c", {module_of("m", 1, 1, {"a", "b"})}));
    give_certificates();
  }
  void give_certificates(const std::string& rules = "{}") {
    db->write([&](WriteTx& tx) {
      tx.execute("UPDATE courses SET certificate_enabled = 1, rules_json = ?1", rules);
      catalogue::changed(catalogue, tx);
    });
    shelf = catalogue::shelf(catalogue);
  }
  const catalogue::Course& course() { return shelf->courses.front(); }
  Caller graduate() {
    auto caller = subscriber();
    for (const auto& lesson : course().lessons) CHECK(complete(caller, lesson).ok());
    return caller;
  }
  std::int64_t count(Sql sql) {
    return db->read([&](ReadTx& tx) { return tx.one<std::int64_t>(sql).value_or(0); });
  }
  Result<CertificateView> issue(const Caller& caller, std::optional<std::string> name = "Zoë Ångström") {
    return issue_certificate(learning, caller, "c", {std::move(name)});
  }
};

}  // namespace

TEST_CASE("fifty clicks at once make one certificate, one mail and one entry of the trail") {
  Graduation room;
  const auto caller = room.graduate();
  std::vector<std::string> serials(50);
  {
    std::vector<std::jthread> clicks;
    for (auto& serial : serials)
      clicks.emplace_back([&room, &caller, &serial] { serial = room.issue(caller).value().serial; });
  }
  for (const auto& each : serials) CHECK(each == serials.front());
  CHECK(room.count("SELECT COUNT(*) FROM certificates") == 1);
  CHECK(room.count("SELECT COUNT(*) FROM audit_logs WHERE action = 'learning.certificate_issued'") == 1);
  CHECK(room.count("SELECT COUNT(*) FROM email_messages WHERE template_key = 'certificate_issued'") == 1);
}

TEST_CASE("who has not finished is told what is missing") {
  Graduation room;
  const auto caller = room.subscriber();
  CHECK(room.complete(caller, room.course().lessons[0]).ok());
  const auto refused = room.issue(caller);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == "COURSE_NOT_COMPLETED");
  REQUIRE(refused.error().fields.size() == 1);
  CHECK(refused.error().fields[0].field == "lessons." + room.course().lessons[1].id.text());
  CHECK(refused.error().fields[0].reason == "b");
  CHECK(issue_certificate(room.learning, caller, "no-such-course", {}).error().kind == Kind::not_found);
}

TEST_CASE("a course that gives none says so") {
  Classroom room;
  room.put(course_of("c", {module_of("m", 1, 1, {"a"})}));
  const auto caller = room.subscriber();
  CHECK(issue_certificate(room.learning, caller, "c", {}).error().code == "NO_CERTIFICATE");
}

TEST_CASE("who has finished once keeps that when lessons are added") {
  Graduation room;
  const auto caller = room.graduate();
  auto more = course_of("c", {module_of("m", 1, 1, {"a", "b", "new"})});
  more.certificate = true;
  room.put(more);
  CHECK(room.issue(caller).ok());
}

TEST_CASE("a certificate needs a name, and keeps the first") {
  Graduation room;
  const auto caller = room.graduate();
  CHECK(room.issue(caller, std::nullopt).error().fields.front().field == "name");
  CHECK(room.issue(caller, "First Name")->name == "First Name");
  CHECK(room.issue(caller, "Second Name")->name == "First Name");
}

TEST_CASE("a certificate is checked by anybody, also without us") {
  Graduation room;
  const auto caller = room.graduate();
  const auto issued = room.issue(caller).value();
  const auto checked = verify_certificate(room.learning, to_lower_ascii(issued.serial));
  REQUIRE(checked.ok());
  CHECK(checked->status == CertificateStatus::valid);
  CHECK(checked->signature_valid);
  CHECK(checked->name == "Zoë Ångström");
  const auto key = certificate_key(room.learning);
  CHECK(key.key_id == checked->key_id);
  CHECK(crypto::is_signed(checked->statement, *from_base64url(checked->signature), *from_base64url(key.public_key)));
  // Somebody who can write to the database cannot make it say another name.
  room.db->write([](WriteTx& tx) { tx.execute("UPDATE certificates SET name_on = 'Mallory'"); });
  CHECK_FALSE(verify_certificate(room.learning, issued.serial)->signature_valid);
  for (const auto* serial : {"0000-0000-0000-0000", "x", "", "%00"})
    CHECK(verify_certificate(room.learning, serial).error().kind == Kind::not_found);
}

TEST_CASE("a certificate expires where its course says so") {
  Graduation room;
  room.give_certificates(R"({"certificateMonths":12})");
  const auto caller = room.graduate();
  const auto issued = room.issue(caller).value();
  REQUIRE(issued.expires_at);
  CHECK(*issued.expires_at == add_months(issued.issued_at, 12));
  room.clock.pass(days(366));
  const auto checked = verify_certificate(room.learning, issued.serial);
  CHECK(checked->status == CertificateStatus::expired);
  CHECK(checked->signature_valid);
}

TEST_CASE("a certificate is taken back by who teaches the course, once, and its owner is told why") {
  Graduation room;
  const auto caller = room.graduate();
  const auto serial = room.issue(caller)->serial;
  const auto teacher = room.person(Role::instructor);
  room.db->write([&](WriteTx& tx) { tx.execute("UPDATE courses SET instructor_id = ?1", teacher.user); });
  const auto stranger = room.person(Role::instructor);
  CHECK(revoke_certificate(room.learning, stranger, serial, {"Copied answers."}).error().kind == Kind::not_found);
  const auto done = revoke_certificate(room.learning, teacher, serial, {"Copied answers."});
  REQUIRE(done.ok());
  CHECK(done->status == CertificateStatus::revoked);
  CHECK(revoke_certificate(room.learning, room.person(Role::admin), serial, {"Another reason."}).ok());
  CHECK(room.count("SELECT COUNT(*) FROM audit_logs WHERE action = 'learning.certificate_revoked'") == 1);
  CHECK(room.count("SELECT COUNT(*) FROM email_messages WHERE template_key = 'certificate_revoked'") == 1);
  CHECK(room.count("SELECT COUNT(*) FROM certificates WHERE revoked_reason = 'Copied answers.'") == 1);
  CHECK(verify_certificate(room.learning, serial)->signature_valid);
  CHECK(room.issue(caller)->status == CertificateStatus::revoked);
  CHECK(revoke_certificate(room.learning, teacher, "0000-0000-0000-0000", {"Why."}).error().kind == Kind::not_found);
}

TEST_CASE("the document is its owner's, and what people wrote is text in it") {
  Graduation room;
  const auto caller = room.graduate();
  const auto serial = room.issue(caller, "<script>alert(1)</script> \"&")->serial;
  const auto page = certificate_document(room.learning, caller, serial);
  REQUIRE(page.ok());
  CHECK(page->body.find("<script") == std::string::npos);
  CHECK(page->body.find("&lt;script&gt;") != std::string::npos);
  CHECK(page->body.find("style=") == std::string::npos);
  CHECK(certificate_document(room.learning, room.subscriber(), serial).error().kind == Kind::not_found);
  CHECK(certificate_document(room.learning, room.person(Role::admin), serial).error().kind == Kind::not_found);
  const auto checked = verification_page(room.learning, serial);
  CHECK(checked.status == 200);
  CHECK(checked.body.find("<script") == std::string::npos);
  CHECK(verification_page(room.learning, "0000-0000-0000-0000").status == 404);
}

TEST_CASE("a person who leaves takes the certificates along") {
  Graduation room;
  const auto caller = room.graduate();
  const auto serial = room.issue(caller)->serial;
  room.db->write([&](WriteTx& tx) { forget_person(tx, caller.user); });
  CHECK(verify_certificate(room.learning, serial).error().kind == Kind::not_found);
}

}  // namespace tuition::learning
