/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-annotation-list-private.h"

#include "postil-annotation-scan.h"

/* How many matches are filtered at once at first: what a view shows. */
#define N_FIRST 24

/* How many annotations are filtered between two looks at the clock. */
#define N_AT_ONCE 16

/* To sort so many at once takes less than a frame leaves room for. */
#define N_SORTED_AT_ONCE 1000

/* Announces what is listed in place of the rows of the parts @then, without the first and the last,
 * which are the same.
 */
static void
tell (PostilAnnotationList *self, const GPtrArray *then, guint n_same_first, guint n_same_last)
{
  PostilAnnotationTelling telling = { self->parts, then };
  PostilAnnotationSight sight;
  gboolean is_seen = self->look != NULL && self->look (&sight, self->look_data);

  self->telling = &telling;
  postil_annotation_telling_run (&telling, self, n_same_first, n_same_last, self->rows,
                                 is_seen ? &sight : NULL);
  self->telling = NULL;
}

/* Announces the rows of a part in place of those that it had, @then. */
void
postil_annotation_list_tell_rows (PostilAnnotationList *self,
                                  PostilAnnotationPart *part,
                                  PostilAnnotationRows then,
                                  guint n_same_first,
                                  guint n_same_last)
{
  PostilAnnotationPart part_then = { .now = then };
  g_autoptr (GPtrArray) parts_then = g_ptr_array_new ();
  guint number;

  g_ptr_array_extend (parts_then, self->parts, NULL, NULL);
  g_ptr_array_find (self->parts, part, &number);
  parts_then->pdata[number] = &part_then;
  tell (self, parts_then, postil_annotation_parts_count (self->parts, number) + n_same_first,
        postil_annotation_parts_count (self->parts, self->parts->len) -
          postil_annotation_parts_count (self->parts, number + 1) + n_same_last);
}

/* Puts @found in place of the rows of a part from @from up to @to, and announces what really
 * changed.
 */
static void
replace_rows (PostilAnnotationList *self,
              PostilAnnotationPart *part,
              guint from,
              guint to,
              GArray *found)
{
  PostilAnnotationRows then = part->now;
  guint n_rows = postil_annotation_rows_count (&then), n_matches = then.matches->len;
  guint n_behind = n_matches - MIN (to, n_matches);
  GArray *matches =
    g_array_sized_new (FALSE, FALSE, sizeof (PostilAnnotationEntry), from + found->len + n_behind);

  g_array_append_vals (matches, then.matches->data, from);
  g_array_append_vals (matches, found->data, found->len);
  g_array_append_vals (matches, (PostilAnnotationEntry *) then.matches->data + n_matches - n_behind,
                       n_behind);
  part->now.matches = matches;
  part->now.n_gone += to - MIN (to, n_matches);
  if (to == n_rows)
    part->now.rest = NULL;
  postil_annotation_list_tell_rows (self, part, then, from, n_rows - to);
  g_array_unref (then.matches);
  if (to == n_rows)
    g_clear_pointer (&then.rest, postil_annotation_index_unref);
}

/* Filters some more of a part, until @deadline. */
static void
filter_part (PostilAnnotationList *self, PostilAnnotationPart *part, gint64 deadline)
{
  guint n = postil_annotation_index_get_n_shown (part->now.index);
  guint n_rows = postil_annotation_rows_count (&part->now);
  guint from = part->n_fresh, to = part->n_fresh;
  g_autoptr (GArray) fresh = g_array_new (FALSE, FALSE, sizeof (PostilAnnotationEntry));

  do
    for (guint i = 0; i < N_AT_ONCE && part->n_scanned < n; i++)
      {
        PostilAnnotationEntry entry;

        postil_annotation_index_get_entry (part->now.index, part->n_scanned++, &entry);
        to = postil_annotation_part_skip_replaced (part, to, n_rows, &entry);
        if (postil_annotation_part_match (part, self->matcher, &entry, self->folded))
          g_array_append_val (fresh, entry);
      }
  while (part->n_scanned < n && fresh->len < N_FIRST && g_get_monotonic_time () < deadline);

  if (part->n_scanned == n)
    to = n_rows;
  part->n_fresh = from + fresh->len;
  replace_rows (self, part, from, to, fresh);
  if (part->n_scanned == n)
    g_ptr_array_set_size (part->earlier, 0);
}

/* Filters for a stretch of time, in microseconds. */
void
postil_annotation_list_filter_some (PostilAnnotationList *self, gint64 stretch)
{
  gint64 deadline = g_get_monotonic_time () + stretch;
  gboolean has_begun = FALSE;

  for (guint i = 0; i < self->parts->len; i++)
    {
      PostilAnnotationPart *part = self->parts->pdata[i];

      if (postil_annotation_part_is_filtered (part))
        continue;
      if (has_begun && g_get_monotonic_time () >= deadline)
        return;
      has_begun = TRUE;
      filter_part (self, part, deadline);
      if (!postil_annotation_part_is_filtered (part))
        return;
    }
}

/* Shows what the thread found in place of what was there before. */
static void
take_matches (PostilAnnotationList *self, PostilAnnotationScan *scan)
{
  for (guint i = 0, number = 0; i < postil_annotation_scan_count (scan); i++)
    {
      PostilAnnotationRows found;
      PostilAnnotationPart *part;
      guint n_rows, n_fresh;

      postil_annotation_scan_get_rows (scan, i, &found);
      do
        part = self->parts->pdata[number++];
      while (part->now.sorting != found.sorting);
      n_rows = postil_annotation_rows_count (&part->now);
      n_fresh = part->n_fresh;
      part->n_scanned = postil_annotation_index_get_n_shown (part->now.index);
      part->n_fresh += found.matches->len;
      replace_rows (self, part, n_fresh, n_rows, found.matches);
      g_ptr_array_set_size (part->earlier, 0);
    }
}

