/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gio.h>
#include <string.h>

#include "postil-merge.h"
#include "postil-sidecar-reader.h"
#include "postil-test.h"
#include "snapshot-writing.h"

#define N_RANDOM 10000

static const char prose[] = "Whether virtue can be taught, or comes by practice, or by neither.\n";

/* All that a snapshot holds, in the order it holds it. */
static char *
describe (PostilSnapshot *snapshot)
{
  return g_string_free (write_snapshot (snapshot, POSTIL_SIDECAR_STYLE_NATIVE), FALSE);
}

static void
assert_same (PostilSnapshot *a, PostilSnapshot *b)
{
  g_autofree char *x = describe (a), *y = describe (b);
  gsize at = 0;

  while (x[at] != '\0' && x[at] == y[at])
    at++;
  if (x[at] != y[at])
    g_error ("…%.300s\ndiffers from\n…%.300s", x + MAX (at, 100) - 100, y + MAX (at, 100) - 100);
}

/* What a random side may hold: few ids and values, so that sides often meet. */
typedef struct
{
  PostilText *text;
  GRand *random;
  GHashTable *annotations;
  GPtrArray *topics;
  GPtrArray *annotators;
  char *language;
  PostilForeign *foreign;
} Draft;

static PostilForeign *
change_foreign (GRand *random, PostilForeign *foreign)
{
  static const char *const keys[] = { "rights", "via", "x:rating" };
  static const char *const values[] = { "1", "\"two\"", "[1, 3]", "{ \"a\": [] }" };
  const char *key = keys[g_rand_int_range (random, 0, G_N_ELEMENTS (keys))];
  const char *value = values[g_rand_int_range (random, 0, G_N_ELEMENTS (values))];
  g_autoptr (PostilForeign) rest = postil_foreign_without (foreign, "", key);
  g_autofree PostilForeignMember *members = NULL;
  const PostilForeignMember *old;
  guint n_members;

  if (rest != foreign && g_rand_boolean (random))
    return g_steal_pointer (&rest);
  old = postil_foreign_get_members (rest, &n_members);
  members = g_new (PostilForeignMember, n_members + 1);
  for (guint i = 0; i < n_members; i++)
    members[i] = old[i];
  members[n_members] = (PostilForeignMember){
    .object = "", .after = "id", .key = key, .value = value, .n_value = strlen (value)
  };
  return postil_foreign_new (members, n_members + 1);
}

static char *
pick_id (GRand *random, char kind, int n)
{
  return g_strdup_printf ("urn:%c:%d", kind, g_rand_int_range (random, 0, n));
}

static void
change_annotation (Draft *self, const char *id)
{
  static const char *const texts[] = { "why?", "because", "really" };
  PostilAnnotation *before = g_hash_table_lookup (self->annotations, id);
  g_autoptr (GPtrArray) topics = g_ptr_array_new ();
  g_autoptr (GPtrArray) notes = g_ptr_array_new_with_free_func ((GDestroyNotify) postil_note_unref);
  g_autoptr (PostilForeign) foreign = NULL;
  g_autofree char *name = NULL;
  PostilAnnotationFields fields = { .id = id, .creator = "urn:p:0", .created = 1000 };
  PostilSpan span = { 0, 5 };
  gboolean found = FALSE;

  if (before)
    postil_annotation_get_fields (before, &fields);
  for (guint i = 0; i < fields.n_topics; i++)
    g_ptr_array_add (topics, (gpointer) fields.topics[i]);
  for (guint i = 0; i < fields.n_notes; i++)
    g_ptr_array_add (notes, postil_note_ref (fields.notes[i]));
  if (fields.foreign)
    foreign = postil_foreign_ref (fields.foreign);

  switch (before ? g_rand_int_range (self->random, 0, 5) : 0)
    {
    case 0:
      span.start = g_rand_int_range (self->random, 0, 4);
      fields.spans = &span;
      fields.n_spans = 1;
      break;
    case 1:
    case 2:
      name = pick_id (self->random, 'p', 2);
      for (guint i = 0; i < notes->len && !found; i++)
        if (strcmp (postil_note_get_creator (notes->pdata[i]), name) == 0)
          {
            g_ptr_array_remove_index (notes, i);
            found = TRUE;
          }
      if (!found || g_rand_boolean (self->random))
        g_ptr_array_add (
          notes, postil_note_new (texts[g_rand_int_range (self->random, 0, G_N_ELEMENTS (texts))],
                                  name, 1000, NULL));
      break;
    case 3:
      if (self->topics->len == 0)
        break;
      name = g_strdup (postil_topic_get_id (
        self->topics->pdata[g_rand_int_range (self->random, 0, self->topics->len)]));
      for (guint i = 0; i < topics->len && !found; i++)
        if (strcmp (topics->pdata[i], name) == 0)
          {
            g_ptr_array_remove_index (topics, i);
            found = TRUE;
          }
      if (!found)
        g_ptr_array_add (topics, name);
      break;
    default:
      g_clear_pointer (&foreign, postil_foreign_unref);
      foreign = change_foreign (self->random, fields.foreign);
      break;
    }
  fields.topics = (const char *const *) topics->pdata;
  fields.n_topics = topics->len;
  fields.notes = (PostilNote *const *) notes->pdata;
  fields.n_notes = notes->len;
  fields.foreign = foreign;
  if (g_rand_boolean (self->random))
    fields.modified = 2000 + g_rand_int_range (self->random, 0, 3);
  g_hash_table_insert (self->annotations, g_strdup (id), postil_annotation_new (&fields));
}

