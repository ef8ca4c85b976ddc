/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <locale.h>

#include <glib/gi18n.h>

#include "postil-application.h"

int
main (int argc, char **argv)
{
  g_autoptr (PostilStore) store = NULL;
  g_autoptr (PostilApplication) application = NULL;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  g_set_application_name (_ ("Postil"));
  store = postil_store_new (NULL, NULL);
  application = postil_application_new (store);
  return g_application_run (G_APPLICATION (application), argc, argv);
}
