/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-annotation-telling.h"

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

static guint
count_old (const PostilAnnotationTelling *self)
{
  return postil_annotation_parts_count (self->then, self->then->len);
}

static guint
count_new (const PostilAnnotationTelling *self)
{
  return postil_annotation_parts_count (self->now, self->now->len);
}

static PostilAnnotation *
get_old (const PostilAnnotationTelling *self, guint position, PostilDocument **document)
{
  return postil_annotation_parts_get (self->then, position, document);
}

static PostilAnnotation *
get_new (const PostilAnnotationTelling *self, guint position, PostilDocument **document)
{
  return postil_annotation_parts_get (self->now, position, document);
}

/* Whether a row was the same as one is now. */
static gboolean
is_same (const PostilAnnotationTelling *self, guint old_position, guint new_position)
{
  PostilDocument *then, *now;

  return get_old (self, old_position, &then) == get_new (self, new_position, &now) && then == now;
}

/* Finds where something that was listed is now, or would be. */
static guint
find_kept (const PostilAnnotationTelling *self, guint old_position)
{
  PostilDocument *document;
  PostilAnnotation *annotation = get_old (self, old_position, &document);
  guint position;

  postil_annotation_parts_find (self->now, document, annotation, &position);
  return position;
}

/* Finds which rows of what is listed now take the place of those that a view has made of what was
 * listed: as many, around the same passage.
 */
static Window
place_window (const PostilAnnotationTelling *self, const PostilAnnotationSight *sight)
{
  guint n_old = count_old (self), n_new = count_new (self);
  guint first = MIN (sight->first, n_old);
  guint end = MIN (sight->first + sight->n, n_old);
  guint kept = CLAMP (sight->kept, first, end);
  guint n = MIN (end - first, n_new), above = kept - first, now = n_new;

  if (kept == 0)
    now = 0;
  else if (kept < n_old)
    now = find_kept (self, kept);
  now = MIN (now - MIN (now, above), n_new - n);
  return (Window){ first, end, now, now + n };
}

/* Whether there are rows that are not among those of @window. */
static gboolean
has_others (const PostilAnnotationTelling *self, GHashTable *rows, const Window *window)
{
  guint n_met = 0;
  PostilDocument *document;

  for (guint i = window->old_first; i < window->old_end; i++)
    n_met += g_hash_table_contains (rows, get_old (self, i, &document));
  return n_met < g_hash_table_size (rows);
}

/* (transfer full): the rows that the view has, as many as it will have, %NULL where there is none;
 * they are taken out of @rows, so that what is told before they are handed over has others
 */
static GPtrArray *
take_rows (const PostilAnnotationTelling *self, GHashTable *rows, const Window *window)
{
  GPtrArray *taken = g_ptr_array_new_with_free_func (unref_row);

  for (guint i = 0; i < window->new_end - window->new_first; i++)
    {
      PostilDocument *document;
      PostilAnnotation *annotation = get_old (self, window->old_first + i, &document);
      PostilAnnotationRow *row = g_hash_table_lookup (rows, annotation);

      g_ptr_array_add (taken, row != NULL ? g_object_ref (row) : NULL);
      g_hash_table_remove (rows, annotation);
    }
  return taken;
}

/* Announces the next rows, up to number @told, in place of those up to number @left. */
static void
tell (PostilAnnotationTelling *self, PostilAnnotationList *list, guint left, guint told)
{
  guint from = self->n_told, n_removed = left - self->n_left, n_added = told - from;
  guint n_most = MIN (MIN (n_removed, n_added), MAX_ROWS_TOLD), n_first = 0, n_last = 0;

  while (n_first < n_most && is_same (self, self->n_left + n_first, from + n_first))
    n_first++;
  while (n_first + n_last < n_most && is_same (self, left - n_last - 1, told - n_last - 1))
    n_last++;
  self->n_told = told;
  self->n_left = left;
  if (n_removed > n_first + n_last || n_added > n_first + n_last)
    g_list_model_items_changed (G_LIST_MODEL (list), from + n_first, n_removed - n_first - n_last,
                                n_added - n_first - n_last);
}

/* Does so in pieces. Each takes the place of what was there up to the same passage, so that a view
 * stays where it is.
 */
