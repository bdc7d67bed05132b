#include "platform/outbound/resolver.h"

#include <nss.h>

namespace tuition::outbound {

void resolve_by_files_and_dns() { __nss_configure_lookup("hosts", "files dns"); }

}  // namespace tuition::outbound
