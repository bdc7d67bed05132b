#include "app_fixture.h"

#include "app/embedded.h"
#include "platform/base/text.h"
#include "platform/storage/migrate.h"
#include "platform/storage/open.h"

namespace tuition::tests {
namespace {

app::Options default_options(app::Options& options) {
  const auto table = app::option_table(options);
  for (const auto& option : table) {
    const std::string text(option.fallback);
    const auto complaint = option.set(text);
    check(complaint.empty(), "every option's fallback is acceptable");
  }
  return options;
}

}  // namespace

void SeededEntropy::fill(std::span<std::uint8_t> bytes) {
  for (auto& byte : bytes) {
    // splitmix64
    state_ += 0x9e3779b97f4a7c15U;
    auto z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    byte = static_cast<std::uint8_t>(z ^ (z >> 31));
  }
}

Result<outbound::HttpReply> NobodyOutside::send(const outbound::HttpRequest& request) {
  return Error{Kind::provider, "PROVIDER_ERROR", "Nobody answers.", "no server for " + request.url};
}

Result<void> CollectingMailer::send(const outbound::Mail& mail) {
  if (fails_with) return *fails_with;
  sent.push_back(mail);
  return {};
}

int CollectingMailer::count(std::string_view to, std::string_view in_subject) const {
  int found = 0;
  for (const auto& mail : sent) found += mail.to == to && contains_ignoring_case(mail.subject, in_subject);
  return found;
}

AppFixture::AppFixture(const std::function<void(app::Options&)>& adjust) : db(storage::open_temporary()) {
  default_options(options);
  options.outreach.from = "school@school.example";
  options.accounts.password_memory_mib = 8;
  options.accounts.password_passes = 1;
  if (adjust) adjust(options);
  billing::settle(options.billing);
  check(storage::migrate(*db, app::embedded_schema(), clock).ok(), "a new database takes every migration");
  app = std::make_unique<app::App>(options, *db, crypto::KeyRing::ephemeral(entropy), outside, metrics);
}

UserId AppFixture::person(const std::string& email, Role role) {
  if (password_hash_.empty()) password_hash_ = *app->hasher.hash(Secret(password));
  const auto made = db->write([&](WriteTx& tx) {
    return accounts::create_user(
        tx, app->accounts,
        {.email = email, .password_hash = password_hash_, .full_name = "Test Person", .role = role, .verified = true});
  });
  check(made.ok(), "a test's person is new");
  return *made;
}

Caller AppFixture::caller(const UserId& user, Role role) const {
  Caller caller;
  caller.sort = Caller::Sort::person;
  caller.user = user;
  caller.role = role;
  caller.ip = "192.0.2.1";
  caller.request_id = "test";
  return caller;
}

}  // namespace tuition::tests
