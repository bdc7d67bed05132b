#pragma once

#include <span>
#include <string_view>

#include "platform/base/embedded.h"

// What the build packs into the binary (assets.cmake says from where). Sorted by path.
namespace tuition::app {

std::span<const EmbeddedFile> embedded_site();                // static/dist, the web app; large files compressed only
inline constexpr std::string_view docs_frame = "/docs.html";  // among them: filled in by docs.cc, no page of its own
std::span<const EmbeddedText> embedded_schema();              // schema/NNNN_*.sql, the migrations
std::span<const EmbeddedText> embedded_templates();           // src/outreach/templates
std::span<const EmbeddedText> embedded_words();               // src/accounts, the list of common passwords
std::span<const EmbeddedText> embedded_demo();                // src/cli/demo, the demo school's courses
std::span<const EmbeddedText> embedded_zones();               // one table of time zones, for platform/base/zones.h
std::span<const EmbeddedText> embedded_certificates();        // one bundle, for hosts that have none

}  // namespace tuition::app
