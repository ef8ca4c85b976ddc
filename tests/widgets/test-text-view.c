/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "display.h"
#include "postil-edit.h"
#include "postil-test.h"
#include "postil-text-style.h"
#include "postil-text-view.h"

#define WINDOW_WIDTH 400
#define WINDOW_HEIGHT 300

typedef struct
{
  PostilWorkspace *workspace;
  PostilDocument *document;
  GtkWidget *window;
  PostilTextView *view;
  guint n_settled;
  guint n_activated;
  guint n_moved;
} Fixture;

static void
settled_cb (Fixture *self)
{
  self->n_settled++;
}

static void
activated_cb (Fixture *self, GPtrArray *annotations)
{
  self->n_activated = annotations->len;
}

static void
moved_cb (Fixture *self)
{
  self->n_moved++;
}

static GtkWidget *
show (GtkWidget *view)
{
  GtkWidget *window = gtk_window_new ();
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), view);
  gtk_window_set_child (GTK_WINDOW (window), scrolled);
  gtk_window_set_default_size (GTK_WINDOW (window), WINDOW_WIDTH, WINDOW_HEIGHT);
  gtk_window_present (GTK_WINDOW (window));
  return window;
}

static void
set_up (Fixture *self, const char *utf8)
{
  self->workspace = postil_test_workspace_new ();
  self->document = postil_test_document_new ("a.txt", utf8);
  postil_workspace_add_document (self->workspace, self->document);
  self->view = postil_text_view_new ();
  g_signal_connect_swapped (self->view, "selection-settled", G_CALLBACK (settled_cb), self);
  g_signal_connect_swapped (self->view, "annotations-activated", G_CALLBACK (activated_cb), self);
  g_signal_connect_swapped (self->view, "view-moved", G_CALLBACK (moved_cb), self);
  postil_text_view_set_codebook (self->view, postil_workspace_get_codebook (self->workspace));
  self->window = show (GTK_WIDGET (self->view));
  postil_text_view_set_document (self->view, self->document);
}

static void
tear_down (Fixture *self)
{
  gtk_window_destroy (GTK_WINDOW (self->window));
  g_object_unref (self->document);
  g_object_unref (self->workspace);
}

static void
wait_for_text (Fixture *self)
{
  display_wait (!postil_text_view_get_loading (self->view));
  display_wait (self->n_moved > 0);
}

static char *
repeat (const char *unit, gsize n_bytes)
{
  GString *string = g_string_new (NULL);

  while (string->len < n_bytes)
    g_string_append (string, unit);
  return g_string_free (string, FALSE);
}

static void
move (Fixture *self, GtkMovementStep step, int count, gboolean extend)
{
  g_signal_emit_by_name (self->view, "move-cursor", step, count, extend);
}

static void
read_cb (GObject *clipboard, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  *(char **) data = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (clipboard), result, &error);
  g_assert_no_error (error);
}

static char *
read_clipboard (GdkClipboard *clipboard)
{
  char *text = NULL;

  gdk_clipboard_read_text_async (clipboard, NULL, read_cb, &text);
  display_wait (text != NULL);
  return text;
}

/* What the view paints, 32 bits a pixel. */
static cairo_surface_t *
capture (GtkWidget *widget)
{
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  cairo_t *cr = cairo_create (surface);

  GTK_WIDGET_GET_CLASS (widget)->snapshot (widget, snapshot);
  node = gtk_snapshot_free_to_node (snapshot);
  gsk_render_node_draw (node, cr);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  return surface;
}

static guint32
get_pixel (cairo_surface_t *surface, int x, int y)
{
  const guchar *data = cairo_image_surface_get_data (surface);

  return (
    (const guint32 *) (gconstpointer) (data + y * cairo_image_surface_get_stride (surface)))[x];
}

static gboolean
is_same (cairo_surface_t *a, cairo_surface_t *b)
{
  return memcmp (cairo_image_surface_get_data (a), cairo_image_surface_get_data (b),
                 cairo_image_surface_get_stride (a) * cairo_image_surface_get_height (a)) == 0;
}

static void
test_loading (void)
{
  Fixture self = { 0 };
  g_autofree char *utf8 = repeat ("A paragraph of some words.\r\n漢字 😀\n", 3000000);
  PostilSpan late = { 1000000, 1000010 }, span;
  GtkTextBuffer *buffer;
  GtkTextIter start, end;
  g_autofree char *shown = NULL;

  set_up (&self, utf8);
  buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (self.view));
  g_assert_true (postil_text_view_get_loading (self.view));
  g_assert_cmpint (gtk_text_buffer_get_char_count (buffer), >, 0);
  g_assert_cmpuint (postil_text_view_get_caret (self.view), ==, 0);
  postil_text_view_select (self.view, late);
  postil_text_view_scroll_to (self.view, late.start);
  g_assert_false (postil_text_view_get_selection (self.view, NULL));

  wait_for_text (&self);
  gtk_text_buffer_get_bounds (buffer, &start, &end);
  shown = gtk_text_buffer_get_text (buffer, &start, &end, TRUE);
  g_assert_true (g_str_equal (shown, utf8));
  g_assert_true (postil_text_view_get_selection (self.view, &span));
  g_assert_true (postil_span_equal (span, late));
  display_wait (postil_span_touches (postil_text_view_get_visible_span (self.view), late));
  /* Nobody selected it by hand. */
  g_assert_cmpuint (self.n_settled, ==, 0);

  postil_text_view_set_document (self.view, NULL);
  g_assert_cmpint (gtk_text_buffer_get_char_count (buffer), ==, 0);
  g_assert_cmpuint (postil_text_view_get_caret (self.view), ==, 0);
  tear_down (&self);
}

