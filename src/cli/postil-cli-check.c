/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <glib/gi18n.h>

#include "postil-cli-session.h"
#include "postil-cli-util.h"
#include "postil-cli.h"
#include "postil-error.h"
#include "postil-record.h"
#include "postil-sidecar-finder.h"

#define QUOTE_LENGTH 76

/* Erases what stands behind it on a terminal's line (ECMA-48, EL). */
#define ERASE_LINE "\r\033[K"

/* What all files of one run share. */
typedef struct
{
  gboolean write;
  gboolean json;
  gboolean on_terminal;
  JsonBuilder *builder;
  PostilStore *store;
  /* Ids of texts and the first document that has each. */
  GHashTable *ids;
  GHashTable *folders;
  guint n_files;
  guint n_wanting;
} Check;

/* What there is to be said of one document. */
typedef struct
{
  Check *check;
  PostilCliDocument *document;
  PostilCodebook *codebook;
  guint counts[POSTIL_STATUS_ORPHANED + 1];
  guint n_versions;
  guint n_recovered;
  gboolean text_changed;
  gboolean saved;
  gboolean first;
  int percent;
  const char *copy_of;
  GPtrArray *strays;
  GPtrArray *abandoned;
} Report;

static void
show_progress_cb (double fraction, gpointer data)
{
  Report *report = data;
  int percent = fraction * 100;

  if (report->check->on_terminal && percent != report->percent)
    g_printerr (ERASE_LINE "%d %%", percent);
  report->percent = percent;
}

/* A person should look at it. */
static gboolean
is_wanting (PostilAnnotation *annotation)
{
  return postil_annotation_get_status (annotation) != POSTIL_STATUS_PLACED ||
         postil_annotation_get_version_of (annotation) != NULL;
}

static gboolean
count_cb (PostilAnnotation *annotation, PostilSpan span, gpointer data)
{
  Report *report = data;

  if (postil_annotation_get_kind (annotation) == POSTIL_ANNOTATION_LINK)
    return G_SOURCE_REMOVE;
  report->counts[postil_annotation_get_status (annotation)]++;
  report->n_versions += postil_annotation_get_version_of (annotation) != NULL;
  return G_SOURCE_CONTINUE;
}

static guint
count_unplaced (const Report *report)
{
  return report->counts[POSTIL_STATUS_MOVED] + report->counts[POSTIL_STATUS_UNCERTAIN] +
         report->counts[POSTIL_STATUS_ORPHANED];
}

/* Whether @anchor says where the passage was, and the outer ends of that. */
static gboolean
get_earlier_place (PostilAnchor *anchor, PostilSpan *place)
{
  guint n = 0;
  const PostilSelector *selectors = anchor ? postil_anchor_get_selectors (anchor, &n) : NULL;
  gboolean known = FALSE;

  *place = (PostilSpan){ G_MAXUINT, 0 };
  for (guint i = 0; i < n; i++)
    if (selectors[i].has_position)
      {
        known = TRUE;
        place->start = MIN (place->start, selectors[i].position.start);
        place->end = MAX (place->end, selectors[i].position.end);
      }
  return known;
}

static void
print_place (const char *mark, const PostilSpan *place, const char *quote)
{
  g_autofree char *line = quote ? postil_record_shorten (quote, QUOTE_LENGTH) : NULL;

  fputs (mark, stdout);
  if (place != NULL)
    printf (" %u:%u", place->start, place->end);
  if (line != NULL)
    printf (" “%s”", line);
  putchar ('\n');
}

static void
print_annotation (const Report *report, PostilRecord *record)
{
  PostilAnnotationFields fields;
  g_autofree char *earlier_quote = NULL;
  PostilSpan earlier;
  gboolean known;

  postil_annotation_get_fields (record->annotation, &fields);
  earlier_quote = fields.anchor ? postil_anchor_dup_quote (fields.anchor) : NULL;
  known = get_earlier_place (fields.anchor, &earlier);

  printf ("  %s (%s)\n", fields.id, record->state != NULL ? record->state : record->status);
  if (fields.version_of != NULL)
    {
      fputs ("    ", stdout);
      printf (_ ("another version of %s"), fields.version_of);
      putchar ('\n');
    }
  if (known || earlier_quote != NULL)
    print_place ("   ", known ? &earlier : NULL, earlier_quote);
  if (record->placed)
    print_place (fields.anchor != NULL ? "  →" : "   ", &record->extent, record->quote);
}

static void
print_sentence (const char *sentence)
{
  g_autofree char *line = postil_record_shorten (sentence, G_MAXINT);

  printf ("  %s\n", line);
}

static void print_format (const char *format, ...) G_GNUC_PRINTF (1, 2);

