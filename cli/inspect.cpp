// SPDX-License-Identifier: Apache-2.0
#include <cli/commands.hpp>
#include <cli/detect.hpp>
#include <cli/exit_codes.hpp>
#include <cli/files.hpp>
#include <cli/formats.hpp>
#include <cli/terminal.hpp>
#include <cli/tree_msgpack.hpp>
#include <structwire/contract/envelope.hpp>
#include <structwire/msgpack.hpp>

#include <memory>
#include <optional>

namespace structwire::cli {
namespace {

struct InspectOptions {
  std::string input = "-";
  std::optional<std::string> from;
};

int show_tree(std::span<const std::byte> bytes, const std::string& name) {
  bool is_written = true;
  const auto values =
      write_msgpack_tree(bytes, [&](std::string_view line) { return is_written = put_line(line); });
  if (!is_written) return exit_io;
  if (values) return exit_ok;
  complain(name + ": " + values.error().message() + " (byte " +
           std::to_string(values.error().offset().value_or(0)) + ")");
  return exit_bad_data;
}

// Offsets in the tree count from the start of the payload.
int show_payload(std::span<const std::byte> bytes, const std::string& name) {
  const auto envelope = read_envelope(bytes, {.checksum_optional = true});
  if (!envelope) return exit_bad_data;
  if (envelope->compression != EnvelopeCompression::none) return exit_ok;
  const bool is_msgpack = envelope->format == EnvelopeFormat::msgpack || envelope->format == EnvelopeFormat::msgpack_array;
  return is_msgpack ? show_tree(envelope->payload, name) : exit_ok;
}

int inspect(const InspectOptions& options) {
  const std::string name = shown_name(options.input);
  const auto file = open_input(options.input);
  if (!file) {
    complain(file.error().message());
    return exit_no_input;
  }
  const auto content = read_all(file->get(), options.input);
  if (!content) {
    complain(content.error().message());
    return exit_no_input;
  }
  const auto bytes = std::as_bytes(std::span(*content));
  const std::string size = ", " + std::to_string(bytes.size()) + " bytes";
  if (options.from) {
    if (!put_line(name + ": " + *options.from + size)) return exit_io;
    if (format_named(*options.from) == &msgpack::format()) return show_tree(bytes, name);
    const auto checked = validate_syntax(bytes, *format_named(*options.from));
    if (checked) return exit_ok;
    complain(name + ": " + checked.error().message());
    return exit_bad_data;
  }
  const std::vector<Reading> readings = detect(bytes);
  if (readings.empty()) {
    if (!put_line(name + ": unknown" + size)) return exit_io;
    return exit_bad_data;
  }
  std::string names = readings.front().name;
  for (std::size_t i = 1; i < readings.size(); ++i) names += " or " + readings[i].name;
  if (!put_line(name + ": " + (readings.size() > 1 ? "ambiguous: " : "") + names + size))
    return exit_io;
  if (begins_envelope(bytes)) return show_payload(bytes, name);
  if (readings.size() == 1 && readings.front().format == &msgpack::format())
    return show_tree(bytes, name);
  return exit_ok;
}

}  // namespace

Run inspect_command(Arguments& arguments) {
  auto options = std::make_shared<InspectOptions>();
  arguments.text("FILE", options->input, "The bytes (default: -, standard input)");
  arguments
      .text("--from,-f", options->from, "The format they are in (default: what they look like)")
      .one_of(format_names());
  arguments.manual(R"(Examples:
  structwire inspect order.msgpack
  printf '\x82\xa1a\x01\xa1b\xcd\x00\x02' | structwire inspect

Names what the bytes look like, or `ambiguous` with each possibility: the byte 0x37 is, in MessagePack,
the number 55, and in JSON it is 7. MessagePack is shown as a tree: the offset, the first bytes,
how each value is written. Arrays and Arrow schemas in extensions are described. Of an
envelope around stored bytes its format, fingerprint, version and checksum are told. Status 65: nothing that
is known here, or bytes that stop being MessagePack; the tree goes as far as they are.)");
  return [options] { return inspect(*options); };
}

}  // namespace structwire::cli
