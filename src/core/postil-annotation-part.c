/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-annotation-part.h"

/* How many rows are announced to be new at once where many are: a GtkListView asks for all of them
 * when one that it keeps track of goes among them.
 */
#define MAX_ROWS_TOLD 500

/* What a view has made rows for, before many changes and after. */
typedef struct
{
  guint old_first;
  guint old_end;
  guint new_first;
  guint new_end;
} Window;

static void
unref_row (gpointer row)
{
  if (row != NULL)
    g_object_unref (row);
}

/* Finds which rows of what is listed now take the place of those that a view has made of what was
 * listed: as many, around the same passage.
 */
static Window
place_window (PostilAnnotationPart *self, guint offset, const PostilAnnotationSight *sight)
{
  guint n_old = postil_annotation_rows_count (&self->then);
  guint n_new = postil_annotation_rows_count (&self->now);
  guint first = CLAMP (sight->first, offset, offset + n_old) - offset;
  guint end = CLAMP (sight->first + sight->n, offset, offset + n_old) - offset;
  guint kept = CLAMP (sight->kept, offset + first, offset + end) - offset;
  guint n = MIN (end - first, n_new), above = kept - first, now = n_new;

  if (kept == 0)
    now = 0;
  else if (kept < n_old)
    postil_annotation_rows_find (&self->now, postil_annotation_rows_get (&self->then, kept), &now);
  now = MIN (now - MIN (now, above), n_new - n);
  return (Window){ first, end, now, now + n };
}

/* Whether there are rows of the document that are not among those of @window. */
static gboolean
has_others (PostilAnnotationPart *self, GHashTable *rows, const Window *window)
{
  guint n_rows = 0, n_met = 0;
  GHashTableIter iter;
  gpointer row;

  g_hash_table_iter_init (&iter, rows);
  while (g_hash_table_iter_next (&iter, NULL, &row))
    n_rows += postil_annotation_row_get_document (row) == self->document;
  for (guint i = window->old_first; i < window->old_end; i++)
    n_met += g_hash_table_contains (rows, postil_annotation_rows_get (&self->then, i));
  return n_met < n_rows;
}

/* (transfer full): the rows that the view has, as many as it will have, %NULL where there is none;
 * they are taken out of @rows, so that what is told before they are handed over has others
 */
static GPtrArray *
take_rows (PostilAnnotationPart *self, GHashTable *rows, const Window *window)
{
  GPtrArray *taken = g_ptr_array_new_with_free_func (unref_row);

  for (guint i = 0; i < window->new_end - window->new_first; i++)
    {
      PostilAnnotation *annotation =
        postil_annotation_rows_get (&self->then, window->old_first + i);
      PostilAnnotationRow *row = g_hash_table_lookup (rows, annotation);

      g_ptr_array_add (taken, row != NULL ? g_object_ref (row) : NULL);
      g_hash_table_remove (rows, annotation);
    }
  return taken;
}

/* Announces the next rows, up to number @told, in place of those up to number @left. */
static void
tell (PostilAnnotationPart *self, PostilAnnotationList *list, guint offset, guint left, guint told)
{
  guint from = self->n_told, n_removed = left - self->n_left, n_added = told - from;
  guint n_most = MIN (MIN (n_removed, n_added), MAX_ROWS_TOLD), n_first = 0, n_last = 0;

  while (n_first < n_most && postil_annotation_rows_get (&self->then, self->n_left + n_first) ==
                               postil_annotation_rows_get (&self->now, from + n_first))
    n_first++;
  while (n_first + n_last < n_most && postil_annotation_rows_get (&self->then, left - n_last - 1) ==
                                        postil_annotation_rows_get (&self->now, told - n_last - 1))
    n_last++;
  self->n_told = told;
  self->n_left = left;
  if (n_removed > n_first + n_last || n_added > n_first + n_last)
    g_list_model_items_changed (G_LIST_MODEL (list), offset + from + n_first,
                                n_removed - n_first - n_last, n_added - n_first - n_last);
}

/* Does so in pieces. Each takes the place of what was there up to the same passage, so that a view
 * stays where it is.
 */
