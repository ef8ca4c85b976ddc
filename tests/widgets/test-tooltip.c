/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "display.h"
#include "postil-tooltip.h"

/* Whether GTK would show a tooltip; what it says is not to be read from a GtkTooltip. */
static gboolean
shows_tooltip (GtkWidget *widget)
{
  g_autoptr (GtkTooltip) tooltip = g_object_new (GTK_TYPE_TOOLTIP, NULL);
  gboolean shown = FALSE;

  g_signal_emit_by_name (widget, "query-tooltip", 0, 0, FALSE, tooltip, &shown);
  return gtk_widget_get_has_tooltip (widget) && shown;
}

/* A tooltip is there for those who do not see it as well, until it goes. */
static void
test_set (void)
{
  GtkWidget *widget = g_object_ref_sink (gtk_label_new ("talk.txt"));

  g_assert_false (shows_tooltip (widget));
  for (guint i = 0; i < 2; i++)
    {
      postil_tooltip_set (widget, "/home/talk.txt");
      g_assert_true (shows_tooltip (widget));
      gtk_test_accessible_assert_property (widget, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                           "/home/talk.txt");
      postil_tooltip_set (widget, "/home/other.txt");
      g_assert_true (shows_tooltip (widget));
      gtk_test_accessible_assert_property (widget, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                           "/home/other.txt");
      postil_tooltip_set (widget, NULL);
      g_assert_false (shows_tooltip (widget));
      g_assert_false (gtk_test_accessible_has_property (GTK_ACCESSIBLE (widget),
                                                        GTK_ACCESSIBLE_PROPERTY_DESCRIPTION));
    }
  g_object_unref (widget);
}

int
main (int argc, char **argv)
{
  if (!display_init (&argc, &argv))
    return 0;
  g_test_add_func ("/tooltip/set", test_set);

  return g_test_run ();
}
