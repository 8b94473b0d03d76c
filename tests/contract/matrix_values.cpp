// SPDX-License-Identifier: Apache-2.0
//
// What values a member may have, and which one it has when it is absent.
#include <tests/contract/matrix.hpp>

namespace structwire::contract::matrix {

enum class OldColor { red, green };
enum class NewColor { red, green, blue };
enum class OpenColor { red, green, other };
enum class OldLevel { low = 1, high = 2 };
enum class NewLevel { low = 1, high = 2, top = 3 };
enum class SwappedLevel { high = 1, low = 2 };
enum class OldState { on = 1, off = 2 };
enum class SwappedState { off = 1, on = 2 };

}  // namespace structwire::contract::matrix

template <>
inline constexpr auto structwire::enum_values<structwire::contract::matrix::OldColor> =
    structwire::by_name<structwire::contract::matrix::OldColor::red, structwire::contract::matrix::OldColor::green>;
template <>
inline constexpr auto structwire::enum_values<structwire::contract::matrix::NewColor> =
    structwire::by_name<structwire::contract::matrix::NewColor::red, structwire::contract::matrix::NewColor::green,
                        structwire::contract::matrix::NewColor::blue>;
template <>
inline constexpr auto structwire::enum_values<structwire::contract::matrix::OpenColor> =
    structwire::by_name<structwire::contract::matrix::OpenColor::red, structwire::contract::matrix::OpenColor::green,
                        structwire::catch_all<structwire::contract::matrix::OpenColor::other>>;
template <>
inline constexpr auto structwire::enum_values<structwire::contract::matrix::OldLevel> =
    structwire::by_value<structwire::contract::matrix::OldLevel::low, structwire::contract::matrix::OldLevel::high>;
template <>
inline constexpr auto structwire::enum_values<structwire::contract::matrix::NewLevel> =
    structwire::by_value<structwire::contract::matrix::NewLevel::low, structwire::contract::matrix::NewLevel::high,
                         structwire::contract::matrix::NewLevel::top>;
template <>
inline constexpr auto structwire::enum_values<structwire::contract::matrix::SwappedLevel> =
    structwire::by_value<structwire::contract::matrix::SwappedLevel::high, structwire::contract::matrix::SwappedLevel::low>;
template <>
inline constexpr auto structwire::enum_values<structwire::contract::matrix::OldState> =
    structwire::by_name<structwire::contract::matrix::OldState::on, structwire::contract::matrix::OldState::off>;
template <>
inline constexpr auto structwire::enum_values<structwire::contract::matrix::SwappedState> =
    structwire::by_name<structwire::contract::matrix::SwappedState::off, structwire::contract::matrix::SwappedState::on>;

