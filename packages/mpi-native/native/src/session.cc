#include "session.h"

#include <numeric>

Session session;

static int findJobRanks(Group *group) {
  std::vector<int> ranks(static_cast<size_t>(group->size));
  std::iota(ranks.begin(), ranks.end(), 0);
  group->jobRanks.resize(ranks.size());
  MPI_Group own = MPI_GROUP_NULL;
  MPI_Group all = MPI_GROUP_NULL;
  // int MPI_Comm_group(MPI_Comm comm, MPI_Group *group)
  int rc = MPI_Comm_group(group->data, &own);
  if (rc == MPI_SUCCESS) rc = MPI_Comm_group(MPI_COMM_WORLD, &all);
  // int MPI_Group_translate_ranks(MPI_Group group1, int n, const int ranks1[], MPI_Group group2, int ranks2[])
  if (rc == MPI_SUCCESS) rc = MPI_Group_translate_ranks(own, group->size, ranks.data(), all, group->jobRanks.data());
  if (own != MPI_GROUP_NULL) MPI_Group_free(&own);
  if (all != MPI_GROUP_NULL) MPI_Group_free(&all);
  return rc;
}

int addGroup(MPI_Comm data, int *code) {
  auto group = std::make_unique<Group>();
  group->data = data;
  // int MPI_Comm_dup(MPI_Comm comm, MPI_Comm *newcomm)
  if ((*code = MPI_Comm_dup(data, &group->internal)) != MPI_SUCCESS) return -1;
  MPI_Comm_set_errhandler(data, MPI_ERRORS_RETURN);
  MPI_Comm_set_errhandler(group->internal, MPI_ERRORS_RETURN);
  MPI_Comm_rank(data, &group->rank);
  MPI_Comm_size(data, &group->size);
  group->ofAll = group->size == session.size;
  if ((*code = findJobRanks(group.get())) != MPI_SUCCESS) return -1;
  for (size_t handle = 0; handle < session.groups.size(); handle++) {
    if (session.groups[handle] != nullptr) continue;
    session.groups[handle] = std::move(group);
    return static_cast<int>(handle);
  }
  session.groups.push_back(std::move(group));
  return static_cast<int>(session.groups.size()) - 1;
}
