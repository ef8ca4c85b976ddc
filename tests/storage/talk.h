/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-loader.h"

G_BEGIN_DECLS

/* A document that processes of a test edit while they tell what they did, a line a step on their
 * standard output: “+ id note” for what is there then, “- id” for what is not.
 */
char *talk_make_folder (void);
PostilStore *talk_open_store (const char *folder);
PostilDocument *talk_load (const char *folder, PostilStore *store, PostilSidecar **sidecar);
char *talk_dup_note (PostilAnnotation *annotation);
void talk_tell (const char *format, ...) G_GNUC_PRINTF (1, 2);
void talk_take_in (GHashTable *expected, const char *told);

G_END_DECLS
