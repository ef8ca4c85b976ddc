/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-scroll-sync.h"

#include <math.h>

/* The place that leads, as a share of the height; at the ends of a text it moves to their edges. */
#define SHARE (1 / 3.0)

/**
 * PostilScrollSync:
 *
 * Lets two texts scroll together, so that what stands side by side is what an alignment says
 * belongs together. Owned by who shows the texts, and refers to their views.
 *
 * The text leads that a person moves, with wheel, keys, scroll bar or a jump; the other one follows
 * in the same frame. A text that moves for another reason, as GTK lays it out, never leads, so that
 * the two cannot drive each other: it is brought back to where it was to be.
 */
struct _PostilScrollSync
{
  GObject parent_instance;

  struct _Side
  {
    PostilTextView *view;
    GtkAdjustment *adjustment;
    GtkWidget *watched;
    GtkEventController *controller;
    /* Whether a person moves it. */
    gboolean is_asked;
    /* What was topmost when it was last looked at. */
    double top;
    double top_y;
    /* Where it follows to. */
    gboolean follows;
    double place;
    double y;
  } sides[2];
  PostilAlignment *alignment;
  gboolean active;
  guint leading;
  gboolean is_moving;
  guint return_id;
};

G_DEFINE_FINAL_TYPE (PostilScrollSync, postil_scroll_sync, G_TYPE_OBJECT)

enum
{
  PROP_ACTIVE = 1,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

typedef struct _Side Side;

static gboolean
is_ready (PostilScrollSync *self)
{
  for (guint i = 0; i < 2; i++)
    if (self->sides[i].view == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self->sides[i].view)) ||
        postil_text_view_get_document (self->sides[i].view) == NULL ||
        postil_text_view_get_loading (self->sides[i].view))
      return FALSE;
  return self->alignment != NULL;
}

static int
get_height (Side *side)
{
  return gtk_widget_get_height (GTK_WIDGET (side->view));
}

static double
map (PostilScrollSync *self, gboolean of_b, double place)
{
  guint offset = floor (place);
  double mapped = postil_alignment_map (self->alignment, of_b, offset);

  if (place == offset)
    return mapped;
  return mapped +
         (place - offset) * (postil_alignment_map (self->alignment, of_b, offset + 1) - mapped);
}

/* How far the first or the last line is from its edge of the view, in pixels. Of what is some pages
 * away GTK may not know the height yet: by code points then. */
static double
measure_rest (Side *side, double rest, double page, double offset)
{
  int height = get_height (side);

  rest = rest / page * height;
  if (rest > 2 * height)
    return rest;
  rest = postil_text_view_get_place_y (side->view, offset);
  return MAX (offset > 0 ? rest - height : -rest, 0);
}

/* The height of what leads: the same share of every page, but that of the first line on the first
 * page and that of the last line on the last one, with everything between. */
static double
find_leading_y (Side *side)
{
  PostilText *text = postil_document_get_text (postil_text_view_get_document (side->view));
  guint length = postil_text_get_length (text);
  int height = get_height (side);
  double top = postil_text_view_get_place (side->view, 0),
         bottom = postil_text_view_get_place (side->view, height);
  double page = MAX (bottom - top, 1);
  double above = measure_rest (side, top, page, 0);
  double below = measure_rest (side, length - bottom, page, length);

  if (above + below < height)
    return above / MAX (above + below, 1) * height;
  return MAX (MIN (SHARE * height, above), height - below);
}

/* Whether what is in sight is other than when it was last looked at. As GTK lays out what is above,
 * heights change but nothing is seen to move. */
static gboolean
look (Side *side)
{
  double top = postil_text_view_get_place (side->view, 0);
  double y = postil_text_view_get_place_y (side->view, top);
  gboolean moved = top != side->top || fabs (y - side->top_y) >= 0.5;

  side->top = top;
  side->top_y = y;
  return moved;
}

static void
bring (PostilScrollSync *self, Side *side, double place, double y)
{
  side->follows = TRUE;
  side->is_asked = FALSE;
  side->place = place;
  side->y = y;
  self->is_moving = TRUE;
  postil_text_view_bring (side->view, place, y);
  self->is_moving = FALSE;
  look (side);
}

static void
follow (PostilScrollSync *self)
{
  Side *leader = &self->sides[self->leading], *follower = &self->sides[1 - self->leading];
  double place = postil_text_view_get_place (leader->view, find_leading_y (leader));

  leader->follows = FALSE;
  bring (self, follower, map (self, self->leading, place),
         postil_text_view_get_place_y (leader->view, place));
}

