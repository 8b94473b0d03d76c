// SPDX-License-Identifier: Apache-2.0
//
// A member's type changes.
#include <tests/contract/matrix.hpp>

#include <limits>
#include <vector>

namespace structwire::contract::matrix {
namespace {

using enum Outcome;

template <class T>
struct Of {
  std::int64_t id;
  T value;
};

Bytes bytes_of(std::string_view text) {
  const auto* from = reinterpret_cast<const std::byte*>(text.data());
  return {from, from + text.size()};
}

void integers(Matrix& matrix) {
  constexpr std::int64_t large = (std::int64_t{1} << 40) + 5;
  {
    Change<Of<std::int32_t>, Of<std::int64_t>> change(matrix, "int32 to int64");
    change.backward("", {1, -7}, Of<std::int64_t>{1, -7}, everywhere(ok));
    change.forward("in range", {1, -7}, Of<std::int32_t>{1, -7}, everywhere(ok));
    change.forward("out of range", {1, large}, nothing, everywhere(error));
  }
  {
    Change<Of<std::int64_t>, Of<std::int32_t>> change(matrix, "int64 to int32");
    change.backward("out of range", {1, large}, nothing, everywhere(error));
    change.backward("in range", {1, 7}, Of<std::int32_t>{1, 7}, everywhere(ok));
    change.forward("", {1, 7}, Of<std::int64_t>{1, 7}, everywhere(ok));
  }
  {
    Change<Of<std::int32_t>, Of<std::uint32_t>> change(matrix, "signed to unsigned");
    change.backward("negative", {1, -1}, nothing, everywhere(error));
    change.backward("not negative", {1, 7}, Of<std::uint32_t>{1, 7}, everywhere(ok));
    change.forward("above the signed range", {1, 0x80000000u}, nothing, everywhere(error));
    change.forward("in the signed range", {1, 7}, Of<std::int32_t>{1, 7}, everywhere(ok));
  }
  {
    Change<Of<std::uint32_t>, Of<std::int32_t>> change(matrix, "unsigned to signed");
    change.backward("above the signed range", {1, 0x80000000u}, nothing, everywhere(error));
    change.forward("negative", {1, -1}, nothing, everywhere(error));
  }
}

void floats(Matrix& matrix) {
  {
    Change<Of<std::int64_t>, Of<double>> change(matrix, "int to double");
    change.backward("to 2^53", {1, std::int64_t{1} << 53}, Of<double>{1, 0x1p53}, everywhere(ok));
    change.backward("beyond 2^53", {1, (std::int64_t{1} << 53) + 1}, nothing, everywhere(silent));
    change.forward("a fraction", {1, 2.5}, nothing, everywhere(error));
    change.forward("a whole number", {1, 2.0}, Of<std::int64_t>{1, 2}, everywhere(error));
  }
  {
    Change<Of<float>, Of<double>> change(matrix, "float to double");
    change.backward("", {1, 0.5f}, Of<double>{1, 0.5}, everywhere(ok));
    change.forward("a float has it", {1, 0.5}, Of<float>{1, 0.5f}, everywhere(ok));
    change.forward("no float has it: rounded", {1, 0.1}, nothing, everywhere(silent));
    change.forward("beyond the range", {1, 1e300}, nothing, everywhere(error));
  }
}

void texts(Matrix& matrix) {
  {
    Change<Of<std::int64_t>, Of<std::string>> change(matrix, "int to string");
    change.backward("", {1, 7}, Of<std::string>{1, "7"}, everywhere(error));
    change.forward("", {1, "7"}, Of<std::int64_t>{1, 7}, everywhere(error));
  }
  {
    Change<Of<std::string>, Of<Bytes>> change(matrix, "string to bytes");
    change.backward("text that is base64", {1, "abcd"}, Of<Bytes>{1, bytes_of("abcd")}, by_format(silent, error));
    change.backward("text that is no base64", {1, "a b"}, Of<Bytes>{1, bytes_of("a b")}, everywhere(error));
    change.forward("", {1, bytes_of("abc")}, Of<std::string>{1, "abc"}, by_format(silent, error));
  }
}

void optionals(Matrix& matrix) {
  using Value = Of<std::int64_t>;
  using Maybe = Of<std::optional<std::int64_t>>;
  {
    Change<Value, Maybe> change(matrix, "T to optional<T>");
    change.backward("", {1, 7}, Maybe{1, 7}, everywhere(ok));
    change.forward("a value", {1, 7}, Value{1, 7}, everywhere(ok));
    change.forward("null", {1, {}}, nothing, everywhere(error));
  }
  {
    Change<Maybe, Value> change(matrix, "optional<T> to T");
    change.backward("null", {1, {}}, nothing, everywhere(error));
    change.backward("a value", {1, 7}, Value{1, 7}, everywhere(ok));
    change.forward("", {1, 7}, Maybe{1, 7}, everywhere(ok));
  }
}

struct MaybeOmitted {
  std::int64_t id;
  std::optional<std::int64_t> value;
  using wire = Rules<omit_defaults>;
};

// Arrays always write the null.
void left_out(Matrix& matrix) {
  Change<MaybeOmitted, Of<std::int64_t>> change(matrix, "optional<T> to T");
  change.backward("absent", {1, {}}, nothing, everywhere(error));
}

void containers(Matrix& matrix) {
  Change<Of<std::int64_t>, Of<std::vector<std::int64_t>>> change(matrix, "T to vector<T>");
  change.backward("", {1, 7}, Of<std::vector<std::int64_t>>{1, {7}}, everywhere(error));
  change.forward("", {1, {7}}, Of<std::int64_t>{1, 7}, everywhere(error));
}

}  // namespace

void type_changes(Matrix& matrix) {
  integers(matrix);
  floats(matrix);
  texts(matrix);
  optionals(matrix);
  left_out(matrix);
  containers(matrix);
}

}  // namespace structwire::contract::matrix
