/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include <glib/gi18n.h>

#include "postil-cli-util.h"
#include "postil-cli.h"
#include "postil-error.h"
#include "postil-file-io.h"
#include "postil-merge.h"
#include "postil-sidecar-reader.h"
#include "postil-sidecar-writer.h"

/* Reads a file of annotations without its text. One that is empty has none: git gives such a base
 * when both sides added the file. */
static gboolean
read_side (const char *path, gboolean may_be_empty, PostilSnapshot **snapshot, GError **error)
{
  g_auto (PostilFileContents) contents = { 0 };
  g_autofree char *name = g_filename_display_name (path);

  *snapshot = NULL;
  if (!postil_file_io_read (postil_file_io_get_system (), path, FALSE, NULL, NULL, &contents, NULL,
                            error))
    return FALSE;
  if (contents.n_bytes == 0 && may_be_empty)
    return TRUE;
  *snapshot = postil_sidecar_read (contents.bytes, contents.n_bytes, name, NULL, NULL,
                                   postil_environment_get_system (), NULL, NULL, NULL, error);
  return *snapshot != NULL;
}

static gboolean
append_bytes (const char *bytes, gsize n_bytes, gpointer data, GError **error)
{
  g_string_append_len (data, bytes, n_bytes);
  return TRUE;
}

/* Replaces the file as a whole or not at all; a link stays one. */
static gboolean
write_output (const char *path, const GString *bytes, GError **error)
{
  const PostilFileIo *io = postil_file_io_get_system ();
  g_autofree char *temporary = NULL;
  char *link = realpath (path, NULL);
  g_autofree char *target = g_canonicalize_filename (link ? link : path, NULL);
  struct stat old, status;
  gboolean exists = stat (target, &old) == 0;

  free (link);
  if (exists && !S_ISREG (old.st_mode))
    {
      g_autofree char *name = g_filename_display_name (path);

      g_set_error (error, POSTIL_ERROR, POSTIL_ERROR_INVALID,
                   _ ("%s: that is not a file that can be replaced; without --output the result "
                      "goes to standard output."),
                   name);
      return FALSE;
    }
  temporary = postil_file_io_write_temporary (io, target, bytes->str, bytes->len,
                                              exists ? &old.st_mode : NULL, &status, NULL, error);
  return temporary && postil_file_io_put_in_place (io, temporary, target, error);
}

static gboolean
run (int argc, char **argv, GError **error)
{
  g_autofree char *output = NULL;
  const GOptionEntry entries[] = {
    { "output", 0, 0, G_OPTION_ARG_FILENAME, &output,
      N_ ("The file to write; without it, standard output"), N_ ("OUT") },
    { NULL },
  };
  g_auto (GStrv) files = NULL;
  g_autoptr (PostilSnapshot) base = NULL;
  g_autoptr (PostilSnapshot) ours = NULL;
  g_autoptr (PostilSnapshot) theirs = NULL;
  g_autoptr (PostilSnapshot) merged = NULL;
  g_autoptr (GString) bytes = g_string_new (NULL);
  guint n_conflicts;

  files = postil_cli_parse (argc, argv, entries, NULL, _ ("BASE OURS THEIRS"),
                            _ ("Merges two versions of one file of annotations, OURS and THEIRS, "
                               "that were both made from BASE."),
                            _ ("What only one side changed is taken. Where both changed the same "
                               "thing differently, both versions are kept; choose between them in "
                               "the window. An empty BASE stands for none."),
                            error);
  if (files == NULL)
    return FALSE;
  if (g_strv_length (files) != 3)
    {
      g_set_error_literal (error, POSTIL_ERROR, POSTIL_ERROR_INVALID,
                           _ ("Name three files: the common base, ours and theirs."));
      return FALSE;
    }
  if (!read_side (files[0], TRUE, &base, error) || !read_side (files[1], FALSE, &ours, error) ||
      !read_side (files[2], FALSE, &theirs, error))
    return FALSE;

  merged = postil_merge (base, ours, theirs, &n_conflicts);
  if (!postil_sidecar_write (merged, POSTIL_SIDECAR_STYLE_NATIVE, append_bytes, bytes, NULL, error))
    return FALSE;
  if (output == NULL)
    fwrite (bytes->str, 1, bytes->len, stdout);
  else if (!write_output (output, bytes, error))
    return FALSE;
  if (n_conflicts == 0)
    return TRUE;

  /* As git wants it of a merge driver, so that nobody overlooks that there is a choice. */
  g_set_error (error, POSTIL_ERROR, POSTIL_ERROR_NOT_FOUND,
               g_dngettext (GETTEXT_PACKAGE,
                            "Both sides changed %u thing differently; both versions are kept, "
                            "choose between them in Postil.",
                            "Both sides changed %u things differently; both versions are kept, "
                            "choose between them in Postil.",
                            n_conflicts),
               n_conflicts);
  return FALSE;
}

const PostilCliCommand postil_cli_merge = {
  .name = "merge",
  .summary = N_ ("Merge two versions of one file of annotations"),
  .run = run,
};
