/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-annotation-list.h"

/* How long one stretch of filtering takes, in microseconds; a frame leaves room for it. */
#define STRETCH 4000

/* How many annotations are filtered between two looks at the clock. */
#define N_AT_ONCE 16

/* After the frame that is due (GDK_PRIORITY_REDRAW, 120), before text out of sight is laid out
 * (GTK_TEXT_VIEW_PRIORITY_VALIDATE, 125), which takes many seconds.
 */
#define PRIORITY (G_PRIORITY_HIGH_IDLE + 22)

/* With more changes at once than these, one items-changed for all is cheaper than one for each. */
#define MAX_SINGLE_CHANGES 100

/*
 * PostilAnnotationList: the annotations of a workspace's documents in reading order, as a list
 * model of PostilAnnotationRow, all or those that a filter lets through. Owned by the view that
 * shows it; holds the workspace. It follows the documents and the codebook.
 *
 * Rows are made when they are asked for. Without a filter the nth annotation comes from the index
 * of its document, of which the list holds a snapshot: what it says is always what it has
 * announced, also while a document is already ahead of it. With a filter each document has an array
 * of matches, which borrow the annotations of that snapshot. Filtering goes through it in
 * stretches, from an idle source: matches before the one number n_fresh come from the n_scanned
 * annotations that the present filter has seen, the others are what was there before, and are
 * replaced as it goes on.
 */
struct _PostilAnnotationList
{
  GObject parent_instance;

  PostilWorkspace *workspace;
  GPtrArray *parts;
  PostilAnnotationMatcher *matcher;
  GHashTable *rows;
  guint idle;
};

/* What a document has in the list. */
typedef struct
{
  PostilDocument *document;
  gulong handler;
  PostilAnnotationIndex *index;
  /* PostilAnnotation pointers; NULL without a filter. */
  GArray *matches;
  guint n_scanned;
  guint n_fresh;
} Part;

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

static PostilAnnotation *
match_at (const Part *part, guint position)
{
  return g_array_index (part->matches, PostilAnnotation *, position);
}

/* Finds where @annotation is among the matches, or would be. */
static gboolean
find_match (const Part *part, PostilAnnotation *annotation, guint *position)
{
  guint low = 0, high = part->matches->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      int order = postil_annotation_compare (annotation, match_at (part, middle));

      if (order == 0)
        {
          *position = middle;
          return TRUE;
        }
      if (order < 0)
        high = middle;
      else
        low = middle + 1;
    }
  *position = low;
  return FALSE;
}

static gboolean
add_match_cb (PostilAnnotation *annotation, PostilSpan span, gpointer data)
{
  g_array_append_val ((GArray *) data, annotation);
  return G_SOURCE_CONTINUE;
}

static guint
part_count (const Part *part)
{
  return part->matches != NULL ? part->matches->len
                               : postil_annotation_index_get_size (part->index);
}

/* Has the filter go through the part anew; until it has been there, all that is shown stays. */
static void
part_restart (Part *part)
{
  if (part->matches == NULL)
    {
      part->matches =
        g_array_sized_new (FALSE, FALSE, sizeof (PostilAnnotation *), part_count (part));
      postil_annotation_index_foreach (part->index, add_match_cb, part->matches);
    }
  part->n_scanned = part->n_fresh = 0;
}

static gboolean
part_is_filtered (const Part *part)
{
  return part->matches == NULL || part->n_scanned == postil_annotation_index_get_size (part->index);
}

static void
part_free (gpointer data)
{
  Part *part = data;

  g_signal_handler_disconnect (part->document, part->handler);
  g_object_unref (part->document);
  g_clear_pointer (&part->matches, g_array_unref);
  postil_annotation_index_unref (part->index);
  g_free (part);
}

/* Returns the first position of part number @n_parts. */
static guint
count_before (PostilAnnotationList *self, guint n_parts)
{
  guint n = 0;

  for (guint i = 0; i < n_parts; i++)
    n += part_count (self->parts->pdata[i]);
  return n;
}

