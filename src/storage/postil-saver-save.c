/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-saver-save.h"

#include "postil-merge.h"

static void
clear (gpointer data)
{
  PostilSaverSave *self = data;

  g_clear_pointer (&self->here, postil_snapshot_unref);
  g_clear_pointer (&self->untaken, postil_snapshot_unref);
  g_clear_pointer (&self->untaken_base, postil_snapshot_unref);
  g_clear_pointer (&self->saved, postil_snapshot_unref);
  g_clear_pointer (&self->outside, postil_snapshot_unref);
  g_clear_pointer (&self->after, postil_snapshot_unref);
}

static gboolean
is_shown (PostilAnnotation *annotation)
{
  return annotation != NULL && postil_annotation_get_kind (annotation) != POSTIL_ANNOTATION_LINK;
}

static gboolean
is_version (PostilAnnotation *annotation)
{
  return annotation != NULL && postil_annotation_get_version_of (annotation) != NULL;
}

static gboolean
count_cb (PostilAnnotation *before, PostilAnnotation *after, gpointer data)
{
  PostilSaverSave *self = data;

  self->n_annotations += is_shown (before) || is_shown (after);
  self->n_versions += is_version (after) && !is_version (before);
  return G_SOURCE_CONTINUE;
}

/* Uses up @after. */
static void
set_after (PostilSaverSave *self, PostilSnapshot *after)
{
  g_clear_pointer (&self->after, postil_snapshot_unref);
  self->after = after;
  self->n_annotations = self->n_versions = 0;
  postil_annotation_index_foreach_difference (self->here->annotations, after->annotations, count_cb,
                                              self);
}

/* What nobody took over is to be saved all the same, or the file would lose it. */
static PostilSnapshot *
add_untaken (const PostilSaverSave *self)
{
  PostilSnapshot *snapshot = postil_snapshot_ref (self->here);

  if (self->untaken != NULL)
    postil_merge_into (self->untaken_base, &snapshot, self->untaken);
  return snapshot;
}

/**
 * postil_saver_save_new:
 * @here: what is to be saved
 *
 * Returns: (transfer full): a save that has not begun
 */
PostilSaverSave *
postil_saver_save_new (PostilSnapshot *here)
{
  PostilSaverSave *self = g_atomic_rc_box_new0 (PostilSaverSave);

  self->here = postil_snapshot_ref (here);
  return self;
}

PostilSaverSave *
postil_saver_save_ref (PostilSaverSave *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
postil_saver_save_unref (PostilSaverSave *self)
{
  g_atomic_rc_box_release_full (self, clear);
}

/**
 * postil_saver_save_run:
 * @self: a save
 * @sidecar: where to
 *
 * Saves, or reads again, and sets what came of it. To be called in a thread.
 *
 * Returns: whether it could; %FALSE as postil_sidecar_save() does
 */
gboolean
postil_saver_save_run (PostilSaverSave *self, PostilSidecar *sidecar, GError **error)
{
  gint64 begin = g_get_monotonic_time ();
  gboolean done;

  self->saved = add_untaken (self);
  done = self->refresh ? postil_sidecar_refresh (sidecar, self->saved, &self->outside, NULL, error)
                       : postil_sidecar_save (sidecar, self->saved, &self->outside, NULL, error);
  if (self->outside != NULL)
    set_after (self, postil_snapshot_ref (self->outside));
  self->duration = (g_get_monotonic_time () - begin) / G_TIME_SPAN_MILLISECOND;
  return done;
}

/**
 * postil_saver_save_merge:
 * @self: a save that found something else in the file
 *
 * Merges what is here by now into what the file holds. To be called in a thread.
 */
void
postil_saver_save_merge (PostilSaverSave *self)
{
  PostilSnapshot *after = add_untaken (self);

  postil_merge_into (self->saved, &after, self->outside);
  set_after (self, after);
}
