// SPDX-License-Identifier: Apache-2.0

// protobuf: fields have numbers, and the schema (protobuf.proto) is not in the bytes; context for what names cost.
//
// What is timed is its generated classes, as a program that uses protobuf holds its data. They are filled from our
// structs and copied back into them only for the check.

#include <protobuf.pb.h>

#include <cstring>
#include <map>

#include <bench/codec/codec_row.hpp>

namespace codec_bench {
namespace {

// ---- our struct to a message, and back; nothing of it is timed -----------------------------------

auto map_of(const auto& from) {
  std::map<std::string, std::remove_cvref_t<decltype(from.begin()->second)>> to;
  for (const auto& [key, value] : from) to.emplace(key, value);
  return to;
}

generated::WorkerMsg make(const WorkerMsg& from) {
  generated::WorkerMsg to;
  to.set_message_id(from.message_id);
  to.set_worker_id(from.worker_id);
  to.set_payload(from.payload);
  to.set_timestamp(from.timestamp);
  to.set_priority(from.priority);
  return to;
}
WorkerMsg read(const generated::WorkerMsg& from) {
  return {from.message_id(), from.worker_id(), from.payload(), from.timestamp(), from.priority()};
}

generated::Payload make(const Payload& from) {
  generated::Payload to;
  to.set_kind(from.kind);
  to.set_key(from.key);
  to.set_body(from.body);
  to.mutable_values()->Add(from.values.begin(), from.values.end());
  to.mutable_tags()->Add(from.tags.begin(), from.tags.end());
  if (from.note) to.set_note(*from.note);
  to.set_is_final(from.final_);
  return to;
}
Payload read(const generated::Payload& from) {
  return {from.kind(),
          from.key(),
          from.body(),
          {from.values().begin(), from.values().end()},
          {from.tags().begin(), from.tags().end()},
          from.has_note() ? std::optional(from.note()) : std::nullopt,
          from.is_final()};
}

generated::CrossUpdate make(const CrossUpdate& from) {
  generated::CrossUpdate to;
  to.set_update_id(from.update_id);
  to.set_source(from.source);
  to.set_target(from.target);
  to.set_seq(from.seq);
  to.set_timestamp(from.timestamp);
  to.mutable_clock()->insert(from.clock.begin(), from.clock.end());
  *to.mutable_payload() = make(from.payload);
  return to;
}
CrossUpdate read(const generated::CrossUpdate& from) {
  return {from.update_id(), from.source(),        from.target(),       from.seq(),
          from.timestamp(), map_of(from.clock()), read(from.payload())};
}

generated::WorkerState make(const WorkerState& from) {
  generated::WorkerState to;
  to.set_id(from.id);
  to.set_name(from.name);
  to.set_status(from.status);
  to.set_load(from.load);
  to.set_last_seen(from.last_seen);
  to.set_tasks_done(from.tasks_done);
  to.set_alive(from.alive);
  to.mutable_queue()->Add(from.queue.begin(), from.queue.end());
  return to;
}
WorkerState read(const generated::WorkerState& from) {
  return {from.id(),        from.name(),       from.status(), from.load(),
          from.last_seen(), from.tasks_done(), from.alive(),  {from.queue().begin(), from.queue().end()}};
}

generated::Snapshot make(const Snapshot& from) {
  generated::Snapshot to;
  to.set_snapshot_id(from.snapshot_id);
  to.set_version(from.version);
  to.set_created(from.created);
  to.set_owner(from.owner);
  for (const WorkerState& worker : from.workers) *to.add_workers() = make(worker);
  to.mutable_metrics()->Add(from.metrics.begin(), from.metrics.end());
  to.mutable_counters()->insert(from.counters.begin(), from.counters.end());
  return to;
}
Snapshot read(const generated::Snapshot& from) {
  Snapshot to{from.snapshot_id(), from.version(), from.created(), from.owner(), {}, {}, map_of(from.counters())};
  for (const generated::WorkerState& worker : from.workers()) to.workers.push_back(read(worker));
  to.metrics.assign(from.metrics().begin(), from.metrics().end());
  return to;
}

generated::CaDoc make(const CaDoc& from) {
  generated::CaDoc to;
  to.set_type(from.type);
  for (const CaFeature& feature : from.features) {
    generated::CaFeature& out = *to.add_features();
    out.set_type(feature.type);
    out.mutable_properties()->set_name(feature.properties.name);
    out.mutable_geometry()->set_type(feature.geometry.type);
    for (const auto& ring : feature.geometry.coordinates) {
      generated::CaRing& points = *out.mutable_geometry()->add_coordinates();
      for (const auto& [x, y] : ring) {
        generated::CaPoint& point = *points.add_points();
        point.set_x(x);
        point.set_y(y);
      }
    }
  }
  return to;
}
CaDoc read(const generated::CaDoc& from) {
  CaDoc to{from.type(), {}};
  for (const generated::CaFeature& feature : from.features()) {
    CaFeature& out = to.features.emplace_back(feature.type(), CaProps{feature.properties().name()},
                                              CaGeom{feature.geometry().type(), {}});
    for (const generated::CaRing& ring : feature.geometry().coordinates()) {
      auto& points = out.geometry.coordinates.emplace_back();
      for (const generated::CaPoint& point : ring.points()) points.push_back({point.x(), point.y()});
    }
  }
  return to;
}

generated::DocumentMessage make(const DocumentMessage& from) {
  generated::DocumentMessage to;
  to.set_message_id(from.message_id);
  to.set_worker_id(from.worker_id);
  to.set_payload(from.payload.data(), from.payload.size());
  to.set_timestamp(from.timestamp);
  to.set_priority(from.priority);
  return to;
}
DocumentMessage read(const generated::DocumentMessage& from) {
  std::vector<std::byte> payload(from.payload().size());
  std::memcpy(payload.data(), from.payload().data(), payload.size());
  return {from.message_id(), from.worker_id(), std::move(payload), from.timestamp(), from.priority()};
}

generated::DocumentState make(const DocumentState& from) {
  generated::DocumentState to;
  to.set_worker_id(from.worker_id);
  to.set_counter(from.counter);
  to.set_status(from.status);
  to.set_last_updated(from.last_updated);
  to.mutable_metadata()->insert(from.metadata.begin(), from.metadata.end());
  return to;
}
DocumentState read(const generated::DocumentState& from) {
  return {from.worker_id(), from.counter(), from.status(), from.last_updated(), map_of(from.metadata())};
}

// ---- the row ---------------------------------------------------------------------------------------

/// What the loops hold: the message of our struct T. The golden one knows the struct that it was made of, so that
/// the check compares with that and not with what the message made of it.
template <class T>
struct Held {
  decltype(make(std::declval<const T&>())) message;
  const T* made_of = nullptr;