/* The view must go away in the middle of everything. */
static void
test_early_end (void)
{
  Fixture self = { 0 };
  g_autofree char *utf8 = repeat ("A paragraph of some words.\n", 1000000);

  set_up (&self, utf8);
  postil_text_view_select (self.view, (PostilSpan){ 0, 10 });
  tear_down (&self);
  display_settle (50);
}

/* The end is that of the whole text, also when that is not there yet. */
static void
test_end_while_loading (void)
{
  Fixture self = { 0 };
  g_autofree char *utf8 = repeat ("A paragraph of some words.\n", 1000000);
  guint length = strlen (utf8);

  set_up (&self, utf8);
  g_assert_true (postil_text_view_get_loading (self.view));
  move (&self, GTK_MOVEMENT_BUFFER_ENDS, 1, FALSE);
  wait_for_text (&self);
  g_assert_cmpuint (postil_text_view_get_caret (self.view), ==, length);
  display_wait (postil_text_view_get_visible_span (self.view).end == length);
  tear_down (&self);
}

/* The text is there but GTK is far from having laid it out, and moves slowly by itself. */
static void
set_up_laying_out (Fixture *self, const char *utf8)
{
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", TRUE, NULL);
  set_up (self, utf8);
  wait_for_text (self);
  display_settle (200);
}

static void
tear_down_laying_out (Fixture *self)
{
  tear_down (self);
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
}

static void
test_ends_while_laying_out (void)
{
  Fixture self = { 0 };
  g_autofree char *utf8 = repeat ("A paragraph of some words.\n", 5000000);
  guint length = strlen (utf8);

  set_up_laying_out (&self, utf8);
  for (guint i = 0; i < 2; i++)
    {
      move (&self, GTK_MOVEMENT_BUFFER_ENDS, 1, i);
      display_wait (postil_text_view_get_visible_span (self.view).end == length);
      display_settle (300);
      g_assert_cmpuint (postil_text_view_get_visible_span (self.view).end, ==, length);
      move (&self, GTK_MOVEMENT_BUFFER_ENDS, -1, i);
      display_wait (postil_text_view_get_visible_span (self.view).start == 0);
      display_settle (300);
      g_assert_cmpuint (postil_text_view_get_visible_span (self.view).start, ==, 0);
    }
  tear_down_laying_out (&self);
}

static void
get_line_range (Fixture *self, guint offset, int *y, int *height)
{
  GtkTextView *view = GTK_TEXT_VIEW (self->view);
  GtkTextIter iter;

  gtk_text_buffer_get_iter_at_offset (gtk_text_view_get_buffer (view), &iter, offset);
  gtk_text_view_get_line_yrange (view, &iter, y, height);
}

static void
painted_cb (guint *n_frames)
{
  ++*n_frames;
}

/* What is said to be in sight is, to the pixel. */
static void
test_visible (void)
{
  Fixture self = { 0 };
  g_autofree char *utf8 = repeat ("A line.\n", 2000);
  GtkAdjustment *adjustment;
  GdkRectangle area;
  guint n_frames = 0;
  int y, height;

  set_up (&self, utf8);
  wait_for_text (&self);
  g_signal_connect_swapped (gtk_widget_get_frame_clock (self.window), "after-paint",
                            G_CALLBACK (painted_cb), &n_frames);
  adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self.view));
  get_line_range (&self, 0, &y, &height);
  g_assert_cmpint (height, >, 1);
  for (int i = 0, n = height; i < n; i++)
    {
      PostilSpan visible;

      gtk_adjustment_set_value (adjustment, 200 + i);
      gtk_widget_queue_draw (GTK_WIDGET (self.view));
      n_frames = 0;
      display_wait (n_frames > 0);
      visible = postil_text_view_get_visible_span (self.view);
      gtk_text_view_get_visible_rect (GTK_TEXT_VIEW (self.view), &area);
      get_line_range (&self, visible.start, &y, &height);
      g_assert_true (y <= area.y && y + height > area.y);
      get_line_range (&self, visible.end, &y, &height);
      g_assert_true (y < area.y + area.height && y + height >= area.y + area.height);
    }
  g_signal_handlers_disconnect_by_data (gtk_widget_get_frame_clock (self.window), &n_frames);
  tear_down (&self);
}

/* How much further down the view starts now, in code points. */
static int
get_turned (Fixture *self, PostilSpan before)
{
  return (int) postil_text_view_get_visible_span (self->view).start - (int) before.start;
}

static void
test_pages_while_laying_out (void)
{
  Fixture self = { 0 };
  g_autofree char *utf8 = repeat ("A paragraph of some words.\n", 5000000);

  set_up_laying_out (&self, utf8);
  for (int i = 0; i < 8; i++)
    {
      int count = i < 5 ? 1 : -1;
      PostilSpan before = postil_text_view_get_visible_span (self.view);
      int page = postil_span_length (before);

      move (&self, GTK_MOVEMENT_PAGES, count, FALSE);
      display_wait (count * get_turned (&self, before) > 0.7 * page);
      display_settle (50);
      g_assert_cmpint (count * get_turned (&self, before), >, 0.7 * page);
      g_assert_cmpint (count * get_turned (&self, before), <=, page);
    }
  tear_down_laying_out (&self);
}

static gboolean
shows_text (Fixture *self)
{
  PostilSpan visible = postil_text_view_get_visible_span (self->view);

  return visible.end > visible.start + 50;
}

/* Where the scroll bar is dragged to there is text, though nothing is laid out there; and a wish
 * for the end is given up by it, or by a key. */
