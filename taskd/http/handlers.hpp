// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <taskd/http/call.hpp>

/// One function per row of the table in `routes.cpp`. They are in the files `handlers_*.cpp`.
namespace structwire::taskd::http {

void submit(Call call);
void submit_legacy(Call call);

void claim(Call call);
void heartbeat(Call call);
void complete(Call call);
void fail(Call call);
void cancel(Call call);

void heartbeat_batch(Call call);
void complete_batch(Call call);
void fail_batch(Call call);
void cancel_batch(Call call);

void show_task(Call call);
void list_tasks(Call call);

void show_live(Call call);
void show_ready(Call call);

}  // namespace structwire::taskd::http
