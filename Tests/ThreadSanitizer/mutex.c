// Tells the thread sanitizer what Swift's Mutex does on Linux where it is contended.
//
// An uncontended Mutex is taken and given by atomic operations in the code that uses it, which the sanitizer sees. A
// contended one is handed over by the kernel (FUTEX_LOCK_PI), in functions of libswiftSynchronization that were built
// without the sanitizer: it sees neither the hand-over nor, therefore, that what the Mutex protects is used in turn.
// This library stands before those functions and says so. See scripts/race-check.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stddef.h>
#include <stdint.h>

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context))

typedef void tell(void *);

static void say(const char *name, void *mutex) {
  tell *function = (tell *)dlsym(RTLD_DEFAULT, name);
  if (function != NULL) function(mutex);
}

// Synchronization._MutexHandle._lockSlow(UInt32), _unlockSlow()
SWIFT void lock(uint32_t thread, SELF void *mutex) __asm__("$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF");
SWIFT void unlock(SELF void *mutex) __asm__("$s15Synchronization12_MutexHandleV11_unlockSlowyyF");

SWIFT void lock(uint32_t thread, SELF void *mutex) {
  static SWIFT void (*next)(uint32_t, SELF void *);
  if (next == NULL) *(void **)&next = dlsym(RTLD_NEXT, "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF");
  next(thread, mutex);
  say("__tsan_acquire", mutex);
}

SWIFT void unlock(SELF void *mutex) {
  static SWIFT void (*next)(SELF void *);
  if (next == NULL) *(void **)&next = dlsym(RTLD_NEXT, "$s15Synchronization12_MutexHandleV11_unlockSlowyyF");
  say("__tsan_release", mutex);
  next(mutex);
}
