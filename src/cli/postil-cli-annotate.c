/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include <glib/gi18n.h>

#include "postil-cli-session.h"
#include "postil-cli-util.h"
#include "postil-cli.h"
#include "postil-edit.h"
#include "postil-error.h"
#include "postil-record.h"
#include "postil-search.h"

#define SHOWN_LENGTH 60

typedef struct
{
  GStrv places;
  char *quote;
  int nth;
  GStrv topics;
  char *note;
  char *creator;
  char *id;
} Request;

static void
request_clear (Request *self)
{
  g_strfreev (self->places);
  g_free (self->quote);
  g_strfreev (self->topics);
  g_free (self->note);
  g_free (self->creator);
  g_free (self->id);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Request, request_clear)

static gboolean
parse_offset (const char *digits, guint *offset)
{
  guint64 number;

  if (!g_ascii_string_to_unsigned (digits, 10, 0, G_MAXUINT, &number, NULL))
    return FALSE;
  *offset = number;
  return TRUE;
}

static gboolean
parse_place (PostilCliDocument *document, const char *place, PostilSpan *span, GError **error)
{
  PostilText *text = postil_document_get_text (document->document);
  g_auto (GStrv) ends = g_strsplit (place, ":", 2);

  if (g_strv_length (ends) != 2 || !parse_offset (ends[0], &span->start) ||
      !parse_offset (ends[1], &span->end))
    {
      g_set_error (error, POSTIL_ERROR, POSTIL_ERROR_INVALID,
                   _ ("%s: --at=%s is not START:END, two numbers of characters from 0."),
                   document->name, place);
      return FALSE;
    }
  if (span->start >= span->end)
    {
      g_set_error (error, POSTIL_ERROR, POSTIL_ERROR_INVALID,
                   _ ("%s: --at=%s holds nothing; the end must come after the start."),
                   document->name, place);
      return FALSE;
    }
  if (span->end > postil_text_get_length (text))
    {
      g_set_error (error, POSTIL_ERROR, POSTIL_ERROR_INVALID,
                   _ ("%s: --at=%s goes beyond the end of the text, which is at %u."),
                   document->name, place, postil_text_get_length (text));
      return FALSE;
    }

  *span = postil_text_snap_to_graphemes (text, *span);
  return TRUE;
}

static void
set_quote_missing (PostilCliDocument *document, const char *quote, GError **error)
{
  PostilText *text = postil_document_get_text (document->document);
  g_autoptr (GArray) similar = postil_search_find (text, quote, FALSE, NULL);
  g_autofree char *shown = postil_record_shorten (quote, SHOWN_LENGTH);

  if (similar->len == 0)
    g_set_error (error, POSTIL_ERROR, POSTIL_ERROR_NOT_FOUND, _ ("%s: “%s” is not in the text."),
                 document->name, shown);
  else
    g_set_error (error, POSTIL_ERROR, POSTIL_ERROR_NOT_FOUND,
                 _ ("%s: “%s” is not in the text as written; in another spelling it is at %u:%u."),
                 document->name, shown, g_array_index (similar, PostilSpan, 0).start,
                 g_array_index (similar, PostilSpan, 0).end);
}

static gboolean
find_quote (PostilCliDocument *document, const Request *request, GArray *spans, GError **error)
{
  PostilText *text = postil_document_get_text (document->document);
  g_autoptr (GArray) matches = postil_search_find (text, request->quote, TRUE, NULL);
  g_autofree char *shown = postil_record_shorten (request->quote, SHOWN_LENGTH);

  if (matches->len == 0)
    {
      set_quote_missing (document, request->quote, error);
      return FALSE;
    }
  if (matches->len > 1 && request->nth == 0)
    {
      g_set_error (error, POSTIL_ERROR, POSTIL_ERROR_INVALID,
                   _ ("%s: “%s” is in the text %u times; say which with --nth=1 to --nth=%u."),
                   document->name, shown, matches->len, matches->len);
      return FALSE;
    }
  if (request->nth > 0 && (guint) request->nth > matches->len)
    {
      g_set_error (error, POSTIL_ERROR, POSTIL_ERROR_NOT_FOUND,
                   ngettext ("%s: “%s” is in the text only %u time.",
                             "%s: “%s” is in the text only %u times.", matches->len),
                   document->name, shown, matches->len);
      return FALSE;
    }

  g_array_append_val (spans,
                      g_array_index (matches, PostilSpan, request->nth > 0 ? request->nth - 1 : 0));
  return TRUE;
}

/* Whom the sidecar already knows by this name stays one person. */
static PostilAnnotator *
find_annotator (PostilCliDocument *document, const char *name)
{
  g_autofree char *id = postil_environment_derive_id (name);

  for (guint i = 0; i < document->read->annotators->len; i++)
    {
      PostilAnnotator *annotator = g_ptr_array_index (document->read->annotators, i);

      if (g_strcmp0 (postil_annotator_get_name (annotator), name) == 0)
        return postil_annotator_ref (annotator);
    }
  return postil_annotator_new (id, name, NULL);
}

static GStrv
ensure_topics (PostilWorkspace *workspace,
               PostilCliDocument *document,
               PostilStep *step,
               const Request *request,
               GError **error)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);

  for (char **path = request->topics; path != NULL && *path != NULL; path++)
    {
      char *id = postil_edit_ensure_path (workspace, step, *path);

      if (id == NULL)
        {
          g_set_error (error, POSTIL_ERROR, POSTIL_ERROR_INVALID,
                       _ ("%s: --topic=%s names no topic."), document->name, *path);
          return NULL;
        }
      if (g_ptr_array_find_with_equal_func (ids, id, g_str_equal, NULL))
        g_free (id);
      else
        g_ptr_array_add (ids, id);
    }
  g_ptr_array_add (ids, NULL);
  return (GStrv) g_ptr_array_free (g_steal_pointer (&ids), FALSE);
}

