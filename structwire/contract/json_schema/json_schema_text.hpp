// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a text looks like to JSON Schema: the grammars of the scalars that are text on the wire, and patterns in the
// dialect of validators (a part of json_schema.cpp).

#include <cstdint>
#include <string>
#include <string_view>

#include <structwire/contract/schema.hpp>

namespace structwire::contract {

/// What the whole text of a datetime, date, time, duration, uuid, decimal or bytes looks like to a decoder; empty for
/// every other kind. The calendar is not in it: any day up to the 31st is a day. No look-around, so that every engine
/// of regular expressions knows it.
std::string text_pattern(const TypeSchema& type);
/// The `format` of JSON Schema and OpenAPI for what is written; empty where there is none.
std::string_view text_format(const TypeSchema& type) noexcept;
/// What a key of a map looks like that is an integer, any number, a Decimal: as a key it is spelled like a number.
std::string_view integer_key_pattern(bool is_unsigned) noexcept;
std::string_view number_key_pattern() noexcept;
std::string_view decimal_key_pattern() noexcept;

/// The `contentEncoding` of bytes.
std::string_view content_encoding(BytesStyle style) noexcept;
/// How many characters stand for so many bytes, at least and at most (with and without padding).
std::uint64_t encoded_length_min(BytesStyle style, std::uint64_t bytes) noexcept;
std::uint64_t encoded_length_max(BytesStyle style, std::uint64_t bytes) noexcept;

/// A pattern of core/pattern.hpp in the dialect of ECMA-262. `$` stays what it is, though it is stricter there: behind
/// it no line feed may stand.
std::string ecma_pattern(std::string_view pattern);
/// A pattern that matches exactly this text, in any case of its ASCII letters.
std::string any_case_pattern(std::string_view text);

}  // namespace structwire::contract
