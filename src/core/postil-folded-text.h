/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Between two parts; no text folds to it. */
#define POSTIL_FOLDED_TEXT_GAP G_MAXUINT32

/**
 * PostilFoldedText:
 * @units: what the text is compared as, a code point each
 * @offsets: where each unit comes from, in code points; after the last unit, where the text ends
 * @n_units: how many
 *
 * A text as it is compared loosely, all of it at once.
 */
typedef struct
{
  gunichar *units;
  guint32 *offsets;
  guint n_units;

  /*< private >*/
  guint n_allocated;
  guint part;
  gunichar ascii[128];
} PostilFoldedText;

PostilFoldedText *postil_folded_text_new (void);
void postil_folded_text_free (PostilFoldedText *self);

void postil_folded_text_append_utf8 (PostilFoldedText *self,
                                     const char *utf8,
                                     gsize n_bytes,
                                     guint offset);
void postil_folded_text_append_ucs4 (PostilFoldedText *self,
                                     const gunichar *code_points,
                                     guint n_code_points,
                                     guint offset);
guint postil_folded_text_find (const PostilFoldedText *self, guint from, guint to, guint offset);
gboolean postil_folded_text_cuts_word (const PostilFoldedText *self, guint unit);
guint postil_folded_text_get_end (const PostilFoldedText *self, guint unit);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostilFoldedText, postil_folded_text_free)

G_END_DECLS
