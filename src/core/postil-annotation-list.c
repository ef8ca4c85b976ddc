/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-annotation-list-private.h"

/* How long the first stretch of filtering takes at most, in microseconds: a frame leaves room for
 * it, and for the rows that a view then makes.
 */
#define STRETCH 4000

/* The same for a document that arrives, which is to be painted: enough for a short one. */
#define SHORT_STRETCH 1000

/* More changes at once than these are not announced one by one, nor do more wait. */
#define MAX_SINGLE_CHANGES 100

/*
 * PostilAnnotationList: the annotations of a workspace's documents in reading order or another,
 * without links, as a list model of PostilAnnotationRow, all or those that a filter lets through.
 * Owned by the view that shows it; holds the workspace. It follows the documents and the codebook.
 *
 * Rows are made when they are asked for. In reading order each document is a part of its own.
 * Without a filter its nth annotation comes from its index, of which the list holds a snapshot:
 * what it says is always what it has announced, also while a document is already ahead of it. So a
 * view may have single changes wait until it has time for them. In another order all documents are
 * one part, with a sorted index of all annotations.
 *
 * With a filter each part has an array of matches, which borrow the annotations of its index. The
 * first are filtered at once, the rest in a thread: matches before the one number n_fresh come from
 * the n_scanned annotations that the present filter has seen, the others are what was there before,
 * in the same order, and stay until the thread is done. Those of a list that had no filter are not
 * put into the array, but stay in their index. Where many changes came at once they are of earlier
 * snapshots, which are held until then. A thread begins anew when anything changes meanwhile.
 *
 * Another order, and what changes very much in one that is not reading order, is listed anew in a
 * thread. Until that is done the list stays as it was, and single changes wait.
 *
 * When very many rows change they are announced in pieces, see PostilAnnotationTelling. A view that
 * says where it is keeps the rows that it has made, which become those of what takes their place.
 */
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

/* Whether @after comes where @before is. */
static gboolean
stays (PostilAnnotationPart *part,
       const PostilAnnotationEntry *before,
       const PostilAnnotationEntry *after)
{
  guint old_position, position;

  if (postil_annotation_entry_compare (before, after) == 0)
    return TRUE;
  return postil_annotation_index_find_entry (part->now.index, before, &old_position) &&
         !postil_annotation_index_find_entry (part->now.index, after, &position) &&
         (position == old_position || position == old_position + 1);
}

static void
apply_single (PostilAnnotationList *self,
              PostilAnnotationPart *part,
              guint offset,
              const PostilChange *change)
{
  GListModel *model = G_LIST_MODEL (self);
  PostilAnnotationEntry before, after;
  gboolean was = change->annotation.before != NULL, is = change->annotation.after != NULL;
  guint position, old_position;

  if (was)
    postil_annotation_sorting_place (part->now.sorting, change->document, change->annotation.before,
                                     &before);
  if (is)
    postil_annotation_sorting_place (part->now.sorting, change->document, change->annotation.after,
                                     &after);
  if (was && is && stays (part, &before, &after))
    {
      gboolean was_shown = postil_annotation_part_remove (part, &before, &old_position);
      gboolean is_shown =
        postil_annotation_part_add (part, &after, self->matcher, self->folded, &position);

      if (was_shown && is_shown)
        postil_annotation_row_follow (self->rows, before.annotation, after.annotation);
      if (was_shown || is_shown)
        g_list_model_items_changed (model, offset + (is_shown ? position : old_position), was_shown,
                                    is_shown);
      return;
    }
  if (was && postil_annotation_part_remove (part, &before, &position))
    g_list_model_items_changed (model, offset + position, 1, 0);
  if (is && postil_annotation_part_add (part, &after, self->matcher, self->folded, &position))
    g_list_model_items_changed (model, offset + position, 0, 1);
}

