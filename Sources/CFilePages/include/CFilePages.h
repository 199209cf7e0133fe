#pragma once
#include <stddef.h>
#include <sys/types.h>

/// Reads `count` bytes of a file from `offset` on as far as the system holds them in memory; never waits for a disk.
///
/// Returns how many bytes were read, which may be fewer; -1 where the first one is not in memory (`EAGAIN`), where the file system
/// cannot tell (`EOPNOTSUPP`), or for any reason of pread(2). Linux 4.14 and later, `preadv2` with `RWF_NOWAIT`.
ssize_t file_pages_read(int descriptor, void *target, size_t count, off_t offset);
