#ifndef GENRET_FLAG_H
#define GENRET_FLAG_H

/* The flag of a caller who may set it at any time, from any thread; 0 where there is none. Swift knows no volatile. */
int cgenret_flag_value(const volatile int *flag);

#endif