static gboolean
is_topic_used (Draft *self, const char *id)
{
  GHashTableIter iter;
  gpointer annotation;

  g_hash_table_iter_init (&iter, self->annotations);
  while (g_hash_table_iter_next (&iter, NULL, &annotation))
    if (postil_annotation_has_topic (annotation, id))
      return TRUE;
  for (guint i = 0; i < self->topics->len; i++)
    if (g_strcmp0 (postil_topic_get_broader (self->topics->pdata[i]), id) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
makes_circle (Draft *self, const char *id, const char *broader)
{
  for (guint n = 0; broader && n <= self->topics->len; n++)
    {
      const char *next = NULL;

      if (strcmp (broader, id) == 0)
        return TRUE;
      for (guint i = 0; i < self->topics->len; i++)
        if (strcmp (postil_topic_get_id (self->topics->pdata[i]), broader) == 0)
          next = postil_topic_get_broader (self->topics->pdata[i]);
      broader = next;
    }
  return FALSE;
}

static void
change_topic (Draft *self)
{
  static const char *const words[] = { "Trust", "Doubt", "Virtue" };
  g_autofree char *id = pick_id (self->random, 't', 4);
  g_autoptr (PostilForeign) foreign = NULL;
  PostilTopicFields fields = { .id = id, .label = "Topic" };
  const char *word = words[g_rand_int_range (self->random, 0, G_N_ELEMENTS (words))];
  guint at;

  for (at = 0; at < self->topics->len; at++)
    if (strcmp (postil_topic_get_id (self->topics->pdata[at]), id) == 0)
      break;
  if (at < self->topics->len)
    {
      postil_topic_get_fields (self->topics->pdata[at], &fields);
      if (g_rand_int_range (self->random, 0, 6) == 0 && !is_topic_used (self, id))
        {
          g_ptr_array_remove_index (self->topics, at);
          return;
        }
    }
  switch (g_rand_int_range (self->random, 0, 5))
    {
    case 0:
      fields.label = word;
      break;
    case 1:
      fields.definition = word;
      break;
    case 2:
      fields.broader =
        self->topics->len > 0
          ? postil_topic_get_id (
              self->topics->pdata[g_rand_int_range (self->random, 0, self->topics->len)])
          : NULL;
      if (makes_circle (self, id, fields.broader))
        fields.broader = NULL;
      break;
    case 3:
      if (!is_topic_used (self, id))
        fields.deprecated = TRUE;
      break;
    default:
      foreign = change_foreign (self->random, fields.foreign);
      fields.foreign = foreign;
      break;
    }
  if (g_rand_boolean (self->random))
    fields.modified = 2000 + g_rand_int_range (self->random, 0, 3);
  if (at == self->topics->len)
    {
      g_ptr_array_insert (self->topics, g_rand_int_range (self->random, 0, at + 1),
                          postil_topic_new (&fields));
    }
  else
    {
      PostilTopic *after = postil_topic_new (&fields);

      postil_topic_unref (self->topics->pdata[at]);
      self->topics->pdata[at] = after;
    }
}

static gboolean
add_cb (PostilAnnotation *annotation, PostilSpan span, gpointer data)
{
  g_hash_table_insert (data, g_strdup (postil_annotation_get_id (annotation)),
                       postil_annotation_ref (annotation));
  return G_SOURCE_CONTINUE;
}

/* (transfer full): what somebody made of @base at random. */
static PostilSnapshot *
derive (PostilText *text, GRand *random, PostilSnapshot *base)
{
  static const char *const languages[] = { "en", "de", NULL };
  g_autoptr (PostilForeign) foreign =
    base && base->foreign ? postil_foreign_ref (base->foreign) : NULL;
  g_autoptr (GPtrArray) annotations = g_ptr_array_new ();
  g_autoptr (PostilAnnotationIndex) index = NULL;
  Draft draft = { .text = text, .random = random };
  PostilSnapshot *snapshot;
  const char *language = base ? base->language : NULL;
  GHashTableIter iter;
  gpointer annotation;

  draft.annotations = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                             (GDestroyNotify) postil_annotation_unref);
  draft.topics = g_ptr_array_new_with_free_func ((GDestroyNotify) postil_topic_unref);
  draft.annotators = g_ptr_array_new_with_free_func ((GDestroyNotify) postil_annotator_unref);
  if (base)
    {
      postil_annotation_index_foreach (base->annotations, add_cb, draft.annotations);
      g_ptr_array_extend (draft.topics, base->topics, (GCopyFunc) (GCallback) postil_topic_ref,
                          NULL);
      g_ptr_array_extend (draft.annotators, base->annotators,
                          (GCopyFunc) (GCallback) postil_annotator_ref, NULL);
    }
  if (draft.annotators->len < 2)
    for (guint i = 0; i < 2; i++)
      {
        g_autofree char *id = g_strdup_printf ("urn:p:%u", i);

        g_ptr_array_add (draft.annotators, postil_annotator_new (id, "Somebody", NULL));
      }

  for (int n = g_rand_int_range (random, 0, 8); n > 0; n--)
    {
      g_autofree char *id = pick_id (random, 'a', 5);

      switch (g_rand_int_range (random, 0, 10))
        {
        case 0:
          g_hash_table_remove (draft.annotations, id);
          break;
        case 1:
        case 2:
        case 3:
          change_topic (&draft);
          break;
        case 4:
          if (g_rand_boolean (random))
            {
              language = languages[g_rand_int_range (random, 0, G_N_ELEMENTS (languages))];
            }
          else
            {
              PostilForeign *changed = change_foreign (random, foreign);

              g_clear_pointer (&foreign, postil_foreign_unref);
              foreign = changed;
            }
          break;
        default:
          change_annotation (&draft, id);
          break;
        }
    }

  g_hash_table_iter_init (&iter, draft.annotations);
  while (g_hash_table_iter_next (&iter, NULL, &annotation))
    g_ptr_array_add (annotations, annotation);
  index =
    postil_annotation_index_new ((PostilAnnotation *const *) annotations->pdata, annotations->len);
  snapshot = postil_snapshot_new (&(PostilSnapshot){
    .id = "urn:text",
    .collection = "urn:collection",
    .label = "prose.txt",
    .language = (char *) language,
    .text = text,
    .annotations = index,
    .annotators = draft.annotators,
    .topics = draft.topics,
    .foreign = foreign,
  });
  g_hash_table_unref (draft.annotations);
  g_ptr_array_unref (draft.topics);
  g_ptr_array_unref (draft.annotators);
  return snapshot;
}

static PostilAnnotation *
find (PostilSnapshot *snapshot, const char *id)
{
  guint n = snapshot ? postil_annotation_index_get_size (snapshot->annotations) : 0;

  for (guint i = 0; i < n; i++)
    {
      PostilAnnotation *annotation = postil_annotation_index_get (snapshot->annotations, i);

      if (strcmp (postil_annotation_get_id (annotation), id) == 0)
        return annotation;
    }
  return NULL;
}

/* Whether @wanted says something of the annotation @id or of a version of it. */
static gboolean
any_version (PostilSnapshot *snapshot,
             const char *id,
             gboolean (*wanted) (PostilAnnotation *annotation, gconstpointer data),
             gconstpointer data)
{
  for (guint i = 0; i < postil_annotation_index_get_size (snapshot->annotations); i++)
    {
      PostilAnnotation *annotation = postil_annotation_index_get (snapshot->annotations, i);

      if ((strcmp (postil_annotation_get_id (annotation), id) == 0 ||
           g_strcmp0 (postil_annotation_get_version_of (annotation), id) == 0) &&
          wanted (annotation, data))
        return TRUE;
    }
  return FALSE;
}

static gboolean
has_place (PostilAnnotation *annotation, gconstpointer data)
{
  PostilSpan a = postil_annotation_get_extent (annotation);
  PostilSpan b = postil_annotation_get_extent ((PostilAnnotation *) data);

  return postil_span_equal (a, b);
}

static gboolean
has_note (PostilAnnotation *annotation, gconstpointer data)
{
  PostilNote *note = (PostilNote *) data;
  PostilNote *own = postil_annotation_find_note (annotation, postil_note_get_creator (note));

  return own && postil_note_equal (own, note);
}

static gboolean
has_topic (PostilAnnotation *annotation, gconstpointer data)
{
  return postil_annotation_has_topic (annotation, data);
}

static gboolean
has_member (PostilAnnotation *annotation, gconstpointer data)
{
  const PostilForeignMember *member = data;
  PostilAnnotationFields fields;
  const PostilForeignMember *found;

  postil_annotation_get_fields (annotation, &fields);
  found = postil_foreign_find (fields.foreign, member->object, member->key);
  if (found && member->value[0] == '[')
    return strstr (found->value, "1") && strstr (found->value, "3");
  return found && strstr (found->value, member->value) != NULL;
}

/* Whatever @side made of the annotations of @base is in @merged. */
static void
assert_kept (PostilSnapshot *base, PostilSnapshot *side, PostilSnapshot *merged)
{
  for (guint i = 0; i < postil_annotation_index_get_size (side->annotations); i++)
    {
      PostilAnnotation *after = postil_annotation_index_get (side->annotations, i);
      PostilAnnotation *before = find (base, postil_annotation_get_id (after));
      PostilAnnotationFields fields, old = { 0 };
      const PostilForeignMember *members;
      guint n_members;

      if (before && postil_annotation_equal (before, after))
        continue;
      if (before)
        postil_annotation_get_fields (before, &old);
      postil_annotation_get_fields (after, &fields);
      g_assert_nonnull (find (merged, fields.id));
      if (before == NULL || !has_place (before, after))
        g_assert_true (any_version (merged, fields.id, has_place, after));
      for (guint j = 0; j < fields.n_notes; j++)
        if (before == NULL || !has_note (before, fields.notes[j]))
          g_assert_true (any_version (merged, fields.id, has_note, fields.notes[j]));
      for (guint j = 0; j < fields.n_topics; j++)
        if (before == NULL || !has_topic (before, fields.topics[j]))
          g_assert_true (any_version (merged, fields.id, has_topic, fields.topics[j]));
      members = postil_foreign_get_members (fields.foreign, &n_members);
      for (guint j = 0; j < n_members; j++)
        if (before == NULL || !has_member (before, &members[j]))
          g_assert_true (any_version (merged, fields.id, has_member, &members[j]));
    }
}

/* What nobody changed is as it was, and nothing is there twice or from nowhere. */
static void
assert_sound (PostilSnapshot *base,
              PostilSnapshot *ours,
              PostilSnapshot *theirs,
              PostilSnapshot *merged)
{
  g_autoptr (GHashTable) ids = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < postil_annotation_index_get_size (merged->annotations); i++)
    {
      PostilAnnotation *annotation = postil_annotation_index_get (merged->annotations, i);
      const char *id = postil_annotation_get_id (annotation);
      const char *version_of = postil_annotation_get_version_of (annotation);
      PostilAnnotation *was = find (base, id), *a = find (ours, id), *b = find (theirs, id);

      g_assert_true (g_hash_table_add (ids, (gpointer) id));
      if (was && a && b && postil_annotation_equal (was, a) && postil_annotation_equal (was, b))
        g_assert_true (postil_annotation_equal (was, annotation));
      if (version_of)
        g_assert_nonnull (find (merged, version_of));
      else
        g_assert_true (a || b);
    }
}

