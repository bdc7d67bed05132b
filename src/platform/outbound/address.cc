#include "platform/outbound/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <cstring>

namespace tuition::outbound {
namespace {

using Six = std::array<std::uint8_t, 16>;

struct Block4 {
  std::uint32_t base;
  int bits;
};

constexpr std::uint32_t four(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
  return a << 24 | b << 16 | c << 8 | d;
}

// IANA IPv4 Special-Purpose Address Registry, and multicast.
constexpr std::array<Block4, 16> special4{{{four(0, 0, 0, 0), 8},
                                           {four(10, 0, 0, 0), 8},
                                           {four(100, 64, 0, 0), 10},
                                           {four(127, 0, 0, 0), 8},
                                           {four(169, 254, 0, 0), 16},
                                           {four(172, 16, 0, 0), 12},
                                           {four(192, 0, 0, 0), 24},
                                           {four(192, 0, 2, 0), 24},
                                           {four(192, 31, 196, 0), 24},
                                           {four(192, 52, 193, 0), 24},
                                           {four(192, 88, 99, 0), 24},
                                           {four(192, 168, 0, 0), 16},
                                           {four(198, 18, 0, 0), 15},
                                           {four(198, 51, 100, 0), 24},
                                           {four(203, 0, 113, 0), 24},
                                           {four(224, 0, 0, 0), 3}}};

bool in(std::uint32_t address, Block4 block) { return (address ^ block.base) >> (32 - block.bits) == 0; }

bool is_public4(std::uint32_t address) {
  for (const Block4 block : special4)
    if (in(address, block)) return false;
  return true;
}

std::uint32_t word(const Six& bytes, std::size_t at) {
  return four(bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]);
}

bool starts_with(const Six& bytes, std::initializer_list<std::uint8_t> prefix) {
  return std::memcmp(bytes.data(), std::data(prefix), prefix.size()) == 0;
}

bool is_mapped(const Six& bytes) { return starts_with(bytes, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}); }

// Only what is given out as global unicast, less the parts of it that are special or carry an IPv4 address.
bool is_public6(const Six& bytes) {
  if (is_mapped(bytes)) return is_public4(word(bytes, 12));
  if (starts_with(bytes, {0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0})) return is_public4(word(bytes, 12));
  if ((bytes[0] & 0xe0) != 0x20) return false;
  if (starts_with(bytes, {0x20, 0x01, 0x0d, 0xb8})) return false;
  if (starts_with(bytes, {0x20, 0x01}) && bytes[2] < 2) return false;  // 2001::/23: Teredo, ORCHID, benchmarks
  if (starts_with(bytes, {0x20, 0x02})) return is_public4(word(bytes, 2));
  return !starts_with(bytes, {0x3f, 0xff}) || bytes[2] >= 0x10;  // 3fff::/20 is documentation
}

std::uint32_t address4(const sockaddr& address) {
  sockaddr_in four_bytes{};
  std::memcpy(&four_bytes, &address, sizeof four_bytes);
  return ntohl(four_bytes.sin_addr.s_addr);
}

Six address6(const sockaddr& address) {
  sockaddr_in6 whole{};
  std::memcpy(&whole, &address, sizeof whole);
  Six bytes{};
  std::memcpy(bytes.data(), whole.sin6_addr.s6_addr, bytes.size());
  return bytes;
}

}  // namespace

bool is_public(const sockaddr& address) {
  if (address.sa_family == AF_INET) return is_public4(address4(address));
  if (address.sa_family == AF_INET6) return is_public6(address6(address));
  return false;
}

bool is_loopback(const sockaddr& address) {
  if (address.sa_family == AF_INET) return address4(address) >> 24 == 127;
  if (address.sa_family != AF_INET6) return false;
  const Six bytes = address6(address);
  if (is_mapped(bytes)) return bytes[12] == 127;
  Six one{};
  one[15] = 1;
  return bytes == one;
}

std::string to_text(const sockaddr& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address.sa_family == AF_INET) {
    const in_addr raw{htonl(address4(address))};
    ::inet_ntop(AF_INET, &raw, text.data(), text.size());
  } else if (address.sa_family == AF_INET6) {
    const Six bytes = address6(address);
    ::inet_ntop(AF_INET6, bytes.data(), text.data(), text.size());
  }
  return text.data();
}

}  // namespace tuition::outbound
