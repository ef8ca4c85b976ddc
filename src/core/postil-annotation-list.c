/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-annotation-list.h"

#include "postil-annotation-part.h"
#include "postil-annotation-scan.h"

/* How long the first stretch of filtering takes, in microseconds, and how many matches it is to
 * find: a frame leaves room for it, and for the rows that a view then makes.
 */
#define STRETCH 4000
#define N_FIRST 24

/* The same for a document that arrives, which is to be painted: enough for a short one. */
#define SHORT_STRETCH 1000

/* How many annotations are filtered between two looks at the clock. */
#define N_AT_ONCE 16

/* More changes at once than these are not announced one by one, nor do more wait. */
#define MAX_SINGLE_CHANGES 100

/*
 * PostilAnnotationList: the annotations of a workspace's documents in reading order, without links,
 * as a list model of PostilAnnotationRow, all or those that a filter lets through. Owned by the
 * view that shows it; holds the workspace. It follows the documents and the codebook.
 *
 * Rows are made when they are asked for. Without a filter the nth annotation comes
 * from the index of its document, of which the list holds a snapshot: what it says is always what
 * it has announced, also while a document is already ahead of it. So a view may have single changes
 * wait until it has time for them. With a filter each document has an array of matches, which
 * borrow the annotations of that snapshot. The first are filtered at once, the rest in a thread:
 * matches before the one number n_fresh come from the n_scanned annotations that the present filter
 * has seen, the others are what was there before, in the same order, and stay until the thread is
 * done. Those of a list that had no filter are not put into the array, but stay in their index.
 * Where many changes came at once they are of earlier snapshots, which are held until then. A
 * thread begins anew when anything changes meanwhile.
 *
 * When very many rows change they are announced in pieces: between two of them the list has the
 * first n_told rows of what it has now, and behind them those of what it had, but for n_left. A
 * view that says where it is keeps the rows that it has made, which become those of what takes
 * their place.
 */
struct _PostilAnnotationList
{
  GObject parent_instance;

  PostilWorkspace *workspace;
  GPtrArray *parts;
  PostilAnnotationMatcher *matcher;
  GHashTable *rows;
  GString *folded;
  /* Whether single changes wait until they are asked for, and those that do. */
  gboolean waits;
  GArray *waiting;
  /* Of the thread that filters; NULL when none does. */
  GCancellable *filtering;
  /* Says where the view is; NULL when none does. */
  PostilAnnotationListLook look;
  gpointer look_data;
};

static void postil_annotation_list_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PostilAnnotationList,
                               postil_annotation_list,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      postil_annotation_list_list_model_init))

