/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "list-view.h"

#include <string.h>

#include "postil-edit.h"
#include "postil-test.h"

static void
items_changed_cb (GListModel *model, guint position, guint n_removed, guint n_added, gpointer data)
{
  View *view = data;

  g_assert_cmpuint (position + n_removed, <=, view->rows->len);
  g_assert_cmpuint (n_removed + n_added, >, 0);
  if (n_removed > 0)
    g_ptr_array_remove_range (view->rows, position, n_removed);
  for (guint i = 0; i < n_added; i++)
    g_ptr_array_insert (view->rows, position + i, g_list_model_get_item (model, position + i));
  g_assert_cmpuint (view->rows->len, ==, g_list_model_get_n_items (model));
  view->n_emissions++;
  view->last_removed = n_removed;
  view->last_added = n_added;
}

/* The same items, which are others' now. */
static void
handed_over_cb (PostilAnnotationList *list, guint position, guint n, gpointer data)
{
  View *view = data;

  g_assert_cmpuint (n, >, 0);
  g_assert_cmpuint (position + n, <=, view->rows->len);
  for (guint i = position; i < position + n; i++)
    {
      g_autoptr (PostilAnnotationRow) row = g_list_model_get_item (G_LIST_MODEL (list), i);
      PostilDocument *document;

      g_assert_true (row == view->rows->pdata[i]);
      g_assert_true (postil_annotation_row_get_annotation (row) ==
                     postil_annotation_list_get (list, i, &document));
    }
  view->n_handed_over++;
}

static gboolean
view_look_cb (PostilAnnotationSight *sight, gpointer data)
{
  View *view = data;

  if (view->rows->len == 0)
    return FALSE;
  sight->first = g_rand_int_range (view->rand, 0, view->rows->len);
  sight->n = g_rand_int_range (view->rand, 1, view->rows->len - sight->first + 1);
  sight->kept = sight->first + g_rand_int_range (view->rand, 0, sight->n);
  return TRUE;
}

void
view_init (View *view)
{
  view->workspace = postil_test_workspace_new ();
  view->list = postil_annotation_list_new (view->workspace);
  view->rows = g_ptr_array_new_with_free_func (g_object_unref);
  view->order = POSTIL_ORDER_PLACE;
  view->n_emissions = view->n_handed_over = 0;
  view->rand = g_rand_new_with_seed (3);
  g_signal_connect (view->list, "items-changed", G_CALLBACK (items_changed_cb), view);
  g_signal_connect (view->list, "handed-over", G_CALLBACK (handed_over_cb), view);
}

void
view_clear (View *view)
{
  g_ptr_array_unref (view->rows);
  g_rand_free (view->rand);
  g_object_unref (view->list);
  g_object_unref (view->workspace);
}

void
view_set_order (View *view, PostilAnnotationOrder order)
{
  view->order = order;
  postil_annotation_list_set_order (view->list, order);
}

gboolean
is_filtering (View *view)
{
  gboolean filtering;

  g_object_get (view->list, "filtering", &filtering, NULL);
  return filtering;
}

void
finish_filtering (View *view)
{
  while (is_filtering (view))
    g_main_context_iteration (NULL, TRUE);
}

/* The list says the same as what it announced, item by item. */
void
check_announced (View *view)
{
  GListModel *model = G_LIST_MODEL (view->list);

  g_assert_cmpuint (g_list_model_get_n_items (model), ==, view->rows->len);
  g_assert_null (g_list_model_get_item (model, view->rows->len));
  for (guint i = 0; i < view->rows->len; i++)
    {
      g_autoptr (PostilAnnotationRow) row = g_list_model_get_item (model, i);

      g_assert_true (row == view->rows->pdata[i]);
    }
}

