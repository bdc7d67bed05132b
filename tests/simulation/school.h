#pragma once

// One school over a database file, with a clock that stands, chance from a seed and a played world outside. It can be
// stopped and started again, or killed: then the file is as it was at that moment, and whatever came later never was.

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "app_fixture.h"
#include "billing/notices.h"
#include "billing/offers/products.h"
#include "platform/storage/backup.h"
#include "platform/storage/folder.h"
#include "platform/storage/open.h"
#include "sandbox/deliveries.h"
#include "simulation/outside.h"

namespace tuition::simulation {

// A folder in memory where there is one: what is simulated is the order of things, not the disk.
class Workshop {
 public:
  Workshop() {
    const std::filesystem::path memory = "/dev/shm";
    std::error_code none;
    const auto base = std::filesystem::is_directory(memory, none) ? memory : std::filesystem::temp_directory_path();
    std::string name = (base / "tuition-simulation-XXXXXX").string();
    check(::mkdtemp(name.data()) != nullptr, "a folder can be made");
    path_ = name;
  }
  ~Workshop() { std::filesystem::remove_all(path_); }
  Workshop(const Workshop&) = delete;
  Workshop& operator=(const Workshop&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// What every school begins with: two plans of one group, a product, a buyer and an administrator. Made once, copied.
struct Beginning {
  tests::AppFixture fixture{[](app::Options& options) {
    options.billing.stripe_key = PlayedStripe::key;
    options.billing.stripe_webhook_secrets = secret;
    options.billing.stripe.base_url = PlayedStripe::url;
  }};
  Workshop folder{};
  std::filesystem::path file = folder.path() / "beginning.db";
  billing::PlanId pass{}, studio{};
  billing::ProductId product{};
  UserId buyer{}, office{};

  static constexpr const char* secret = "whsec_simulation";
  static constexpr const char* course = "course-1";

  Beginning() {
    auto& app = *fixture.app;
    const auto plan = [&](const std::string& code, const std::string& name, std::int64_t minor) {
      return *fixture.db->write([&](WriteTx& tx) {
        return billing::offer_plan(app.billing, tx,
                                   {.code = code, .name = name, .prices = {{"USD", minor, billing::Interval::month}}});
      });
    };
    pass = plan("pass", "School pass", 1200);
    studio = plan("studio", "Studio pass", 2400);
    product = *fixture.db->write([&](WriteTx& tx) {
      return billing::offer_product(app.billing, tx,
                                    {.code = "course",
                                     .name = "One course",
                                     .opens = {{.scope = entitlements::Scope::course, .scope_id = course}},
                                     .prices = {{"USD", 3900, billing::Interval::once}}});
    });
    buyer = fixture.person("buyer@school.example");
    office = fixture.person("office@school.example", Role::admin);
    check(storage::backup(*fixture.db, file).ok(), "the beginning can be copied");
  }
};

class School {
 public:
  // The answer to its first refund is lost, so that there is a call to make again; `flaw` is for proofs only.
  School(Beginning& beginning, std::uint64_t seed, Flaw flaw = Flaw::none)
      : beginning_(beginning), entropy_(seed), stripe(clock, world_entropy_, fate), mail(fate) {
    stripe.flaw = flaw;
    stripe.loses_a_refund = true;
    std::filesystem::copy_file(beginning.file, file());
    fate.on_death = [this] {
      for (const auto* each : parts) copy(folder_.path(), morgue_.path(), each);
    };
    open();
    if (flaw == Flaw::payments_forgotten) forget_payments();
  }
  ~School() { close(); }
  School(const School&) = delete;
  School& operator=(const School&) = delete;

  void restart() {
    close();
    open();
  }
  // Works off what is due. Where that kills the school, it comes back as it was when it died.
  void work() {
    app->run_jobs();
    if (!fate.dead()) return;
    ++deaths;
    close();
    for (const auto* each : parts) copy(morgue_.path(), folder_.path(), each);
    fate.revive();
    open();
  }
  // What the provider's messenger brings. True when the school has taken it.
  bool hears(const std::string& body) {
    http::Request request;
    request.method = http::Method::post;
    request.body = body;
    request.caller.ip = "192.0.2.9";
    request.headers.emplace_back("stripe-signature",
                                 sandbox::stripe_signature(Secret(Beginning::secret), body, clock.now()));
    return billing::receive_notice(app->billing, app->stripe, request).ok();
  }

  Caller buyer() const { return beginning_.fixture.caller(beginning_.buyer); }
  Caller office() const { return beginning_.fixture.caller(beginning_.office, Role::admin); }
  Beginning& beginning() { return beginning_; }
  template <class T>
  T ask(Sql sql) {
    return db->read([&](ReadTx& tx) { return tx.one<T>(sql).value(); });
  }

 private:
  static constexpr const char* parts[] = {"school.db", "school.db-wal"};

  std::filesystem::path file() const { return folder_.path() / "school.db"; }
  static void copy(const std::filesystem::path& from, const std::filesystem::path& to, const char* name) {
    std::filesystem::remove(to / name);
    if (std::filesystem::exists(from / name)) std::filesystem::copy_file(from / name, to / name);
  }
  // A payment that comes once more meets no name that it was booked under.
  void forget_payments() {
    db->write([](WriteTx& tx) {
      tx.execute(
          "CREATE TRIGGER payments_forgotten BEFORE INSERT ON payments BEGIN UPDATE payments SET provider_payment_id = "
          "provider_payment_id || '-' WHERE provider_payment_id = NEW.provider_payment_id; END");
    });
  }
  void open() {
    db = storage::open_sqlite(tests::at(file()));
    metrics_ = std::make_unique<metrics::Registry>();
    app = std::make_unique<app::App>(beginning_.fixture.options, *db, keys_, outside_, *metrics_);
  }
  void close() {
    app.reset();
    db.reset();
    std::filesystem::remove(folder_.path() / "school.db-shm");
  }

  Beginning& beginning_;
  Workshop folder_{};
  Workshop morgue_{};
  tests::SeededEntropy entropy_;
  crypto::KeyRing keys_ = crypto::KeyRing::ephemeral(entropy_);  // beside the database, and as lasting
  tests::SeededEntropy world_entropy_{1};
  std::unique_ptr<metrics::Registry> metrics_;

 public:
  tests::StandingClock clock{};
  Fate fate{};
  PlayedStripe stripe;
  MailServer mail;
  int deaths = 0;

 private:
  app::Outside outside_{clock, entropy_, stripe, mail};

 public:
  std::unique_ptr<Database> db;
  std::unique_ptr<app::App> app;
};

}  // namespace tuition::simulation
