// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <taskd/http/problem.hpp>
#include <taskd/tasks/store.hpp>

#include <expected>
#include <string>
#include <string_view>

/// What stands in a request's target: path segments and the query. A wrong one is a 400
/// `invalid_parameter`; the schema of bodies has nothing to do with it.
namespace structwire::taskd::http {

/// `%41` is `A`; nothing when a `%` is not followed by two hexadecimal digits.
[[nodiscard]] std::optional<std::string> percent_decoded(std::string_view text);

[[nodiscard]] std::expected<TaskId, Problem> task_id_parameter(std::string_view segment);
[[nodiscard]] std::expected<std::string, Problem> queue_parameter(std::string_view segment);

/// The query of `GET /v1/tasks`. A name that is not known is refused: a filter with a typing error
/// would otherwise list everything.
[[nodiscard]] std::expected<ListQuery, Problem> list_query(std::string_view query);

}  // namespace structwire::taskd::http
