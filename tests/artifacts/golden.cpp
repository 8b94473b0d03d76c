// SPDX-License-Identifier: Apache-2.0

// The golden files of the artifacts: golden FOLDER compares them with what is written now; golden
// --write FOLDER makes them anew. NAME.CLASS.msgpack and .json hold one value; digests.json has the
// SHA-256 of each MessagePack.

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <string_view>

#include <examples/artifacts/artifacts.hpp>
#include <examples/artifacts/digest.hpp>
#include <examples/artifacts/messages.hpp>
#include <examples/artifacts/options.hpp>
#include <examples/artifacts/telemetry.hpp>
#include <structwire/core/equal.hpp>
#include <structwire/json.hpp>
#include <structwire/msgpack.hpp>

namespace {

using namespace artifacts;

class Golden {
 public:
  Golden(std::filesystem::path folder, bool writes) : folder_(std::move(folder)), writes_(writes) {}

  template <class T>
  void add(const std::string& name, const T& value, bool as_json = true) {
    const sw::Buffer bytes = sw::msgpack::encode(value, {.order = sw::Order::deterministic});
    digests_[name] = digest(value);
    keep(name + ".msgpack", bytes.text());
    const auto back = sw::msgpack::decode<T>(bytes.bytes());
    if (!back || !sw::equal(*back, value))
      wrong(name, back ? "is not read back" : back.error().message());
    if (!as_json) return;
    const std::string text = sw::json::encode(value, {.order = sw::Order::deterministic});
    keep(name + ".json", text);
    const auto again = sw::json::decode<T>(text);
    // A Raw stays in the format that it came in: compared as MessagePack.
    if (!again || !(digest(*again) == digests_[name]))
      wrong(name, again ? "is not read back from JSON" : again.error().message());
  }

  bool finish() {
    keep("digests.json", sw::json::reformat(sw::json::encode(digests_)).value() + "\n");
    if (!writes_) {
      for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
        const std::string name = entry.path().filename().string();
        if (!kept_.contains(name)) wrong(name, "stands there, and nothing writes it");
      }
    }
    std::printf("%zu passed, %zu failed\n", kept_.size(), failed_);
    return failed_ == 0;
  }

 private:
  void keep(const std::string& name, std::string_view text) {
    kept_[name] = true;
    if (writes_) {
      std::ofstream(folder_ / name, std::ios::binary) << text;
      return;
    }
    std::ifstream in(folder_ / name, std::ios::binary);
    const std::string before{std::istreambuf_iterator<char>(in), {}};
    if (before != text) wrong(name, "differs from what is written now");
  }
  void wrong(const std::string& name, std::string_view what) {
    ++failed_;
    std::printf("%s: %.*s\n", name.c_str(), static_cast<int>(what.size()), what.data());
  }

  std::filesystem::path folder_;
  bool writes_;
  std::map<std::string, std::string> digests_;
  std::map<std::string, bool> kept_;
  std::size_t failed_ = 0;
};

sw::Bytes bytes_of(std::string_view text) {
  const auto* first = reinterpret_cast<const std::byte*>(text.data());
  return sw::Bytes(first, first + text.size());
}
template <class T>
sw::Raw raw(const T& value) {
  return sw::Raw::trusted(sw::msgpack::format(), sw::msgpack::encode(value));
}
sw::Value object(std::string_view json) { return sw::json::decode<sw::Value>(json).value(); }
Object entries(std::string_view json) { return sw::json::decode<Object>(json).value(); }

void add_messages(Golden& golden) {
  golden.add(
      "message.Message",
      Message{"m-1", "worker-1", bytes_of(std::string_view("\0\1\xff", 3)), 1790000350.75, 5});
  golden.add("message_default.Message", Message{"m-2", "worker-1", {}, 0.0});
  golden.add("update.CrossWorkerUpdate",
             CrossWorkerUpdate{
                 "worker-1",
                 "worker-2",
                 "merge",
                 {{"counter", raw(3)}, {"state", raw(object(R"({"b":[1,null],"a":"text"})"))}},
                 1790000351.5,
                 {{"worker-2", 7}, {"worker-1", 9}},
                 2});
  golden.add("query.QueryRequest", QueryRequest{"q-1", "worker-1", 2.5});
  const WorkerState state{
      "worker-1", -42, "active", 1790000352.125, {{"zone", "b"}, {"area", "a"}}};
  golden.add("state.WorkerState", state);
  const sw::Buffer encoded = sw::msgpack::encode(state);
  golden.add(
      "answer.QueryResponse",
      QueryResponse{"q-1", "worker-1", sw::Bytes(encoded.bytes().begin(), encoded.bytes().end()),
                    1790000353.0});
}

