/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "postil-annotation-index.h"
#include "postil-snapshot.h"

/* What an index is compared with: a sorted array, searched from end to end. */

static int
compare_pointed (gconstpointer a, gconstpointer b)
{
  return postil_annotation_compare (*(PostilAnnotation *const *) a, *(PostilAnnotation *const *) b);
}

static GPtrArray *
model_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) postil_annotation_unref);
}

static GPtrArray *
model_copy (GPtrArray *model)
{
  GPtrArray *copy = model_new ();

  for (guint i = 0; i < model->len; i++)
    g_ptr_array_add (copy, postil_annotation_ref (model->pdata[i]));
  return copy;
}

static gboolean
is_touched (PostilAnnotation *annotation, PostilSpan span)
{
  guint n_spans;
  const PostilSpan *spans = postil_annotation_get_spans (annotation, &n_spans);

  for (guint i = 0; i < n_spans; i++)
    if (postil_span_touches (spans[i], span))
      return TRUE;
  return FALSE;
}

static guint
count_touched_ranges (GPtrArray *model, PostilSpan span)
{
  guint n = 0;

  for (guint i = 0; i < model->len; i++)
    {
      guint n_spans;
      const PostilSpan *spans = postil_annotation_get_spans (model->pdata[i], &n_spans);

      for (guint j = 0; j < n_spans; j++)
        n += postil_span_touches (spans[j], span);
    }
  return n;
}

/* Makes a passage with the given ranges; an orphan that was last at @place without any. */
static PostilAnnotation *
make (const char *id,
      PostilAnnotationKind kind,
      const PostilSpan *spans,
      guint n_spans,
      guint place)
{
  PostilAnnotationFields fields = { .id = id, .kind = kind, .spans = spans, .n_spans = n_spans };
  g_autoptr (PostilAnchor) anchor = NULL;
  const char *const topics[] = { id[strlen (id) - 1] % 2 ? "urn:t:odd" : "urn:t:even",
                                 spans != NULL ? "urn:t:placed" : NULL };

  if (kind == POSTIL_ANNOTATION_PASSAGE && n_spans == 0)
    {
      PostilSelector selector = { .has_position = TRUE, .position = { place, place + 3 } };

      anchor = postil_anchor_new (&selector, 1, NULL, NULL);
      fields.status = POSTIL_STATUS_ORPHANED;
      fields.anchor = anchor;
    }
  fields.topics = topics;
  fields.n_topics = spans != NULL ? 2 : 1;
  return postil_annotation_new (&fields);
}

static int
compare_spans (gconstpointer a, gconstpointer b)
{
  const PostilSpan *x = a, *y = b;

  return x->start != y->start ? (x->start < y->start ? -1 : 1)
                              : (x->end > y->end) - (x->end < y->end);
}

/* Makes any annotation in a text of @length code points: many empty, many that start together. */
static PostilAnnotation *
make_random (GRand *rand, guint number, guint length)
{
  g_autofree char *id = g_strdup_printf ("urn:x:%u", number);
  PostilSpan spans[4];
  int dice = g_rand_int_range (rand, 0, 100);
  guint n_spans;

  if (dice < 2)
    return make (id, POSTIL_ANNOTATION_DOCUMENT, NULL, 0, 0);
  if (dice < 4)
    return make (id, POSTIL_ANNOTATION_FOREIGN, NULL, 0, 0);
  if (dice < 10)
    return make (id, POSTIL_ANNOTATION_PASSAGE, NULL, 0, g_rand_int_range (rand, 0, length));

  n_spans = dice < 75 ? 1 : g_rand_int_range (rand, 1, 5);
  for (guint i = 0; i < n_spans; i++)
    {
      guint start = g_rand_int_range (rand, 0, length);

      if (g_rand_boolean (rand))
        start -= start % 10;
      spans[i].start = start;
      spans[i].end = start;
      if (g_rand_int_range (rand, 0, 10) > 0)
        spans[i].end += g_rand_int_range (rand, 1, 30);
      if (g_rand_int_range (rand, 0, 50) == 0)
        spans[i].end = g_rand_int_range (rand, start, length + 1);
    }
  qsort (spans, n_spans, sizeof (PostilSpan), compare_spans);
  return make (id, POSTIL_ANNOTATION_PASSAGE, spans, n_spans, 0);
}

