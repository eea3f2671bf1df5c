/* File operations that fail on demand, below one folder: for LD_PRELOAD under a test.

   fault_arm(folder, n, kind) lets the n-th operation from now on fail (0: none); fault_count() says how
   many there were. Kinds: 0 no space, from then on; 1 an I/O error once; 2 no permission once; 3 half of a
   write, then no space. Reading is never touched. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static char folder[4096];
static volatile long due, seen;
static int kind;

void fault_arm(const char *where, long n, int what) {
    strncpy(folder, where, sizeof folder - 1);
    due = n; kind = what; seen = 0;
}
long fault_count(void) { return seen; }

static int below(const char *path) { return *folder && path && !strncmp(path, folder, strlen(folder)); }
static int below_fd(int fd) {
    char link[64], path[4096];
    if (!*folder) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof path - 1);
    if (n < 0) return 0;
    path[n] = 0;
    return below(path);
}
static int below_at(int fd, const char *path) {
    return *path == '/' || fd == AT_FDCWD ? below(path) : below_fd(fd);
}
/* 0: go on; 1: fail with errno set; 2: write half. `takes` says whether the operation takes space. */
static int strike(int takes) {
    long now = __sync_add_and_fetch(&seen, 1);
    if (!due || now < due) return 0;
    if (now == due) {
        if (kind == 3 && takes) return 2;
        errno = kind == 1 ? EIO : kind == 2 ? EACCES : ENOSPC;
        return 1;
    }
    if ((kind == 0 || kind == 3) && takes) { errno = ENOSPC; return 1; }
    return 0;
}
#define REAL(name) static __typeof__(name) *real; if (!real) real = dlsym(RTLD_NEXT, #name)

#define OPENS(name) \
int name(const char *path, int flags, ...) { \
    va_list more; va_start(more, flags); int mode = va_arg(more, int); va_end(more); \
    REAL(name); \
    if ((flags & (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC)) && below(path) && strike((flags & O_CREAT) != 0) == 1) return -1; \
    return real(path, flags, mode); \
}
OPENS(open)
OPENS(open64)
#define WRITES(name, arguments, passed, shorter) \
ssize_t name arguments { \
    REAL(name); \
    if (below_fd(fd)) { int hit = strike(1); if (hit == 1) return -1; if (hit == 2 && size > 1) return real shorter; } \
    return real passed; \
}
WRITES(write, (int fd, const void *data, size_t size), (fd, data, size), (fd, data, size / 2))
WRITES(pwrite, (int fd, const void *data, size_t size, off_t at), (fd, data, size, at), (fd, data, size / 2, at))
WRITES(pwrite64, (int fd, const void *data, size_t size, off64_t at), (fd, data, size, at), (fd, data, size / 2, at))
ssize_t copy_file_range(int from, off64_t *at, int to, off64_t *there, size_t size, unsigned flags) {
    REAL(copy_file_range);
    if (below_fd(to) && strike(1)) { errno = ENOSPC; return -1; }
    return real(from, at, to, there, size, flags);
}
ssize_t sendfile(int to, int from, off_t *at, size_t size) {
    static ssize_t (*real)(int, int, off_t *, size_t);
    if (!real) real = dlsym(RTLD_NEXT, "sendfile");
    if (below_fd(to) && strike(1)) { errno = ENOSPC; return -1; }
    return real(to, from, at, size);
}
#define FLUSHES(name) int name(int fd) { REAL(name); if (below_fd(fd) && strike(0) == 1) return -1; return real(fd); }
FLUSHES(fsync)
FLUSHES(fdatasync)
#define CUTS(name, type) int name(int fd, type size) { REAL(name); if (below_fd(fd) && strike(1) == 1) return -1; return real(fd, size); }
CUTS(ftruncate, off_t)
CUTS(ftruncate64, off64_t)
#define NAMES(name) int name(const char *from, const char *to) { REAL(name); if (below(to) && strike(0) == 1) return -1; return real(from, to); }
NAMES(rename)
NAMES(link)
int unlink(const char *path) { REAL(unlink); if (below(path) && strike(0) == 1) return -1; return real(path); }
int rmdir(const char *path) { REAL(rmdir); if (below(path) && strike(0) == 1) return -1; return real(path); }
int mkdir(const char *path, mode_t mode) { REAL(mkdir); if (below(path) && strike(1) == 1) return -1; return real(path, mode); }
/* What Python and Rust call with a folder that is open. */
int unlinkat(int fd, const char *path, int flags) {
    REAL(unlinkat);
    if (below_at(fd, path) && strike(0) == 1) return -1;
    return real(fd, path, flags);
}
int linkat(int from, const char *old, int to, const char *path, int flags) {
    REAL(linkat);
    if (below_at(to, path) && strike(1) == 1) return -1;
    return real(from, old, to, path, flags);
}
int renameat(int from, const char *old, int to, const char *path) {
    REAL(renameat);
    if (below_at(to, path) && strike(0) == 1) return -1;
    return real(from, old, to, path);
}
#define OPENS_AT(name) \
int name(int fd, const char *path, int flags, ...) { \
    va_list more; va_start(more, flags); int mode = va_arg(more, int); va_end(more); \
    REAL(name); \
    if ((flags & (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC)) && below_at(fd, path) && strike((flags & O_CREAT) != 0) == 1) return -1; \
    return real(fd, path, flags, mode); \
}
OPENS_AT(openat)
OPENS_AT(openat64)
ssize_t writev(int fd, const struct iovec *parts, int count) {
    REAL(writev);
    if (below_fd(fd)) { int hit = strike(1); if (hit == 1) return -1; if (hit == 2 && count > 1) return real(fd, parts, count / 2); }
    return real(fd, parts, count);
}
int posix_fallocate(int fd, off_t at, off_t size) { REAL(posix_fallocate); if (below_fd(fd) && strike(1)) return ENOSPC; return real(fd, at, size); }
int posix_fallocate64(int fd, off64_t at, off64_t size) { REAL(posix_fallocate64); if (below_fd(fd) && strike(1)) return ENOSPC; return real(fd, at, size); }
