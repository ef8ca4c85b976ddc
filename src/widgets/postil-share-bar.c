/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-share-bar.h"

/*
 * PostilShareBar: how much of a text another one has in the same words, reworded, at another place
 * and not at all, as parts of a bar in that order. Each part has a pattern of its own, set by its
 * style class: "same", "reworded", "moved", "only". Whoever shows it says the same in words beside
 * it and as its accessible label.
 */
struct _PostilShareBar
{
  GtkWidget parent_instance;

  guint shares[4];
};

G_DEFINE_FINAL_TYPE (PostilShareBar, postil_share_bar, GTK_TYPE_WIDGET)

/* The least width of a part that is not empty, in pixels. */
#define MIN_PART 4

#define N_PARTS 4

static void
postil_share_bar_measure (GtkWidget *widget,
                          GtkOrientation orientation,
                          int for_size,
                          int *minimum,
                          int *natural,
                          int *minimum_baseline,
                          int *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? N_PARTS * MIN_PART : 0;
}

static void
postil_share_bar_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  PostilShareBar *self = POSTIL_SHARE_BAR (widget);
  gboolean reversed = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  guint64 total = 0;
  int n_parts = 0, free_width, x = 0;
  guint i = 0;

  for (guint part = 0; part < N_PARTS; part++)
    {
      total += self->shares[part];
      n_parts += self->shares[part] > 0;
    }
  free_width = MAX (width - n_parts * MIN_PART, 0);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child), i++)
    {
      guint64 share = self->shares[i];
      int part = share > 0 ? MIN_PART + (int) (free_width * share / total) : 0;

      n_parts -= share > 0;
      /* The last one takes what rounding left over. */
      if (share > 0 && n_parts == 0)
        part = MAX (width - x, 0);
      gtk_widget_set_child_visible (child, share > 0);
      if (share > 0)
        gtk_widget_size_allocate (
          child, &(GtkAllocation){ reversed ? width - x - part : x, 0, part, height }, -1);
      x += part;
    }
}

static void
postil_share_bar_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))))
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (postil_share_bar_parent_class)->dispose (object);
}

static void
postil_share_bar_class_init (PostilShareBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = postil_share_bar_dispose;
  widget_class->measure = postil_share_bar_measure;
  widget_class->size_allocate = postil_share_bar_size_allocate;

  gtk_widget_class_set_css_name (widget_class, "sharebar");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
postil_share_bar_init (PostilShareBar *self)
{
  static const char *const classes[N_PARTS] = { "same", "reworded", "moved", "only" };

  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  for (guint part = 0; part < N_PARTS; part++)
    {
      GtkWidget *child = g_object_new (GTK_TYPE_BOX, "css-name", "share", "accessible-role",
                                       GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);

      gtk_widget_add_css_class (child, classes[part]);
      gtk_widget_set_parent (child, GTK_WIDGET (self));
    }
}

GtkWidget *
postil_share_bar_new (void)
{
  return g_object_new (POSTIL_TYPE_SHARE_BAR, NULL);
}

/**
 * postil_share_bar_set_shares:
 * @self: a share bar
 * @shares: how much of a text another one has
 */
void
postil_share_bar_set_shares (PostilShareBar *self, const PostilComparisonShares *shares)
{
  g_return_if_fail (POSTIL_IS_SHARE_BAR (self) && shares != NULL);

  self->shares[0] = shares->same;
  self->shares[1] = shares->reworded;
  self->shares[2] = shares->moved;
  self->shares[3] = shares->only;
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}
