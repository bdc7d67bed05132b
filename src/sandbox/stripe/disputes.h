#pragma once

#include "sandbox/stripe/account.h"

namespace tuition::sandbox::stripe {

// A buyer's bank doubts a payment, and decides. The money leaves at once and comes back when the school wins; while it
// only asks (an inquiry) nothing moves.

enum class Doubt { chargeback, inquiry };
enum class Verdict { won, lost };

// `payment` is the id of a payment intent, a charge or an invoice. An Error when it did not go through, or is doubted
// already.
Result<Json> open_dispute(Account& account, const std::string& payment, Doubt doubt);
// Of the newest dispute about the payment, or of the dispute of that id. An inquiry is closed whatever the verdict. An
// Error when there is none, or it is over.
Result<Json> decide_dispute(Account& account, const std::string& payment, Verdict verdict);

// Evidence with submit=true goes to the bank, which takes `winning_evidence` and `losing_evidence` in
// uncategorized_text for what they say; any other text waits for a verdict.
Result<Json> update_dispute(Account& account, const std::string& id, const Json& given);
// The school gives in.
Result<Json> close_dispute(Account& account, const std::string& id);

// The newest dispute about a charge; null where there is none.
const Json* dispute_of(Account& account, const std::string& charge);
bool waits_for_verdict(const Json& dispute);
// Whether the bank has the money, or may take it: such a charge cannot be refunded.
bool holds_money(const Json& dispute);

}  // namespace tuition::sandbox::stripe
