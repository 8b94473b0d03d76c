// SPDX-License-Identifier: Apache-2.0
#include <taskd/http/negotiation.hpp>

#include <gtest/gtest.h>

#include <string>

namespace structwire::taskd::http {
namespace {

constexpr const char* vnd = "application/vnd.msgpack";
constexpr const char* alias = "application/msgpack";
constexpr const char* old_alias = "application/x-msgpack";
constexpr const char* json = "application/json";
constexpr const char* nothing = "406";

const MediaType* known(std::string_view name) {
  for (const MediaType& type : media_types) {
    if (type.name == name) return &type;
  }
  return nullptr;
}

struct AcceptRow {
  std::optional<std::string_view> accept;
  std::string_view body;  // the type of the request's body; empty without one
  std::string_view answer;
};

class AcceptTest : public testing::TestWithParam<AcceptRow> {};

TEST_P(AcceptTest, chooses_the_format_of_the_answer) {
  const AcceptRow& row = GetParam();
  const MediaType* type = answer_type(row.accept, known(row.body));
  EXPECT_EQ(type ? type->name : nothing, row.answer)
      << "Accept: " << row.accept.value_or("(absent)") << ", body: " << row.body;
}

INSTANTIATE_TEST_SUITE_P(
    no_wish, AcceptTest,
    testing::Values(AcceptRow{std::nullopt, "", json}, AcceptRow{std::nullopt, json, json},
                    AcceptRow{std::nullopt, vnd, vnd}, AcceptRow{std::nullopt, alias, alias},
                    AcceptRow{std::nullopt, old_alias, old_alias}, AcceptRow{"", "", json},
                    AcceptRow{"", vnd, vnd}, AcceptRow{"  \t ", old_alias, old_alias},
                    AcceptRow{",", "", json}, AcceptRow{" , ,, ", vnd, vnd},
                    AcceptRow{"*/*", "", json}, AcceptRow{"*/*", alias, alias},
                    AcceptRow{"application/*", "", json},
                    AcceptRow{"application/*", old_alias, old_alias}));

INSTANTIATE_TEST_SUITE_P(
    one_wish, AcceptTest,
    testing::Values(
        AcceptRow{json, "", json}, AcceptRow{json, vnd, json}, AcceptRow{vnd, json, vnd},
        AcceptRow{"APPLICATION/JSON", "", json}, AcceptRow{"Application/Vnd.MsgPack", json, vnd},
        AcceptRow{alias, json, alias}, AcceptRow{old_alias, "", old_alias},
        AcceptRow{"application/json; charset=utf-8", "", json},
        AcceptRow{"application/json;indent=2", vnd, json},
        AcceptRow{"  application/json\t", "", json}, AcceptRow{"application/vnd.msgpack;", "", vnd},
        AcceptRow{"text/html", "", nothing}, AcceptRow{"text/html", json, nothing},
        AcceptRow{"text/*", "", nothing}, AcceptRow{"application/xml, image/*", "", nothing},
        AcceptRow{"application/jsonx", "", nothing},
        AcceptRow{"application/protobuf", "", nothing}));

INSTANTIATE_TEST_SUITE_P(
    weights, AcceptTest,
    testing::Values(AcceptRow{"application/*;q=0.5, application/json;q=0", "", vnd},
                    AcceptRow{"application/*;q=0.5, application/json;q=0", alias, alias},
                    AcceptRow{"application/vnd.msgpack;q=0.9, application/json", "", json},
                    AcceptRow{"application/vnd.msgpack;q=0.9, application/json", vnd, json},
                    AcceptRow{"application/vnd.msgpack, application/json;q=0.999", "", vnd},
                    AcceptRow{"*/*;q=0", "", nothing},
                    AcceptRow{"*/*;q=0, application/json;q=0.001", "", json},
                    AcceptRow{"application/json;q=0", "", nothing},
                    AcceptRow{"application/json;q=0, */*;q=0.1", "", vnd},
                    AcceptRow{"application/json;q=0.0", vnd, nothing},
                    AcceptRow{"application/json;q=0.000, application/msgpack;q=0.001", json, alias},
                    AcceptRow{"application/json;Q=0.2, application/x-msgpack;q=0.3", "", old_alias},
                    AcceptRow{"application/json ; q=0.2 , application/x-msgpack ;q=0.3", "",
                              old_alias},
                    AcceptRow{"application/json;q=1., application/vnd.msgpack;q=0.", "", json},
                    AcceptRow{"application/json;q=1.000, application/vnd.msgpack;q=1", "", json}));

INSTANTIATE_TEST_SUITE_P(
    ties, AcceptTest,
    testing::Values(AcceptRow{"application/json, application/vnd.msgpack", "", json},
                    AcceptRow{"application/vnd.msgpack, application/json", "", json},
                    AcceptRow{"application/vnd.msgpack, application/json", vnd, vnd},
                    AcceptRow{"application/vnd.msgpack, application/json", alias, vnd},
                    AcceptRow{"application/msgpack, */*", "", json},
                    AcceptRow{"application/msgpack, */*", json, json},
                    AcceptRow{"application/msgpack, */*", vnd, alias},
                    AcceptRow{"application/msgpack, */*;q=0.9", json, alias},
                    AcceptRow{"application/x-msgpack, application/msgpack", "", old_alias}));

INSTANTIATE_TEST_SUITE_P(
    the_most_specific_range_decides, AcceptTest,
    testing::Values(
        AcceptRow{"application/json;q=0.1, application/*;q=0.9", "", vnd},
        AcceptRow{"*/*;q=1, application/*;q=0.1, application/json;q=0.2", "", json},
        AcceptRow{"application/json, application/json;charset=utf-8;q=0.1, */*;q=0.5", "", vnd},
        AcceptRow{"application/json;v=1;q=0.9, application/json;q=0.1, application/msgpack;q=0.5",
                  "", json},
        AcceptRow{"application/vnd.msgpack;q=0, */*", vnd, json},
        AcceptRow{"application/vnd.msgpack;q=0, application/msgpack", "", alias}));

INSTANTIATE_TEST_SUITE_P(
    a_malformed_member_is_skipped, AcceptTest,
    testing::Values(AcceptRow{"application/json;q=1.5, application/vnd.msgpack;q=0.1", "", vnd},
                    AcceptRow{"application/json;q=0.1234, application/vnd.msgpack;q=0.1", "", vnd},
                    AcceptRow{"application/json;q=-1, application/vnd.msgpack;q=0.1", "", vnd},
                    AcceptRow{"application/json;q=.5, application/vnd.msgpack;q=0.1", "", vnd},
                    AcceptRow{"application/json;q=1.001, application/vnd.msgpack;q=0.1", "", vnd},
                    AcceptRow{"application/json;q=\"1\", application/vnd.msgpack;q=0.1", "", vnd},
                    AcceptRow{"application/json;q=, application/vnd.msgpack;q=0.1", "", vnd},
                    AcceptRow{"application/json;q =1, application/vnd.msgpack;q=0.1", "", vnd},
                    AcceptRow{"application/json;q=1;q=1, application/vnd.msgpack;q=0.1", "", vnd},
                    AcceptRow{"application/json;=x, application/vnd.msgpack;q=0.1", "", vnd},
                    AcceptRow{"json, application/vnd.msgpack;q=0.1", "", vnd},
                    AcceptRow{"*/json, application/vnd.msgpack;q=0.1", "", vnd},
                    AcceptRow{"*, application/vnd.msgpack;q=0.1", "", vnd},
                    AcceptRow{"application/ json, application/vnd.msgpack;q=0.1", "", vnd},
                    AcceptRow{"garbage", "", json}, AcceptRow{"garbage", vnd, vnd},
                    AcceptRow{"application/json;q=2", vnd, vnd},
                    AcceptRow{"garbage, text/html", "", nothing}));

INSTANTIATE_TEST_SUITE_P(
    quoted_text_hides_separators, AcceptTest,
    testing::Values(
        AcceptRow{"text/html;a=\", application/json\"", "", nothing},
        AcceptRow{"text/html;a=\"\\\", application/json\", application/msgpack", "", alias},
        AcceptRow{"application/json;a=\";q=0\";q=0.5, application/msgpack;q=0.4", "", json},
        AcceptRow{"application/msgpack, application/json;a=\"open", json, alias}));

struct BodyRow {
  std::optional<std::string_view> type;
  std::optional<std::string_view> encoding;
  std::string_view result;  // a media type, `type` or `encoding`
};

class BodyTest : public testing::TestWithParam<BodyRow> {};

TEST_P(BodyTest, tells_the_format_or_why_not) {
  const BodyRow& row = GetParam();
  const auto type = body_type(row.type, row.encoding);
  const std::string_view result = type                                      ? (*type)->name
                                  : type.error() == BodyRefusal::media_type ? "type"
                                                                            : "encoding";
  EXPECT_EQ(result, row.result) << row.type.value_or("(absent)");
}

INSTANTIATE_TEST_SUITE_P(
    of_bodies, BodyTest,
    testing::Values(
        BodyRow{std::nullopt, std::nullopt, "type"}, BodyRow{"", std::nullopt, "type"},
        BodyRow{json, std::nullopt, json}, BodyRow{"APPLICATION/JSON", std::nullopt, json},
        BodyRow{"application/json; charset=utf-8", std::nullopt, json},
        BodyRow{"application/json;charset=UTF-8", std::nullopt, json},
        BodyRow{"application/json;charset=\"utf-8\"", std::nullopt, json},
        BodyRow{"application/json; charset=iso-8859-1", std::nullopt, "type"},
        BodyRow{"application/json; charset=utf-16", std::nullopt, "type"},
        BodyRow{"application/json; charset=utf-8; charset=utf-8", std::nullopt, "type"},
        BodyRow{"application/json; version=3; profile=\"a;b\"", std::nullopt, json},
        BodyRow{"application/json;", std::nullopt, json},
        BodyRow{" application/json ", std::nullopt, json}, BodyRow{vnd, std::nullopt, vnd},
        BodyRow{alias, std::nullopt, alias}, BodyRow{old_alias, std::nullopt, old_alias},
        BodyRow{"application/msgpack; charset=latin1", std::nullopt, alias},
        BodyRow{"text/plain", std::nullopt, "type"}, BodyRow{"text/json", std::nullopt, "type"},
        BodyRow{"application/*", std::nullopt, "type"}, BodyRow{"*/*", std::nullopt, "type"},
        BodyRow{"application/json, application/json", std::nullopt, "type"},
        BodyRow{"application/json charset=utf-8", std::nullopt, "type"},
        BodyRow{"application/x-www-form-urlencoded", std::nullopt, "type"},
        BodyRow{"application/problem+json", std::nullopt, "type"}, BodyRow{json, "identity", json},
        BodyRow{json, "Identity", json}, BodyRow{json, "", json}, BodyRow{json, "gzip", "encoding"},
        BodyRow{json, "identity, gzip", "encoding"}, BodyRow{vnd, "zstd", "encoding"},
        BodyRow{"text/plain", "gzip", "type"}));

}  // namespace
}  // namespace structwire::taskd::http
