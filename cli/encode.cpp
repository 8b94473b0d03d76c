// SPDX-License-Identifier: Apache-2.0
#include <cli/commands.hpp>
#include <cli/formats.hpp>
#include <cli/transcode.hpp>
#include <structwire/json.hpp>

#include <memory>

namespace structwire::cli {

Run encode_command(Arguments& arguments) {
  auto options = std::make_shared<TranscodeOptions>();
  options->to = "msgpack";
  arguments.text("FILE", options->input, "JSON text (default: -, standard input)");
  arguments.text("--to,-t", options->to, "The format to write (default: msgpack)")
      .one_of(format_names());
  declare_transcoding(arguments, *options);
  arguments.manual(R"(Examples:
  echo '{"id": 7, "name": "ann"}' | structwire encode | xxd
  structwire encode order.json --output order.msgpack
  structwire encode --lines events.jsonl > events.msgpack      one value per line

Numbers keep their kind: 1 becomes an integer, 1.0 a float. Bytes have no form in JSON; they are
base64 text there, and stay text. Errors name the byte, line and column; status 65.)");
  return [options] { return transcode(*options, json::format(), *format_named(*options->to)); };
}

}  // namespace structwire::cli
