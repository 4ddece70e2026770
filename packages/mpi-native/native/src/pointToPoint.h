#pragma once
#include <node_api.h>

#include "check.h"

napi_value Send(napi_env env, napi_callback_info info);
napi_value Recv(napi_env env, napi_callback_info info);
napi_value Sendrecv(napi_env env, napi_callback_info info);

// Where messages of a group travel.
struct Channel {
  const Group &group;
  MPI_Comm comm;
  int tag;
};

// A long message travels as full pieces of session.maxCount elements and one shorter piece, empty if need be, which
// tells the receiver that the message ends. Messages shorter than maxCount are that last piece alone.
int sendPieces(const Buffer &buf, int dest, const Channel &channel);
int recvPieces(const Buffer &buf, int source, const Channel &channel, MPI_Status *status, size_t *received);
