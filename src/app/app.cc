#include "app/app.h"

#include <algorithm>
#include <new>
#include <thread>

#include "accounts/figures.h"

#include "app/embedded.h"
#include "audit/audit.h"
#include "billing/figures.h"
#include "billing/key_modes.h"
#include "billing/orders.h"
#include "learning/figures.h"
#include "platform/http/front/listen.h"
#include "platform/storage/fault.h"

namespace tuition::app {
namespace {

// The names the site answers to: those the operator listed, or the one people type, once somebody has said which.
std::vector<std::string> hosts_of(const Options& options) {
  if (!options.hosts.empty()) {
    const bool any = std::find(options.hosts.begin(), options.hosts.end(), "*") != options.hosts.end();
    return any ? std::vector<std::string>{} : options.hosts;
  }
  const auto& url = options.outreach.base_url;
  // Whoever tries the program out asks by address or as localhost, which are always answered; to no other name, or any
  // page on the web could lead its own name here and act as the people of the demo school.
  const bool named = url != outreach::OutreachOptions{}.base_url;
  if (options.mode == config::Mode::dev && !named) return {"localhost"};
  return named ? std::vector<std::string>{outreach::host_of(url)} : std::vector<std::string>{};
}

http::GuardSettings guard_settings(const Options& options) {
  http::GuardSettings settings;
  settings.hosts = hosts_of(options);
  if (options.cors) settings.origins = options.cors_origins;
  settings.trusted_proxies = options.trusted_proxies;
  settings.admin_networks = options.admin_networks;
  settings.operations_networks = options.metrics_networks;
  settings.limits = options.limits;
  settings.address = options.limit_address;
  settings.auth = options.limit_auth;
  settings.api = options.limit_api;
  settings.admin = options.limit_admin;
  settings.forms = options.limit_forms;
  settings.https = options.outreach.base_url.starts_with("https://");
  settings.hsts_subdomains = options.hsts_subdomains;
  return settings;
}

http::FrontSettings front_settings(const Options& options) {
  http::FrontSettings settings;
  const bool v6 = options.host.find(':') != std::string::npos;
  // Under socket activation the service manager has the port; ours would be a second one nobody asked for.
  settings.listen = {http::sockets_were_passed()
                         ? "LISTEN_FDS"
                         : (v6 ? "[" + options.host + "]" : options.host) + ":" + std::to_string(options.port)};
  for (const auto& each : options.listen) settings.listen.push_back(each);
  settings.threads = static_cast<int>(options.threads);
  settings.connections_max = static_cast<std::size_t>(options.connections_max);
  settings.head_time = seconds(options.head_time_s);
  settings.body_time = seconds(options.body_time_s);
  settings.write_time = seconds(options.write_time_s);
  settings.idle_time = seconds(options.idle_time_s);
  settings.held_max = static_cast<std::size_t>(options.slow_memory);
  return settings;
}

// A broken machine, as it is answered: try again, nothing was lost.
std::optional<Error> explain(const std::exception& exception) {
  if (dynamic_cast<const std::bad_alloc*>(&exception)) {  // lint: allow what was thrown has no seam
    Error error{Kind::unavailable, "UNAVAILABLE", "The server is too busy. Please try again in a moment.", "no memory"};
    error.retry_after_s = 5;
    return error;
  }
  const auto* fault = dynamic_cast<const Fault*>(&exception);  // lint: allow what was thrown has no seam
  if (!fault) return std::nullopt;
  Error error{Kind::unavailable, "DATABASE_ERROR", "The server cannot do that at the moment. Please try again.",
              fault->what()};
  if (fault->sort() == Fault::Sort::disk_full) {
    error.code = "STORAGE_FULL";
    error.safe = "The server's disk is full; nothing can be saved at the moment. Reading goes on.";
  }
  error.retry_after_s = 5;
  return error;
}

std::string_view embedded_text(std::span<const EmbeddedText> files, std::string_view path) {
  for (const auto& file : files)
    if (file.path == path) return file.bytes;
  throw Bug("an embedded file is missing");
}

}  // namespace

App::App(Options& o, Database& database, const crypto::KeyRing& keys, const Outside& world, metrics::Registry& registry)
    : options(o),
      db(database),
      outside(world),
      metrics(registry),
      queue(db, world.clock, world.entropy),
      templates(embedded_templates()),
      outreach{db,           queue,     world.clock, world.entropy,
               world.mailer, templates, o.outreach,  crypto::Seal(keys.derive("mail-fields"))},
      zones(embedded_zones().front().bytes),
      hasher({.memory_kib = static_cast<std::size_t>(o.accounts.password_memory_mib) * 1024,
              .passes = static_cast<unsigned>(o.accounts.password_passes),
              .at_once = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()))}),
      signer(keys.derive("access-tokens"), "tuition"),
      accounts{.db = db,
               .queue = queue,
               .outreach = outreach,
               .clock = world.clock,
               .entropy = world.entropy,
               .hasher = hasher,
               .signer = signer,
               .zones = zones,
               .options = o.accounts,
               .refresh_key = keys.derive("refresh-tokens"),
               .browser_key = keys.derive("known-browsers"),
               .seal = crypto::Seal(keys.derive("account-secrets")),
               .common_passwords = embedded_text(embedded_words(), "common_passwords.txt")},
      entitlements{db, world.clock, world.entropy},
      catalogue{.db = db,
                .clock = world.clock,
                .entropy = world.entropy,
                .media = o.media,
                .link_key = keys.derive("media-links")},
      learning{db,           world.clock, world.entropy, catalogue,
               entitlements, zones,       outreach,      crypto::DocumentSigner(keys.derive("certificates"))},
      stripe(o.billing.stripe, world.http),
      paystack(o.billing.paystack, world.http),
      cards(keys.derive("saved-cards")),
      forgeries(registry),
      arrivals(registry),
      billing{.db = db,
              .queue = queue,
              .clock = world.clock,
              .entropy = world.entropy,
              .entitlements = entitlements,
              .outreach = outreach,
              .gateways = gateways,
              .options = o.billing,
              .seal = cards,
              .shelf = shelf,
              .forgeries = forgeries,
              .arrivals = arrivals,
              .buyer = [](ReadTx& tx, const UserId& user) -> std::optional<billing::Buyer> {
                const auto person = accounts::person(tx, user);
                if (!person || person->status != accounts::UserStatus::active) return std::nullopt;
                return billing::Buyer{person->email, person->full_name};
              }},
      mode_(o.mode == config::Mode::dev ? "dev" : "prod"),
      authenticator_(accounts),
      refusals_(db, world.clock),
      system_{.db = db,
              .clock = world.clock,
              .metrics = registry,
              .started = world.clock.now(),
              .site_name = outreach.options.site_name,
              .mode = mode_,
              .openapi = [this]() -> const std::string& {
                std::call_once(openapi_written_, [this] { openapi_ = openapi_of(all_routes()); });
                return openapi_;
              },
              .api_docs = o.api_docs,
              .registration = o.accounts.registration,
              .password_length_min = o.accounts.password_min},
      runner_(queue, db, world.clock, world.entropy, all_jobs(), all_periodics(),
              {.workers = static_cast<int>(o.workers)}) {
  // Ahead of all that may write to the trail.
  audit::sign_with(db, keys.derive(audit::key_purpose));
  // What takes few currencies comes first; by hand is what remains.
  if (!o.billing.paystack.keys.empty() && billing::settle_mode(billing, paystack)) gateways.all.push_back(&paystack);
  if (!o.billing.stripe_key.empty() && billing::settle_mode(billing, stripe)) gateways.all.push_back(&stripe);
  if (!o.billing.manual_instructions.empty()) gateways.all.push_back(&by_hand);
  for (const auto* each : gateways.all) system_.providers.emplace_back(each->name());
  system_.successes = world.successes;
  system_.sends_mail = !o.outreach.smtp_url.empty();
  accounts.stats = [clock = &world.clock](ReadTx& tx, const UserId& user) {
    const auto done = learning::stats_of(tx, user, clock->now());
    return accounts::Stats{.lessons_done = done.lessons_done,
                           .quizzes_passed = done.quizzes_passed,
                           .minutes = done.minutes,
                           .xp = done.xp,
                           .streak_days = done.streak_days,
                           .streak_best = done.streak_best,
                           .last_active_day = done.last_active_day};
  };
  catalogue.has_learners = [](ReadTx& tx, const catalogue::CourseId& id) { return learning::has_learners(tx, id); };
  catalogue.has_attempts = [](ReadTx& tx, const catalogue::QuizId& id) { return learning::has_attempts(tx, id); };
  learning.offers_of = [this](ReadTx&, const entitlements::Target& target) {
    std::vector<learning::PlanOffer> offers;
    for (const auto& plan : billing::plans_opening(billing, target)) offers.push_back({plan.id.text(), plan.name});
    return offers;
  };
  learning.products_of = [](ReadTx& tx, const entitlements::Target& target) {
    std::vector<learning::ProductOffer> offers;
    for (auto& product : billing::products_opening(tx, target))
      offers.push_back({product.id.text(), std::move(product.name), std::move(product.prices)});
    return offers;
  };
  billing.can_open = [this](entitlements::Scope scope, const std::string& id) {
    const auto published = catalogue::shelf(catalogue);
    if (scope == entitlements::Scope::course) return published->course(id) && published->course(id)->id.text() == id;
    return std::any_of(published->courses.begin(), published->courses.end(),
                       [&](const catalogue::Course& course) { return course.category == id; });
  };
  billing.has_receipt = [](ReadTx& tx, const UserId& user, const std::string& id) {
    const auto file = catalogue::media(tx, catalogue::MediaId(id));
    return file && file->owner == user && file->purpose == catalogue::Purpose::proof;
  };
  accounts.before_profile = [this](const UserId& user) { entitlements::rights_of(entitlements, user); };
  accounts.access = [this](ReadTx& tx, const UserId& user) {
    return entitlements::has_access(entitlements, tx, user) ? accounts::AccessLevel::paid : accounts::AccessLevel::free;
  };
  accounts.has_subscription = [](ReadTx& tx, const UserId& user) { return billing::renews(tx, user); };
  accounts.end_subscription = [this](WriteTx& tx, const UserId& user) {
    return billing::end_for_removal(billing, tx, user);
  };
  accounts.on_removal.push_back([this](WriteTx& tx, const UserId& user, const std::string& email) {
    entitlements::revoke_all(entitlements, tx, user, "the account was removed");
    learning::forget_person(tx, user);
    billing::forget_person(tx, user);
    catalogue::forget_person(catalogue, tx, user);
    catalogue::forget_person(tx, user);
    outreach::forget_person(tx, user, email);
  });
  accounts.on_plan = [clock = &world.clock](ReadTx& tx, const std::string& plan) {
    return billing::people_on(tx, plan, clock->now());
  };
  accounts.is_own_picture = [](ReadTx& tx, const UserId& user, const std::string& media) {
    return catalogue::is_avatar_of(tx, user, catalogue::MediaId(media));
  };
  accounts.drop_picture = [this](WriteTx& tx, const std::string& media) {
    catalogue::delete_unused(catalogue, tx, system_caller(), catalogue::MediaId(media));
  };
  catalogue.blobs.room_kept = static_cast<std::uint64_t>(o.media.disk_kept_mib) * 1024 * 1024;
  catalogue.media_users.push_back(
      [](ReadTx& tx, const catalogue::MediaId& media) { return accounts::shows_picture(tx, media.text()); });
  catalogue.media_users.push_back(
      [](ReadTx& tx, const catalogue::MediaId& media) { return billing::is_receipt(tx, media.text()); });
  accounts.paying = [clock = &world.clock](ReadTx& tx) { return entitlements::people_with_access(tx, clock->now()); };
}

