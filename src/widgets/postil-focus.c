/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-focus.h"

/**
 * postil_focus_is_in:
 * @widget: (type GtkWidget): a widget
 *
 * Returns: whether it, or a widget in it, has the focus of its window
 */
gboolean
postil_focus_is_in (gpointer widget)
{
  GtkRoot *root;
  GtkWidget *focus;

  g_return_val_if_fail (GTK_IS_WIDGET (widget), FALSE);

  root = gtk_widget_get_root (widget);
  focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  return focus != NULL && (focus == widget || gtk_widget_is_ancestor (focus, widget));
}
