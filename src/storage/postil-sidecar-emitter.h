/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <string.h>

#include "postil-foreign.h"
#include "postil-sidecar-form.h"

G_BEGIN_DECLS

/**
 * PostilSidecarLevel:
 * @out: where it is written
 * @form: (nullable): what kind of object it is; %NULL for an array
 * @members: (array length=n_members): those members
 * @n_members: how many
 * @next: the first foreign element of an array that is still to be written
 * @indent: of its members, in spaces
 * @known: the known key, or the number of the element, whose turn has come last
 * @empty: whether nothing was written into it
 * @breaks_next: whether what comes next begins a line
 *
 * An object or array that is being written: where its next member goes.
 */
typedef struct
{
  GString *out;
  const PostilSidecarForm *form;
  const PostilForeignMember *members;
  guint n_members;
  guint next;
  guint indent;
  int known;
  gboolean empty;
  gboolean breaks_next;
} PostilSidecarLevel;

/* Does as g_string_append_len(), in less time for the few bytes that most of a sidecar is made of.
 */
static inline __attribute__ ((always_inline)) void
postil_sidecar_emit (GString *out, const char *bytes, gsize n_bytes)
{
  if (G_UNLIKELY (out->len + n_bytes >= out->allocated_len))
    {
      g_string_append_len (out, bytes, n_bytes);
      return;
    }
  memcpy (out->str + out->len, bytes, n_bytes);
  out->len += n_bytes;
  out->str[out->len] = '\0';
}

void postil_sidecar_emit_string (GString *out, const char *text);
void postil_sidecar_emit_string_len (GString *out, const char *text, gsize n_bytes);
void postil_sidecar_emit_number (GString *out, guint number);
void postil_sidecar_emit_date (GString *out, gint64 date);
void postil_sidecar_emit_indent (GString *out, guint indent);

PostilSidecarLevel postil_sidecar_level_enter_object (GString *out,
                                                      const PostilSidecarForm *form,
                                                      PostilForeign *foreign,
                                                      const char *object,
                                                      guint indent);
gboolean postil_sidecar_level_begin (PostilSidecarLevel *self, int known);
void postil_sidecar_level_put (PostilSidecarLevel *self, int known, const char *text);
void postil_sidecar_level_put_word (PostilSidecarLevel *self, int known, const char *word);
void postil_sidecar_level_put_date (PostilSidecarLevel *self, int known, gint64 date);
void postil_sidecar_level_end_object (PostilSidecarLevel *self);

PostilSidecarLevel postil_sidecar_level_enter_array (GString *out,
                                                     PostilForeign *foreign,
                                                     const char *object,
                                                     guint indent);
void postil_sidecar_level_begin_element (PostilSidecarLevel *self);
void postil_sidecar_level_end_array (PostilSidecarLevel *self);

gboolean postil_sidecar_has_elements (PostilForeign *foreign, const char *object);

G_END_DECLS