/* Compares as the folding should, by other means. */
static gboolean
naive_contains (const char *text, const char *words)
{
  g_autofree char *ascii = g_str_to_ascii (text, "C");
  g_autofree char *folded = g_ascii_strdown (ascii, -1);
  g_autofree char *ascii_words = g_str_to_ascii (words, "C");
  g_autofree char *folded_words = g_ascii_strdown (ascii_words, -1);
  g_auto (GStrv) each = g_strsplit (folded_words, " ", -1);

  for (guint i = 0; each[i] != NULL; i++)
    if (strstr (folded, each[i]) == NULL)
      return FALSE;
  return TRUE;
}

static gboolean
naive_match (View *view,
             const PostilAnnotationFilter *filter,
             PostilDocument *document,
             PostilAnnotation *annotation)
{
  PostilCodebook *codebook = postil_workspace_get_codebook (view->workspace);
  g_autoptr (GString) all = g_string_new (NULL);
  PostilAnnotationFields fields;
  gboolean has_topic = FALSE;

  postil_annotation_get_fields (annotation, &fields);
  for (guint i = 0; i < fields.n_spans; i++)
    {
      g_autofree char *passage =
        postil_text_dup_range (postil_document_get_text (document), fields.spans[i]);

      g_string_append_printf (all, "%s\n", passage);
    }
  for (guint i = 0; i < fields.n_notes; i++)
    g_string_append_printf (all, "%s\n", postil_note_get_text (fields.notes[i]));
  for (guint i = 0; i < fields.n_topics; i++)
    {
      PostilTopic *topic = postil_codebook_get_topic (codebook, fields.topics[i]);

      g_string_append_printf (all, "%s\n", postil_topic_get_label (topic));
      for (; topic != NULL && filter->topic != NULL;
           topic = postil_topic_get_broader (topic) != NULL
                     ? postil_codebook_get_topic (codebook, postil_topic_get_broader (topic))
                     : NULL)
        has_topic |= strcmp (postil_topic_get_id (topic), filter->topic) == 0;
    }
  return (filter->document == NULL || filter->document == document) &&
         (filter->topic == NULL || has_topic) &&
         (!filter->review || (postil_review_get_kinds (annotation) & filter->review)) &&
         (filter->text == NULL || naive_contains (all->str, filter->text));
}

/* A row that should be there, and what it is sorted by, as one would do it by hand. */
typedef struct
{
  PostilDocument *document;
  PostilAnnotation *annotation;
  char *key;
  guint number;
} Expected;

static void
expected_clear (gpointer data)
{
  g_free (((Expected *) data)->key);
}

/* Finds how many topics come before one in the tree below @broader, counting it in at the end. */
static gboolean
naive_count_before (PostilCodebook *codebook, const char *broader, const char *topic, guint *n)
{
  g_autoptr (GPtrArray) children = postil_codebook_list_children (codebook, broader);

  for (guint i = 0; i < children->len; i++)
    {
      const char *id = postil_topic_get_id (children->pdata[i]);

      if (strcmp (id, topic) == 0)
        return TRUE;
      ++*n;
      if (naive_count_before (codebook, id, topic, n))
        return TRUE;
    }
  return FALSE;
}

static char *
naive_key (View *view, PostilDocument *document, PostilAnnotation *annotation)
{
  PostilCodebook *codebook = postil_workspace_get_codebook (view->workspace);
  PostilAnnotator *annotator;
  PostilAnnotationFields fields;
  guint length = 0, first = G_MAXUINT;

  postil_annotation_get_fields (annotation, &fields);
  switch (view->order)
    {
    case POSTIL_ORDER_TOPIC:
      for (guint i = 0; i < fields.n_topics; i++)
        {
          guint n = 0;

          if (naive_count_before (codebook, NULL, fields.topics[i], &n))
            first = MIN (first, n);
        }
      return g_strdup_printf ("%010u", first);
    case POSTIL_ORDER_PERSON:
      annotator = postil_document_get_annotator (document, fields.creator);
      return annotator != NULL ? g_strconcat ("0", postil_annotator_get_name (annotator), NULL)
                               : g_strdup ("1");
    case POSTIL_ORDER_NEWEST:
      return g_strdup_printf ("%020" G_GINT64_FORMAT,
                              G_MAXINT64 -
                                (fields.modified != 0 ? fields.modified : fields.created));
    case POSTIL_ORDER_LONGEST:
      for (guint i = 0; i < fields.n_spans; i++)
        length += fields.spans[i].end - fields.spans[i].start;
      return g_strdup_printf ("%010u", G_MAXUINT - length);
    default:
      return g_strdup ("");
    }
}

