/* What a release needs so that it runs with glibc 2.34 although it was linked on a machine with a newer one.
 *
 * A program asks for the newest version of a function that the C library of the linking machine has. Four functions
 * have versions, or are there at all, only since 2.35 or 2.36. They are defined here instead, hidden, so that nothing
 * outside of the program sees them; scripts/package links this file and then checks that no newer symbol is left. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <link.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/random.h>

#define HIDDEN __attribute__((visibility("hidden")))

/* hypot and hypotf: the version of 2.35 differs from the first only in how it is computed. */
#if defined(__x86_64__)
#define FIRST "GLIBC_2.2.5"
#elif defined(__aarch64__)
#define FIRST "GLIBC_2.17"
#else
#error "the first glibc of this architecture is not known here"
#endif

__asm__(".symver genret_first_hypot, hypot@" FIRST);
__asm__(".symver genret_first_hypotf, hypotf@" FIRST);
double genret_first_hypot(double, double);
float genret_first_hypotf(float, float);

HIDDEN double hypot(double x, double y) { return genret_first_hypot(x, y); }
HIDDEN float hypotf(float x, float y) { return genret_first_hypotf(x, y); }

/* arc4random: libstdc++'s std::random_device knows it since 2.36. */
HIDDEN uint32_t arc4random(void) {
    uint32_t value;
    if (getentropy(&value, sizeof value) != 0) abort();
    return value;
}

/* _dl_find_object: since 2.35 libgcc's unwinder asks it which loaded object a code address belongs to. */
#ifdef DLFO_STRUCT_HAS_EH_DBASE
struct search {
    uintptr_t address;
    struct dl_find_object *found;
};

static int look(struct dl_phdr_info *object, size_t size, void *argument) {
    (void)size;
    struct search *search = argument;
    const ElfW(Phdr) *code = NULL, *frames = NULL;
    for (int i = 0; i < object->dlpi_phnum; ++i) {
        const ElfW(Phdr) *header = &object->dlpi_phdr[i];
        if (header->p_type == PT_GNU_EH_FRAME) frames = header;
        if (header->p_type == PT_LOAD && search->address - (object->dlpi_addr + header->p_vaddr) < header->p_memsz)
            code = header;
    }
    if (!code) return 0;
    if (!frames) return -1;
    /* The unwinder reads the frames alone; the other members are filled as well as they can be from here. */
    *search->found = (struct dl_find_object){
        .dlfo_map_start = (void *)(object->dlpi_addr + code->p_vaddr),
        .dlfo_map_end = (void *)(object->dlpi_addr + code->p_vaddr + code->p_memsz),
        .dlfo_eh_frame = (void *)(object->dlpi_addr + frames->p_vaddr),
    };
    return 1;
}

HIDDEN int _dl_find_object(void *address, struct dl_find_object *found) {
    struct search search = {(uintptr_t)address, found};
    return dl_iterate_phdr(look, &search) == 1 ? 0 : -1;
}
#endif
