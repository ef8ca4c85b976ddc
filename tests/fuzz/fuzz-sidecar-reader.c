/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "fuzz.h"
#include "postil-json-scanner.h"
#include "postil-sidecar-reader.h"
#include "postil-sidecar-writer.h"

/*
 * Reads bytes as a sidecar, with its text and without. What was read is written, read and written
 * again: no annotation and nothing foreign is lost, and the second file is the first one.
 */

static const char prose[] =
  "the café 😀 was closed.\r\nA second line, 会議 👩‍👩‍👧 again.\n";

static gboolean
append_cb (const char *bytes, gsize n_bytes, gpointer data, GError **error)
{
  g_string_append_len (data, bytes, n_bytes);
  return TRUE;
}

static GString *
write_sidecar (PostilSnapshot *snapshot)
{
  GString *sidecar = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  postil_sidecar_write (snapshot, POSTIL_SIDECAR_STYLE_NATIVE, append_cb, sidecar, NULL, &error);
  g_assert_no_error (error);
  return sidecar;
}

static PostilSnapshot *
read_sidecar (const char *bytes, gsize n_bytes, PostilText *text, GError **error)
{
  g_auto (PostilSidecarReport) report = { 0 };
  PostilSnapshot *snapshot = postil_sidecar_read (
    bytes, n_bytes, "a.json", "a.txt", text, fuzz_get_environment (), NULL, NULL, &report, error);

  for (guint i = 0; snapshot != NULL && i < report.warnings->len; i++)
    g_assert_true (g_utf8_validate (report.warnings->pdata[i], -1, NULL));
  return snapshot;
}

static void
check_foreign (PostilForeign *foreign, const GString *sidecar)
{
  guint n_members;
  const PostilForeignMember *members;

  if (foreign == NULL)
    return;
  members = postil_foreign_get_members (foreign, &n_members);
  for (guint i = 0; i < n_members; i++)
    g_assert_nonnull (strstr (sidecar->str, members[i].value));
}

static gboolean
check_annotation_cb (PostilAnnotation *annotation, PostilSpan span, gpointer data)
{
  PostilAnnotationFields fields;

  postil_annotation_get_fields (annotation, &fields);
  check_foreign (fields.foreign, data);
  for (guint i = 0; i < fields.n_notes; i++)
    check_foreign (postil_note_get_foreign (fields.notes[i]), data);
  return G_SOURCE_CONTINUE;
}

static void
check (const char *bytes, gsize n_bytes, PostilText *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PostilSnapshot) snapshot = read_sidecar (bytes, n_bytes, text, &error);
  g_autoptr (PostilSnapshot) again = NULL;
  g_autoptr (GString) sidecar = NULL;
  g_autoptr (GString) second = NULL;

  g_assert_true ((snapshot == NULL) == (error != NULL));
  if (snapshot == NULL)
    {
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      g_assert_null (strchr (error->message, '\n'));
      return;
    }

  sidecar = write_sidecar (snapshot);
  fuzz_show (text ? "with the text" : "without the text", sidecar->str);
  check_foreign (snapshot->foreign, sidecar);
  postil_annotation_index_foreach (snapshot->annotations, check_annotation_cb, sidecar);
  for (guint i = 0; i < snapshot->annotators->len; i++)
    check_foreign (postil_annotator_get_foreign (snapshot->annotators->pdata[i]), sidecar);
  for (guint i = 0; i < snapshot->topics->len; i++)
    {
      PostilTopicFields fields;

      postil_topic_get_fields (snapshot->topics->pdata[i], &fields);
      check_foreign (fields.foreign, sidecar);
    }

  again = read_sidecar (sidecar->str, sidecar->len, text, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (postil_annotation_index_get_size (again->annotations), ==,
                    postil_annotation_index_get_size (snapshot->annotations));
  second = write_sidecar (again);
  fuzz_show ("again", second->str);
  fuzz_assert_same (second->str, sidecar->str);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static PostilText *text;

  if (text == NULL)
    {
      g_autofree char *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, prose, -1);

      text = postil_text_new (g_strdup (prose), strlen (prose),
                              &(PostilTextOrigin){ .charset = "UTF-8", .sha256 = sum });
    }
  check ((const char *) data, size, text);
  check ((const char *) data, size, NULL);
  return 0;
}
