#include "sandbox/stripe/disputes.h"

#include "sandbox/stripe/params.h"

namespace tuition::sandbox::stripe {
namespace {

constexpr std::int64_t time_to_answer_s = 9 * 86400;

bool is_over(const Json& dispute) {
  const auto status = text_at(dispute, "status");
  return status == "won" || status == "lost" || status == "warning_closed";
}

bool is_inquiry(const Json& dispute) { return text_at(dispute, "status").starts_with("warning_"); }

// The charge behind the id of a payment; empty when it names none.
std::string charge_behind(Account& account, const std::string& payment) {
  if (account.find("charge", payment)) return payment;
  if (const Json* intent = account.find("payment_intent", payment)) return text_at(*intent, "latest_charge");
  for (const auto& each : account.ids("invoice_payment"))
    if (const Json& link = *account.find("invoice_payment", each);
        text_at(link, "invoice") == payment && text_at(link, "status") == "paid")
      return charge_behind(account, text_at(link["payment"], "payment_intent"));
  return {};
}

Json* newest_about(Account& account, const std::string& charge) {
  const auto& ids = account.ids("dispute");
  for (auto each = ids.rbegin(); each != ids.rend(); ++each)
    if (Json* dispute = account.find("dispute", *each); text_at(*dispute, "charge") == charge) return dispute;
  return nullptr;
}

void move_to(Account& account, Json& dispute, std::string_view status) {
  const Json before = former(dispute, {"status"});
  dispute["status"] = status;
  account.emit("charge.dispute.updated", dispute, before);
}

void close(Account& account, Json& dispute, std::string_view status) {
  const Json before = former(dispute, {"status"});
  dispute["status"] = status;
  dispute["evidence_details"]["due_by"] = nullptr;
  dispute["is_charge_refundable"] = status != "lost";
  account.emit("charge.dispute.closed", dispute, before);
  if (status == "won") account.emit("charge.dispute.funds_reinstated", dispute);
}

Result<Json> decide(Account& account, Json& dispute, Verdict verdict) {
  if (is_over(dispute))
    return refusal(Kind::invalid, "", "This dispute is already closed: " + text_at(dispute, "status") + ".");
  close(account, dispute, is_inquiry(dispute) ? "warning_closed" : verdict == Verdict::won ? "won" : "lost");
  return dispute;
}

}  // namespace

const Json* dispute_of(Account& account, const std::string& charge) { return newest_about(account, charge); }

bool waits_for_verdict(const Json& dispute) { return !is_over(dispute); }

bool holds_money(const Json& dispute) { return text_at(dispute, "status") == "lost" || !is_over(dispute); }

Result<Json> open_dispute(Account& account, const std::string& payment, Doubt doubt) {
  const auto charge_id = charge_behind(account, payment);
  Json* charge = account.find("charge", charge_id);
  if (!charge || (*charge)["paid"] != true)
    return refusal(Kind::not_found, "resource_missing", "No such payment that went through: '" + payment + "'");
  if (const Json* before = newest_about(account, charge_id); before && holds_money(*before))
    return refusal(Kind::invalid, "", "This payment is disputed already.");
  const bool asks = doubt == Doubt::inquiry;
  Json& dispute = account.add("dispute", account.new_id("du_1", 23));
  for (const char* each : {"currency", "payment_intent"}) dispute[each] = (*charge)[each];
  dispute["amount"] = (*charge)["amount"];
  dispute["charge"] = charge_id;
  dispute["status"] = asks ? "warning_needs_response" : "needs_response";
  dispute["is_charge_refundable"] = asks;
  dispute["evidence_details"]["due_by"] = account.now_s() + time_to_answer_s;
  dispute["payment_method_details"]["card"]["case_type"] = asks ? "inquiry" : "chargeback";
  (*charge)["disputed"] = true;
  account.emit("charge.dispute.created", dispute);
  if (!asks) account.emit("charge.dispute.funds_withdrawn", dispute);
  return dispute;
}

Result<Json> decide_dispute(Account& account, const std::string& payment, Verdict verdict) {
  Json* dispute = account.find("dispute", payment);
  if (!dispute) dispute = newest_about(account, charge_behind(account, payment));
  if (!dispute) return refusal(Kind::not_found, "resource_missing", "No dispute about the payment: '" + payment + "'");
  return decide(account, *dispute, verdict);
}

Result<Json> update_dispute(Account& account, const std::string& id, const Json& given) {
  using Sort = Param::Sort;
  static const Params table{{"evidence", Sort::known}, {"submit", Sort::boolean}, {"metadata", Sort::metadata}};
  Json& dispute = *TRY(account.need("dispute", id, "id"));
  const Json params = TRY(check_params(given, table));
  if (is_over(dispute)) return refusal(Kind::invalid, "", "This dispute is already closed.");
  merge_metadata(dispute, params);
  if (params.contains("evidence") && params["evidence"].is_object()) {
    for (const auto& [name, value] : params["evidence"].items()) dispute["evidence"][name] = value;
    dispute["evidence_details"]["has_evidence"] = true;
  }
  if (!params.value("submit", true)) {
    account.emit("charge.dispute.updated", dispute);
    return dispute;
  }
  Json& details = dispute["evidence_details"];
  details["submission_count"] = integer_at(details, "submission_count") + 1;
  move_to(account, dispute, is_inquiry(dispute) ? "warning_under_review" : "under_review");
  const auto said = text_at(dispute["evidence"], "uncategorized_text");
  if (said == "winning_evidence") return decide(account, dispute, Verdict::won);
  if (said == "losing_evidence") return decide(account, dispute, Verdict::lost);
  return dispute;
}

Result<Json> close_dispute(Account& account, const std::string& id) {
  return decide(account, *TRY(account.need("dispute", id, "id")), Verdict::lost);
}

}  // namespace tuition::sandbox::stripe