static void
print_format (const char *format, ...)
{
  g_autofree char *sentence = NULL;
  va_list arguments;

  va_start (arguments, format);
  sentence = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  print_sentence (sentence);
}

static void
print_stray (const PostilStraySidecar *stray)
{
  g_autofree char *document = g_filename_display_name (stray->document);
  g_autofree char *path = g_filename_display_name (stray->path);

  if (stray->present)
    print_format (_ ("It has no annotations, but the same text as “%s”, which has some."),
                  document);
  else if (stray->same_text)
    print_format (_ ("It has no annotations, but “%s” was made for the same text: rename that file "
                     "too."),
                  path);
  else
    print_format (_ ("It has no annotations, but most passages of “%s” are in it, whose document "
                     "is gone."),
                  path);
}

static void
print_plain (const Report *report)
{
  const PostilCliDocument *document = report->document;
  PostilAnnotationIndex *annotations = document->read->annotations;
  g_autofree char *name = postil_record_shorten (document->name, G_MAXINT);

  printf (_ ("%s: %u placed, %u moved, %u uncertain, %u orphaned"), name,
          report->counts[POSTIL_STATUS_PLACED], report->counts[POSTIL_STATUS_MOVED],
          report->counts[POSTIL_STATUS_UNCERTAIN], report->counts[POSTIL_STATUS_ORPHANED]);
  putchar ('\n');
  if (report->saved)
    print_sentence (_ ("The text was changed since its annotations were saved; their places in it "
                       "have been saved now."));
  else if (report->text_changed)
    print_sentence (_ ("The text was changed since its annotations were saved."));
  if (report->n_recovered > 0)
    print_format (ngettext ("%u change was recovered that had not been saved when Postil ended.",
                            "%u changes were recovered that had not been saved when Postil ended.",
                            report->n_recovered),
                  report->n_recovered);
  if (report->n_versions > 0)
    print_format (ngettext ("%u annotation is kept in two versions, as two people changed it.",
                            "%u annotations are kept in two versions, as two people changed them.",
                            report->n_versions),
                  report->n_versions);
  for (const char *const *warning = postil_sidecar_get_warnings (document->sidecar);
       *warning != NULL; warning++)
    print_sentence (*warning);
  if (report->copy_of != NULL)
    print_format (_ ("It is a copy of “%s”: both have the same ids."), report->copy_of);
  for (guint i = 0; i < report->strays->len; i++)
    print_stray (g_ptr_array_index (report->strays, i));

  for (guint i = 0; i < postil_annotation_index_get_n_shown (annotations); i++)
    {
      PostilAnnotation *annotation = postil_annotation_index_get (annotations, i);

      if (is_wanting (annotation))
        {
          g_autoptr (PostilRecord) record =
            postil_record_new (document->read, report->codebook, annotation);

          print_annotation (report, record);
        }
    }
}

static void
add_count (JsonBuilder *builder, const char *member, guint count)
{
  json_builder_set_member_name (builder, member);
  json_builder_add_int_value (builder, count);
}

static void
add_boolean (JsonBuilder *builder, const char *member, gboolean value)
{
  json_builder_set_member_name (builder, member);
  json_builder_add_boolean_value (builder, value);
}

static void
add_path (JsonBuilder *builder, const char *member, const char *path)
{
  g_autofree char *name = g_filename_display_name (path);

  postil_cli_add_string (builder, member, name);
}

static void
add_strays (const Report *report)
{
  JsonBuilder *builder = report->check->builder;

  json_builder_set_member_name (builder, "sidecars");
  json_builder_begin_array (builder);
  for (guint i = 0; i < report->strays->len; i++)
    {
      PostilStraySidecar *stray = g_ptr_array_index (report->strays, i);

      json_builder_begin_object (builder);
      add_path (builder, "sidecar", stray->path);
      add_path (builder, "document", stray->document);
      add_boolean (builder, "document_exists", stray->present);
      add_boolean (builder, "same_text", stray->same_text);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);

  json_builder_set_member_name (builder, "abandoned");
  json_builder_begin_array (builder);
  for (guint i = 0; i < report->abandoned->len; i++)
    {
      g_autofree char *name = g_filename_display_name (g_ptr_array_index (report->abandoned, i));

      json_builder_add_string_value (builder, name);
    }
  json_builder_end_array (builder);
}

