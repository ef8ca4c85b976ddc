/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-codebook.h"

#include <string.h>

static int n_changed;

static void
changed_cb (void)
{
  n_changed++;
}

static PostilTopic *
add (PostilCodebook *codebook, const char *id, const char *label, const char *broader)
{
  g_autoptr (PostilTopic) topic =
    postil_topic_new (&(PostilTopicFields){ .id = id, .label = label, .broader = broader });

  postil_codebook_apply (codebook, &(PostilChange){ .topic = { NULL, topic } }, 1);
  return topic;
}

static void
test_tree (void)
{
  g_autoptr (PostilCodebook) codebook = postil_codebook_new ();
  g_autoptr (GPtrArray) ordered = NULL;
  g_autofree char *path = NULL;
  static const char *const expected[] = { "A", "C", "a/b", "B" };

  n_changed = 0;
  g_signal_connect (codebook, "changed", changed_cb, NULL);
  add (codebook, "urn:a", "A", NULL);
  add (codebook, "urn:b", "B", NULL);
  add (codebook, "urn:c", "C", "urn:a");
  add (codebook, "urn:d", "a/b", "urn:c");
  g_assert_cmpint (n_changed, ==, 4);

  ordered = postil_codebook_list_in_order (codebook);
  g_assert_cmpuint (ordered->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < ordered->len; i++)
    g_assert_cmpstr (postil_topic_get_label (g_ptr_array_index (ordered, i)), ==, expected[i]);

  path = postil_codebook_dup_path (codebook, postil_codebook_get_topic (codebook, "urn:d"));
  g_assert_cmpstr (path, ==, "A/C/a\\/b");
  g_assert_true (postil_codebook_find_path (codebook, path) ==
                 postil_codebook_get_topic (codebook, "urn:d"));
  g_assert_true (postil_codebook_find_path (codebook, "C") ==
                 postil_codebook_get_topic (codebook, "urn:c"));
  g_assert_null (postil_codebook_find_path (codebook, "B/C"));
  g_assert_null (postil_codebook_find_path (codebook, ""));
  g_assert_true (postil_codebook_is_within (codebook, "urn:d", "urn:a"));
  g_assert_false (postil_codebook_is_within (codebook, "urn:a", "urn:d"));
}

/* A deleted parent leaves those below it at the top. */
static void
test_deprecated (void)
{
  g_autoptr (PostilCodebook) codebook = postil_codebook_new ();
  g_autoptr (GPtrArray) top = NULL;
  g_autoptr (PostilTopic) deleted = NULL;
  PostilTopicFields fields;

  add (codebook, "urn:a", "A", NULL);
  add (codebook, "urn:b", "B", "urn:a");
  postil_topic_get_fields (postil_codebook_get_topic (codebook, "urn:a"), &fields);
  fields.deprecated = TRUE;
  deleted = postil_topic_new (&fields);
  postil_codebook_apply (
    codebook,
    &(PostilChange){ .topic = { postil_codebook_get_topic (codebook, "urn:a"), deleted } }, 1);

  top = postil_codebook_list_children (codebook, NULL);
  g_assert_cmpuint (top->len, ==, 1);
  g_assert_cmpstr (postil_topic_get_label (g_ptr_array_index (top, 0)), ==, "B");
  g_assert_cmpuint (postil_codebook_get_topics (codebook)->len, ==, 2);
}