/* Announces what lies between the first and the last change. */
static void
announce_many (PostilAnnotationList *self,
               PostilAnnotationPart *part,
               PostilAnnotationIndex *old_index,
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
  postil_annotation_list_tell_rows (
    self, part, (PostilAnnotationRows){ .sorting = part->now.sorting, .index = old_index },
    n_same_first, n_same_last);
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
  PostilDocument *document = postil_annotation_part_get_document (part);
  guint n;
  g_autofree gpointer *listed = g_hash_table_get_keys_as_array (self->rows, &n);

  for (guint i = 0; i < n; i++)
    {
      PostilAnnotationRow *row = g_hash_table_lookup (self->rows, listed[i]);
      PostilAnnotation *after =
        postil_annotation_row_get_document (row) == document
          ? postil_annotation_index_lookup (part->now.index, postil_annotation_get_id (listed[i]))
          : NULL;

      if (after != NULL)
        postil_annotation_row_follow (self->rows, listed[i], after);
    }
}

/* In reading order. Rows that stay where they are are not announced: who shows them hears from the
 * document that everything may be another. With a filter what is shown stays until that has been
 * there.
 */
static void
apply_many (PostilAnnotationList *self,
            PostilAnnotationPart *part,
            const PostilChange *changes,
            guint n_changes)
{
  PostilAnnotationIndex *earlier = part->now.index;

  part->now.index = postil_annotation_index_ref (
    postil_document_get_annotations (postil_annotation_part_get_document (part)));
  if (part->now.matches == NULL && changes == NULL && have_same_order (earlier, part->now.index))
    {
      follow_rows (self, part);
      postil_annotation_index_unref (earlier);
      return;
    }
  if (part->now.matches == NULL)
    {
      announce_many (self, part, earlier, changes, n_changes);
      postil_annotation_index_unref (earlier);
      return;
    }
  g_ptr_array_add (part->earlier, earlier);
  postil_annotation_part_restart (part);
}

