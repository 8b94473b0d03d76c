// SPDX-License-Identifier: Apache-2.0
//
// The compatibility check against messages. Strategy: a random contract, one edit of it, and the verdicts of
// contract::differences for both directions in JSON and MessagePack. Messages are made by the writer that the one
// Schema drives and read by the reader that the other one drives.
//
// Invariants: where a direction is called compatible, every message crosses: no error, and what was read means what was
// written (meaning.hpp). Where it is called anything else, some message does not.
//
//   STRUCTWIRE_SEED       repeats a run
//   STRUCTWIRE_MESSAGES   for each compatible direction (default 100; `./dev check` takes 1000)
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>

#include <gtest/gtest.h>

#include <structwire/contract/compare.hpp>
#include <structwire/contract/sample.hpp>
#include <structwire/contract/schema_reader.hpp>
#include <structwire/contract/schema_writer.hpp>
#include <structwire/json.hpp>
#include <structwire/msgpack.hpp>
#include <tests/contract/meaning.hpp>
#include <tests/contract/mutation.hpp>

namespace structwire::contract::mutation {
namespace {

constexpr std::size_t edits_each = 50;
constexpr int witness_tries = 1000;

int messages_each() {
  const char* given = std::getenv("STRUCTWIRE_MESSAGES");
  return given == nullptr ? 100 : std::atoi(given);
}

/// Who writes the messages: the program of the contract, or another one that its readers understand as well.
enum class Peer : std::uint8_t {
  own,
  lean,       ///< Leaves out what it may: in maps, and at the end of arrays.
  talkative,  ///< Writes a member more, which readers pass over, and enum values that they have a catch-all for.
};

Schema schema_of(Schema writer, Peer peer) {
  if (peer == Peer::lean) {
    for (StructSchema& each : writer.structs) each.omit_defaults = true;
  }
  if (peer != Peer::talkative) return writer;
  StructSchema& root = writer.structs.front();
  if (root.unknown_fields != UnknownFields::forbid) {
    MemberSchema more{.name = "of_another_version", .number = 9999, .type = {.kind = TypeKind::boolean}};
    root.members.push_back(std::move(more));
  }
  for (EnumSchema& each : writer.enums) {
    const bool by_name = each.values.front().value.get_if<std::string>() != nullptr;
    if (!each.catch_all.empty()) each.values.push_back({"of_another_version", by_name ? Value("of_another_version") : Value(77)});
  }
  return writer;
}

/// One direction of one pair in one format, with one peer on the writing side.
class Crossing {
 public:
  Crossing(const Schema& writer, const Schema& reader, const Format& format, Peer peer)
      : writer_(schema_of(writer, peer)), reader_(SchemaReader::make(reader).value()), format_(&format), peer_(peer),
        meaning_(writer_, reader_.schema()), edges_(edge_samples(writer_).value()) {}
  Crossing(const Crossing&) = delete;

  /// The first of the edges and `count` random messages that does not arrive as what it was, and what happened.
  std::string first_fault(std::uint64_t seed, int count) const {
    for (const auto& [name, message] : edges_) {
      if (std::string found = fault(message); !found.empty()) return found;
    }
    for (int i = 0; i < count; ++i) {
      const auto message = random_sample(writer_, seed + static_cast<std::uint64_t>(i));
      if (!message) continue;
      if (std::string found = fault(*message); !found.empty()) return found;
    }
    return "";
  }

 private:
  std::string fault(const Value& message) const {
    auto bytes = encode(writer_, *format_, message);
    if (!bytes) return "cannot be written: " + bytes.error().message();
    if (peer_ == Peer::lean) cut(message, *bytes);
    const auto read = reader_.decode(*format_, bytes->bytes());
    const std::string written = json::encode(message) + (peer_ == Peer::own ? ": " : " of a peer: ");
    if (!read) return written + read.error().message();
    return meaning_.is_kept(message, *read) ? "" : written + "changed to " + json::encode(*read);
  }

  // Items at the end of an array that are what they would be if they were not there.
  void cut(const Value& message, Buffer& bytes) const {
    const auto* items = message.get_if<Value::Array>();
    if (items == nullptr) return;
    std::size_t size = items->size();
    const auto means_the_same = [&](std::size_t shorter) {
      const auto whole = complete(writer_, Value(Value::Array(items->begin(), items->begin() + static_cast<std::ptrdiff_t>(shorter))));
      return whole && *whole == message;
    };
    while (size > 0 && means_the_same(size - 1)) --size;
    Value whole = format_->decode(bytes.bytes(), {}).value();
    whole.get_if<Value::Array>()->resize(size);
    bytes.clear();
    static_cast<void>(format_->append(whole, bytes));
  }