static int
compare_expected (gconstpointer a, gconstpointer b)
{
  const Expected *x = a, *y = b;
  int order = strcmp (x->key, y->key);

  return order != 0 ? order : x->number < y->number ? -1 : x->number > y->number;
}

/* The list shows what it should, in the order in which it should, once it has been everywhere. */
void
check_filtered (View *view, const PostilAnnotationFilter *filter)
{
  GListModel *documents = postil_workspace_get_documents (view->workspace);
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (Expected));
  guint position;

  g_array_set_clear_func (all, expected_clear);
  postil_annotation_list_catch_up (view->list);
  finish_filtering (view);
  check_announced (view);
  for (guint i = 0; i < g_list_model_get_n_items (documents); i++)
    {
      g_autoptr (PostilDocument) document = g_list_model_get_item (documents, i);
      PostilAnnotationIndex *index = postil_document_get_annotations (document);

      for (guint j = 0; j < postil_annotation_index_get_size (index); j++)
        {
          PostilAnnotation *annotation = postil_annotation_index_get (index, j);
          Expected expected = { document, annotation, NULL, all->len };

          if (!naive_match (view, filter, document, annotation))
            {
              const char *id = postil_annotation_get_id (annotation);

              g_assert_false (postil_annotation_list_find (view->list, id, &position));
              continue;
            }
          expected.key = naive_key (view, document, annotation);
          g_array_append_val (all, expected);
        }
    }
  g_array_sort (all, compare_expected);
  g_assert_cmpuint (view->rows->len, ==, all->len);
  for (guint i = 0; i < all->len; i++)
    {
      const Expected *expected = &g_array_index (all, Expected, i);
      PostilAnnotationRow *row = view->rows->pdata[i];
      const char *id = postil_annotation_get_id (expected->annotation);

      g_assert_true (postil_annotation_row_get_annotation (row) == expected->annotation);
      g_assert_true (postil_annotation_row_get_document (row) == expected->document);
      g_assert_true (postil_annotation_list_find (view->list, id, &position));
      g_assert_cmpuint (position, ==, i);
    }
}

const PostilAnnotationFilter everything = { 0 };

PostilAnnotation *
get_annotation (PostilDocument *document, const char *id)
{
  PostilAnnotation *annotation = postil_document_get_annotation (document, id);

  g_assert_nonnull (annotation);
  return annotation;
}

void
commit (View *view, PostilStep *step)
{
  postil_workspace_commit (view->workspace, step, NULL);
  postil_history_seal (postil_workspace_get_history (view->workspace));
}

static const char *const vocabulary[] = { "café", "CAFE", "Trust", "trüst", "doubt", "x", "RIVER" };

static const char *
random_word (GRand *rand)
{
  return vocabulary[g_rand_int_range (rand, 0, G_N_ELEMENTS (vocabulary))];
}

static PostilDocument *
random_document (GRand *rand, guint number)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *name = g_strdup_printf ("%u.txt", number);

  for (guint i = 0; i < 100; i++)
    g_string_append_printf (text, "%s ", random_word (rand));
  return postil_test_document_new (name, text->str);
}

static PostilTopic *
random_topic (GRand *rand, PostilCodebook *codebook)
{
  GPtrArray *topics = postil_codebook_get_topics (codebook);

  return topics->len > 0 ? topics->pdata[g_rand_int_range (rand, 0, topics->len)] : NULL;
}

