#define _GNU_SOURCE
#include "CFilePages.h"
#include <sys/uio.h>

ssize_t file_pages_read(int descriptor, void *target, size_t count, off_t offset) {
    struct iovec part = {.iov_base = target, .iov_len = count};
    return preadv2(descriptor, &part, 1, offset, RWF_NOWAIT);
}
