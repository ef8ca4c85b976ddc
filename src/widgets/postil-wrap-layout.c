/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-wrap-layout.h"

/*
 * PostilWrapLayout: places children one after the other at their natural widths, as words in a
 * paragraph: in as many lines as the width asks for. A child wider than the line is shrunk to it.
 */
struct _PostilWrapLayout
{
  GtkLayoutManager parent_instance;
};

G_DEFINE_FINAL_TYPE (PostilWrapLayout, postil_wrap_layout, GTK_TYPE_LAYOUT_MANAGER)

/* Between children and between lines, in pixels. */
#define SPACING 6

static int
get_width (GtkWidget *child, int available)
{
  int minimum, natural;

  gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural, NULL, NULL);
  return MAX (minimum, MIN (natural, available));
}

static int
get_height (GtkWidget *child, int width)
{
  int natural;

  gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, width, NULL, &natural, NULL, NULL);
  return natural;
}

/* Goes over the lines of @available pixels; places the children when @allocate. Returns where the
 * lines end. */
static int
lay_out (GtkWidget *widget, int available, gboolean allocate)
{
  gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  GtkWidget *child = gtk_widget_get_first_child (widget);
  int y = 0;

  while (child)
    {
      GtkWidget *line = child;
      int width = 0, height = 0, x = 0;

      for (; child; child = gtk_widget_get_next_sibling (child))
        {
          int child_width;

          if (!gtk_widget_should_layout (child))
            continue;
          child_width = get_width (child, available);
          if (width > 0 && width + SPACING + child_width > available)
            break;
          width += (width > 0 ? SPACING : 0) + child_width;
          height = MAX (height, get_height (child, child_width));
        }
      for (; allocate && line != child; line = gtk_widget_get_next_sibling (line))
        {
          int child_width, child_height;

          if (!gtk_widget_should_layout (line))
            continue;
          child_width = get_width (line, available);
          child_height = get_height (line, child_width);
          gtk_widget_size_allocate (line,
                                    &(GtkAllocation){ mirrored ? available - x - child_width : x,
                                                      y + (height - child_height) / 2, child_width,
                                                      child_height },
                                    -1);
          x += child_width + SPACING;
        }
      if (height > 0)
        y += height + SPACING;
    }

  return MAX (0, y - SPACING);
}

static GtkSizeRequestMode
postil_wrap_layout_get_request_mode (GtkLayoutManager *manager, GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
postil_wrap_layout_measure (GtkLayoutManager *manager,
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
      *minimum = *natural = lay_out (widget, for_size < 0 ? G_MAXINT / 2 : for_size, FALSE);
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
        *natural += (*natural > 0 ? SPACING : 0) + child_natural;
      }
}

static void
postil_wrap_layout_allocate (GtkLayoutManager *manager,
                             GtkWidget *widget,
                             int width,
                             int height,
                             int baseline)
{
  lay_out (widget, width, TRUE);
}

static void
postil_wrap_layout_class_init (PostilWrapLayoutClass *klass)
{
  GtkLayoutManagerClass *manager_class = GTK_LAYOUT_MANAGER_CLASS (klass);

  manager_class->get_request_mode = postil_wrap_layout_get_request_mode;
  manager_class->measure = postil_wrap_layout_measure;
  manager_class->allocate = postil_wrap_layout_allocate;
}

static void
postil_wrap_layout_init (PostilWrapLayout *self)
{
}

GtkLayoutManager *
postil_wrap_layout_new (void)
{
  return g_object_new (POSTIL_TYPE_WRAP_LAYOUT, NULL);
}
