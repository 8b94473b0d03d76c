# SPDX-License-Identifier: Apache-2.0
@0xc1f0a2b86d1f9e35;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("messages_bench::capnp_echo");

interface Echo {
  call @0 (number :UInt64, payload :Data) -> (number :UInt64, payload :Data);
  take @1 (number :UInt64, payload :Data) -> stream;
}