static gboolean
annotate_cb (PostilCliSession *session, gpointer data, GError **error)
{
  Request *request = data;
  PostilWorkspace *workspace = postil_cli_session_get_workspace (session);
  PostilCliDocument *document = g_ptr_array_index (postil_cli_session_get_documents (session), 0);
  g_autoptr (PostilStep) step = postil_step_new ("annotate");
  g_autoptr (GArray) spans = g_array_new (FALSE, FALSE, sizeof (PostilSpan));
  g_autoptr (PostilAnnotator) annotator = NULL;
  g_auto (GStrv) topics = NULL;

  if (request->quote != NULL && !find_quote (document, request, spans, error))
    return FALSE;
  for (char **place = request->places; place != NULL && *place != NULL; place++)
    {
      PostilSpan span;

      if (!parse_place (document, *place, &span, error))
        return FALSE;
      g_array_append_val (spans, span);
    }

  annotator = find_annotator (
    document, request->creator != NULL
                ? request->creator
                : postil_annotator_get_name (postil_workspace_get_annotator (workspace)));
  postil_workspace_set_annotator (workspace, annotator);

  topics = ensure_topics (workspace, document, step, request, error);
  if (topics == NULL)
    return FALSE;

  g_free (request->id);
  request->id = postil_edit_add_annotation (workspace, step, document->document,
                                            (const PostilSpan *) spans->data, spans->len,
                                            (const char *const *) topics, request->note);
  postil_workspace_commit (workspace, step, NULL);
  return TRUE;
}

static gboolean
check_texts (Request *request, GError **error)
{
  for (char **topic = request->topics; topic != NULL && *topic != NULL; topic++)
    if (!postil_cli_check_text ("--topic", topic, error))
      return FALSE;
  return postil_cli_check_text ("--quote", &request->quote, error) &&
         postil_cli_check_text ("--note", &request->note, error) &&
         postil_cli_check_text ("--creator", &request->creator, error);
}

static gboolean
check (Request *request, const char *const *files, gboolean nth_given, GError **error)
{
  const char *problem = NULL;

  if (files[1] != NULL)
    problem = _ ("One annotation belongs to one file; more than one was named.");
  else if (request->places != NULL && request->quote != NULL)
    problem = _ ("--at and --quote both say where; give one of them.");
  else if (request->quote != NULL && *request->quote == '\0')
    problem = _ ("--quote is empty.");
  else if (nth_given && request->quote == NULL)
    problem = _ ("--nth counts where --quote is found; give that too.");
  else if (nth_given && request->nth < 1)
    problem = _ ("--nth counts from 1.");
  else if (request->note != NULL && *request->note == '\0')
    problem = _ ("--note is empty.");
  else if (request->creator != NULL && *g_strstrip (request->creator) == '\0')
    problem = _ ("--creator is empty.");
  else if (request->places == NULL && request->quote == NULL && request->topics == NULL &&
           request->note == NULL)
    problem = _ ("Say where with --at or --quote, or what of the whole document with --topic or "
                 "--note.");

  if (problem == NULL)
    return check_texts (request, error);
  g_set_error (error, POSTIL_ERROR, POSTIL_ERROR_INVALID, "%s: %s", files[0], problem);
  return FALSE;
}

static gboolean
run (int argc, char **argv, GError **error)
{
  g_auto (Request) request = { .nth = G_MININT };
  const GOptionEntry entries[] = {
    { "at", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &request.places,
      N_ ("Annotate this range of the text; again for more ranges"), N_ ("START:END") },
    { "quote", 0, 0, G_OPTION_ARG_FILENAME, &request.quote,
      N_ ("Annotate the place where the text reads so"), N_ ("TEXT") },
    { "nth", 0, 0, G_OPTION_ARG_INT, &request.nth,
      N_ ("Which place, counted from 1, when --quote is found at several"), N_ ("N") },
    { "topic", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &request.topics,
      N_ ("Add this topic, and make it if need be; again for more topics"), N_ ("LABEL") },
    { "note", 0, 0, G_OPTION_ARG_FILENAME, &request.note, N_ ("Add this note"), N_ ("TEXT") },
    { "creator", 0, 0, G_OPTION_ARG_FILENAME, &request.creator,
      N_ ("Who annotates; without it, the account’s name"), N_ ("NAME") },
    { NULL },
  };
  g_auto (GStrv) files = postil_cli_parse (
    argc, argv, entries, NULL, _ ("FILE"),
    _ ("Adds one annotation to FILE and prints its id. Without --at and --quote it is about the\n"
       "whole document."),
    _ ("START and END count characters (Unicode code points) from 0; END is not part of it.\n"
       "LABEL may be a path such as Parent/Child; a “/” in a label is written “\\/”."),
    error);
  gboolean nth_given = request.nth != G_MININT;

  if (files == NULL)
    return FALSE;
  if (!nth_given)
    request.nth = 0;
  if (!check (&request, (const char *const *) files, nth_given, error) ||
      !postil_cli_session_edit ((const char *const *) files, annotate_cb, &request, error))
    return FALSE;

  puts (request.id);
  return TRUE;
}

const PostilCliCommand postil_cli_annotate = {
  .name = "annotate",
  .summary = N_ ("Annotate a passage or a whole document"),
  .run = run,
};
