/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "postil-format.h"
#include "postil-record.h"

/*
 * A table for spreadsheets, one row an annotation: RFC 4180 with CRLF, and a byte order mark, by
 * which spreadsheets tell UTF-8. The names in the first row are the same in every language.
 */

#define BYTE_ORDER_MARK "\xef\xbb\xbf"

static const char header[] =
  "document,start,end,paragraph,quote,topics,note,creator,created,status,id\r\n";

/* Whether a spreadsheet could take a cell for a formula: some pass over white space before it, and
 * some take the full-width forms that East Asian keyboards give. */
static gboolean
begins_as_formula (const char *text)
{
  if (*text == '\t' || *text == '\r')
    return TRUE;
  while (g_unichar_isspace (g_utf8_get_char (text)))
    text = g_utf8_next_char (text);
  return *text != '\0' && (strchr ("=+-@", *text) != NULL ||
                           g_utf8_strchr ("＝＋－＠", -1, g_utf8_get_char (text)) != NULL);
}

/* A cell that begins like a formula would be run by a spreadsheet; after an apostrophe it is text.
 */
static void
append_cell (GString *out, const char *text)
{
  gboolean quoted = strpbrk (text, ",\"\r\n") != NULL;

  if (quoted)
    g_string_append_c (out, '"');
  if (begins_as_formula (text))
    g_string_append_c (out, '\'');
  for (; *text != '\0'; text++)
    {
      if (*text == '"')
        g_string_append_c (out, '"');
      g_string_append_c (out, *text);
    }
  if (quoted)
    g_string_append_c (out, '"');
}

static void
append_number (GString *out, gboolean known, guint number)
{
  if (known)
    g_string_append_printf (out, "%u", number);
}

static char *
dup_topic_paths (PostilCodebook *codebook, PostilAnnotation *annotation)
{
  GString *paths = g_string_new (NULL);
  guint n_topics;
  const char *const *topics = postil_annotation_get_topics (annotation, &n_topics);

  for (guint i = 0; i < n_topics; i++)
    {
      PostilTopic *topic = postil_codebook_get_topic (codebook, topics[i]);
      g_autofree char *path =
        topic != NULL ? postil_codebook_dup_path (codebook, topic) : g_strdup (topics[i]);

      if (i > 0)
        g_string_append (paths, "; ");
      g_string_append (paths, path);
    }
  return g_string_free (paths, FALSE);
}

static void
append_row (GString *out,
            PostilSnapshot *snapshot,
            PostilCodebook *codebook,
            PostilAnnotation *annotation)
{
  g_autoptr (PostilRecord) record = postil_record_new (snapshot, codebook, annotation);
  g_autofree char *paths = dup_topic_paths (codebook, annotation);
  const char *texts[] = { record->quote,   paths,           record->note,
                          record->creator, record->created, record->status };

  append_cell (out, snapshot->label);
  g_string_append_c (out, ',');
  append_number (out, record->placed, record->extent.start);
  g_string_append_c (out, ',');
  append_number (out, record->placed, record->extent.end);
  g_string_append_c (out, ',');
  append_number (out, record->placed, record->paragraph);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_string_append_c (out, ',');
      append_cell (out, texts[i] != NULL ? texts[i] : "");
    }
  g_string_append_c (out, ',');
  append_cell (out, postil_annotation_get_id (annotation));
  g_string_append (out, "\r\n");
}

static gboolean export(GPtrArray *snapshots,
                       GString *out,
                       GCancellable *cancellable,
                       GError **error)
{
  g_string_append (out, BYTE_ORDER_MARK);
  g_string_append (out, header);

  for (guint i = 0; i < snapshots->len; i++)
    {
      PostilSnapshot *snapshot = g_ptr_array_index (snapshots, i);
      g_autoptr (PostilCodebook) codebook = postil_codebook_new ();
      guint n_annotations = postil_annotation_index_get_n_shown (snapshot->annotations);

      postil_codebook_add_missing (codebook, snapshot->topics);
      for (guint j = 0; j < n_annotations; j++)
        {
          if (g_cancellable_set_error_if_cancelled (cancellable, error))
            return FALSE;
          append_row (out, snapshot, codebook,
                      postil_annotation_index_get (snapshot->annotations, j));
        }
    }
  return TRUE;
}

const PostilFormat postil_format_csv = {
  .name = "csv",
  .title = N_ ("Table for spreadsheets (CSV)"),
  .suffix = ".csv",
  .mime_type = "text/csv",
  .export = export,
};
