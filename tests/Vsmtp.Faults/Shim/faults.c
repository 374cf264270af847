/*
 * Preloaded into a server (LD_PRELOAD), it stands between the program and the C library and does what its control file says:
 * writes and syncs of the mail store that fail or are slow, a power cut in the midst of them, a clock that jumps.
 * The control file (VSMTP_FAULTS) is mapped by the test too, and is laid out as in Controls.cs.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

struct controls {
    _Atomic int64_t clock_offset_ns; /* added to the time of day; the monotonic clock stays */
    _Atomic uint32_t write_errno;    /* what a write that fails says */
    _Atomic uint32_t write_permille; /* how many of them fail */
    _Atomic uint32_t sync_errno;
    _Atomic uint32_t sync_permille;
    _Atomic uint32_t sync_delay_ms;
    _Atomic uint32_t cut_after;      /* the power is cut at the n-th write or sync from now; 0: never */
    _Atomic uint32_t cut_kind;       /* 1: all that was written arrives, but of the last write half; 2: what was not synced may be lost */
    _Atomic uint32_t seed;
    _Atomic uint32_t failed_writes;  /* counted here, read by the test */
    _Atomic uint32_t failed_syncs;
    _Atomic uint32_t slow_syncs;
    _Atomic uint32_t undone_writes;
};

enum { TORN = 1, UNSYNCED = 2, SECTOR = 512 };

/* A write that no sync has followed yet. */
struct pending {
    struct pending *earlier, *later;
    char *path;
    off_t offset, size_before;
    size_t length, length_before;
    char *bytes, *bytes_before;
};

static struct controls idle;
static struct controls *controls = &idle;
static struct pending *newest;
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;

static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_ftruncate)(int, off_t);
static int (*real_clock_gettime)(clockid_t, struct timespec *);

static void find_real(void)
{
    if (real_clock_gettime) return;
    real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
    real_fsync = dlsym(RTLD_NEXT, "fsync");
    real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
    real_ftruncate = dlsym(RTLD_NEXT, "ftruncate64");
    real_clock_gettime = dlsym(RTLD_NEXT, "clock_gettime");
}

__attribute__((constructor)) static void begin(void)
{
    find_real();
    const char *path = getenv("VSMTP_FAULTS");
    int file = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (file < 0) return;
    void *mapped = mmap(NULL, sizeof *controls, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (mapped != MAP_FAILED) controls = mapped;
    close(file);
}

/* The database and its write-ahead log; what is between connections (-shm) is no file of the disk's. */
static int is_store(int fd, char *path, size_t size)
{
    char link[40];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, size - 1);
    if (length < 0) return 0;
    path[length] = 0;
    const char *name = strrchr(path, '/');
    return name && (!strcmp(name, "/vsmtp.db") || !strcmp(name, "/vsmtp.db-wal"));
}

static int chosen(uint32_t permille)
{
    static _Atomic uint32_t state;
    if (permille == 0) return 0;
    uint32_t x = (atomic_fetch_add(&state, 0x9E3779B9u) ^ controls->seed) * 0x85EBCA6Bu;
    return ((x ^ x >> 13) * 0xC2B2AE35u >> 16) % 1000 < permille;
}

static void forget(const char *path)
{
    struct pending *next;
    for (struct pending *one = newest; one; one = next) {
        next = one->earlier;
        if (strcmp(one->path, path)) continue;
        if (one->earlier) one->earlier->later = one->later;
        if (one->later) one->later->earlier = one->earlier; else newest = one->earlier;
        free(one->path), free(one->bytes), free(one->bytes_before), free(one);
    }
}

static void remember(int fd, const char *path, const void *bytes, size_t length, off_t offset)
{
    struct pending *one = calloc(1, sizeof *one);
    struct stat about;
    one->path = strdup(path), one->offset = offset, one->length = length;
    one->size_before = fstat(fd, &about) ? 0 : about.st_size;
    one->bytes = malloc(length), one->bytes_before = malloc(length);
    memcpy(one->bytes, bytes, length);
    ssize_t before = pread(fd, one->bytes_before, length, offset);
    one->length_before = before > 0 ? before : 0;
    one->earlier = newest;
    if (newest) newest->later = one;
    newest = one;
}

