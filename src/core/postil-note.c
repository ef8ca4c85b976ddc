/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-note.h"

#include <string.h>

#include "postil-id.h"

/*
 * PostilNote: a text by one annotator. An immutable, reference-counted value in one piece of
 * memory; may be read in any thread.
 */
struct _PostilNote
{
  char *creator;
  gint64 created;
  PostilForeign *foreign;
  char text[];
};

G_DEFINE_BOXED_TYPE (PostilNote, postil_note, postil_note_ref, postil_note_unref)

static void
postil_note_clear (PostilNote *self)
{
  g_clear_pointer (&self->creator, g_ref_string_release);
  g_clear_pointer (&self->foreign, postil_foreign_unref);
}

/**
 * postil_note_new:
 * @text: the note, UTF-8
 * @creator: (nullable): id of the annotator who wrote it
 * @created: when, in seconds since the Unix epoch; 0 when unknown
 * @foreign: (nullable): what another program put into it
 *
 * Returns: (transfer full): a new note
 */
PostilNote *
postil_note_new (const char *text, const char *creator, gint64 created, PostilForeign *foreign)
{
  PostilNote *self;
  gsize n_bytes;

  g_return_val_if_fail (text != NULL, NULL);

  n_bytes = strlen (text) + 1;
  self = g_atomic_rc_box_alloc (sizeof (PostilNote) + n_bytes);
  memcpy (self->text, text, n_bytes);
  self->creator = creator ? postil_id_intern (creator) : NULL;
  self->created = created;
  self->foreign = foreign ? postil_foreign_ref (foreign) : NULL;

  return self;
}

PostilNote *
postil_note_ref (PostilNote *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
postil_note_unref (PostilNote *self)
{
  g_atomic_rc_box_release_full (self, (GDestroyNotify) postil_note_clear);
}

const char *
postil_note_get_text (PostilNote *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->text;
}

const char *
postil_note_get_creator (PostilNote *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->creator;
}

gint64
postil_note_get_created (PostilNote *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->created;
}

PostilForeign *
postil_note_get_foreign (PostilNote *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->foreign;
}

gboolean
postil_note_equal (PostilNote *a, PostilNote *b)
{
  return a == b || (g_strcmp0 (a->text, b->text) == 0 && g_strcmp0 (a->creator, b->creator) == 0 &&
                    a->created == b->created && postil_foreign_equal (a->foreign, b->foreign));
}