/* Finds the part that @document is listed in, and the position that it begins at. */
static PostilAnnotationPart *
find_part (PostilAnnotationList *self, PostilDocument *document, guint *offset)
{
  guint number = 0;
  PostilAnnotationPart *part = self->parts->pdata[0];

  while (!postil_annotation_sorting_has_document (part->now.sorting, document))
    part = self->parts->pdata[++number];
  *offset = postil_annotation_parts_count (self->parts, number);
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
          PostilDocument *document,
          const PostilChange *changes,
          guint n_changes)
{
  if (!self->is_listing && self->order == POSTIL_ORDER_PLACE)
    {
      guint unused;
      PostilAnnotationPart *part = find_part (self, document, &unused);

      g_clear_pointer (&part->next, postil_annotation_index_unref);
      part->next = postil_annotation_index_ref (postil_document_get_annotations (document));
    }
  for (guint i = 0; i < n_changes; i++)
    {
      PostilAnnotation *before = changes[i].annotation.before;
      PostilAnnotation *after = changes[i].annotation.after;
      PostilChange change = {
        .document = g_object_ref (document),
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
  gboolean are_single =
    !has_text && self->waiting->len + n_changes <= MAX_SINGLE_CHANGES &&
    (self->order != POSTIL_ORDER_PERSON || !postil_annotation_list_is_outdated (self));
  guint offset;
  PostilAnnotationPart *part;

  if (are_single && (self->waits || self->is_listing))
    {
      let_wait (self, document, changes, n_changes);
      return;
    }
  if (self->is_listing || (!are_single && self->order != POSTIL_ORDER_PLACE))
    {
      postil_annotation_list_renew (self);
      return;
    }

  replay (self);
  part = find_part (self, document, &offset);
  if (changes == NULL || n_changes > MAX_SINGLE_CHANGES)
    apply_many (self, part, changes, n_changes);
  else
    for (guint i = 0; i < n_changes; i++)
      apply_single (self, part, offset, &changes[i]);
  if (self->order == POSTIL_ORDER_PLACE)
    {
      postil_annotation_index_unref (part->now.index);
      part->now.index = postil_annotation_index_ref (postil_document_get_annotations (document));
    }

  /* What stays where it was may have other words there. */
  if (self->matcher != NULL && has_text)
    postil_annotation_part_restart (part);
  if (self->matcher != NULL)
    postil_annotation_list_filter_rest (self);
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
  for (guint i = position; i < position + n_removed; i++)
    g_signal_handlers_disconnect_by_func (self->documents->pdata[i], document_changed_cb, self);
  g_ptr_array_remove_range (self->documents, position, n_removed);
  for (guint i = position; i < position + n_added; i++)
    {
      PostilDocument *document = g_list_model_get_item (documents, i);

      g_signal_connect (document, "changed", G_CALLBACK (document_changed_cb), self);
      g_ptr_array_insert (self->documents, i, document);
    }
  if (self->is_listing || self->order != POSTIL_ORDER_PLACE)
    {
      postil_annotation_list_renew (self);
      return;
    }

  offset = postil_annotation_parts_count (self->parts, position);
  n_rows_removed = postil_annotation_parts_count (self->parts, position + n_removed) - offset;
  g_ptr_array_remove_range (self->parts, position, n_removed);
  for (guint i = position; i < position + n_added; i++)
    {
      PostilDocument *document = self->documents->pdata[i];
      g_autoptr (PostilAnnotationSorting) sorting =
        postil_annotation_list_new_reading_order (self, document);
      /* At first a filter lets nothing through. */
      g_autoptr (GArray) matches =
        self->matcher != NULL ? g_array_new (FALSE, FALSE, sizeof (PostilAnnotationEntry)) : NULL;

      g_ptr_array_insert (self->parts, i,
                          postil_annotation_part_new (
                            sorting, postil_document_get_annotations (document), matches, 0));
    }
  n_rows_added = postil_annotation_parts_count (self->parts, position + n_added) - offset;
  if (n_rows_removed > 0 || n_rows_added > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), offset, n_rows_removed, n_rows_added);
  postil_annotation_list_filter_some (self, SHORT_STRETCH);
  postil_annotation_list_filter_rest (self);
}

static void
codebook_changed_cb (PostilCodebook *codebook, gpointer data)
{
  PostilAnnotationList *self = data;
  gboolean is_filter_outdated =
    self->matcher != NULL && postil_annotation_matcher_reads_codebook (self->matcher);
  gboolean is_order_outdated =
    self->order == POSTIL_ORDER_TOPIC && postil_annotation_list_is_outdated (self);

  if (!is_filter_outdated && !is_order_outdated)
    return;
  postil_annotation_list_catch_up (self);
  if (is_filter_outdated)
    {
      PostilAnnotationMatcher *renewed = postil_annotation_matcher_renew (self->matcher);

      postil_annotation_matcher_unref (self->matcher);
      self->matcher = renewed;
    }
  if (is_order_outdated || self->is_listing)
    {
      postil_annotation_list_renew (self);
      return;
    }
  for (guint i = 0; i < self->parts->len; i++)
    postil_annotation_part_restart (self->parts->pdata[i]);
  postil_annotation_list_filter_rest (self);
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

  return self->telling != NULL ? postil_annotation_telling_count (self->telling)
                               : postil_annotation_parts_count (self->parts, self->parts->len);
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

  g_cancellable_cancel (self->filtering);
  g_clear_object (&self->filtering);
  for (guint i = 0; i < self->documents->len; i++)
    g_signal_handlers_disconnect_by_func (self->documents->pdata[i], document_changed_cb, self);
  g_ptr_array_unref (self->documents);
  g_ptr_array_unref (self->parts);
  g_clear_pointer (&self->sorting, postil_annotation_sorting_unref);
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

  /* Whether a filter has not been everywhere yet, or it is not yet in the order that was set. */
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
  self->documents = g_ptr_array_new_with_free_func (g_object_unref);
  self->parts = postil_annotation_list_new_parts ();
  self->rows = g_hash_table_new (NULL, NULL);
  self->folded = g_string_new (NULL);
  self->waiting = new_waiting ();
}

/**
 * postil_annotation_list_new:
 * @workspace: a workspace
 *
 * Lists the annotations of all documents of @workspace, at first one document after the other in
 * reading order.
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
  if (self->is_listing)
    {
      postil_annotation_list_renew (self);
      return;
    }
  if (self->matcher != NULL)
    {
      for (guint i = 0; i < self->parts->len; i++)
        postil_annotation_part_restart (self->parts->pdata[i]);
      postil_annotation_list_filter_some (self, STRETCH);
      postil_annotation_list_filter_rest (self);
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
        postil_annotation_list_tell_rows (self, part, then, 0, 0);
      g_array_unref (then.matches);
      g_clear_pointer (&then.rest, postil_annotation_index_unref);
      g_ptr_array_set_size (part->earlier, 0);
    }
  postil_annotation_list_filter_rest (self);
}

/**
 * postil_annotation_list_set_order:
 * @self: a list
 * @order: an order
 *
 * Sorts the annotations of all documents together; in reading order one document comes after the
 * other. Very many are sorted in a thread, while "filtering" is %TRUE; until then the list stays as
 * it is.
 */
void
postil_annotation_list_set_order (PostilAnnotationList *self, PostilAnnotationOrder order)
{
  g_return_if_fail (POSTIL_IS_ANNOTATION_LIST (self));

  if (order == self->order)
    return;

  postil_annotation_list_catch_up (self);
  self->order = order;
  postil_annotation_list_renew (self);
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
 * Announces the changes that wait, unless everything is being sorted.
 */
void
postil_annotation_list_catch_up (PostilAnnotationList *self)
{
  g_return_if_fail (POSTIL_IS_ANNOTATION_LIST (self));

  if (self->waiting->len == 0 || self->is_listing)
    return;
  replay (self);
  if (self->matcher != NULL)
    postil_annotation_list_filter_rest (self);
}

/**
 * postil_annotation_list_get:
 * @self: a list
 * @position: a position in it
 * @document: (out) (transfer none): the document of the annotation
 *
 * Gets what is listed without a row for it. While it is filtered or sorted that may be as it was
 * before many changes.
 *
 * Returns: (transfer none) (nullable): the annotation; %NULL when there are no more than @position
 */
PostilAnnotation *
postil_annotation_list_get (PostilAnnotationList *self, guint position, PostilDocument **document)
{
  g_return_val_if_fail (POSTIL_IS_ANNOTATION_LIST (self) && document != NULL, NULL);

  return self->telling != NULL ? postil_annotation_telling_get (self->telling, position, document)
                               : postil_annotation_parts_get (self->parts, position, document);
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
  g_return_val_if_fail (POSTIL_IS_ANNOTATION_LIST (self), FALSE);
  g_return_val_if_fail (id != NULL && position != NULL, FALSE);

  postil_annotation_list_catch_up (self);
  for (guint i = 0; i < self->documents->len; i++)
    {
      PostilDocument *document = self->documents->pdata[i];
      PostilAnnotation *annotation = postil_document_get_annotation (document, id);

      if (annotation == NULL || postil_annotation_part_hides (annotation))
        continue;
      if (self->telling != NULL
            ? postil_annotation_telling_find (self->telling, document, annotation, position)
            : postil_annotation_parts_find (self->parts, document, annotation, position))
        return TRUE;
    }
  return FALSE;
}

/**
 * postil_annotation_list_hold:
 * @self: a list
 *
 * Returns: (transfer full): what is listed now, without the changes that wait, to be read in any
 *   thread
 */
PostilAnnotationListing *
postil_annotation_list_hold (PostilAnnotationList *self)
{
  g_return_val_if_fail (POSTIL_IS_ANNOTATION_LIST (self), NULL);

  return postil_annotation_listing_new (self->parts);
}
