// Reading arguments, marking calls, and turning return codes into errors.
#pragma once
#include "elements.h"
#include "presence.h"
#include "session.h"

// The numbers of a call, in memory shared with JavaScript; the order is that of WORD in frame.ts.
struct Frame {
  double group;
  double kind;
  double recvKind;
  double rank;
  double op;
  double source;
  double tag;
  double count;
  double slot;
  double known;
  double request;
};
extern Frame *frame;
inline int toInt(double number) { return static_cast<int>(number); }

// Throws an MpiError made by the function that JavaScript passed to init.
void throwError(napi_env env, const char *code, const char *call, int rawCode, const char *detail);
// Throws when `rc` is an error; returns whether it did.
bool failed(napi_env env, const char *call, int rc);
// MPI ends the process on a call before init or after finalize, and accepts calls from wrong threads: refuse here.
bool ready(napi_env env, const char *call);
// The communicator in the frame. Throws when MPI is not ready, and ERR_COMM for a communicator that was freed.
Group *readGroup(napi_env env, const char *call);

template <size_t N>
inline void readArguments(napi_env env, napi_callback_info info, napi_value (&argv)[N]) {
  size_t argc = N;
  napi_get_cb_info(env, info, &argc, argv, nullptr, nullptr);
}

inline double readDouble(napi_env env, napi_value value) {
  double result = 0;
  napi_get_value_double(env, value, &result);
  return result;
}

inline int readInt(napi_env env, napi_value value) { return toInt(readDouble(env, value)); }

// The array's memory; its type is the one in the frame, which JavaScript has made sure of. `null` gives an empty buffer.
// Throws for anything but a typed array.
bool readBuffer(napi_env env, const char *call, napi_value value, Buffer *buffer, double kind);
inline bool readBuffer(napi_env env, const char *call, napi_value value, Buffer *buffer) {
  return readBuffer(env, call, value, buffer, frame->kind);
}
template <size_t N>
inline bool readBuffers(napi_env env, napi_callback_info info, const char *call, Buffer (&buffers)[N]) {
  napi_value argv[N];
  readArguments(env, info, argv);
  for (size_t i = 0; i < N; i++) {
    if (!readBuffer(env, call, argv[i], &buffers[i])) return false;
  }
  return true;
}
// The one argument of a call, or the buffer of an earlier call where JavaScript knows that its address still holds.
inline bool readKnown(napi_env env, napi_callback_info info, const char *call, Buffer *buffer) {
  Buffer &kept = session.known[static_cast<size_t>(frame->slot)];
  if (frame->known == 0) {
    napi_value argv[1];
    readArguments(env, info, argv);
    if (!readBuffer(env, call, argv[0], &kept)) return false;
  }
  *buffer = kept;
  return true;
}

// The rank of the job that a receive from `rank` of the group, or a send to it, waits for.
inline int32_t peerOf(const Group &group, double rank) {
  return rank < 0 ? ANY_PEER : group.jobRanks[static_cast<size_t>(rank)];
}

// A collective call over `N` buffers: `body` makes it and gives its return code.
template <size_t N, typename Body>
napi_value collective(napi_env env, napi_callback_info info, Call call, Body body) {
  Buffer buffers[N];
  Group *group = readGroup(env, callName(call));
  if (group == nullptr || !readBuffers(env, info, callName(call), buffers)) return nullptr;
  CallScope scope(call, group->ofAll);
  failed(env, callName(call), body(*group, buffers));
  return nullptr;
}

// The same over one buffer that the native layer may know.
template <typename Body>
napi_value collectiveOfKnown(napi_env env, napi_callback_info info, Call call, Body body) {
  Buffer buf;
  Group *group = readGroup(env, callName(call));
  if (group == nullptr || !readKnown(env, info, callName(call), &buf)) return nullptr;
  CallScope scope(call, group->ofAll);
  failed(env, callName(call), body(*group, buf));
  return nullptr;
}
