// Positions of the blocks of the ranks in one buffer.
#pragma once
#include <vector>

#include "elements.h"

struct Layout {
  // Lays blocks of `counts` (doubles, one per rank) side by side. Displacements are int, so in a long buffer they are
  // taken from a point inside it, `base`, which doubles what an int can reach; mpi.ts refuses longer ones.
  void arrange(const Buffer &buffer, const Buffer &counts);
  Buffer block(int rank) const;
  // Whether `own` already is the block of that rank.
  bool holds(int rank, const Buffer &own) const { return own.length > 0 && own.data == block(rank).data; }

  char *base = nullptr;
  // Whether a block is too long for a count.
  bool hasLarge = false;
  // As MPI takes them; 0 for a block that is too long for a count.
  std::vector<int> counts;
  std::vector<int> displacements;

 private:
  Buffer all_;
  std::vector<size_t> lengths_;
  std::vector<size_t> starts_;
};
