// SPDX-License-Identifier: Apache-2.0
#include <examples/artifacts/telemetry.hpp>

#include <structwire/core/convert.hpp>

namespace artifacts {

sw::Result<DatafusionExplainEvent> normalize_explain(const sw::Value& raw, std::int64_t now_ms) {
  sw::DecodeOptions lenient;
  lenient.lax = true;
  auto event = sw::convert<DatafusionExplainEvent>(raw, lenient);
  if (event && !event->event_time_unix_ms.has_value()) event->event_time_unix_ms = Count(now_ms);
  return event;
}

sw::Result<TelemetryBuffer> TelemetryBuffer::read(std::span<const std::byte> bytes,
                                                  std::size_t bytes_max) {
  TelemetryBuffer buffer(bytes_max);
  if (bytes.size() > bytes_max) {
    return std::unexpected(
        sw::Error(sw::ErrorCode::size_limit, "More telemetry than the buffer takes"));
  }
  const auto count = [&](TelemetryRecord&&) { ++buffer.size_; };
  if (auto read = sw::msgpack::for_each_line<TelemetryRecord>(bytes, count); !read)
    return std::unexpected(read.error());
  buffer.bytes_.append(bytes);
  return buffer;
}

bool TelemetryBuffer::add(const TelemetryRecord& record) {
  const std::size_t before = bytes_.size();
  const bool written =
      sw::msgpack::append_to(record, bytes_).has_value() && bytes_.size() <= bytes_max_;
  if (written) {
    ++size_;
  } else {
    bytes_.resize_uninitialized(before);
  }
  return written;
}

}  // namespace artifacts
