// SPDX-License-Identifier: Apache-2.0

// The golden frames of active messages: message_frames FOLDER compares frames.json and refused.json with what the library
// writes and reads now, and shows an endpoint every frame of the file, whole and cut at every byte; message_frames
// --write FOLDER makes them anew. docs/messages.md explains them, and other implementations are held against the same
// files.

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include <examples/artifacts/messages.hpp>
#include <structwire/contract/checksum.hpp>
#include <structwire/contract/fingerprint.hpp>
#include <structwire/json.hpp>
#include <structwire/messaging/compression.hpp>
#include <structwire/messaging/endpoint/endpoint.hpp>
#include <structwire/messaging/endpoint/header.hpp>
#include <structwire/messaging/endpoint/hello.hpp>
#include <structwire/messaging/little_endian.hpp>
#include <structwire/msgpack.hpp>

namespace {

namespace sw = structwire;
using namespace structwire::messaging;

struct GoldenExtension {
  std::uint16_t type;
  bool critical;
  std::string hex;
  bool operator==(const GoldenExtension&) const = default;
};

struct GoldenMessage {
  std::uint8_t kind;
  std::uint8_t delivery;
  std::uint8_t format;
  std::uint8_t compression;
  std::uint32_t flags;
  std::uint64_t incarnation;
  std::uint64_t counter;
  std::uint64_t sequence;
  std::uint64_t schema;
  std::uint32_t handler;
  std::uint32_t time_left_us;
  std::uint64_t payload_size;
  std::vector<GoldenExtension> extensions;
  std::string payload_hex;
  bool operator==(const GoldenMessage&) const = default;
};

struct GoldenFrame {
  std::string name;
  std::string about;
  std::string head_hex;
  std::string body_hex;  ///< The second part; empty: there is none.
  std::vector<GoldenMessage> messages;
};

struct RefusedFrame {
  std::string name;
  std::string code;  ///< Of read_header.
  std::string hex;
};

std::string hex_of(std::span<const std::byte> bytes) {
  std::string hex;
  for (const std::byte each : bytes) {
    hex += "0123456789abcdef"[static_cast<unsigned>(each) >> 4];
    hex += "0123456789abcdef"[static_cast<unsigned>(each) & 15];
  }
  return hex;
}

GoldenMessage described(const HeaderView& view, std::span<const std::byte> payload) {
  const Header& header = view.header;
  GoldenMessage message{static_cast<std::uint8_t>(header.kind),
                        static_cast<std::uint8_t>(header.delivery),
                        header.format,
                        header.compression,
                        header.flags,
                        header.id.incarnation,
                        header.id.counter,
                        header.sequence,
                        header.schema,
                        header.handler,
                        header.time_left_us,
                        header.payload_size,
                        {},
                        hex_of(payload)};
  ExtensionList extensions = view.extensions;
  while (const auto each = extensions.next()) message.extensions.push_back({each->type, each->critical, hex_of(each->bytes)});
  return message;
}

// One frame: messages are appended as a sender does it.
class FrameWriter {
 public:
  FrameWriter(std::string name, std::string about) : frame_{std::move(name), std::move(about), {}, {}, {}} {}

  FrameWriter& add(Header header, const ExtensionWriter& extensions = {}, std::span<const std::byte> payload = {},
                   bool as_body = false) {
    while (head_.size() % 8 != 0) head_.append(std::array{std::byte{0}});
    if (header.payload_size == 0) header.payload_size = payload.size();
    const std::size_t start = head_.size();
    append_header(header, extensions, head_).value();
    const auto view = read_header(head_.bytes().subspan(start), {.header_bytes = 1 << 16, .payload_bytes = ~std::uint64_t{0}});
    frame_.messages.push_back(described(view.value(), payload));
    if (as_body) {
      frame_.body_hex = hex_of(payload);
    } else {
      head_.append(payload);
    }
    return *this;
  }
  GoldenFrame frame() {
    frame_.head_hex = hex_of(head_.bytes());
    return std::move(frame_);
  }

