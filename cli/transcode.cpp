// SPDX-License-Identifier: Apache-2.0
#include <cli/transcode.hpp>

#include <cli/bad_data.hpp>
#include <cli/exit_codes.hpp>
#include <cli/files.hpp>
#include <cli/pretty_json.hpp>
#include <cli/terminal.hpp>
#include <cli/value_stream.hpp>
#include <structwire/json.hpp>

#include <cerrno>
#include <cstring>

namespace structwire::cli {
namespace {

class Transcoding {
 public:
  Transcoding(const TranscodeOptions& options, const Format& from, const Format& to)
      : options_(options), from_(from), to_(to) {}

  int run() {
    if (&to_ != &json::format() && options_.output == "-" && output_is_terminal()) {
      complain("will not write " + std::string(to_.name) +
               " to a terminal: name a file with --output, or pipe it somewhere");
      return exit_usage;
    }
    Result<File> input = open_input(options_.input);
    if (!input) return told(input.error(), exit_no_input);
    const int status = options_.lines ? stream(input->get()) : whole(input->get());
    if (status != exit_ok || !output_) return status;
    return close();
  }

 private:
  static int told(const Error& error, int status) {
    complain(error.message());
    return status;
  }

  int whole(std::FILE* input) {
    const Result<std::string> text = read_all(input, options_.input);
    if (!text) return told(text.error(), exit_no_input);
    return one(std::as_bytes(std::span(*text)), 0);
  }

  int stream(std::FILE* input) {
    ValueStream values(input, from_);
    while (true) {
      const auto next = values.next();
      if (!next) return told(next.error(), exit_no_input);
      if (!*next) break;
      if (const int status = one(**next, values.offset()); status != exit_ok) return status;
    }
    return output_ ? static_cast<int>(exit_ok) : write("");
  }

  int one(std::span<const std::byte> bytes, std::size_t start) {
    const Result<Value> value = from_.decode(bytes, {});
    if (!value) return bad(value.error(), bytes, start);
    encoded_.clear();
    if (const auto done = to_.append(*value, encoded_); !done) {
      return bad(done.error(), bytes, start);
    }
    if (&to_ != &json::format()) return write(encoded_.text());
    return write((wants_pretty() ? pretty_json(encoded_.text()) : std::string(encoded_.text())) +
                 "\n");
  }

  int bad(const Error& error, std::span<const std::byte> bytes, std::size_t start) {
    complain(shown_name(options_.input) + ": " + describe(error, from_, bytes, start));
    return exit_bad_data;
  }

  [[nodiscard]] bool wants_pretty() const {
    if (options_.compact || options_.lines) return false;
    return options_.pretty || (options_.output == "-" && output_is_terminal());
  }

  // The output is opened only when there is something good to write: bad input leaves an existing
  // file as it was.
  int write(std::string_view text) {
    if (!output_) {
      Result<File> opened = open_output(options_.output);
      if (!opened) return told(opened.error(), exit_io);
      output_ = std::move(*opened);
    }
    if (std::fwrite(text.data(), 1, text.size(), output_.get()) == text.size()) return exit_ok;
    return cannot_write();
  }

  int close() {
    if (std::fflush(output_.get()) != 0) return cannot_write();
    return exit_ok;
  }

  int cannot_write() const {
    if (errno != EPIPE) {
      const std::string name = options_.output == "-" ? "standard output" : options_.output;
      complain(name + ": " + std::strerror(errno));
    }
    return exit_io;
  }

  const TranscodeOptions& options_;
  const Format& from_;
  const Format& to_;
  File output_;
  Buffer encoded_;
};

}  // namespace

void declare_transcoding(Arguments& arguments, TranscodeOptions& options) {
  arguments.text("--output,-o", options.output, "Write to this file (default: standard output)")
      .shown_as("FILE");
  arguments.flag("--lines,-l", options.lines,
                 "Many values: JSON one per line, MessagePack one after the other");
  const Declared pretty =
      arguments.flag("--pretty", options.pretty, "Lay JSON out for reading, also into a pipe");
  arguments.flag("--compact", options.compact, "JSON without white space, also on a terminal")
      .excludes(pretty);
}

int transcode(const TranscodeOptions& options, const Format& from, const Format& to) {
  return Transcoding(options, from, to).run();
}

}  // namespace structwire::cli
