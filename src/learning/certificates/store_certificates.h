#pragma once

#include <optional>
#include <string>
#include <vector>

#include "learning/types.h"
#include "platform/base/caller.h"
#include "platform/storage/database.h"

// The statements about certificates.
namespace tuition::learning::store {

std::optional<Certificate> certificate_of(ReadTx& tx, const UserId& user, const catalogue::CourseId& course);
std::vector<Certificate> certificates_of(ReadTx& tx, const UserId& user);  // the newest first
// Public: whoever has the serial.
std::optional<Certificate> certificate_by_serial(ReadTx& tx, const std::string& serial);
void insert_certificate(WriteTx& tx, const Certificate& certificate);
// False when it is revoked already.
bool revoke_certificate(WriteTx& tx, const Caller& caller, const CertificateId& id, const std::string& reason,
                        Instant now);
void forget_certificates(WriteTx& tx, const UserId& user);

}  // namespace tuition::learning::store