 private:
  GoldenFrame frame_;
  sw::Buffer head_;
};

constexpr std::uint64_t session = 0x0123456789abcdef;
constexpr std::uint64_t peer_session = 0xfedcba9876543210;
constexpr std::uint8_t msgpack = 2;

Header header_of(MessageKind kind, std::uint64_t sequence, std::uint64_t counter = 0) {
  Header header;
  header.kind = kind;
  header.sequence = sequence;
  if (counter != 0) header.id = {session, counter};
  return header;
}

Hello hello() {
  Hello made;
  made.instance = sw::Uuid::from_text("6ba7b810-9dad-11d1-80b4-00c04fd430c8").value();
  made.incarnation = 77;
  made.name = "worker-1";
  made.features = static_cast<std::uint64_t>(Feature::batches) | static_cast<std::uint64_t>(Feature::selective_acks);
  made.formats = {msgpack, 1};
  made.payload_bytes_max = 16u << 20;
  made.credit_messages = 1024;
  made.credit_bytes = 32u << 20;
  made.channel = 1;
  made.session = session;
  made.received = 1;
  made.table = 3;
  made.handlers = {{"query", 1, sw::wire_fingerprint<artifacts::QueryRequest>, sw::wire_fingerprint<artifacts::QueryResponse>,
                    {0x1122334455667788}, true, Ordering::by_sender},
                   {"message", 2, sw::wire_fingerprint<artifacts::Message>, 0, {}, false, Ordering::none}};
  return made;
}

Hello answer() {
  Hello made;
  made.instance = sw::Uuid::from_text("550e8400-e29b-41d4-a716-446655440000").value();
  made.incarnation = 78;
  made.formats = {msgpack};
  made.payload_bytes_max = 1u << 20;
  made.credit_messages = 16;
  made.credit_bytes = 1u << 20;
  made.heartbeat_ms = 2000;
  made.channel = 1;
  made.session = peer_session;
  made.peer_session = session;
  made.received = 1;
  made.table = 1;
  return made;
}

sw::Buffer query() { return sw::msgpack::encode(artifacts::QueryRequest{"q-1", "worker-1", 2.5}); }
sw::Buffer query_answer() {
  return sw::msgpack::encode(artifacts::QueryResponse{"q-1", "worker-1", sw::Bytes{std::byte{1}, std::byte{2}}, 1700000000.5});
}
sw::Buffer message() {
  return sw::msgpack::encode(artifacts::Message{"m-1", "worker-1", sw::Bytes{std::byte{0xff}}, 1700000000.25, 7});
}

Header request(std::uint64_t sequence, std::uint64_t counter) {
  Header header = header_of(MessageKind::request, sequence, counter);
  header.delivery = Delivery::response;
  header.format = msgpack;
  header.handler = 1;
  header.schema = sw::wire_fingerprint<artifacts::QueryRequest>;
  header.time_left_us = 1'500'000;
  return header;
}

Header response(std::uint64_t sequence, std::uint64_t counter, bool last) {
  Header header = header_of(MessageKind::response, sequence, counter);
  header.delivery = Delivery::response;
  header.format = msgpack;
  header.schema = sw::wire_fingerprint<artifacts::QueryResponse>;
  if (last) header.set(Flag::last);
  return header;
}

std::vector<GoldenFrame> links() {
  Header greeting = header_of(MessageKind::hello, 0);
  greeting.format = msgpack;
  Header greeted = header_of(MessageKind::hello_ack, 0);
  greeted.format = msgpack;
  ExtensionWriter status;
  status.add_pair(ExtensionType::acknowledged, 6, 0b101);
  status.add_pair(ExtensionType::credit, 1536, 48u << 20);
  ExtensionWriter progress;
  progress.add_pair(ExtensionType::acknowledged, 6, 0);
  progress.add_pair(ExtensionType::credit, 1536, 48u << 20);
  progress.add_u32(ExtensionType::progress, 3100);
  Header ping = header_of(MessageKind::ping, 0);
  ping.id = {0, 123456789};
  Header pong = header_of(MessageKind::pong, 0);
  pong.id = ping.id;
  return {
      FrameWriter("hello", "First on a link; of a dialler that begins a session").add(greeting, {}, encode_hello(hello()).bytes()).frame(),
      FrameWriter("hello_ack", "Its answer").add(greeted, {}, encode_hello(answer()).bytes()).frame(),
      FrameWriter("acknowledgement", "All before 6 came, and 7 and 9; more is granted").add(header_of(MessageKind::ack, 0), status).frame(),
      FrameWriter("ping", "Tells what came, too").add(ping, status).frame(),
      FrameWriter("pong", "Queued work has waited 3.1 seconds without any being done").add(pong, progress).frame(),
      FrameWriter("drain", "No new requests, please").add(header_of(MessageKind::drain, 9)).frame(),
  };
}

// The QueryRequest in a zstd frame (RFC 8878) of one raw block: magic, a descriptor for a size of one byte, that size, and
// the block's head, which is its size and the bit of the last one.
std::vector<std::byte> compressed_query() {
  const sw::Buffer plain = query();
  const auto size = static_cast<unsigned>(plain.size());
  std::vector<std::byte> frame;
  for (const unsigned byte : {0x28u, 0xb5u, 0x2fu, 0xfdu, 0x20u, size, (size << 3 | 1) & 0xff, size >> 5, 0u}) frame.push_back(std::byte(byte));
  frame.insert(frame.end(), plain.bytes().begin(), plain.bytes().end());
  return frame;
}

std::vector<GoldenFrame> requests() {
  Header named = request(2, 11);
  named.handler = 0;
  ExtensionWriter name;
  name.add(ExtensionType::handler_name, "query");
  Header full = request(3, 12);
  full.set(Flag::idempotent);
  full.set(Flag::retry);
  full.set(Flag::trace);
  ExtensionWriter all;
  std::array<std::byte, 26> trace{};
  for (std::size_t i = 0; i < trace.size(); ++i) trace[i] = std::byte(i);
  all.add(ExtensionType::trace_parent, trace);
  all.add(ExtensionType::trace_state, "vendor=1");
  all.add_u32(ExtensionType::attempt, 2);
  all.add_u32(ExtensionType::depth, 3, true);
  all.add_u64(ExtensionType::key, 0x1122334455667788);
  all.add(ExtensionType::user_header, std::string_view("colour\0blue", 11));
  all.add(static_cast<ExtensionType>(999), "of a later version");
  Header streamed = request(4, 13);
  ExtensionWriter ahead;
  ahead.add_pair(ExtensionType::credit, 16, 0);
  Header forgotten = header_of(MessageKind::request, 5, 14);
  forgotten.format = msgpack;
  forgotten.handler = 2;
  forgotten.schema = sw::wire_fingerprint<artifacts::Message>;
  Header large = forgotten;
  large.sequence = 6;
  large.id.counter = 15;
  large.delivery = Delivery::done;
  const std::vector<std::byte> body(100, std::byte{0xab});
  // Bytes that are written down here: what libzstd makes of a payload differs from one of its versions to the next.
  const std::vector<std::byte> zstd = compressed_query();
  Header smaller = request(8, 16);
  smaller.compression = zstd_compression;
  smaller.plain_size = query().size();
  Header huge = forgotten;
  huge.sequence = 7;
  huge.payload_size = std::uint64_t{5} << 32;
  return {
      FrameWriter("request", "A QueryRequest for the handler in slot 1").add(request(1, 10), {}, query().bytes()).frame(),
      FrameWriter("request_by_name", "The handler is named by an extension").add(named, name, query().bytes()).frame(),
      FrameWriter("request_with_everything", "Every extension of a request, and one that is not known yet").add(full, all, query().bytes()).frame(),
      FrameWriter("request_of_a_stream", "16 items may be sent ahead").add(streamed, ahead, query().bytes()).frame(),
      FrameWriter("batch", "Two messages in one frame: the second begins at a multiple of 8")
          .add(forgotten, {}, message().bytes())
          .add(header_of(MessageKind::cancel, 6, 10))
          .frame(),
      FrameWriter("body", "The payload is the second part").add(large, {}, body, true).frame(),
      FrameWriter("compressed", "The payload is zstd; an extension tells its size without").add(smaller, {}, zstd).frame(),
      FrameWriter("payload_of_20_gib", "A size that its field cannot hold; of this frame only the header is here").add(huge).frame(),
  };
}

std::vector<GoldenFrame> replies() {
  ExtensionWriter refusal;
  add_failure(refusal, {FailureCode::overloaded, true, 250, "too much to do"});
  ExtensionWriter timing;
  std::array<std::byte, 16> times;
  for (std::size_t i = 0; i < 4; ++i) store_little(times.data() + i * 4, static_cast<std::uint32_t>(i + 1));
  timing.add(ExtensionType::timing, times);
  ExtensionWriter consumed;
  consumed.add_pair(ExtensionType::credit, 24, 0);
  Header accept = header_of(MessageKind::accept, 1, 10);
  accept.delivery = Delivery::receipt;
  Header ack = header_of(MessageKind::ack, 2, 15);
  ack.delivery = Delivery::done;
  Header acks = ack;
  acks.sequence = 9;
  acks.id.counter = 20;
  ExtensionWriter too;
  too.add_u64(ExtensionType::done_too, std::uint64_t{1} << 63 | 0b101);
  return {
      FrameWriter("accept", "Of a request that wants a receipt: its handler will run").add(accept).frame(),
      FrameWriter("ack", "The handler returned").add(ack).frame(),
      FrameWriter("ack_of_many", "And those of 21, 23 and 84, too").add(acks, too).frame(),
      FrameWriter("nack", "It will not be done").add(header_of(MessageKind::nack, 3, 11), refusal).frame(),
      FrameWriter("response", "What the handler returned, and where the time went").add(response(4, 10, true), timing, query_answer().bytes()).frame(),
      FrameWriter("item", "One of a stream").add(response(5, 13, false), {}, query_answer().bytes()).frame(),
      FrameWriter("end", "Of a stream").add(response(6, 13, true)).frame(),
      FrameWriter("consumed", "24 items in all may be sent now").add(header_of(MessageKind::credit, 8, 13), consumed).frame(),
  };
}

// ---- what has to be refused

RefusedFrame refused(std::string name, sw::Buffer bytes, bool mends = true) {
  if (mends && bytes.size() >= header_size) {
    const std::size_t size = load_little<std::uint16_t>(bytes.data() + 6);
    const std::size_t end = std::clamp(size, header_size, bytes.size());
    const auto behind = bytes.bytes().subspan(header_size, end - header_size);
    store_little(bytes.data() + 60, sw::crc32c(behind, sw::crc32c(bytes.bytes().first(60))));
  }
  const auto read = read_header(bytes.bytes());
  return {std::move(name), read ? "none" : std::string(sw::name_of(read.error().code())), hex_of(bytes.bytes())};
}

sw::Buffer changed(sw::Buffer bytes, std::size_t at, int to) {
  bytes.data()[at] = std::byte(to);
  return bytes;
}

std::vector<RefusedFrame> bad_frames() {
  sw::Buffer plain;
  ExtensionWriter name;
  name.add(ExtensionType::handler_name, "query");
  append_header(request(1, 10), name, plain).value();
  ExtensionWriter unknown;
  unknown.add(static_cast<ExtensionType>(999), "x", true);
  sw::Buffer critical;
  append_header(request(1, 10), unknown, critical).value();
  Header huge = request(1, 10);
  huge.payload_size = std::uint64_t{5} << 32;
  sw::Buffer larger;
  append_header(huge, {}, larger).value();
  return {
      refused("another first byte", changed(plain, 0, '{')),
      refused("another magic", changed(plain, 3, 'X')),
      refused("another major version", changed(plain, 4, 2)),
      refused("a size of the header below 64", changed(plain, 6, 56)),
      refused("a size of the header that is no multiple of 8", changed(plain, 6, 0x4c)),
      refused("a header that ends behind the frame", changed(plain, 6, 0x58)),
      refused("a wrong checksum", changed(plain, 60, static_cast<int>(plain.data()[60]) ^ 1), false),
      refused("kind 0", changed(plain, 8, 0)),
      refused("kind 13", changed(plain, 8, 13)),
      refused("delivery 6", changed(plain, 9, 6)),
      refused("a critical flag that is not known", changed(plain, 13, 0x80)),
      refused("a critical extension that is not known", critical),
      refused("an extension that ends behind its header", changed(plain, 66, 40)),
      refused("a payload without its size", changed(changed(changed(changed(plain, 56, 0xff), 57, 0xff), 58, 0xff), 59, 0xff)),
      refused("a payload of 20 GiB", larger),
      refused("half a header", sw::Buffer(plain.bytes().first(40)), false),
  };
}

// ---- what an endpoint makes of them

// One that was greeted by the golden hello, over a link that may lose things, so that any sequence may come next.
class Reader final : public Port {
 public:
  explicit Reader(const Frame& hello) {
    endpoint_.set_handler({.name = "query", .slot = 1}, Instant{});
    endpoint_.set_handler({.name = "message", .slot = 2}, Instant{});
    endpoint_.link_opened(link, {.lossless = false}, Instant{});
    endpoint_.received(link, hello, Instant{});
  }
  bool takes(const Frame& frame) {
    const std::uint64_t before = endpoint_.counters().frames_refused;
    endpoint_.received(link, frame, Instant{});
    return endpoint_.counters().frames_refused == before;
  }