enum
{
  PROP_FILTERING = 1,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

enum
{
  SIGNAL_HANDED_OVER,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* Announces the rows of a part that begins at @offset in place of those that it had, @then, without
 * the first and the last, which are the same.
 */
static void
tell_rows (PostilAnnotationList *self,
           PostilAnnotationPart *part,
           guint offset,
           PostilAnnotationRows then,
           guint n_same_first,
           guint n_same_last)
{
  PostilAnnotationSight sight;
  gboolean is_seen = self->look != NULL && self->look (&sight, self->look_data);

  postil_annotation_part_tell (part, self, offset, then, n_same_first, n_same_last, self->rows,
                               is_seen ? &sight : NULL);
}

/* Returns the first position of part number @n_parts. */
static guint
count_before (PostilAnnotationList *self, guint n_parts)
{
  guint n = 0;

  for (guint i = 0; i < n_parts; i++)
    n += postil_annotation_part_count (self->parts->pdata[i]);
  return n;
}

/* Puts @found in place of the rows of a part from @from up to @to, and announces what really
 * changed.
 */
static void
replace_rows (PostilAnnotationList *self,
              PostilAnnotationPart *part,
              guint offset,
              guint from,
              guint to,
              GArray *found)
{
  PostilAnnotationRows then = part->now;
  guint n_rows = postil_annotation_rows_count (&then), n_matches = then.matches->len;
  guint n_behind = n_matches - MIN (to, n_matches);
  GArray *matches =
    g_array_sized_new (FALSE, FALSE, sizeof (PostilAnnotation *), from + found->len + n_behind);

  g_array_append_vals (matches, then.matches->data, from);
  g_array_append_vals (matches, found->data, found->len);
  g_array_append_vals (matches, (gpointer *) then.matches->data + n_matches - n_behind, n_behind);
  part->now.matches = matches;
  part->now.n_gone += to - MIN (to, n_matches);
  if (to == n_rows)
    part->now.rest = NULL;
  tell_rows (self, part, offset, then, from, n_rows - to);
  g_array_unref (then.matches);
  if (to == n_rows)
    g_clear_pointer (&then.rest, postil_annotation_index_unref);
}

/* Returns the number of the first of @n_rows, from number @position on, that comes after
 * @annotation.
 */
static guint
skip_replaced (const PostilAnnotationPart *part,
               guint position,
               guint n_rows,
               PostilAnnotation *annotation)
{
  if (part->earlier->len == 0)
    return position +
           (position < n_rows && postil_annotation_rows_get (&part->now, position) == annotation);

  while (position < n_rows && postil_annotation_compare (
                                postil_annotation_rows_get (&part->now, position), annotation) <= 0)
    position++;
  return position;
}

static gboolean
matches (PostilAnnotationList *self, PostilAnnotationPart *part, PostilAnnotation *annotation)
{
  return postil_annotation_matcher_match (self->matcher, part->document,
                                          postil_document_get_text (part->document), annotation,
                                          self->folded);
}

/* Filters some more of a part that begins at @offset, until @deadline. */
static void
filter_part (PostilAnnotationList *self, PostilAnnotationPart *part, guint offset, gint64 deadline)
{
  guint n = postil_annotation_index_get_n_shown (part->now.index);
  guint n_rows = postil_annotation_rows_count (&part->now);
  guint from = part->n_fresh, to = part->n_fresh;
  g_autoptr (GArray) fresh = g_array_new (FALSE, FALSE, sizeof (PostilAnnotation *));

  do
    for (guint i = 0; i < N_AT_ONCE && part->n_scanned < n; i++)
      {
        PostilAnnotation *annotation =
          postil_annotation_index_get (part->now.index, part->n_scanned++);

        to = skip_replaced (part, to, n_rows, annotation);
        if (matches (self, part, annotation))
          g_array_append_val (fresh, annotation);
      }
  while (part->n_scanned < n && fresh->len < N_FIRST && g_get_monotonic_time () < deadline);

  if (part->n_scanned == n)
    to = n_rows;
  part->n_fresh = from + fresh->len;
  replace_rows (self, part, offset, from, to, fresh);
  if (part->n_scanned == n)
    g_ptr_array_set_size (part->earlier, 0);
}

/* Filters for a stretch of time, in microseconds. */
static void
filter_some (PostilAnnotationList *self, gint64 stretch)
{
  gint64 deadline = g_get_monotonic_time () + stretch;
  gboolean has_begun = FALSE;
  guint offset = 0;

  for (guint i = 0; i < self->parts->len; i++)
    {
      PostilAnnotationPart *part = self->parts->pdata[i];

      if (!postil_annotation_part_is_filtered (part))
        {
          if (has_begun && g_get_monotonic_time () >= deadline)
            return;
          has_begun = TRUE;
          filter_part (self, part, offset, deadline);
          if (!postil_annotation_part_is_filtered (part))
            return;
        }
      offset += postil_annotation_part_count (part);
    }
}

static void
filter_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  postil_annotation_scan_run (data, cancellable);
  g_task_return_boolean (task, TRUE);
}

/* Shows what the thread found in place of what was there before. */
static void
take_matches (PostilAnnotationList *self, PostilAnnotationPart *part, guint offset, GArray *found)
{
  guint n_rows = postil_annotation_rows_count (&part->now), n_fresh = part->n_fresh;

  part->n_scanned = postil_annotation_index_get_n_shown (part->now.index);
  part->n_fresh += found->len;
  replace_rows (self, part, offset, n_fresh, n_rows, found);
  g_ptr_array_set_size (part->earlier, 0);
}

static void
filtered_cb (GObject *source, GAsyncResult *result, gpointer data)
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
      for (guint i = 0; i < self->parts->len; i++)
        {
          PostilAnnotationPart *part = self->parts->pdata[i];
          GArray *found = postil_annotation_scan_get_matches (scan, part->document);

          if (found != NULL)
            take_matches (self, part, count_before (self, i), found);
        }
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FILTERING]);
    }
  /* What it holds is not to be released by the thread. */
  postil_annotation_scan_free (scan);
}

