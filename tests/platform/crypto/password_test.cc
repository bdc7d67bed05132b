#include "platform/crypto/password.h"

#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <thread>
#include <vector>

#include "platform/base/blocking.h"

using namespace tuition;
using namespace tuition::crypto;

namespace {
constexpr PasswordHasher::Cost cheap{64, 1, 2, 64};
}

TEST_CASE("a password is known by its hash alone") {
  PasswordHasher hasher(cheap);
  const auto phc = hasher.hash(Secret("practice makes perfect"));
  REQUIRE(phc);
  CHECK(phc->starts_with("$argon2id$v=19$m=64,t=1,p=1$"));
  CHECK(hasher.verify(Secret("practice makes perfect"), *phc)->right);
  CHECK_FALSE(hasher.verify(Secret("practice makes perfecT"), *phc)->right);
  CHECK_FALSE(hasher.verify(Secret(""), *phc)->right);
  CHECK(*hasher.hash(Secret("practice makes perfect")) != *phc);
}

TEST_CASE("bytes beyond the 72nd and behind a zero count") {
  PasswordHasher hasher(cheap);
  const std::string long_one(72, 'A');
  const auto phc = hasher.hash(Secret(long_one + "x"));
  CHECK_FALSE(hasher.verify(Secret(long_one + "y"), *phc)->right);
  const auto with_zero = hasher.hash(Secret(std::string("a\0b", 3)));
  CHECK_FALSE(hasher.verify(Secret(std::string("a\0c", 3)), *with_zero)->right);
}

TEST_CASE("nobody's password is never right, and neither is a broken hash") {
  PasswordHasher hasher(cheap);
  CHECK_FALSE(hasher.verify(Secret(""), "")->right);
  CHECK_FALSE(hasher.verify(Secret("anything"), "")->right);
  CHECK_FALSE(hasher.verify(Secret("anything"), "$argon2id$broken")->right);
  CHECK_FALSE(hasher.verify(Secret("anything"), "$2b$12$abcdefghijklmnopqrstuv")->right);
}

TEST_CASE("a hash made at another cost is right but outdated") {
  PasswordHasher before(cheap);
  PasswordHasher after({128, 2, 1, 4});
  const auto phc = before.hash(Secret("practice makes perfect"));
  CHECK_FALSE(before.verify(Secret("practice makes perfect"), *phc)->outdated);
  const auto verdict = after.verify(Secret("practice makes perfect"), *phc);
  CHECK(verdict->right);
  CHECK(verdict->outdated);
}

TEST_CASE("a hash of bcrypt from elsewhere is checked, and outdated when right") {
  PasswordHasher hasher(cheap);
  struct Known {
    const char* password;
    const char* hash;
  };
  // The vectors of crypt_blowfish itself: $2a$ and $2y$ of a byte above 127, where a famous mistake was made.
  for (const auto& [password, hash] : {Known{"U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"},
                                       Known{"U*U*U", "$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a"},
                                       Known{"\xa3", "$2a$05$/OK.fbVrR/bpIqNJ5ianF.Sa7shbm4.OzKpvFnX1pQLmQW96oUlCq"},
                                       Known{"\xa3", "$2y$05$/OK.fbVrR/bpIqNJ5ianF.Sa7shbm4.OzKpvFnX1pQLmQW96oUlCq"},
                                       Known{"\xa3", "$2b$05$/OK.fbVrR/bpIqNJ5ianF.Sa7shbm4.OzKpvFnX1pQLmQW96oUlCq"}}) {
    INFO(hash);
    const auto verdict = hasher.verify(Secret(password), hash);
    REQUIRE(verdict);
    CHECK(verdict->right);
    CHECK(verdict->outdated);
    const auto wrong = hasher.verify(Secret(std::string(password) + "x"), hash);
    CHECK_FALSE(wrong->right);
    CHECK_FALSE(wrong->outdated);
  }
  const std::string u = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
  CHECK_FALSE(hasher.verify(Secret(std::string("U*U\0more", 8)), u)->right);
  CHECK_FALSE(hasher.verify(Secret("U*U"), u.substr(0, 59))->right);
  CHECK_FALSE(hasher.verify(Secret("U*U"), u + "x")->right);
  CHECK_FALSE(hasher.verify(Secret("U*U"), "$2x" + u.substr(3))->right);
}

TEST_CASE("a wrong password pays for every cost there is, and a right one for its own") {
  PasswordHasher hasher(cheap);
  const std::string bcrypt = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
  const auto own = hasher.hash(Secret("practice makes perfect")).value();
  CHECK(own.starts_with(hasher.own_beginning()));
  CHECK(hasher.costs() == 1);
  hasher.learn_of(own);
  hasher.learn_of("nonsense");
  hasher.learn_of("");
  CHECK(hasher.costs() == 1);
  hasher.learn_of(bcrypt);
  hasher.learn_of("$2y$05$/OK.fbVrR/bpIqNJ5ianF.Sa7shbm4.OzKpvFnX1pQLmQW96oUlCq");
  CHECK(hasher.costs() == 2);
  PasswordHasher dearer({.memory_kib = 2 * cheap.memory_kib, .passes = cheap.passes});
  hasher.learn_of(dearer.hash(Secret("practice makes perfect")).value());
  CHECK(hasher.costs() == 3);
  // What is done for them changes no verdict.
  for (const auto& phc : {own, bcrypt, std::string()}) CHECK_FALSE(hasher.verify(Secret("wrong"), phc)->right);
  CHECK(hasher.verify(Secret("practice makes perfect"), own)->right);
  CHECK(hasher.verify(Secret("U*U"), bcrypt)->right);
}

TEST_CASE("too many at once are turned away with a time to come back") {
  PasswordHasher hasher({1024, 1, 1, 2});
  std::atomic<int> done = 0;
  std::atomic<int> refused = 0;
  std::atomic<int> wrong = 0;
  std::vector<std::thread> crowd;
  for (int i = 0; i < 16; ++i)
    crowd.emplace_back([&] {
      for (int turn = 0; turn < 8; ++turn) {
        const auto phc = hasher.hash(Secret("practice makes perfect"));
        if (phc) {
          ++done;
        } else {
          ++refused;
          if (phc.error().kind != Kind::unavailable || phc.error().retry_after_s <= 0) ++wrong;
        }
      }
    });
  for (auto& each : crowd) each.join();
  CHECK(done + refused == 16 * 8);
  CHECK(done > 0);
  CHECK(wrong == 0);
}

TEST_CASE("hashing gives its thread's place away meanwhile") {
  static int begun = 0;
  static int ended = 0;
  begun = ended = 0;
  Blocking::listen_on_this_thread({[](void*) { ++begun; }, [](void*) { ++ended; }, nullptr});
  PasswordHasher hasher(cheap);
  CHECK(hasher.hash(Secret("x")));
  Blocking::listen_on_this_thread({});
  CHECK(begun == 1);
  CHECK(ended == 1);
}