  friend bool operator==(const Held& held, const Held& golden) { return read(held.message) == *golden.made_of; }
};

template <class T>
struct Codec {
  static constexpr bool reuses = true;
  static std::string prepare(std::string_view bytes) { return std::string(bytes); }

  bool decode(const std::string& bytes, Held<T>& value) {
    return value.message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
  }
  std::optional<std::string_view> encode(const Held<T>& value) {
    const std::size_t size = value.message.ByteSizeLong();
    if (out.size() < size) out.resize(size);
    value.message.SerializeWithCachedSizesToArray(reinterpret_cast<std::uint8_t*>(out.data()));
    return std::string_view(out.data(), size);
  }

  std::string out;
};

std::string version() {
  constexpr int number = GOOGLE_PROTOBUF_VERSION;
  return std::to_string(number / 1'000'000) + "." + std::to_string(number / 1'000 % 1'000) + "." +
         std::to_string(number % 1'000);
}

}  // namespace

CODEC_BENCH_EXPORT void add_peers(const Samples& samples, std::vector<Peer>& peers) {
  Peer& peer = peers.emplace_back("protobuf", "protobuf", version(), "proto3, generated classes, no arena",
                                  "missing fields, unknown ones and other types (kept), fields twice, range");
  samples.for_each([&]<class T>(const Sample<T>& sample) {
    if constexpr (requires { make(sample.golden); }) {
      auto own = std::make_shared<Sample<Held<T>>>(sample.shape, sample.text,
                                                   Held<T>{make(sample.golden), &sample.golden}, nullptr);
      peer.rows.push_back(std::make_unique<CodecRow<Codec<T>, Held<T>>>(std::move(own), false));
    }
  });
}

}  // namespace codec_bench
