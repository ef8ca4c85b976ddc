/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

#include "postil-environment.h"

G_BEGIN_DECLS

/*
 * What a fuzzing harness is: a function that does with any bytes what Postil would do, and aborts
 * where something that must always hold does not. libFuzzer calls it, or fuzz-main.c.
 */
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);
int LLVMFuzzerInitialize (int *argc, char ***argv);

/**
 * FuzzBytes:
 * @at: the next byte
 * @end: the byte after the last one
 *
 * Bytes of which decisions are made; when there are no more, all is 0.
 */
typedef struct
{
  const uint8_t *at;
  const uint8_t *end;
} FuzzBytes;

guint fuzz_take (FuzzBytes *self, guint n_choices);
char *fuzz_take_string (FuzzBytes *self, gsize n_bytes);

void fuzz_assert_same (const char *a, const char *b);
gboolean fuzz_is_shown (void);
void fuzz_show (const char *name, const char *text);

const PostilEnvironment *fuzz_get_environment (void);

G_END_DECLS