  void transmit(LinkId, Frame) override {}
  bool congested(LinkId) const override { return false; }
  void disconnect(LinkId, std::string_view) override {}
  void run(Work) override {}
  void stop(WorkId, FailureCode) override {}
  void more_items(WorkId, std::uint64_t) override {}
  void settled(std::uint64_t, Outcome) override {}
  void receipt(std::uint64_t) override {}
  void item(std::uint64_t, structwire::messaging::Reply) override {}
  void peer_changed(PeerId, PeerState) override {}
  Duration stalled(Instant) const override { return {}; }

 private:
  static constexpr LinkId link{1};
  static EndpointOptions options() {
    EndpointOptions made;
    made.formats = {msgpack, 1};
    made.seed = 1;
    made.incarnation = 5;
    made.instance = sw::Uuid::from_text("550e8400-e29b-41d4-a716-446655440000").value();
    return made;
  }
  Endpoint endpoint_{options(), *this};
};

Payload bytes_of_hex(std::string_view hex) {
  const auto digit = [](char c) { return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10); };
  sw::Buffer bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) bytes.append(std::array{std::byte(digit(hex[i]) << 4 | digit(hex[i + 1]))});
  return Payload(std::move(bytes));
}

// Not for this reader, even whole: it greeted nobody, sent nothing that could be acknowledged, and takes 16 MiB.
bool is_for_another(std::string_view name) {
  constexpr std::array others{"hello_ack", "acknowledgement", "ping", "pong", "payload_of_20_gib"};
  return std::ranges::find(others, name) != others.end();
}