static void
test_drag_while_loading (void)
{
  Fixture self = { 0 };
  g_autofree char *utf8 = repeat ("A paragraph of some words.\n", 5000000);
  guint length = strlen (utf8);

  for (guint by_key = 0; by_key < 2; by_key++)
    {
      GtkAdjustment *adjustment;

      set_up (&self, utf8);
      adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self.view));
      while (!shows_text (&self))
        g_main_context_iteration (NULL, TRUE);
      g_assert_true (postil_text_view_get_loading (self.view));
      move (&self, GTK_MOVEMENT_BUFFER_ENDS, 1, FALSE);
      if (by_key)
        move (&self, GTK_MOVEMENT_BUFFER_ENDS, -1, FALSE);
      else
        gtk_adjustment_set_value (adjustment, gtk_adjustment_get_upper (adjustment) / 2);
      /* What comes right after is the frame that a person sees first. */
      display_wait (shows_text (&self));
      wait_for_text (&self);
      display_settle (200);
      g_assert_true (shows_text (&self));
      g_assert_cmpuint (postil_text_view_get_visible_span (self.view).end, <, length);
      if (by_key)
        g_assert_cmpuint (postil_text_view_get_caret (self.view), ==, 0);
      tear_down (&self);
      self = (Fixture){ 0 };
    }
}

/* Shown is the beginning, which the document goes on from; another one takes its place. */
static void
test_preview (void)
{
  Fixture self = { 0 };
  g_autofree char *utf8 = repeat ("A paragraph of some words.\n", 400000);
  g_autofree char *beginning = g_strndup (utf8, 200000);
  g_autofree char *other = repeat ("Something else.\n", 200000);
  const char *const previews[] = { beginning, other };

  set_up (&self, utf8);
  for (guint i = 0; i < G_N_ELEMENTS (previews); i++)
    {
      g_autoptr (PostilText) text =
        postil_text_new (g_strdup (previews[i]), strlen (previews[i]), NULL);
      GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (self.view));
      g_autofree char *shown = NULL;
      GtkTextIter start, end;
      PostilSpan span;

      postil_text_view_preview (self.view, text);
      g_assert_null (postil_text_view_get_document (self.view));
      g_assert_false (postil_text_view_get_loading (self.view));
      g_assert_cmpint (gtk_text_buffer_get_char_count (buffer), >, 1000);
      display_settle (30);
      move (&self, GTK_MOVEMENT_LOGICAL_POSITIONS, 3, FALSE);
      g_signal_emit_by_name (self.view, "select-all", TRUE);
      g_assert_false (postil_text_view_get_selection (self.view, &span));
      g_signal_emit_by_name (self.view, "copy-clipboard");
      g_signal_emit_by_name (self.view, "select-all", FALSE);
      move (&self, GTK_MOVEMENT_BUFFER_ENDS, -1, FALSE);
      move (&self, GTK_MOVEMENT_LOGICAL_POSITIONS, 3, FALSE);

      postil_text_view_set_document (self.view, self.document);
      g_assert_cmpuint (postil_text_view_get_caret (self.view), ==, i == 0 ? 3 : 0);
      wait_for_text (&self);
      gtk_text_buffer_get_bounds (buffer, &start, &end);
      shown = gtk_text_buffer_get_slice (buffer, &start, &end, TRUE);
      g_assert_cmpstr (shown, ==, utf8);
    }
  tear_down (&self);
}

static void
test_long_paragraph (void)
{
  Fixture self = { 0 };
  g_autofree char *utf8 = repeat ("word after word ", 1000000);
  PostilSpan far = { 500000, 520000 }, span;
  g_autofree char *copied = NULL, *primary = NULL;
  g_autofree char *expected = g_strndup (utf8 + far.start, far.end - far.start);
  guint last = 0;

  set_up (&self, utf8);
  wait_for_text (&self);
  g_assert_cmpint (
    gtk_text_buffer_get_line_count (gtk_text_view_get_buffer (GTK_TEXT_VIEW (self.view))), >, 200);

  postil_text_view_select (self.view, far);
  postil_text_view_scroll_to (self.view, far.start);
  g_assert_true (postil_text_view_get_selection (self.view, &span));
  g_assert_true (postil_span_equal (span, far));
  display_wait (postil_span_touches (postil_text_view_get_visible_span (self.view),
                                     (PostilSpan){ far.start, far.start + 1 }));
  g_signal_emit_by_name (self.view, "copy-clipboard");
  copied = read_clipboard (gtk_widget_get_clipboard (GTK_WIDGET (self.view)));
  g_assert_cmpstr (copied, ==, expected);

  /* Selected by hand, it is the primary selection too; one key press goes one character on. */
  postil_text_view_select (self.view, (PostilSpan){ 4000, 4000 });
  for (guint i = 1; i <= 200; i++)
    {
      move (&self, GTK_MOVEMENT_LOGICAL_POSITIONS, 1, TRUE);
      g_assert_cmpuint (postil_text_view_get_caret (self.view), ==, 4000 + i);
      last = 4000 + i;
    }
  display_wait (self.n_settled == 1);
  primary = read_clipboard (gtk_widget_get_primary_clipboard (GTK_WIDGET (self.view)));
  g_free (expected);
  expected = g_strndup (utf8 + 4000, last - 4000);
  g_assert_cmpstr (primary, ==, expected);
  for (guint i = 1; i <= 200; i++)
    {
      move (&self, GTK_MOVEMENT_LOGICAL_POSITIONS, -1, FALSE);
      g_assert_cmpuint (postil_text_view_get_caret (self.view), <, last);
      last = postil_text_view_get_caret (self.view);
    }
  tear_down (&self);
}

static int
get_y (Fixture *self, const GtkTextIter *iter)
{
  GdkRectangle location;

  gtk_text_view_get_iter_location (GTK_TEXT_VIEW (self->view), iter, &location);
  return location.y;
}

