/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include <glib/gstdio.h>

#include "fixture.h"
#include "postil-edit.h"
#include "postil-test.h"

/* Documents that were renamed or copied, with and without their sidecars. */

#define STORY                                                                                      \
  "The harbour was closed at dawn. Two ships waited beyond the breakwater, and nobody on the "     \
  "quay would say why.\n\nAt noon a pilot came out in a small boat.\n"

#define SUFFIX ".annotations.json"

static char *
read_file (Fixture *fixture, const char *name)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
  g_autofree char *contents = NULL;

  g_file_get_contents (path, &contents, NULL, NULL);
  return g_steal_pointer (&contents);
}

static void
rename_file (Fixture *fixture, const char *from, const char *to)
{
  g_autofree char *old_path = g_build_filename (fixture->folder, from, NULL);
  g_autofree char *new_path = g_build_filename (fixture->folder, to, NULL);

  g_assert_cmpint (g_rename (old_path, new_path), ==, 0);
}

static void
annotate (PostilWindow *window, PostilDocument *document, const char *quote)
{
  PostilSpan span = postil_test_find_in (document, quote);

  g_free (postil_test_annotate (window->workspace, document, span.start, span.end, NULL, "a note"));
}

static guint
count (PostilDocument *document)
{
  return postil_annotation_index_get_size (postil_document_get_annotations (document));
}

static const char *
get_id (PostilDocument *document, guint position)
{
  return postil_annotation_get_id (
    postil_annotation_index_get (postil_document_get_annotations (document), position));
}

/* old.txt, with two annotations that are saved. */
static void
write_annotated (Fixture *fixture)
{
  g_autofree char *path = fixture_write (fixture, "old.txt", STORY, -1);
  PostilWindow *window = fixture_open (fixture, (const char *[]){ path, NULL });

  annotate (window, get_document (window, 0), "closed at dawn");
  annotate (window, get_document (window, 0), "a pilot came out");
  fixture_close (fixture, window);
}

static void
activate (PostilWindow *window, const char *action, PostilDocument *document)
{
  g_autofree char *uri = g_file_get_uri (postil_document_get_file (document));

  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (window), action, "s", uri));
}

typedef struct
{
  PostilDocument *document;
  guint n;
} Expected;

static gboolean
has_annotations (gpointer data)
{
  Expected *expected = data;

  return count (expected->document) == expected->n;
}

static void
wait_annotations (PostilDocument *document, guint n)
{
  wait_until (has_annotations, &(Expected){ document, n }, "the annotations");
}

static void
test_take_over (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "new.txt", NULL);
  g_autofree char *old = NULL, *taken = NULL;
  PostilWindow *window;
  PostilDocument *document;

  write_annotated (fixture);
  rename_file (fixture, "old.txt", "new.txt");
  window = fixture_open (fixture, (const char *[]){ path, NULL });
  document = get_document (window, 0);
  wait_bar (window, "“new.txt” has the same text as “old.txt”, which is gone");

  activate (window, "win.take-over", document);
  wait_annotations (document, 2);
  wait_saved (window);
  /* No other program did it. */
  g_assert_cmpstr (postil_history_get_undo_label (postil_workspace_get_history (window->workspace)),
                   ==, "Take Over Annotations");
  g_assert_false (has_bar (GTK_WIDGET (window), "which is gone"));
  old = read_file (fixture, "old.txt" SUFFIX);
  g_assert_null (old);
  taken = read_file (fixture, "new.txt" SUFFIX);
  g_assert_nonnull (strstr (taken, "a pilot came out"));
  fixture_close (fixture, window);

  window = fixture_open (fixture, (const char *[]){ path, NULL });
  g_assert_cmpuint (count (get_document (window, 0)), ==, 2);
  g_assert_false (has_bar (GTK_WIDGET (window), "which is gone"));
}

/* Nothing is ever replaced. */
static void
test_take_over_too_late (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "new.txt", NULL);
  g_autofree char *old = NULL, *kept = NULL, *mine = NULL;
  PostilWindow *window;

  write_annotated (fixture);
  rename_file (fixture, "old.txt", "new.txt");
  old = read_file (fixture, "old.txt" SUFFIX);
  window = fixture_open (fixture, (const char *[]){ path, NULL });
  wait_bar (window, "which is gone");
  annotate (window, get_document (window, 0), "Two ships");
  activate (window, "win.save", get_document (window, 0));
  wait_saved (window);
  activate (window, "win.take-over", get_document (window, 0));
  wait_bar (window, "is there already");
  wait_bar (window, "which is gone");
  kept = read_file (fixture, "old.txt" SUFFIX);
  g_assert_cmpstr (kept, ==, old);
  mine = read_file (fixture, "new.txt" SUFFIX);
  g_assert_nonnull (strstr (mine, "Two ships"));
  g_assert_cmpuint (count (get_document (window, 0)), ==, 1);
}

