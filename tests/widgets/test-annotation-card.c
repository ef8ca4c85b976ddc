/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "display.h"
#include "postil-annotation-card.h"
#include "postil-edit.h"
#include "postil-test.h"

#define TEXT "One two three four five.\nSix seven eight nine ten.\n"
#define N_ANNOTATIONS 7

typedef struct
{
  PostilWorkspace *workspace;
  PostilDocument *document;
  char *ids[N_ANNOTATIONS];
  GtkWidget *window;
  GtkWidget *box;
  guint stamp;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    guint start;
    guint end;
    const char *topic;
    const char *note;
  } annotations[N_ANNOTATIONS] = {
    { 0, 3, "Trust", "a note" },   { 0, 3, "Trust", "another note" }, { 0, 3, "Money", NULL },
    { 0, 7, NULL, "a note" },      { 4, 7, "Trust", "a note" },       { 0, 50, NULL, NULL },
    { 30, 35, "Trust", "a note" },
  };

  fixture->workspace = postil_test_workspace_new ();
  fixture->document = postil_test_document_new ("a.txt", TEXT);
  postil_workspace_add_document (fixture->workspace, fixture->document);
  for (guint i = 0; i < N_ANNOTATIONS; i++)
    fixture->ids[i] =
      postil_test_annotate (fixture->workspace, fixture->document, annotations[i].start,
                            annotations[i].end, annotations[i].topic, annotations[i].note);
  fixture->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_set_size_request (fixture->box, 240, -1);
  gtk_widget_set_halign (fixture->box, GTK_ALIGN_START);
  fixture->window = display_show (fixture->box);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  display_close (fixture->window);
  for (guint i = 0; i < N_ANNOTATIONS; i++)
    g_free (fixture->ids[i]);
  g_object_unref (fixture->document);
  g_object_unref (fixture->workspace);
}

static GtkWidget *
add_card (Fixture *fixture)
{
  GtkWidget *card = postil_annotation_card_new (NULL);

  gtk_box_append (GTK_BOX (fixture->box), card);
  return card;
}

static gboolean
show (Fixture *fixture, GtkWidget *card, guint i)
{
  return postil_annotation_card_show (
    POSTIL_ANNOTATION_CARD (card), fixture->workspace, fixture->document,
    postil_document_get_annotation (fixture->document, fixture->ids[i]), fixture->stamp);
}

static GBytes *
paint (GtkWidget *card)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (card);
  int width = gdk_paintable_get_intrinsic_width (paintable);
  int height = gdk_paintable_get_intrinsic_height (paintable);
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;

  gdk_paintable_snapshot (paintable, snapshot, width, height);
  node = gtk_snapshot_free_to_node (snapshot);
  texture = gsk_renderer_render_texture (gtk_native_get_renderer (gtk_widget_get_native (card)),
                                         node, &GRAPHENE_RECT_INIT (0, 0, width, height));
  return gdk_texture_save_to_png_bytes (texture);
}

/* A card looks like a new one. */
static void
assert_new (Fixture *fixture, GtkWidget *card, guint i)
{
  GtkWidget *other = add_card (fixture);
  g_autoptr (GBytes) painted = NULL, expected = NULL;

  g_assert_true (show (fixture, other, i));
  display_wait_for_frame (fixture->box);
  painted = paint (card);
  expected = paint (other);
  g_assert_true (g_bytes_equal (painted, expected));
  gtk_box_remove (GTK_BOX (fixture->box), other);
}

/* Whatever a card showed before, and was painted with, is not seen when it shows another one. */
static void
test_others (Fixture *fixture, gconstpointer data)
{
  GtkWidget *card = add_card (fixture);

  for (guint i = 0; i < N_ANNOTATIONS; i++)
    for (guint j = 0; j < N_ANNOTATIONS; j++)
      {
        show (fixture, card, i);
        display_wait_for_frame (fixture->box);
        g_assert_cmpint (show (fixture, card, j), ==, i != j);
        assert_new (fixture, card, j);
      }
}

/* What is beside the annotation is seen when it changes. */
static void
test_topic (Fixture *fixture, gconstpointer data)
{
  GtkWidget *card = add_card (fixture);
  PostilCodebook *codebook = postil_workspace_get_codebook (fixture->workspace);
  static const char *const labels[] = { "Faith", "Doubt", "Faith" };
  static const char *const colors[] = { "#112233", "#112233", "#ddeeff" };
  g_autoptr (GBytes) before = NULL;
  const char *topic = postil_topic_get_id (postil_codebook_find_path (codebook, "Trust"));

  show (fixture, card, 0);
  display_wait_for_frame (fixture->box);
  before = paint (card);
  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    {
      g_autoptr (PostilStep) step = postil_step_new ("Change");
      g_autoptr (GBytes) after = NULL;
      PostilTopicFields fields;

      postil_topic_get_fields (postil_codebook_get_topic (codebook, topic), &fields);
      fields.label = labels[i];
      fields.color = colors[i];
      g_assert_true (postil_edit_change_topic (fixture->workspace, step, &fields, NULL));
      postil_workspace_commit (fixture->workspace, step, NULL);
      fixture->stamp++;
      g_assert_true (show (fixture, card, 0));
      display_wait_for_frame (fixture->box);
      after = paint (card);
      g_assert_false (g_bytes_equal (before, after));
      assert_new (fixture, card, 0);
      g_clear_pointer (&before, g_bytes_unref);
      before = g_steal_pointer (&after);
    }
}

int
main (int argc, char **argv)
{
  if (!display_init (&argc, &argv))
    return 0;

#define ADD(name, function)                                                                        \
  g_test_add ("/annotation-card/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("others", test_others);
  ADD ("topic", test_topic);
#undef ADD

  return g_test_run ();
}