/* Filters in a thread what is not yet, from the beginning if that is going on. */
static void
filter_rest (PostilAnnotationList *self)
{
  gboolean was_filtering = self->filtering != NULL;
  g_autoptr (PostilAnnotationScan) scan = NULL;

  if (was_filtering)
    g_cancellable_cancel (self->filtering);
  g_clear_object (&self->filtering);
  for (guint i = 0; i < self->parts->len; i++)
    {
      PostilAnnotationPart *part = self->parts->pdata[i];

      if (postil_annotation_part_is_filtered (part))
        continue;
      if (scan == NULL)
        scan = postil_annotation_scan_new (self->matcher);
      postil_annotation_scan_add (scan, part->document, part->now.index, part->n_scanned);
    }
  if (scan != NULL)
    {
      g_autoptr (GTask) task = NULL;

      self->filtering = g_cancellable_new ();
      task = g_task_new (NULL, self->filtering, filtered_cb, self);
      g_task_set_source_tag (task, filter_rest);
      g_task_set_task_data (task, g_steal_pointer (&scan), NULL);
      g_task_run_in_thread (task, filter_in_thread);
    }
  if (was_filtering != (self->filtering != NULL))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FILTERING]);
}

/* Puts @annotation into a part; returns whether it is to be shown, and where within the part. */
static gboolean
part_add (PostilAnnotationList *self,
          PostilAnnotationPart *part,
          PostilAnnotation *annotation,
          guint *position)
{
  gboolean is_fresh;

  postil_annotation_index_find (part->now.index, annotation, position);
  part->now.index = postil_annotation_index_replace (part->now.index, NULL, annotation);
  if (postil_annotation_part_hides (annotation))
    return FALSE;
  if (part->now.matches == NULL)
    return TRUE;

  is_fresh = *position <= part->n_scanned;
  part->n_scanned += is_fresh;
  if (!matches (self, part, annotation))
    return FALSE;
  postil_annotation_rows_gather (&part->now);
  postil_annotation_rows_find (&part->now, annotation, position);
  g_array_insert_val (part->now.matches, *position, annotation);
  part->n_fresh += is_fresh;
  return TRUE;
}

static void
apply_single (PostilAnnotationList *self,
              PostilAnnotationPart *part,
              guint offset,
              const PostilChange *change)
{
  GListModel *model = G_LIST_MODEL (self);
  PostilAnnotation *before = change->annotation.before, *after = change->annotation.after;
  guint position, old_position;

  if (before != NULL && after != NULL && postil_annotation_compare (before, after) == 0)
    {
      gboolean was_shown = postil_annotation_part_remove (part, before, &old_position);
      gboolean is_shown = part_add (self, part, after, &position);

      if (was_shown && is_shown)
        postil_annotation_row_follow (self->rows, before, after);
      if (was_shown || is_shown)
        g_list_model_items_changed (model, offset + (is_shown ? position : old_position), was_shown,
                                    is_shown);
      return;
    }
  if (before != NULL && postil_annotation_part_remove (part, before, &position))
    g_list_model_items_changed (model, offset + position, 1, 0);
  if (after != NULL && part_add (self, part, after, &position))
    g_list_model_items_changed (model, offset + position, 0, 1);
}