/* Brings what is at @offset of @from in one text, and what is as far in @to in the other, side by
 * side; the first one stays where it is, if it is in sight. */
static void
put_beside (PostilScrollSync *self, guint which, guint offset, PostilSpan from, PostilSpan to)
{
  Side *leader = &self->sides[which];
  double share = (double) (offset - from.start) / MAX (postil_span_length (from), 1);
  int y, height;

  if (!postil_text_view_get_line (leader->view, offset, &y, &height))
    {
      y = SHARE * get_height (leader);
      bring (self, leader, offset, y);
    }
  self->leading = which;
  leader->follows = FALSE;
  bring (self, &self->sides[1 - which], to.start + share * postil_span_length (to), y);
}

static void
align (PostilScrollSync *self)
{
  if (!self->active || !is_ready (self))
    return;
  follow (self);
}

static gboolean
return_cb (gpointer data)
{
  PostilScrollSync *self = data;

  self->return_id = 0;
  for (guint i = 0; i < 2; i++)
    if (self->sides[i].follows && is_ready (self))
      bring (self, &self->sides[i], self->sides[i].place, self->sides[i].y);
  return G_SOURCE_REMOVE;
}

static void
moved_cb (PostilScrollSync *self, GtkAdjustment *adjustment)
{
  guint which = adjustment == self->sides[1].adjustment;
  Side *side = &self->sides[which];

  if (!self->active || self->is_moving || !is_ready (self))
    return;
  if (!look (side))
    return;
  if (side->is_asked)
    {
      self->leading = which;
      follow (self);
    }
  else if (side->follows && self->return_id == 0)
    self->return_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, return_cb, self, NULL);
}

static void
asked_cb (PostilScrollSync *self, PostilTextView *view)
{
  guint which = view == self->sides[1].view;

  self->sides[which].is_asked = TRUE;
  self->sides[which].follows = FALSE;
  self->leading = which;
}

/* A person does something with the view or its scroll bar. */
static gboolean
event_cb (PostilScrollSync *self, GdkEvent *event, GtkEventController *controller)
{
  switch ((int) gdk_event_get_event_type (event))
    {
    case GDK_SCROLL:
    case GDK_BUTTON_PRESS:
    case GDK_TOUCH_BEGIN:
    case GDK_KEY_PRESS:
      asked_cb (self, self->sides[controller == self->sides[1].controller].view);
      break;
    default:
      break;
    }
  return GDK_EVENT_PROPAGATE;
}

static void
loading_cb (PostilScrollSync *self)
{
  align (self);
}

static void
set_side (PostilScrollSync *self, Side *side, PostilTextView *view)
{
  if (side->view != NULL)
    {
      g_signal_handlers_disconnect_by_data (side->view, self);
      g_signal_handlers_disconnect_by_data (side->adjustment, self);
      gtk_widget_remove_controller (side->watched, side->controller);
      g_clear_object (&side->adjustment);
      g_clear_object (&side->watched);
      g_clear_object (&side->view);
    }
  *side = (Side){ 0 };
  if (view == NULL)
    return;

  side->view = g_object_ref (view);
  g_signal_connect_swapped (view, "scroll-asked", G_CALLBACK (asked_cb), self);
  g_signal_connect_swapped (view, "notify::loading", G_CALLBACK (loading_cb), self);
  side->adjustment = g_object_ref (gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (view)));
  g_signal_connect_swapped (side->adjustment, "value-changed", G_CALLBACK (moved_cb), self);
  side->watched = gtk_widget_get_ancestor (GTK_WIDGET (view), GTK_TYPE_SCROLLED_WINDOW);
  side->watched = g_object_ref (side->watched != NULL ? side->watched : GTK_WIDGET (view));
  side->controller = gtk_event_controller_legacy_new ();
  gtk_event_controller_set_propagation_phase (side->controller, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (side->controller, "event", G_CALLBACK (event_cb), self);
  gtk_widget_add_controller (side->watched, side->controller);
}