/* Replaces the matches from @from up to @to by @fresh, and announces what really changed. */
static void
replace_matches (PostilAnnotationList *self,
                 Part *part,
                 guint offset,
                 guint from,
                 guint to,
                 GArray *fresh)
{
  guint n_removed = to - from, n_added = fresh->len, n_same = 0;
  PostilAnnotation **added = (PostilAnnotation **) fresh->data;

  while (n_removed > 0 && n_added > 0 && match_at (part, to - 1) == added[n_added - 1])
    {
      to--;
      n_removed--;
      n_added--;
    }
  while (n_same < n_removed && n_same < n_added && match_at (part, from + n_same) == added[n_same])
    n_same++;

  from += n_same;
  n_removed -= n_same;
  n_added -= n_same;
  if (n_removed > 0)
    g_array_remove_range (part->matches, from, n_removed);
  if (n_added > 0)
    g_array_insert_vals (part->matches, from, added + n_same, n_added);
  if (n_removed > 0 || n_added > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), offset + from, n_removed, n_added);
}

/* Filters some more of a part that begins at @offset, until @deadline. */
static void
filter_part (PostilAnnotationList *self, Part *part, guint offset, gint64 deadline)
{
  guint n = postil_annotation_index_get_size (part->index);
  guint from = part->n_fresh, to = part->n_fresh;
  g_autoptr (GArray) fresh = g_array_new (FALSE, FALSE, sizeof (PostilAnnotation *));

  do
    for (guint i = 0; i < N_AT_ONCE && part->n_scanned < n; i++)
      {
        PostilAnnotation *annotation = postil_annotation_index_get (part->index, part->n_scanned++);

        if (to < part->matches->len && match_at (part, to) == annotation)
          to++;
        if (postil_annotation_matcher_match (self->matcher, part->document, annotation))
          g_array_append_val (fresh, annotation);
      }
  while (part->n_scanned < n && g_get_monotonic_time () < deadline);

  part->n_fresh = from + fresh->len;
  replace_matches (self, part, offset, from, to, fresh);
}

/* Filters for a stretch of time; returns whether there is more to do. */
static gboolean
filter_some (PostilAnnotationList *self)
{
  gint64 deadline = g_get_monotonic_time () + STRETCH;
  guint offset = 0;

  for (guint i = 0; i < self->parts->len; i++)
    {
      Part *part = self->parts->pdata[i];

      if (!part_is_filtered (part))
        {
          if (g_get_monotonic_time () >= deadline)
            return TRUE;
          filter_part (self, part, offset, deadline);
        }
      offset += part_count (part);
    }
  for (guint i = 0; i < self->parts->len; i++)
    if (!part_is_filtered (self->parts->pdata[i]))
      return TRUE;
  return FALSE;
}

static gboolean
filter_cb (gpointer data)
{
  PostilAnnotationList *self = data;

  if (filter_some (self))
    return G_SOURCE_CONTINUE;

  self->idle = 0;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FILTERING]);
  return G_SOURCE_REMOVE;
}

static void
set_filtering (PostilAnnotationList *self, gboolean filtering)
{
  if (filtering == (self->idle != 0))
    return;

  if (filtering)
    self->idle = g_idle_add_full (PRIORITY, filter_cb, self, NULL);
  else
    g_clear_handle_id (&self->idle, g_source_remove);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FILTERING]);
}

/* Takes @annotation out of a part; returns whether it was shown, and where within the part. */
static gboolean
part_remove (Part *part, PostilAnnotation *annotation, guint *position)
{
  if (!postil_annotation_index_find (part->index, annotation, position))
    return FALSE;

  part->index = postil_annotation_index_replace (part->index, annotation, NULL);
  if (part->matches == NULL)
    return TRUE;

  part->n_scanned -= *position < part->n_scanned;
  if (!find_match (part, annotation, position))
    return FALSE;
  g_array_remove_index (part->matches, *position);
  part->n_fresh -= *position < part->n_fresh;
  return TRUE;
}

