#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "include/cmappings.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#if !defined(MAP_ANONYMOUS)
#define MAP_ANONYMOUS MAP_ANON
#endif

// What the handler reads: a table of fixed size without locks. A slot is free where its length is 0, and taken by
// setting that to `taken` before its start is written.
enum { slots = 4096 };
static const size_t taken = SIZE_MAX;

static struct {
  _Atomic size_t length;
  _Atomic uintptr_t start;
  _Atomic int is_cut;
} mappings[slots];

static _Atomic int is_watching;
static struct sigaction before;
static uintptr_t page_size;

// Only calls that are safe in a handler: atomics, mmap and sigaction are system calls or less.
static void on_fault(int signal, siginfo_t *info, void *context) {
  const int error = errno;
  const uintptr_t address = (uintptr_t)info->si_addr;
  for (int i = 0; i < slots; i++) {
    const size_t length = atomic_load_explicit(&mappings[i].length, memory_order_acquire);
    if (length == 0 || length == taken) continue;
    const uintptr_t start = atomic_load_explicit(&mappings[i].start, memory_order_relaxed);
    if (address < start || address - start >= length) continue;
    // What lies behind is gone too, or will not be trusted.
    const uintptr_t page = address & ~(page_size - 1);
    void *zeros = mmap((void *)page, start + length - page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    if (zeros == MAP_FAILED) break;
    atomic_store_explicit(&mappings[i].is_cut, 1, memory_order_release);
    errno = error;
    return;
  }
  if (before.sa_flags & SA_SIGINFO) {
    before.sa_sigaction(signal, info, context);
  } else if (before.sa_handler != SIG_DFL && before.sa_handler != SIG_IGN) {
    before.sa_handler(signal);
  } else {
    // The fault comes again when this returns, and ends the process as it would have.
    sigaction(signal, &before, NULL);
  }
  errno = error;
}

int cf_mappings_watch(void) {
  int expected = 0;
  if (!atomic_compare_exchange_strong(&is_watching, &expected, 1)) return 0;
  page_size = (uintptr_t)sysconf(_SC_PAGESIZE);
  struct sigaction action = {0};
  action.sa_sigaction = on_fault;
  action.sa_flags = SA_SIGINFO | SA_RESTART;
  sigemptyset(&action.sa_mask);
  if (sigaction(SIGBUS, &action, &before) == 0) return 0;
  atomic_store(&is_watching, 0);
  return -1;
}

int cf_mapping_note(const void *start, size_t length) {
  if (!atomic_load(&is_watching) || length == 0 || length == taken) return -1;
  for (int i = 0; i < slots; i++) {
    size_t expected = 0;
    if (!atomic_compare_exchange_strong(&mappings[i].length, &expected, taken)) continue;
    atomic_store_explicit(&mappings[i].start, (uintptr_t)start, memory_order_relaxed);
    atomic_store_explicit(&mappings[i].is_cut, 0, memory_order_relaxed);
    atomic_store_explicit(&mappings[i].length, length, memory_order_release);
    return i;
  }
  return -1;
}

void cf_mapping_forget(int number) {
  if (number >= 0) atomic_store(&mappings[number].length, 0);
}

int cf_mapping_is_cut(int number) { return number >= 0 && atomic_load(&mappings[number].is_cut); }
