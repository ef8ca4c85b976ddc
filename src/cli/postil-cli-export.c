/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include <glib/gi18n.h>

#include "postil-cli-session.h"
#include "postil-cli-util.h"
#include "postil-cli.h"
#include "postil-error.h"
#include "postil-format.h"

static char *
describe_formats (void)
{
  GString *text = g_string_new (_ ("Formats:"));

  for (const PostilFormat *const *format = postil_format_list (); *format != NULL; format++)
    g_string_append_printf (text, "\n  %-15s %s", (*format)->name, _ ((*format)->title));
  return g_string_free (text, FALSE);
}

static const PostilFormat *
find_format (const char *name, GError **error)
{
  const PostilFormat *format = name != NULL ? postil_format_find (name) : NULL;
  g_autoptr (GString) names = g_string_new (NULL);

  if (format != NULL)
    return format;

  for (const PostilFormat *const *known = postil_format_list (); *known != NULL; known++)
    g_string_append_printf (names, names->len > 0 ? ", %s" : "%s", (*known)->name);
  if (name != NULL)
    g_set_error (error, POSTIL_ERROR, POSTIL_ERROR_INVALID,
                 _ ("There is no format “%s” to export to; there are: %s."), name, names->str);
  else
    g_set_error (error, POSTIL_ERROR, POSTIL_ERROR_INVALID,
                 _ ("Say what to export to with --to=FORMAT, one of: %s."), names->str);
  return NULL;
}

static gboolean
write_file (PostilCliSession *session, const char *path, GBytes *bytes, GError **error)
{
  g_autofree char *name = g_filename_display_name (path);
  char *target;
  gsize n_bytes;
  const char *data = g_bytes_get_data (bytes, &n_bytes);
  gboolean done;

  if (postil_cli_session_owns (session, path))
    {
      g_set_error (error, POSTIL_ERROR, POSTIL_ERROR_INVALID,
                   _ ("%s: that is one of the documents or holds their annotations; name another "
                      "file with --output."),
                   name);
      return FALSE;
    }
  if (g_file_test (path, G_FILE_TEST_EXISTS) && !g_file_test (path, G_FILE_TEST_IS_REGULAR))
    {
      g_set_error (error, POSTIL_ERROR, POSTIL_ERROR_INVALID,
                   _ ("%s: that is not a file that can be replaced; without --output the export "
                      "goes to standard output."),
                   name);
      return FALSE;
    }

  /* A link stays one. */
  target = realpath (path, NULL);
  done = g_file_set_contents_full (target != NULL ? target : path, data, n_bytes,
                                   G_FILE_SET_CONTENTS_CONSISTENT, 0666, error);
  free (target);
  return done;
}

static gboolean
run (int argc, char **argv, GError **error)
{
  g_autofree char *to = NULL;
  g_autofree char *output = NULL;
  const GOptionEntry entries[] = {
    { "to", 0, 0, G_OPTION_ARG_FILENAME, &to, N_ ("The format to write"), N_ ("FORMAT") },
    { "output", 0, 0, G_OPTION_ARG_FILENAME, &output,
      N_ ("The file to write; without it, standard output"), N_ ("OUT") },
    { NULL },
  };
  g_autofree char *formats = describe_formats ();
  g_auto (GStrv) files = NULL;
  const PostilFormat *format;
  g_autoptr (PostilCliSession) session = NULL;
  g_autoptr (GPtrArray) snapshots =
    g_ptr_array_new_with_free_func ((GDestroyNotify) postil_snapshot_unref);
  g_autoptr (GBytes) bytes = NULL;
  GPtrArray *documents;

  files = postil_cli_parse (argc, argv, entries, NULL, _ ("FILE…"),
                            _ ("Writes the annotations of FILEs in another format, all into one "
                               "file."),
                            formats, error);
  if (files == NULL)
    return FALSE;
  format = find_format (to, error);
  if (format == NULL)
    return FALSE;
  session = postil_cli_session_open ((const char *const *) files, error);
  if (session == NULL)
    return FALSE;

  documents = postil_cli_session_get_documents (session);
  for (guint i = 0; i < documents->len; i++)
    g_ptr_array_add (snapshots, postil_snapshot_ref (
                                  ((PostilCliDocument *) g_ptr_array_index (documents, i))->read));
  bytes = postil_format_export (format, snapshots, NULL, error);
  if (bytes == NULL)
    return FALSE;

  if (output != NULL)
    return write_file (session, output, bytes, error);
  /* The end of the program reports what could not be written. */
  fwrite (g_bytes_get_data (bytes, NULL), 1, g_bytes_get_size (bytes), stdout);
  return TRUE;
}

const PostilCliCommand postil_cli_export = {
  .name = "export",
  .summary = N_ ("Write annotations in another format"),
  .run = run,
};
