// SPDX-License-Identifier: Apache-2.0
#include <tests/end_to_end/rolling/program.hpp>

int main(int count, char** arguments) { return rolling::main_of<rolling::Known1>(count, arguments); }
