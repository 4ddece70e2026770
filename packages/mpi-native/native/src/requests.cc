#include "requests.h"

#include <memory>

#include "bindings.h"
#include "values.h"
#include "channel.h"
#include "patience.h"

namespace {

using Requests = std::vector<MPI_Request>;

std::vector<std::unique_ptr<Pending>> table;

// Keeps a started call; its number goes to JavaScript through the frame.
void keep(napi_env env, napi_value array, std::unique_ptr<Pending> pending) {
  napi_create_reference(env, array, 1, &pending->array);
  size_t id = 0;
  while (id < table.size() && table[id] != nullptr) id++;
  if (id == table.size()) table.emplace_back();
  table[id] = std::move(pending);
  frame->request = static_cast<double>(id);
}

// The started call in the frame.
Pending &wanted() { return *table[static_cast<size_t>(frame->request)]; }

// The status of a receive, which is one request; other calls have none, and may be several.
int progress(Pending &pending, bool blocks, int *done, MPI_Status *status) {
  *done = 1;
  if (pending.call == Call::Irecv) {
    if (blocks) return waitFor(pending.requests.data(), status);
    // int MPI_Test(MPI_Request *request, int *flag, MPI_Status *status)
    return MPI_Test(pending.requests.data(), done, status);
  }
  int count = static_cast<int>(pending.requests.size());
  if (blocks) return waitAll(count, pending.requests.data());
  // int MPI_Testall(int count, MPI_Request array_of_requests[], int *flag, MPI_Status array_of_statuses[])
  return MPI_Testall(count, pending.requests.data(), done, MPI_STATUSES_IGNORE);
}

// Forgets a call that is over, and reports what a receive got.
void finish(napi_env env, int rc, const MPI_Status &status) {
  std::unique_ptr<Pending> pending = std::move(table[static_cast<size_t>(frame->request)]);
  napi_delete_reference(env, pending->array);
  if (rc == MPI_SUCCESS && pending->call == Call::Irecv) rc = report(status, pending->buf);
  failed(env, callName(pending->call), rc);
}

// Starts a call on the one argument: `start` fills in the requests.
template <typename Start>
napi_value begin(napi_env env, napi_callback_info info, Call call, double peer, Start start) {
  napi_value argv[1];
  Buffer buf;
  readArguments(env, info, argv);
  Group *group = readGroup(env, callName(call));
  if (group == nullptr || !readBuffer(env, callName(call), argv[0], &buf)) return nullptr;
  auto pending = std::make_unique<Pending>();
  pending->call = call;
  pending->peer = peerOf(*group, peer);
  pending->buf = buf;
  CallScope scope(call, call == Call::Iallreduce && group->ofAll, pending->peer);
  if (!failed(env, callName(call), start(*group, buf, &pending->requests))) keep(env, argv[0], std::move(pending));
  return nullptr;
}

// Starts a message to or from `other`, as MPI numbers it.
template <typename Function>
napi_value beginMessage(napi_env env, napi_callback_info info, Call call, double peer, int other, Function function) {
  return begin(env, info, call, peer, [&](const Group &group, const Buffer &buf, Requests *requests) {
    Span span(buf);
    Channel channel = channelOf(group);
    requests->resize(1);
    return function(buf.data, span.count, span.type, other, channel.tag, channel.comm, requests->data());
  });
}

}  // namespace

// isend(buf) with kind, rank: the receiver, tag; gives request
napi_value Isend(napi_env env, napi_callback_info info) {
  // int MPI_Isend(const void *buf, int count, MPI_Datatype datatype, int dest, int tag, MPI_Comm comm,
  //               MPI_Request *request)
  return beginMessage(env, info, Call::Isend, frame->rank, toInt(frame->rank), MPI_Isend);
}

// irecv(buf) with kind, source, tag; gives request
napi_value Irecv(napi_env env, napi_callback_info info) {
  // int MPI_Irecv(void *buf, int count, MPI_Datatype datatype, int source, int tag, MPI_Comm comm, MPI_Request *request)
  return beginMessage(env, info, Call::Irecv, frame->source, sourceInFrame(), MPI_Irecv);
}

// iallreduce(buf) with kind, op; in place; gives request
napi_value Iallreduce(napi_env env, napi_callback_info info) {
  return begin(env, info, Call::Iallreduce, ANY_PEER, [](const Group &group, const Buffer &buf, Requests *requests) {
    Operand operand = operandOf(buf, toInt(frame->kind), toInt(frame->op));
    return inPieces(operand, maxCount, [&](size_t start, int count) {
      requests->push_back(MPI_REQUEST_NULL);
      // int MPI_Iallreduce(const void *sendbuf, void *recvbuf, int count, MPI_Datatype datatype, MPI_Op op, MPI_Comm comm,
      //                    MPI_Request *request)
      return MPI_Iallreduce(MPI_IN_PLACE, buf.data + start, count, operand.type, operand.op, group.data,
                            &requests->back());
    });
  });
}

// test(isPolled) with request: boolean; a receive that is over reports source, tag, count
napi_value Test(napi_env env, napi_callback_info info) {
  napi_value argv[1];
  bool isPolled = false;
  readArguments(env, info, argv);
  napi_get_value_bool(env, argv[0], &isPolled);
  if (!ready(env, "MPI_Test")) return nullptr;
  Pending &pending = wanted();
  MPI_Status status;
  int done = 0;
  int rc = progress(pending, false, &done, &status);
  bool isOver = done != 0 || rc != MPI_SUCCESS;
  if (isPolled && isOver) endPolling();
  if (isPolled && !isOver) markPolling(pending.call, pending.peer);
  if (isOver) finish(env, rc, status);
  return booleanOf(env, isOver);
}

// wait() with request; a receive reports source, tag, count
napi_value Wait(napi_env env, napi_callback_info) {
  if (!ready(env, "MPI_Wait")) return nullptr;
  Pending &pending = wanted();
  MPI_Status status;
  int done = 0;
  CallScope scope(pending.call, false, pending.peer);
  int rc = progress(pending, true, &done, &status);
  finish(env, rc, status);
  return nullptr;
}

void cancelReceives() {
  for (auto &pending : table) {
    if (pending == nullptr || pending->call != Call::Irecv) continue;
    // int MPI_Cancel(MPI_Request *request)
    MPI_Cancel(pending->requests.data());
    MPI_Wait(pending->requests.data(), MPI_STATUS_IGNORE);
    pending.reset();
  }
}

bool everythingSent(Call *call, int *peer) {
  for (auto &pending : table) {
    if (pending == nullptr) continue;
    int done = 0;
    MPI_Status status;
    progress(*pending, false, &done, &status);
    if (done) {
      pending.reset();
      continue;
    }
    *call = pending->call;
    *peer = pending->peer;
    return false;
  }
  return true;
}