typedef struct
{
  GPtrArray *annotations;
  PostilSpan query;
  guint last_start;
  guint limit;
} Walk;

static gboolean
collect_cb (PostilAnnotation *annotation, PostilSpan span, gpointer data)
{
  Walk *walk = data;

  g_ptr_array_add (walk->annotations, annotation);
  return walk->annotations->len != walk->limit;
}

static gboolean
collect_in_cb (PostilAnnotation *annotation, PostilSpan span, gpointer data)
{
  Walk *walk = data;
  guint n_spans;
  const PostilSpan *spans = postil_annotation_get_spans (annotation, &n_spans);
  gboolean is_range = FALSE;

  for (guint i = 0; i < n_spans; i++)
    is_range |= postil_span_equal (spans[i], span);
  g_assert_true (is_range);
  g_assert_true (postil_span_touches (span, walk->query));
  g_assert_cmpuint (span.start, >=, walk->last_start);
  walk->last_start = span.start;
  return collect_cb (annotation, span, data);
}

static void
check_query (PostilAnnotationIndex *index, GPtrArray *model, PostilSpan query)
{
  g_autoptr (GPtrArray) met = g_ptr_array_new ();
  g_autoptr (GPtrArray) listed = postil_annotation_index_list_in (index, query);
  Walk walk = { .annotations = met, .query = query };
  guint n = 0;

  for (guint i = 0; i < model->len; i++)
    if (is_touched (model->pdata[i], query))
      {
        g_assert_cmpuint (n, <, listed->len);
        g_assert_true (listed->pdata[n++] == model->pdata[i]);
      }
  g_assert_cmpuint (listed->len, ==, n);

  postil_annotation_index_foreach_in (index, query, collect_in_cb, &walk);
  g_assert_cmpuint (met->len, ==, count_touched_ranges (model, query));
}

static void
add_to_cb (gpointer topic, gpointer list)
{
  g_ptr_array_add (list, topic);
}

static void
check_order (PostilAnnotationIndex *index, GPtrArray *model)
{
  g_autoptr (GPtrArray) met = g_ptr_array_new ();
  Walk walk = { .annotations = met };

  g_assert_cmpuint (postil_annotation_index_get_size (index), ==, model->len);
  g_assert_null (postil_annotation_index_get (index, model->len));
  postil_annotation_index_foreach (index, collect_cb, &walk);
  g_assert_cmpuint (met->len, ==, model->len);
  for (guint i = 0; i < model->len; i++)
    {
      guint position;

      g_assert_true (met->pdata[i] == model->pdata[i]);
      g_assert_true (postil_annotation_index_get (index, i) == model->pdata[i]);
      g_assert_true (postil_annotation_index_find (index, model->pdata[i], &position));
      g_assert_cmpuint (position, ==, i);
      g_assert_true (postil_annotation_index_lookup (
                       index, postil_annotation_get_id (model->pdata[i])) == model->pdata[i]);
    }
  g_assert_null (postil_annotation_index_lookup (index, "urn:x:none"));
}

/* What is counted one by one is what is counted at once. */
static void
check_tally (PostilAnnotationIndex *index, GPtrArray *model)
{
  static const char *const topics[] = { "urn:t:odd", "urn:t:even", "urn:t:placed", "urn:t:none" };
  PostilAnnotationTally *tally = postil_annotation_index_get_tally (index);
  PostilReviewCounts review = { 0 };
  g_autoptr (GPtrArray) listed = g_ptr_array_new ();
  guint n_listed = 0;

  for (guint t = 0; t < G_N_ELEMENTS (topics); t++)
    {
      guint n = 0;

      for (guint i = 0; i < model->len; i++)
        n += postil_annotation_has_topic (model->pdata[i], topics[t]);
      g_assert_cmpuint (postil_annotation_tally_count_topic (tally, topics[t]), ==, n);
      n_listed += n > 0;
    }
  postil_annotation_tally_foreach_topic (tally, add_to_cb, listed);
  g_assert_cmpuint (listed->len, ==, n_listed);
  for (guint i = 0; i < model->len; i++)
    postil_review_counts_change (&review, model->pdata[i], 1);
  g_assert_cmpmem (postil_annotation_tally_get_review (tally), sizeof review, &review,
                   sizeof review);
}

