/* The program of the wheel: all of it is in the library beside it. */
#include "genret.h"

int main(int argc, char **argv) { return genret_main(argc, argv); }
