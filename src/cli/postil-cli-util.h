/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "postil-codebook.h"
#include "postil-record.h"

G_BEGIN_DECLS

GStrv postil_cli_parse (int argc,
                        char **argv,
                        const GOptionEntry *entries,
                        gpointer data,
                        const char *parameters,
                        const char *summary,
                        const char *description,
                        GError **error);
gboolean postil_cli_check_text (const char *option, char **text, GError **error);
GPtrArray *postil_cli_find_topics (PostilCodebook *codebook, const char *path, GError **error);
void postil_cli_add_string (JsonBuilder *builder, const char *member, const char *value);
void postil_cli_add_strings (JsonBuilder *builder, const char *member, const char *const *values);
void postil_cli_add_place (JsonBuilder *builder, const PostilSpan *place);
void postil_cli_add_record (JsonBuilder *builder, const char *document, const PostilRecord *record);
char *postil_cli_dup_json (JsonBuilder *builder);
void postil_cli_print_json (JsonBuilder *builder);

G_END_DECLS