/* How far a line of the buffer is from the last display line before it. */
static int
measure_step (Fixture *self, const GtkTextIter *start)
{
  GtkTextIter before = *start;

  gtk_text_iter_backward_char (&before);
  return get_y (self, start) - get_y (self, &before);
}

/* Where the view breaks a long paragraph, it looks as if it was wrapped there; elsewhere not. */
static void
test_continued_spacing (void)
{
  Fixture self = { 0 };
  g_autofree char *words = repeat ("word after word ", 100000);
  g_autofree char *utf8 = g_strconcat ("First.\n\n", words, "\nSecond.\n", words, NULL);
  GtkTextView *view;
  GtkTextIter iter, next;
  guint n_continued = 0;
  int wrapped;

  set_up (&self, utf8);
  wait_for_text (&self);
  display_wait (display_is_laid_out (self.view));
  view = GTK_TEXT_VIEW (self.view);
  gtk_text_buffer_get_iter_at_line (gtk_text_view_get_buffer (view), &iter, 2);
  next = iter;
  g_assert_true (gtk_text_view_forward_display_line (view, &next));
  wrapped = get_y (&self, &next) - get_y (&self, &iter);

  gtk_text_buffer_get_start_iter (gtk_text_view_get_buffer (view), &iter);
  next = iter;
  for (gsize offset = 0; gtk_text_iter_forward_line (&next); iter = next)
    {
      gboolean is_continued;

      offset += gtk_text_iter_get_offset (&next) - gtk_text_iter_get_offset (&iter) - 1;
      is_continued = utf8[offset] != '\n';
      /* A pixel may be lost in rounding. */
      if (is_continued)
        g_assert_cmpint (ABS (measure_step (&self, &next) - wrapped), <=, 1);
      else
        g_assert_cmpint (measure_step (&self, &next), >, wrapped + 1);
      n_continued += is_continued;
      offset += !is_continued;
    }
  g_assert_cmpuint (n_continued, >, 45);
  tear_down (&self);
}

static void
test_selection (void)
{
  Fixture self = { 0 };
  PostilSpan span;
  GdkRectangle area;

  set_up (&self, "one e\xcc\x81 👩‍👩‍👧 two\r\nthree");
  wait_for_text (&self);

  /* Widened to whole graphemes. */
  postil_text_view_select (self.view, (PostilSpan){ 5, 8 });
  g_assert_true (postil_text_view_get_selection (self.view, &span));
  g_assert_cmpuint (span.start, ==, 4);
  g_assert_cmpuint (span.end, ==, 12);
  g_assert_true (postil_text_view_get_selection_area (self.view, &area));
  g_assert_cmpint (area.width, >, 0);
  g_assert_cmpint (area.y + area.height, <, gtk_widget_get_height (GTK_WIDGET (self.view)));
  display_settle (400);
  g_assert_cmpuint (self.n_settled, ==, 0);

  postil_text_view_select (self.view, (PostilSpan){ 0, 0 });
  g_assert_false (postil_text_view_get_selection (self.view, &span));
  for (guint i = 0; i < 5; i++)
    move (&self, GTK_MOVEMENT_VISUAL_POSITIONS, 1, TRUE);
  g_assert_cmpuint (self.n_settled, ==, 0);
  display_wait (self.n_settled == 1);
  g_assert_true (postil_text_view_get_selection (self.view, &span));
  g_assert_cmpuint (span.start, ==, 0);
  g_assert_cmpuint (span.end, ==, 6);
  g_signal_emit_by_name (self.view, "select-all", TRUE);
  display_wait (self.n_settled == 2);
  move (&self, GTK_MOVEMENT_VISUAL_POSITIONS, 1, FALSE);
  display_wait (self.n_settled == 3);
  g_assert_false (postil_text_view_get_selection (self.view, &span));
  tear_down (&self);
}

static void
test_read_only (void)
{
  static const char *const verbs[] = { "cut-clipboard", "paste-clipboard", "backspace",
                                       "insert-emoji" };
  Fixture self = { 0 };
  GtkTextBuffer *buffer;
  int length;

  set_up (&self, "one two three");
  wait_for_text (&self);
  buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (self.view));
  length = gtk_text_buffer_get_char_count (buffer);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self.view)), "four");
  postil_text_view_select (self.view, (PostilSpan){ 0, 3 });
  for (guint i = 0; i < G_N_ELEMENTS (verbs); i++)
    g_signal_emit_by_name (self.view, verbs[i]);
  g_signal_emit_by_name (self.view, "delete-from-cursor", GTK_DELETE_CHARS, 1);
  g_signal_emit_by_name (self.view, "insert-at-cursor", "x");
  display_press (self.view, GDK_KEY_Return, 0);
  display_settle (50);
  g_assert_cmpint (gtk_text_buffer_get_char_count (buffer), ==, length);
  tear_down (&self);
}

