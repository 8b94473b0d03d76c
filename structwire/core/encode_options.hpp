// SPDX-License-Identifier: Apache-2.0
#pragma once

// The options of an encode. Run-time data that only cold paths read.

#include <cstdint>

namespace structwire {

/// The order in which things without an order of their own are written.
enum class Order : std::uint8_t {
  as_held,        ///< As the container has them.
  deterministic,  ///< Keys of maps and items of sets sorted by value, text by its UTF-8 bytes.
  sorted,         ///< And members of structs sorted by wire name, tags among them.
};

/// A Decimal as text, `"1.50"`, or as a number: with all its digits in JSON, a float64 in MessagePack.
enum class DecimalForm : std::uint8_t { text, number };
/// A Uuid as 36 characters, as 32 hexadecimal digits, or as 16 bytes in formats that have bytes.
enum class UuidForm : std::uint8_t { canonical, hexadecimal, bytes };

struct EncodeOptions {
  Order order = Order::as_held;
  DecimalForm decimals = DecimalForm::text;
  UuidForm uuids = UuidForm::canonical;
  /// Keys of maps as their text also in formats that carry others (MessagePack, Value): what goes on to people and
  /// other tools. Numbers, enums, dates, bytes and the like; what has no text, such as null in a Value, stays.
  /// DecodeOptions::text_keys reads them back. JSON's keys are text anyhow.
  bool text_keys = false;
};

}  // namespace structwire