/* Also beside what was annotated meanwhile; as a step. */
static void
test_copy (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = NULL, *old = NULL, *kept = NULL, *copied = NULL;
  PostilWindow *window;
  PostilDocument *document;

  write_annotated (fixture);
  old = read_file (fixture, "old.txt" SUFFIX);
  path = fixture_write (fixture, "new.txt", STORY, -1);
  window = fixture_open (fixture, (const char *[]){ path, NULL });
  document = get_document (window, 0);
  wait_bar (window, "“new.txt” has the same text as “old.txt”, which is annotated");
  annotate (window, document, "Two ships");

  activate (window, "win.copy-annotations", document);
  wait_annotations (document, 3);
  g_assert_false (has_bar (GTK_WIDGET (window), "which is annotated"));
  for (guint i = 0; i < 3; i++)
    g_assert_null (strstr (old, get_id (document, i)));
  g_assert_null (strstr (old, postil_document_get_id (document)));
  wait_saved (window);
  copied = read_file (fixture, "new.txt" SUFFIX);
  g_assert_nonnull (strstr (copied, "a pilot came out"));
  g_assert_nonnull (strstr (copied, "Two ships"));
  kept = read_file (fixture, "old.txt" SUFFIX);
  g_assert_cmpstr (kept, ==, old);

  press (window, "<Control>z");
  g_assert_cmpuint (count (document), ==, 1);
  press (window, "<Control><Shift>z");
  g_assert_cmpuint (count (document), ==, 3);
}

static void
test_dismiss (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = NULL, *none = NULL;
  PostilWindow *window;
  PostilDocument *document;
  PostilBar *bar;

  write_annotated (fixture);
  path = fixture_write (fixture, "new.txt", STORY, -1);
  window = fixture_open (fixture, (const char *[]){ path, NULL });
  document = get_document (window, 0);
  wait_bar (window, "which is annotated");
  bar = postil_document_view_get_offer_bar (window->active);
  g_signal_emit_by_name (bar, "dismissed");
  g_assert_false (has_bar (GTK_WIDGET (window), "which is annotated"));
  postil_window_show_document (window, document, NULL);
  g_assert_false (has_bar (GTK_WIDGET (window), "which is annotated"));
  fixture_close (fixture, window);
  none = read_file (fixture, "new.txt" SUFFIX);
  g_assert_null (none);
}

/* old.txt and a copy of it together with its sidecar, open side by side. */
static PostilWindow *
open_twins (Fixture *fixture, const char *text)
{
  g_autofree char *old = g_build_filename (fixture->folder, "old.txt", NULL);
  g_autofree char *twin = NULL, *sidecar = NULL, *twin_sidecar = NULL;
  PostilWindow *window;

  write_annotated (fixture);
  sidecar = read_file (fixture, "old.txt" SUFFIX);
  twin = fixture_write (fixture, "twin.txt", text, -1);
  twin_sidecar = fixture_write (fixture, "twin.txt" SUFFIX, sidecar, -1);
  window = fixture_open (fixture, (const char *[]){ old, twin, NULL });
  wait_bar (window, "“twin.txt” is a copy of “old.txt”");
  return window;
}

static void
test_merge (Fixture *fixture, gconstpointer data)
{
  PostilWindow *window = open_twins (fixture, data);
  PostilDocument *old = get_document (window, 0), *twin = get_document (window, 1);
  g_autofree char *merged = NULL;

  annotate (window, old, "nobody on the quay");
  annotate (window, twin, "Two ships");
  activate (window, "win.merge-copy", twin);
  wait_annotations (old, 4);
  g_assert_cmpuint (count (twin), ==, 3);
  g_assert_false (has_bar (GTK_WIDGET (window), "is a copy of"));
  wait_saved (window);
  merged = read_file (fixture, "old.txt" SUFFIX);
  g_assert_nonnull (strstr (merged, "\"Two ships\""));

  press (window, "<Control>z");
  g_assert_cmpuint (count (old), ==, 3);
}

static void
test_keep_apart (Fixture *fixture, gconstpointer data)
{
  PostilWindow *window = open_twins (fixture, STORY);
  PostilDocument *old = get_document (window, 0), *twin = get_document (window, 1);
  g_autofree char *before = read_file (fixture, "old.txt" SUFFIX);
  g_autofree char *after = NULL, *apart = NULL;

  g_assert_cmpstr (get_id (old, 0), ==, get_id (twin, 0));
  activate (window, "win.keep-apart", twin);
  wait_no_bar (window, "is a copy of");
  g_assert_cmpuint (count (twin), ==, 2);
  g_assert_cmpstr (postil_document_get_id (old), !=, postil_document_get_id (twin));
  for (guint i = 0; i < 2; i++)
    g_assert_null (postil_document_get_annotation (old, get_id (twin, i)));
  g_assert_true (postil_history_get_can_undo (postil_workspace_get_history (window->workspace)));
  wait_saved (window);
  after = read_file (fixture, "old.txt" SUFFIX);
  g_assert_cmpstr (after, ==, before);
  apart = read_file (fixture, "twin.txt" SUFFIX);
  g_assert_nonnull (strstr (apart, postil_document_get_id (twin)));
  g_assert_null (strstr (apart, postil_document_get_id (old)));
}

int
main (int argc, char **argv)
{
  if (!fixture_init (&argc, &argv))
    return g_test_run ();

#define ADD(name, func, data)                                                                      \
  g_test_add ("/app/relocate/" name, Fixture, data, fixture_set_up, func, fixture_tear_down)
  ADD ("take-over", test_take_over, NULL);
  ADD ("take-over-too-late", test_take_over_too_late, NULL);
  ADD ("copy", test_copy, NULL);
  ADD ("dismiss", test_dismiss, NULL);
  ADD ("merge", test_merge, STORY);
  ADD ("merge-other-text", test_merge, "A copy.\n\n" STORY);
  ADD ("keep-apart", test_keep_apart, NULL);

  return g_test_run ();
}