static void
check (PostilAnnotationIndex *index, GPtrArray *model, GRand *rand, guint length)
{
  check_order (index, model);
  check_tally (index, model);
  for (guint i = 0; i < 20; i++)
    {
      guint start = g_rand_int_range (rand, 0, length + 2);
      guint end = start + (i % 4 == 0 ? 0 : g_rand_int_range (rand, 0, 1 << (i / 2)));

      check_query (index, model, (PostilSpan){ start, end });
    }
  check_query (index, model, (PostilSpan){ 0, length });
  check_query (index, model, (PostilSpan){ 0, G_MAXUINT });
  check_query (index, model, (PostilSpan){ G_MAXUINT, G_MAXUINT });
}

static void
test_empty (void)
{
  g_autoptr (PostilAnnotationIndex) index = postil_annotation_index_new (NULL, 0);
  g_autoptr (GPtrArray) model = model_new ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  g_autoptr (PostilAnnotation) one = make_random (rand, 0, 10);
  guint position = 7;

  check (index, model, rand, 10);
  g_assert_false (postil_annotation_index_find (index, one, &position));
  g_assert_cmpuint (position, ==, 0);

  index = postil_annotation_index_replace (g_steal_pointer (&index), NULL, one);
  index = postil_annotation_index_replace (g_steal_pointer (&index), one, NULL);
  check (index, model, rand, 10);
}

/* What a span is said to touch, and that whatever has no place is never touched. */
static void
test_touches (void)
{
  static const struct
  {
    PostilSpan range;
    PostilSpan query;
    gboolean touched;
  } cases[] = {
    { { 5, 8 }, { 0, 5 }, FALSE }, { { 5, 8 }, { 0, 6 }, TRUE }, { { 5, 8 }, { 7, 9 }, TRUE },
    { { 5, 8 }, { 8, 9 }, FALSE }, { { 5, 8 }, { 6, 7 }, TRUE }, { { 5, 8 }, { 4, 9 }, TRUE },
    { { 5, 8 }, { 5, 5 }, TRUE },  { { 5, 8 }, { 7, 7 }, TRUE }, { { 5, 8 }, { 8, 8 }, FALSE },
    { { 5, 8 }, { 4, 4 }, FALSE }, { { 5, 5 }, { 5, 6 }, TRUE }, { { 5, 5 }, { 4, 5 }, FALSE },
    { { 5, 5 }, { 4, 6 }, TRUE },  { { 5, 5 }, { 5, 5 }, TRUE }, { { 5, 5 }, { 4, 4 }, FALSE },
    { { 5, 5 }, { 6, 6 }, FALSE }, { { 0, 0 }, { 0, 0 }, TRUE }, { { 0, 0 }, { 1, 4 }, FALSE },
    { { 0, 1 }, { 0, 0 }, TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PostilAnnotation) passage =
        make ("urn:x:1", POSTIL_ANNOTATION_PASSAGE, &cases[i].range, 1, 0);
      g_autoptr (PostilAnnotation) document =
        make ("urn:x:2", POSTIL_ANNOTATION_DOCUMENT, NULL, 0, 0);
      g_autoptr (PostilAnnotation) foreign =
        make ("urn:x:3", POSTIL_ANNOTATION_FOREIGN, NULL, 0, 0);
      g_autoptr (PostilAnnotation) orphan =
        make ("urn:x:4", POSTIL_ANNOTATION_PASSAGE, NULL, 0, cases[i].range.start);
      PostilAnnotation *all[] = { foreign, passage, orphan, document };
      g_autoptr (PostilAnnotationIndex) index = postil_annotation_index_new (all, 4);
      g_autoptr (GPtrArray) listed = postil_annotation_index_list_in (index, cases[i].query);

      g_test_message ("case %u", i);
      g_assert_cmpuint (listed->len, ==, cases[i].touched);
      g_assert_true (postil_annotation_index_get (index, 0) == document);
      g_assert_true (postil_annotation_index_get (index, 3) == foreign);
    }
}

