// SPDX-License-Identifier: Apache-2.0
#pragma once

// Sources and sinks over what a program has opened: C files and descriptors (files, pipes,
// sockets). Nothing is opened, closed or made non-blocking here; what they are made over has to
// outlive them.
//
// Failures are ErrorCode::io with the system's words. Interrupted calls are begun again, partial
// writes go on.

#include <cstdio>

#include <structwire/core/buffer.hpp>
#include <structwire/streams/stream.hpp>

namespace structwire {

Source read_from(std::FILE* file);
Source read_from(int descriptor);
/// Bytes in memory, which have to outlive the source.
Source read_from(std::span<const std::byte> bytes);

/// The file's own buffer stays: what was written has arrived after fflush or fclose.
Sink write_to(std::FILE* file);
/// A socket whose peer is gone is an error; the process gets no SIGPIPE from it.
Sink write_to(int descriptor);
/// Appends to a buffer.
Sink write_to(Buffer& buffer);

}  // namespace structwire