static void
tell_in_pieces (PostilAnnotationPart *self,
                PostilAnnotationList *list,
                guint offset,
                guint n_old,
                guint n_new)
{
  while (self->n_told < n_new || self->n_left < n_old)
    {
      /* Where nothing goes a view need not look for what it kept track of. */
      guint told = self->n_left < n_old ? MIN (self->n_told + MAX_ROWS_TOLD, n_new) : n_new;
      guint left = n_old;

      if (told < n_new)
        {
          left = self->n_left;
          if (postil_annotation_rows_find (
                &self->then, postil_annotation_rows_get (&self->now, told - 1), &left))
            left++;
          left = CLAMP (left, self->n_left, n_old);
        }
      tell (self, list, offset, left, told);
    }
}

/* Whether the row of a view that is to have number @position is that of the same as before. */
static gboolean
is_same (const PostilAnnotationPart *self, const Window *window, guint position)
{
  return postil_annotation_rows_get (&self->now, position) ==
         postil_annotation_rows_get (&self->then, position - window->new_first + window->old_first);
}

/* Has the rows of a view be those of what comes in their place. */
static void
hand_over (PostilAnnotationPart *self,
           PostilAnnotationList *list,
           guint offset,
           GPtrArray *rows,
           const Window *window)
{
  guint from = window->new_first, n = rows->len;

  for (guint i = 0; i < n; i++)
    if (rows->pdata[i] != NULL)
      postil_annotation_row_set_annotation (rows->pdata[i],
                                            postil_annotation_rows_get (&self->now, from + i));
  self->n_left += n;
  self->n_told += n;
  while (n > 0 && is_same (self, window, from))
    {
      from++;
      n--;
    }
  while (n > 0 && is_same (self, window, from + n - 1))
    n--;
  if (n > 0)
    g_signal_emit_by_name (list, "handed-over", offset + from, n);
  tell (self, list, offset, window->old_end, window->new_end);
}

/**
 * postil_annotation_part_new:
 * @document: a document
 * @filtered: whether there is a filter; at first it lets nothing through
 *
 * Returns: (transfer full): what @document has to list
 */
PostilAnnotationPart *
postil_annotation_part_new (PostilDocument *document, gboolean filtered)
{
  PostilAnnotationPart *self;

  g_return_val_if_fail (POSTIL_IS_DOCUMENT (document), NULL);

  self = g_new0 (PostilAnnotationPart, 1);
  self->document = g_object_ref (document);
  self->now.index = postil_annotation_index_ref (postil_document_get_annotations (document));
  self->earlier = g_ptr_array_new_with_free_func ((GDestroyNotify) postil_annotation_index_unref);
  if (filtered)
    self->now.matches = g_array_new (FALSE, FALSE, sizeof (PostilAnnotation *));
  return self;
}

void
postil_annotation_part_free (PostilAnnotationPart *self)
{
  g_return_if_fail (self != NULL);

  g_clear_signal_handler (&self->handler, self->document);
  g_object_unref (self->document);
  g_clear_pointer (&self->now.matches, g_array_unref);
  g_clear_pointer (&self->now.rest, postil_annotation_index_unref);
  g_ptr_array_unref (self->earlier);
  g_clear_pointer (&self->next, postil_annotation_index_unref);
  postil_annotation_index_unref (self->now.index);
  g_free (self);
}

/**
 * postil_annotation_part_hides:
 * @annotation: an annotation
 *
 * Returns: whether it is a link, which is not listed. Links come last, so that nothing listed is
 *   behind one.
 */
gboolean
postil_annotation_part_hides (PostilAnnotation *annotation)
{
  return postil_annotation_get_kind (annotation) == POSTIL_ANNOTATION_LINK;
}

/**
 * postil_annotation_part_count:
 * @self: a part
 *
 * Returns: how many rows it has, as they were told
 */
guint
postil_annotation_part_count (const PostilAnnotationPart *self)
{
  return self->then.index != NULL
           ? self->n_told + postil_annotation_rows_count (&self->then) - self->n_left
           : postil_annotation_rows_count (&self->now);
}

/**
 * postil_annotation_part_get:
 * @self: a part
 * @position: a position in it
 *
 * Returns: (transfer none): the annotation of the row, as it was told
 */
PostilAnnotation *
postil_annotation_part_get (const PostilAnnotationPart *self, guint position)
{
  if (self->then.index != NULL && position >= self->n_told)
    return postil_annotation_rows_get (&self->then, position - self->n_told + self->n_left);
  return postil_annotation_rows_get (&self->now, position);
}

/**
 * postil_annotation_part_find:
 * @self: a part
 * @annotation: an annotation
 * @position: (out): where it is in the part, as it was told
 *
 * Returns: whether it is there
 */
