#!/bin/sh
# In the lab: a process that has stopped reading its fault queue, and iopftop looking at it. $1: the kernel's headers.
set -e
directory=$(mktemp -d)
owner=$directory/vmm
trap 'rm -rf "$directory"' EXIT
cc -O1 -I"$1" -I"$1/include" -o "$owner" test/lab-kernel/owner.c
# It holds 20 groups and leaves 30 in the queue; its input stays open, so that it goes on doing nothing.
sleep 600 | "$owner" queue 'fault 0 50' 'read 0 20' 'thread sleep' >/dev/null &
until pid=$(pgrep -n -f "^$owner queue") && [ "$(ls "/proc/$pid/task" | wc -l)" = 2 ]; do sleep 0.1; done
iopftop --pid "$pid"