static void
test_add_missing (void)
{
  g_autoptr (PostilCodebook) codebook = postil_codebook_new ();
  g_autoptr (GPtrArray) brought =
    g_ptr_array_new_with_free_func ((GDestroyNotify) postil_topic_unref);
  PostilTopicFields fields[] = {
    { .id = "urn:a", .label = "Later", .modified = 9 },
    { .id = "urn:b", .label = "Earlier", .modified = 1 },
    { .id = "urn:c", .label = "Circle", .broader = "urn:d" },
    { .id = "urn:d", .label = "Circle", .broader = "urn:c" },
    { .id = "urn:e", .label = "Own parent", .broader = "urn:e" },
  };

  for (guint i = 0; i < 2; i++)
    {
      PostilTopicFields present = fields[i];
      g_autoptr (PostilTopic) topic = NULL;

      present.label = "Present";
      present.modified = 5;
      topic = postil_topic_new (&present);
      postil_codebook_apply (codebook, &(PostilChange){ .topic = { NULL, topic } }, 1);
    }
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    g_ptr_array_add (brought, postil_topic_new (&fields[i]));

  n_changed = 0;
  g_signal_connect (codebook, "changed", changed_cb, NULL);
  g_assert_cmpuint (postil_codebook_add_missing (codebook, brought), ==, 4);
  g_assert_cmpint (n_changed, ==, 1);
  g_assert_cmpstr (postil_topic_get_label (postil_codebook_get_topic (codebook, "urn:a")), ==,
                   "Later");
  g_assert_cmpstr (postil_topic_get_label (postil_codebook_get_topic (codebook, "urn:b")), ==,
                   "Present");
  g_assert_false (postil_codebook_is_within (codebook, "urn:c", "urn:d") &&
                  postil_codebook_is_within (codebook, "urn:d", "urn:c"));
  g_assert_null (postil_topic_get_broader (postil_codebook_get_topic (codebook, "urn:e")));
  g_assert_cmpuint (postil_codebook_add_missing (codebook, brought), ==, 0);
  g_assert_cmpint (n_changed, ==, 1);
}

/* A file may nest topics as deep as it likes, in whatever order. */
static void
test_deep (void)
{
  for (guint order = 0; order < 2; order++)
    {
      g_autoptr (PostilCodebook) codebook = postil_codebook_new ();
      g_autoptr (GPtrArray) brought =
        g_ptr_array_new_with_free_func ((GDestroyNotify) postil_topic_unref);
      g_autoptr (GPtrArray) ordered = NULL;
      g_autofree char *path = NULL;
      const guint n = 100000;

      for (guint i = 0; i < n; i++)
        {
          guint number = order == 0 ? i : n - 1 - i;
          g_autofree char *id = g_strdup_printf ("urn:%u", number);
          g_autofree char *broader = number > 0 ? g_strdup_printf ("urn:%u", number - 1) : NULL;

          g_ptr_array_add (brought, postil_topic_new (&(PostilTopicFields){
                                      .id = id, .label = "T", .broader = broader }));
        }
      postil_codebook_add_missing (codebook, brought);
      ordered = postil_codebook_list_in_order (codebook);
      g_assert_cmpuint (ordered->len, ==, n);
      path = postil_codebook_dup_path (codebook, postil_codebook_get_topic (codebook, "urn:99999"));
      g_assert_cmpuint (strlen (path), >, 1);
    }
}

static void
test_colors (void)
{
  g_autoptr (PostilCodebook) codebook = postil_codebook_new ();
  const char *const *palette = postil_codebook_get_palette ();

  for (guint i = 0; palette[i]; i++)
    {
      g_autofree char *id = g_strdup_printf ("urn:%u", i);
      g_autoptr (PostilTopic) topic = NULL;

      g_assert_cmpstr (postil_codebook_get_free_color (codebook), ==, palette[i]);
      topic = postil_topic_new (&(PostilTopicFields){ .id = id, .label = id, .color = palette[i] });
      postil_codebook_apply (codebook, &(PostilChange){ .topic = { NULL, topic } }, 1);
    }
  g_assert_cmpstr (postil_codebook_get_free_color (codebook), ==, palette[0]);
}

/* What a snapshot took stays as it was. */
static void
test_shared_list (void)
{
  g_autoptr (PostilCodebook) codebook = postil_codebook_new ();
  g_autoptr (GPtrArray) before = NULL;

  add (codebook, "urn:a", "A", NULL);
  before = g_ptr_array_ref (postil_codebook_get_topics (codebook));
  add (codebook, "urn:b", "B", NULL);
  g_assert_cmpuint (before->len, ==, 1);
  g_assert_cmpuint (postil_codebook_get_topics (codebook)->len, ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/codebook/tree", test_tree);
  g_test_add_func ("/codebook/deprecated", test_deprecated);
  g_test_add_func ("/codebook/add-missing", test_add_missing);
  g_test_add_func ("/codebook/deep", test_deep);
  g_test_add_func ("/codebook/colors", test_colors);
  g_test_add_func ("/codebook/shared-list", test_shared_list);
  return g_test_run ();
}
