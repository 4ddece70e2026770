#include "channel.h"

#include "bindings.h"
#include "patience.h"
#include "values.h"

Channel channelOf(const Group &group) {
  int tag = toInt(frame->tag);
  if (tag == PRIVATE_TAG) return {group.internal, 0};
  return {group.data, tag < 0 ? MPI_ANY_TAG : tag};
}

int sourceInFrame() { return frame->source < 0 ? MPI_ANY_SOURCE : toInt(frame->source); }

int report(const MPI_Status &status, const Buffer &buf) {
  frame->source = status.MPI_SOURCE;
  frame->tag = status.MPI_TAG;
  if (!isLarge(buf.length)) {
    int count = 0;
    // int MPI_Get_count(const MPI_Status *status, MPI_Datatype datatype, int *count)
    int rc = MPI_Get_count(&status, buf.type, &count);
    frame->count = count;
    return rc == MPI_SUCCESS && count == MPI_UNDEFINED ? MPI_ERR_TYPE : rc;
  }
  int rc = reportBytes(status);
  if (rc != MPI_SUCCESS) return rc;
  size_t bytes = static_cast<size_t>(frame->count);
  frame->count = static_cast<double>(bytes / buf.elementSize);
  return bytes % buf.elementSize == 0 ? MPI_SUCCESS : MPI_ERR_TYPE;
}

int reportBytes(const MPI_Status &status) {
  MPI_Count bytes = 0;
  // int MPI_Get_elements_x(const MPI_Status *status, MPI_Datatype datatype, MPI_Count *count)
  int rc = MPI_Get_elements_x(&status, MPI_BYTE, &bytes);
  if (rc != MPI_SUCCESS) return rc;
  frame->source = status.MPI_SOURCE;
  frame->tag = status.MPI_TAG;
  frame->count = static_cast<double>(bytes);
  return MPI_SUCCESS;
}

namespace {

// A message from or into the one argument, which the native layer may know. `rank` is the other end.
template <typename Body>
napi_value withKnown(napi_env env, napi_callback_info info, Call call, double rank, Body body) {
  Buffer buf;
  Group *group = readGroup(env, callName(call));
  if (group == nullptr || !readKnown(env, info, callName(call), &buf)) return nullptr;
  Span span(buf);
  CallScope scope(call, false, peerOf(*group, rank));
  failed(env, callName(call), body(buf, span, channelOf(*group)));
  return nullptr;
}

int receive(const Buffer &buf, const Span &span, const Channel &channel, MPI_Status *status) {
  // int MPI_Recv(void *buf, int count, MPI_Datatype datatype, int source, int tag, MPI_Comm comm, MPI_Status *status)
  if (!yieldsWhileWaiting) {
    return MPI_Recv(buf.data, span.count, span.type, sourceInFrame(), channel.tag, channel.comm, status);
  }
  MPI_Request request = MPI_REQUEST_NULL;
  // int MPI_Irecv(void *buf, int count, MPI_Datatype datatype, int source, int tag, MPI_Comm comm, MPI_Request *request)
  int rc = MPI_Irecv(buf.data, span.count, span.type, sourceInFrame(), channel.tag, channel.comm, &request);
  return rc == MPI_SUCCESS ? waitFor(&request, status) : rc;
}

int exchange(const Buffer &send, const Span &sent, const Buffer &recv, const Span &received, const Channel &channel,
             MPI_Status *status) {
  if (!yieldsWhileWaiting) {
    // int MPI_Sendrecv(const void *sendbuf, int sendcount, MPI_Datatype sendtype, int dest, int sendtag, void *recvbuf,
    //                  int recvcount, MPI_Datatype recvtype, int source, int recvtag, MPI_Comm comm, MPI_Status *status)
    return MPI_Sendrecv(send.data, sent.count, sent.type, toInt(frame->rank), channel.tag, recv.data, received.count,
                        received.type, sourceInFrame(), channel.tag, channel.comm, status);
  }
  MPI_Request sending = MPI_REQUEST_NULL;
  // int MPI_Isend(const void *buf, int count, MPI_Datatype datatype, int dest, int tag, MPI_Comm comm,
  //               MPI_Request *request)
  int rc = MPI_Isend(send.data, sent.count, sent.type, toInt(frame->rank), channel.tag, channel.comm, &sending);
  if (rc != MPI_SUCCESS) return rc;
  int rcOfReceive = receive(recv, received, channel, status);
  rc = waitFor(&sending, MPI_STATUS_IGNORE);
  return rcOfReceive == MPI_SUCCESS ? rc : rcOfReceive;
}

// A look at messages from the source in the frame: `body` fills in the status, and whether there is one.
template <typename Body>
bool look(napi_env env, Call call, Body body) {
  Group *group = readGroup(env, callName(call));
  if (group == nullptr) return false;
  MPI_Status status;
  int found = 1;
  int rc = body(*group, channelOf(*group), &found, &status);
  if (rc == MPI_SUCCESS && found) rc = reportBytes(status);
  return !failed(env, callName(call), rc) && found;
}

}  // namespace