static void
assert_merges (PostilSnapshot *base, PostilSnapshot *a, PostilSnapshot *b, PostilSnapshot *expected)
{
  g_autoptr (PostilSnapshot) merged = postil_merge (base, a, b, NULL);

  assert_same (merged, expected);
}

static void
test_random (void)
{
  g_autoptr (PostilText) text = postil_text_new (g_strdup (prose), strlen (prose), NULL);
  guint n_conflicts_in_all = 0;

  for (guint i = 0; i < N_RANDOM; i++)
    {
      g_autoptr (GRand) random = g_rand_new_with_seed (i);
      g_autoptr (PostilSnapshot) base = i % 8 == 0 ? NULL : derive (text, random, NULL);
      g_autoptr (PostilSnapshot) grown = base ? derive (text, random, base) : NULL;
      g_autoptr (PostilSnapshot) ours = derive (text, random, grown);
      g_autoptr (PostilSnapshot) theirs = derive (text, random, grown);
      guint n_conflicts, n_mirrored;
      g_autoptr (PostilSnapshot) merged = postil_merge (grown, ours, theirs, &n_conflicts);
      g_autoptr (PostilSnapshot) mirrored = postil_merge (grown, theirs, ours, &n_mirrored);

      g_test_message ("seed %u", i);
      assert_kept (grown, ours, merged);
      assert_kept (grown, theirs, merged);
      assert_sound (grown, ours, theirs, merged);
      assert_same (mirrored, merged);
      assert_merges (grown, ours, ours, ours);
      assert_merges (grown, merged, theirs, merged);
      assert_merges (grown, ours, merged, merged);
      if (grown)
        {
          assert_merges (grown, ours, grown, ours);
          assert_merges (grown, grown, theirs, theirs);
        }
      g_assert_cmpuint (n_conflicts, ==, n_mirrored);
      n_conflicts_in_all += n_conflicts;
    }
  /* The sides do meet. */
  g_assert_cmpuint (n_conflicts_in_all, >, N_RANDOM / 5);
}

