/* SPDX-License-Identifier: MPL-2.0 */

/*
 * Runs a fuzz target over every file of a corpus, so that what fuzzing once found
 * is tested in every build, with any compiler.
 */
#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "fuzz.h"

enum { INPUT_MAX = 1 << 20 };

static bool run_file(const char *folder, const char *name)
{
    static uint8_t input[INPUT_MAX];
    char path[4096];
    FILE *file = NULL;
    uint8_t *copy = NULL;
    size_t size = 0;

    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    file = fopen(path, "rbe");
    if (file == NULL) {
        perror(path);
        return false;
    }
    size = fread(input, 1, sizeof input, file);
    (void)fclose(file);
    copy = malloc(size > 0 ? size : 1); /* its end is where ASan watches */
    if (copy == NULL) {
        perror(path);
        return false;
    }
    memcpy(copy, input, size);
    (void)LLVMFuzzerTestOneInput(copy, size);
    free(copy);
    return true;
}

static int is_input(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

int main(int argc, char **argv)
{
    struct dirent **entries = NULL;
    int count = argc == 2 ? scandir(argv[1], &entries, is_input, alphasort) : 0;
    bool ok = count > 0;

    for (int i = 0; i < count; i++) {
        ok = run_file(argv[1], entries[i]->d_name) && ok;
        free(entries[i]);
    }
    free(entries);
    (void)printf("%d inputs\n", count);
    return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
