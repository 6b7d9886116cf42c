#ifndef GENRET_CKERNELS_TEAM_H
#define GENRET_CKERNELS_TEAM_H

#include <stdint.h>

// Threads that stand ready for small pieces of work, of some ten microseconds. Between two pieces
// they spin for a moment before they sleep.
typedef struct ck_team ck_team;

// A team of `threads`, the caller being one of them; NULL when threads cannot be made.
ck_team *ck_team_create(int threads);

// Ends the threads; no work may be running.
void ck_team_destroy(ck_team *team);

// Calls body(context, i) once for each i in 0..<count, on any thread of the team, and returns when
// all are done. One caller at a time; count below 65,536.
void ck_team_run(ck_team *team, uint32_t count, void (*body)(void *context, uint32_t index),
                 void *context);

#endif
