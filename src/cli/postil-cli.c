/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-cli.h"

#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include <glib/gi18n.h>

#include "postil-error.h"
#include "postil-record.h"

/*
 * postil-cli: annotates, lists and exports without a window. Ends with 0 when it is done, 1 when
 * something was found wanting and 2 when it could not be done; then one line on standard error
 * says which file, where and why.
 */

enum
{
  EXIT_DONE,
  EXIT_WANTING,
  EXIT_FAILED
};

static const PostilCliCommand *const commands[] = {
  &postil_cli_annotate,
  &postil_cli_list,
  &postil_cli_topics,
  &postil_cli_compare,
  &postil_cli_check,
  &postil_cli_merge,
  &postil_cli_export,
};

static void
print_help (void)
{
  g_print ("%s\n  postil-cli %s\n  postil-cli --version\n\n%s\n\n%s\n", _ ("Usage:"),
           _ ("COMMAND [OPTION…] FILE…"),
           _ ("Annotates text documents, and lists and exports their annotations."),
           _ ("Commands:"));
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    g_print ("  %-10s %s\n", commands[i]->name, _ (commands[i]->summary));
  g_print ("\n%s\n", _ ("“postil-cli COMMAND --help” explains a command."));
}

static const PostilCliCommand *
find_command (const char *name, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (strcmp (commands[i]->name, name) == 0)
      return commands[i];

  g_set_error (error, POSTIL_ERROR, POSTIL_ERROR_INVALID,
               _ ("There is no command “%s”; “postil-cli --help” lists them."), name);
  return NULL;
}

/* What stands in a buffer is not printed yet: a full disk shows only here. */
static gboolean
finish_output (GError **error)
{
  if (fflush (stdout) == 0 && !ferror (stdout))
    return TRUE;

  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (errno),
               _ ("Standard output could not be written: %s."), g_strerror (errno));
  return FALSE;
}

static gboolean
run (int argc, char **argv, GError **error)
{
  const PostilCliCommand *command;
  g_autofree char *program = NULL;

  if (argc < 2)
    {
      g_set_error_literal (error, POSTIL_ERROR, POSTIL_ERROR_INVALID,
                           _ ("No command was named; “postil-cli --help” lists them."));
      return FALSE;
    }
  if (strcmp (argv[1], "--help") == 0 || strcmp (argv[1], "-h") == 0)
    {
      print_help ();
      return TRUE;
    }
  if (strcmp (argv[1], "--version") == 0)
    {
      g_print ("postil-cli %s\n", POSTIL_VERSION);
      return TRUE;
    }

  command = find_command (argv[1], error);
  if (command == NULL)
    return FALSE;

  /* What the command's own help shows. */
  program = g_strconcat ("postil-cli ", command->name, NULL);
  g_set_prgname (program);
  return command->run (argc - 1, argv + 1, error);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *line = NULL;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  if (run (argc, argv, &error) && finish_output (&error))
    return EXIT_DONE;

  line = postil_record_shorten (error->message, G_MAXINT);
  g_printerr ("postil-cli: %s\n", line);
  return g_error_matches (error, POSTIL_ERROR, POSTIL_ERROR_NOT_FOUND) ? EXIT_WANTING : EXIT_FAILED;
}
