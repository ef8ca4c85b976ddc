/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "display.h"
#include "postil-edit.h"
#include "postil-overview-strip.h"
#include "postil-palette.h"
#include "postil-test.h"

#define LENGTH 1000

typedef struct
{
  PostilWorkspace *workspace;
  PostilDocument *document;
  PostilOverviewStrip *strip;
  GtkWidget *window;
  guint n_activated;
  guint place;
} Fixture;

static void
activated_cb (Fixture *self, guint place)
{
  self->n_activated++;
  self->place = place;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autofree char *utf8 = g_strnfill (LENGTH, 'x');

  self->workspace = postil_test_workspace_new ();
  self->document = postil_test_document_new ("a.txt", utf8);
  postil_workspace_add_document (self->workspace, self->document);
  self->strip = POSTIL_OVERVIEW_STRIP (postil_overview_strip_new ());
  g_signal_connect_swapped (self->strip, "place-activated", G_CALLBACK (activated_cb), self);
  postil_overview_strip_set_codebook (self->strip, postil_workspace_get_codebook (self->workspace));
  postil_overview_strip_set_document (self->strip, self->document);
  self->window = display_show (GTK_WIDGET (self->strip));
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  display_close (self->window);
  g_object_unref (self->document);
  g_object_unref (self->workspace);
}

/* What is painted at a share of the height, as CAIRO_FORMAT_ARGB32. */
static guint32
get_pixel (Fixture *self, double share)
{
  cairo_surface_t *surface = display_capture (self->strip);
  guint32 pixel = display_get_pixel (surface, 4, share * cairo_image_surface_get_height (surface));

  cairo_surface_destroy (surface);
  return pixel;
}

static gboolean
is_marked (Fixture *self, double share)
{
  return get_pixel (self, share) >> 24 > 0x80;
}

static void
annotate (Fixture *self, guint start, guint end, const char *topic)
{
  g_free (postil_test_annotate (self->workspace, self->document, start, end, topic, NULL));
}

static void
test_marks (Fixture *self, gconstpointer data)
{
  display_settle (50);
  g_assert_false (is_marked (self, 0.5));
  annotate (self, 490, 510, "Trust");
  display_wait (is_marked (self, 0.5));
  g_assert_false (is_marked (self, 0.3));
  /* One character is still to be seen. */
  annotate (self, 300, 301, NULL);
  display_wait (is_marked (self, 0.302));
  postil_workspace_undo (self->workspace);
  display_wait (!is_marked (self, 0.302));
  postil_overview_strip_set_document (self->strip, NULL);
  g_assert_false (is_marked (self, 0.5));
}

/* Changes the only topic; returns whether a palette then looks as the one before. */
static gboolean
change_topic (Fixture *self, const char *label, const char *color)
{
  const GdkRGBA black = { 0, 0, 0, 1 }, white = { 1, 1, 1, 1 };
  PostilCodebook *codebook = postil_workspace_get_codebook (self->workspace);
  PostilPalette *before = postil_palette_new (codebook, &black, &white), *after;
  g_autoptr (PostilStep) step = postil_step_new ("Topic");
  PostilTopicFields fields;
  gboolean same;

  postil_topic_get_fields (postil_codebook_get_topics (codebook)->pdata[0], &fields);
  fields.label = label;
  fields.color = color;
  g_assert_true (postil_edit_change_topic (self->workspace, step, &fields, NULL));
  postil_workspace_commit (self->workspace, step, NULL);
  after = postil_palette_new (codebook, &black, &white);
  same = postil_palette_equal (before, after);
  postil_palette_free (before);
  postil_palette_free (after);
  return same;
}

static gboolean
is_red (Fixture *self, double share)
{
  return (get_pixel (self, share) & 0xffffff) == 0xc01c28;
}

static void
test_topic (Fixture *self, gconstpointer data)
{
  annotate (self, 490, 510, "Trust");
  display_wait (is_marked (self, 0.5));
  g_assert_false (change_topic (self, "Trust", "#2ec27e"));
  display_settle (50);
  g_assert_false (is_red (self, 0.5));
  g_assert_true (change_topic (self, "Faith", "#2ec27e"));
  g_assert_false (change_topic (self, "Faith", "#c01c28"));
  display_wait (is_red (self, 0.5));
}