/* Puts @annotation into a part; returns whether it is to be shown, and where within the part. */
static gboolean
part_add (PostilAnnotationList *self, Part *part, PostilAnnotation *annotation, guint *position)
{
  gboolean is_fresh;

  postil_annotation_index_find (part->index, annotation, position);
  part->index = postil_annotation_index_replace (part->index, NULL, annotation);
  if (part->matches == NULL)
    return TRUE;

  is_fresh = *position <= part->n_scanned;
  part->n_scanned += is_fresh;
  if (!postil_annotation_matcher_match (self->matcher, part->document, annotation))
    return FALSE;
  find_match (part, annotation, position);
  g_array_insert_val (part->matches, *position, annotation);
  part->n_fresh += is_fresh;
  return TRUE;
}

static void
apply_single (PostilAnnotationList *self, Part *part, guint offset, const PostilChange *change)
{
  GListModel *model = G_LIST_MODEL (self);
  PostilAnnotation *before = change->annotation.before, *after = change->annotation.after;
  guint position, old_position;

  if (before != NULL && after != NULL && postil_annotation_compare (before, after) == 0)
    {
      gboolean was_shown = part_remove (part, before, &old_position);
      gboolean is_shown = part_add (self, part, after, &position);

      if (was_shown || is_shown)
        g_list_model_items_changed (model, offset + (is_shown ? position : old_position), was_shown,
                                    is_shown);
      return;
    }
  if (before != NULL && part_remove (part, before, &position))
    g_list_model_items_changed (model, offset + position, 1, 0);
  if (after != NULL && part_add (self, part, after, &position))
    g_list_model_items_changed (model, offset + position, 0, 1);
}

static int
compare_pointed (gconstpointer a, gconstpointer b)
{
  return postil_annotation_compare (*(PostilAnnotation *const *) a, *(PostilAnnotation *const *) b);
}

/* Announces as one what lies between the first and the last change. */
static void
announce_many (PostilAnnotationList *self,
               PostilAnnotationIndex *old_index,
               PostilAnnotationIndex *new_index,
               guint offset,
               const PostilChange *changes,
               guint n_changes)
{
  guint n_old = postil_annotation_index_get_size (old_index);
  guint n_new = postil_annotation_index_get_size (new_index);
  guint n_same_first = MIN (n_old, n_new), n_same_last = n_same_first;
  guint position;

  for (guint i = 0; i < n_changes; i++)
    {
      PostilAnnotation *before = changes[i].annotation.before;
      PostilAnnotation *after = changes[i].annotation.after;

      if (before != NULL && postil_annotation_index_find (old_index, before, &position))
        {
          n_same_first = MIN (n_same_first, position);
          n_same_last = MIN (n_same_last, n_old - 1 - position);
        }
      if (after != NULL && postil_annotation_index_find (new_index, after, &position))
        {
          n_same_first = MIN (n_same_first, position);
          n_same_last = MIN (n_same_last, n_new - 1 - position);
        }
    }
  /* Changes that undo each other leave nothing to announce. */
  n_same_last = MIN (n_same_last, MIN (n_old, n_new) - n_same_first);
  if (n_old > n_same_first + n_same_last || n_new > n_same_first + n_same_last)
    g_list_model_items_changed (G_LIST_MODEL (self), offset + n_same_first,
                                n_old - n_same_first - n_same_last,
                                n_new - n_same_first - n_same_last);
}

