// SPDX-License-Identifier: Apache-2.0
//
// Members that come, go and move.
#include <tests/contract/matrix.hpp>

namespace structwire::contract::matrix {
namespace {

using enum Outcome;

namespace base {
struct Plain {
  std::int64_t id;
  std::string name;
};
struct Strict {
  std::int64_t id;
  std::string name;
  using wire = Rules<forbid_unknown_fields>;
};
struct WithDefault {
  std::int64_t id;
  std::string name;
  std::int64_t rank = 5;
  using wire = Rules<defaulted_from<&WithDefault::rank>>;
};
struct WithRequired {
  std::int64_t id;
  std::string name;
  std::int64_t rank;
};
}  // namespace base

void added_or_removed_last(Matrix& matrix) {
  using namespace base;
  {
    Change<Plain, WithDefault> change(matrix, "add field with default, last");
    change.backward("", {1, "a"}, WithDefault{1, "a", 5}, everywhere(ok));
    change.forward("", {1, "a", 6}, Plain{1, "a"}, everywhere(ok));
  }
  {
    Change<Strict, WithDefault> change(matrix, "add field with default, last");
    change.backward("old forbids unknown", {1, "a"}, WithDefault{1, "a", 5}, everywhere(ok));
    change.forward("old forbids unknown", {1, "a", 6}, Strict{1, "a"}, everywhere(error));
  }
  {
    Change<Plain, WithRequired> change(matrix, "add required field");
    change.backward("", {1, "a"}, nothing, everywhere(error));
    change.forward("", {1, "a", 6}, Plain{1, "a"}, everywhere(ok));
  }
  {
    Change<WithDefault, Plain> change(matrix, "remove field that had a default");
    change.backward("last, reader ignores unknown", {1, "a", 6}, Plain{1, "a"}, everywhere(ok));
    change.forward("last", {1, "a"}, WithDefault{1, "a", 5}, everywhere(ok));
  }
  {
    Change<WithDefault, Strict> change(matrix, "remove field that had a default");
    change.backward("last, reader forbids unknown", {1, "a", 6}, Strict{1, "a"}, everywhere(error));
    change.forward("last, reader forbids unknown", {1, "a"}, WithDefault{1, "a", 5}, everywhere(ok));
  }
  {
    Change<WithRequired, Plain> change(matrix, "remove required field");
    change.backward("last, reader ignores unknown", {1, "a", 6}, Plain{1, "a"}, everywhere(ok));
    change.forward("last", {1, "a"}, nothing, everywhere(error));
  }
  {
    Change<WithRequired, Strict> change(matrix, "remove required field");
    change.backward("last, reader forbids unknown", {1, "a", 6}, Strict{1, "a"}, everywhere(error));
  }
}

namespace inside {
struct Two {
  std::int64_t a;
  std::int64_t c = 0;
  using wire = Rules<defaulted_from<&Two::c>>;
};
struct Three {
  std::int64_t a;
  std::int64_t b = 0;
  std::int64_t c = 0;
  using wire = Rules<defaulted_from<&Three::b>>;
};
struct TwoOfTypes {
  std::int64_t a;
  std::string c;
  using wire = Rules<defaulted_from<&TwoOfTypes::c>>;
};
struct ThreeOfTypes {
  std::int64_t a;
  std::int64_t b = 0;
  std::string c;
  using wire = Rules<defaulted_from<&ThreeOfTypes::b>>;
};
struct TwoRequired {
  std::int64_t a;
  std::int64_t c;
};
struct ThreeRequired {
  std::int64_t a;
  std::int64_t b;
  std::int64_t c;
};
}  // namespace inside

void added_or_removed_inside(Matrix& matrix) {
  using namespace inside;
  {
    Change<Two, Three> change(matrix, "add field with default, in the middle");
    change.backward("the types fit", {1, 9}, Three{1, 0, 9}, by_layout(ok, silent));
    change.forward("the types fit", {1, 2, 9}, Two{1, 9}, by_layout(ok, silent));
  }
  {
    Change<TwoOfTypes, ThreeOfTypes> change(matrix, "add field with default, in the middle");
    change.backward("the types do not fit", {1, "x"}, ThreeOfTypes{1, 0, "x"}, by_layout(ok, error));
    change.forward("the types do not fit", {1, 2, "x"}, TwoOfTypes{1, "x"}, by_layout(ok, error));
  }
  {
    Change<Three, Two> change(matrix, "remove field that had a default");
    change.backward("not last", {1, 2, 9}, Two{1, 9}, by_layout(ok, silent));
    change.forward("not last", {1, 9}, Three{1, 0, 9}, by_layout(ok, silent));
  }
  {
    Change<ThreeRequired, TwoRequired> change(matrix, "remove required field");
    change.backward("not last", {1, 2, 9}, TwoRequired{1, 9}, by_layout(ok, silent));
    change.forward("not last", {1, 9}, nothing, everywhere(error));
  }
}

namespace order {
struct Old {
  std::int64_t a;
  std::int64_t b;
};
struct New {
  std::int64_t b;
  std::int64_t a;
};
struct OldOfTypes {
  std::int64_t a;
  std::string b;
};
struct NewOfTypes {
  std::string b;
  std::int64_t a;
};
}  // namespace order

void reordered(Matrix& matrix) {
  using namespace order;
  {
    Change<Old, New> change(matrix, "reorder");
    change.backward("the types coincide", {1, 2}, New{2, 1}, by_layout(ok, silent));
    change.forward("the types coincide", {2, 1}, Old{1, 2}, by_layout(ok, silent));
  }
  {
    Change<OldOfTypes, NewOfTypes> change(matrix, "reorder");
    change.backward("the types differ", {1, "x"}, NewOfTypes{"x", 1}, by_layout(ok, error));
    change.forward("the types differ", {"x", 1}, OldOfTypes{1, "x"}, by_layout(ok, error));
  }
}

void forbidden(Matrix& matrix) {
  using namespace base;
  {
    Change<Plain, Strict> change(matrix, "unknown policy ignore to forbid");
    change.backward("nothing unknown", {1, "a"}, Strict{1, "a"}, everywhere(ok));
    change.forward("nothing unknown", {1, "a"}, Plain{1, "a"}, everywhere(ok));
  }
  {
    // Data of a peer that writes one field more, which the old reader passed over.
    Change<WithRequired, Strict> change(matrix, "unknown policy ignore to forbid");
    change.backward("an extra field", {1, "a", 6}, Strict{1, "a"}, everywhere(error));
  }
}

}  // namespace

void member_changes(Matrix& matrix) {
  added_or_removed_last(matrix);
  added_or_removed_inside(matrix);
  reordered(matrix);
  forbidden(matrix);
}

}  // namespace structwire::contract::matrix
