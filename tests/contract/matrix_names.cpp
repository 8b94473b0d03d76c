// SPDX-License-Identifier: Apache-2.0
//
// Names on the wire.
#include <tests/contract/matrix.hpp>

namespace structwire::contract::matrix {
namespace {

using enum Outcome;

struct Title {
  std::int64_t id;
  std::string title;
};
struct TitleOrEmpty {
  std::int64_t id;
  std::string title;
  using wire = Rules<defaulted_from<&TitleOrEmpty::title>>;
};
struct Label {
  std::int64_t id;
  std::string label;
};
struct LabelOrEmpty {
  std::int64_t id;
  std::string label;
  using wire = Rules<defaulted_from<&LabelOrEmpty::label>>;
};
struct StrictLabelOrEmpty {
  std::int64_t id;
  std::string label;
  using wire = Rules<defaulted_from<&StrictLabelOrEmpty::label>, forbid_unknown_fields>;
};
struct Pinned {
  std::int64_t id;
  std::string label;
  using wire = Rules<member<&Pinned::label, name<"title">>>;
};
struct PinnedOrEmpty {
  std::int64_t id;
  std::string label;
  using wire = Rules<member<&PinnedOrEmpty::label, name<"title">, defaulted>>;
};
struct Aliased {
  std::int64_t id;
  std::string label;
  using wire = Rules<member<&Aliased::label, alias<"title">>>;
};
struct AliasedOrEmpty {
  std::int64_t id;
  std::string label;
  using wire = Rules<member<&AliasedOrEmpty::label, alias<"title">, defaulted>>;
};

// Both structs are {id, text}: a right migration keeps both.
template <class Old, class New>
void renamed(Matrix& matrix, std::string_view change_name, std::string_view condition, Expected backward, Expected forward) {
  Change<Old, New> change(matrix, change_name);
  change.backward(condition, {1, "a"}, New{1, "a"}, backward);
  change.forward(condition, {1, "a"}, Old{1, "a"}, forward);
}

struct Snake {
  std::int64_t first_name;
  std::string last_name;
};
struct Camel {
  std::int64_t first_name;
  std::string last_name;
  using wire = Rules<rename(NameStyle::camel)>;
};
struct SnakeOrEmpty {
  std::int64_t first_name = 0;
  std::string last_name;
  using wire = Rules<all_defaulted>;
};
struct CamelOrEmpty {
  std::int64_t first_name = 0;
  std::string last_name;
  using wire = Rules<all_defaulted, rename(NameStyle::camel)>;
};

}  // namespace

void name_changes(Matrix& matrix) {
  renamed<Title, Label>(matrix, "rename, nothing else", "required", by_layout(error, ok), by_layout(error, ok));
  renamed<TitleOrEmpty, LabelOrEmpty>(matrix, "rename, nothing else", "has a default", by_layout(silent, ok), by_layout(silent, ok));
  renamed<TitleOrEmpty, StrictLabelOrEmpty>(matrix, "rename, nothing else", "has a default, new forbids unknown",
                                            by_layout(error, ok), by_layout(silent, ok));
  renamed<Title, Pinned>(matrix, "rename, wire name pinned", "required", everywhere(ok), everywhere(ok));
  renamed<TitleOrEmpty, PinnedOrEmpty>(matrix, "rename, wire name pinned", "has a default", everywhere(ok), everywhere(ok));
  renamed<Title, Aliased>(matrix, "rename and read alias", "required", everywhere(ok), by_layout(error, ok));
  renamed<TitleOrEmpty, AliasedOrEmpty>(matrix, "rename and read alias", "has a default", everywhere(ok), by_layout(silent, ok));
  renamed<Snake, Camel>(matrix, "rename policy, snake to camel", "required", by_layout(error, ok), by_layout(error, ok));
  renamed<SnakeOrEmpty, CamelOrEmpty>(matrix, "rename policy, snake to camel", "have defaults", by_layout(silent, ok),
                                      by_layout(silent, ok));
}

}  // namespace structwire::contract::matrix