static void
test_keys (Fixture *self, gconstpointer data)
{
  static const struct
  {
    guint key;
    guint place;
  } steps[] = {
    { GDK_KEY_Down, 100 }, { GDK_KEY_Down, 200 },      { GDK_KEY_Down, 700 },
    { GDK_KEY_Up, 200 },   { GDK_KEY_Page_Down, 700 }, { GDK_KEY_Page_Up, 100 },
  };

  annotate (self, 100, 150, "Trust");
  annotate (self, 200, 220, NULL);
  annotate (self, 200, 230, NULL);
  annotate (self, 700, 710, "Trust");
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_assert_true (display_press (self->strip, steps[i].key, 0));
      g_assert_cmpuint (self->n_activated, ==, i + 1);
      g_assert_cmpuint (self->place, ==, steps[i].place);
    }
  /* There is nothing further up. */
  display_press (self->strip, GDK_KEY_Up, 0);
  g_assert_cmpuint (self->n_activated, ==, G_N_ELEMENTS (steps));

  /* Scrolled elsewhere, the keys go on from there. */
  postil_overview_strip_set_visible_span (self->strip, (PostilSpan){ 500, 600 });
  display_press (self->strip, GDK_KEY_Down, 0);
  g_assert_cmpuint (self->place, ==, 700);
}

/* A few changes count few rows anew, with the same result as all. */
static void
test_changes (Fixture *self, gconstpointer data)
{
  static const char *const topics[] = { "Trust", "Money", "Water", "Land", NULL };
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);
  cairo_surface_t *followed, *anew;

  for (guint i = 0; i < 150; i++)
    {
      guint start = g_rand_int_range (rand, 0, 960);

      if (i % 5 == 4)
        postil_workspace_undo (self->workspace);
      else
        annotate (self, start, start + g_rand_int_range (rand, 0, 40),
                  topics[g_rand_int_range (rand, 0, G_N_ELEMENTS (topics))]);
      if (i % 10 == 0)
        display_settle (40);
    }
  display_settle (100);
  followed = display_capture (self->strip);
  postil_overview_strip_set_document (self->strip, NULL);
  postil_overview_strip_set_document (self->strip, self->document);
  display_settle (100);
  anew = display_capture (self->strip);
  g_assert_true (display_is_same (followed, anew));
  cairo_surface_destroy (followed);
  cairo_surface_destroy (anew);
}

/* What the strip shows besides annotations leaves no trace when it goes. */
static void
test_extras (Fixture *self, gconstpointer data)
{
  static const PostilSpan matches[] = { { 100, 105 }, { 101, 106 }, { 900, 905 } };
  g_autofree char *id = NULL;

  id = postil_test_annotate (self->workspace, self->document, 490, 510, "Trust", NULL);
  display_wait (is_marked (self, 0.5));
  postil_overview_strip_set_current (self->strip, id);
  postil_overview_strip_set_matches (self->strip, matches, G_N_ELEMENTS (matches));
  g_assert_true (is_marked (self, 0.5));
  postil_workspace_undo (self->workspace);
  display_wait (!is_marked (self, 0.5));
  postil_overview_strip_set_current (self->strip, NULL);
  postil_overview_strip_set_matches (self->strip, NULL, 0);
}

static void
test_accessible (Fixture *self, gconstpointer data)
{
  gtk_test_accessible_assert_role (self->strip, GTK_ACCESSIBLE_ROLE_SCROLLBAR);
  gtk_test_accessible_assert_property (self->strip, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Overview of annotations");
  postil_overview_strip_set_visible_span (self->strip, (PostilSpan){ 250, 300 });
  gtk_test_accessible_assert_property (self->strip, GTK_ACCESSIBLE_PROPERTY_VALUE_NOW, 25.0);
}

int
main (int argc, char **argv)
{
  if (!display_init (&argc, &argv))
    return 0;

#define ADD(path, func) g_test_add ("/overview-strip/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("marks", test_marks);
  ADD ("changes", test_changes);
  ADD ("topic", test_topic);
  ADD ("keys", test_keys);
  ADD ("extras", test_extras);
  ADD ("accessible", test_accessible);

  return g_test_run ();
}
