/* Preloaded into the processes of a drill: the wall clock is as wrong as a file says, in seconds; all other clocks are
   right, as when the clock of a machine is set. (libfaketime changes how sleeping works as well, and Python's own
   time.sleep then fails.) */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static long wrong_by(void) {
    static __thread long known = 0, looked = -1;
    struct timespec now;
    syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
    if (now.tv_sec != looked) { /* once a second is enough */
        const char *name = getenv("PROEFKLOK");
        FILE *file = name ? fopen(name, "r") : NULL;
        long found;
        if (file) {
            if (fscanf(file, "%ld", &found) == 1) known = found;
            fclose(file);
        }
        looked = now.tv_sec;
    }
    return known;
}

int clock_gettime(clockid_t clock, struct timespec *told) {
    int result = syscall(SYS_clock_gettime, clock, told);
    if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) told->tv_sec += wrong_by();
    return result;
}

int gettimeofday(struct timeval *restrict told, void *restrict zone) {
    struct timespec now;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &now);
    told->tv_sec = now.tv_sec;
    told->tv_usec = now.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *told) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (told) *told = now.tv_sec;
    return now.tv_sec;
}