/* What a case puts into one annotation, or into one topic; %NULL fields are left as they are. */
typedef struct
{
  gboolean is_there;
  const char *note;
  guint start;
  const char *topics[3];
  gint64 modified;
} Side;

static PostilSnapshot *
make_side (PostilText *text, const Side *side)
{
  g_autoptr (PostilAnnotation) annotation = NULL;
  g_autoptr (PostilNote) note =
    side->note ? postil_note_new (side->note, "urn:p", 1000, NULL) : NULL;
  g_autoptr (PostilAnnotationIndex) index = NULL;
  PostilSpan span = { side->start, side->start + 4 };
  guint n_topics = 0;

  while (side->topics[n_topics])
    n_topics++;
  annotation = postil_annotation_new (&(PostilAnnotationFields){
    .id = "urn:a",
    .creator = "urn:p",
    .created = 1000,
    .modified = side->modified,
    .spans = &span,
    .n_spans = 1,
    .topics = side->topics,
    .n_topics = n_topics,
    .notes = &note,
    .n_notes = note != NULL,
  });
  index = postil_annotation_index_new (&annotation, side->is_there);
  return postil_snapshot_new (&(PostilSnapshot){ .id = (char *) "urn:s",
                                                 .collection = (char *) "urn:c",
                                                 .label = (char *) "prose.txt",
                                                 .text = text,
                                                 .annotations = index });
}

/* (transfer full): "start note #topic…" of each annotation, "~" before another version. */
static char *
list_annotations (PostilSnapshot *snapshot)
{
  GString *list = g_string_new (NULL);

  for (guint i = 0; i < postil_annotation_index_get_size (snapshot->annotations); i++)
    {
      PostilAnnotation *annotation = postil_annotation_index_get (snapshot->annotations, i);
      PostilNote *note = postil_annotation_find_note (annotation, "urn:p");
      const char *const *topics;
      guint n_topics;

      g_string_append_printf (list, "%s%s%u %s", i > 0 ? "; " : "",
                              postil_annotation_get_version_of (annotation) ? "~" : "",
                              postil_annotation_get_extent (annotation).start,
                              note ? postil_note_get_text (note) : "-");
      topics = postil_annotation_get_topics (annotation, &n_topics);
      for (guint j = 0; j < n_topics; j++)
        g_string_append_printf (list, " #%s", topics[j]);
    }
  return g_string_free (list, FALSE);
}

