#include "platform/outbound/address.h"

#include <netdb.h>
#include <sys/socket.h>

#include <catch2/catch_test_macros.hpp>
#include <string>

using namespace tuition::outbound;

namespace {
// Reads a numeric address.
template <class Ask>
auto with(const std::string& text, Ask ask) {
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST;
  addrinfo* found = nullptr;
  REQUIRE(::getaddrinfo(text.c_str(), nullptr, &hints, &found) == 0);
  const auto answer = ask(*found->ai_addr);
  ::freeaddrinfo(found);
  return answer;
}
}  // namespace

TEST_CASE("addresses inside are told from addresses of the internet") {
  for (const char* text : {"127.0.0.1",
                           "127.9.9.9",
                           "0.0.0.0",
                           "10.1.2.3",
                           "172.16.0.1",
                           "172.31.255.255",
                           "192.168.1.1",
                           "169.254.169.254",
                           "100.64.0.1",
                           "192.0.2.1",
                           "198.18.0.1",
                           "203.0.113.9",
                           "224.0.0.1",
                           "240.0.0.1",
                           "255.255.255.255",
                           "::",
                           "::1",
                           "fe80::1",
                           "fc00::1",
                           "fd00:ec2::254",
                           "ff02::1",
                           "::ffff:127.0.0.1",
                           "::ffff:10.0.0.1",
                           "::ffff:169.254.169.254",
                           "64:ff9b::a9fe:a9fe",
                           "2002:7f00:1::",
                           "2001:0:1::1",
                           "2001:db8::1",
                           "3fff::1"}) {
    CAPTURE(text);
    CHECK_FALSE(with(text, is_public));
  }
  for (const char* text : {"1.1.1.1", "8.8.8.8", "172.15.0.1", "172.32.0.1", "100.63.0.1", "100.128.0.1", "192.169.0.1",
                           "198.20.0.1", "223.255.255.255", "2606:4700:4700::1111", "::ffff:8.8.8.8",
                           "2002:808:808::", "64:ff9b::808:808", "2a00:1450:4001::1"}) {
    CAPTURE(text);
    CHECK(with(text, is_public));
  }
}

TEST_CASE("loopback is known in every form") {
  CHECK(with("127.0.0.1", is_loopback));
  CHECK(with("::1", is_loopback));
  CHECK(with("::ffff:127.0.0.1", is_loopback));
  CHECK_FALSE(with("10.0.0.1", is_loopback));
  CHECK_FALSE(with("::2", is_loopback));
}

TEST_CASE("an address is written as people know it") {
  const auto text = [](const sockaddr& address) { return to_text(address); };
  CHECK(with("169.254.169.254", text) == "169.254.169.254");
  CHECK(with("FE80::1", text) == "fe80::1");
}
