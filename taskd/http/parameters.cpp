// SPDX-License-Identifier: Apache-2.0
#include <taskd/http/parameters.hpp>

#include <taskd/api/limits.hpp>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <set>
#include <utility>

namespace structwire::taskd::http {
namespace {

std::unexpected<Problem> refused(std::string message) {
  return std::unexpected(problem(api::Code::invalid_parameter, std::move(message)));
}

// Digits only, the way numbers are printed: no sign, no leading zero.
std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stopped != end) return std::nullopt;
  if (text.size() > 1 && text.front() == '0') return std::nullopt;
  return number;
}

std::optional<unsigned> hexadecimal_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  const char lower = static_cast<char>(c | 0x20);
  if (lower >= 'a' && lower <= 'f') return static_cast<unsigned>(lower - 'a' + 10);
  return std::nullopt;
}

std::string names_of_states() {
  std::string text;
  for (const TaskState state : api::task_states) {
    text.append(text.empty() ? "" : ", ").append(api::name(state));
  }
  return text;
}

std::expected<void, Problem> apply(ListQuery& query, std::string_view name, std::string&& value) {
  if (name == "queue") {
    if (!api::is_queue_name(value)) return refused("`queue` is no queue name");
    query.queue = std::move(value);
  } else if (name == "state") {
    const auto state =
        std::ranges::find(api::task_states, value, [](TaskState each) { return api::name(each); });
    if (state == api::task_states.end()) {
      return refused("`state` is none of " + names_of_states());
    }
    query.state = *state;
  } else if (name == "limit") {
    const auto limit = parse_number(value);
    if (!limit || *limit < 1 || *limit > static_cast<std::uint64_t>(api::list_tasks_max)) {
      return refused("`limit` is not a number from 1 to " + std::to_string(api::list_tasks_max));
    }
    query.limit = static_cast<std::size_t>(*limit);
  } else if (name == "after") {
    const auto after = parse_number(value);
    if (!after) return refused("`after` is no task id");
    query.after = *after;
  } else {
    return refused("A list has the parameters queue, state, limit and after, and no other");
  }
  return {};
}

}  // namespace

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      result.push_back(text[i]);
      continue;
    }
    if (text.size() - i < 3) return std::nullopt;
    const auto high = hexadecimal_digit(text[i + 1]);
    const auto low = hexadecimal_digit(text[i + 2]);
    if (!high || !low) return std::nullopt;
    result.push_back(static_cast<char>(*high * 16 + *low));
    i += 2;
  }
  return result;
}

std::expected<TaskId, Problem> task_id_parameter(std::string_view segment) {
  const auto id = parse_number(segment);
  if (!id) return refused("A task id is a number");
  return *id;
}

std::expected<std::string, Problem> queue_parameter(std::string_view segment) {
  auto name = percent_decoded(segment);
  if (!name || !api::is_queue_name(*name)) {
    return refused("A queue name has 1 to " + std::to_string(api::name_bytes_max) +
                   " letters, digits, `.`, `_` or `-`");
  }
  return std::move(*name);
}

std::expected<ListQuery, Problem> list_query(std::string_view query) {
  ListQuery result;
  std::set<std::string_view> seen;
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view piece = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (piece.empty()) continue;
    const std::size_t equals = std::min(piece.find('='), piece.size());
    const std::string_view name = piece.substr(0, equals);
    auto value = percent_decoded(piece.substr(std::min(equals + 1, piece.size())));
    if (!value) return refused("A `%` in the query is not followed by two hexadecimal digits");
    if (!seen.insert(name).second) return refused("A parameter is given twice");
    if (auto ok = apply(result, name, std::move(*value)); !ok) {
      return std::unexpected(std::move(ok).error());
    }
  }
  return result;
}

}  // namespace structwire::taskd::http
