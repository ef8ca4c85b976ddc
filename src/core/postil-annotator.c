/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-annotator.h"

#include "postil-id.h"

/*
 * PostilAnnotator: who made annotations. An immutable, reference-counted value; may be read in any
 * thread.
 */
struct _PostilAnnotator
{
  char *id;
  char *name;
  PostilForeign *foreign;
};

G_DEFINE_BOXED_TYPE (PostilAnnotator,
                     postil_annotator,
                     postil_annotator_ref,
                     postil_annotator_unref)

static void
postil_annotator_clear (PostilAnnotator *self)
{
  g_clear_pointer (&self->id, g_ref_string_release);
  g_free (self->name);
  g_clear_pointer (&self->foreign, postil_foreign_unref);
}

/**
 * postil_annotator_new:
 * @id: an IRI
 * @name: what the annotator is called
 * @foreign: (nullable): what another program put into it
 *
 * Returns: (transfer full): a new annotator
 */
PostilAnnotator *
postil_annotator_new (const char *id, const char *name, PostilForeign *foreign)
{
  PostilAnnotator *self;

  g_return_val_if_fail (id != NULL && name != NULL, NULL);

  self = g_atomic_rc_box_new0 (PostilAnnotator);
  self->id = postil_id_intern (id);
  self->name = g_strdup (name);
  self->foreign = foreign ? postil_foreign_ref (foreign) : NULL;

  return self;
}

PostilAnnotator *
postil_annotator_ref (PostilAnnotator *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
postil_annotator_unref (PostilAnnotator *self)
{
  g_atomic_rc_box_release_full (self, (GDestroyNotify) postil_annotator_clear);
}

const char *
postil_annotator_get_id (PostilAnnotator *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->id;
}

const char *
postil_annotator_get_name (PostilAnnotator *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->name;
}

PostilForeign *
postil_annotator_get_foreign (PostilAnnotator *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->foreign;
}