static PostilDocument *
pick_document (GRand *rand, View *view)
{
  GListModel *documents = postil_workspace_get_documents (view->workspace);
  guint n = g_list_model_get_n_items (documents);
  g_autoptr (PostilDocument) document = NULL;

  if (n > 0)
    document = g_list_model_get_item (documents, g_rand_int_range (rand, 0, n));
  return document;
}

/* Makes a passage that was not found of one that was, or back. */
static void
toggle_orphan (PostilStep *step, PostilDocument *document, PostilAnnotation *annotation)
{
  PostilSelector selector = { .has_position = TRUE, .exact = "lost", .position = { 40, 44 } };
  PostilSpan span = { 40, 44 };
  g_autoptr (PostilAnchor) anchor = postil_anchor_new (&selector, 1, NULL, NULL);
  g_autoptr (PostilAnnotation) after = NULL;
  PostilAnnotationFields fields;

  postil_annotation_get_fields (annotation, &fields);
  if (fields.status == POSTIL_STATUS_PLACED)
    {
      fields.status = POSTIL_STATUS_ORPHANED;
      fields.anchor = anchor;
      fields.n_spans = 0;
    }
  else
    {
      fields.status = POSTIL_STATUS_PLACED;
      fields.anchor = NULL;
      fields.spans = &span;
      fields.n_spans = 1;
    }
  after = postil_annotation_new (&fields);
  postil_step_change_annotation (step, document, annotation, after);
}

static void
change_time (GRand *rand, PostilStep *step, PostilDocument *document, PostilAnnotation *annotation)
{
  static const gint64 times[] = { 0, 1, 1767225599, 1767225601, G_MAXUINT };
  g_autoptr (PostilAnnotation) after = NULL;
  PostilAnnotationFields fields;

  postil_annotation_get_fields (annotation, &fields);
  fields.modified = times[g_rand_int_range (rand, 0, G_N_ELEMENTS (times))];
  after = postil_annotation_new (&fields);
  postil_step_change_annotation (step, document, annotation, after);
}

static void
change_text (GRand *rand, View *view, PostilStep *step)
{
  PostilDocument *document = pick_document (rand, view);
  g_autofree char *utf8 = NULL;
  g_autoptr (PostilText) text = NULL;

  if (document == NULL)
    return;
  utf8 = postil_text_dup_range (
    postil_document_get_text (document),
    (PostilSpan){ 0, postil_text_get_length (postil_document_get_text (document)) });
  utf8[0] = utf8[0] == 'R' ? 'x' : 'R';
  text = postil_text_new (g_strdup (utf8), strlen (utf8), NULL);
  postil_step_change_text (step, document, postil_document_get_text (document), text);
}

/* Another person goes on. */
static void
change_person (GRand *rand, View *view)
{
  static const char *const names[] = { "Ada", "Bea", "Bea", "Cid", "Dan" };
  guint number = g_rand_int_range (rand, 0, G_N_ELEMENTS (names));
  g_autofree char *id = g_strdup_printf ("urn:x:%u", number);
  g_autoptr (PostilAnnotator) annotator = postil_annotator_new (id, names[number], NULL);

  postil_workspace_set_annotator (view->workspace, annotator);
}