static void
test_build (void)
{
  static const guint sizes[] = { 1, 2, 3, 10, 1000, 30000 };
  g_autoptr (GRand) rand = g_rand_new_with_seed (2);

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      guint length = sizes[i] * 10;
      g_autoptr (GPtrArray) model = model_new ();
      g_autoptr (PostilAnnotationIndex) index = NULL;
      g_autoptr (PostilAnnotationIndex) again = NULL;

      for (guint j = 0; j < sizes[i]; j++)
        g_ptr_array_add (model, make_random (rand, j, length));
      index = postil_annotation_index_new ((PostilAnnotation **) model->pdata, model->len);
      g_ptr_array_sort (model, compare_pointed);
      check (index, model, rand, length);
      again = postil_annotation_index_new ((PostilAnnotation **) model->pdata, model->len);
      check (again, model, rand, length);
    }
}

/* Annotations are taken over unless two share an id; then they stay where they are. */
static void
test_take (void)
{
  static const guint sizes[] = { 0, 1, 2, 30000 };
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      guint length = MAX (sizes[i], 1) * 10;
      g_autoptr (GPtrArray) given = model_new (), model = model_new ();
      g_autoptr (PostilAnnotationIndex) index = NULL;

      for (guint j = 0; j < sizes[i]; j++)
        {
          g_ptr_array_add (given, make_random (rand, j, length));
          g_ptr_array_add (model, postil_annotation_ref (given->pdata[j]));
        }
      if (sizes[i] > 0)
        {
          g_ptr_array_add (given, make_random (rand, sizes[i] - 1, length));
          g_assert_null (postil_annotation_index_new_take (given));
          g_assert_cmpuint (given->len, ==, sizes[i] + 1);
          g_ptr_array_set_size (given, sizes[i]);
        }
      index = postil_annotation_index_new_take (given);
      g_assert_cmpuint (given->len, ==, 0);
      g_ptr_array_sort (model, compare_pointed);
      check (index, model, rand, length);
    }
}

typedef struct
{
  PostilAnnotationIndex *index;
  GPtrArray *model;
} Snapshot;

static void
snapshot_free (gpointer data)
{
  Snapshot *snapshot = data;

  postil_annotation_index_unref (snapshot->index);
  g_ptr_array_unref (snapshot->model);
  g_free (snapshot);
}