static void
test_annotations (void)
{
  static const struct
  {
    Side base, ours, theirs;
    const char *merged;
    guint n_conflicts;
    gboolean no_base;
  } table[] = {
    /* What one side changed, deleted, added. */
    { { TRUE, "a" }, { TRUE, "b" }, { TRUE, "a" }, "0 b" },
    { { TRUE, "a" }, { TRUE, "b" }, { TRUE, "a", 7 }, "7 b" },
    { { TRUE, "a" }, { TRUE, "b" }, { TRUE, "b" }, "0 b" },
    { { TRUE, "a" }, { TRUE }, { TRUE, "a", 7 }, "7 -" },
    { { TRUE, "a" }, { FALSE }, { TRUE, "a" }, "" },
    { { TRUE, "a" }, { FALSE }, { FALSE }, "" },
    { { FALSE }, { TRUE, "a" }, { FALSE }, "0 a" },
    { { FALSE }, { TRUE, "a" }, { TRUE, "a" }, "0 a" },
    /* Topics each by itself. */
    { { TRUE, "a", 0, { "x", "y" } },
      { TRUE, "a", 0, { "y" } },
      { TRUE, "a", 0, { "x", "z" } },
      "0 a #z" },
    { { TRUE, "a", 0, { "x" } },
      { TRUE, "a", 0, { "x", "y" } },
      { TRUE, "b", 0, { "x" } },
      "0 b #x #y" },
    /* An edit beats a deletion, of an annotation and of a note. */
    { { TRUE, "a" }, { FALSE }, { TRUE, "b" }, "0 b" },
    { { TRUE, "a" }, { TRUE }, { TRUE, "b" }, "0 b" },
    /* The same thing differently: the later keeps the id, the rest is in both. */
    { { TRUE, "a" }, { TRUE, "b", 0, { NULL }, 5 }, { TRUE, "c", 0, { NULL }, 6 }, "0 c; ~0 b", 1 },
    { { TRUE, "a" },
      { TRUE, "c", 0, { "x" }, 5 },
      { TRUE, "b", 0, { "y" }, 5 },
      "0 c #x #y; ~0 b #x #y",
      1 },
    { { TRUE, "a" }, { TRUE, "b", 7, { NULL }, 9 }, { TRUE, "a", 9 }, "7 b; ~9 b", 1 },
    { { FALSE }, { TRUE, "a", 0, { NULL }, 9 }, { TRUE, "b" }, "0 a; ~0 b", 1 },
    { { FALSE }, { TRUE, "a", 0, { NULL }, 9 }, { TRUE, "b" }, "0 a; ~0 b", 1, TRUE },
  };
  g_autoptr (PostilText) text = postil_text_new (g_strdup (prose), strlen (prose), NULL);

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr (PostilSnapshot) base = table[i].no_base ? NULL : make_side (text, &table[i].base);
      g_autoptr (PostilSnapshot) ours = make_side (text, &table[i].ours);
      g_autoptr (PostilSnapshot) theirs = make_side (text, &table[i].theirs);
      guint n_conflicts;
      g_autoptr (PostilSnapshot) merged = postil_merge (base, ours, theirs, &n_conflicts);
      g_autofree char *list = list_annotations (merged);

      g_test_message ("case %u", i);
      /* Which of two at one place is first only their ids say. */
      if (strcmp (list, table[i].merged) != 0)
        {
          g_auto (GStrv) parts = g_strsplit (list, "; ", 2);

          g_assert_nonnull (parts[1]);
          g_free (list);
          list = g_strdup_printf ("%s; %s", parts[1], parts[0]);
        }
      g_assert_cmpstr (list, ==, table[i].merged);
      g_assert_cmpuint (n_conflicts, ==, table[i].n_conflicts);
      assert_merges (base, theirs, ours, merged);
      assert_merges (base, merged, theirs, merged);
      assert_merges (base, ours, merged, merged);
    }
}

static PostilSnapshot *
make_codebook (const PostilTopicFields *topics)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) postil_topic_unref);

  for (; topics->id; topics++)
    g_ptr_array_add (list, postil_topic_new (topics));
  return postil_snapshot_new (
    &(PostilSnapshot){ .collection = (char *) "urn:c", .label = (char *) "c", .topics = list });
}