static void
tell_in_pieces (PostilAnnotationTelling *self, PostilAnnotationList *list, guint n_old, guint n_new)
{
  while (self->n_told < n_new || self->n_left < n_old)
    {
      /* Where nothing goes a view need not look for what it kept track of. */
      guint told = self->n_left < n_old ? MIN (self->n_told + MAX_ROWS_TOLD, n_new) : n_new;
      guint left = n_old;

      if (told < n_new)
        {
          PostilDocument *document;
          PostilAnnotation *annotation = get_new (self, told - 1, &document);

          if (postil_annotation_parts_find (self->then, document, annotation, &left))
            left++;
          left = CLAMP (left, self->n_left, n_old);
        }
      tell (self, list, left, told);
    }
}

/* Has the rows of a view be those of what comes in their place. */
static void
hand_over (PostilAnnotationTelling *self,
           PostilAnnotationList *list,
           GPtrArray *rows,
           const Window *window)
{
  guint from = window->new_first, n = rows->len, old = window->old_first;

  for (guint i = 0; i < n; i++)
    if (rows->pdata[i] != NULL)
      {
        PostilDocument *document;
        PostilAnnotation *annotation = get_new (self, from + i, &document);

        postil_annotation_row_set_annotation (rows->pdata[i], document, annotation);
      }
  self->n_left += n;
  self->n_told += n;
  while (n > 0 && is_same (self, old, from))
    {
      from++;
      old++;
      n--;
    }
  while (n > 0 && is_same (self, old + n - 1, from + n - 1))
    n--;
  if (n > 0)
    g_signal_emit_by_name (list, "handed-over", from, n);
}

/**
 * postil_annotation_telling_count:
 * @self: what is being announced
 *
 * Returns: how many rows there are, as they were told
 */
guint
postil_annotation_telling_count (const PostilAnnotationTelling *self)
{
  return self->n_told + count_old (self) - self->n_left;
}

/**
 * postil_annotation_telling_get:
 * @self: what is being announced
 * @position: a position
 * @document: (out) (transfer none): the document of the annotation
 *
 * Returns: (transfer none) (nullable): the annotation of the row, as it was told; %NULL when there
 *   are no more than @position
 */
PostilAnnotation *
postil_annotation_telling_get (const PostilAnnotationTelling *self,
                               guint position,
                               PostilDocument **document)
{
  return position < self->n_told ? get_new (self, position, document)
                                 : get_old (self, position - self->n_told + self->n_left, document);
}

/**
 * postil_annotation_telling_find:
 * @self: what is being announced
 * @document: a document
 * @annotation: an annotation of it
 * @position: (out): where it is, as it was told
 *
 * Returns: whether it is there
 */
gboolean
postil_annotation_telling_find (const PostilAnnotationTelling *self,
                                PostilDocument *document,
                                PostilAnnotation *annotation,
                                guint *position)
{
  if (postil_annotation_parts_find (self->now, document, annotation, position) &&
      *position < self->n_told)
    return TRUE;
  if (!postil_annotation_parts_find (self->then, document, annotation, position) ||
      *position < self->n_left)
    return FALSE;
  *position += self->n_told - self->n_left;
  return TRUE;
}

/**
 * postil_annotation_telling_run:
 * @self: what is to be announced
 * @list: the list that has it
 * @n_same_first: how many of the first rows are the same
 * @n_same_last: how many of the last
 * @rows: (element-type PostilAnnotation PostilAnnotationRow): the rows of @list that live
 * @sight: (nullable): where a view is; %NULL where that is not known
 *
 * Announces what is listed now in place of what was.
 */
void
postil_annotation_telling_run (PostilAnnotationTelling *self,
                               PostilAnnotationList *list,
                               guint n_same_first,
                               guint n_same_last,
                               GHashTable *rows,
                               const PostilAnnotationSight *sight)
{
  guint n_old = count_old (self), n_new = count_new (self);

  self->n_told = self->n_left = n_same_first;
  if (sight != NULL)
    {
      Window window = place_window (self, sight);
      void (*tell_some) (PostilAnnotationTelling *, PostilAnnotationList *, guint, guint) =
        has_others (self, rows, &window) ? tell_in_pieces : tell;
      g_autoptr (GPtrArray) taken = take_rows (self, rows, &window);

      self->n_told = self->n_left = MIN (n_same_first, MIN (window.old_first, window.new_first));
      n_same_last = MIN (n_same_last, MIN (n_old - window.old_end, n_new - window.new_end));
      tell_some (self, list, window.old_first, window.new_first);
      hand_over (self, list, taken, &window);
      tell_some (self, list, n_old - n_same_last, n_new - n_same_last);
    }
  else
    tell_in_pieces (self, list, n_old - n_same_last, n_new - n_same_last);
}
