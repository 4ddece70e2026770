// The state of this process between MPI_Init and MPI_Finalize, shared by all bindings.
#pragma once
#include <mpi.h>
#include <node_api.h>

#include <memory>
#include <thread>
#include <vector>

#include "layout.h"

// One communicator of the program. `internal` carries what the program must not meet: argument checks, blocks too large
// for one collective call, object trees.
struct Group {
  MPI_Comm data = MPI_COMM_NULL;
  MPI_Comm internal = MPI_COMM_NULL;
  int rank = 0;
  int size = 0;
  bool ofAll = false;
  // Rank in the whole job of each rank of this group.
  std::vector<int> jobRanks;
  // The layouts of the last call with blocks, kept for their memory.
  Layout sending;
  Layout receiving;
};

constexpr size_t SLOTS = 5;  // as many as in frame.ts

struct Session {
  bool initialized = false;
  bool finalized = false;
  std::thread::id owner;
  int rank = -1;
  int size = 0;
  double watchdogSeconds = 0;
  napi_env env = nullptr;
  napi_ref createError = nullptr;
  napi_ref frame = nullptr;
  // The last buffers of the calls that most programs repeat.
  Buffer known[SLOTS];
  // Nothing but the closing barrier happens here: in a failing job any other traffic would pair with it.
  MPI_Comm handshake = MPI_COMM_NULL;
  std::vector<std::unique_ptr<Group>> groups;
  // Grows to the longest buffer that could not be reduced in place, and stays.
  std::vector<char> scratch;
};

extern Session session;

// Takes over `data`, gives it a private twin and returns its handle, or -1 with `code` set.
int addGroup(MPI_Comm data, int *code);
