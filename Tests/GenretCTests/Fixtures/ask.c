/* Asks an index as a program in C does: ask INDEX METHOD REQUEST. */
#include "genret.h"

#include <stdio.h>
#include <string.h>

static genret_text text(const char *bytes) { return (genret_text){bytes, strlen(bytes)}; }

static int tell(genret_error *error, int status) {
    genret_text sentence = genret_error_sentence(error);
    fprintf(stderr, "%d %.*s\n", status, (int)sentence.length, sentence.data);
    genret_error_free(error);
    return 1;
}

int main(int argc, char **argv) {
    if (argc != 4 || genret_abi() != GENRET_ABI) return 64;
    genret_index *index;
    genret_error *error;
    int status = genret_open(text(argv[1]), text("{}"), &index, &error);
    if (status) return tell(error, status);
    genret_text answer;
    status = genret_call(index, text(argv[2]), text(argv[3]), NULL, &answer, &error);
    if (status) return tell(error, status);
    printf("%.*s\n", (int)answer.length, answer.data);
    genret_free_text(answer);
    genret_close(index);
    genret_close(index);
    return 0;
}
