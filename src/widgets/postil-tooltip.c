/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-tooltip.h"

/**
 * postil_tooltip_set:
 * @widget: a widget
 * @text: (nullable): what its tooltip says
 *
 * Does as gtk_widget_set_tooltip_text(), which asks the display server three times where the
 * pointer is and waits for the answers, but only when the tooltip is another one.
 */
void
postil_tooltip_set (GtkWidget *widget, const char *text)
{
  g_return_if_fail (GTK_IS_WIDGET (widget));

  if (g_strcmp0 (gtk_widget_get_tooltip_text (widget), text) != 0)
    gtk_widget_set_tooltip_text (widget, text);
}
