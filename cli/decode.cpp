// SPDX-License-Identifier: Apache-2.0
#include <cli/commands.hpp>
#include <cli/formats.hpp>
#include <cli/transcode.hpp>
#include <structwire/json.hpp>

#include <memory>

namespace structwire::cli {

Run decode_command(Arguments& arguments) {
  auto options = std::make_shared<TranscodeOptions>();
  options->from = "msgpack";
  arguments.text("FILE", options->input, "The bytes (default: -, standard input)");
  arguments.text("--from,-f", options->from, "The format they are in (default: msgpack)")
      .one_of(format_names());
  declare_transcoding(arguments, *options);
  arguments.manual(R"(Examples:
  structwire decode order.msgpack
  printf '\x93\x01\x02\x03' | structwire decode                [1,2,3]
  structwire decode --lines events.msgpack | head -3           a stream, one value per line

On a terminal the JSON is laid out for reading, in a pipe it is one line. Bytes are shown as base64
text, NaN and infinities as null. Bytes that are no MessagePack: status 65, and the offset.)");
  return [options] { return transcode(*options, *format_named(*options->from), json::format()); };
}

}  // namespace structwire::cli