// Returns how many frames were read otherwise than they should.
std::size_t read_all(const std::vector<GoldenFrame>& frames) {
  std::size_t cuts = 0;
  std::size_t wrong = 0;
  const auto judge = [&](const GoldenFrame& frame, std::string_view what, bool good) {
    if (good) return;
    ++wrong;
    std::printf("%s, %.*s\n", frame.name.c_str(), static_cast<int>(what.size()), what.data());
  };
  const Frame hello{.head = bytes_of_hex(frames.front().head_hex), .body = {}};
  for (const GoldenFrame& golden : frames) {
    const Frame frame{.head = bytes_of_hex(golden.head_hex), .body = bytes_of_hex(golden.body_hex)};
    const auto bytes = frame.head.bytes();
    constexpr HeaderLimits limits{.header_bytes = 1 << 16, .payload_bytes = ~std::uint64_t{0}};
    const auto first = read_header(bytes, limits);
    judge(golden, "its first header: unreadable", first.has_value());
    if (!first) continue;
    const auto payload = frame.body.empty() ? bytes.subspan(first->size).first(std::min<std::size_t>(
                                                  bytes.size() - first->size, first->header.payload_size))
                                            : frame.body.bytes();
    judge(golden, "its first message: read as another", described(*first, payload) == golden.messages.front());
    for (std::size_t size = 0; size < first->size; ++size, ++cuts) {
      judge(golden, "a part of its first header: taken", !read_header(bytes.first(size), limits));
    }
    if (is_for_another(golden.name)) continue;
    judge(golden, "whole: refused", golden.name == "hello" || Reader(hello).takes(frame));
    // Where a message ends, a shorter frame ends, too.
    const std::size_t second = golden.messages.size() > 1 ? next_message(bytes, 0) : bytes.size();
    const std::size_t end = first->size + static_cast<std::size_t>(frame.body.empty() ? first->header.payload_size : 0);
    for (std::size_t size = 1; size < bytes.size(); ++size, ++cuts) {
      if (size >= end && size <= second) continue;
      judge(golden, "cut: taken", !Reader(hello).takes({.head = frame.head.part(0, size), .body = {}}));
    }
    for (std::size_t size = 0; size < frame.body.size(); ++size, ++cuts) {
      judge(golden, "its second part cut: taken", !Reader(hello).takes({.head = frame.head, .body = frame.body.part(0, size)}));
    }
  }
  std::printf("%zu frames read, whole and cut in %zu places, %zu wrong\n", frames.size(), cuts, wrong);
  return wrong;
}

