#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "learning/types.h"

// Pure: what a certificate says and how it is named.
namespace tuition::learning {

// Sixteen of Crockford's base-32 digits in groups of four, made of 80 random bits: nobody finds one by guessing.
std::string serial_of(std::string_view ten_random_bytes);
// As people type it: any case, with or without hyphens and spaces, O for 0, I and L for 1. None: it is no serial.
std::optional<std::string> read_serial(std::string_view text);

// The bytes that are signed. UTF-8, every line ended by one line feed, in this order and with nothing else:
//
//   tuition certificate 1
//   serial: K7QF-9M2X-4HTD-WZ3B
//   school: <the school's name>
//   name: <the name on the certificate>
//   course: <the course's title>
//   course-id: <its id>
//   issued: 2026-11-20T08:30:00.000Z
//   expires: 2028-11-20T08:30:00.000Z        or: never
//
// A control character inside a value (a line break) stands as a space. Ed25519 (RFC 8032) over these bytes, with the
// key at GET /api/certificates/key, is the signature. What changes later, a revocation, is not in it: only the school
// can tell that.
std::string statement_of(const Certificate& certificate);

bool is_expired(const Certificate& certificate, Instant now);

// 20 November 2026
std::string written_date(Instant at);

}  // namespace tuition::learning
