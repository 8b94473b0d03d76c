// SPDX-License-Identifier: Apache-2.0
#pragma once

// Diagnostics events, and the buffer that they wait in until somebody looks.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <examples/artifacts/artifacts.hpp>
#include <structwire/msgpack.hpp>

namespace artifacts {

struct DatafusionExplainEvent {
  sw::Unset<Count> event_time_unix_ms;  ///< Absent: when it comes in (normalized()).
  std::string sql;
  bool explain_analyze = false;
  using wire =
      sw::Rules<sw::defaulted_from<&DatafusionExplainEvent::explain_analyze>, sw::artifact>;
};

/// An event from whatever has its fields, leniently: numbers and booleans may stand as text.
/// `now_ms` is the time of an event that has none.
sw::Result<DatafusionExplainEvent> normalize_explain(const sw::Value& raw, std::int64_t now_ms);

/// One row for a table of diagnostics. The row is decoded when the table is read.
struct TelemetryRecord {
  std::string table;
  sw::Raw row;
  using wire = sw::Rules<sw::artifact>;
};

/// Rows of several tables as MessagePack values one after another: what is written to disk or sent
/// is bytes() as it is. Not for several threads at a time.
class TelemetryBuffer {
 public:
  /// `bytes_max`: how large it may become.
  explicit TelemetryBuffer(std::size_t bytes_max = 16 << 20) : bytes_max_(bytes_max) {}
  /// What another buffer wrote. An error names the record, `$[7]`.
  static sw::Result<TelemetryBuffer> read(std::span<const std::byte> bytes,
                                          std::size_t bytes_max = 16 << 20);

  /// False when it is full; it is then as before.
  template <class Row>
  bool add(std::string_view table, const Row& row) {
    auto bytes = sw::msgpack::encode(row, {.order = sw::Order::deterministic});
    return add(TelemetryRecord{std::string(table),
                               sw::Raw::trusted(sw::msgpack::format(), std::move(bytes))});
  }

  /// The rows of one table, in the order in which they came.
  template <class Row>
  sw::Result<std::vector<Row>> rows(std::string_view table) const {
    std::vector<Row> rows;
    sw::Result<void> decoded;
    const auto each = [&](TelemetryRecord&& record) {
      if (!decoded || record.table != table) return;
      auto row = sw::msgpack::decode<Row>(record.row.bytes());
      if (row) {
        rows.push_back(std::move(*row));
      } else {
        decoded = std::unexpected(row.error());
      }
    };
    if (auto read = sw::msgpack::for_each_line<TelemetryRecord>(bytes(), each); !read)
      return std::unexpected(read.error());
    if (!decoded) return std::unexpected(decoded.error());
    return rows;
  }

  std::size_t size() const noexcept { return size_; }
  std::span<const std::byte> bytes() const noexcept { return bytes_.bytes(); }
  void clear() noexcept {
    bytes_.clear();
    size_ = 0;
  }

 private:
  bool add(const TelemetryRecord& record);

  sw::Buffer bytes_;
  std::size_t size_ = 0;
  std::size_t bytes_max_;
};

}  // namespace artifacts
