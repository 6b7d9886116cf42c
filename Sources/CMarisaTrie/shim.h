#include <marisa.h>