static guint
model_locate (GPtrArray *model, PostilAnnotation *annotation)
{
  guint low = 0, high = model->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (postil_annotation_compare (model->pdata[middle], annotation) < 0)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* Changes the index and the model alike at random, keeps snapshots of both and compares all. */
static void
test_random (gconstpointer data)
{
  guint n_steps = GPOINTER_TO_UINT (data);
  guint length = MAX (n_steps / 20, 10);
  g_autoptr (GRand) rand = g_rand_new_with_seed (n_steps);
  g_autoptr (GPtrArray) model = model_new ();
  g_autoptr (GPtrArray) snapshots = g_ptr_array_new_with_free_func (snapshot_free);
  g_autoptr (PostilAnnotationIndex) index = postil_annotation_index_new (NULL, 0);
  guint pace = MAX (n_steps / 40, 1);

  for (guint step = 0; step < n_steps; step++)
    {
      int bias = step / (n_steps / 4 + 1) % 2 == 0 ? 70 : 30;
      gboolean adds = model->len == 0 || g_rand_int_range (rand, 0, 100) < bias;
      gboolean replaces = model->len > 0 && g_rand_int_range (rand, 0, 4) == 0;
      g_autoptr (PostilAnnotation) before = NULL;
      g_autoptr (PostilAnnotation) after = NULL;
      guint position;

      if (replaces || !adds)
        {
          position = g_rand_int_range (rand, 0, model->len);
          before = postil_annotation_ref (model->pdata[position]);
          g_ptr_array_remove_index (model, position);
        }
      if (replaces || adds)
        {
          after = make_random (rand, step, length);
          position = model_locate (model, after);
          if (before == NULL)
            {
              guint place;

              g_assert_false (postil_annotation_index_find (index, after, &place));
              g_assert_cmpuint (place, ==, position);
            }
          g_ptr_array_insert (model, position, postil_annotation_ref (after));
        }
      index = postil_annotation_index_replace (g_steal_pointer (&index), before, after);

      if (g_rand_int_range (rand, 0, pace) == 0)
        {
          Snapshot *snapshot = g_new (Snapshot, 1);

          snapshot->index = postil_annotation_index_ref (index);
          snapshot->model = model_copy (model);
          g_ptr_array_add (snapshots, snapshot);
        }
      if (snapshots->len > 10 && g_rand_int_range (rand, 0, pace) == 0)
        {
          Snapshot *oldest = snapshots->pdata[0];

          check_order (oldest->index, oldest->model);
          g_ptr_array_remove_index (snapshots, 0);
        }
      if (step % pace == 0)
        check (index, model, rand, length);
    }

  check (index, model, rand, length);
  for (guint i = 0; i < snapshots->len; i++)
    {
      Snapshot *snapshot = snapshots->pdata[i];

      check (snapshot->index, snapshot->model, rand, length);
    }
}

/* A walk ends when it is told to. */
static void
test_stop (void)
{
  g_autoptr (GPtrArray) model = model_new ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);
  g_autoptr (PostilAnnotationIndex) index = NULL;

  for (guint i = 0; i < 100; i++)
    g_ptr_array_add (model, make_random (rand, i, 50));
  index = postil_annotation_index_new ((PostilAnnotation **) model->pdata, model->len);
  for (guint limit = 1; limit <= 30; limit++)
    {
      g_autoptr (GPtrArray) met = g_ptr_array_new ();
      g_autoptr (GPtrArray) met_in = g_ptr_array_new ();
      Walk walk = { .annotations = met, .limit = limit };
      Walk walk_in = { .annotations = met_in, .limit = limit, .query = { 0, 50 } };

      postil_annotation_index_foreach (index, collect_cb, &walk);
      g_assert_cmpuint (met->len, ==, limit);
      postil_annotation_index_foreach_in (index, walk_in.query, collect_in_cb, &walk_in);
      g_assert_cmpuint (met_in->len, ==, limit);
    }
}

typedef struct
{
  PostilAnnotationIndex *index;
  guint n_expected;
} Reading;

static gpointer
read_thread (gpointer data)
{
  Reading *reading = data;
  guint n = 0;

  for (guint i = 0; i < postil_annotation_index_get_size (reading->index); i++)
    {
      PostilAnnotation *annotation = postil_annotation_index_get (reading->index, i);
      g_autoptr (GPtrArray) listed =
        postil_annotation_index_list_in (reading->index, postil_annotation_get_extent (annotation));

      for (guint j = 0; j < listed->len; j++)
        n += listed->pdata[j] == annotation;
    }
  g_assert_cmpuint (n, ==, reading->n_expected);
  postil_annotation_index_unref (reading->index);
  g_free (reading);
  return NULL;
}

/* Threads read and release snapshots while the index changes. */
static void
test_threads (void)
{
  g_autoptr (GPtrArray) model = model_new ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (4);
  g_autoptr (PostilAnnotationIndex) index = NULL;
  GThread *threads[12];
  guint number = 0;

  for (; number < 2000; number++)
    {
      PostilSpan span = { number % 700, number % 700 + number % 5 };
      g_autofree char *id = g_strdup_printf ("urn:x:%u", number);

      g_ptr_array_add (model, make (id, POSTIL_ANNOTATION_PASSAGE, &span, 1, 0));
    }
  index = postil_annotation_index_new ((PostilAnnotation **) model->pdata, model->len);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    {
      Reading *reading = g_new (Reading, 1);

      reading->index = postil_annotation_index_ref (index);
      reading->n_expected = postil_annotation_index_get_size (index);
      threads[i] = g_thread_new ("reader", read_thread, reading);
      for (guint j = 0; j < 2000; j++)
        {
          guint position = g_rand_int_range (rand, 0, model->len);
          g_autofree char *id = g_strdup_printf ("urn:x:%u", number++);
          PostilSpan span = { j % 700, j % 700 + 9 };
          g_autoptr (PostilAnnotation) after = make (id, POSTIL_ANNOTATION_PASSAGE, &span, 1, 0);

          index = postil_annotation_index_replace (g_steal_pointer (&index), model->pdata[position],
                                                   after);
          postil_annotation_unref (model->pdata[position]);
          model->pdata[position] = g_steal_pointer (&after);
        }
    }
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  g_ptr_array_sort (model, compare_pointed);
  check (index, model, rand, 710);
}