/* Announces what lies between the first and the last change. */
static void
announce_many (PostilAnnotationList *self,
               PostilAnnotationPart *part,
               PostilAnnotationIndex *old_index,
               guint offset,
               const PostilChange *changes,
               guint n_changes)
{
  PostilAnnotationIndex *new_index = part->now.index;
  guint n_old = postil_annotation_index_get_n_shown (old_index);
  guint n_new = postil_annotation_index_get_n_shown (new_index);
  guint n_same_first = MIN (n_old, n_new), n_same_last = n_same_first;
  guint position;

  if (changes == NULL)
    n_same_first = n_same_last = 0;
  for (guint i = 0; i < n_changes; i++)
    {
      PostilAnnotation *before = changes[i].annotation.before;
      PostilAnnotation *after = changes[i].annotation.after;

      if (before != NULL && !postil_annotation_part_hides (before) &&
          postil_annotation_index_find (old_index, before, &position))
        {
          n_same_first = MIN (n_same_first, position);
          n_same_last = MIN (n_same_last, n_old - 1 - position);
        }
      if (after != NULL && !postil_annotation_part_hides (after) &&
          postil_annotation_index_find (new_index, after, &position))
        {
          n_same_first = MIN (n_same_first, position);
          n_same_last = MIN (n_same_last, n_new - 1 - position);
        }
    }
  /* Changes that undo each other leave nothing to announce. */
  n_same_last = MIN (n_same_last, MIN (n_old, n_new) - n_same_first);
  tell_rows (self, part, offset, (PostilAnnotationRows){ .index = old_index }, n_same_first,
             n_same_last);
}

static gboolean
have_same_order (PostilAnnotationIndex *a, PostilAnnotationIndex *b)
{
  return postil_annotation_tally_get_order (postil_annotation_index_get_tally (a)) ==
         postil_annotation_tally_get_order (postil_annotation_index_get_tally (b));
}

/* Has the rows of @part that live be those of the annotations that have their ids now. */
static void
follow_rows (PostilAnnotationList *self, PostilAnnotationPart *part)
{
  guint n;
  g_autofree gpointer *listed = g_hash_table_get_keys_as_array (self->rows, &n);

  for (guint i = 0; i < n; i++)
    {
      PostilAnnotationRow *row = g_hash_table_lookup (self->rows, listed[i]);
      PostilAnnotation *after =
        postil_annotation_row_get_document (row) == part->document
          ? postil_annotation_index_lookup (part->now.index, postil_annotation_get_id (listed[i]))
          : NULL;

      if (after != NULL)
        postil_annotation_row_follow (self->rows, listed[i], after);
    }
}

/* Rows that stay where they are are not announced: who shows them hears from the
 * document that everything may be another. With a filter what is shown stays until that has been
 * there.
 */
static void
apply_many (PostilAnnotationList *self,
            PostilAnnotationPart *part,
            guint offset,
            const PostilChange *changes,
            guint n_changes)
{
  PostilAnnotationIndex *earlier = part->now.index;

  part->now.index = postil_annotation_index_ref (postil_document_get_annotations (part->document));
  if (part->now.matches == NULL && changes == NULL && have_same_order (earlier, part->now.index))
    {
      follow_rows (self, part);
      postil_annotation_index_unref (earlier);
      return;
    }
  if (part->now.matches == NULL)
    {
      announce_many (self, part, earlier, offset, changes, n_changes);
      postil_annotation_index_unref (earlier);
      return;
    }
  g_ptr_array_add (part->earlier, earlier);
  postil_annotation_part_restart (part);
}

