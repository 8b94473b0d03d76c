// SPDX-License-Identifier: Apache-2.0
//
// Unions and their tags.
#include <tests/contract/matrix.hpp>

#include <variant>

namespace structwire::contract::matrix {
namespace {

using enum Outcome;

// `Layout`: nothing, or array_like.
template <auto... Layout>
struct Circle {
  std::int64_t radius;
  using wire = Rules<tag<"circle">, Layout...>;
};
template <auto... Layout>
struct Square {
  std::int64_t side;
  using wire = Rules<tag<"square">, Layout...>;
};
template <auto... Layout>
struct Disc {
  std::int64_t radius;
  using wire = Rules<tag<"disc">, Layout...>;
};
template <auto... Layout>
struct CircleOfKind {
  std::int64_t radius;
  using wire = Rules<tag<"circle">, tag_field<"kind">, Layout...>;
};
template <auto... Layout>
struct SquareOfKind {
  std::int64_t side;
  using wire = Rules<tag<"square">, tag_field<"kind">, Layout...>;
};
template <auto... Layout>
struct PlainCircle {
  std::int64_t radius;
  using wire = Rules<Layout...>;
};

template <class T, auto... Layout>
struct Of {
  std::int64_t id;
  T shape;
  using wire = Rules<Layout...>;
};
template <class T, auto... Layout>
struct Tried {
  std::int64_t id;
  T shape;
  using wire = Rules<member<&Tried::shape, first_match>, Layout...>;
};

template <auto... Layout>
void alternatives(Matrix& matrix, Layouts layouts) {
  using A = Circle<Layout...>;
  using B = Square<Layout...>;
  using One = Of<std::variant<A, std::monostate>, Layout...>;
  using Two = Of<std::variant<A, B, std::monostate>, Layout...>;
  {
    Change<One, Two> change(matrix, "variant alternative added", layouts);
    change.backward("", {1, A{2}}, Two{1, A{2}}, everywhere(ok));
    change.forward("used", {1, B{2}}, nothing, everywhere(error));
    change.forward("not used", {1, A{2}}, One{1, A{2}}, everywhere(ok));
  }
  {
    using Open = Of<std::variant<A, UnknownAlternative>, Layout...>;
    using Both = Of<std::variant<A, B>, Layout...>;
    Change<Open, Both> change(matrix, "variant alternative added", layouts);
    const auto kept = [](const Form& form) {
      const Buffer square = encode_as(B{2}, form).value();
      return Open{1, UnknownAlternative{"square", Raw::checked(*form.format, square.bytes()).value()}};
    };
    change.forward_as("used, old has a catch-all", {1, B{2}}, kept, everywhere(ok));
  }
  {
    Change<Two, One> change(matrix, "variant alternative removed", layouts);
    change.backward("used", {1, B{2}}, nothing, everywhere(error));
    change.backward("not used", {1, A{2}}, One{1, A{2}}, everywhere(ok));
    change.forward("", {1, A{2}}, Two{1, A{2}}, everywhere(ok));
  }
}

template <auto... Layout>
void tags(Matrix& matrix, Layouts layouts) {
  using Shapes = std::variant<Circle<Layout...>, Square<Layout...>>;
  using Plain = Of<PlainCircle<Layout...>, Layout...>;
  using Tagged = Of<Shapes, Layout...>;
  {
    Change<Plain, Tagged> change(matrix, "struct to variant (a tag appears)", layouts);
    change.backward("", {1, {2}}, Tagged{1, Circle<Layout...>{2}}, everywhere(error));
    change.forward("", {1, Circle<Layout...>{2}}, Plain{1, {2}}, by_layout(ok, error));
  }
  {
    // As a map a lone struct's tag may be missing, so the first alternative takes it.
    using Trying = Tried<Shapes, Layout...>;
    Change<Plain, Trying> change(matrix, "struct to variant (a tag appears)", layouts);
    change.backward("the first alternative is tried without one", {1, {2}}, Trying{1, Circle<Layout...>{2}}, by_layout(ok, error));
  }
  {
    using Other = Of<std::variant<Disc<Layout...>, Square<Layout...>>, Layout...>;
    Change<Tagged, Other> change(matrix, "tag value changed", layouts);
    change.backward("", {1, Circle<Layout...>{2}}, Other{1, Disc<Layout...>{2}}, everywhere(error));
    change.forward("", {1, Disc<Layout...>{2}}, Tagged{1, Circle<Layout...>{2}}, everywhere(error));
  }
  {
    // An array has the tag in its first place, without the key.
    using OfKind = Of<std::variant<CircleOfKind<Layout...>, SquareOfKind<Layout...>>, Layout...>;
    Change<Tagged, OfKind> change(matrix, "tag key changed", layouts);
    change.backward("", {1, Circle<Layout...>{2}}, OfKind{1, CircleOfKind<Layout...>{2}}, by_layout(error, ok));
    change.forward("", {1, CircleOfKind<Layout...>{2}}, Tagged{1, Circle<Layout...>{2}}, by_layout(error, ok));
  }
}

}  // namespace

void union_changes(Matrix& matrix) {
  alternatives(matrix, Layouts::maps);
  alternatives<array_like>(matrix, Layouts::arrays);
  tags(matrix, Layouts::maps);
  tags<array_like>(matrix, Layouts::arrays);
}

}  // namespace structwire::contract::matrix
