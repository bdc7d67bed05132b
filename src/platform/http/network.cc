#include "platform/http/network.h"

#include <arpa/inet.h>

#include <cstring>

#include "platform/base/text.h"

namespace tuition::http {

std::optional<Address> Address::parse(std::string_view text) {
  if (text.size() > 2 && text.front() == '[' && text.back() == ']') text = text.substr(1, text.size() - 2);
  text = text.substr(0, text.find('%'));
  if (text.size() >= INET6_ADDRSTRLEN) return std::nullopt;
  char plain[INET6_ADDRSTRLEN];
  text.copy(plain, text.size());
  plain[text.size()] = 0;
  Address address;
  in_addr four{};
  if (inet_pton(AF_INET, plain, &four) == 1) {
    address.bytes[10] = address.bytes[11] = 0xff;
    std::memcpy(&address.bytes[12], &four, 4);
    address.v4 = true;
    return address;
  }
  if (inet_pton(AF_INET6, plain, address.bytes.data()) != 1) return std::nullopt;
  static constexpr std::uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  address.v4 = std::memcmp(address.bytes.data(), mapped, sizeof mapped) == 0;
  return address;
}

std::string Address::limit_key() const {
  return to_hex(v4 ? std::span(bytes).subspan(12, 4) : std::span(bytes).subspan(0, 8));
}

std::string Address::text() const {
  char out[INET6_ADDRSTRLEN];
  if (v4) return inet_ntop(AF_INET, &bytes[12], out, sizeof out);
  return inet_ntop(AF_INET6, bytes.data(), out, sizeof out);
}

bool Address::is_loopback() const {
  if (v4) return bytes[12] == 127;
  for (std::size_t i = 0; i < 15; ++i)
    if (bytes[i] != 0) return false;
  return bytes[15] == 1;
}

Networks Networks::parse(const std::vector<std::string>& texts, std::vector<std::string>* problems) {
  Networks networks;
  for (const auto& text : texts) {
    if (text == "unix") {
      networks.unix_ = true;
      continue;
    }
    if (text == "local") {
      networks.unix_ = true;
      for (const auto* each :
           {"127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7", "fe80::/10"}) {
        const std::string_view network = each;
        const auto slash = network.find('/');
        const auto base = Address::parse(network.substr(0, slash));
        const auto bits = static_cast<int>(*parse_integer(network.substr(slash + 1)));
        networks.add(*base, base->v4 ? bits + 96 : bits);
      }
      continue;
    }
    const auto slash = text.find('/');
    const auto base = Address::parse(std::string_view(text).substr(0, slash));
    const int widest = base && base->v4 ? 32 : 128;
    std::optional<std::int64_t> bits = widest;
    if (slash != std::string::npos) bits = parse_integer(std::string_view(text).substr(slash + 1));
    if (!base || !bits || *bits < 0 || *bits > widest) {
      if (problems) problems->push_back(text);
      continue;
    }
    networks.add(*base, static_cast<int>(*bits) + (base->v4 ? 96 : 0));
  }
  return networks;
}

bool Networks::contains(const Address& address) const {
  for (const auto& network : networks_) {
    if (network.base.v4 != address.v4 && network.bits > 96) continue;
    const auto whole = static_cast<std::size_t>(network.bits / 8);
    const int rest = network.bits % 8;
    if (std::memcmp(address.bytes.data(), network.base.bytes.data(), whole) != 0) continue;
    if (rest == 0) return true;
    const auto mask = static_cast<std::uint8_t>(0xff << (8 - rest));
    if ((address.bytes[whole] & mask) == (network.base.bytes[whole] & mask)) return true;
  }
  return false;
}

bool Networks::contains_peer(std::string_view peer) const {
  if (peer == "unix") return unix_;
  const auto address = Address::parse(peer);
  return address && contains(*address);
}

}  // namespace tuition::http
