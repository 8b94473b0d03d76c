// SPDX-License-Identifier: Apache-2.0
// Refused with: a wire name longer than 65535 bytes
#include <tests/compile_fail/prelude.hpp>

template <std::size_t Size>
struct Letters {
  char letters[Size + 1]{};
  constexpr Letters() { std::fill_n(letters, Size, 'x'); }
};
template <std::size_t Size>
constexpr Letters<Size> filled;

struct Message {
  int number = 0;
#ifdef STRUCTWIRE_MUST_FAIL
  using wire = sw::Rules<sw::member<&Message::number, sw::name<sw::FixedText<65536>(filled<65536>.letters)>>>;
#else
  using wire = sw::Rules<sw::member<&Message::number, sw::name<sw::FixedText<65535>(filled<65535>.letters)>>>;
#endif
};

bool use(std::string_view bytes) { return sw::msgpack::decode<Message>(bytes).has_value(); }