  Schema writer_;
  SchemaReader reader_;
  const Format* format_;
  Peer peer_;
  Meaning meaning_;
  std::vector<Sample> edges_;
};

struct Pair {
  Schema before;
  Schema after;
};

struct Tally {
  std::size_t applied = 0;
  std::map<std::string_view, std::size_t> verdicts;
};

class Mutation : public ::testing::Test {
 protected:
  void check(const Edit& edit, const Pair& pair, WireForm form, Tally& tally) {
    Verdict backward = Verdict::compatible;
    Verdict forward = Verdict::compatible;
    std::string said;
    for (const Difference& each : differences(pair.before, pair.after, form)) {
      backward = std::max(backward, each.backward);
      forward = std::max(forward, each.forward);
      said += each.rule + " " + each.path + "; ";
    }
    const Format& format = form == WireForm::json ? json::format() : msgpack::format();
    judge(edit, "backward", said, backward, pair.before, pair.after, format);
    judge(edit, "forward", said, forward, pair.after, pair.before, format);
    ++tally.verdicts[name_of(backward)];
    ++tally.verdicts[name_of(forward)];
  }

  // Backward, a verdict is also about what peers write; what an array has more is the next member that is added, so that
  // the talkative one only tells what breaks.
  std::string first_fault(bool is_backward, bool is_compatible, const Schema& writer, const Schema& reader, const Format& format) {
    const int count = is_compatible ? messages_each() : witness_tries;
    for (const Peer peer : {Peer::own, Peer::lean, Peer::talkative}) {
      if (peer != Peer::own && (!is_backward || (peer == Peer::talkative && is_compatible))) continue;
      std::string found = Crossing(writer, reader, format, peer).first_fault(random_.bits(), count);
      if (!found.empty()) return found;
    }
    return "";
  }

  void judge(const Edit& edit, std::string_view direction, const std::string& said, Verdict verdict, const Schema& writer,
             const Schema& reader, const Format& format) {
    const bool is_compatible = verdict == Verdict::compatible;
    const std::string fault = first_fault(direction == "backward", is_compatible, writer, reader, format);
    if (fault.empty() == is_compatible) return;
    ++wrong_;
    ADD_FAILURE() << edit.name << ", " << direction << ": called " << name_of(verdict) << " (" << said << "), and "
                  << (fault.empty() ? "every message crosses" : fault) << "\n  writer " << json::encode(writer)
                  << "\n  reader " << json::encode(reader);
  }

  Random random_{test::random_seed()};
  std::size_t wrong_ = 0;
};

TEST_F(Mutation, what_the_check_calls_compatible_crosses_and_what_it_calls_breaking_breaks) {
  std::vector<Tally> tallies(edits().size());
  const auto is_done = [&] { return std::ranges::all_of(tallies, [](const Tally& each) { return each.applied >= edits_each; }); };
  for (int rounds = 0; !is_done() && rounds < 100'000 && wrong_ < 10; ++rounds) {
    const std::size_t i = static_cast<std::size_t>(rounds) % edits().size();
    if (tallies[i].applied >= edits_each) continue;
    Pair pair{random_schema(random_), {}};
    pair.after = pair.before;
    const Edit& edit = edits()[i];
    if (!edit.apply(pair.after, random_)) continue;
    ++tallies[i].applied;
    for (const WireForm form : {WireForm::json, WireForm::msgpack}) check(edit, pair, form, tallies[i]);
  }
  for (std::size_t i = 0; i < tallies.size(); ++i) {
    std::printf("%-32s %4zu pairs:", std::string(edits()[i].name).c_str(), tallies[i].applied);
    for (const auto& [verdict, count] : tallies[i].verdicts) std::printf(" %zu %s", count, std::string(verdict).c_str());
    std::printf("\n");
    if (wrong_ == 0) {
      EXPECT_GE(tallies[i].applied, edits_each) << edits()[i].name;
    }
  }
}

}  // namespace
}  // namespace structwire::contract::mutation