namespace structwire::contract::matrix {
namespace {

using enum Outcome;

template <class T>
struct Of {
  std::int64_t id;
  T value;
};

struct Required {
  std::int64_t id;
  std::int64_t rank;
};
struct OmittedFive {
  std::int64_t id;
  std::int64_t rank = 5;
  using wire = Rules<defaulted_from<&OmittedFive::rank>, omit_defaults>;
};
struct OmittedSeven {
  std::int64_t id;
  std::int64_t rank = 7;
  using wire = Rules<defaulted_from<&OmittedSeven::rank>, omit_defaults>;
};
struct WrittenFive {
  std::int64_t id;
  std::int64_t rank = 5;
  using wire = Rules<defaulted_from<&WrittenFive::rank>>;
};
struct WrittenSeven {
  std::int64_t id;
  std::int64_t rank = 7;
  using wire = Rules<defaulted_from<&WrittenSeven::rank>>;
};

void defaults(Matrix& matrix) {
  {
    Change<Required, OmittedFive> change(matrix, "required to has default and omitted when default");
    change.backward("", {1, 6}, OmittedFive{1, 6}, everywhere(ok));
    change.forward("written", {1, 6}, Required{1, 6}, everywhere(ok));
    change.forward("omitted", {1, 5}, Required{1, 5}, by_layout(error, ok));
  }
  {
    Change<OmittedFive, OmittedSeven> change(matrix, "default value changed");
    change.backward("omitted", {1, 5}, OmittedSeven{1, 5}, by_layout(silent, ok));
    change.backward("written", {1, 6}, OmittedSeven{1, 6}, everywhere(ok));
    change.forward("omitted", {1, 7}, OmittedFive{1, 7}, by_layout(silent, ok));
  }
  {
    Change<WrittenFive, WrittenSeven> change(matrix, "default value changed");
    change.backward("always written", {1, 5}, WrittenSeven{1, 5}, everywhere(ok));
    change.forward("always written", {1, 7}, WrittenFive{1, 7}, everywhere(ok));
  }
}

void enums(Matrix& matrix) {
  {
    Change<Of<OldColor>, Of<NewColor>> change(matrix, "enum value added");
    change.backward("by name", {1, OldColor::green}, Of<NewColor>{1, NewColor::green}, everywhere(ok));
    change.forward("by name, used", {1, NewColor::blue}, nothing, everywhere(error));
    change.forward("by name, not used", {1, NewColor::red}, Of<OldColor>{1, OldColor::red}, everywhere(ok));
  }
  {
    Change<Of<OpenColor>, Of<NewColor>> change(matrix, "enum value added");
    change.forward("by name, used, old has a catch-all", {1, NewColor::blue}, Of<OpenColor>{1, OpenColor::other}, everywhere(ok));
  }
  {
    Change<Of<OldLevel>, Of<NewLevel>> change(matrix, "enum value added");
    change.backward("by number", {1, OldLevel::high}, Of<NewLevel>{1, NewLevel::high}, everywhere(ok));
    change.forward("by number, used", {1, NewLevel::top}, nothing, everywhere(error));
  }
  {
    Change<Of<NewColor>, Of<OldColor>> change(matrix, "enum value removed");
    change.backward("by name, used", {1, NewColor::blue}, nothing, everywhere(error));
    change.backward("by name, not used", {1, NewColor::green}, Of<OldColor>{1, OldColor::green}, everywhere(ok));
    change.forward("by name", {1, OldColor::red}, Of<NewColor>{1, NewColor::red}, everywhere(ok));
  }
  {
    Change<Of<OldLevel>, Of<SwappedLevel>> change(matrix, "enum value renumbered");
    change.backward("by number", {1, OldLevel::low}, Of<SwappedLevel>{1, SwappedLevel::low}, everywhere(silent));
    change.forward("by number", {1, SwappedLevel::low}, Of<OldLevel>{1, OldLevel::low}, everywhere(silent));
  }
  {
    Change<Of<OldState>, Of<SwappedState>> change(matrix, "enum value renumbered");
    change.backward("by name", {1, OldState::on}, Of<SwappedState>{1, SwappedState::on}, everywhere(ok));
    change.forward("by name", {1, SwappedState::on}, Of<OldState>{1, OldState::on}, everywhere(ok));
  }
}

struct Wide {
  std::int64_t percent;
  std::string code;
  using wire = Rules<member<&Wide::percent, between(0, 1000)>, member<&Wide::code, max_length(8)>>;
};
struct Narrow {
  std::int64_t percent;
  std::string code;
  using wire = Rules<member<&Narrow::percent, between(0, 100)>, member<&Narrow::code, max_length(4)>>;
};

void constraints(Matrix& matrix) {
  {
    Change<Wide, Narrow> change(matrix, "constraint tightened");
    change.backward("a number that breaks it", {500, "a"}, nothing, everywhere(error));
    change.backward("text that breaks it", {5, "abcdef"}, nothing, everywhere(error));
    change.backward("values that keep it", {5, "a"}, Narrow{5, "a"}, everywhere(ok));
    change.forward("", {5, "a"}, Wide{5, "a"}, everywhere(ok));
  }
  {
    Change<Narrow, Wide> change(matrix, "constraint loosened");
    change.backward("", {5, "a"}, Wide{5, "a"}, everywhere(ok));
    change.forward("a number beyond the old", {500, "a"}, nothing, everywhere(error));
  }
}

}  // namespace

void value_changes(Matrix& matrix) {
  defaults(matrix);
  enums(matrix);
  constraints(matrix);
}

}  // namespace structwire::contract::matrix