static void
print_json_annotation (Report *report, PostilAnnotation *annotation)
{
  g_autoptr (PostilRecord) record =
    postil_record_new (report->document->read, report->codebook, annotation);
  JsonBuilder *builder = report->check->builder;
  PostilAnnotationFields fields;
  g_autofree char *quote = NULL;
  PostilSpan place;
  gboolean known;

  postil_annotation_get_fields (annotation, &fields);
  quote = fields.anchor ? postil_anchor_dup_quote (fields.anchor) : NULL;
  known = get_earlier_place (fields.anchor, &place);

  json_builder_begin_object (builder);
  postil_cli_add_record (builder, report->document->name, record);
  json_builder_set_member_name (builder, "earlier");
  json_builder_begin_object (builder);
  postil_cli_add_place (builder, known ? &place : NULL);
  postil_cli_add_string (builder, "quote", quote);
  json_builder_end_object (builder);
  postil_cli_add_string (builder, "version_of", fields.version_of);
  json_builder_end_object (builder);

  fputs (report->first ? "\n" : ",\n", stdout);
  report->first = FALSE;
  postil_cli_print_json (builder);
}

/* Annotation by annotation: no report is too long to be written or read piece by piece. */
static void
print_json (Report *report)
{
  JsonBuilder *builder = report->check->builder;
  PostilAnnotationIndex *annotations = report->document->read->annotations;
  g_autofree char *head = NULL;

  json_builder_begin_object (builder);
  postil_cli_add_string (builder, "document", report->document->name);
  add_boolean (builder, "text_changed", report->text_changed);
  add_boolean (builder, "saved", report->saved);
  add_count (builder, "placed", report->counts[POSTIL_STATUS_PLACED]);
  add_count (builder, "moved", report->counts[POSTIL_STATUS_MOVED]);
  add_count (builder, "uncertain", report->counts[POSTIL_STATUS_UNCERTAIN]);
  add_count (builder, "orphaned", report->counts[POSTIL_STATUS_ORPHANED]);
  add_count (builder, "versions", report->n_versions);
  add_count (builder, "recovered", report->n_recovered);
  postil_cli_add_strings (builder, "warnings",
                          postil_sidecar_get_warnings (report->document->sidecar));
  postil_cli_add_string (builder, "copy_of", report->copy_of);
  add_strays (report);
  json_builder_end_object (builder);
  head = postil_cli_dup_json (builder);

  fputs (report->check->n_files > 0 ? ",\n" : "\n", stdout);
  printf ("%.*s,\"annotations\":[", (int) strlen (head) - 1, head);
  report->first = TRUE;
  for (guint i = 0; i < postil_annotation_index_get_n_shown (annotations); i++)
    {
      PostilAnnotation *annotation = postil_annotation_index_get (annotations, i);

      if (is_wanting (annotation))
        print_json_annotation (report, annotation);
    }
  fputs (report->first ? "]}" : "\n]}", stdout);
}

/* (transfer none): the sidecars in the folder of @file whose documents are gone. */
static GPtrArray *
find_abandoned (Check *check, GFile *file)
{
  g_autoptr (GFile) folder = g_file_get_parent (file);
  GPtrArray *abandoned = g_hash_table_lookup (check->folders, folder);

  if (abandoned == NULL)
    {
      abandoned = postil_sidecar_finder_list_abandoned (folder, NULL);
      g_hash_table_insert (check->folders, g_object_ref (folder), abandoned);
    }
  return abandoned;
}

/* Finds out what there is to be said beside the annotations, and saves their places. */
static gboolean
examine (Report *report, GError **error)
{
  Check *check = report->check;
  PostilCliDocument *document = report->document;
  PostilSnapshot *read = document->read;
  GFile *file = postil_document_get_file (document->document);
  const char *path = postil_sidecar_get_path (document->sidecar);

  postil_annotation_index_foreach (read->annotations, count_cb, report);
  report->text_changed = postil_sidecar_get_text_changed (document->sidecar);
  report->n_recovered = postil_sidecar_get_n_recovered (document->sidecar);
  report->copy_of = g_hash_table_lookup (check->ids, read->id);
  if (report->copy_of == NULL)
    g_hash_table_insert (check->ids, g_strdup (read->id), g_strdup (document->name));
  report->abandoned = find_abandoned (check, file);
  if (postil_annotation_index_get_size (read->annotations) > 0 ||
      g_file_test (path, G_FILE_TEST_EXISTS))
    report->strays = g_ptr_array_new_with_free_func ((GDestroyNotify) postil_stray_sidecar_free);
  else
    report->strays = postil_sidecar_finder_find (file, read->text, check->store, NULL);

  if (check->write && (report->text_changed || count_unplaced (report) > 0 ||
                       postil_sidecar_get_unsaved (document->sidecar)))
    {
      if (!postil_sidecar_save (document->sidecar, read, NULL, NULL, error))
        return FALSE;
      report->saved = report->text_changed;
    }
  return TRUE;
}

