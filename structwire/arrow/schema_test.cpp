// SPDX-License-Identifier: Apache-2.0
//
// Arrow schemas without pyarrow: one that it wrote, everything that can be wrong with it, and what
// no writer writes. That pyarrow agrees is tested in tests/arrow/.
#include <structwire/arrow/schema.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include <structwire/core/base64.hpp>
#include <tests/support/random.hpp>

namespace structwire::arrow {
namespace {

// pyarrow.schema([
//   pyarrow.field("id", pyarrow.int64(), False), pyarrow.field("price", pyarrow.decimal128(10, 2)),
//   pyarrow.field("at", pyarrow.timestamp("us", tz="UTC")),
//   pyarrow.field("tags", pyarrow.map_(pyarrow.string(), pyarrow.int32())),
//   pyarrow.field("kind", pyarrow.dictionary(pyarrow.int8(), pyarrow.string()), metadata={"note":
//   "x"}),
// ], metadata={"made": "here"}).serialize()
constexpr std::string_view golden =
    "/////4ACAAAQAAAAAAAKAA4ABgAFAAgACgAAAAABBAAQAAAAAAAKAAwAAAAEAAgACgAAADQAAAAEAAAAAQAAAAQAAAAY/"
    "v//FAAA"
    "AAQAAAAEAAAAaGVyZQAAAAAEAAAAbWFkZQAAAAAFAAAA5AEAAJgBAABIAQAAkAAAABgAAAAAABIAHAAIAAYABwAMABAAFA"
    "AYABIA"
    "AAAAAAEFGAAAAGQAAABMAAAACAAAABQAAAAAAAAABAAAAGtpbmQAAAAAAQAAAAQAAACc/v//"
    "EAAAAAQAAAABAAAAeAAAAAQAAABu"
    "b3RlAAAAAAgACAAAAAQACAAAAAQAAACI/v//AAAAAQgAAABQ////EP///"
    "wAAAREUAAAAHAAAAAQAAAABAAAAFAAAAAQAAAB0YWdz"
    "AAAAAHz////0/v//AAAADRgAAAAgAAAABAAAAAIAAABIAAAAFAAAAAcAAABlbnRyaWVzAKz///9s////"
    "AAABAhAAAAAYAAAABAAA"
    "AAAAAAAFAAAAdmFsdWUAAAAY////AAAAASAAAABU////"
    "AAAABRAAAAAYAAAABAAAAAAAAAADAAAAa2V5AAQABAAEAAAAxP///wAA"
    "AQoQAAAAHAAAAAQAAAAAAAAAAgAAAGF0AAAIAAwABgAIAAgAAAAAAAIABAAAAAMAAABVVEMAEAAUAAgABgAHAAwAAAAQAB"
    "AAAAAA"
    "AAEHEAAAACAAAAAEAAAAAAAAAAUAAABwcmljZQAAAAgADAAEAAgACAAAAAoAAAACAAAAEAAUAAgAAAAHAAwAAAAQABAAAA"
    "AAAAAC"
    "EAAAABwAAAAEAAAAAAAAAAIAAABpZAAACAAMAAgABwAIAAAAAAAAAUAAAAAAAAAA";

Bytes golden_bytes() {
  Bytes bytes;
  EXPECT_TRUE(base64::decode(golden, bytes));
  return bytes;
}

ErrorCode code_of(Bytes bytes, const SchemaLimits& limits = {}) {
  const auto schema = Schema::from_bytes(std::move(bytes), limits);
  return schema ? ErrorCode::none : schema.error().code();
}

TEST(Schema, lists_names_types_nullability_and_metadata) {
  const auto schema = Schema::from_bytes(golden_bytes());
  ASSERT_TRUE(schema) << schema.error().message();
  std::string text;
  for (const Field& field : schema->fields()) {
    text += field.name + ": " + field.type_text() + (field.nullable ? "\n" : " not null\n");
  }
  EXPECT_EQ(text,
            "id: int64 not null\nprice: decimal128(10, 2)\nat: timestamp[us, tz=UTC]\ntags: "
            "map<string, int32>\n"
            "kind: dictionary<values=string, indices=int8, ordered=0>\n");
  EXPECT_EQ(schema->find("price")->type.scale, 2);
  EXPECT_EQ(schema->find("kind")->metadata, (std::vector<KeyValue>{{"note", "x"}}));
  EXPECT_EQ(schema->find("none"), nullptr);
  EXPECT_EQ(schema->metadata(), (std::vector<KeyValue>{{"made", "here"}}));
  EXPECT_FALSE(schema->is_big_endian());
  EXPECT_EQ(Bytes(schema->bytes().begin(), schema->bytes().end()), golden_bytes());
}

TEST(Schema, of_nothing_can_be_read) {
  const Schema empty;
  EXPECT_EQ(*Schema::from_bytes(Bytes(empty.bytes().begin(), empty.bytes().end())), empty);
  EXPECT_TRUE(empty.fields().empty());
}

TEST(Schema, without_the_first_four_bytes_is_of_an_older_arrow) {
  Bytes bytes = golden_bytes();
  bytes.erase(bytes.begin(), bytes.begin() + 4);
  EXPECT_EQ(Schema::from_bytes(bytes)->fields().size(), 5u);
}

TEST(Schema, that_stops_or_goes_on_is_refused) {
  const Bytes bytes = golden_bytes();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto schema =
        Schema::from_bytes(Bytes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)));
    ASSERT_FALSE(schema);
    EXPECT_EQ(schema.error().code(), ErrorCode::unexpected_end);
    EXPECT_EQ(schema.error().offset(), size);
  }
  Bytes longer = bytes;
  longer.push_back(std::byte{0});
  EXPECT_EQ(code_of(longer), ErrorCode::trailing_data);
  // The same, where the prefix says that less is there: then offsets lead out of the message.
  std::size_t refused = 0;
  for (std::size_t size = 0; size + 8 < bytes.size(); ++size) {
    Bytes cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(8 + size));
    for (std::size_t i = 0; i < 4; ++i) cut[4 + i] = static_cast<std::byte>(size >> 8 * i);
    const auto schema = Schema::from_bytes(cut);
    refused += !schema;
    if (!schema) {
      EXPECT_LE(schema.error().offset(), cut.size());
    }
  }
  EXPECT_GE(refused, bytes.size() - 16) << "only blanks may be missing";
}

