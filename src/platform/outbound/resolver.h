#pragma once

namespace tuition::outbound {

// Names are looked up in /etc/hosts and DNS, whatever nsswitch.conf says: a static binary cannot load the other
// modules. Once at start, before the first lookup.
void resolve_by_files_and_dns();

}  // namespace tuition::outbound