/* What is not the same in two indexes. */
typedef struct
{
  GHashTable *before;
  GHashTable *after;
} Differences;

static gboolean
difference_cb (PostilAnnotation *before, PostilAnnotation *after, gpointer data)
{
  Differences *left = data;

  g_assert_true (before != NULL || after != NULL);
  if (before != NULL)
    g_assert_true (g_hash_table_remove (left->before, before));
  if (after != NULL)
    g_assert_true (g_hash_table_remove (left->after, after));
  if (before != NULL && after != NULL)
    g_assert_cmpstr (postil_annotation_get_id (before), ==, postil_annotation_get_id (after));
  return G_SOURCE_CONTINUE;
}

/* All that differs is told once, and nothing else. */
static void
check_difference (PostilAnnotationIndex *before, PostilAnnotationIndex *after)
{
  g_autoptr (GHashTable) ours = g_hash_table_new (NULL, NULL);
  g_autoptr (GHashTable) theirs = g_hash_table_new (NULL, NULL);
  Differences left = { ours, theirs };

  for (guint i = 0; i < postil_annotation_index_get_size (before); i++)
    g_hash_table_add (ours, postil_annotation_index_get (before, i));
  for (guint i = 0; i < postil_annotation_index_get_size (after); i++)
    {
      PostilAnnotation *now = postil_annotation_index_get (after, i);
      PostilAnnotation *was =
        postil_annotation_index_lookup (before, postil_annotation_get_id (now));

      if (was != NULL && postil_annotation_equal (was, now))
        g_hash_table_remove (ours, was);
      else
        g_hash_table_add (theirs, now);
    }
  postil_annotation_index_foreach_difference (before, after, difference_cb, &left);
  g_assert_cmpuint (g_hash_table_size (ours), ==, 0);
  g_assert_cmpuint (g_hash_table_size (theirs), ==, 0);
}

/* (transfer full): @annotation in other words, or a copy of it */
static PostilAnnotation *
make_like (PostilAnnotation *annotation, gboolean other)
{
  PostilAnnotationFields fields;

  postil_annotation_get_fields (annotation, &fields);
  fields.modified += other;
  return postil_annotation_new (&fields);
}

/* (transfer full): @annotation at one place, which may be another */
static PostilAnnotation *
make_moved (PostilAnnotation *annotation, GRand *rand)
{
  guint start = g_rand_int_range (rand, 0, 2000);
  PostilSpan span = { start, start + 9 };

  return make (postil_annotation_get_id (annotation), POSTIL_ANNOTATION_PASSAGE, &span, 1, 0);
}

/* (transfer full): @index with @n annotations changed, moved, removed and added */
static PostilAnnotationIndex *
change (PostilAnnotationIndex *index, guint n, GRand *rand, guint *number)
{
  PostilAnnotationIndex *changed = postil_annotation_index_ref (index);

  for (guint i = 0; i < n; i++)
    {
      guint size = postil_annotation_index_get_size (changed);
      PostilAnnotation *before =
        size > 0 ? postil_annotation_index_get (changed, g_rand_int_range (rand, 0, size)) : NULL;
      g_autoptr (PostilAnnotation) after = NULL;
      guint dice = g_rand_int_range (rand, 0, 4);

      if (dice == 0 || before == NULL)
        changed = postil_annotation_index_replace (changed, NULL,
                                                   after = make_random (rand, (*number)++, 2000));
      else if (dice == 1)
        changed = postil_annotation_index_replace (changed, before, NULL);
      else if (dice == 2)
        changed =
          postil_annotation_index_replace (changed, before, after = make_moved (before, rand));
      else
        changed =
          postil_annotation_index_replace (changed, before, after = make_like (before, TRUE));
    }
  return changed;
}

