// SPDX-License-Identifier: Apache-2.0
#pragma once

// What is decoded and encoded: for each shape the JSON text and the object that it must give.

#include <concepts>
#include <string>
#include <string_view>
#include <vector>

#include <bench/codec/shapes/canada.hpp>
#include <bench/codec/shapes/citm.hpp>
#include <bench/codec/shapes/documents.hpp>
#include <bench/codec/shapes/own.hpp>
#include <bench/codec/shapes/twitter_full.hpp>
#include <bench/codec/shapes/twitter_subset.hpp>

namespace codec_bench {

template <class T>
struct Sample {
  std::string shape;
  std::string text;
  T golden;
  /// Reads JSON with a library that is slow and trusted. Throws where the text is wrong.
  T (*read_json)(std::string_view text);
};

struct Samples {
  std::vector<Sample<WorkerMsg>> messages;
  std::vector<Sample<CrossUpdate>> updates;
  std::vector<Sample<Snapshot>> snapshots;
  std::vector<Sample<TwDoc>> twitter_full;
  std::vector<Sample<TsDoc>> twitter_subset;
  std::vector<Sample<CaDoc>> canada;
  std::vector<Sample<CiDoc>> citm;
  std::vector<Sample<DocumentMessage>> document_messages;
  std::vector<Sample<DocumentState>> document_states;
  /// The pieces as JSON text.
  std::vector<Sample<DocumentUpdate<std::string>>> document_updates;

  /// Calls visit(sample) for all but the document updates, whose type is the peer's own.
  template <class Visit>
  void for_each(Visit&& visit) const {
    const auto all = [&](const auto&... list) { ((void)[&] { for (const auto& sample : list) visit(sample); }(), ...); };
    all(messages, updates, snapshots, twitter_full, twitter_subset, canada, citm, document_messages, document_states);
  }
};

/// The one shape whose input has fields that the struct does not declare.
template <class T>
inline constexpr bool skips_unknown = std::same_as<T, TsDoc>;

template <class T>
inline constexpr bool has_bytes = std::same_as<T, DocumentMessage>;

/// Reads our own data from `own` and the public files from `shared`; what is missing there is told on standard
/// error and left out.
Samples load_samples(const std::string& own, const std::string& shared);

}  // namespace codec_bench
