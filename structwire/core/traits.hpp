// SPDX-License-Identifier: Apache-2.0
#pragma once

// FormatTraits: what a format can and cannot say, as data. Core's loops and the conformance suite ask these,
// never a format's name, so that a format nobody has thought of yet is served and tested alike. A format's
// Reader and its Writer carry the same traits.

namespace structwire {

struct FormatTraits {
  /// Every value tells its kind: Value, Raw and skipping work.
  bool self_describing = false;
  /// Members carry their names or numbers: any order, absent ones and unknown ones are understood.
  bool keys = false;
  /// A member that is left out can be told from one that is there.
  bool absent_is_visible = false;
  /// Keys of maps are text; other keys are written as their text.
  bool text_keys = false;
  /// Arrays and maps say how many items follow before the first.
  bool exact_counts = false;
  /// A member may occur several times: the items of an array one by one.
  bool merges_repeated = false;
  /// A strict prefix of an encoding can be an encoding itself, whatever the value.
  bool prefix_can_be_valid = false;
  /// A top-level number has no end mark: a prefix of its digits is a number.
  bool numbers_are_open_ended = false;
  /// NaN and the infinities survive.
  bool carries_non_finite = true;
  /// What was written can be read back; false for the null format.
  bool carries_values = true;
  /// One value has one kind of bytes per kind: an integral float stays a float without a type to tell.
  bool tells_integers_from_floats = true;
  /// Binary is its own kind; false where it travels as text.
  bool tells_bytes_from_text = true;
};

}  // namespace structwire
