// SPDX-License-Identifier: Apache-2.0

// Raw members on their way through two formats: CrossWorkerUpdate, a map of undecoded pieces, and AstArtifact, one
// undecoded tree. From MessagePack to JSON and back they stay equal, and every step is a whole, valid encoding.

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include <structwire/json.hpp>
#include <structwire/msgpack.hpp>

namespace structwire {
namespace {

struct CrossWorkerUpdate {
  std::string source_worker_id;
  std::string target_worker_id;
  std::string update_type;
  std::map<std::string, Raw> payload;
  double timestamp;
  std::map<std::string, std::int64_t> causal_clock;
  std::int64_t depth = 0;

  using wire = Rules<defaulted_from<&CrossWorkerUpdate::depth>>;
  friend bool operator==(const CrossWorkerUpdate&, const CrossWorkerUpdate&) = default;
};

struct AstArtifact {
  std::string sql;
  Raw ast_raw;
  std::string policy_hash;

  using wire = Rules<artifact>;
  friend bool operator==(const AstArtifact&, const AstArtifact&) = default;
};

struct Counter {
  std::int64_t count;
  std::vector<std::string> names;
  friend bool operator==(const Counter&, const Counter&) = default;
};

Raw packed(const auto& value) { return Raw::trusted(msgpack::format(), msgpack::encode(value)); }

template <class T>
void travels(const T& original) {
  const Buffer first = msgpack::encode(original);
  ASSERT_TRUE(validate_syntax(first, msgpack::format()));
  auto decoded = msgpack::decode<T>(first.bytes());
  ASSERT_TRUE(decoded) << decoded.error().message();
  EXPECT_EQ(*decoded, original);

  const std::string text = json::encode(*decoded);
  ASSERT_TRUE(validate_syntax(std::as_bytes(std::span(text)), json::format())) << text;
  auto from_text = json::decode<T>(text);
  ASSERT_TRUE(from_text) << from_text.error().message();
  EXPECT_EQ(json::encode(*from_text), text) << "spliced unchanged into its own format";

  const Buffer again = msgpack::encode(*from_text);
  ASSERT_TRUE(validate_syntax(again, msgpack::format()));
  EXPECT_EQ(again.bytes().size(), first.bytes().size());
  auto back = msgpack::decode<T>(again.bytes());
  ASSERT_TRUE(back) << back.error().message();
  EXPECT_EQ(*back, original);
}

TEST(RawPieces, a_map_of_pieces_crosses_formats_and_comes_back_equal) {
  const CrossWorkerUpdate update{
      "worker-1", "worker-2", "state", {{"counter", packed(Counter{7, {"a", "ü"}})}, {"flag", packed(true)},
                                        {"list", packed(std::vector<double>{0.5, -2})}, {"none", packed(Value())}},
      1700000000.25, {{"worker-1", 3}, {"worker-2", 1}}, 2};
  travels(update);
}

TEST(RawPieces, a_tree_crosses_formats_and_comes_back_equal) {
  Value node(Value::Map{{Value("type"), Value("select")}, {Value("limit"), Value(10)}});
  for (int depth = 0; depth < 100; ++depth) {
    node = Value(Value::Map{{Value("child"), std::move(node)}, {Value("line"), Value(depth)}});
  }
  travels(AstArtifact{"select * from t limit 10", packed(Value(Value::Array{node, Value("end")})), "9f86d081"});
}

TEST(RawPieces, a_piece_is_decoded_when_somebody_wants_it) {
  const Counter counter{41, {"x"}};
  const AstArtifact artifact{"", packed(counter), ""};
  const auto there = json::decode<AstArtifact>(json::encode(artifact));
  ASSERT_TRUE(there);
  EXPECT_EQ(there->ast_raw.format(), &json::format());
  EXPECT_EQ(*json::decode<Counter>(there->ast_raw.bytes()), counter);
}

TEST(RawPieces, a_piece_that_another_format_cannot_hold_is_refused) {
  auto artifact = json::decode<AstArtifact>(R"({"sql":"","ast_raw":1e999,"policy_hash":""})");
  ASSERT_TRUE(artifact) << "a JSON number of any size is valid JSON";
  Buffer out(std::string_view("kept"));
  const auto encoded = msgpack::append_to(*artifact, out);
  ASSERT_FALSE(encoded);
  EXPECT_EQ(encoded.error().code(), ErrorCode::number_out_of_range);
  EXPECT_EQ(out.text(), "kept");
}

}  // namespace
}  // namespace structwire
