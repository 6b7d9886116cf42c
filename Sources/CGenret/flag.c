#include "genret_flag.h"

int cgenret_flag_value(const volatile int *flag) { return flag ? __atomic_load_n(flag, __ATOMIC_RELAXED) : 0; }