static void
test_annotations (void)
{
  Fixture self = { 0 };
  g_autofree char *first = NULL, *second = NULL;
  g_autoptr (PostilStep) step = NULL;
  GtkAdjustment *adjustment;
  PostilTopicFields fields;
  PostilTopic *topic;
  cairo_surface_t *before, *after, *current, *recolored, *undone;
  double value;

  set_up (&self, "one two three four five\nsix seven\n");
  wait_for_text (&self);
  gtk_text_view_set_cursor_visible (GTK_TEXT_VIEW (self.view), FALSE);
  postil_text_view_select (self.view, (PostilSpan){ 4, 7 });
  adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self.view));
  value = gtk_adjustment_get_value (adjustment);
  before = capture (GTK_WIDGET (self.view));

  first = postil_test_annotate (self.workspace, self.document, 4, 13, "Trust", "why here?");
  display_settle (50);
  after = capture (GTK_WIDGET (self.view));
  g_assert_false (is_same (before, after));
  g_assert_true (postil_text_view_get_selection (self.view, NULL));
  g_assert_cmpfloat (gtk_adjustment_get_value (adjustment), ==, value);

  postil_text_view_set_current (self.view, first);
  display_settle (50);
  current = capture (GTK_WIDGET (self.view));
  g_assert_false (is_same (after, current));
  postil_text_view_set_current (self.view, NULL);

  topic = postil_codebook_find_path (postil_workspace_get_codebook (self.workspace), "Trust");
  postil_topic_get_fields (topic, &fields);
  fields.color = "#123456";
  step = postil_step_new ("Recolour");
  g_assert_true (postil_edit_change_topic (self.workspace, step, &fields, NULL));
  postil_workspace_commit (self.workspace, step, NULL);
  display_settle (50);
  recolored = capture (GTK_WIDGET (self.view));
  g_assert_false (is_same (after, recolored));

  second = postil_test_annotate (self.workspace, self.document, 8, 18, NULL, NULL);
  postil_text_view_select (self.view, (PostilSpan){ 9, 9 });
  display_settle (50);
  g_assert_true (display_press (self.view, GDK_KEY_Return, 0));
  g_assert_cmpuint (self.n_activated, ==, 2);
  gtk_test_accessible_assert_property (self.view, GTK_ACCESSIBLE_PROPERTY_LABEL, "a.txt");
  gtk_test_accessible_assert_property (
    self.view, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
    "Trust: “two three”. Note: why here?\nHighlight: “three four”");
  postil_text_view_select (self.view, (PostilSpan){ 20, 20 });
  display_settle (50);
  gtk_test_accessible_assert_property (self.view, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "");
  self.n_activated = 0;
  display_press (self.view, GDK_KEY_Return, 0);
  g_assert_cmpuint (self.n_activated, ==, 0);

  for (guint i = 0; i < 3; i++)
    postil_workspace_undo (self.workspace);
  postil_text_view_select (self.view, (PostilSpan){ 4, 7 });
  display_settle (50);
  undone = capture (GTK_WIDGET (self.view));
  g_assert_true (is_same (before, undone));

  cairo_surface_destroy (before);
  cairo_surface_destroy (after);
  cairo_surface_destroy (current);
  cairo_surface_destroy (recolored);
  cairo_surface_destroy (undone);
  tear_down (&self);
}

/* Overlaps are told apart: each annotation has an underline of its own. */
static void
test_overlaps (void)
{
  static const char *const topics[] = { "A", "B", "C" };
  Fixture self = { 0 };
  cairo_surface_t *shots[4];

  set_up (&self, "one two three four five");
  wait_for_text (&self);
  shots[0] = capture (GTK_WIDGET (self.view));
  for (guint i = 0; i < 3; i++)
    {
      g_free (postil_test_annotate (self.workspace, self.document, 4 + i, 18 - i, topics[i], NULL));
      display_settle (20);
      shots[i + 1] = capture (GTK_WIDGET (self.view));
      for (guint j = 0; j <= i; j++)
        g_assert_false (is_same (shots[i + 1], shots[j]));
    }
  for (guint i = 0; i < 4; i++)
    cairo_surface_destroy (shots[i]);
  tear_down (&self);
}

/* Highlights go along when a new width breaks the lines elsewhere, also where the height stays. */
static void
test_resize (void)
{
  Fixture self = { 0 };
  g_autofree char *utf8 =
    repeat ("words of many lengths, short and extraordinarily long ones\n", 600);
  g_autofree char *id = NULL;
  PostilCodebook *codebook;

  set_up (&self, utf8);
  wait_for_text (&self);
  gtk_text_view_set_cursor_visible (GTK_TEXT_VIEW (self.view), FALSE);
  codebook = postil_workspace_get_codebook (self.workspace);
  id = postil_test_annotate (self.workspace, self.document, 20, 500, "Trust", NULL);
  for (int width = WINDOW_WIDTH; width > WINDOW_WIDTH - 120; width -= 20)
    {
      cairo_surface_t *resized, *painted_anew;

      gtk_window_set_default_size (GTK_WINDOW (self.window), width, WINDOW_HEIGHT);
      display_wait (gtk_widget_get_width (GTK_WIDGET (self.view)) <= width);
      display_settle (50);
      resized = capture (GTK_WIDGET (self.view));
      postil_text_view_set_codebook (self.view, NULL);
      postil_text_view_set_codebook (self.view, codebook);
      painted_anew = capture (GTK_WIDGET (self.view));
      g_assert_true (is_same (resized, painted_anew));
      cairo_surface_destroy (resized);
      cairo_surface_destroy (painted_anew);
    }
  tear_down (&self);
}

/* A view paints no background of its own. */
static void
put_on_white (cairo_surface_t *surface)
{
  cairo_t *cr = cairo_create (surface);

  cairo_set_operator (cr, CAIRO_OPERATOR_DEST_OVER);
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
}

/* What is painted line by line as it comes into sight, from above or from below, is what is painted
 * when all is in sight at once; also where a paragraph is shown in pieces. */
static int
get_text_end (PostilTextView *view)
{
  GtkTextIter end;
  int y, height;

  gtk_text_buffer_get_end_iter (gtk_text_view_get_buffer (GTK_TEXT_VIEW (view)), &end);
  gtk_text_view_get_line_yrange (GTK_TEXT_VIEW (view), &end, &y, &height);
  return y + height + POSTIL_TEXT_STYLE_MARGIN;
}

/* Once a long text is laid out, its end is the end of scrolling, at any size; and what led there
 * has changed nothing for which GTK would lay out all of it once more. */
