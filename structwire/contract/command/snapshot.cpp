// SPDX-License-Identifier: Apache-2.0
#include <structwire/contract/command/snapshot.hpp>

#include <algorithm>

#include <structwire/contract/contract_fingerprint.hpp>
#include <structwire/contract/schema_reader.hpp>
#include <structwire/core/error_detail.hpp>
#include <structwire/json.hpp>

namespace structwire::contract {
namespace {

bool stays(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

template <class File>
Result<File> parse(std::string_view text) {
  if (text.size() > snapshot_bytes_max) {
    return std::unexpected(Error(ErrorCode::size_limit, "Larger than 16 MiB"));
  }
  return json::decode<File>(text);
}

}  // namespace

bool Accepted::covers(const Difference& difference) const noexcept {
  return rule == difference.rule && path == difference.path && before == difference.before && after == difference.after;
}

std::span<const std::byte> Golden::bytes(WireForm form) const noexcept {
  return form == WireForm::json ? json.bytes() : std::span<const std::byte>(msgpack);
}

std::string file_stem(std::string_view type) {
  std::string stem;
  for (std::size_t i = 0; i < type.size(); ++i) {
    if (type.substr(i).starts_with("::")) {
      stem += '.';
      ++i;
    } else if (stays(type[i])) {
      stem += type[i];
    } else if (type[i] != '>' && type[i] != ' ') {
      stem += '_';
    }
  }
  return stem;
}

std::string snapshot_name(std::string_view type, std::uint32_t version) {
  return file_stem(type) + ".v" + std::to_string(version) + ".json";
}

std::string golden_name(std::string_view type, std::uint32_t version) {
  return file_stem(type) + ".v" + std::to_string(version) + ".golden.json";
}

std::string to_text(const Snapshot& snapshot) {
  std::string text = json::encode(snapshot);
  // What the library wrote has a layout; only limits could refuse, and then the text stays as it is.
  return json::reformat(text).value_or(text) + "\n";
}

std::string to_text(const Goldens& goldens) {
  // By hand, because the bytes inside must stay as they are.
  std::string text = "{\n  \"type\": " + json::encode(goldens.type) +
                     ",\n  \"version\": " + std::to_string(goldens.version) + ",\n  \"cases\": [";
  std::string_view before = "\n";
  for (const Golden& each : goldens.cases) {
    text += std::string(before) + "    {\"name\": " + json::encode(each.name);
    if (!each.json.empty()) text += ",\n     \"json\": " + json::encode(each.json);
    if (!each.msgpack.empty()) {
      text += ",\n     \"msgpack\": " + json::encode(Annotated<Bytes, hex>(each.msgpack));
    }
    text += "}";
    before = ",\n";
  }
  return text + "\n  ]\n}\n";
}

Result<Snapshot> parse_snapshot(std::string_view text) {
  auto snapshot = parse<Snapshot>(text);
  if (!snapshot) return snapshot;
  std::vector<WireForm> forms = snapshot->forms;
  std::ranges::sort(forms);
  if (forms.empty() || std::ranges::adjacent_find(forms) != forms.end()) {
    return std::unexpected(Error(ErrorCode::refused, "A snapshot promises at least one format, and each once - at `$.forms`"));
  }
  if (auto checked = check_schema(snapshot->schema); !checked) {
    checked.error().detail()->path.push_back({PathSegment::Step::member, "schema"});
    return std::unexpected(std::move(checked.error()));
  }
  if (snapshot->fingerprint != fingerprint_text(contract_fingerprint(snapshot->schema))) {
    return std::unexpected(Error(ErrorCode::refused, "The fingerprint is not that of the schema: a snapshot is not edited, "
                                                     "it is taken anew"));
  }
  return snapshot;
}

Result<Goldens> parse_goldens(std::string_view text) { return parse<Goldens>(text); }

}  // namespace structwire::contract