/* Lists the matches of @part as they are after many changes that its index has seen. */
static GArray *
merge_matches (PostilAnnotationList *self, Part *part, const PostilChange *changes, guint n_changes)
{
  g_autoptr (GArray) kept = g_array_copy (part->matches);
  g_autoptr (GArray) added = g_array_new (FALSE, FALSE, sizeof (PostilAnnotation *));
  GArray *merged = g_array_new (FALSE, FALSE, sizeof (PostilAnnotation *));
  guint position, n_merged = 0;

  for (guint i = 0; i < n_changes; i++)
    {
      PostilAnnotation *before = changes[i].annotation.before;
      PostilAnnotation *after = changes[i].annotation.after;

      if (before != NULL && find_match (part, before, &position))
        g_array_index (kept, PostilAnnotation *, position) = NULL;
      /* It may have been changed once more. */
      if (after != NULL && postil_annotation_index_find (part->index, after, &position) &&
          postil_annotation_index_get (part->index, position) == after &&
          postil_annotation_matcher_match (self->matcher, part->document, after))
        g_array_append_val (added, after);
    }
  g_array_sort (added, compare_pointed);

  for (guint i = 0; i < kept->len; i++)
    {
      PostilAnnotation *match = g_array_index (kept, PostilAnnotation *, i);

      if (match == NULL)
        continue;
      for (; n_merged < added->len; n_merged++)
        {
          PostilAnnotation *other = g_array_index (added, PostilAnnotation *, n_merged);

          if (postil_annotation_compare (other, match) > 0)
            break;
          g_array_append_val (merged, other);
        }
      g_array_append_val (merged, match);
    }
  for (; n_merged < added->len; n_merged++)
    g_array_append_val (merged, g_array_index (added, PostilAnnotation *, n_merged));
  return merged;
}

static void
apply_many (PostilAnnotationList *self,
            Part *part,
            guint offset,
            const PostilChange *changes,
            guint n_changes)
{
  g_autoptr (PostilAnnotationIndex) old_index = part->index;
  g_autoptr (GArray) merged = NULL;
  gboolean was_filtered = part_is_filtered (part);

  part->index = postil_annotation_index_ref (postil_document_get_annotations (part->document));
  if (part->matches == NULL)
    {
      announce_many (self, old_index, part->index, offset, changes, n_changes);
      return;
    }

  merged = merge_matches (self, part, changes, n_changes);
  part->n_scanned = was_filtered ? postil_annotation_index_get_size (part->index) : 0;
  part->n_fresh = was_filtered ? merged->len : 0;
  replace_matches (self, part, offset, 0, part->matches->len, merged);
}

static void
document_changed_cb (PostilDocument *document,
                     const PostilChange *changes,
                     guint n_changes,
                     gpointer data)
{
  PostilAnnotationList *self = data;
  guint offset = 0, number = 0;
  gboolean has_text = FALSE;
  Part *part = self->parts->pdata[0];

  while (part->document != document)
    {
      offset += part_count (part);
      part = self->parts->pdata[++number];
    }

  if (n_changes > MAX_SINGLE_CHANGES)
    apply_many (self, part, offset, changes, n_changes);
  else
    for (guint i = 0; i < n_changes; i++)
      apply_single (self, part, offset, &changes[i]);

  /* What was replayed is now the same; to hold it twice would be waste. */
  postil_annotation_index_unref (part->index);
  part->index = postil_annotation_index_ref (postil_document_get_annotations (document));

  /* What stays where it was may have other words there. */
  for (guint i = 0; i < n_changes; i++)
    has_text |= changes[i].text.after != NULL;
  if (has_text && self->matcher != NULL)
    {
      part_restart (part);
      set_filtering (self, TRUE);
    }
}

static void
documents_changed_cb (GListModel *documents,
                      guint position,
                      guint n_removed,
                      guint n_added,
                      gpointer data)
{
  PostilAnnotationList *self = data;
  guint offset = count_before (self, position);
  guint n_rows_removed = count_before (self, position + n_removed) - offset;
  guint n_rows_added;

  g_ptr_array_remove_range (self->parts, position, n_removed);
  for (guint i = position; i < position + n_added; i++)
    {
      Part *part = g_new0 (Part, 1);

      part->document = g_list_model_get_item (documents, i);
      part->handler =
        g_signal_connect (part->document, "changed", G_CALLBACK (document_changed_cb), self);
      part->index = postil_annotation_index_ref (postil_document_get_annotations (part->document));
      if (self->matcher != NULL)
        part->matches = g_array_new (FALSE, FALSE, sizeof (PostilAnnotation *));
      g_ptr_array_insert (self->parts, i, part);
    }
  n_rows_added = count_before (self, position + n_added) - offset;
  if (n_rows_removed > 0 || n_rows_added > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), offset, n_rows_removed, n_rows_added);
  set_filtering (self, filter_some (self));
}