App::~App() { stop(); }

void App::also_serve(http::Routes routes) {
  for (auto& route : routes) extra_.push_back(std::move(route));
}

Result<void> App::start() {
  accounts::start(accounts);
  blobs::start(catalogue.blobs);
  register_gauges(system_);
  auto everything = all_routes();
  if (options.api_docs) {
    docs_ = std::make_unique<Docs>(everything, guard_settings(options), outreach.options.site_name);
    for (auto& route : docs_->routes()) everything.push_back(std::move(route));
  }
  for (auto& route : extra_) everything.push_back(std::move(route));
  assets_ = std::make_unique<http::Assets>(embedded_site(), docs_frame);
  guard_ = std::make_unique<http::Guard>(guard_settings(options), &authenticator_, outside.clock, outside.entropy);
  guard_->on_refusal([this](const http::Request& request, const http::Route& route, const Error& error) {
    refusals_.note(request, route, error);
  });
  accounts.on_bad_token = [this](const http::Request& request, const Error& error) {
    refusals_.note_token(request, error);
  };
  engine_ = std::make_unique<http::Engine>(everything, *guard_, assets_.get(), metrics, outside.clock, outside.entropy,
                                           http::EngineSettings{.explain = explain});
  front_ = std::make_unique<http::Front>(front_settings(options), *engine_, metrics);
  TRY(front_->listen());
  // In dev the port may have been chosen by the system, and links in mail must lead back here.
  if (options.mode == config::Mode::dev) outreach.options.base_url = url();
  TRY(front_->start());
  runner_.start();
  return {};
}

void App::reload(const Options& fresh) {
  guard_->change_limits(guard_settings(fresh));
  if (docs_) docs_->change_limits(guard_settings(fresh));
  system_.sends_mail = !fresh.outreach.smtp_url.empty();
  outreach.letterhead.change(fresh.outreach.from, fresh.outreach.reply_to);
}

void App::stop() {
  if (stopped_) return;
  stopped_ = true;
  system_.draining.store(true);
  if (front_) front_->drain(seconds(options.drain_s));
  runner_.drain(seconds(options.drain_s));
}

std::string App::url() const {
  const std::string host = options.host == "0.0.0.0" || options.host == "::" ? "localhost" : options.host;
  return "http://" + host + ":" + std::to_string(front_ ? front_->port() : 0);
}

std::vector<std::string> App::addresses() const { return front_ ? front_->addresses() : std::vector<std::string>{}; }

}  // namespace tuition::app
