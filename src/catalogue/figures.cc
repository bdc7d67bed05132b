#include "catalogue/figures.h"

#include "catalogue/store.h"

namespace tuition::catalogue {

Counts counts(ReadTx& tx) { return store::counts(tx); }

}  // namespace tuition::catalogue
