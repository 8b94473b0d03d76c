// SPDX-License-Identifier: Apache-2.0
#pragma once

// The types of the msgspec corpus (its TYPES.md, whose names and defaults these are) as C++ structs.

#include <chrono>
#include <complex>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

#include <structwire/core/decimal.hpp>
#include <structwire/core/rules.hpp>
#include <structwire/core/time.hpp>
#include <structwire/core/types.hpp>
#include <structwire/core/uuid.hpp>

namespace structwire::testing::corpus {

namespace sw = structwire;

enum class Color { RED, GREEN };
enum class Fruit { APPLE, BANANA, DRAGON };
enum class Level { LOW = 1, MID = 5, HIGH = 10, NEG = -3 };
enum class Mode { READ, WRITE };
enum class Sparse : std::int64_t { A = 0, B = 1000000, C = INT64_MIN, D = INT64_MAX };

}  // namespace structwire::testing::corpus

template <>
inline constexpr auto structwire::enum_values<structwire::testing::corpus::Color> =
    structwire::by_name<structwire::enumerator<structwire::testing::corpus::Color::RED, "red">,
                        structwire::enumerator<structwire::testing::corpus::Color::GREEN, "green">,
                        structwire::ignore_case,
                        structwire::description<"Lookup is case insensitive (Python `_missing_`).">>;
template <>
inline constexpr auto structwire::enum_values<structwire::testing::corpus::Fruit> =
    structwire::by_name<structwire::enumerator<structwire::testing::corpus::Fruit::APPLE, "apple">,
                        structwire::enumerator<structwire::testing::corpus::Fruit::BANANA, "banana">,
                        structwire::enumerator<structwire::testing::corpus::Fruit::DRAGON, "dragon fruit">>;
template <>
inline constexpr auto structwire::enum_values<structwire::testing::corpus::Level> =
    structwire::by_value<structwire::testing::corpus::Level::LOW, structwire::testing::corpus::Level::MID,
                         structwire::testing::corpus::Level::HIGH, structwire::testing::corpus::Level::NEG>;
template <>
inline constexpr auto structwire::enum_values<structwire::testing::corpus::Mode> =
    structwire::by_name<structwire::enumerator<structwire::testing::corpus::Mode::READ, "r">,
                        structwire::enumerator<structwire::testing::corpus::Mode::WRITE, "w">>;
template <>
inline constexpr auto structwire::enum_values<structwire::testing::corpus::Sparse> =
    structwire::by_value<structwire::testing::corpus::Sparse::A, structwire::testing::corpus::Sparse::B,
                         structwire::testing::corpus::Sparse::C, structwire::testing::corpus::Sparse::D>;

/// The corpus's custom type: a path is a text that is not empty.
template <>
struct structwire::codec_for<std::filesystem::path> {
  using wire_type = Value;
  static Value to_wire(const std::filesystem::path& path) { return Value(path.string()); }
  static std::expected<std::filesystem::path, std::string> from_wire(const Value& value) {
    const auto* text = value.get_if<std::string>();
    if (text == nullptr) return std::unexpected("path must be a string");
    if (text->empty()) return std::unexpected("empty path");
    return std::filesystem::path(*text);
  }
};

/// The other one: a complex number is an array of its two parts.
template <>
struct structwire::codec_for<std::complex<double>> {
  using wire_type = Value;
  static Value to_wire(std::complex<double> number) {
    return Value(Value::Array{Value(number.real()), Value(number.imag())});
  }
  static std::expected<std::complex<double>, std::string> from_wire(const Value& value) {
    const auto* parts = value.get_if<Value::Array>();
    if (parts == nullptr || parts->size() != 2) return std::unexpected("bad complex");
    std::array<double, 2> numbers{};
    for (std::size_t i = 0; i < 2; ++i) {
      const auto* integer = (*parts)[i].get_if<std::int64_t>();
      const auto* floating = (*parts)[i].get_if<double>();
      if (integer == nullptr && floating == nullptr) return std::unexpected("bad complex");
      numbers[i] = integer != nullptr ? static_cast<double>(*integer) : *floating;
    }
    return std::complex<double>(numbers[0], numbers[1]);
  }
};

