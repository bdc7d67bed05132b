#pragma once

#include <string>
#include <string_view>

namespace tuition::outbound {

// The PEM text of the authorities this machine trusts: the file that SSL_CERT_FILE names, else the host's bundle where
// there is one, else `embedded`.
std::string trusted_authorities(std::string_view embedded);

}  // namespace tuition::outbound
