// SPDX-License-Identifier: Apache-2.0
#include <cli/pretty_json.hpp>

#include <cstddef>

namespace structwire::cli {
namespace {

class Layout {
 public:
  explicit Layout(std::string_view text) : text_(text) {}

  std::string run() {
    while (at_ < text_.size()) step(text_[at_]);
    return std::move(out_);
  }

 private:
  void step(char c) {
    switch (c) {
      case '"':
        copy_string();
        return;
      case '{':
      case '[':
        open(c);
        return;
      case '}':
      case ']':
        --depth_;
        new_line();
        break;
      default:
        break;
    }
    out_ += c;
    ++at_;
    if (c == ',') new_line();
    if (c == ':') out_ += ' ';
  }

  void open(char c) {
    out_ += c;
    ++at_;
    if (at_ < text_.size() && (text_[at_] == '}' || text_[at_] == ']')) {
      out_ += text_[at_++];
      return;
    }
    ++depth_;
    new_line();
  }

  void copy_string() {
    const std::size_t start = at_++;
    while (at_ < text_.size() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2 : 1;
    ++at_;
    out_ += text_.substr(start, at_ - start);
  }

  void new_line() {
    out_ += '\n';
    out_.append(depth_ * 2, ' ');
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  std::string out_;
};

}  // namespace

std::string pretty_json(std::string_view compact) { return Layout(compact).run(); }

}  // namespace structwire::cli
