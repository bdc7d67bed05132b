#include "catalogue/catalogue.h"

namespace tuition::catalogue {

jobs::Periodics periodics(Catalogue& door) {
  return {
      {.name = "media.sweep",
       .sentence = "Removes uploads that were cut and pictures of people that nobody uses.",
       .period = hours(1),
       .run =
           [&door] {
             sweep_media(door);
             return jobs::Outcome::done();
           }},
  };
}

}  // namespace tuition::catalogue
