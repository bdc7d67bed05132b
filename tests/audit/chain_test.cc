#include "audit/chain.h"

#include <catch2/catch_test_macros.hpp>

namespace tuition::audit {

TEST_CASE("entries that differ anywhere have different hashes") {
  const Entry entry{.at = {1000}, .action = "a", .target_type = "user", .target_id = "1", .description = "b"};
  const auto hash = chain_hash(1, "", entry);
  CHECK(hash.size() == 64);
  CHECK(chain_hash(1, "", entry) == hash);
  CHECK(chain_hash(2, "", entry) != hash);
  CHECK(chain_hash(1, hash, entry) != hash);

  std::vector<Entry> others(11, entry);
  others[0].at.ms = 1001;
  others[1].action = "b";
  others[2].category = Category::error;
  others[3].severity = Severity::critical;
  others[4].target_type = "plan";
  others[5].target_id = "2";
  others[6].description = "c";
  others[7].metadata.text = R"({"x":1})";
  others[8].actor.ip = "192.0.2.1";
  others[9].actor.request_id = "r";
  others[10].actor.user = UserId("u");
  for (const auto& other : others) CHECK(chain_hash(1, "", other) != hash);
}

TEST_CASE("a signed hash depends on the key, and a key's name does not give it away") {
  const crypto::HmacKey one(std::string(32, '1'));
  const crypto::HmacKey two(std::string(32, '2'));
  const Entry entry{.action = "a"};
  CHECK(signed_hash(one, 1, "", entry).size() == 64);
  CHECK(signed_hash(one, 1, "", entry) == signed_hash(one, 1, "", entry));
  CHECK(signed_hash(one, 1, "", entry) != signed_hash(two, 1, "", entry));
  CHECK(signed_hash(one, 1, "", entry) != signed_hash(one, 2, "", entry));
  CHECK(signed_hash(one, 1, "", entry) != chain_hash(1, "", entry));
  CHECK(key_id_of(one).size() == 16);
  CHECK(key_id_of(one) != key_id_of(two));
}

TEST_CASE("text that moves from one member to the next changes the hash") {
  const Entry one{.target_type = "ab", .target_id = "c"};
  const Entry two{.target_type = "a", .target_id = "bc"};
  CHECK(canonical_text(1, "", one) != canonical_text(1, "", two));
}

}  // namespace tuition::audit