static PostilAnnotationIndex *
copy (PostilAnnotationIndex *index)
{
  g_autoptr (GPtrArray) all = model_new ();

  for (guint i = 0; i < postil_annotation_index_get_size (index); i++)
    g_ptr_array_add (all, make_like (postil_annotation_index_get (index, i), FALSE));
  return postil_annotation_index_new ((PostilAnnotation *const *) all->pdata, all->len);
}

static gboolean
count_cb (PostilAnnotation *before, PostilAnnotation *after, gpointer data)
{
  ++*(guint *) data;
  return G_SOURCE_CONTINUE;
}

static void
test_difference (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (8);
  guint number = 0;

  for (guint round = 0; round < 300; round++)
    {
      g_autoptr (PostilAnnotationIndex) empty = postil_annotation_index_new (NULL, 0);
      g_autoptr (PostilAnnotationIndex) before =
        change (empty, g_rand_int_range (rand, 0, 500), rand, &number);
      g_autoptr (PostilAnnotationIndex) after =
        change (before, g_rand_int_range (rand, 0, round % 2 == 0 ? 4 : 200), rand, &number);
      g_autoptr (PostilAnnotationIndex) apart = copy (after);

      check_difference (before, after);
      check_difference (after, before);
      check_difference (before, before);
      check_difference (before, apart);
      check_difference (before, empty);
    }
}

/* A snapshot that was read anew has what is equal in common with the one before, and only then. */
static void
test_share (gconstpointer data)
{
  guint n_changes = GPOINTER_TO_UINT (data), number = 0, n_told = 0, n_expected = 0;
  g_autoptr (GRand) rand = g_rand_new_with_seed (9);
  g_autoptr (PostilAnnotationIndex) empty = postil_annotation_index_new (NULL, 0);
  g_autoptr (PostilAnnotationIndex) ours = change (empty, 9000, rand, &number);
  g_autoptr (PostilAnnotationIndex) theirs = change (ours, n_changes, rand, &number);
  g_autoptr (PostilAnnotationIndex) read = copy (theirs);
  g_autoptr (PostilSnapshot) before =
    postil_snapshot_new (&(PostilSnapshot){ .collection = "urn:c", .annotations = ours });
  g_autoptr (PostilSnapshot) after =
    postil_snapshot_new (&(PostilSnapshot){ .collection = "urn:d", .annotations = read });
  g_autoptr (PostilSnapshot) shared = postil_snapshot_share (after, before);

  g_assert_cmpstr (shared->collection, ==, "urn:d");
  g_assert_cmpuint (postil_annotation_index_get_size (shared->annotations), ==,
                    postil_annotation_index_get_size (read));
  for (guint i = 0; i < postil_annotation_index_get_size (read); i++)
    g_assert_true (postil_annotation_equal (postil_annotation_index_get (shared->annotations, i),
                                            postil_annotation_index_get (read, i)));
  postil_annotation_index_foreach_difference (ours, theirs, count_cb, &n_expected);
  postil_annotation_index_foreach_difference (ours, shared->annotations, count_cb, &n_told);
  g_assert_cmpuint (n_told, ==, n_expected);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/annotation-index/empty", test_empty);
  g_test_add_func ("/annotation-index/touches", test_touches);
  g_test_add_func ("/annotation-index/build", test_build);
  g_test_add_func ("/annotation-index/take", test_take);
  g_test_add_data_func ("/annotation-index/random/few", GUINT_TO_POINTER (200), test_random);
  g_test_add_data_func ("/annotation-index/random/some", GUINT_TO_POINTER (5000), test_random);
  g_test_add_data_func ("/annotation-index/random/many", GUINT_TO_POINTER (100000), test_random);
  g_test_add_func ("/annotation-index/stop", test_stop);
  g_test_add_func ("/annotation-index/difference", test_difference);
  g_test_add_data_func ("/annotation-index/share/few", GUINT_TO_POINTER (20), test_share);
  g_test_add_data_func ("/annotation-index/share/many", GUINT_TO_POINTER (3000), test_share);
  g_test_add_func ("/annotation-index/threads", test_threads);
  return g_test_run ();
}