static void put(const char *path, const void *bytes, size_t length, off_t offset, off_t cut_to)
{
    int fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0) return;
    if (length) real_pwrite(fd, bytes, length, offset);
    if (cut_to >= 0) real_ftruncate(fd, cut_to);
    close(fd);
}

/* The disk as a power cut leaves it: of what was not synced, each write is there, or half of it, or nothing, in any order. */
static void lose_unsynced(void)
{
    struct pending *oldest = NULL;
    for (struct pending *one = newest; one; oldest = one, one = one->earlier)
        put(one->path, one->bytes_before, one->length_before, one->offset, one->size_before);
    for (struct pending *one = oldest; one; one = one->later) {
        if (chosen(500)) {
            put(one->path, one->bytes, one->length, one->offset, -1);
            continue;
        }
        controls->undone_writes++;
        if (chosen(500)) put(one->path, one->bytes, one->length / 2 / SECTOR * SECTOR, one->offset, -1);
    }
}

/* Counts a write (of length bytes) or a sync (0) of the store, and ends the process if it is the one at which the power goes. */
static void pass(int fd, const char *path, const void *bytes, size_t length, off_t offset)
{
    uint32_t left = controls->cut_after;
    if (controls->cut_kind == UNSYNCED && length) remember(fd, path, bytes, length, offset);
    if (left == 0) return;
    controls->cut_after = left - 1;
    if (left > 1) return;
    if (controls->cut_kind == UNSYNCED) lose_unsynced();
    else if (length) real_pwrite(fd, bytes, length / 2, offset);
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off_t offset)
{
    char path[512];
    find_real();
    if (controls == &idle || !is_store(fd, path, sizeof path)) return real_pwrite(fd, bytes, length, offset);
    if (chosen(controls->write_permille)) {
        controls->failed_writes++;
        errno = controls->write_errno;
        return -1;
    }
    if (!controls->cut_kind) return real_pwrite(fd, bytes, length, offset);
    pthread_mutex_lock(&gate);
    pass(fd, path, bytes, length, offset);
    ssize_t written = real_pwrite(fd, bytes, length, offset);
    int error = errno;
    pthread_mutex_unlock(&gate);
    errno = error;
    return written;
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) { return pwrite64(fd, bytes, length, offset); }

static int synced(int fd, int (*sync)(int))
{
    char path[512];
    if (controls == &idle || !is_store(fd, path, sizeof path)) return sync(fd);
    if (controls->sync_delay_ms) {
        controls->slow_syncs++;
        usleep(controls->sync_delay_ms * 1000);
    }
    if (chosen(controls->sync_permille)) {
        controls->failed_syncs++;
        errno = controls->sync_errno;
        return -1;
    }
    if (!controls->cut_kind) return sync(fd);
    pthread_mutex_lock(&gate);
    pass(fd, path, NULL, 0, 0);
    int result = sync(fd);
    if (!result) forget(path);
    pthread_mutex_unlock(&gate);
    return result;
}

int fsync(int fd) { return find_real(), synced(fd, real_fsync); }

int fdatasync(int fd) { return find_real(), synced(fd, real_fdatasync); }

int ftruncate64(int fd, off_t length)
{
    char path[512];
    find_real();
    if (controls == &idle || !controls->cut_kind || !is_store(fd, path, sizeof path)) return real_ftruncate(fd, length);
    pthread_mutex_lock(&gate);
    int result = real_ftruncate(fd, length);
    forget(path); /* taken for synced */
    pthread_mutex_unlock(&gate);
    return result;
}

int ftruncate(int fd, off_t length) { return ftruncate64(fd, length); }

int clock_gettime(clockid_t clock, struct timespec *now)
{
    find_real();
    int result = real_clock_gettime(clock, now);
    int64_t offset = controls->clock_offset_ns;
    if (result || offset == 0 || (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE)) return result;
    int64_t moved = now->tv_sec * 1000000000LL + now->tv_nsec + offset;
    now->tv_sec = moved / 1000000000LL;
    now->tv_nsec = moved % 1000000000LL;
    return 0;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
    struct timespec time;
    (void)zone;
    if (clock_gettime(CLOCK_REALTIME, &time)) return -1;
    now->tv_sec = time.tv_sec;
    now->tv_usec = time.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *now)
{
    struct timespec spec;
    if (clock_gettime(CLOCK_REALTIME, &spec)) return -1;
    if (now) *now = spec.tv_sec;
    return spec.tv_sec;
}
