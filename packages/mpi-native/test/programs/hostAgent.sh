#!/bin/sh
# Stands in for ssh between the two hosts of hosts.ts: hostAgent.sh [options] address command...
# The address ends in the number of the host; DML_TEST_HOSTS is the common part of the namespaces' names.
while [ "${1#-}" != "$1" ]; do shift; done
host="$DML_TEST_HOSTS${1##*.}"
shift
exec ip netns exec "$host" unshare --uts sh -c "hostname $host && exec sh -c \"\$0\"" "$*"