TEST(Schema, with_damage_anywhere_is_an_error_or_a_schema) {
  const Bytes bytes = golden_bytes();
  test::Random random(test::random_seed());
  const auto check = [](const Bytes& damaged) {
    const auto schema = Schema::from_bytes(damaged);
    if (!schema) {
      EXPECT_LE(schema.error().offset(), damaged.size());
      EXPECT_FALSE(schema.error().message().empty());
      return;
    }
    for (const Field& field : schema->fields()) EXPECT_FALSE(field.type_text().empty());
  };
  for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    Bytes damaged = bytes;
    damaged[bit / 8] ^= static_cast<std::byte>(1 << bit % 8);
    check(damaged);
  }
  for (int round = 0; round < 20000; ++round) {
    Bytes damaged = bytes;
    for (std::uint64_t i = random.below(6) + 1; i > 0; --i) {
      damaged[8 + random.below(bytes.size() - 8)] = static_cast<std::byte>(random.bits());
    }
    check(damaged);
  }
}

TEST(Schema, holds_its_limits) {
  const Bytes bytes = golden_bytes();
  EXPECT_EQ(code_of(bytes, {.fields = 8}), ErrorCode::none)
      << "five, the entries of the map, its key and its value";
  EXPECT_EQ(code_of(bytes, {.fields = 7}), ErrorCode::size_limit);
  EXPECT_EQ(code_of(bytes, {.depth = 3}), ErrorCode::none);
  EXPECT_EQ(code_of(bytes, {.depth = 2}), ErrorCode::depth_limit);
  EXPECT_EQ(code_of(bytes, {.text_bytes = 10}), ErrorCode::size_limit);
}

