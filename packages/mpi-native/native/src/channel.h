// Where point-to-point messages travel, and what became of one.
#pragma once
#include "check.h"
#include "types.h"

constexpr int PRIVATE_TAG = -2;  // as in transport.ts

struct Channel {
  MPI_Comm comm;
  int tag;
};

// Both as the frame says; JavaScript's -1 means "any".
Channel channelOf(const Group &group);
int sourceInFrame();

// Writes source, tag and number of elements of a message that `buf` has received into the frame. MPI_ERR_TYPE when the
// message is not a whole number of them.
int report(const MPI_Status &status, const Buffer &buf);
// The same with the number of bytes.
int reportBytes(const MPI_Status &status);