GPtrArray *
postil_annotation_list_new_parts (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) postil_annotation_part_free);
}

/* Lists what came of listing everything anew. */
static void
take_parts (PostilAnnotationList *self, PostilAnnotationScan *scan)
{
  g_autoptr (GPtrArray) then = g_steal_pointer (&self->parts);

  self->parts = postil_annotation_list_new_parts ();
  for (guint i = 0; i < postil_annotation_scan_count (scan); i++)
    {
      PostilAnnotationRows rows;

      postil_annotation_scan_get_rows (scan, i, &rows);
      g_ptr_array_add (
        self->parts, postil_annotation_part_new (rows.sorting, rows.index, rows.matches,
                                                 postil_annotation_index_get_n_shown (rows.index)));
    }
  tell (self, then, 0, 0);
  self->is_listing = FALSE;
  postil_annotation_list_catch_up (self);
}

static void
run_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  postil_annotation_scan_run (data, cancellable);
  g_task_return_boolean (task, TRUE);
}

static void
done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  GCancellable *cancellable = g_task_get_cancellable (G_TASK (result));
  PostilAnnotationScan *scan = g_task_get_task_data (G_TASK (result));

  /* What waits is not to be announced within what was found: then the thread begins anew. */
  if (!g_cancellable_is_cancelled (cancellable))
    postil_annotation_list_catch_up (data);
  /* The list may have gone, or begun anew. */
  if (!g_cancellable_is_cancelled (cancellable))
    {
      PostilAnnotationList *self = data;

      g_clear_object (&self->filtering);
      if (self->is_listing)
        take_parts (self, scan);
      else
        take_matches (self, scan);
      g_object_notify (G_OBJECT (self), "filtering");
    }
  /* What it holds is not to be released by the thread. */
  postil_annotation_scan_free (scan);
}

/* Has a thread run @scan (transfer full) (nullable) instead of what it is at. */
static void
run (PostilAnnotationList *self, PostilAnnotationScan *scan)
{
  gboolean was_filtering = self->filtering != NULL;

  if (was_filtering)
    g_cancellable_cancel (self->filtering);
  g_clear_object (&self->filtering);
  if (scan != NULL)
    {
      g_autoptr (GTask) task = NULL;

      self->filtering = g_cancellable_new ();
      task = g_task_new (NULL, self->filtering, done_cb, self);
      g_task_set_source_tag (task, run);
      g_task_set_task_data (task, scan, NULL);
      g_task_run_in_thread (task, run_in_thread);
    }
  if (was_filtering != (self->filtering != NULL))
    g_object_notify (G_OBJECT (self), "filtering");
}

/* Filters in a thread what is not yet, from the beginning if that is going on. */
void
postil_annotation_list_filter_rest (PostilAnnotationList *self)
{
  PostilAnnotationScan *scan = NULL;

  for (guint i = 0; i < self->parts->len; i++)
    {
      PostilAnnotationPart *part = self->parts->pdata[i];

      if (postil_annotation_part_is_filtered (part))
        continue;
      if (scan == NULL)
        scan = postil_annotation_scan_new (self->matcher);
      postil_annotation_scan_add (scan, part->now.sorting, part->now.index, part->n_scanned);
    }
  run (self, scan);
}

static PostilAnnotationSorting *
new_sorting (PostilAnnotationList *self)
{
  return postil_annotation_sorting_new (
    self->order, (PostilDocument *const *) self->documents->pdata, self->documents->len,
    postil_workspace_get_codebook (self->workspace));
}

PostilAnnotationSorting *
postil_annotation_list_new_reading_order (PostilAnnotationList *self, PostilDocument *document)
{
  return postil_annotation_sorting_new (POSTIL_ORDER_PLACE, &document, 1,
                                        postil_workspace_get_codebook (self->workspace));
}

/* Whether it would be sorted otherwise by what the documents and the codebook say now. */
gboolean
postil_annotation_list_is_outdated (PostilAnnotationList *self)
{
  g_autoptr (PostilAnnotationSorting) sorting = new_sorting (self);

  return !postil_annotation_sorting_equal (sorting, self->sorting);
}

/* Lists everything anew as the documents are now, also what waits to be announced. */
void
postil_annotation_list_renew (PostilAnnotationList *self)
{
  g_autoptr (PostilAnnotationScan) scan = postil_annotation_scan_new (self->matcher);
  guint n_to_sort = 0;

  g_array_set_size (self->waiting, 0);
  g_clear_pointer (&self->sorting, postil_annotation_sorting_unref);
  self->is_listing = TRUE;
  if (self->order != POSTIL_ORDER_PLACE)
    {
      self->sorting = new_sorting (self);
      postil_annotation_scan_add (scan, self->sorting, NULL, 0);
    }
  for (guint i = 0; i < self->documents->len; i++)
    {
      PostilDocument *document = self->documents->pdata[i];
      PostilAnnotationIndex *annotations = postil_document_get_annotations (document);

      if (self->sorting == NULL)
        {
          g_autoptr (PostilAnnotationSorting) sorting =
            postil_annotation_list_new_reading_order (self, document);

          postil_annotation_scan_add (scan, sorting, annotations, 0);
        }
      else
        n_to_sort += postil_annotation_index_get_size (annotations);
    }

  if (self->matcher != NULL || n_to_sort > N_SORTED_AT_ONCE)
    {
      run (self, g_steal_pointer (&scan));
      return;
    }
  postil_annotation_scan_run (scan, NULL);
  take_parts (self, scan);
  run (self, NULL);
}
