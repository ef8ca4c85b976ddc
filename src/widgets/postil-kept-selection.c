/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-kept-selection.h"

#include "postil-step.h"

/*
 * PostilKeptSelection: which annotations of a list were selected at one moment, to be found again
 * when their rows have been replaced or moved. Owned by the view of the list. It holds what was
 * listed then, so that to keep very many costs no more than to keep few; where they are now is
 * looked up in a thread when they are many.
 */
struct _PostilKeptSelection
{
  PostilAnnotationListing *listing;
  GtkBitset *selected;
  /* (nullable): stops what is being looked up. */
  GCancellable *finding;
};

/* What is looked up where. */
typedef struct
{
  PostilAnnotationListing *then;
  PostilAnnotationListing *now;
  GtkBitset *selected;
  GtkBitset *found;
  /* The annotations of each document. */
  GHashTable *indexes;
  PostilKeptSelectionFunc func;
  gpointer data;
} Finding;

/* Not in the thread: the last reference to a document may be among these. */
static void
finding_free (Finding *self)
{
  postil_annotation_listing_unref (self->then);
  postil_annotation_listing_unref (self->now);
  gtk_bitset_unref (self->selected);
  gtk_bitset_unref (self->found);
  g_hash_table_unref (self->indexes);
  g_free (self);
}

static void
find (Finding *self, GCancellable *cancellable)
{
  GtkBitsetIter iter;
  guint position;
  gboolean more = gtk_bitset_iter_init_first (&iter, self->selected, &position);

  for (; more && !g_cancellable_is_cancelled (cancellable);
       more = gtk_bitset_iter_next (&iter, &position))
    {
      PostilDocument *document;
      PostilAnnotation *annotation =
        postil_annotation_listing_get (self->then, position, &document);
      PostilAnnotationIndex *index =
        annotation != NULL ? g_hash_table_lookup (self->indexes, document) : NULL;
      guint now;

      annotation = index != NULL
                     ? postil_annotation_index_lookup (index, postil_annotation_get_id (annotation))
                     : NULL;
      if (annotation != NULL &&
          postil_annotation_listing_find (self->now, document, annotation, &now))
        gtk_bitset_add (self->found, now);
    }
}

static void
run_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  find (data, cancellable);
  g_task_return_boolean (task, TRUE);
}

static void
done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Finding *finding = g_task_get_task_data (G_TASK (result));

  if (!g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    finding->func (finding->found, finding->data);
  finding_free (finding);
}

/**
 * postil_kept_selection_new:
 * @list: a list
 * @selected: which of its rows are selected
 *
 * Returns: (transfer full): what is to be found again
 */
PostilKeptSelection *
postil_kept_selection_new (PostilAnnotationList *list, GtkBitset *selected)
{
  PostilKeptSelection *self;

  g_return_val_if_fail (POSTIL_IS_ANNOTATION_LIST (list) && selected != NULL, NULL);

  self = g_new0 (PostilKeptSelection, 1);
  self->listing = postil_annotation_list_hold (list);
  self->selected = gtk_bitset_copy (selected);
  return self;
}

/**
 * postil_kept_selection_free:
 * @self: (transfer full): a kept selection; what is being looked up for it is stopped
 */
void
postil_kept_selection_free (PostilKeptSelection *self)
{
  g_return_if_fail (self != NULL);

  postil_kept_selection_stop (self);
  postil_annotation_listing_unref (self->listing);
  gtk_bitset_unref (self->selected);
  g_free (self);
}

/**
 * postil_kept_selection_find:
 * @self: a kept selection
 * @list: the list, as which rows are now to be selected
 * @documents: the documents that are listed
 * @func: called once, at once when it is about few; may free @self
 * @data: for @func
 *
 * Finds which rows are those of the annotations now. To be stopped when rows change meanwhile; to
 * begin anew stops it, too.
 */
void
postil_kept_selection_find (PostilKeptSelection *self,
                            PostilAnnotationList *list,
                            GListModel *documents,
                            PostilKeptSelectionFunc func,
                            gpointer data)
{
  Finding *finding;
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (self != NULL && POSTIL_IS_ANNOTATION_LIST (list));
  g_return_if_fail (G_IS_LIST_MODEL (documents) && func != NULL);

  postil_kept_selection_stop (self);
  finding = g_new0 (Finding, 1);
  finding->then = postil_annotation_listing_ref (self->listing);
  finding->now = postil_annotation_list_hold (list);
  finding->selected = gtk_bitset_ref (self->selected);
  finding->found = gtk_bitset_new_empty ();
  finding->indexes = g_hash_table_new_full (NULL, NULL, g_object_unref,
                                            (GDestroyNotify) postil_annotation_index_unref);
  for (guint i = 0; i < g_list_model_get_n_items (documents); i++)
    {
      PostilDocument *document = g_list_model_get_item (documents, i);

      g_hash_table_insert (
        finding->indexes, document,
        postil_annotation_index_ref (postil_document_get_annotations (document)));
    }
  finding->func = func;
  finding->data = data;
  if (gtk_bitset_get_size (self->selected) < POSTIL_RUN_MANY)
    {
      find (finding, NULL);
      func (finding->found, data);
      finding_free (finding);
      return;
    }

  self->finding = g_cancellable_new ();
  task = g_task_new (NULL, self->finding, done_cb, NULL);
  g_task_set_source_tag (task, postil_kept_selection_find);
  g_task_set_task_data (task, finding, NULL);
  g_task_run_in_thread (task, run_in_thread);
}

/**
 * postil_kept_selection_stop:
 * @self: a kept selection
 *
 * Has no function be called any more for what is being looked up.
 */
void
postil_kept_selection_stop (PostilKeptSelection *self)
{
  g_return_if_fail (self != NULL);

  g_cancellable_cancel (self->finding);
  g_clear_object (&self->finding);
}
