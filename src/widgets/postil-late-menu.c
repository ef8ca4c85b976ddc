/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-late-menu.h"

static void
create_menu_cb (GtkMenuButton *button, gpointer menu)
{
  if (!gtk_menu_button_get_menu_model (button))
    gtk_menu_button_set_menu_model (button, menu);
}

/**
 * postil_late_menu_set:
 * @button: a menu button without a menu
 * @menu: what it opens
 *
 * Does as gtk_menu_button_set_menu_model(), which makes widgets of all items at once, but only when
 * the button is first used.
 */
void
postil_late_menu_set (GtkMenuButton *button, GMenuModel *menu)
{
  g_return_if_fail (GTK_IS_MENU_BUTTON (button));
  g_return_if_fail (G_IS_MENU_MODEL (menu));

  gtk_menu_button_set_create_popup_func (button, create_menu_cb, g_object_ref (menu),
                                         g_object_unref);
}
