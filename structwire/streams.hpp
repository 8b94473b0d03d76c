// SPDX-License-Identifier: Apache-2.0
#pragma once

// Streams of values: read and written one at a time, in constant memory, from and to whatever holds bytes.
//
//   #include <structwire/json.hpp>
//   #include <structwire/streams.hpp>
//
//   StreamReader<Codec>     pulls values out of a Source: a file, a socket, a function
//   Feed<Codec>             is given bytes as they arrive, and asked for values
//   StreamWriter<Codec>     writes values to a Sink
//   decode_in_parallel, encode_in_parallel           the same on several cores, in order
//
// Codec is sw::json::Codec or sw::msgpack::Codec. Values stand behind each other (JSON Lines) or are the items of one
// array: Framing. A guide with programs: docs/guide/streams.md.

#include <structwire/streams/feed.hpp>
#include <structwire/streams/files.hpp>
#include <structwire/streams/parallel.hpp>
#include <structwire/streams/stream_reader.hpp>
#include <structwire/streams/stream_writer.hpp>
