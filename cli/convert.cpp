// SPDX-License-Identifier: Apache-2.0
#include <cli/commands.hpp>
#include <cli/exit_codes.hpp>
#include <cli/formats.hpp>
#include <cli/terminal.hpp>
#include <cli/transcode.hpp>

#include <memory>

namespace structwire::cli {
namespace {

// What was said wins over the file's name; nullptr where neither tells.
const Format* chosen(const std::optional<std::string>& said, const std::string& file) {
  return said ? format_named(*said) : format_of_file(file);
}

int convert(const TranscodeOptions& options) {
  const Format* from = chosen(options.from, options.input);
  const Format* to = chosen(options.to, options.output);
  if (from == nullptr) {
    complain("which format is " + options.input + " in? Say --from json or --from msgpack");
    return exit_usage;
  }
  if (to == nullptr) {
    complain("which format to write? Say --to json or --to msgpack");
    return exit_usage;
  }
  return transcode(options, *from, *to);
}

}  // namespace

Run convert_command(Arguments& arguments) {
  auto options = std::make_shared<TranscodeOptions>();
  arguments.text("INPUT", options->input, "File to read (default: -, standard input)");
  arguments.text("OUTPUT", options->output, "File to write (default: -, standard output)");
  arguments.text("--from,-f", options->from, "Format of the input (default: by its name)")
      .one_of(format_names());
  arguments.text("--to,-t", options->to, "Format of the output (default: by its name)")
      .one_of(format_names());
  declare_transcoding(arguments, *options);
  arguments.manual(R"(Examples:
  structwire convert order.json order.msgpack                  formats by the file names
  structwire convert order.msgpack --to json                   to standard output
  curl -s localhost:8080/v1/tasks/1 -H 'Accept: application/vnd.msgpack' |
    structwire convert --from msgpack --to json
  structwire convert --lines big.jsonl big.msgpack             streams, in constant memory
  structwire convert --from json --to json --pretty < a.json   lays it out

Names ending in .json, .msgpack or .mp tell the format. Status 65: the input is not of that format.)");
  return [options] { return convert(*options); };
}

}  // namespace structwire::cli
