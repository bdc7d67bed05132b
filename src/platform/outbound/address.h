#pragma once

#include <string>

struct sockaddr;

namespace tuition::outbound {

// True for addresses of the public internet only. Loopback, private, link-local (with the clouds' metadata service),
// carrier-grade NAT, documentation, multicast and reserved ranges are not, nor are their forms inside IPv6 (mapped,
// translated, 6to4, Teredo).
bool is_public(const sockaddr& address);
bool is_loopback(const sockaddr& address);
std::string to_text(const sockaddr& address);

}  // namespace tuition::outbound