static void
test_end_of_scrolling (void)
{
  static const int heights[] = { WINDOW_HEIGHT, WINDOW_HEIGHT / 2, WINDOW_HEIGHT };
  g_autofree char *utf8 = repeat ("A sentence of no great length.\n", 60000);
  Fixture self = { 0 };
  GtkAdjustment *adjustment;
  int margin;

  set_up (&self, utf8);
  wait_for_text (&self);
  margin = gtk_text_view_get_bottom_margin (GTK_TEXT_VIEW (self.view));
  adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self.view));
  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_upper (adjustment));
  for (guint i = 0; i < G_N_ELEMENTS (heights); i++)
    {
      gtk_window_set_default_size (GTK_WINDOW (self.window), WINDOW_WIDTH, heights[i]);
      display_settle (50);
      display_wait (gtk_adjustment_get_upper (adjustment) == get_text_end (self.view));
      gtk_adjustment_set_value (adjustment, gtk_adjustment_get_upper (adjustment));
      display_settle (20);
      g_assert_cmpfloat (gtk_adjustment_get_upper (adjustment), ==, get_text_end (self.view));
      g_assert_cmpfloat (gtk_adjustment_get_value (adjustment), ==,
                         get_text_end (self.view) - gtk_widget_get_height (GTK_WIDGET (self.view)));
    }
  g_assert_cmpint (gtk_text_view_get_bottom_margin (GTK_TEXT_VIEW (self.view)), ==, margin);
  tear_down (&self);
}

static void
count_cb (guint *n)
{
  ++*n;
}

/* GTK lays out a paragraph anew whenever a tag comes or goes there. */
static void
test_caret_in_sight (void)
{
  g_autofree char *utf8 = repeat ("A sentence of no great length.\n", 60000);
  Fixture self = { 0 };
  guint n = 0;

  set_up (&self, utf8);
  wait_for_text (&self);
  postil_text_view_select (self.view, (PostilSpan){ 40, 40 });
  g_signal_connect_swapped (gtk_text_view_get_buffer (GTK_TEXT_VIEW (self.view)), "apply-tag",
                            G_CALLBACK (count_cb), &n);
  move (&self, GTK_MOVEMENT_VISUAL_POSITIONS, 1, TRUE);
  move (&self, GTK_MOVEMENT_DISPLAY_LINES, 1, TRUE);
  g_assert_cmpuint (n, ==, 0);
  tear_down (&self);
}

static void
test_bands (void)
{
  Fixture self = { 0 };
  g_autofree char *utf8 = repeat ("words, שלום of many lengths and extraordinarily long ", 12000);
  g_autoptr (GRand) random = g_rand_new_with_seed (3);
  GtkAdjustment *adjustment;
  PostilCodebook *codebook;
  guint length;

  set_up (&self, utf8);
  wait_for_text (&self);
  display_wait (display_is_laid_out (self.view));
  gtk_text_view_set_cursor_visible (GTK_TEXT_VIEW (self.view), FALSE);
  codebook = postil_workspace_get_codebook (self.workspace);
  length = postil_text_get_length (postil_document_get_text (self.document));
  for (guint i = 0; i < 200; i++)
    {
      static const char *const topics[] = { "A", "B", "C", "D" };
      guint start = g_rand_int_range (random, 0, length - 500);
      guint end = start + g_rand_int_range (random, 1, 500);

      g_free (postil_test_annotate (self.workspace, self.document, start, end, topics[i % 4],
                                    i % 3 == 0 ? "why?" : NULL));
    }
  adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self.view));
  for (guint i = 0; i < 60; i++)
    {
      cairo_surface_t *in_bands, *painted_anew;

      /* Down, and with a leap back up. */
      gtk_adjustment_set_value (adjustment, i < 30 ? 2500 + 37 * i : 6000 - 41 * i);
      display_settle (10);
      if (i % 6 < 5)
        continue;
      in_bands = capture (GTK_WIDGET (self.view));
      postil_text_view_set_codebook (self.view, NULL);
      postil_text_view_set_codebook (self.view, codebook);
      painted_anew = capture (GTK_WIDGET (self.view));
      put_on_white (in_bands);
      put_on_white (painted_anew);
      g_assert_true (is_same (in_bands, painted_anew));
      cairo_surface_destroy (in_bands);
      cairo_surface_destroy (painted_anew);
    }
  tear_down (&self);
}

static void
test_matches (void)
{
  static const PostilSpan matches[] = { { 4, 7 }, { 14, 18 } };
  Fixture self = { 0 };
  cairo_surface_t *before, *after, *gone;

  set_up (&self, "one two three four five");
  wait_for_text (&self);
  gtk_text_view_set_cursor_visible (GTK_TEXT_VIEW (self.view), FALSE);
  before = capture (GTK_WIDGET (self.view));
  postil_text_view_set_matches (self.view, matches, G_N_ELEMENTS (matches));
  after = capture (GTK_WIDGET (self.view));
  postil_text_view_set_matches (self.view, NULL, 0);
  gone = capture (GTK_WIDGET (self.view));
  g_assert_false (is_same (before, after));
  g_assert_true (is_same (before, gone));
  cairo_surface_destroy (before);
  cairo_surface_destroy (after);
  cairo_surface_destroy (gone);
  tear_down (&self);
}

