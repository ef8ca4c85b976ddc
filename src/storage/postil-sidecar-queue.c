/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-sidecar-queue.h"

/*
 * PostilSidecarQueue: the annotations of the sidecar that is being read whose passages were not
 * where the sidecar says. The reader owns it. They are searched all at once, so that one's place
 * helps to find the others'; those whose positions were made on other texts than the rest's, which
 * a merge of sidecars leaves, by themselves.
 */
struct _PostilSidecarQueue
{
  GArray *pending;
  GArray *placements;
  /* The different texts that positions were made on. */
  GPtrArray *texts;
};

static void
placement_clear (gpointer data)
{
  PostilPlacement *placement = data;

  postil_anchor_unref (placement->anchor);
  g_free (placement->spans);
}

static const char *
find_text (PostilSidecarQueue *self, const char *sha256)
{
  char *known;

  /* Mostly it is that of the one before. */
  for (guint i = self->texts->len; sha256 && i > 0; i--)
    if (g_ascii_strcasecmp (self->texts->pdata[i - 1], sha256) == 0)
      return self->texts->pdata[i - 1];
  known = g_strdup (sha256);
  if (known)
    g_ptr_array_add (self->texts, known);
  return known;
}

/* Searches those whose positions are of one text. */
static gboolean
run_some (PostilSidecarQueue *self,
          PostilText *text,
          PostilStore *store,
          const char *sha256,
          GCancellable *cancellable)
{
  g_autoptr (PostilText) old_text = store && sha256 ? postil_store_load_text (store, sha256) : NULL;
  g_autoptr (GArray) some = g_array_new (FALSE, FALSE, sizeof (PostilPlacement));
  gboolean done;
  guint n = 0;

  for (guint i = 0; i < self->pending->len; i++)
    if (g_array_index (self->pending, PostilSidecarPending, i).sha256 == sha256)
      g_array_append_val (some, g_array_index (self->placements, PostilPlacement, i));
  if (some->len == 0)
    return TRUE;
  done = postil_anchoring_place (text, old_text, (PostilPlacement *) some->data, some->len, NULL,
                                 NULL, cancellable);
  for (guint i = 0; i < self->pending->len; i++)
    if (g_array_index (self->pending, PostilSidecarPending, i).sha256 == sha256)
      g_array_index (self->placements, PostilPlacement, i) =
        g_array_index (some, PostilPlacement, n++);
  return done;
}

/**
 * postil_sidecar_queue_new:
 *
 * Returns: (transfer full): an empty queue
 */
PostilSidecarQueue *
postil_sidecar_queue_new (void)
{
  PostilSidecarQueue *self = g_new0 (PostilSidecarQueue, 1);

  self->pending = g_array_new (FALSE, FALSE, sizeof (PostilSidecarPending));
  self->placements = g_array_new (FALSE, TRUE, sizeof (PostilPlacement));
  g_array_set_clear_func (self->placements, placement_clear);
  self->texts = g_ptr_array_new_with_free_func (g_free);
  return self;
}

void
postil_sidecar_queue_free (PostilSidecarQueue *self)
{
  g_array_unref (self->pending);
  g_array_unref (self->placements);
  g_ptr_array_unref (self->texts);
  g_free (self);
}

/**
 * postil_sidecar_queue_add:
 * @self: a queue
 * @pending: an annotation; its strings are copied, but for where it stands
 * @request: what to search; its anchor is (transfer full)
 */
void
postil_sidecar_queue_add (PostilSidecarQueue *self,
                          const PostilSidecarPending *pending,
                          const PostilPlacement *request)
{
  PostilSidecarPending own = *pending;

  own.sha256 = find_text (self, pending->sha256);
  g_array_append_val (self->pending, own);
  g_array_append_val (self->placements, *request);
}

/**
 * postil_sidecar_queue_run:
 * @self: a queue
 * @text: the text to search
 * @store: (nullable): where earlier texts are
 * @cancellable: (nullable): to end it early
 *
 * Returns: %FALSE when cancelled
 */
gboolean
postil_sidecar_queue_run (PostilSidecarQueue *self,
                          PostilText *text,
                          PostilStore *store,
                          GCancellable *cancellable)
{
  for (guint i = 0; i < self->texts->len; i++)
    if (!run_some (self, text, store, self->texts->pdata[i], cancellable))
      return FALSE;
  return run_some (self, text, store, NULL, cancellable);
}

guint
postil_sidecar_queue_get_size (PostilSidecarQueue *self)
{
  return self->pending->len;
}

/**
 * postil_sidecar_queue_get:
 * @self: a queue that has run
 * @n: a number below its size
 * @pending: (out): the annotation
 *
 * Returns: what became of it
 */
const PostilPlacement *
postil_sidecar_queue_get (PostilSidecarQueue *self, guint n, PostilSidecarPending *pending)
{
  *pending = g_array_index (self->pending, PostilSidecarPending, n);
  return &g_array_index (self->placements, PostilPlacement, n);
}
