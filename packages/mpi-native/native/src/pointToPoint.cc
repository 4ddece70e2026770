#include "pointToPoint.h"

#include <algorithm>

#include "presence.h"

namespace {

constexpr int PRIVATE_TAG = -2;  // as in transport.ts

int32_t peerOf(const Group &group, int rank) { return rank < 0 ? ANY_PEER : group.jobRanks[static_cast<size_t>(rank)]; }

Channel channelOf(const Group &group, int tag) {
  if (tag == PRIVATE_TAG) return {group, group.internal, 0};
  return {group, group.data, tagOf(tag)};
}

void report(const MPI_Status &status, size_t count) {
  frame->source = status.MPI_SOURCE;
  frame->tag = status.MPI_TAG;
  frame->count = static_cast<double>(count);
}

// The two directions may differ in their number of pieces, so a long sendrecv starts all its sends at once.
int startPieces(const Buffer &buf, int dest, int tag, MPI_Comm comm, std::vector<MPI_Request> *pending) {
  size_t start = 0;
  for (;;) {
    size_t count = std::min(buf.length - start, session.maxCount);
    pending->push_back(MPI_REQUEST_NULL);
    // int MPI_Isend(const void *buf, int count, MPI_Datatype datatype, int dest, int tag, MPI_Comm comm,
    //               MPI_Request *request)
    int rc = MPI_Isend(buf.data + start * buf.elementSize, static_cast<int>(count), buf.type, dest, tag, comm,
                       &pending->back());
    if (rc != MPI_SUCCESS || count < session.maxCount) return rc;
    start += count;
  }
}

}  // namespace

int sendPieces(const Buffer &buf, int dest, const Channel &channel) {
  size_t start = 0;
  for (;;) {
    size_t count = std::min(buf.length - start, session.maxCount);
    CallScope scope(Call::Send, false, peerOf(channel.group, dest));
    // int MPI_Send(const void *buf, int count, MPI_Datatype datatype, int dest, int tag, MPI_Comm comm)
    int rc = MPI_Send(buf.data + start * buf.elementSize, static_cast<int>(count), buf.type, dest, channel.tag,
                      channel.comm);
    if (rc != MPI_SUCCESS || count < session.maxCount) return rc;
    start += count;
  }
}

int recvPieces(const Buffer &buf, int from, const Channel &channel, MPI_Status *status, size_t *received) {
  int32_t peer = peerOf(channel.group, from);
  int source = sourceOf(from);
  int tag = channel.tag;
  *received = 0;
  for (;;) {
    size_t room = std::min(buf.length - *received, session.maxCount);
    CallScope scope(Call::Recv, false, peer);
    // int MPI_Recv(void *buf, int count, MPI_Datatype datatype, int source, int tag, MPI_Comm comm, MPI_Status *status)
    int rc = MPI_Recv(buf.data + *received * buf.elementSize, static_cast<int>(room), buf.type, source, tag, channel.comm,
                      status);
    if (rc != MPI_SUCCESS) return rc;
    int count = 0;
    // int MPI_Get_count(const MPI_Status *status, MPI_Datatype datatype, int *count)
    rc = MPI_Get_count(status, buf.type, &count);
    if (rc != MPI_SUCCESS) return rc;
    if (count == MPI_UNDEFINED) return MPI_ERR_TYPE;
    *received += static_cast<size_t>(count);
    if (static_cast<size_t>(count) < session.maxCount) return MPI_SUCCESS;
    source = status->MPI_SOURCE;
    tag = status->MPI_TAG;
  }
}

// send(buf) with kind, rank: the receiver, tag
napi_value Send(napi_env env, napi_callback_info info) {
  Buffer buf;
  Group *group = readGroup(env, "MPI_Send");
  if (group == nullptr || !readBuffer(env, info, "MPI_Send", &buf)) return nullptr;
  Channel channel = channelOf(*group, toInt(frame->tag));
  failed(env, "MPI_Send", sendPieces(buf, toInt(frame->rank), channel));
  return nullptr;
}

// recv(buf) with kind, source, tag; reports source, tag, count
napi_value Recv(napi_env env, napi_callback_info info) {
  Buffer buf;
  Group *group = readGroup(env, "MPI_Recv");
  if (group == nullptr || !readBuffer(env, info, "MPI_Recv", &buf)) return nullptr;
  Channel channel = channelOf(*group, toInt(frame->tag));
  MPI_Status status;
  size_t received = 0;
  int rc = recvPieces(buf, toInt(frame->source), channel, &status, &received);
  if (failed(env, "MPI_Recv", rc)) return nullptr;
  report(status, received);
  return nullptr;
}

// sendrecv(send, recv) with kind, rank: the receiver, recvKind, source, tag; reports source, tag, count
napi_value Sendrecv(napi_env env, napi_callback_info info) {
  napi_value argv[2];
  readArguments(env, info, argv);
  Buffer send;
  Buffer recv;
  Group *group = readGroup(env, "MPI_Sendrecv");
  if (group == nullptr || !readBuffer(env, "MPI_Sendrecv", argv[0], &send)) return nullptr;
  if (!readBuffer(env, "MPI_Sendrecv", argv[1], &recv, frame->recvKind)) return nullptr;
  int dest = toInt(frame->rank);
  int source = toInt(frame->source);
  Channel channel = channelOf(*group, toInt(frame->tag));
  MPI_Status status;
  size_t received = 0;
  if (send.length < session.maxCount && recv.length < session.maxCount) {
    CallScope scope(Call::Sendrecv, false, peerOf(*group, source));
    // int MPI_Sendrecv(const void *sendbuf, int sendcount, MPI_Datatype sendtype, int dest, int sendtag, void *recvbuf,
    //                  int recvcount, MPI_Datatype recvtype, int source, int recvtag, MPI_Comm comm, MPI_Status *status)
    int rc = MPI_Sendrecv(send.data, static_cast<int>(send.length), send.type, dest, channel.tag, recv.data,
                          static_cast<int>(recv.length), recv.type, sourceOf(source), channel.tag, channel.comm, &status);
    if (failed(env, "MPI_Sendrecv", rc)) return nullptr;
    int count = 0;
    if (failed(env, "MPI_Get_count", MPI_Get_count(&status, recv.type, &count))) return nullptr;
    received = static_cast<size_t>(count);
  } else {
    std::vector<MPI_Request> pending;
    int sent = startPieces(send, dest, channel.tag, channel.comm, &pending);
    int rc = sent == MPI_SUCCESS ? recvPieces(recv, source, channel, &status, &received) : sent;
    if (failed(env, "MPI_Sendrecv", rc)) return nullptr;
    CallScope scope(Call::Sendrecv, false);
    // int MPI_Waitall(int count, MPI_Request array_of_requests[], MPI_Status array_of_statuses[])
    rc = MPI_Waitall(static_cast<int>(pending.size()), pending.data(), MPI_STATUSES_IGNORE);
    if (failed(env, "MPI_Waitall", rc)) return nullptr;
  }
  report(status, received);
  return nullptr;
}
