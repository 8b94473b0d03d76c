// SPDX-License-Identifier: Apache-2.0
#pragma once

// A Subject is one sample type in one format with its type taken away: what the suites do with it,
// as plain functions. So a suite is a loop over subjects that is compiled once per format, not once
// per type.

#include <cstddef>
#include <span>
#include <string>
#include <typeinfo>
#include <utility>
#include <vector>

#include <tests/support/allocation_count.hpp>
#include <tests/support/same.hpp>
#include <tests/support/sample_structs.hpp>

namespace structwire::testing {

/// What decoding a damaged input came to. Broken: neither an error that tells something nor a value
/// that comes back from its own encoding.
enum class Outcome { refused, accepted, broken };

struct Subject {
  std::string type;
  std::size_t samples = 0;
  /// At the top level it can be a number, whose digits may have no end mark.
  bool can_be_number = false;

  // All return what went wrong, or nothing. `sample` is below `samples`.
  std::string (*round_trip)(std::size_t sample);
  /// Decodes `sample` into an object that holds another one, and then into one that a broken decode
  /// left behind.
  std::string (*reuse)(std::size_t sample, std::size_t before);

  // For formats of bytes only.
  Buffer (*encode)(std::size_t sample);
  Outcome (*decode)(std::span<const std::byte> bytes);
  /// The most memory that decoding takes, whatever comes of it.
  std::size_t (*decode_peak)(std::span<const std::byte> bytes);
};

template <class Format>
inline constexpr bool captures =
    requires(typename Format::Reader& reader, Raw& raw) { reader.capture(raw); };

/// An encoding of any value of the program's own, which must succeed.
template <class Format, class T>
typename Format::Encoded encoded(const T& value) {
  auto result = Format::encode(value);
  return result ? std::move(*result) : typename Format::Encoded{};
}

/// The functions of Subject for one type in one format.
template <class Format, class T>
struct SubjectOf {
  static const Samples<T>& all() {
    static const Samples<T> values = samples<T>();
    return values;
  }

  static std::string round_trip(std::size_t sample) {
    const auto written = Format::encode(all()[sample]);
    if (!written) return "cannot encode: " + written.error().message();
    if (encoded<Format>(all()[sample]) != *written) return "two encodings differ";
    T back{};
    return read_back(*written, back, sample);
  }

  static std::string reuse(std::size_t sample, std::size_t before) {
    T object{};
    std::string wrong = read_back(encoded<Format>(all()[before]), object, before);
    if (wrong.empty()) wrong = read_back(encoded<Format>(all()[sample]), object, sample);
    if constexpr (Format::is_bytes) {
      const Buffer whole = encoded<Format>(all()[before]);
      static_cast<void>(Format::decode_into(whole.bytes().first(whole.size() / 2), object));
      if (wrong.empty()) wrong = read_back(encoded<Format>(all()[sample]), object, sample);
    }
    return wrong;
  }

  static Buffer encode(std::size_t sample) { return encoded<Format>(all()[sample]); }

  static Outcome decode(std::span<const std::byte> bytes) {
    T value{};
    if (const auto decoded = Format::decode_into(bytes, value); !decoded) {
      const Error& error = decoded.error();
      const bool told =
          !error.message().empty() && error.offset().value_or(bytes.size() + 1) <= bytes.size();
      return told ? Outcome::refused : Outcome::broken;
    }
    const auto again = Format::encode(value);
    T back{};
    return again && Format::decode_into(*again, back) && same(value, back) ? Outcome::accepted
                                                                           : Outcome::broken;
  }

  static std::size_t decode_peak(std::span<const std::byte> bytes) {
    const AllocationPeak peak;
    T out{};
    static_cast<void>(Format::decode_into(bytes, out));
    return peak.bytes();
  }

  static Subject subject() {
    Subject subject{typeid(T).name(), all().size()};
    subject.can_be_number = IntegerType<T> || FloatingType<T> || EnumType<T> || OptionalType<T> ||
                            ValueType<T> || RawType<T>;
    subject.round_trip = round_trip;
    subject.reuse = reuse;
    if constexpr (Format::is_bytes) {
      subject.encode = encode;
      subject.decode = decode;
      subject.decode_peak = decode_peak;
    }
    return subject;
  }

 private:
  static std::string read_back(const typename Format::Encoded& written, T& into,
                               std::size_t sample) {
    if (const auto decoded = Format::decode_into(written, into); !decoded) {
      return "cannot decode: " + decoded.error().message();
    }
    return same(all()[sample], into) ? "" : "came back as another value";
  }
};

/// Calls visit(Sample<T>{}) for every sample type that the format carries: those of its row's own group, where it
/// has one, else the first group.
template <class Format, class Visit>
void for_each_sample_of(Visit&& visit) {
  if constexpr (requires { typename Format::SampleGroup; }) {
    Format::SampleGroup::template each<typename Format::Reader>(visit);
  } else {
    for_each_sample<Format::Reader::traits, captures<Format>>(visit);
  }
}

template <class Format>
const std::vector<Subject>& subjects() {
  static const std::vector<Subject> all = [] {
    std::vector<Subject> list;
    for_each_sample_of<Format>([&]<class T>(Sample<T>) { list.push_back(SubjectOf<Format, T>::subject()); });
    return list;
  }();
  return all;
}

}  // namespace structwire::testing