static void
codebook_changed_cb (PostilCodebook *codebook, gpointer data)
{
  PostilAnnotationList *self = data;

  if (self->matcher == NULL || !postil_annotation_matcher_reads_codebook (self->matcher))
    return;
  for (guint i = 0; i < self->parts->len; i++)
    part_restart (self->parts->pdata[i]);
  set_filtering (self, TRUE);
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

  for (guint i = 0; i < self->parts->len; i++)
    {
      Part *part = self->parts->pdata[i];
      guint n = part_count (part);

      if (position < n)
        return postil_annotation_row_get (self->rows, part->document,
                                          part->matches != NULL
                                            ? match_at (part, position)
                                            : postil_annotation_index_get (part->index, position));
      position -= n;
    }
  return NULL;
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
      g_value_set_boolean (value, self->idle != 0);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
postil_annotation_list_finalize (GObject *object)
{
  PostilAnnotationList *self = POSTIL_ANNOTATION_LIST (object);

  g_clear_handle_id (&self->idle, g_source_remove);
  g_ptr_array_unref (self->parts);
  g_clear_pointer (&self->matcher, postil_annotation_matcher_free);
  g_hash_table_unref (self->rows);
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
}

static void
postil_annotation_list_init (PostilAnnotationList *self)
{
  self->parts = g_ptr_array_new_with_free_func (part_free);
  self->rows = g_hash_table_new (NULL, NULL);
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
 * Shows only some annotations. The first are filtered at once, the rest in stretches of a few
 * milliseconds from the main loop, while "filtering" is %TRUE; until then what was shown before is
 * still shown there.
 */
void
postil_annotation_list_set_filter (PostilAnnotationList *self, const PostilAnnotationFilter *filter)
{
  g_autoptr (PostilAnnotationMatcher) matcher = NULL;
  guint n_old, n_new;

  g_return_if_fail (POSTIL_IS_ANNOTATION_LIST (self));

  matcher = postil_annotation_matcher_new (filter, postil_workspace_get_codebook (self->workspace));
  if (postil_annotation_matcher_equal (matcher, self->matcher))
    return;

  g_clear_pointer (&self->matcher, postil_annotation_matcher_free);
  self->matcher = g_steal_pointer (&matcher);
  if (self->matcher != NULL)
    {
      for (guint i = 0; i < self->parts->len; i++)
        part_restart (self->parts->pdata[i]);
      set_filtering (self, filter_some (self));
      return;
    }

  n_old = count_before (self, self->parts->len);
  for (guint i = 0; i < self->parts->len; i++)
    g_clear_pointer (&((Part *) self->parts->pdata[i])->matches, g_array_unref);
  n_new = count_before (self, self->parts->len);
  if (n_old != n_new)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, n_old, n_new);
  set_filtering (self, FALSE);
}

/**
 * postil_annotation_list_find:
 * @self: a list
 * @id: id of an annotation
 * @position: (out): where it is shown
 *
 * Returns: whether it is shown
 */
gboolean
postil_annotation_list_find (PostilAnnotationList *self, const char *id, guint *position)
{
  guint offset = 0;

  g_return_val_if_fail (POSTIL_IS_ANNOTATION_LIST (self), FALSE);
  g_return_val_if_fail (id != NULL && position != NULL, FALSE);

  for (guint i = 0; i < self->parts->len; i++)
    {
      Part *part = self->parts->pdata[i];
      PostilAnnotation *annotation = postil_document_get_annotation (part->document, id);

      if (annotation != NULL && (part->matches != NULL ? find_match (part, annotation, position)
                                                       : postil_annotation_index_find (
                                                           part->index, annotation, position)))
        {
          *position += offset;
          return TRUE;
        }
      offset += part_count (part);
    }
  return FALSE;
}
