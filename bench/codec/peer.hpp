// SPDX-License-Identifier: Apache-2.0
#pragma once

// The contract between the program that measures and the libraries that it compares.
//
// Each file of peers/ becomes a shared object of its own, so that two builds of one library can stand side by
// side, and a change of one library compiles nothing else. It exports add_peers(). The loops that are timed are
// in the shared object (codec_row.hpp): one call through Row is a batch.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <bench/codec/shapes/samples.hpp>

namespace codec_bench {

enum class Operation : std::uint8_t { decode_fresh, decode_reused, encode };

/// One library, one format, one shape.
class Row {
 public:
  explicit Row(std::string shape) : shape_(std::move(shape)) {}
  virtual ~Row() = default;
  Row(const Row&) = delete;
  Row& operator=(const Row&) = delete;

  const std::string& shape() const { return shape_; }
  virtual bool can(Operation operation) const = 0;
  /// Decodes and encodes once, compares with the golden object, and says what is wrong; empty when nothing is.
  virtual std::string check() = 0;
  /// Does it so many times; false when the library reported an error.
  virtual bool run(Operation operation, std::size_t times) = 0;
  /// What the library encodes the golden object to.
  virtual std::size_t encoded_bytes() const = 0;
  /// What it decodes: the sample's text for JSON, its own encoding for the others.
  virtual std::size_t input_bytes() const = 0;

 private:
  std::string shape_;
};

struct Peer {
  std::string library;
  std::string format;
  std::string version;
  std::string options;
  std::string leaves_out;
  std::vector<std::unique_ptr<Row>> rows;
};

/// `samples` outlives the peers.
using AddPeers = void(const Samples& samples, std::vector<Peer>& peers);

}  // namespace codec_bench

#define CODEC_BENCH_EXPORT extern "C" [[gnu::visibility("default")]]
