#pragma once

// Everything we say to people, one struct per kind of message. Its fields are what the template may show; its words
// stand in templates/<name>.txt and templates/<name>.html. In every message `name` is how the person is addressed and
// may be empty. Links are made by the template from the site's own address, so a message carries only tokens and ids.

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "outreach/types.h"

namespace tuition::outreach {

// --- accounts -------------------------------------------------------------------------------------------------------

struct VerifyEmail {
  static constexpr MessageKind kind{"verify_email", "Asks a new person to confirm their address."};
  std::string name{};
  std::string token{};
  std::int64_t hours_valid = 48;
};
constexpr auto fields_of(const VerifyEmail*) {
  return table("verify_email", field("name", &VerifyEmail::name, "How the person is addressed."),
               field("token", &VerifyEmail::token, "The one-time token of the link."),
               field("hoursValid", &VerifyEmail::hours_valid, "How long the link works, in hours."));
}

struct Welcome {
  static constexpr MessageKind kind{"welcome", "Greets a new person and shows where to begin."};
  std::string name{};
};
constexpr auto fields_of(const Welcome*) {
  return table("welcome", field("name", &Welcome::name, "How the person is addressed."));
}

struct AddressTaken {
  static constexpr MessageKind kind{"address_taken",
                                    "Tells the owner of an address that somebody tried to sign up with it."};
  std::string name{};
};
constexpr auto fields_of(const AddressTaken*) {
  return table("address_taken", field("name", &AddressTaken::name, "How the person is addressed."));
}

struct PasswordReset {
  static constexpr MessageKind kind{"password_reset", "Lets somebody who forgot their password choose a new one."};
  std::string name{};
  std::string token{};
  std::int64_t minutes_valid = 60;
};
constexpr auto fields_of(const PasswordReset*) {
  return table("password_reset", field("name", &PasswordReset::name, "How the person is addressed."),
               field("token", &PasswordReset::token, "The one-time token of the link."),
               field("minutesValid", &PasswordReset::minutes_valid, "How long the link works, in minutes."));
}

struct PasswordChanged {
  static constexpr MessageKind kind{"password_changed", "Tells somebody that their password is another now."};
  std::string name{};
  std::string device{};
  std::string ip{};
};
constexpr auto fields_of(const PasswordChanged*) {
  return table("password_changed", field("name", &PasswordChanged::name, "How the person is addressed."),
               field("device", &PasswordChanged::device, "With what it was done, in words; empty: at the school."),
               field("ip", &PasswordChanged::ip, "From which address it was done."));
}

struct AddressConfirm {
  static constexpr MessageKind kind{"address_confirm", "Asks whether a new address is the person's own."};
  std::string name{};
  std::string token{};
  std::int64_t hours_valid = 48;
};
constexpr auto fields_of(const AddressConfirm*) {
  return table("address_confirm", field("name", &AddressConfirm::name, "How the person is addressed."),
               field("token", &AddressConfirm::token, "The one-time token of the link."),
               field("hoursValid", &AddressConfirm::hours_valid, "How long the link works, in hours."));
}

struct AddressChangeAsked {
  static constexpr MessageKind kind{"address_change_asked",
                                    "Tells the address in use that another one was asked for in its place."};
  std::string name{};
  std::string email{};
  std::string device{};
  std::string ip{};
};
constexpr auto fields_of(const AddressChangeAsked*) {
  return table("address_change_asked", field("name", &AddressChangeAsked::name, "How the person is addressed."),
               field("email", &AddressChangeAsked::email, "The new address."),
               field("device", &AddressChangeAsked::device, "With what it was done, in words."),
               field("ip", &AddressChangeAsked::ip, "From which address it was done."));
}

struct AddressChanged {
  static constexpr MessageKind kind{"address_changed", "Tells the former address that the account goes by another."};
  std::string name{};
  std::string email{};
};
constexpr auto fields_of(const AddressChanged*) {
  return table("address_changed", field("name", &AddressChanged::name, "How the person is addressed."),
               field("email", &AddressChanged::email, "The new address."));
}

struct AddressWanted {
  static constexpr MessageKind kind{"address_wanted",
                                    "Tells the owner of an address that another account asked to go by it."};
  std::string name{};
};
constexpr auto fields_of(const AddressWanted*) {
  return table("address_wanted", field("name", &AddressWanted::name, "How the person is addressed."));
}

struct SessionStopped {
  static constexpr MessageKind kind{"session_stopped", "Tells somebody that a session of theirs may have been copied."};
  std::string name{};
  std::string device{};
  std::string ip{};
};
constexpr auto fields_of(const SessionStopped*) {
  return table("session_stopped", field("name", &SessionStopped::name, "How the person is addressed."),
               field("device", &SessionStopped::device, "Where it was signed in, in words."),
               field("ip", &SessionStopped::ip, "From which address the copy came."));
}

struct Invitation {
  static constexpr MessageKind kind{"invitation", "Invites somebody whom the school has added to choose a password."};
  std::string name{};
  std::string token{};
  std::int64_t days_valid = 7;
};
constexpr auto fields_of(const Invitation*) {
  return table("invitation", field("name", &Invitation::name, "How the person is addressed."),
               field("token", &Invitation::token, "The one-time token of the link."),
               field("daysValid", &Invitation::days_valid, "How long the link works, in days."));
}

struct RoleChanged {
  static constexpr MessageKind kind{"role_changed", "Tells somebody that an administrator changed what they may do."};
  std::string name{};
  std::string role{};
};
constexpr auto fields_of(const RoleChanged*) {
  return table("role_changed", field("name", &RoleChanged::name, "How the person is addressed."),
               field("role", &RoleChanged::role, "What they are from now on."));
}

struct AccountDisabled {
  static constexpr MessageKind kind{"account_disabled", "Tells somebody that their account was disabled."};
  std::string name{};
};
constexpr auto fields_of(const AccountDisabled*) {
  return table("account_disabled", field("name", &AccountDisabled::name, "How the person is addressed."));
}

struct AccountEnabled {
  static constexpr MessageKind kind{"account_enabled", "Tells somebody that their account works again."};
  std::string name{};
};
constexpr auto fields_of(const AccountEnabled*) {
  return table("account_enabled", field("name", &AccountEnabled::name, "How the person is addressed."));
}

struct AccountRemoved {
  static constexpr MessageKind kind{"account_removed", "Confirms that an account was removed, and says what remains."};
  std::string name{};
};
constexpr auto fields_of(const AccountRemoved*) {
  return table("account_removed", field("name", &AccountRemoved::name, "How the person is addressed."));
}

struct MfaEnabled {
  static constexpr MessageKind kind{"mfa_enabled", "Says that signing in takes a second step from now on."};
  std::string name{};
};
constexpr auto fields_of(const MfaEnabled*) {
  return table("mfa_enabled", field("name", &MfaEnabled::name, "How the person is addressed."));
}

struct MfaDisabled {
  static constexpr MessageKind kind{"mfa_disabled", "Warns that signing in takes the password alone from now on."};
  std::string name{};
};
constexpr auto fields_of(const MfaDisabled*) {
  return table("mfa_disabled", field("name", &MfaDisabled::name, "How the person is addressed."));
}

struct MfaReset {
  static constexpr MessageKind kind{"mfa_reset", "Tells somebody that the school removed their second step."};
  std::string name{};
};
constexpr auto fields_of(const MfaReset*) {
  return table("mfa_reset", field("name", &MfaReset::name, "How the person is addressed."));
}

struct RecoveryCodesRenewed {
  static constexpr MessageKind kind{"recovery_codes_renewed", "Says that new recovery codes were made."};
  std::string name{};
};
constexpr auto fields_of(const RecoveryCodesRenewed*) {
  return table("recovery_codes_renewed", field("name", &RecoveryCodesRenewed::name, "How the person is addressed."));
}

struct RecoveryCodeUsed {
  static constexpr MessageKind kind{"recovery_code_used", "Says that a recovery code was used, and how many are left."};
  std::string name{};
  std::int64_t left = 0;
};
constexpr auto fields_of(const RecoveryCodeUsed*) {
  return table("recovery_code_used", field("name", &RecoveryCodeUsed::name, "How the person is addressed."),
               field("left", &RecoveryCodeUsed::left, "How many are left."));
}

struct SecondStepRefused {
  static constexpr MessageKind kind{"second_step_refused", "Warns that somebody had the password but no code."};
  std::string name{};
};
constexpr auto fields_of(const SecondStepRefused*) {
  return table("second_step_refused", field("name", &SecondStepRefused::name, "How the person is addressed."));
}

struct ApiKeyMade {
  static constexpr MessageKind kind{"api_key_made", "Says that a key for programs was made."};
  std::string name{};
  std::string key_name{};
};
constexpr auto fields_of(const ApiKeyMade*) {
  return table("api_key_made", field("name", &ApiKeyMade::name, "How the person is addressed."),
               field("keyName", &ApiKeyMade::key_name, "What the key was named."));
}

// --- billing --------------------------------------------------------------------------------------------------------

struct SubscriptionStarted {
  static constexpr MessageKind kind{"subscription_started", "Confirms a new subscription and says what happens next."};
  std::string name{};
  std::string plan_name{};
  std::string price{};  // "12.00 USD per month"
  std::optional<Day> trial_ends_on{};
  std::optional<Day> next_charge_on{};
};
constexpr auto fields_of(const SubscriptionStarted*) {
  return table(
      "subscription_started", field("name", &SubscriptionStarted::name, "How the person is addressed."),
      field("planName", &SubscriptionStarted::plan_name, "The plan's name."),
      field("price", &SubscriptionStarted::price, "What it costs, in words."),
      field("trialEndsOn", &SubscriptionStarted::trial_ends_on, "The last day of the free trial, if there is one."),
      field("nextChargeOn", &SubscriptionStarted::next_charge_on, "The day of the next payment, if one follows."));
}

struct TrialEnding {
  static constexpr MessageKind kind{"trial_ending", "Says that a free trial is about to end and what follows."};
  std::string name{};
  std::string plan_name{};
  std::string price{};  // "12.00 USD per month"; empty: nothing is charged
  Day trial_ends_on{};
};
constexpr auto fields_of(const TrialEnding*) {
  return table("trial_ending", field("name", &TrialEnding::name, "How the person is addressed."),
               field("planName", &TrialEnding::plan_name, "The plan's name."),
               field("price", &TrialEnding::price, "What it costs then, in words; empty when it ends with the trial."),
               field("trialEndsOn", &TrialEnding::trial_ends_on, "The last day of the free trial."));
}

struct PaymentReceived {
  static constexpr MessageKind kind{"payment_received", "Thanks for a payment and serves as its receipt."};
  std::string name{};
  std::string plan_name{};
  std::string amount{};  // "12.00 USD"
  Day paid_on{};
  std::optional<Day> next_charge_on{};
  std::string reference{};
};
constexpr auto fields_of(const PaymentReceived*) {
  return table("payment_received", field("name", &PaymentReceived::name, "How the person is addressed."),
               field("planName", &PaymentReceived::plan_name, "What was paid for."),
               field("amount", &PaymentReceived::amount, "How much, with its currency."),
               field("paidOn", &PaymentReceived::paid_on, "The day of the payment."),
               field("nextChargeOn", &PaymentReceived::next_charge_on, "The day of the next payment, if one follows."),
               field("reference", &PaymentReceived::reference, "The payment's number, to quote in questions."));
}

struct PaymentFailed {
  static constexpr MessageKind kind{"payment_failed",
                                    "Says that a payment did not go through and how to put it right."};
  std::string name{};
  std::string plan_name{};
  std::string amount{};
  std::optional<Day> retry_on{};
  std::optional<Day> access_until{};
  std::optional<Day> last_try_on{};
  std::optional<std::string> pay_at{};
};
constexpr auto fields_of(const PaymentFailed*) {
  return table("payment_failed", field("name", &PaymentFailed::name, "How the person is addressed."),
               field("planName", &PaymentFailed::plan_name, "What was to be paid."),
               field("amount", &PaymentFailed::amount, "How much, with its currency."),
               field("retryOn", &PaymentFailed::retry_on, "The day of the next attempt, if there is one."),
               field("accessUntil", &PaymentFailed::access_until, "Until when lessons stay open meanwhile."),
               field("lastTryOn", &PaymentFailed::last_try_on, "The day of this try, when no other follows."),
               field("payAt", &PaymentFailed::pay_at, "The provider's page of that invoice, where it has one."));
}

struct OrderReminder {
  static constexpr MessageKind kind{"order_reminder", "Reminds somebody once of an order that they did not pay.",
                                    Channel::email, Unsubscribe::allowed};
  std::string name{};
  std::string item_name{};
  std::optional<std::string> plan_id{};
};
constexpr auto fields_of(const OrderReminder*) {
  return table("order_reminder", field("name", &OrderReminder::name, "How the person is addressed."),
               field("itemName", &OrderReminder::item_name, "What was ordered."),
               field("planId", &OrderReminder::plan_id, "The plan, for the link; none for what is paid once."));
}

struct OrderFailed {
  static constexpr MessageKind kind{"order_failed",
                                    "Says that a payment that was on its way for an order did not arrive."};
  std::string name{};
  std::string item_name{};
};
constexpr auto fields_of(const OrderFailed*) {
  return table("order_failed", field("name", &OrderFailed::name, "How the person is addressed."),
               field("itemName", &OrderFailed::item_name, "What was ordered."));
}

struct SubscriptionCancelled {
  static constexpr MessageKind kind{"subscription_cancelled", "Confirms that a subscription will not renew."};
  std::string name{};
  std::string plan_name{};
  std::optional<Day> access_until{};
};
constexpr auto fields_of(const SubscriptionCancelled*) {
  return table("subscription_cancelled", field("name", &SubscriptionCancelled::name, "How the person is addressed."),
               field("planName", &SubscriptionCancelled::plan_name, "The plan's name."),
               field("accessUntil", &SubscriptionCancelled::access_until, "The last day of access, if it goes on."));
}

struct SubscriptionEnded {
  static constexpr MessageKind kind{"subscription_ended", "Says that a subscription has ended and what remains."};
  std::string name{};
  std::string plan_name{};
};
constexpr auto fields_of(const SubscriptionEnded*) {
  return table("subscription_ended", field("name", &SubscriptionEnded::name, "How the person is addressed."),
               field("planName", &SubscriptionEnded::plan_name, "The plan's name."));
}

struct PlanChanged {
  static constexpr MessageKind kind{"plan_changed", "Confirms a change of plan and says what it costs from now on."};
  std::string name{};
  std::string old_plan_name{};
  std::string plan_name{};
  std::string price{};  // "24.00 USD per month"
  std::optional<Day> next_charge_on{};
};
constexpr auto fields_of(const PlanChanged*) {
  return table("plan_changed", field("name", &PlanChanged::name, "How the person is addressed."),
               field("oldPlanName", &PlanChanged::old_plan_name, "The plan until now."),
               field("planName", &PlanChanged::plan_name, "The plan from now on."),
               field("price", &PlanChanged::price, "What it costs, in words."),
               field("nextChargeOn", &PlanChanged::next_charge_on, "The day of the next payment, if one follows."));
}

struct PaymentRefunded {
  static constexpr MessageKind kind{"payment_refunded", "Says that money is on its way back."};
  std::string name{};
  std::string plan_name{};
  std::string amount{};
};
constexpr auto fields_of(const PaymentRefunded*) {
  return table("payment_refunded", field("name", &PaymentRefunded::name, "How the person is addressed."),
               field("planName", &PaymentRefunded::plan_name, "What had been paid for."),
               field("amount", &PaymentRefunded::amount, "How much comes back, with its currency."));
}

struct PlanGiven {
  static constexpr MessageKind kind{"plan_given", "Tells somebody that the school opened a plan to them for nothing."};
  std::string name{};
  std::string plan_name{};
  Day until{};
};
constexpr auto fields_of(const PlanGiven*) {
  return table("plan_given", field("name", &PlanGiven::name, "How the person is addressed."),
               field("planName", &PlanGiven::plan_name, "The plan's name."),
               field("until", &PlanGiven::until, "The day it ends."));
}

struct PurchaseCompleted {
  static constexpr MessageKind kind{"purchase_completed",
                                    "Thanks for something bought once and serves as its receipt."};
  std::string name{};
  std::string product_name{};
  std::string amount{};
  Day paid_on{};
  std::optional<Day> access_until{};
  std::string reference{};
};
constexpr auto fields_of(const PurchaseCompleted*) {
  return table("purchase_completed", field("name", &PurchaseCompleted::name, "How the person is addressed."),
               field("productName", &PurchaseCompleted::product_name, "What was bought."),
               field("amount", &PurchaseCompleted::amount, "How much, with its currency."),
               field("paidOn", &PurchaseCompleted::paid_on, "The day of the payment."),
               field("accessUntil", &PurchaseCompleted::access_until, "Until when it is open; none: for good."),
               field("reference", &PurchaseCompleted::reference, "The payment's number, to quote in questions."));
}

struct PaymentThanks {
  static constexpr MessageKind kind{"payment_thanks", "Thanks for a payment of an amount and serves as its receipt."};
  std::string name{};
  std::string item_name{};
  std::string amount{};
  Day paid_on{};
  std::string reference{};
};
constexpr auto fields_of(const PaymentThanks*) {
  return table("payment_thanks", field("name", &PaymentThanks::name, "How the person is addressed."),
               field("itemName", &PaymentThanks::item_name, "What it was for, if that was said."),
               field("amount", &PaymentThanks::amount, "How much, with its currency."),
               field("paidOn", &PaymentThanks::paid_on, "The day of the payment."),
               field("reference", &PaymentThanks::reference, "The payment's number, to quote in questions."));
}

struct RenewalDue {
  static constexpr MessageKind kind{"renewal_due", "Asks somebody who pays each period by hand to pay the next one."};
  std::string name{};
  std::string plan_name{};
  std::string plan_id{};
  std::string amount{};
  Day due_on{};
  std::optional<Day> access_until{};
};
constexpr auto fields_of(const RenewalDue*) {
  return table("renewal_due", field("name", &RenewalDue::name, "How the person is addressed."),
               field("planName", &RenewalDue::plan_name, "The plan's name."),
               field("planId", &RenewalDue::plan_id, "The plan, for the link."),
               field("amount", &RenewalDue::amount, "How much is due, with its currency."),
               field("dueOn", &RenewalDue::due_on, "The day the paid period ends."),
               field("accessUntil", &RenewalDue::access_until, "Until when lessons stay open, once it is over."));
}

struct ManualPaymentRejected {
  static constexpr MessageKind kind{"manual_payment_rejected", "Says that a payment made by hand was not found."};
  std::string name{};
  std::string item_name{};
  std::string amount{};
  std::string reference{};
  std::optional<std::string> note{};
};
constexpr auto fields_of(const ManualPaymentRejected*) {
  return table("manual_payment_rejected", field("name", &ManualPaymentRejected::name, "How the person is addressed."),
               field("itemName", &ManualPaymentRejected::item_name, "What was to be paid for."),
               field("amount", &ManualPaymentRejected::amount, "How much, with its currency."),
               field("reference", &ManualPaymentRejected::reference, "The payment's number."),
               field("note", &ManualPaymentRejected::note, "What the school says about it."));
}

struct DuplicateUndone {
  static constexpr MessageKind kind{"duplicate_undone",
                                    "Says that something bought a second time by mistake was cancelled and refunded."};
  std::string name{};
  std::string item_name{};
  std::optional<std::string> amount{};
};
constexpr auto fields_of(const DuplicateUndone*) {
  return table(
      "duplicate_undone", field("name", &DuplicateUndone::name, "How the person is addressed."),
      field("itemName", &DuplicateUndone::item_name, "What was bought a second time."),
      field("amount", &DuplicateUndone::amount, "What comes back, with its currency; none: nothing was paid."));
}

// --- learning -------------------------------------------------------------------------------------------------------

struct CourseFinished {
  static constexpr MessageKind kind{"course_finished", "Congratulates on a finished course.", Channel::email,
                                    Unsubscribe::allowed};
  std::string name{};
  std::string course_title{};
};
constexpr auto fields_of(const CourseFinished*) {
  return table("course_finished", field("name", &CourseFinished::name, "How the person is addressed."),
               field("courseTitle", &CourseFinished::course_title, "The course's title."));
}

struct CertificateIssued {
  static constexpr MessageKind kind{"certificate_issued",
                                    "Hands over a certificate: its number and where it is checked."};
  std::string name{};
  std::string course_title{};
  std::string serial{};
};
constexpr auto fields_of(const CertificateIssued*) {
  return table("certificate_issued", field("name", &CertificateIssued::name, "How the person is addressed."),
               field("courseTitle", &CertificateIssued::course_title, "The course that was finished."),
               field("serial", &CertificateIssued::serial, "The certificate's number."));
}

struct CertificateRevoked {
  static constexpr MessageKind kind{"certificate_revoked", "Says that a certificate was taken back, and why."};
  std::string name{};
  std::string course_title{};
  std::string serial{};
  std::string reason{};
};
constexpr auto fields_of(const CertificateRevoked*) {
  return table("certificate_revoked", field("name", &CertificateRevoked::name, "How the person is addressed."),
               field("courseTitle", &CertificateRevoked::course_title, "The course it was for."),
               field("serial", &CertificateRevoked::serial, "The certificate's number."),
               field("reason", &CertificateRevoked::reason, "Why."));
}

struct CourseGiven {
  static constexpr MessageKind kind{"course_given", "Tells somebody that the school opened a course to them."};
  std::string name{};
  std::string course_title{};
  std::string course_slug{};
  std::optional<Day> until{};
};
constexpr auto fields_of(const CourseGiven*) {
  return table("course_given", field("name", &CourseGiven::name, "How the person is addressed."),
               field("courseTitle", &CourseGiven::course_title, "The course's title."),
               field("courseSlug", &CourseGiven::course_slug, "Its name in addresses."),
               field("until", &CourseGiven::until, "The day it closes; none: it stays open."));
}

// --- The catalogue ---------------------------------------------------------------------------------------------------

struct Listed {
  const MessageKind* kind;
  const Shape* fields;
};

template <class... M>
std::array<Listed, sizeof...(M)> listed() {
  return {Listed{&M::kind, &shape_of<M>()}...};
}

// Every kind there is: checked against the templates at start, printed by `tuition describe`.
inline auto catalogue() {
  return listed<VerifyEmail, Welcome, AddressTaken, PasswordReset, PasswordChanged, AddressConfirm, AddressChangeAsked,
                AddressChanged, AddressWanted, SessionStopped, Invitation, RoleChanged, AccountDisabled, AccountEnabled,
                AccountRemoved, MfaEnabled, MfaDisabled, MfaReset, RecoveryCodesRenewed, RecoveryCodeUsed,
                SecondStepRefused, ApiKeyMade, SubscriptionStarted, TrialEnding, PaymentReceived, PaymentFailed,
                OrderReminder, OrderFailed, SubscriptionCancelled, SubscriptionEnded, PaymentRefunded, PlanGiven,
                PlanChanged, PurchaseCompleted, DuplicateUndone, PaymentThanks, RenewalDue, ManualPaymentRejected,
                CourseFinished, CertificateIssued, CertificateRevoked, CourseGiven>();
}

}  // namespace tuition::outreach