namespace structwire::testing::corpus {

struct Point {
  double x;
  double y;
  using wire = sw::Rules<sw::description<"A point in 2D space">>;
};

struct Empty {
};

struct User {
  std::string name;
  std::set<std::string> groups;
  std::optional<std::string> email;
  using wire = sw::Rules<sw::description<"A struct describing a user">, sw::defaulted_from<&User::groups>>;
};

struct Node {
  std::int64_t value;
  std::unique_ptr<Node> next;
  std::vector<Node> children;
  using wire = sw::Rules<sw::description<"A recursive list/tree node">, sw::defaulted_from<&Node::children>>;
};

struct Inner {
  std::int64_t a;
  std::optional<std::string> b;
};

struct Outer {
  std::int64_t id;
  Inner inner;
  std::optional<Inner> opt;
  std::vector<Inner> items;
  std::map<std::string, Inner> lookup;
  std::optional<std::tuple<Inner, std::int64_t>> pair;
  using wire = sw::Rules<sw::defaulted_from<&Outer::items>>;
};

struct Kitchen {
  bool b;
  std::int64_t i;
  double f;
  std::string s;
  sw::Bytes by;
  sw::DateTime dt;
  std::chrono::year_month_day d;
  sw::TimeOfDay t;
  std::chrono::microseconds td;
  sw::Uuid u;
  sw::Decimal dec;
  Fruit e;
  Level lv;
  sw::Literal<"x", "y"> lit;
  std::monostate n;
  sw::Value any;
  using wire = sw::Rules<sw::description<"Every scalar kind in one struct">>;
};

struct Wide {
  std::int64_t field_00 = 0;
  std::int64_t field_01 = 1;
  std::int64_t field_02 = 2;
  std::int64_t field_03 = 3;
  std::int64_t field_04 = 4;
  std::int64_t field_05 = 5;
  std::int64_t field_06 = 6;
  std::int64_t field_07 = 7;
  std::int64_t field_08 = 8;
  std::int64_t field_09 = 9;
  std::int64_t field_10 = 10;
  std::int64_t field_11 = 11;
  std::int64_t field_12 = 12;
  std::int64_t field_13 = 13;
  std::int64_t field_14 = 14;
  std::int64_t field_15 = 15;
  std::int64_t field_16 = 16;
  std::int64_t field_17 = 17;
  std::int64_t field_18 = 18;
  std::int64_t field_19 = 19;
  std::int64_t field_20 = 20;
  std::int64_t field_21 = 21;
  std::int64_t field_22 = 22;
  std::int64_t field_23 = 23;
  std::int64_t field_24 = 24;
  std::int64_t field_25 = 25;
  std::int64_t field_26 = 26;
  std::int64_t field_27 = 27;
  std::int64_t field_28 = 28;
  std::int64_t field_29 = 29;
  std::int64_t field_30 = 30;
  std::int64_t field_31 = 31;
  std::int64_t field_32 = 32;
  using wire = sw::Rules<sw::description<"33 integer fields field_00..field_32, default of field_NN is NN">, sw::all_defaulted>;
};

struct DerivedBase {
  std::int64_t id;
  std::string name = "base";
};

struct Derived : DerivedBase {
  double extra = 0.5;
  using wire = sw::Rules<sw::members<&Derived::id, &Derived::name, &Derived::extra>, sw::defaulted_from<&Derived::name>>;
};

struct KwOrderSub {
  double c;
  std::string d = "D";
  std::string a = "A";
  std::int64_t b;
  using wire = sw::Rules<sw::member<&KwOrderSub::d, sw::defaulted>, sw::member<&KwOrderSub::a, sw::defaulted>>;
};

struct AnyHolder {
  sw::Value v;
  std::map<std::string, sw::Value> m;
  using wire = sw::Rules<sw::all_defaulted>;
};
template <class Item>
struct Paginated {
  std::int64_t page;
  std::int64_t per_page;
  std::int64_t total;
  std::vector<Item> items;
  using wire = sw::Rules<sw::description<"A generic paginated API wrapper, parametrized by the item type.">>;
};

struct Weird {
  std::int64_t q = 0;
  std::int64_t n = 0;
  std::int64_t u = 0;
  std::int64_t e = 0;
  std::int64_t s = 0;
  std::int64_t j = 0;
  using wire = sw::Rules<sw::all_defaulted, sw::member<&Weird::q, sw::name<"with space">>, sw::member<&Weird::n, sw::name<"dots.and$">>, sw::member<&Weird::u, sw::name<"ключ">>, sw::member<&Weird::e, sw::name<"">>, sw::member<&Weird::s, sw::name<"sl/ash">>, sw::member<&Weird::j, sw::name<"😀">>>;
};

struct Message {
  std::string message_id;
  std::string worker_id;
  sw::Bytes payload;
  double timestamp;
  std::int64_t priority = 0;
  using wire = sw::Rules<sw::defaulted_from<&Message::priority>>;
};

struct CrossWorkerUpdate {
  std::string source_worker_id;
  std::string target_worker_id;
  std::string update_type;
  std::map<std::string, sw::Raw> payload;
  double timestamp;
  std::map<std::string, std::int64_t> causal_clock;
  std::int64_t depth = 0;
  using wire = sw::Rules<sw::defaulted_from<&CrossWorkerUpdate::depth>>;
};

struct QueryRequest {
  std::string query_id;
  std::string worker_id;
  double timeout = 1.0;
  using wire = sw::Rules<sw::defaulted_from<&QueryRequest::timeout>>;
};

struct QueryResponse {
  std::string query_id;
  std::string worker_id;
  sw::Bytes state;
  double timestamp;
};

struct WorkerState {
  std::string worker_id;
  std::int64_t counter;
  std::string status;
  double last_updated;
  std::map<std::string, std::string> metadata;
};

struct StateWithArray {
  sw::Bytes data;
  std::vector<std::int64_t> shape;
  std::string dtype;
  using wire = sw::Rules<sw::description<"A numpy array shipped as bytes">>;
};

struct CdfCursor {
  std::string dataset_name;
  sw::Annotated<std::int64_t, sw::ge(0)> last_version;
  using wire = sw::Rules<sw::artifact>;
};

struct ManifestV1 {
  sw::Literal<"v1"> schema_version;
  sw::Annotated<std::int64_t, sw::ge(0)> created_at_unix_s;
  sw::Unset<std::string> trace_id;
  using wire = sw::Rules<sw::member<&ManifestV1::schema_version, sw::defaulted>, sw::artifact, sw::tag<"manifest.v1">>;
};

struct DatasetRecord {
  std::string name;
  sw::Literal<"cpg_output", "input", "intermediate", "relationship_output"> kind;
  std::optional<std::string> path;
  std::optional<sw::Annotated<std::int64_t, sw::ge(0)>> rows;
  std::optional<std::vector<std::map<std::string, sw::Value>>> schema;
  using wire = sw::Rules<sw::artifact>;
};

struct Manifest {
  sw::Annotated<std::int64_t, sw::ge(0)> manifest_version;
  sw::Annotated<std::int64_t, sw::ge(0)> created_at_unix_s;
  std::vector<DatasetRecord> datasets;
  std::map<std::string, sw::Value> repro;
  using wire = sw::Rules<sw::defaulted_from<&Manifest::datasets>, sw::artifact>;
};

struct DatafusionExplainEvent {
  sw::Unset<sw::Annotated<std::int64_t, sw::ge(0)>> event_time_unix_ms;
  std::string sql;
  bool explain_analyze = false;
  using wire = sw::Rules<sw::defaulted_from<&DatafusionExplainEvent::explain_analyze>, sw::artifact>;
};

struct RenLower {
  std::int64_t field_one;
  std::string field_two_x = "d";
  bool fieldThree = false;
  std::int64_t _private_f = 0;
  std::int64_t x9_y = 9;
  using wire = sw::Rules<sw::defaulted_from<&RenLower::field_two_x>, sw::rename(sw::NameStyle::lower)>;
};

struct RenUpper {
  std::int64_t field_one;
  std::string field_two_x = "d";
  bool fieldThree = false;
  std::int64_t _private_f = 0;
  std::int64_t x9_y = 9;
  using wire = sw::Rules<sw::defaulted_from<&RenUpper::field_two_x>, sw::rename(sw::NameStyle::upper)>;
};

struct RenCamel {
  std::int64_t field_one;
  std::string field_two_x = "d";
  bool fieldThree = false;
  std::int64_t _private_f = 0;
  std::int64_t x9_y = 9;
  using wire = sw::Rules<sw::defaulted_from<&RenCamel::field_two_x>, sw::rename(sw::NameStyle::camel)>;
};

struct RenPascal {
  std::int64_t field_one;
  std::string field_two_x = "d";
  bool fieldThree = false;
  std::int64_t _private_f = 0;
  std::int64_t x9_y = 9;
  using wire = sw::Rules<sw::defaulted_from<&RenPascal::field_two_x>, sw::rename(sw::NameStyle::pascal)>;
};

struct RenKebab {
  std::int64_t field_one;
  std::string field_two_x = "d";
  bool fieldThree = false;
  std::int64_t _private_f = 0;
  std::int64_t x9_y = 9;
  using wire = sw::Rules<sw::defaulted_from<&RenKebab::field_two_x>, sw::rename(sw::NameStyle::kebab)>;
};

struct RenMap {
  std::int64_t field_one;
  std::string field_two_x = "d";
  bool fieldThree = false;
  std::int64_t _private_f = 0;
  std::int64_t x9_y = 9;
  using wire = sw::Rules<sw::defaulted_from<&RenMap::field_two_x>, sw::member<&RenMap::field_one, sw::name<"first">>, sw::member<&RenMap::x9_y, sw::name<"n/a">>>;
};

struct RenFunc {
  std::int64_t field_one;
  std::string field_two_x = "d";
  bool fieldThree = false;
  std::int64_t _private_f = 0;
  std::int64_t x9_y = 9;
  using wire = sw::Rules<sw::defaulted_from<&RenFunc::field_two_x>, sw::member<&RenFunc::field_two_x, sw::name<"f:field_two_x">>, sw::member<&RenFunc::fieldThree, sw::name<"f:fieldThree">>, sw::member<&RenFunc::_private_f, sw::name<"f:_private_f">>, sw::member<&RenFunc::x9_y, sw::name<"f:x9_y">>>;
};

struct RenField {
  std::int64_t field_x;
  std::int64_t field_y;
  std::int64_t field_z = 3;
  using wire = sw::Rules<sw::defaulted_from<&RenField::field_z>, sw::member<&RenField::field_x, sw::name<"fieldX">>, sw::member<&RenField::field_y, sw::name<"y">>, sw::member<&RenField::field_z, sw::name<"field_z!">>>;
};

struct APoint {
  std::int64_t x;
  std::int64_t y;
  using wire = sw::Rules<sw::array_like>;
};

struct AUser {
  std::string name;
  std::vector<std::string> groups;
  std::optional<std::string> email;
  using wire = sw::Rules<sw::defaulted_from<&AUser::groups>, sw::array_like>;
};

struct AStrict {
  std::int64_t a;
  std::int64_t b = 2;
  using wire = sw::Rules<sw::defaulted_from<&AStrict::b>, sw::forbid_unknown_fields, sw::array_like>;
};

struct AOmit {
  std::int64_t a;
  std::int64_t b = 2;
  std::optional<std::int64_t> c;
  using wire = sw::Rules<sw::defaulted_from<&AOmit::b>, sw::omit_defaults, sw::array_like>;
};

struct ATag {
  std::string key;
  std::int64_t n = 0;
  using wire = sw::Rules<sw::defaulted_from<&ATag::n>, sw::array_like, sw::tag<"ATag">>;
};

struct ANest {
  std::vector<APoint> pts;
  std::optional<APoint> best;
};

struct AUnset {
  std::int64_t a;
  sw::Unset<std::int64_t> b;
  std::int64_t c = 1;
  using wire = sw::Rules<sw::defaulted_from<&AUnset::c>, sw::array_like>;
};

struct Get {
  std::string key;
  using wire = sw::Rules<sw::tag<"Get">>;
};

struct Put {
  std::string key;
  std::string val;
  using wire = sw::Rules<sw::tag<"Put">>;
};

struct OGet {
  std::string key;
  using wire = sw::Rules<sw::tag<"oget">, sw::tag_field<"op">>;
};

struct OPut {
  std::string key;
  std::int64_t val = 0;
  using wire = sw::Rules<sw::defaulted_from<&OPut::val>, sw::tag<"oput">, sw::tag_field<"op">>;
};

struct ODel {
  std::string key;
  using wire = sw::Rules<sw::forbid_unknown_fields, sw::tag<"odel">, sw::tag_field<"op">>;
};

struct I1 {
  std::int64_t a;
  using wire = sw::Rules<sw::tag<1>>;
};

struct I2 {
  std::string b;
  using wire = sw::Rules<sw::tag<2>>;
};

struct IN {
  bool c = true;
  using wire = sw::Rules<sw::all_defaulted, sw::tag<-5>>;
};

struct AG {
  std::string key;
  using wire = sw::Rules<sw::array_like, sw::tag<"AG">>;
};

struct AP {
  std::string key;
  std::int64_t val = 7;
  using wire = sw::Rules<sw::defaulted_from<&AP::val>, sw::array_like, sw::tag<"AP">>;
};

struct AI1 {
  std::string key;
  using wire = sw::Rules<sw::array_like, sw::tag<10>>;
};

struct AI2 {
  std::int64_t n;
  using wire = sw::Rules<sw::array_like, sw::tag<20>>;
};

struct Circle {
  double r;
  std::string name;
  using wire = sw::Rules<sw::defaulted_from<&Circle::name>, sw::tag<"circle">, sw::tag_field<"kind">>;
};

struct Rect {
  double w;
  double h;
  std::string name;
  using wire = sw::Rules<sw::defaulted_from<&Rect::name>, sw::tag<"rect">, sw::tag_field<"kind">>;
};

struct Scene {
  std::vector<std::variant<Circle, Rect>> shapes;
  std::optional<std::variant<Circle, Rect>> bg;
  sw::Unset<std::variant<Circle, Rect, std::string>> alt;
  using wire = sw::Rules<sw::all_defaulted, sw::omit_defaults>;
};

struct Omit {
  std::int64_t req;
  std::int64_t i = 5;
  std::string s = "dflt";
  std::optional<std::int64_t> n;
  std::vector<std::int64_t> l;
  std::map<std::string, std::int64_t> m;
  std::set<std::int64_t> st;
  double f = 1.5;
  bool b = false;
  std::vector<std::int64_t> fac = {1, 2};
  sw::Bytes by;
  std::vector<std::int64_t> tup;
  using wire = sw::Rules<sw::defaulted_from<&Omit::i>, sw::omit_defaults>;
};

struct OmitNested {
  Point p{0, 0};
  std::optional<Point> q;
  std::int64_t r = 300;
  Fruit e = Fruit::APPLE;
  using wire = sw::Rules<sw::all_defaulted, sw::omit_defaults>;
};

struct Forbid {
  std::int64_t field_one;
  bool field_two = false;
  using wire = sw::Rules<sw::defaulted_from<&Forbid::field_two>, sw::forbid_unknown_fields>;
};

struct ForbidTag {
  std::int64_t a = 0;
  using wire = sw::Rules<sw::all_defaulted, sw::forbid_unknown_fields, sw::tag<"ft">, sw::tag_field<"t">>;
};

struct Patch {
  std::int64_t x;
  sw::Unset<std::optional<std::int64_t>> y;
  sw::Unset<std::string> z;
  sw::Unset<std::vector<std::int64_t>> l;
};

struct PatchOmit {
  std::int64_t x = 0;
  sw::Unset<std::optional<std::int64_t>> y;
  std::optional<std::int64_t> z;
  using wire = sw::Rules<sw::all_defaulted, sw::omit_defaults>;
};

struct Interval {
  double low;
  double high;
  const char* check() const { return low > high ? "`low` may not be greater than `high`" : nullptr; }
  using wire = sw::Rules<sw::description<"low must not exceed high">, sw::validated_by<&Interval::check>>;
};

struct ConstrUser {
  sw::Annotated<std::string, sw::min_length(1), sw::max_length(32), sw::pattern<"^[a-z_][a-z0-9_-]*$">> name;
  sw::Annotated<std::set<sw::Annotated<std::string, sw::min_length(1), sw::max_length(5)>>, sw::max_length(3)> groups;
  sw::Annotated<double, sw::ge(0.1), sw::le(8)> cpu_limit = 1;
  sw::Annotated<std::int64_t, sw::ge(256), sw::le(8192), sw::multiple_of(64)> mem_limit = 1024;
  using wire = sw::Rules<sw::defaulted_from<&ConstrUser::groups>>;
};

struct Schemad {
  sw::Annotated<std::int64_t, sw::gt(0), sw::title<"Identifier">, sw::description<"Positive id">,
                sw::schema_extra<R"({"examples":[1,2]})">>
      id;
  sw::Annotated<std::string, sw::schema_extra<R"({"x-index":true,"default":"zz"})">> tag = "t";
  std::optional<sw::Annotated<sw::DateTime, sw::aware>> when;
  Fruit kind = Fruit::APPLE;
  std::optional<Level> lv;
  std::optional<std::variant<Circle, Rect>> shape;
  sw::Annotated<sw::Bytes, sw::max_length(10)> data;
  std::optional<APoint> pt;
  std::map<sw::Annotated<std::string, sw::min_length(2)>, sw::Annotated<double, sw::lt(5)>> mp;
  std::tuple<std::int64_t, std::string> tup = {1, "a"};
  using wire = sw::Rules<sw::description<"Documented fields">, sw::defaulted_from<&Schemad::tag>>;
};

struct Frozen {
  std::int64_t a;
  std::string b;
  using wire = sw::Rules<sw::defaulted_from<&Frozen::b>>;
};

struct ReprOmit {
  std::int64_t a;
  std::int64_t b = 2;
  std::vector<std::int64_t> c;
  using wire = sw::Rules<sw::defaulted_from<&ReprOmit::b>>;
};

struct Det {
  std::map<std::string, std::int64_t> z;
  std::set<std::string> a;
  std::map<std::string, sw::Value> m;
  std::map<std::int64_t, std::string> k;
  using wire = sw::Rules<sw::all_defaulted>;
};

struct RawField {
  std::int64_t kind;
  sw::Raw body;
  sw::Unset<sw::Raw> opt;
};

struct WithExt {
  sw::Ext e;
  std::vector<sw::Ext> l;
  using wire = sw::Rules<sw::defaulted_from<&WithExt::l>>;
};

struct DTs {
  sw::DateTime a;
  std::optional<sw::DateTime> b;
  std::optional<sw::Annotated<sw::DateTime, sw::naive>> n;
  std::optional<sw::Annotated<sw::DateTime, sw::aware>> w;
};

struct Query {
  std::int64_t page = 1;
  double ratio = 1.0;
  bool on = false;
  std::optional<std::int64_t> lim;
  Level lv = Level::LOW;
  sw::Literal<1, 2> lit;
  sw::Decimal dec = sw::Decimal(0);
  std::optional<sw::DateTime> at;
  std::optional<std::chrono::microseconds> ttl;
  std::vector<std::int64_t> ids;
  using wire = sw::Rules<sw::description<"Typical URL query string target: everything arrives as a string (lax mode)">, sw::all_defaulted>;
};

struct MsgV1 {
  std::string message_id;
  std::string worker_id;
  sw::Bytes payload;
};

struct MsgV2 {
  std::string message_id;
  std::string worker_id;
  sw::Bytes payload;
  std::int64_t priority = 0;
  using wire = sw::Rules<sw::defaulted_from<&MsgV2::priority>>;
};

struct MsgV3 {
  std::string message_id;
  std::string worker_id;
  sw::Bytes data;
  std::int64_t priority = 0;
  std::vector<std::string> tags;
  using wire = sw::Rules<sw::defaulted_from<&MsgV3::priority>, sw::member<&MsgV3::data, sw::name<"payload">>>;
};

struct MsgV3Break {
  std::string message_id;
  std::string worker_id;
  sw::Bytes data;
  std::int64_t priority = 0;
  using wire = sw::Rules<sw::defaulted_from<&MsgV3Break::priority>>;
};

struct MsgV4Strict {
  std::string message_id;
  std::string worker_id;
  sw::Bytes payload;
  using wire = sw::Rules<sw::forbid_unknown_fields>;
};

struct MsgV5Typed {
  std::int64_t message_id;
  std::string worker_id;
  sw::Bytes payload;
};

struct AEv1 {
  std::int64_t a;
  std::string b;
  using wire = sw::Rules<sw::array_like>;
};

struct AEv2 {
  std::int64_t a;
  std::string b;
  double c = 0.5;
  std::optional<std::vector<std::int64_t>> d;
  using wire = sw::Rules<sw::defaulted_from<&AEv2::c>, sw::array_like>;
};

struct AEv2b {
  std::int64_t a;
  double c;
  std::string b;
  using wire = sw::Rules<sw::array_like>;
};

struct EvT1 {
  std::int64_t a;
  using wire = sw::Rules<sw::tag<"t1">>;
};

struct EvT2 {
  std::int64_t b;
  using wire = sw::Rules<sw::tag<"t2">>;
};

struct EvT3 {
  std::int64_t c;
  using wire = sw::Rules<sw::tag<"t3">>;
};

struct EvOpt1 {
  std::int64_t v;
};

struct EvOpt2 {
  std::optional<std::int64_t> v;
};

struct EvWiden {
  std::variant<std::int64_t, std::string> v;
};

struct EvFloat {
  double v;
};

struct TD {
  sw::Unset<std::int64_t> age;
  sw::Unset<std::string> name;
};

struct TDReq {
  std::int64_t age;
  std::string name;
};

struct NT {
  std::string name;
  std::int64_t age = 3;
  using wire = sw::Rules<sw::defaulted_from<&NT::age>, sw::array_like, sw::forbid_unknown_fields>;
};

struct DC {
  std::string name;
  std::int64_t age = 3;
  std::vector<std::string> tags;
  using wire = sw::Rules<sw::defaulted_from<&DC::age>>;
};

struct Config {
  std::filesystem::path path;
  std::optional<std::filesystem::path> backup;
  std::vector<std::complex<double>> roots;
  using wire = sw::Rules<sw::defaulted_from<&Config::roots>>;
};

}  // namespace structwire::testing::corpus
