/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-pair-layout.h"

/*
 * PostilPairLayout: places children that are to be compared side by side, each as wide as the
 * others, where there is room for that; otherwise below each other.
 */
struct _PostilPairLayout
{
  GtkLayoutManager parent_instance;
};

G_DEFINE_FINAL_TYPE (PostilPairLayout, postil_pair_layout, GTK_TYPE_LAYOUT_MANAGER)

/* Between children, in pixels. */
#define SPACING 12

/* Least width of a column, in characters: prose is not read in narrower ones. */
#define MIN_CHARS 24

static int
count_children (GtkWidget *widget)
{
  int n = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    n += gtk_widget_should_layout (child);

  return n;
}

static int
get_least_width (GtkWidget *widget)
{
  PangoContext *context = gtk_widget_get_pango_context (widget);
  PangoFontMetrics *metrics = pango_context_get_metrics (context, NULL, NULL);
  int width = PANGO_PIXELS_CEIL (pango_font_metrics_get_approximate_char_width (metrics));

  pango_font_metrics_unref (metrics);
  return width * MIN_CHARS;
}

/* Goes over the children in @width pixels; places them when @allocate. Returns the height. */
static int
lay_out (GtkWidget *widget, int width, gboolean allocate)
{
  gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  int n = MAX (1, count_children (widget));
  int column = (width - (n - 1) * SPACING) / n;
  gboolean beside = column >= get_least_width (widget);
  int x = 0, y = 0, height = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    {
      int child_width = beside ? column : width, child_height;

      if (!gtk_widget_should_layout (child))
        continue;
      gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, child_width, NULL, &child_height, NULL,
                          NULL);
      if (allocate)
        gtk_widget_size_allocate (
          child,
          &(GtkAllocation){ mirrored ? width - x - child_width : x, y, child_width, child_height },
          -1);
      height = MAX (height, y + child_height);
      if (beside)
        x += column + SPACING;
      else
        y += child_height + SPACING;
    }

  return height;
}

static GtkSizeRequestMode
postil_pair_layout_get_request_mode (GtkLayoutManager *manager, GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
postil_pair_layout_measure (GtkLayoutManager *manager,
                            GtkWidget *widget,
                            GtkOrientation orientation,
                            int for_size,
                            int *minimum,
                            int *natural,
                            int *minimum_baseline,
                            int *natural_baseline)
{
  *minimum = *natural = 0;
  if (orientation == GTK_ORIENTATION_VERTICAL)
    {
      *minimum = *natural = lay_out (widget, for_size < 0 ? G_MAXINT / 4 : for_size, FALSE);
      return;
    }

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    if (gtk_widget_should_layout (child))
      {
        int child_minimum, child_natural;

        gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &child_minimum, &child_natural,
                            NULL, NULL);
        *minimum = MAX (*minimum, child_minimum);
        *natural = MAX (*natural, child_natural);
      }
}

static void
postil_pair_layout_allocate (GtkLayoutManager *manager,
                             GtkWidget *widget,
                             int width,
                             int height,
                             int baseline)
{
  lay_out (widget, width, TRUE);
}

static void
postil_pair_layout_class_init (PostilPairLayoutClass *klass)
{
  GtkLayoutManagerClass *manager_class = GTK_LAYOUT_MANAGER_CLASS (klass);

  manager_class->get_request_mode = postil_pair_layout_get_request_mode;
  manager_class->measure = postil_pair_layout_measure;
  manager_class->allocate = postil_pair_layout_allocate;
}

static void
postil_pair_layout_init (PostilPairLayout *self)
{
}