/* Finds the part of @document, and the position that it begins at. */
static PostilAnnotationPart *
find_part (PostilAnnotationList *self, PostilDocument *document, guint *offset)
{
  guint number = 0;
  PostilAnnotationPart *part = self->parts->pdata[0];

  *offset = 0;
  while (part->document != document)
    {
      *offset += postil_annotation_part_count (part);
      part = self->parts->pdata[++number];
    }
  return part;
}

static void
clear_change (gpointer data)
{
  PostilChange *change = data;

  g_object_unref (change->document);
  g_clear_pointer (&change->annotation.before, postil_annotation_unref);
  g_clear_pointer (&change->annotation.after, postil_annotation_unref);
}

static void
let_wait (PostilAnnotationList *self,
          PostilAnnotationPart *part,
          const PostilChange *changes,
          guint n_changes)
{
  g_clear_pointer (&part->next, postil_annotation_index_unref);
  part->next = postil_annotation_index_ref (postil_document_get_annotations (part->document));
  for (guint i = 0; i < n_changes; i++)
    {
      PostilAnnotation *before = changes[i].annotation.before;
      PostilAnnotation *after = changes[i].annotation.after;
      PostilChange change = {
        .document = g_object_ref (part->document),
        .annotation.before = before != NULL ? postil_annotation_ref (before) : NULL,
        .annotation.after = after != NULL ? postil_annotation_ref (after) : NULL,
      };

      g_array_append_val (self->waiting, change);
    }
}

static GArray *
new_waiting (void)
{
  GArray *waiting = g_array_new (FALSE, FALSE, sizeof (PostilChange));

  g_array_set_clear_func (waiting, clear_change);
  return waiting;
}

/* Announces what waits. */
static void
replay (PostilAnnotationList *self)
{
  g_autoptr (GArray) waiting = g_steal_pointer (&self->waiting);

  self->waiting = new_waiting ();
  for (guint i = 0; i < waiting->len; i++)
    {
      const PostilChange *change = &g_array_index (waiting, PostilChange, i);
      guint offset;
      PostilAnnotationPart *part = find_part (self, change->document, &offset);

      apply_single (self, part, offset, change);
    }

  /* What was replayed is the same as what the document has; to hold it twice would be waste. */
  for (guint i = 0; i < self->parts->len && self->waiting->len == 0; i++)
    {
      PostilAnnotationPart *part = self->parts->pdata[i];

      if (part->next != NULL)
        {
          postil_annotation_index_unref (part->now.index);
          part->now.index = g_steal_pointer (&part->next);
        }
    }
}

static void
document_changed_cb (PostilDocument *document,
                     const PostilChange *changes,
                     guint n_changes,
                     gpointer data)
{
  PostilAnnotationList *self = data;
  gboolean has_text = postil_changes_have_text (changes, n_changes);
  guint offset;
  PostilAnnotationPart *part;

  if (self->waits && !has_text && self->waiting->len + n_changes <= MAX_SINGLE_CHANGES)
    {
      let_wait (self, find_part (self, document, &offset), changes, n_changes);
      return;
    }

  replay (self);
  part = find_part (self, document, &offset);
  if (changes == NULL || n_changes > MAX_SINGLE_CHANGES)
    apply_many (self, part, offset, changes, n_changes);
  else
    for (guint i = 0; i < n_changes; i++)
      apply_single (self, part, offset, &changes[i]);
  postil_annotation_index_unref (part->now.index);
  part->now.index = postil_annotation_index_ref (postil_document_get_annotations (document));

  /* What stays where it was may have other words there. */
  if (self->matcher != NULL && has_text)
    postil_annotation_part_restart (part);
  if (self->matcher != NULL)
    filter_rest (self);
}