static gboolean
check_file (Check *check, const char *file, GError **error)
{
  g_autoptr (PostilCliSession) session = NULL;
  Report report = { .check = check };
  gboolean done;

  session = postil_cli_session_open_one (file, show_progress_cb, &report, error);
  if (check->on_terminal)
    g_printerr (ERASE_LINE);
  if (session == NULL)
    return FALSE;

  report.document = g_ptr_array_index (postil_cli_session_get_documents (session), 0);
  report.codebook = postil_workspace_get_codebook (postil_cli_session_get_workspace (session));
  done = examine (&report, error);
  if (done)
    {
      if (check->json)
        print_json (&report);
      else
        print_plain (&report);
      check->n_files++;
      check->n_wanting += count_unplaced (&report) > 0 || report.n_versions > 0 ||
                          report.copy_of != NULL || report.strays->len > 0 ||
                          (report.text_changed && !report.saved) ||
                          (report.n_recovered > 0 && !check->write) ||
                          *postil_sidecar_get_warnings (report.document->sidecar) != NULL;
    }
  g_clear_pointer (&report.strays, g_ptr_array_unref);
  return done;
}

static void
print_failure (const GError *failure)
{
  g_autofree char *line = postil_record_shorten (failure->message, G_MAXINT);

  g_printerr ("postil-cli: %s\n", line);
}

/* Checks all files, also after one that could not be read; the last failure is left to the caller.
 */
static gboolean
check_files (Check *check, const char *const *files, GError **error)
{
  g_autoptr (GError) failure = NULL;

  for (; *files != NULL; files++)
    {
      g_autoptr (GError) problem = NULL;

      if (check_file (check, *files, &problem))
        continue;
      if (failure != NULL)
        print_failure (failure);
      g_clear_error (&failure);
      failure = g_steal_pointer (&problem);
    }
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/* Says in which folders sidecars have no document any more, and returns in how many. */
static guint
print_abandoned (Check *check)
{
  GHashTableIter iter;
  gpointer abandoned;
  guint n_folders = 0;

  g_hash_table_iter_init (&iter, check->folders);
  while (g_hash_table_iter_next (&iter, NULL, &abandoned))
    {
      GPtrArray *paths = abandoned;

      n_folders += paths->len > 0;
      for (guint i = 0; i < paths->len && !check->json; i++)
        {
          g_autofree char *name = g_filename_display_name (g_ptr_array_index (paths, i));
          g_autofree char *line = postil_record_shorten (name, G_MAXINT);

          printf (_ ("%s: its document is gone"), line);
          putchar ('\n');
        }
    }
  return n_folders;
}

static gboolean
run (int argc, char **argv, GError **error)
{
  Check check = { FALSE };
  const GOptionEntry entries[] = {
    { "write", 0, 0, G_OPTION_ARG_NONE, &check.write,
      N_ ("Save the places that were found in a changed text"), NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &check.json, N_ ("Print a JSON array"), NULL },
    { NULL },
  };
  g_auto (GStrv) files = postil_cli_parse (
    argc, argv, entries, NULL, _ ("FILE…"),
    _ ("Checks whether the annotations of FILEs stand where they should, and says which do not."),
    _ ("Places are START:END in characters (Unicode code points) from 0. An annotation that moved "
       "stays listed until a person confirms its new place in the window."),
    error);
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (PostilStore) store = postil_store_new (NULL, NULL);
  g_autoptr (GHashTable) ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GHashTable) folders = g_hash_table_new_full (
    g_file_hash, (GEqualFunc) g_file_equal, g_object_unref, (GDestroyNotify) g_ptr_array_unref);
  guint n_folders;
  gboolean done;

  if (files == NULL)
    return FALSE;
  check.on_terminal = isatty (STDERR_FILENO);
  check.builder = builder;
  check.store = store;
  check.ids = ids;
  check.folders = folders;

  if (check.json)
    putchar ('[');
  done = check_files (&check, (const char *const *) files, error);
  if (check.json)
    puts (check.n_files > 0 ? "\n]" : "]");
  n_folders = print_abandoned (&check);
  if (!done)
    return FALSE;

  if (check.n_wanting > 0)
    g_set_error (error, POSTIL_ERROR, POSTIL_ERROR_NOT_FOUND,
                 ngettext ("Something was found wanting in %u of %u document.",
                           "Something was found wanting in %u of %u documents.", check.n_files),
                 check.n_wanting, check.n_files);
  else if (n_folders > 0)
    g_set_error_literal (error, POSTIL_ERROR, POSTIL_ERROR_NOT_FOUND,
                         _ ("There are annotations whose document is gone."));
  return check.n_wanting == 0 && n_folders == 0;
}

const PostilCliCommand postil_cli_check = {
  .name = "check",
  .summary = N_ ("Check whether annotations stand where they should"),
  .run = run,
};