static void
add_random_change (GRand *rand, View *view, PostilStep *step)
{
  PostilDocument *document = pick_document (rand, view);
  PostilTopic *topic = random_topic (rand, postil_workspace_get_codebook (view->workspace));
  const char *topics[] = { topic != NULL ? postil_topic_get_id (topic) : NULL, NULL };
  PostilAnnotation *annotation;
  PostilAnnotationIndex *index;
  guint start, n;

  if (document == NULL)
    return;
  index = postil_document_get_annotations (document);
  n = postil_annotation_index_get_size (index);
  annotation = n > 0 ? postil_annotation_index_get (index, g_rand_int_range (rand, 0, n)) : NULL;
  start = g_rand_int_range (rand, 0, 300);
  switch (annotation == NULL ? 0 : g_rand_int_range (rand, 0, 8))
    {
    case 0:
    case 1:
      g_free (
        postil_edit_add_annotation (view->workspace, step, document,
                                    &(PostilSpan){ start, start + g_rand_int_range (rand, 1, 20) },
                                    g_rand_int_range (rand, 0, 10) > 0, topics,
                                    g_rand_boolean (rand) ? random_word (rand) : NULL));
      break;
    case 2:
      postil_edit_remove_annotation (step, document, annotation);
      break;
    case 3:
      toggle_orphan (step, document, annotation);
      break;
    case 4:
      change_time (rand, step, document, annotation);
      break;
    case 5:
      if (topic != NULL)
        postil_edit_set_topic (view->workspace, step, document, annotation, topics[0],
                               g_rand_boolean (rand));
      break;
    default:
      postil_edit_set_note (view->workspace, step, document, annotation, random_word (rand));
    }
}

static void
add_bulk_change (GRand *rand, View *view, PostilStep *step)
{
  PostilDocument *document = pick_document (rand, view);
  PostilAnnotationIndex *index;
  gboolean removes = g_rand_int_range (rand, 0, 3) == 0;
  guint n;

  if (document == NULL)
    return;
  index = postil_document_get_annotations (document);
  n = postil_annotation_index_get_size (index);
  for (guint i = 0; i < n; i++)
    {
      PostilAnnotation *annotation = postil_annotation_index_get (index, i);

      if (g_rand_int_range (rand, 0, 5) == 0)
        toggle_orphan (step, document, annotation);
      else if (removes)
        postil_edit_remove_annotation (step, document, annotation);
      else
        postil_edit_set_note (view->workspace, step, document, annotation, random_word (rand));
    }
  for (guint i = 0; i < 150; i++)
    g_free (postil_edit_add_annotation (view->workspace, step, document,
                                        &(PostilSpan){ 2 * i, 2 * i + 9 }, 1, NULL,
                                        random_word (rand)));
}

static void
change_codebook (GRand *rand, View *view, PostilStep *step)
{
  PostilCodebook *codebook = postil_workspace_get_codebook (view->workspace);
  PostilTopic *topic = random_topic (rand, codebook);
  PostilTopic *parent = random_topic (rand, codebook);
  PostilTopicFields fields;

  if (topic == NULL || postil_codebook_get_topics (codebook)->len < 6)
    {
      g_autofree char *label = g_strdup_printf ("%s %u", random_word (rand), g_rand_int (rand));

      g_free (postil_edit_add_topic (view->workspace, step, label,
                                     parent != NULL ? postil_topic_get_id (parent) : NULL));
      return;
    }
  postil_topic_get_fields (topic, &fields);
  if (g_rand_boolean (rand))
    fields.label = random_word (rand);
  else
    fields.broader = g_rand_boolean (rand) ? postil_topic_get_id (parent) : NULL;
  /* It may not be possible; that is the codebook's own test. */
  postil_edit_change_topic (view->workspace, step, &fields, NULL);
}

typedef struct
{
  PostilAnnotationFilter filter;
  char *topic;
  char *text;
} RandomFilter;

static void
random_filter (GRand *rand, View *view, RandomFilter *random)
{
  PostilTopic *topic = random_topic (rand, postil_workspace_get_codebook (view->workspace));

  g_clear_pointer (&random->topic, g_free);
  g_clear_pointer (&random->text, g_free);
  if (topic != NULL && g_rand_int_range (rand, 0, 3) == 0)
    random->topic = g_strdup (postil_topic_get_id (topic));
  if (g_rand_boolean (rand))
    random->text = g_rand_boolean (rand)
                     ? g_strdup (random_word (rand))
                     : g_strconcat (random_word (rand), " ", random_word (rand), NULL);
  random->filter = (PostilAnnotationFilter){
    .document = g_rand_int_range (rand, 0, 5) == 0 ? pick_document (rand, view) : NULL,
    .topic = random->topic,
    .text = random->text,
    .review = g_rand_int_range (rand, 0, 5) == 0 ? g_rand_int_range (rand, 1, 16) : 0,
  };
  postil_annotation_list_set_filter (view->list, &random->filter);
}