static void
documents_changed_cb (GListModel *documents,
                      guint position,
                      guint n_removed,
                      guint n_added,
                      gpointer data)
{
  PostilAnnotationList *self = data;
  guint offset, n_rows_removed, n_rows_added;

  postil_annotation_list_catch_up (self);
  offset = count_before (self, position);
  n_rows_removed = count_before (self, position + n_removed) - offset;
  g_ptr_array_remove_range (self->parts, position, n_removed);
  for (guint i = position; i < position + n_added; i++)
    {
      g_autoptr (PostilDocument) document = g_list_model_get_item (documents, i);
      PostilAnnotationPart *part = postil_annotation_part_new (document, self->matcher != NULL);

      part->handler =
        g_signal_connect (document, "changed", G_CALLBACK (document_changed_cb), self);
      g_ptr_array_insert (self->parts, i, part);
    }
  n_rows_added = count_before (self, position + n_added) - offset;
  if (n_rows_removed > 0 || n_rows_added > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), offset, n_rows_removed, n_rows_added);
  filter_some (self, SHORT_STRETCH);
  filter_rest (self);
}

static void
codebook_changed_cb (PostilCodebook *codebook, gpointer data)
{
  PostilAnnotationList *self = data;
  PostilAnnotationMatcher *renewed;

  if (self->matcher == NULL || !postil_annotation_matcher_reads_codebook (self->matcher))
    return;
  postil_annotation_list_catch_up (self);
  renewed = postil_annotation_matcher_renew (self->matcher);
  postil_annotation_matcher_unref (self->matcher);
  self->matcher = renewed;
  for (guint i = 0; i < self->parts->len; i++)
    postil_annotation_part_restart (self->parts->pdata[i]);
  filter_rest (self);
}

static GType
postil_annotation_list_get_item_type (GListModel *model)
{
  return POSTIL_TYPE_ANNOTATION_ROW;
}

static guint
postil_annotation_list_get_n_items (GListModel *model)
{
  PostilAnnotationList *self = POSTIL_ANNOTATION_LIST (model);

  return count_before (self, self->parts->len);
}

static gpointer
postil_annotation_list_get_item (GListModel *model, guint position)
{
  PostilAnnotationList *self = POSTIL_ANNOTATION_LIST (model);
  PostilDocument *document;
  PostilAnnotation *annotation = postil_annotation_list_get (self, position, &document);

  return annotation != NULL ? postil_annotation_row_get (self->rows, document, annotation) : NULL;
}

static void
postil_annotation_list_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = postil_annotation_list_get_item_type;
  iface->get_n_items = postil_annotation_list_get_n_items;
  iface->get_item = postil_annotation_list_get_item;
}

