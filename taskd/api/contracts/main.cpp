// SPDX-License-Identifier: Apache-2.0
//
// The contracts of structwired's API: the bodies of its calls and answers, over HTTP and as messages. Snapshots stand beside this file; the test
// `taskd_contracts` checks the structs against them. After a release, from the root of the repository:
//
//   build/bin/structwired_contracts snapshot --dir taskd/api/contracts
#include <structwire/contract/main.hpp>
#include <taskd/api/messages.hpp>
#include <taskd/api/submit.hpp>
#include <taskd/api/task.hpp>
#include <taskd/api/work.hpp>

int main(int count, char** words) {
  using namespace structwire::taskd::api;
  return structwire::contract::main<SubmitTask, SubmitBatch, Submitted, SubmittedBatch, QueueRequest, QueueAnswer, Task, TaskList, ErrorBody, Health,
                                    ClaimRequest, ClaimAnswer, HeartbeatRequest, HeartbeatAnswer, CompleteRequest, FailRequest,
                                    HeartbeatBatch, CompleteBatch, FailBatch, CancelBatch, BatchAnswer,
                                    SubmitTasks, ClaimFrom, TaskNumber, ListTasks, HealthQuestion>(count, words);
}