gboolean
postil_annotation_part_find (const PostilAnnotationPart *self,
                             PostilAnnotation *annotation,
                             guint *position)
{
  gboolean found = postil_annotation_rows_find (&self->now, annotation, position);

  if (self->then.index == NULL || (found && *position < self->n_told))
    return found;
  if (!postil_annotation_rows_find (&self->then, annotation, position) || *position < self->n_left)
    return FALSE;
  *position += self->n_told - self->n_left;
  return TRUE;
}

/**
 * postil_annotation_part_restart:
 * @self: a part
 *
 * Has the filter go through it anew; until it has been there, all that is shown stays.
 */
void
postil_annotation_part_restart (PostilAnnotationPart *self)
{
  if (self->now.matches == NULL)
    {
      self->now.matches = g_array_new (FALSE, FALSE, sizeof (PostilAnnotation *));
      self->now.rest = postil_annotation_index_ref (self->now.index);
      self->now.n_gone = 0;
    }
  self->n_scanned = self->n_fresh = 0;
}

/**
 * postil_annotation_part_is_filtered:
 * @self: a part
 *
 * Returns: whether there is no filter, or it has been everywhere
 */
gboolean
postil_annotation_part_is_filtered (const PostilAnnotationPart *self)
{
  return self->now.matches == NULL ||
         (self->n_scanned == postil_annotation_index_get_n_shown (self->now.index) &&
          self->earlier->len == 0);
}

/**
 * postil_annotation_part_remove:
 * @self: a part
 * @annotation: an annotation
 * @position: (out): where it was in the part
 *
 * Takes an annotation out; to be announced then.
 *
 * Returns: whether it was listed
 */
gboolean
postil_annotation_part_remove (PostilAnnotationPart *self,
                               PostilAnnotation *annotation,
                               guint *position)
{
  if (!postil_annotation_index_find (self->now.index, annotation, position))
    return FALSE;

  self->now.index = postil_annotation_index_replace (self->now.index, annotation, NULL);
  if (postil_annotation_part_hides (annotation))
    return FALSE;
  if (self->now.matches == NULL)
    return TRUE;

  self->n_scanned -= *position < self->n_scanned;
  postil_annotation_rows_gather (&self->now);
  if (!postil_annotation_rows_find (&self->now, annotation, position))
    return FALSE;
  g_array_remove_index (self->now.matches, *position);
  self->n_fresh -= *position < self->n_fresh;
  return TRUE;
}

/**
 * postil_annotation_part_tell:
 * @self: a part whose rows are others by now
 * @list: the list that it is of
 * @offset: the position that it begins at
 * @then: what was listed
 * @n_same_first: how many of the first rows are the same
 * @n_same_last: how many of the last
 * @rows: (element-type PostilAnnotation PostilAnnotationRow): the rows of @list that live
 * @sight: (nullable): where a view is; %NULL where that is not known
 *
 * Announces what is listed now in place of @then.
 */
void
postil_annotation_part_tell (PostilAnnotationPart *self,
                             PostilAnnotationList *list,
                             guint offset,
                             PostilAnnotationRows then,
                             guint n_same_first,
                             guint n_same_last,
                             GHashTable *rows,
                             const PostilAnnotationSight *sight)
{
  guint n_old = postil_annotation_rows_count (&then);
  guint n_new = postil_annotation_rows_count (&self->now);

  self->then = then;
  self->n_told = self->n_left = n_same_first;
  if (sight != NULL)
    {
      Window window = place_window (self, offset, sight);
      void (*tell_some) (PostilAnnotationPart *, PostilAnnotationList *, guint, guint, guint) =
        has_others (self, rows, &window) ? tell_in_pieces : tell;
      g_autoptr (GPtrArray) taken = take_rows (self, rows, &window);

      self->n_told = self->n_left = MIN (n_same_first, MIN (window.old_first, window.new_first));
      n_same_last = MIN (n_same_last, MIN (n_old - window.old_end, n_new - window.new_end));
      tell_some (self, list, offset, window.old_first, window.new_first);
      hand_over (self, list, offset, taken, &window);
      tell_some (self, list, offset, n_old - n_same_last, n_new - n_same_last);
    }
  else
    tell_in_pieces (self, list, offset, n_old - n_same_last, n_new - n_same_last);
  self->then.index = NULL;
}