static void
postil_scroll_sync_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PostilScrollSync *self = POSTIL_SCROLL_SYNC (object);

  switch (id)
    {
    case PROP_ACTIVE:
      g_value_set_boolean (value, self->active);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
postil_scroll_sync_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  PostilScrollSync *self = POSTIL_SCROLL_SYNC (object);

  switch (id)
    {
    case PROP_ACTIVE:
      if (self->active == g_value_get_boolean (value))
        break;
      self->active = !self->active;
      align (self);
      g_object_notify_by_pspec (object, pspec);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
postil_scroll_sync_dispose (GObject *object)
{
  PostilScrollSync *self = POSTIL_SCROLL_SYNC (object);

  g_clear_handle_id (&self->return_id, g_source_remove);
  for (guint i = 0; i < 2; i++)
    set_side (self, &self->sides[i], NULL);
  g_clear_pointer (&self->alignment, postil_alignment_unref);
  G_OBJECT_CLASS (postil_scroll_sync_parent_class)->dispose (object);
}

static void
postil_scroll_sync_class_init (PostilScrollSyncClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = postil_scroll_sync_get_property;
  object_class->set_property = postil_scroll_sync_set_property;
  object_class->dispose = postil_scroll_sync_dispose;

  /* Whether the texts scroll together. */
  properties[PROP_ACTIVE] =
    g_param_spec_boolean ("active", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
postil_scroll_sync_init (PostilScrollSync *self)
{
}

/**
 * postil_scroll_sync_new:
 *
 * Returns: (transfer full): what lets two texts scroll together, once it has their views and their
 * alignment and is active
 */
PostilScrollSync *
postil_scroll_sync_new (void)
{
  return g_object_new (POSTIL_TYPE_SCROLL_SYNC, NULL);
}

/**
 * postil_scroll_sync_set_views:
 * @a: (nullable): the view of the first text, within what scrolls it
 * @b: (nullable): that of the second one; both or none
 */
void
postil_scroll_sync_set_views (PostilScrollSync *self, PostilTextView *a, PostilTextView *b)
{
  g_return_if_fail (POSTIL_IS_SCROLL_SYNC (self) && (a != NULL) == (b != NULL));

  if (self->sides[0].view == a && self->sides[1].view == b)
    return;
  g_clear_handle_id (&self->return_id, g_source_remove);
  set_side (self, &self->sides[0], a);
  set_side (self, &self->sides[1], b);
  self->leading = b != NULL && gtk_widget_has_focus (GTK_WIDGET (b));
  align (self);
}

/**
 * postil_scroll_sync_set_alignment:
 * @alignment: (nullable): what belongs together, of the texts in the two views
 *
 * The first one brings the texts together, if they are to scroll together; a revised one does when
 * either of them is next scrolled.
 */
void
postil_scroll_sync_set_alignment (PostilScrollSync *self, PostilAlignment *alignment)
{
  gboolean is_first;

  g_return_if_fail (POSTIL_IS_SCROLL_SYNC (self));

  is_first = self->alignment == NULL;
  if (alignment != NULL)
    postil_alignment_ref (alignment);
  g_clear_pointer (&self->alignment, postil_alignment_unref);
  self->alignment = alignment;
  if (is_first)
    align (self);
}

/**
 * postil_scroll_sync_align_here:
 * @leading: one of the two views
 *
 * Brings the counterpart of what is at the caret of @leading beside it, whether the texts scroll
 * together or not; also when it stands at another place than what is around it.
 */
void
postil_scroll_sync_align_here (PostilScrollSync *self, PostilTextView *leading)
{
  const PostilPair *pair;
  guint which, caret;

  g_return_if_fail (POSTIL_IS_SCROLL_SYNC (self) && POSTIL_IS_TEXT_VIEW (leading));

  if (!is_ready (self))
    return;
  which = leading == self->sides[1].view;
  caret = postil_text_view_get_caret (leading);
  pair = postil_alignment_find_pair (self->alignment, which, caret);
  if (pair != NULL)
    put_beside (self, which, caret, which ? pair->b : pair->a, which ? pair->a : pair->b);
  else
    {
      guint mapped = postil_alignment_map (self->alignment, which, caret);

      put_beside (self, which, caret, (PostilSpan){ caret, caret }, (PostilSpan){ mapped, mapped });
    }
}

/**
 * postil_scroll_sync_show_pair:
 * @leading: one of the two views
 * @pair: a pair of the two texts, of any kind
 *
 * Brings the passage in the other text beside the one in @leading, and that one into sight if it is
 * not; whether the texts scroll together or not.
 */
void
postil_scroll_sync_show_pair (PostilScrollSync *self,
                              PostilTextView *leading,
                              const PostilPair *pair)
{
  guint which;

  g_return_if_fail (POSTIL_IS_SCROLL_SYNC (self) && POSTIL_IS_TEXT_VIEW (leading) && pair != NULL);

  if (!is_ready (self))
    return;
  which = leading == self->sides[1].view;
  put_beside (self, which, which ? pair->b.start : pair->a.start, which ? pair->b : pair->a,
              which ? pair->a : pair->b);
}