/* What the pointer meets is the character it is on, in either half of it. */
static void
test_pointer (void)
{
  Fixture self = { 0 };
  g_autoptr (GtkTooltip) tooltip = g_object_new (GTK_TYPE_TOOLTIP, NULL);
  GtkTextView *view;
  GtkWidgetClass *widget_class;
  guint length;

  set_up (&self, "one two three שלום עולם four");
  wait_for_text (&self);
  view = GTK_TEXT_VIEW (self.view);
  widget_class = GTK_WIDGET_GET_CLASS (view);
  length = postil_text_get_length (postil_document_get_text (self.document));
  g_free (postil_test_annotate (self.workspace, self.document, 4, 16, "Trust", NULL));
  for (guint offset = 0; offset < length; offset++)
    for (guint half = 0; half < 2; half++)
      {
        GtkTextIter iter;
        GdkRectangle location;
        int x, y;

        gtk_text_buffer_get_iter_at_offset (gtk_text_view_get_buffer (view), &iter, offset);
        gtk_text_view_get_iter_location (view, &iter, &location);
        gtk_text_view_buffer_to_window_coords (
          view, GTK_TEXT_WINDOW_WIDGET, location.x + location.width * (1 + 2 * (int) half) / 4,
          location.y + location.height / 2, &x, &y);
        g_assert_cmpint (widget_class->query_tooltip (GTK_WIDGET (view), x, y, FALSE, tooltip), ==,
                         offset >= 4 && offset < 16);
      }
  /* Beside and below the text there is nothing. */
  g_assert_false (widget_class->query_tooltip (
    GTK_WIDGET (view), gtk_widget_get_width (GTK_WIDGET (view)) - 2, 30, FALSE, tooltip));
  tear_down (&self);
}

static void
test_zoom (void)
{
  Fixture self = { 0 };
  GdkRectangle small, large;
  GtkTextIter iter;

  set_up (&self, "one two three\nfour");
  wait_for_text (&self);
  gtk_text_buffer_get_start_iter (gtk_text_view_get_buffer (GTK_TEXT_VIEW (self.view)), &iter);
  gtk_text_view_get_iter_location (GTK_TEXT_VIEW (self.view), &iter, &small);
  g_object_set (self.view, "zoom", 2.0, "show-paragraph-numbers", TRUE, NULL);
  display_settle (100);
  gtk_text_view_get_iter_location (GTK_TEXT_VIEW (self.view), &iter, &large);
  g_assert_cmpint (large.height, >, small.height * 3 / 2);
  tear_down (&self);
}

/* A GtkTextTag on the same text covers what the reader expects: highlights cover the same pixels.
 * Annotated are parts of @range; 0 is the end. */
typedef struct
{
  const char *name;
  const char *text;
  guint n_bytes;
  PostilSpan range;
} Coverage;

static const Coverage coverages[] = {
  { "latin",
    "The minister spoke at once, and everyone in the room listened while the translator took "
    "notes, page by page, on a pad that nobody saw again." },
  { "arabic",
    "مرحبا بالعالم هذا نص عربي طويل يحتاج إلى أكثر من سطر واحد with English inside ثم نعود "
    "إلى العربية 123 والنهاية هنا." },
  { "hebrew",
    "שלום עולם, this is a mixed line in Hebrew ועוד מילים בעברית כדי שהשורה תהיה ארוכה, and "
    "more (in brackets) סוף." },
  { "latin-first",
    "He said שלום עולם וגם תודה רבה to all of them, then 12:30 and مرحبا بالعالم again, "
    "and so on until the line wraps." },
  { "cjk",
    "漢字とかな 😀 emoji 👩‍👩‍👧 and café with combining e\xcc\x81 letters and "
    "more "
    "漢字." },
  { "numbers", "12:30 --- 45 (67) 89" },
  { "broken-paragraph",
    "The guests took notes, word by word, in 漢字 and in letters, and more. ",
    9000,
    { 3750, 4000 } },
};

/* Where that is in the buffer of a view, which breaks long paragraphs. */
static void
get_iter_at (GtkTextBuffer *buffer, GtkTextIter *iter, guint offset)
{
  int n_breaks = 0;

  gtk_text_buffer_get_iter_at_offset (buffer, iter, offset);
  while (gtk_text_iter_get_line (iter) > n_breaks)
    {
      n_breaks = gtk_text_iter_get_line (iter);
      gtk_text_buffer_get_iter_at_offset (buffer, iter, offset + n_breaks);
    }
}

/* The middle of the display line that holds @offset, in the coordinates of the view. */
static int
get_middle (GtkTextView *view, guint offset)
{
  GtkTextIter iter;
  GdkRectangle line;
  int y;

  get_iter_at (gtk_text_view_get_buffer (view), &iter, offset);
  gtk_text_view_get_iter_location (view, &iter, &line);
  gtk_text_view_buffer_to_window_coords (view, GTK_TEXT_WINDOW_WIDGET, 0, line.y + line.height / 2,
                                         NULL, &y);
  return y;
}

