#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tuition::http {

// An IP address; IPv4 is kept in its mapped form, so that both compare alike.
struct Address {
  std::array<std::uint8_t, 16> bytes{};
  bool v4 = false;

  static std::optional<Address> parse(std::string_view text);  // brackets and a zone are taken off
  // What a limit counts: the address, or of IPv6 the first 64 bits, which one person has at will.
  std::string limit_key() const;
  std::string text() const;
  bool is_loopback() const;
  bool operator==(const Address&) const = default;
};

// A set of networks: "10.0.0.0/8", "::1", "fc00::/7", "local" for loopback and the private ranges, "unix" for peers on
// a unix socket.
class Networks {
 public:
  // Those that do not parse are left out and named in `problems`.
  static Networks parse(const std::vector<std::string>& texts, std::vector<std::string>* problems = nullptr);
  bool contains(const Address& address) const;
  bool contains_unix() const { return unix_; }
  bool contains_peer(std::string_view peer) const;  // an address as text, or "unix"
  bool empty() const { return networks_.empty() && !unix_; }

 private:
  struct Network {
    Address base;
    int bits = 128;
  };
  void add(const Address& base, int bits) { networks_.push_back({base, bits}); }
  std::vector<Network> networks_{};
  bool unix_ = false;
};

}  // namespace tuition::http