static void
test_topics (void)
{
  static const struct
  {
    PostilTopicFields base[4], ours[4], theirs[4];
    const char *holds[4];
    const char *lacks;
    guint n_conflicts;
  } table[] = {
    /* Each property by itself. */
    { { { "urn:t", "A" } },
      { { "urn:t", "B" } },
      { { "urn:t", "A", "Meaning" } },
      { "\"skos:prefLabel\": \"B\", \"skos:definition\": \"Meaning\"" },
      "altLabel" },
    /* A label and a definition that lost are still the topic's. */
    { { { "urn:t", "A", "1" } },
      { { "urn:t", "B", "2", NULL, NULL, 5 } },
      { { "urn:t", "C", "3", NULL, NULL, 6 } },
      { "\"skos:prefLabel\": \"C\", \"skos:altLabel\": \"B\", \"skos:definition\": \"3\", "
        "\"skos:note\": \"2\"" },
      "\"B\", \"C\"",
      2 },
    /* An edit beats a deletion; else what was deleted stays so. */
    { { { "urn:t", "A" } },
      { { "urn:t", "A", .deprecated = TRUE } },
      { { "urn:t", "B" } },
      { "\"skos:prefLabel\": \"B\"" },
      "owl:deprecated" },
    { { { "urn:t", "A" } },
      { { "urn:t", "A", .deprecated = TRUE } },
      { { "urn:t", "A" } },
      { "\"owl:deprecated\": true" },
      "x" },
    { { { "urn:t", "A" } }, { { NULL } }, { { "urn:t", "A" } }, { "\"type\"" }, "urn:t" },
    { { { "urn:t", "A" } }, { { NULL } }, { { "urn:t", "B" } }, { "\"urn:t\"" }, "\"A\"" },
    /* Neither side has a circle, both together would. */
    { { { "urn:s", "S" }, { "urn:t", "T" } },
      { { "urn:s", "S", .broader = "urn:t" }, { "urn:t", "T" } },
      { { "urn:s", "S" }, { "urn:t", "T", .broader = "urn:s" } },
      { "\"skos:broader\": { \"id\": \"urn:s\" }" },
      "\"skos:broader\": { \"id\": \"urn:t\" }",
      1 },
    /* A parent stays with its child. */
    { { { "urn:s", "S" } },
      { { NULL } },
      { { "urn:s", "S" }, { "urn:t", "T", .broader = "urn:s" } },
      { "\"skos:prefLabel\": \"S\"" },
      "x" },
    /* Both added some, and one put its own in the middle. */
    { { { "urn:b", "B" }, { "urn:d", "D" } },
      { { "urn:b", "B" }, { "urn:c", "C" }, { "urn:d", "D" } },
      { { "urn:b", "B" }, { "urn:d", "D" }, { "urn:a", "A" } },
      { "\"urn:b\"", "\"urn:c\"", "\"urn:d\"", "\"urn:a\"" },
      "x" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr (PostilSnapshot) base = make_codebook (table[i].base);
      g_autoptr (PostilSnapshot) ours = make_codebook (table[i].ours);
      g_autoptr (PostilSnapshot) theirs = make_codebook (table[i].theirs);
      guint n_conflicts;
      g_autoptr (PostilSnapshot) merged = postil_merge (base, ours, theirs, &n_conflicts);
      g_autofree char *codebook = describe (merged);
      g_auto (GStrv) lines = g_strsplit (codebook, "\n", -1);
      g_autofree char *one_line = g_strjoinv (" ", lines);
      const char *at = one_line;

      g_test_message ("case %u: %s", i, one_line);
      for (guint j = 0; j < G_N_ELEMENTS (table[i].holds) && table[i].holds[j]; j++)
        {
          at = strstr (at, table[i].holds[j]);
          g_assert_nonnull (at);
        }
      g_assert_null (strstr (strstr (one_line, "schema:version"), table[i].lacks));
      g_assert_cmpuint (n_conflicts, ==, table[i].n_conflicts);
      assert_merges (base, theirs, ours, merged);
      assert_merges (base, merged, theirs, merged);
      assert_merges (base, ours, merged, merged);
    }
}

/* A journal's pair of what changed goes into all that there is. */
static void
test_partial (void)
{
  static const PostilTopicFields all_topics[] = {
    { "urn:t:2", "Two" }, { "urn:t:0", "Zero" }, { "urn:t:1", "One" }, { NULL }
  };
  g_autoptr (PostilText) text = postil_text_new (g_strdup (prose), strlen (prose), NULL);
  g_autoptr (PostilSnapshot) before = make_side (text, &(Side){ TRUE, "a" });
  g_autoptr (PostilSnapshot) after = make_side (text, &(Side){ TRUE, "b" });
  g_autoptr (PostilSnapshot) codebook = make_codebook (all_topics);
  g_autoptr (GPtrArray) added =
    g_ptr_array_new_with_free_func ((GDestroyNotify) postil_topic_unref);
  g_autoptr (PostilAnnotation) other = postil_annotation_new (
    &(PostilAnnotationFields){ .id = "urn:b", .kind = POSTIL_ANNOTATION_DOCUMENT, .created = 5 });
  PostilAnnotation *both[] = { postil_annotation_index_get (before->annotations, 0), other };
  g_autoptr (PostilAnnotationIndex) index = postil_annotation_index_new (both, 2);
  PostilSnapshot fields = *before;
  g_autoptr (PostilSnapshot) disk = NULL;
  g_autoptr (PostilSnapshot) with_topic = NULL;
  g_autoptr (PostilSnapshot) merged = NULL;
  g_autofree char *list = NULL;
  guint n_conflicts;

  fields.annotations = index;
  fields.topics = codebook->topics;
  disk = postil_snapshot_new (&fields);
  fields = *after;
  g_ptr_array_add (added,
                   postil_topic_new (&(PostilTopicFields){ .id = "urn:t:9", .label = "Nine" }));
  fields.topics = added;
  with_topic = postil_snapshot_new (&fields);

  merged = postil_merge (before, with_topic, disk, &n_conflicts);
  list = list_annotations (merged);
  g_assert_cmpstr (list, ==, "0 -; 0 b");
  g_assert_cmpuint (n_conflicts, ==, 0);
  g_assert_cmpuint (merged->topics->len, ==, 4);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpstr (postil_topic_get_id (merged->topics->pdata[i]), ==, all_topics[i].id);
}

/* Foreign values that both sides changed are both there, once. */
static void
test_foreign_values (void)
{
  static const struct
  {
    const char *base, *ours, *theirs, *merged;
  } table[] = {
    { "1", "2", "1", "2" },
    { "1", NULL, "1", NULL },
    { "1", NULL, "2", "2" },
    { "1", "2", "3", "[2, 3]" },
    { NULL, "\"b\"", "\"a\"", "[\"a\", \"b\"]" },
    { "1", "[2, 4]", "3", "[2, 3, 4]" },
    { "1", "[2, 3]", "3", "[2, 3]" },
    { "1", "[3, 2]", "[2, 3]", "[3, 2]" },
  };
  g_autoptr (PostilText) text = postil_text_new (g_strdup (prose), strlen (prose), NULL);

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      const char *const values[] = { table[i].base, table[i].ours, table[i].theirs };
      PostilSnapshot *sides[3];
      g_autoptr (PostilSnapshot) merged = NULL;
      const PostilForeignMember *member;

      for (guint j = 0; j < 3; j++)
        {
          g_autoptr (PostilSnapshot) bare = make_side (text, &(Side){ FALSE });
          PostilSnapshot fields = *bare;
          g_autoptr (PostilForeign) foreign =
            values[j] ? postil_foreign_new (&(PostilForeignMember){ .object = "source",
                                                                    .after = "id",
                                                                    .key = "x:y",
                                                                    .value = values[j],
                                                                    .n_value = strlen (values[j]) },
                                            1)
                      : NULL;

          fields.foreign = foreign;
          sides[j] = postil_snapshot_new (&fields);
        }
      merged = postil_merge (sides[0], sides[1], sides[2], NULL);
      member = postil_foreign_find (merged->foreign, "source", "x:y");
      g_assert_cmpstr (member ? member->value : NULL, ==, table[i].merged);
      assert_merges (sides[0], sides[2], sides[1], merged);
      assert_merges (sides[0], merged, sides[1], merged);
      for (guint j = 0; j < 3; j++)
        postil_snapshot_unref (sides[j]);
    }
}