// ---- files

class Folder {
 public:
  Folder(std::filesystem::path path, bool writes) : path_(std::move(path)), writes_(writes) {}

  template <class T>
  void keep(const std::string& name, const std::vector<T>& rows) {
    std::string text;
    for (const T& row : rows) text += (text.empty() ? "[\n" : ",\n") + std::string(sw::json::encode(row));
    text += "\n]\n";
    count_ += rows.size();
    if (writes_) {
      std::ofstream(path_ / name, std::ios::binary) << text;
      return;
    }
    if (text_of(name) == text) return;
    ++failed_;
    std::printf("%s is not what is written now\n", (path_ / name).c_str());
  }
  std::string text_of(const std::string& name) const {
    std::ifstream file(path_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  bool finish() const {
    std::printf("%zu frames, %zu files differ\n", count_, failed_);
    return failed_ == 0;
  }

 private:
  std::filesystem::path path_;
  bool writes_;
  std::size_t count_ = 0;
  std::size_t failed_ = 0;
};

}  // namespace

int main(int count, char** arguments) {
  const bool writes = count == 3 && std::string_view(arguments[1]) == "--write";
  if (count != (writes ? 3 : 2)) {
    std::fputs("usage: message_frames [--write] FOLDER\n", stderr);
    return 2;
  }
  Folder folder(arguments[count - 1], writes);
  std::vector<GoldenFrame> frames;
  for (auto& part : {links(), requests(), replies()}) frames.insert(frames.end(), part.begin(), part.end());
  folder.keep("frames.json", frames);
  folder.keep("refused.json", bad_frames());
  const bool same = folder.finish();
  const auto there = sw::json::decode<std::vector<GoldenFrame>>(folder.text_of("frames.json"));
  if (!there) {
    std::printf("frames.json: %s\n", there.error().message().c_str());
    return 1;
  }
  return read_all(*there) == 0 && same ? 0 : 1;
}
