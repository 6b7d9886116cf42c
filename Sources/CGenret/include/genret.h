/* genret from C and from every language that can call C: an index is opened, asked in JSON, and closed.
 *
 * Requests and answers are those of the server: a call named "search" takes and gives what POST /v1/INDEX/search does.
 *
 * Rules:
 *  - A function that can fail returns 0, or an HTTP status (404 for an id that no passage has) and sets *error, which
 *    genret_error_free frees. Where error is a null pointer the status is all there is.
 *  - Texts are UTF-8 and need no zero at their end. What a function gives by an out-parameter genret_free_text frees.
 *  - Any number of threads may use one index.
 *  - An index belongs to the process that opened it. In a child after a fork its functions answer "wrong_process"; open
 *    the index there.
 *  - The library installs no signal handler, prints nothing and leaves the working folder and the locale as they are.
 *    genret_main alone is a program: it does all of that, and ends the process.
 */
#ifndef GENRET_H
#define GENRET_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Changes when a signature does. */
#define GENRET_ABI 1

typedef struct genret_index genret_index;
typedef struct genret_error genret_error;
typedef struct {
    const char *data;
    size_t length;
} genret_text;

/* GENRET_ABI of the library. */
uint32_t genret_abi(void);

/* The library's version; not to be freed. */
genret_text genret_version(void);

/* Opens an index. options is a JSON object, or empty:
 *   {"name": "notes", "precision": "int8", "loadEncoder": true,
 *    "models": {"folder": "...", "shipped": "...", "folders": {"all-MiniLM-L6-v2": "..."}}} */
int genret_open(genret_text path, genret_text options, genret_index **index, genret_error **error);

/* Closes an index once the calls under way have returned. A null pointer, and an index that was closed, are let be. */
void genret_close(genret_index *index);

/* Asks an index. method is the name of a call: search, batch, explain, passages, ids, info, encode, rerank, add, delete,
 * compact. cancel may be a null pointer; as soon as *cancel is not 0 the call ends with the problem "cancelled". */
int genret_call(genret_index *index, genret_text method, genret_text request, const volatile int *cancel,
                genret_text *answer, genret_error **error);

/* Hears of a build: an event is a JSON object, whose text is gone when the function returns. Other than 0 ends the build.
 * Events come one at a time, but on any thread. */
typedef int (*genret_progress)(void *context, genret_text event);

/* Builds an index:
 *   {"corpus": "notes.jsonl", "index": "notes.genret", "replace": false, "options": {"encoder": null, "seed": 1},
 *    "models": {...}}
 * "options" are what a manifest calls so. progress and cancel may be null pointers. */
int genret_build(genret_text request, genret_progress progress, void *context, const volatile int *cancel,
                 genret_text *report, genret_error **error);

/* Frees a text; one that was freed already must not be given again. */
void genret_free_text(genret_text text);

/* The problem as JSON, such as {"code": "unknown_docid", "status": 404, "detail": "..."}, and its sentence alone. They
 * live as long as the error. */
genret_text genret_error_problem(const genret_error *error);
genret_text genret_error_sentence(const genret_error *error);
void genret_error_free(genret_error *error);

/* Runs genret's command line, and ends the process. */
int genret_main(int argc, char **argv);

#ifdef __cplusplus
}
#endif
#endif
