// SPDX-License-Identifier: Apache-2.0

// The question (document 000, experiment 5): what does it cost to find out a message's version and to migrate it?
//
//   ./dev bench evolution [--svg FILE]
//
// The document's message in three versions (a field is added, one is renamed), with payloads of 100 B, 1 KB and 10 KB.
// Each row is a way to come from bytes to the newest struct; `plain` decodes a message of the newest version with the
// compiled decoder and is what the others are divided by. All rows of one size and format are measured in turns, 15
// rounds; the least of each counts. Allocations are those of one decode.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <functional>
#include <new>
#include <string>
#include <vector>

#include <structwire/contract/encode_version.hpp>
#include <structwire/contract/migrate.hpp>

static std::size_t allocations = 0;

void* operator new(std::size_t size) {
  ++allocations;
  void* memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace {

namespace sw = structwire;

// Told apart by a field that stands first.
struct MessageV1 {
  sw::Literal<1> version;
  std::string message_id, worker_id;
  sw::Bytes payload;
  double timestamp = 0;
};
struct MessageV2 {
  sw::Literal<2> version;
  std::string message_id, worker_id;
  sw::Bytes payload;
  double timestamp = 0;
  int priority = 0;
};
struct Message {
  sw::Literal<3> version;
  std::string message_id, worker_id;
  sw::Bytes data;
  double timestamp = 0;
  int priority = 0;
};
MessageV2 migrate(MessageV1&& old) {
  return {{}, std::move(old.message_id), std::move(old.worker_id), std::move(old.payload), old.timestamp, 0};
}
Message migrate(MessageV2&& old) {
  return {{}, std::move(old.message_id), std::move(old.worker_id), std::move(old.payload), old.timestamp, old.priority};
}
using ByField = sw::Migrations<MessageV1, MessageV2, Message>;
static_assert(sw::version_detail::detection<ByField> == sw::version_detail::Detection::field);

// The same, told apart by what each requires and the others forbid.
struct TriedV1 {
  std::string message_id, worker_id;
  sw::Bytes payload;
  double timestamp = 0;
  using wire = sw::Rules<sw::forbid_unknown_fields>;
};
struct TriedV2 {
  std::string message_id, worker_id;
  sw::Bytes payload;
  double timestamp = 0;
  int priority = 0;
  using wire = sw::Rules<sw::forbid_unknown_fields>;
};
struct Tried {
  std::string message_id, worker_id;
  sw::Bytes data;
  double timestamp = 0;
  int priority = 0;
  using wire = sw::Rules<sw::forbid_unknown_fields>;
};
TriedV2 migrate(TriedV1&& old) {
  return {std::move(old.message_id), std::move(old.worker_id), std::move(old.payload), old.timestamp, 0};
}
Tried migrate(TriedV2&& old) {
  return {std::move(old.message_id), std::move(old.worker_id), std::move(old.payload), old.timestamp, old.priority};
}
using ByTrying = sw::Migrations<TriedV1, TriedV2, Tried>;
static_assert(sw::version_detail::detection<ByTrying> == sw::version_detail::Detection::trying);

template <class T>
T filled(std::size_t payload) {
  T message{};
  message.message_id = "message-0000000000000001";
  message.worker_id = "worker-0000000000000017";
  message.timestamp = 1.7e9 + 0.25;
  if constexpr (requires { message.payload; }) {
    message.payload.assign(payload, std::byte{0x5a});
  } else {
    message.data.assign(payload, std::byte{0x5a});
  }
  return message;
}

template <class Codec, class T>
sw::Buffer encoded(const T& value) {
  sw::Buffer out;
  const auto appended = sw::append_with<typename Codec::Writer>(value, out, sw::EncodeOptions{});
  STRUCTWIRE_ASSERT(appended.has_value());
  return out;
}

struct Row {
  const char* name;
  std::function<bool()> run;
  double least_ns = 1e18;
  std::size_t allocations = 0;
};

double time_of(Row& row, int times) {
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < times; ++i) STRUCTWIRE_ASSERT(row.run());
  const std::chrono::duration<double, std::nano> taken = std::chrono::steady_clock::now() - start;
  return taken.count() / times;
}

void measure(std::vector<Row>& rows) {
  for (Row& row : rows) {
    const std::size_t before = allocations;
    STRUCTWIRE_ASSERT(row.run());
    row.allocations = allocations - before;
  }
  for (int round = 0; round < 15; ++round) {
    for (Row& row : rows) {
      const int times = std::max(1, static_cast<int>(2e6 / std::min(row.least_ns, 2000.0)));
      row.least_ns = std::min(row.least_ns, time_of(row, times));
    }
  }
}

template <class Codec>
std::vector<Row> rows_of(const sw::Format& format, std::size_t payload) {
  using namespace sw;
  const auto keep = [](auto result) {
    asm volatile("" : : "r"(&result) : "memory");
    return result.has_value();
  };
  const Buffer v1 = encoded<Codec>(filled<MessageV1>(payload));
  const Buffer v2 = encoded<Codec>(filled<MessageV2>(payload));
  const Buffer v3 = encoded<Codec>(filled<Message>(payload));
  const Buffer t1 = encoded<Codec>(filled<TriedV1>(payload));
  const Buffer t3 = encoded<Codec>(filled<Tried>(payload));
  // The field at the end: it has to be searched.
  Value value = *format.decode(v3, {});
  auto& entries = *value.get_if<Value::Map>();
  std::ranges::rotate(entries, entries.begin() + 1);
  const Buffer last = encoded<Codec>(value);
  const auto enveloped = *encode_enveloped<ByField>(format, filled<Message>(payload));
  const auto enveloped1 = *encode_enveloped<Migrations<MessageV1>>(format, filled<MessageV1>(payload));
  const auto unsummed = *encode_enveloped<ByField>(format, filled<Message>(payload), {.checksum = false});
  const auto plain = [=]<class T>(std::type_identity<T>, const Buffer& bytes) {
    return [=] {
      return keep(version_detail::decode_at<Migrations<T>, 0, typename Codec::Reader>(bytes, DecodeOptions{}));
    };
  };
  const auto any = [=]<class Chain>(std::type_identity<Chain>, const Buffer& bytes) {
    return [=] { return keep(decode_any_version<Chain, Codec>(bytes)); };
  };
  const auto stored = [=](const Buffer& bytes, const AnyVersionOptions& options) {
    return [=] { return keep(decode_enveloped<ByField>(bytes, options)); };
  };
  const auto choose = [](const Value& message) {
    return static_cast<std::uint32_t>(*message.find("version")->get_if<std::int64_t>());
  };
  return {
      {"plain: v3 as v3", plain(std::type_identity<Message>{}, v3)},
      {"plain: v1 as v1", plain(std::type_identity<MessageV1>{}, v1)},
      {"field first: v3", any(std::type_identity<ByField>{}, v3)},
      {"field last: v3", any(std::type_identity<ByField>{}, last)},
      {"field first: v2 to v3", any(std::type_identity<ByField>{}, v2)},
      {"field first: v1 to v3", any(std::type_identity<ByField>{}, v1)},
      {"envelope: v3", stored(enveloped, {})},
      {"envelope: v1 to v3", stored(enveloped1, {})},
      {"envelope, no checksum: v3", stored(unsummed, {.envelope_limits = {.checksum_optional = true}})},
      {"tried: v3, the first", any(std::type_identity<ByTrying>{}, t3)},
      {"tried: v1 to v3, the last", any(std::type_identity<ByTrying>{}, t1)},
      {"a function looks: v3", [=, &format] { return keep(decode_any_version<ByField>(format, v3, choose)); }},
  };
}

struct Bar {
  std::string text;
  double ratio;
};

void write_plot(const char* name, const std::vector<Bar>& bars) {
  std::ofstream file(name);
  const double scale = 420 / std::max(4.0, std::ranges::max(bars, {}, &Bar::ratio).ratio);
  const std::size_t height = 60 + bars.size() * 22;
  file << "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 760 " << height << "\" width=\"760\" height=\""
       << height << "\"><style>text{font:12px sans-serif;fill:#222}</style>\n<rect width=\"760\" height=\"" << height
       << "\" fill=\"white\"/><text x=\"20\" y=\"24\">MessagePack, 1 KB of payload: time beside a plain decode "
          "(1.00)</text>\n";
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const double top = 40 + static_cast<double>(i) * 22;
    file << "<text x=\"200\" y=\"" << top + 13 << "\" text-anchor=\"end\">" << bars[i].text
         << "</text><rect x=\"210\" y=\"" << top << "\" width=\"" << bars[i].ratio * scale << "\" height=\"16\" fill=\""
         << (bars[i].text.starts_with("plain") ? "#8d99ae" : "#0b6e4f") << "\"/><text x=\""
         << 216 + bars[i].ratio * scale << "\" y=\"" << top + 13 << "\">" << std::to_string(bars[i].ratio).substr(0, 4)
         << "</text>\n";
  }
  file << "</svg>\n";
}

}  // namespace

int main(int count, char** arguments) {
  const char* svg = count == 3 && std::strcmp(arguments[1], "--svg") == 0 ? arguments[2] : nullptr;
  std::vector<Bar> bars;
  for (const sw::Format* format : {&sw::msgpack::format(), &sw::json::format()}) {
    for (const std::size_t payload : {100u, 1000u, 10000u}) {
      const bool is_json = format == &sw::json::format();
      auto rows = is_json ? rows_of<sw::json::Codec>(*format, payload) : rows_of<sw::msgpack::Codec>(*format, payload);
      measure(rows);
      std::printf("\n%s, %zu B of payload\n%-28s %9s %7s %12s\n", std::string(format->name).c_str(), payload, "", "ns",
                  "ratio", "allocations");
      for (const Row& row : rows) {
        const double ratio = row.least_ns / rows.front().least_ns;
        std::printf("%-28s %9.0f %7.2f %12zu\n", row.name, row.least_ns, ratio, row.allocations);
        if (!is_json && payload == 1000) bars.push_back({row.name, ratio});
      }
    }
  }
  if (svg != nullptr) write_plot(svg, bars);
}