/* All that can happen, in any order. With many annotations much of it happens while a filter is on
 * its way.
 */
void
test_random (gconstpointer data)
{
  const RandomTest *test = data;
  g_autoptr (GRand) rand = g_rand_new_with_seed (11);
  g_autoptr (GPtrArray) documents = g_ptr_array_new_with_free_func (g_object_unref);
  RandomFilter random = { 0 };
  guint n_while_filtering = 0;
  View view;

  view_init (&view);
  if (test->looks)
    postil_annotation_list_set_look (view.list, view_look_cb, &view);
  for (guint i = 0; i < 4; i++)
    g_ptr_array_add (documents, random_document (rand, i));
  if (test->n_annotations > 0)
    {
      g_autoptr (PostilStep) step = postil_step_new ("Annotate");

      postil_workspace_add_document (view.workspace, documents->pdata[0]);
      for (guint i = 0; i < test->n_annotations; i++)
        g_free (postil_edit_add_annotation (view.workspace, step, documents->pdata[0],
                                            &(PostilSpan){ i % 300, i % 300 + i % 50 }, 1, NULL,
                                            random_word (rand)));
      commit (&view, step);
    }

  for (guint round = 0; round < test->n_rounds; round++)
    {
      g_autoptr (PostilStep) step = postil_step_new ("Change");
      guint dice = g_rand_int_range (rand, 0, 1000);
      PostilDocument *document = documents->pdata[g_rand_int_range (rand, 0, documents->len)];
      gboolean is_open = postil_workspace_find_document (
                           view.workspace, postil_document_get_file (document)) != NULL;

      if (dice < 15 && is_open)
        postil_workspace_remove_document (view.workspace, document);
      else if (dice < 60 && !is_open)
        postil_workspace_add_document (view.workspace, document);
      else if (dice < 70 && test->n_annotations == 0)
        add_bulk_change (rand, &view, step);
      else if (dice < 100)
        change_codebook (rand, &view, step);
      else if (dice < 130)
        random_filter (rand, &view, &random);
      else if (dice < 135)
        change_text (rand, &view, step);
      else if (dice < 140)
        change_person (rand, &view);
      else if (dice < 150 && test->sorts)
        view_set_order (&view, g_rand_int_range (rand, 0, POSTIL_ORDER_LONGEST + 1));
      else if (dice < 200 && test->n_annotations == 0)
        postil_workspace_undo (view.workspace);
      else if (dice < 250)
        postil_workspace_redo (view.workspace);
      else
        add_random_change (rand, &view, step);
      commit (&view, step);
      if (dice % 40 == 0)
        postil_annotation_list_set_waits (view.list, g_rand_boolean (rand));
      else if (dice % 40 == 1)
        postil_annotation_list_catch_up (view.list);

      n_while_filtering += is_filtering (&view);
      if (round % test->n_rounds_to_check == 0)
        check_filtered (&view, &random.filter);
      else if (round % 7 == 0)
        check_announced (&view);
      else if (g_rand_boolean (rand))
        g_main_context_iteration (NULL, FALSE);
    }
  check_filtered (&view, &random.filter);
  postil_annotation_list_set_filter (view.list, NULL);
  check_filtered (&view, &everything);
  g_test_message ("%u rows, %u emissions, %u rounds while filtering", view.rows->len,
                  view.n_emissions, n_while_filtering);
  g_assert_cmpint (view.n_handed_over > 0, ==, test->looks);
  view_clear (&view);
  g_free (random.topic);
  g_free (random.text);
}
