// Calls that are on their way while the program goes on.
#pragma once
#include <node_api.h>

#include <vector>

#include "presence.h"
#include "session.h"

struct Pending {
  std::vector<MPI_Request> requests;
  // Keeps the array's memory.
  napi_ref array = nullptr;
  Call call = Call::None;
  int32_t peer = ANY_PEER;
  Buffer buf;
};

// Gives up receives that the program never waited for.
void cancelReceives();
// Whether every send and collective call that was started is finished; otherwise `*call` and `*peer` describe one.
bool everythingSent(Call *call, int *peer);