void add_artifacts(Golden& golden) {
  golden.add("cursor.CdfCursor", CdfCursor{"events/clicks", 1234567890123});
  golden.add("dataset.DatasetRecord",
             DatasetRecord{"out",
                           DatasetKind::cpg_output,
                           "s3://b/out",
                           10,
                           {{entries(R"({"type":"int64","name":"id"})")}}});
  golden.add("dataset_bare.DatasetRecord", DatasetRecord{"in", DatasetKind::input, {}, {}, {}});
  golden.add("manifest.Manifest", Manifest{2,
                                           1790000000,
                                           {{"in", DatasetKind::input, "in.parquet", 0, {}}},
                                           entries(R"({"seed":7,"args":["-x"]})")});
  golden.add("manifest_bare.Manifest", Manifest{0, 0, {}, {}});
  golden.add("head.ManifestV1", ManifestV1{{}, 1790000000, {}});
  golden.add("head_null.ManifestV1", ManifestV1{{}, 1790000000, std::optional<std::string>()});
  golden.add("head_traced.ManifestV1",
             ManifestV1{{}, 1790000000, std::optional<std::string>("4bf92f35")});
  golden.add(
      "repro.Repro",
      Repro{
          "make all", "9fceb02", {{"numpy", "2.2.6"}, {"arrow", "21"}}, {{"LANG", "C.UTF-8"}}, {}});
  // Extensions stand in JSON as structwire alone writes them.
  golden.add("repro_schema.Repro",
             Repro{"make", "9fceb02", {}, {}, sw::Ext{3, bytes_of("\xff\xff\xff\xff a schema")}},
             false);
  golden.add("statement.PreparedStatementSpec",
             PreparedStatementSpec{"by_id", "SELECT * FROM t WHERE id = $1", {"int64"}});
  golden.add("ast.AstArtifact",
             make_ast("SELECT 1",
                      {entries(R"({"class":"Select","args":{"expressions":[1]}})"),
                       entries(R"({"class":"Literal"})")},
                      "f00d")
                 .value());
  golden.add("diff.CompilerDiff",
             diff(entries(R"({"gone":null,"same":[1],"changed":{"limit":1}})"),
                  entries(R"({"same":[1],"changed":{"limit":null},"added":"é"})")));
  golden.add("profile.RuntimeProfile", sealed({3,
                                               "default",
                                               "strict",
                                               entries(R"({"batch":65536,"fast":true})"),
                                               entries(R"({"z":1.5,"a":null})"),
                                               entries(R"({"dialect":"duckdb"})"),
                                               {},
                                               "aa11",
                                               "",
                                               bytes_of("schema")}));
  golden.add("scan.ScanTelemetry", ScanTelemetry{4, 16, 1000000});
  golden.add("scan_uncounted.ScanTelemetry", ScanTelemetry{4, 16, {}});
  golden.add("options.ExtractOptions", ExtractOptions{"repo", 100, {}});
  golden.add("explain.DatafusionExplainEvent",
             DatafusionExplainEvent{Count(1790000000123), "SELECT 1", true});
  golden.add("explain_untimed.DatafusionExplainEvent", DatafusionExplainEvent{{}, "SELECT 1"});
  golden.add("record.TelemetryRecord", TelemetryRecord{"scans", raw(ScanTelemetry{1, 2, 3})});
}

}  // namespace

int main(int count, char** arguments) {
  const bool writes = count == 3 && std::string_view(arguments[1]) == "--write";
  if (count != (writes ? 3 : 2)) {
    std::fputs("usage: artifacts_golden [--write] FOLDER\n", stderr);
    return 2;
  }
  Golden golden(arguments[count - 1], writes);
  add_messages(golden);
  add_artifacts(golden);
  return golden.finish() ? 0 : 1;
}