static PostilSnapshot *
read_sidecar (const char *json, PostilText *text)
{
  g_autoptr (GError) error = NULL;
  PostilSnapshot *snapshot =
    postil_sidecar_read (json, strlen (json), "a.json", NULL, text, postil_test_get_environment (),
                         NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  return snapshot;
}

/* What Postil cannot show is kept in both versions, each with an id of its own in the file. */
static void
test_foreign_annotations (void)
{
  static const char form[] =
    "{ \"type\": \"AnnotationCollection\", \"id\": \"urn:c\", \"dcterms:source\": { \"id\": "
    "\"urn:s\" }, \"first\": { \"items\": [ { %s\"type\": \"Annotation\", \"motivation\": "
    "\"linking\", \"body\": \"urn:%s\", \"target\": \"urn:s\" } ] } }";
  g_autofree char *base_json = g_strdup_printf (form, "\"id\": \"urn:a\", ", "1");
  g_autofree char *ours_json = g_strdup_printf (form, "\"id\": \"urn:a\", ", "2");
  g_autofree char *theirs_json = g_strdup_printf (form, "\"id\": \"urn:a\", ", "3");
  g_autoptr (PostilSnapshot) base = read_sidecar (base_json, NULL);
  g_autoptr (PostilSnapshot) ours = read_sidecar (ours_json, NULL);
  g_autoptr (PostilSnapshot) theirs = read_sidecar (theirs_json, NULL);
  guint n_conflicts;
  g_autoptr (PostilSnapshot) merged = postil_merge (base, ours, theirs, &n_conflicts);
  g_autofree char *sidecar = describe (merged);
  g_autoptr (PostilSnapshot) copy = read_sidecar (sidecar, NULL);
  g_autofree char *again = describe (copy);

  g_assert_cmpuint (n_conflicts, ==, 1);
  g_assert_cmpuint (postil_annotation_index_get_size (copy->annotations), ==, 2);
  g_assert_nonnull (strstr (sidecar, "\"body\": \"urn:2\""));
  g_assert_nonnull (strstr (sidecar, "\"body\": \"urn:3\""));
  g_assert_nonnull (strstr (sidecar, "\"dcterms:isVersionOf\": { \"id\": \"urn:a\" }"));
  g_assert_cmpstr (sidecar, ==, again);
  for (guint i = 0; i < 2; i++)
    g_assert_true (postil_annotation_equal (postil_annotation_index_get (merged->annotations, i),
                                            postil_annotation_index_get (copy->annotations, i)));
  assert_merges (base, theirs, ours, merged);
  assert_merges (base, merged, theirs, merged);
}

/* (transfer full): a sidecar of @text with an annotation of each place, "urn:0" and so on. */
static char *
make_sidecar (PostilText *text, const PostilSpan *spans, guint n_spans, guint first)
{
  g_autoptr (GPtrArray) annotations =
    g_ptr_array_new_with_free_func ((GDestroyNotify) postil_annotation_unref);
  g_autoptr (PostilAnnotationIndex) index = NULL;
  g_autoptr (PostilSnapshot) snapshot = NULL;

  for (guint i = 0; i < n_spans; i++)
    {
      g_autofree char *id = g_strdup_printf ("urn:%u", first + i);

      g_ptr_array_add (annotations, postil_annotation_new (&(PostilAnnotationFields){
                                      .id = id, .spans = &spans[i], .n_spans = 1 }));
    }
  index =
    postil_annotation_index_new ((PostilAnnotation *const *) annotations->pdata, annotations->len);
  snapshot = postil_snapshot_new (&(PostilSnapshot){ .id = (char *) "urn:s",
                                                     .collection = (char *) "urn:c",
                                                     .label = (char *) "a.txt",
                                                     .text = text,
                                                     .annotations = index });
  return describe (snapshot);
}

/* One side was made on a text that was changed meanwhile. */
static void
test_different_texts (void)
{
  static const char old_prose[] =
    "Whether virtue can be taught, or comes by practice, or by neither, is what I ask.\n"
    "You must think that I am very fortunate, if you suppose that I can tell.\n";
  static const char new_prose[] =
    "A dialogue.\n\n"
    "Whether virtue can be taught, or comes by practice, or by neither, is what I ask.\n"
    "You must think that I am very fortunate, if you suppose that I can tell.\n";
  const guint shift = strlen ("A dialogue.\n\n");
  const PostilSpan base_spans[] = { { 8, 14 }, { 35, 52 } };
  const PostilSpan our_spans[] = { { 8, 14 }, { 35, 52 }, { 101, 123 } };
  const PostilSpan their_spans[] = { { 8 + shift, 14 + shift }, { 35 + shift, 52 + shift } };
  g_autoptr (PostilText) old_text =
    postil_text_new (g_strdup (old_prose), strlen (old_prose), NULL);
  g_autoptr (PostilText) new_text =
    postil_text_new (g_strdup (new_prose), strlen (new_prose), NULL);
  g_autofree char *base_json = make_sidecar (old_text, base_spans, 2, 0);
  g_autofree char *ours_json = make_sidecar (old_text, our_spans, 3, 0);
  g_autofree char *theirs_json = make_sidecar (new_text, their_spans, 2, 0);

  for (guint with_text = 0; with_text < 2; with_text++)
    {
      g_autoptr (PostilSnapshot) base = read_sidecar (base_json, with_text ? old_text : NULL);
      g_autoptr (PostilSnapshot) ours = read_sidecar (ours_json, with_text ? old_text : NULL);
      g_autoptr (PostilSnapshot) theirs = read_sidecar (theirs_json, with_text ? new_text : NULL);
      guint n_conflicts;
      g_autoptr (PostilSnapshot) merged = postil_merge (base, ours, theirs, &n_conflicts);
      g_autofree char *sidecar = describe (merged);
      g_autoptr (PostilSnapshot) textless = read_sidecar (sidecar, NULL);
      g_autofree char *again = describe (textless);
      g_autoptr (PostilSnapshot) opened = read_sidecar (sidecar, new_text);
      g_autofree char *settled = describe (opened);

      g_assert_cmpuint (n_conflicts, ==, 0);
      g_assert_nonnull (strstr (sidecar, postil_text_get_sha256 (new_text)));
      g_assert_cmpstr (sidecar, ==, again);
      g_assert_cmpuint (postil_annotation_index_get_size (opened->annotations), ==, 3);
      for (guint i = 0; i < 3; i++)
        {
          PostilAnnotation *annotation = postil_annotation_index_get (opened->annotations, i);

          g_assert_cmpint (postil_annotation_get_status (annotation), ==, POSTIL_STATUS_PLACED);
          g_assert_cmpuint (postil_annotation_get_extent (annotation).start, ==,
                            our_spans[i].start + shift);
        }
      g_assert_null (strstr (settled, "dcterms:replaces"));
      if (with_text)
        {
          g_assert_cmpstr (settled, ==, sidecar);
        }
      else
        {
          /* A position that was not compared with the text is not written, but what it was. */
          g_assert_nonnull (strstr (sidecar, "\"dcterms:replaces\""));
          g_assert_nonnull (strstr (sidecar, postil_text_get_sha256 (old_text)));
        }
      assert_merges (base, theirs, ours, merged);
      assert_merges (base, merged, theirs, merged);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/merge/annotations", test_annotations);
  g_test_add_func ("/merge/topics", test_topics);
  g_test_add_func ("/merge/partial", test_partial);
  g_test_add_func ("/merge/foreign-values", test_foreign_values);
  g_test_add_func ("/merge/foreign-annotations", test_foreign_annotations);
  g_test_add_func ("/merge/different-texts", test_different_texts);
  g_test_add_func ("/merge/random", test_random);
  return g_test_run ();
}