static void
postil_annotation_list_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PostilAnnotationList *self = POSTIL_ANNOTATION_LIST (object);

  switch (id)
    {
    case PROP_FILTERING:
      g_value_set_boolean (value, self->filtering != NULL);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
postil_annotation_list_finalize (GObject *object)
{
  PostilAnnotationList *self = POSTIL_ANNOTATION_LIST (object);

  if (self->filtering != NULL)
    g_cancellable_cancel (self->filtering);
  g_clear_object (&self->filtering);
  g_ptr_array_unref (self->parts);
  g_clear_pointer (&self->matcher, postil_annotation_matcher_unref);
  g_hash_table_unref (self->rows);
  g_array_unref (self->waiting);
  g_string_free (self->folded, TRUE);
  g_clear_object (&self->workspace);

  G_OBJECT_CLASS (postil_annotation_list_parent_class)->finalize (object);
}

static void
postil_annotation_list_class_init (PostilAnnotationListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = postil_annotation_list_get_property;
  object_class->finalize = postil_annotation_list_finalize;

  /* Whether a filter has not been everywhere yet. */
  properties[PROP_FILTERING] = g_param_spec_boolean ("filtering", NULL, NULL, FALSE,
                                                     G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  /**
   * PostilAnnotationList::handed-over:
   * @self: the list
   * @position: the first of some rows
   * @n: how many they are
   *
   * The rows are the same items, but those of other annotations.
   */
  signals[SIGNAL_HANDED_OVER] =
    g_signal_new ("handed-over", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_UINT);
}

static void
postil_annotation_list_init (PostilAnnotationList *self)
{
  self->parts = g_ptr_array_new_with_free_func ((GDestroyNotify) postil_annotation_part_free);
  self->rows = g_hash_table_new (NULL, NULL);
  self->folded = g_string_new (NULL);
  self->waiting = new_waiting ();
}

/**
 * postil_annotation_list_new:
 * @workspace: a workspace
 *
 * Lists the annotations of all documents of @workspace, those of a document in reading order.
 *
 * Returns: (transfer full): the list
 */
PostilAnnotationList *
postil_annotation_list_new (PostilWorkspace *workspace)
{
  PostilAnnotationList *self;
  GListModel *documents;

  g_return_val_if_fail (POSTIL_IS_WORKSPACE (workspace), NULL);

  self = g_object_new (POSTIL_TYPE_ANNOTATION_LIST, NULL);
  self->workspace = g_object_ref (workspace);
  documents = postil_workspace_get_documents (workspace);
  g_signal_connect_object (documents, "items-changed", G_CALLBACK (documents_changed_cb), self, 0);
  g_signal_connect_object (postil_workspace_get_codebook (workspace), "changed",
                           G_CALLBACK (codebook_changed_cb), self, 0);
  documents_changed_cb (documents, 0, 0, g_list_model_get_n_items (documents), self);
  return self;
}

/**
 * postil_annotation_list_set_filter:
 * @self: a list
 * @filter: (nullable): what is to be shown; %NULL for all
 *
 * Shows only some annotations. The first are filtered at once, the rest in a thread, while
 * "filtering" is %TRUE; until then what was shown before is still shown there.
 */
void
postil_annotation_list_set_filter (PostilAnnotationList *self, const PostilAnnotationFilter *filter)
{
  g_autoptr (PostilAnnotationMatcher) matcher = NULL;

  g_return_if_fail (POSTIL_IS_ANNOTATION_LIST (self));

  matcher = postil_annotation_matcher_new (filter, postil_workspace_get_codebook (self->workspace));
  if (postil_annotation_matcher_equal (matcher, self->matcher))
    return;

  postil_annotation_list_catch_up (self);
  g_clear_pointer (&self->matcher, postil_annotation_matcher_unref);
  self->matcher = g_steal_pointer (&matcher);
  if (self->matcher != NULL)
    {
      for (guint i = 0; i < self->parts->len; i++)
        postil_annotation_part_restart (self->parts->pdata[i]);
      filter_some (self, STRETCH);
      filter_rest (self);
      return;
    }

  for (guint i = 0; i < self->parts->len; i++)
    {
      PostilAnnotationPart *part = self->parts->pdata[i];
      PostilAnnotationRows then = part->now;

      part->now.matches = NULL;
      part->now.rest = NULL;
      /* Nothing was hidden, nor is anything there that was before. */
      if (postil_annotation_rows_count (&then) < postil_annotation_rows_count (&part->now) ||
          part->earlier->len > 0)
        tell_rows (self, part, count_before (self, i), then, 0, 0);
      g_array_unref (then.matches);
      g_clear_pointer (&then.rest, postil_annotation_index_unref);
      g_ptr_array_set_size (part->earlier, 0);
    }
  filter_rest (self);
}

/**
 * postil_annotation_list_set_waits:
 * @self: a list
 * @waits: whether single changes of documents wait for postil_annotation_list_catch_up()
 *
 * A list that waits announces them together at a time that suits its view; so as not to be behind
 * for long, many changes, and those of texts, do not wait.
 */
void
postil_annotation_list_set_waits (PostilAnnotationList *self, gboolean waits)
{
  g_return_if_fail (POSTIL_IS_ANNOTATION_LIST (self));

  self->waits = waits;
  postil_annotation_list_catch_up (self);
}

/**
 * postil_annotation_list_set_look:
 * @self: a list
 * @look: (nullable) (closure data): says where the view of the list is
 * @data: for @look
 *
 * With it very many changes are announced in few pieces that leave the view where it is, and its
 * rows are handed over: what takes their place is not announced as other items, but the same items
 * are those of other annotations then, see #PostilAnnotationList::handed-over. So a view need not
 * make others. Without it an item stays that of its annotation.
 */
void
postil_annotation_list_set_look (PostilAnnotationList *self,
                                 PostilAnnotationListLook look,
                                 gpointer data)
{
  g_return_if_fail (POSTIL_IS_ANNOTATION_LIST (self));

  self->look = look;
  self->look_data = data;
}

/**
 * postil_annotation_list_catch_up:
 * @self: a list
 *
 * Announces the changes that wait.
 */
void
postil_annotation_list_catch_up (PostilAnnotationList *self)
{
  g_return_if_fail (POSTIL_IS_ANNOTATION_LIST (self));

  if (self->waiting->len == 0)
    return;
  replay (self);
  if (self->matcher != NULL)
    filter_rest (self);
}

/**
 * postil_annotation_list_get:
 * @self: a list
 * @position: a position in it
 * @document: (out) (transfer none): the document of the annotation
 *
 * Gets what is listed without a row for it. While a filter is at work that may be as it was before
 * many changes.
 *
 * Returns: (transfer none) (nullable): the annotation; %NULL when there are no more than @position
 */
PostilAnnotation *
postil_annotation_list_get (PostilAnnotationList *self, guint position, PostilDocument **document)
{
  g_return_val_if_fail (POSTIL_IS_ANNOTATION_LIST (self) && document != NULL, NULL);

  for (guint i = 0; i < self->parts->len; i++)
    {
      PostilAnnotationPart *part = self->parts->pdata[i];
      guint n = postil_annotation_part_count (part);

      if (position < n)
        {
          *document = part->document;
          return postil_annotation_part_get (part, position);
        }
      position -= n;
    }
  return NULL;
}

/**
 * postil_annotation_list_find:
 * @self: a list
 * @id: id of an annotation
 * @position: (out): where it is shown
 *
 * Announces the changes that wait first.
 *
 * Returns: whether it is shown
 */
gboolean
postil_annotation_list_find (PostilAnnotationList *self, const char *id, guint *position)
{
  guint offset = 0;

  g_return_val_if_fail (POSTIL_IS_ANNOTATION_LIST (self), FALSE);
  g_return_val_if_fail (id != NULL && position != NULL, FALSE);

  postil_annotation_list_catch_up (self);
  for (guint i = 0; i < self->parts->len; i++)
    {
      PostilAnnotationPart *part = self->parts->pdata[i];
      PostilAnnotation *annotation = postil_document_get_annotation (part->document, id);

      if (annotation != NULL && !postil_annotation_part_hides (annotation) &&
          postil_annotation_part_find (part, annotation, position))
        {
          *position += offset;
          return TRUE;
        }
      offset += postil_annotation_part_count (part);
    }
  return FALSE;
}

/**
 * postil_annotation_list_hold:
 * @self: a list
 *
 * Announces the changes that wait first.
 *
 * Returns: (transfer full): what is listed now, to be read in any thread
 */
PostilAnnotationListing *
postil_annotation_list_hold (PostilAnnotationList *self)
{
  PostilAnnotationListing *listing;

  g_return_val_if_fail (POSTIL_IS_ANNOTATION_LIST (self), NULL);

  postil_annotation_list_catch_up (self);
  listing = postil_annotation_listing_new ();
  for (guint i = 0; i < self->parts->len; i++)
    {
      PostilAnnotationPart *part = self->parts->pdata[i];

      postil_annotation_listing_add (listing, part->document, &part->now, part->earlier);
    }
  return listing;
}