// send(buf) with kind, rank: the receiver, tag
napi_value Send(napi_env env, napi_callback_info info) {
  return withKnown(env, info, Call::Send, frame->rank, [](const Buffer &buf, const Span &span, const Channel &channel) {
    // int MPI_Send(const void *buf, int count, MPI_Datatype datatype, int dest, int tag, MPI_Comm comm)
    return complete<MPI_Send, MPI_Isend>(buf.data, span.count, span.type, toInt(frame->rank), channel.tag, channel.comm);
  });
}

// recv(buf) with kind, source, tag; reports source, tag, count
napi_value Recv(napi_env env, napi_callback_info info) {
  return withKnown(env, info, Call::Recv, frame->source, [](const Buffer &buf, const Span &span, const Channel &channel) {
    MPI_Status status;
    int rc = receive(buf, span, channel, &status);
    return rc == MPI_SUCCESS ? report(status, buf) : rc;
  });
}

// sendrecv(send, recv) with kind, rank: the receiver, recvKind, source, tag; reports source, tag, count
napi_value Sendrecv(napi_env env, napi_callback_info info) {
  Buffer buffers[2];
  Group *group = readGroup(env, "MPI_Sendrecv");
  if (group == nullptr || !readBuffers(env, info, "MPI_Sendrecv", buffers)) return nullptr;
  auto &[send, recv] = buffers;
  ElementType type = elementTypeOf(toInt(frame->recvKind));
  recv.type = type.datatype;
  recv.elementSize = type.size;
  Channel channel = channelOf(*group);
  MPI_Status status;
  Span sent(send);
  Span received(recv);
  CallScope scope(Call::Sendrecv, false, peerOf(*group, frame->source));
  int rc = exchange(send, sent, recv, received, channel, &status);
  failed(env, "MPI_Sendrecv", rc == MPI_SUCCESS ? report(status, recv) : rc);
  return nullptr;
}

// probe() with source, tag; reports source, tag, and count in bytes
napi_value Probe(napi_env env, napi_callback_info) {
  look(env, Call::Probe, [](const Group &group, const Channel &channel, int *, MPI_Status *status) {
    CallScope scope(Call::Probe, false, peerOf(group, frame->source));
    return probe(sourceInFrame(), channel.tag, channel.comm, status);
  });
  return nullptr;
}

// iprobe() with source, tag: boolean; reports like probe where there is a message
napi_value Iprobe(napi_env env, napi_callback_info) {
  bool found = look(env, Call::Probe, [](const Group &, const Channel &channel, int *flag, MPI_Status *status) {
    // int MPI_Iprobe(int source, int tag, MPI_Comm comm, int *flag, MPI_Status *status)
    return MPI_Iprobe(sourceInFrame(), channel.tag, channel.comm, flag, status);
  });
  return booleanOf(env, found);
}