// ---- what no writer writes ----

// Writes tables front to back: a table of fields, then the table, whose offsets lead forward to
// what is put later.
class Tables {
 public:
  std::size_t put(std::uint64_t number, std::size_t size) {
    const std::size_t at = bytes_.size();
    for (std::size_t i = 0; i < size; ++i)
      bytes_.push_back(static_cast<std::byte>(number >> 8 * i));
    return at;
  }
  void point(std::size_t from, std::size_t to) {
    for (std::size_t i = 0; i < 4; ++i)
      bytes_[from + i] = static_cast<std::byte>((to - from) >> 8 * i);
  }
  // A table of `slots`, each 0 (absent) or 4 bytes wide; returns where it is.
  std::size_t table(const std::vector<bool>& slots) {
    const std::size_t fields = put(4 + 2 * slots.size(), 2);
    std::size_t size = 4;
    for (const bool there : slots) size += there ? 4 : 0;
    put(size, 2);
    std::size_t next = 4;
    for (const bool there : slots) {
      put(there ? next : 0, 2);
      next += there ? 4 : 0;
    }
    const std::size_t at = put(bytes_.size() - fields, 4);
    for (std::size_t i = 4; i < size; i += 4) put(0, 4);
    return at;
  }
  void set(std::size_t at, std::uint8_t value) { bytes_[at] = static_cast<std::byte>(value); }

  Bytes message() const {
    Bytes all;
    for (std::size_t i = 0; i < 4; ++i)
      all.push_back(static_cast<std::byte>(bytes_.size() >> 8 * i));
    all.insert(all.end(), bytes_.begin(), bytes_.end());
    return all;
  }

 private:
  Bytes bytes_;
};

// A struct of two fields that are the same struct of two fields, and so on: 2^levels of them.
Bytes shared_structs(std::size_t levels) {
  Tables tables;
  const std::size_t root = tables.put(0, 4);
  const std::size_t message = tables.table({true, true, true});
  tables.point(root, message);
  tables.set(message + 4, 4);
  tables.set(message + 8, 1);
  const std::size_t schema = tables.table({false, true});
  tables.point(message + 12, schema);
  std::size_t parent = schema + 4;
  std::vector<std::size_t> types;
  for (std::size_t level = 0; level < levels; ++level) {
    const bool leaf = level + 1 == levels;
    const std::size_t vector = tables.put(2, 4);
    tables.point(parent, vector);
    const std::size_t first = tables.put(0, 4);
    const std::size_t second = tables.put(0, 4);
    const std::size_t field = tables.table({false, false, true, true, false, !leaf});
    tables.point(first, field);
    tables.point(second, field);
    tables.set(field + 4, static_cast<std::uint8_t>(leaf ? TypeId::boolean : TypeId::structure));
    types.push_back(field + 8);
    parent = field + 12;
  }
  const std::size_t type = tables.table({});
  for (const std::size_t each : types) tables.point(each, type);
  return tables.message();
}

TEST(Schema, whose_tables_are_shared_is_counted_as_what_it_becomes) {
  const auto small = Schema::from_bytes(shared_structs(3));
  ASSERT_TRUE(small) << small.error().message();
  EXPECT_EQ(small->fields()[1].children[0].children[1].type_text(), "bool");
  EXPECT_EQ(small->fields()[0].type_text(),
            "struct<: struct<: bool not null, : bool not null> not null, : struct<: bool not null, "
            ": bool not null> "
            "not null>");
  EXPECT_EQ(code_of(shared_structs(40)), ErrorCode::size_limit);
  EXPECT_EQ(code_of(shared_structs(5), {.fields = 62}), ErrorCode::none);
  EXPECT_EQ(code_of(shared_structs(5), {.fields = 61}), ErrorCode::size_limit);
}

}  // namespace
}  // namespace structwire::arrow
