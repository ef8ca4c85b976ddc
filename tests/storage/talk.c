/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "talk.h"

#include <string.h>
#include <unistd.h>

#define NAME "talk.txt"

static const char text[] = "one two three four five six seven eight nine ten eleven twelve";

/* (transfer full): the path of a new folder with the document */
char *
talk_make_folder (void)
{
  g_autoptr (GError) error = NULL;
  char *folder = g_dir_make_tmp ("postil-XXXXXX", &error);
  g_autofree char *path = NULL;

  g_assert_no_error (error);
  path = g_build_filename (folder, NAME, NULL);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  return folder;
}

PostilStore *
talk_open_store (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "store", NULL);

  return postil_store_new (path, NULL);
}

PostilDocument *
talk_load (const char *folder, PostilStore *store, PostilSidecar **sidecar)
{
  g_autofree char *path = g_build_filename (folder, NAME, NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;
  PostilDocument *document = postil_loader_load (file, postil_environment_get_system (), store,
                                                 NULL, NULL, NULL, sidecar, &error);

  g_assert_no_error (error);
  g_assert_no_error (postil_sidecar_get_damage (*sidecar));
  g_assert_cmpstr (postil_sidecar_get_warnings (*sidecar)[0], ==, NULL);
  return document;
}

char *
talk_dup_note (PostilAnnotation *annotation)
{
  guint n_notes;
  PostilNote *const *notes = postil_annotation_get_notes (annotation, &n_notes);

  return g_strdup (n_notes > 0 ? postil_note_get_text (notes[0]) : "");
}

void
talk_tell (const char *format, ...)
{
  va_list arguments;
  g_autofree char *line = NULL;
  gsize length;

  va_start (arguments, format);
  line = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  length = strlen (line);
  g_assert_cmpint (write (STDOUT_FILENO, line, length), ==, length);
}

/* Notes what was told, up to the last whole line, by id. */
void
talk_take_in (GHashTable *expected, const char *told)
{
  g_auto (GStrv) lines = g_strsplit (told, "\n", -1);

  for (guint i = 0; lines[i] != NULL && lines[i + 1] != NULL; i++)
    {
      g_auto (GStrv) words = g_strsplit (lines[i], " ", 3);

      g_assert_nonnull (words[1]);
      if (words[0][0] == '-')
        g_hash_table_remove (expected, words[1]);
      else
        g_hash_table_insert (expected, g_strdup (words[1]), g_strdup (words[2]));
    }
}