static void
test_coverage (gconstpointer data)
{
  const Coverage *coverage = data;
  Fixture self = { 0 };
  GtkTextView *plain = GTK_TEXT_VIEW (gtk_text_view_new ());
  GtkTextView *view;
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (plain);
  GtkTextTag *tag = gtk_text_buffer_create_tag (buffer, NULL, "background", "#808080", NULL);
  g_autoptr (GtkCssProvider) css = gtk_css_provider_new ();
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  g_autofree char *utf8 = repeat (coverage->text, MAX (coverage->n_bytes, 1));
  g_autofree char *shown = NULL;
  PostilSpan range = coverage->range;
  GtkTextIter start, end;
  GtkWidget *window;
  guint n_covered = 0;

  /* Only what lies behind the text is compared. */
  gtk_css_provider_load_from_data (
    css, "textview { color: transparent; } textview text { background: white; }", -1);
  gtk_style_context_add_provider_for_display (gdk_display_get_default (), GTK_STYLE_PROVIDER (css),
                                              GTK_STYLE_PROVIDER_PRIORITY_USER);
  set_up (&self, utf8);
  wait_for_text (&self);
  view = GTK_TEXT_VIEW (self.view);
  gtk_text_view_set_cursor_visible (view, FALSE);
  gtk_text_view_set_cursor_visible (plain, FALSE);
  if (range.end == 0)
    range.end = postil_text_get_length (postil_document_get_text (self.document));
  gtk_text_buffer_get_bounds (gtk_text_view_get_buffer (view), &start, &end);
  shown = gtk_text_iter_get_slice (&start, &end);
  gtk_text_buffer_set_enable_undo (buffer, FALSE);
  gtk_text_buffer_set_text (buffer, shown, -1);
  gtk_text_view_set_wrap_mode (plain, gtk_text_view_get_wrap_mode (view));
  gtk_text_view_set_left_margin (plain, gtk_text_view_get_left_margin (view));
  gtk_text_view_set_right_margin (plain, gtk_text_view_get_right_margin (view));
  gtk_text_view_set_pixels_above_lines (plain, gtk_text_view_get_pixels_above_lines (view));
  gtk_text_view_set_pixels_inside_wrap (plain, gtk_text_view_get_pixels_inside_wrap (view));
  window = show (GTK_WIDGET (plain));
  display_wait (gtk_widget_get_width (GTK_WIDGET (plain)) ==
                gtk_widget_get_width (GTK_WIDGET (view)));
  display_settle (50);
  if (range.start > 0)
    {
      postil_text_view_scroll_to (self.view, (range.start + range.end) / 2);
      get_iter_at (buffer, &start, (range.start + range.end) / 2);
      gtk_text_view_scroll_to_iter (plain, &start, 0, TRUE, 0, 0.5);
      display_settle (300);
    }

  for (guint round = 0; round < 40; round++)
    {
      guint a = g_rand_int_range (random, range.start, range.end);
      guint b = g_rand_int_range (random, range.start, range.end + 1);
      PostilSpan span = postil_text_snap_to_graphemes (postil_document_get_text (self.document),
                                                       (PostilSpan){ MIN (a, b), MAX (a, b) });
      cairo_surface_t *ours, *theirs;
      int last_y = -1;

      if (span.start == span.end)
        continue;
      gtk_text_buffer_get_bounds (buffer, &start, &end);
      gtk_text_buffer_remove_all_tags (buffer, &start, &end);
      get_iter_at (buffer, &start, span.start);
      get_iter_at (buffer, &end, span.end);
      gtk_text_buffer_apply_tag (buffer, tag, &start, &end);
      g_free (
        postil_test_annotate (self.workspace, self.document, span.start, span.end, NULL, NULL));
      display_settle (10);
      ours = capture (GTK_WIDGET (view));
      theirs = capture (GTK_WIDGET (plain));

      /* The middle of every display line. */
      for (guint offset = range.start; offset < range.end; offset++)
        {
          int y = get_middle (plain, offset), our_y = get_middle (view, offset);

          if (ABS (y - last_y) < 8 || MIN (y, our_y) < 0 ||
              y >= cairo_image_surface_get_height (theirs) ||
              our_y >= cairo_image_surface_get_height (ours))
            continue;
          last_y = y;
          for (int x = 0; x < cairo_image_surface_get_width (ours); x++)
            {
              gboolean covered = get_pixel (theirs, x, y) == 0xff808080;
              gboolean is_covered = get_pixel (ours, x, our_y) != 0xffffffff;

              if (covered != is_covered)
                g_error ("[%u, %u) at %d, %d: %d instead of %d", span.start, span.end, x, y,
                         is_covered, covered);
              n_covered += covered;
            }
        }
      cairo_surface_destroy (ours);
      cairo_surface_destroy (theirs);
      postil_workspace_undo (self.workspace);
    }
  g_assert_cmpuint (n_covered, >, 1000);
  gtk_style_context_remove_provider_for_display (gdk_display_get_default (),
                                                 GTK_STYLE_PROVIDER (css));
  gtk_window_destroy (GTK_WINDOW (window));
  tear_down (&self);
}

int
main (int argc, char **argv)
{
  if (!display_init (&argc, &argv))
    return 0;

  g_test_add_func ("/text-view/loading", test_loading);
  g_test_add_func ("/text-view/early-end", test_early_end);
  g_test_add_func ("/text-view/end-while-loading", test_end_while_loading);
  g_test_add_func ("/text-view/ends-while-laying-out", test_ends_while_laying_out);
  g_test_add_func ("/text-view/pages-while-laying-out", test_pages_while_laying_out);
  g_test_add_func ("/text-view/drag-while-loading", test_drag_while_loading);
  g_test_add_func ("/text-view/preview", test_preview);
  g_test_add_func ("/text-view/visible", test_visible);
  g_test_add_func ("/text-view/long-paragraph", test_long_paragraph);
  g_test_add_func ("/text-view/continued-spacing", test_continued_spacing);
  g_test_add_func ("/text-view/selection", test_selection);
  g_test_add_func ("/text-view/read-only", test_read_only);
  g_test_add_func ("/text-view/annotations", test_annotations);
  g_test_add_func ("/text-view/overlaps", test_overlaps);
  g_test_add_func ("/text-view/resize", test_resize);
  g_test_add_func ("/text-view/end-of-scrolling", test_end_of_scrolling);
  g_test_add_func ("/text-view/caret-in-sight", test_caret_in_sight);
  g_test_add_func ("/text-view/bands", test_bands);
  g_test_add_func ("/text-view/matches", test_matches);
  g_test_add_func ("/text-view/pointer", test_pointer);
  g_test_add_func ("/text-view/zoom", test_zoom);
  for (guint i = 0; i < G_N_ELEMENTS (coverages); i++)
    {
      g_autofree char *path = g_strconcat ("/text-view/coverage/", coverages[i].name, NULL);

      g_test_add_data_func (path, &coverages[i], test_coverage);
    }
  return g_test_run ();
}
