#include "include/ckernels_team.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

#if defined(__x86_64__)
#include <immintrin.h>
#define CK_PAUSE() _mm_pause()
#elif defined(__aarch64__)
#define CK_PAUSE() __asm__ volatile("yield")
#else
#define CK_PAUSE() ((void)0)
#endif

// About 50 microseconds of pauses before a thread sleeps, or before a waiting caller gives way.
enum { SPINS = 2000 };

// One word says which pieces are left: 32 bits of the job's number, 16 of its count, 16 of the next
// piece. A thread that wakes late finds another number or nothing left, and touches nothing. Who
// has taken a piece may read the job's other members, because the job cannot end without it.
struct ck_team {
  _Atomic uint64_t work;
  _Atomic uint32_t done;
  void (*body)(void *, uint32_t);
  void *context;
  _Atomic int sleepers, ends;
  pthread_mutex_t mutex;
  pthread_cond_t wakes;
  int threads;
  pthread_t ids[];
};

static uint32_t job_of(uint64_t work) { return (uint32_t)(work >> 32); }

// Takes and does pieces until none is left; returns the number of the job seen last.
static uint32_t work_on(ck_team *team) {
  uint64_t work = atomic_load_explicit(&team->work, memory_order_acquire);
  for (;;) {
    uint32_t count = work >> 16 & 0xFFFF, next = work & 0xFFFF;
    if (next >= count) return job_of(work);
    if (!atomic_compare_exchange_weak_explicit(&team->work, &work, work + 1, memory_order_acq_rel,
                                               memory_order_acquire))
      continue;
    team->body(team->context, next);
    atomic_fetch_add_explicit(&team->done, 1, memory_order_release);
    work = atomic_load_explicit(&team->work, memory_order_acquire);
  }
}

static void *stand_ready(void *argument) {
  ck_team *team = argument;
  uint32_t seen = 0;
  for (;;) {
    for (int i = 0; i < SPINS; i++) {
      if (job_of(atomic_load_explicit(&team->work, memory_order_acquire)) != seen) break;
      if (atomic_load_explicit(&team->ends, memory_order_relaxed)) return 0;
      CK_PAUSE();
    }
    if (job_of(atomic_load(&team->work)) == seen) {
      pthread_mutex_lock(&team->mutex);
      atomic_fetch_add(&team->sleepers, 1);
      while (job_of(atomic_load(&team->work)) == seen && !atomic_load(&team->ends))
        pthread_cond_wait(&team->wakes, &team->mutex);
      atomic_fetch_sub(&team->sleepers, 1);
      pthread_mutex_unlock(&team->mutex);
      if (atomic_load(&team->ends)) return 0;
    }
    seen = work_on(team);
  }
}

ck_team *ck_team_create(int threads) {
  if (threads < 1) threads = 1;
  ck_team *team = calloc(1, sizeof *team + (size_t)threads * sizeof(pthread_t));
  if (!team) return 0;
  pthread_mutex_init(&team->mutex, 0);
  pthread_cond_init(&team->wakes, 0);
  team->threads = 1;
  while (team->threads < threads) {
    if (pthread_create(&team->ids[team->threads], 0, stand_ready, team)) break;
    team->threads++;
  }
  return team;
}

static void wake(ck_team *team) {
  pthread_mutex_lock(&team->mutex);
  pthread_cond_broadcast(&team->wakes);
  pthread_mutex_unlock(&team->mutex);
}

void ck_team_destroy(ck_team *team) {
  atomic_store(&team->ends, 1);
  wake(team);
  for (int i = 1; i < team->threads; i++) pthread_join(team->ids[i], 0);
  pthread_cond_destroy(&team->wakes);
  pthread_mutex_destroy(&team->mutex);
  free(team);
}

void ck_team_run(ck_team *team, uint32_t count, void (*body)(void *, uint32_t), void *context) {
  if (team->threads == 1 || count < 2) {
    for (uint32_t i = 0; i < count; i++) body(context, i);
    return;
  }
  team->body = body;
  team->context = context;
  atomic_store_explicit(&team->done, 0, memory_order_relaxed);
  uint64_t job = (uint64_t)(job_of(atomic_load_explicit(&team->work, memory_order_relaxed)) + 1);
  // Sequentially consistent with the sleepers' own check, so that one of the two sees the other.
  atomic_store(&team->work, job << 32 | (uint64_t)count << 16);
  if (atomic_load(&team->sleepers)) wake(team);
  work_on(team);
  for (int i = 0; atomic_load_explicit(&team->done, memory_order_acquire) < count; i++) {
    if (i < SPINS) CK_PAUSE();
    else sched_yield();
  }
}
