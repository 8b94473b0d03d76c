// SPDX-License-Identifier: Apache-2.0
#pragma once

// FormatTraits: what a format can and cannot say, as data. Core's loops and the conformance suite ask these,
// never a format's name, so that a format nobody has thought of yet is served and tested alike. A format's
// Reader and its Writer carry the same traits.

namespace structwire {

struct FormatTraits {
  /// Every value tells its kind: Value, Raw and skipping work.
  bool self_describing = false;
  /// Members carry their names or numbers: any order, absent ones and unknown ones are understood. Without
  /// keys every member is written, in the order of the struct.
  bool keys = false;
  /// A member that is left out can be told from one that holds nothing. Where it cannot, an optional, an array
  /// or a map that is absent is empty, whatever its rules say.
  bool absent_is_visible = false;
  /// Keys of maps are text; other keys are written as their text.
  bool text_keys = false;
  /// The items of a member may come one by one, anywhere in the struct; its rules are checked at the end.
  bool merges_repeated = false;
  /// A strict prefix of an encoding can be an encoding itself.
  bool prefix_can_be_valid = false;
  /// A top-level number has no end mark: a prefix of its digits is a number.
  bool numbers_are_open_ended = false;
  /// NaN and the infinities survive.
  bool carries_non_finite = true;
  /// Extension types are its own, timestamps among them.
  bool carries_extensions = false;
  /// Binary is its own kind; false where it travels as text.
  bool tells_bytes_from_text = true;
  /// Text is taken for bytes, too, where they are asked for: as base64, or as the member's rule has it.
  bool takes_text_for_bytes = false;
  /// An array tells how many items it has in front of the first one.
  bool counts_first = false;
};

}  // namespace structwire
