/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-cli-util.h"

#include <stdio.h>
#include <string.h>

#include <glib/gi18n.h>

#include "postil-error.h"

/**
 * postil_cli_parse:
 * @argc: number of arguments
 * @argv: the arguments, the command's name first
 * @entries: the command's options. Texts are to be %G_OPTION_ARG_FILENAME, which takes their bytes
 *   as they are, in any locale; see postil_cli_check_text().
 * @data: (nullable): what callbacks among @entries get
 * @parameters: what stands after the options, for the help
 * @summary: what the command does
 * @description: (nullable): what stands at the end of the help
 * @error: return location
 *
 * Reads the options of a command; prints its help and ends the program when that is asked for.
 *
 * Returns: (transfer full) (nullable): the files, at least one
 */
GStrv
postil_cli_parse (int argc,
                  char **argv,
                  const GOptionEntry *entries,
                  gpointer data,
                  const char *parameters,
                  const char *summary,
                  const char *description,
                  GError **error)
{
  g_autoptr (GOptionContext) context = g_option_context_new (parameters);
  GOptionGroup *group = g_option_group_new (NULL, NULL, NULL, data, NULL);
  g_auto (GStrv) files = NULL;
  const GOptionEntry rest[] = {
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &files, NULL, NULL },
    { NULL },
  };

  g_option_context_set_summary (context, summary);
  g_option_context_set_description (context, description);
  g_option_group_set_translation_domain (group, GETTEXT_PACKAGE);
  g_option_group_add_entries (group, entries);
  g_option_group_add_entries (group, rest);
  g_option_context_set_main_group (context, group);
  if (!g_option_context_parse (context, &argc, &argv, error))
    return NULL;

  if (files == NULL)
    {
      g_set_error (error, POSTIL_ERROR, POSTIL_ERROR_INVALID,
                   _ ("No file was named; “%s --help” says how."), g_get_prgname ());
      return NULL;
    }
  return g_steal_pointer (&files);
}

/**
 * postil_cli_check_text:
 * @option: the option that it was given with, for the message
 * @text: (inout) (nullable): a text from the command line, in UTF-8 or else in the locale's charset
 * @error: return location
 *
 * Makes it UTF-8.
 *
 * Returns: whether it is, or is %NULL
 */
gboolean
postil_cli_check_text (const char *option, char **text, GError **error)
{
  char *utf8;

  if (*text == NULL || g_utf8_validate (*text, -1, NULL))
    return TRUE;

  utf8 = g_locale_to_utf8 (*text, -1, NULL, NULL, NULL);
  if (utf8 == NULL)
    {
      g_set_error (error, POSTIL_ERROR, POSTIL_ERROR_INVALID,
                   _ ("The text of %s is neither UTF-8 nor in the encoding of the locale."),
                   option);
      return FALSE;
    }
  g_free (*text);
  *text = utf8;
  return TRUE;
}

/**
 * postil_cli_find_topics:
 * @codebook: a codebook
 * @path: a label or a path, see postil_codebook_find_path()
 * @error: return location
 *
 * Documents that were annotated apart have topics of their own with one and the same path.
 *
 * Returns: (transfer full) (element-type PostilTopic) (nullable): all topics with that path, or
 *   %NULL with %POSTIL_ERROR_NOT_FOUND
 */
GPtrArray *
postil_cli_find_topics (PostilCodebook *codebook, const char *path, GError **error)
{
  PostilTopic *first = postil_codebook_find_path (codebook, path);
  g_autoptr (GPtrArray) topics = NULL;
  g_autofree char *first_path = NULL;

  if (first == NULL)
    {
      g_set_error (error, POSTIL_ERROR, POSTIL_ERROR_NOT_FOUND, _ ("There is no topic “%s”."),
                   path);
      return NULL;
    }

  first_path = postil_codebook_dup_path (codebook, first);
  topics = postil_codebook_list_in_order (codebook);
  for (guint i = topics->len; i > 0; i--)
    {
      g_autofree char *other_path =
        postil_codebook_dup_path (codebook, g_ptr_array_index (topics, i - 1));

      if (strcmp (other_path, first_path) != 0)
        g_ptr_array_remove_index (topics, i - 1);
    }
  return g_steal_pointer (&topics);
}

/**
 * postil_cli_add_string:
 * @builder: where an object is being built
 * @member: name of the member
 * @value: (nullable): its value; null without
 *
 * Adds a member.
 */
void
postil_cli_add_string (JsonBuilder *builder, const char *member, const char *value)
{
  json_builder_set_member_name (builder, member);
  if (value != NULL)
    json_builder_add_string_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

/**
 * postil_cli_add_strings:
 * @builder: where an object is being built
 * @member: name of the member
 * @values: (array zero-terminated=1): its values
 *
 * Adds a member that is an array.
 */
void
postil_cli_add_strings (JsonBuilder *builder, const char *member, const char *const *values)
{
  json_builder_set_member_name (builder, member);
  json_builder_begin_array (builder);
  for (; *values != NULL; values++)
    json_builder_add_string_value (builder, *values);
  json_builder_end_array (builder);
}

/**
 * postil_cli_add_place:
 * @builder: where an object is being built
 * @place: (nullable): a place in code points; both ends are null without
 *
 * Adds the members "start" and "end".
 */
void
postil_cli_add_place (JsonBuilder *builder, const PostilSpan *place)
{
  const char *const members[] = { "start", "end" };

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    {
      json_builder_set_member_name (builder, members[i]);
      if (place != NULL)
        json_builder_add_int_value (builder, i == 0 ? place->start : place->end);
      else
        json_builder_add_null_value (builder);
    }
}

/**
 * postil_cli_add_record:
 * @builder: where an object is being built
 * @document: the document as the command line names it
 * @record: one of its annotations
 *
 * Adds the members that describe an annotation.
 */
void
postil_cli_add_record (JsonBuilder *builder, const char *document, const PostilRecord *record)
{
  guint n_spans;
  const PostilSpan *spans = postil_annotation_get_spans (record->annotation, &n_spans);

  postil_cli_add_string (builder, "id", postil_annotation_get_id (record->annotation));
  postil_cli_add_string (builder, "document", document);
  postil_cli_add_place (builder, record->placed ? &record->extent : NULL);
  json_builder_set_member_name (builder, "ranges");
  json_builder_begin_array (builder);
  for (guint i = 0; i < n_spans; i++)
    {
      json_builder_begin_array (builder);
      json_builder_add_int_value (builder, spans[i].start);
      json_builder_add_int_value (builder, spans[i].end);
      json_builder_end_array (builder);
    }
  json_builder_end_array (builder);
  postil_cli_add_string (builder, "quote", record->quote);
  postil_cli_add_strings (builder, "topics", (const char *const *) record->topics);
  postil_cli_add_string (builder, "note", record->note);
  postil_cli_add_string (builder, "creator", record->creator);
  postil_cli_add_string (builder, "created", record->created);
  postil_cli_add_string (builder, "status", record->status);
}

/**
 * postil_cli_dup_json:
 * @builder: a finished value
 *
 * Starts @builder over.
 *
 * Returns: (transfer full): the value in one line
 */
char *
postil_cli_dup_json (JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  g_autofree char *line = json_to_string (root, FALSE);
  GString *json = g_string_new (line);

  /* json-glib 1.6 forgets to escape the last of the control characters, which RFC 8259 asks for. */
  g_string_replace (json, "\x1f", "\\u001f", 0);
  json_builder_reset (builder);
  return g_string_free (json, FALSE);
}

/**
 * postil_cli_print_json:
 * @builder: a finished value
 *
 * Prints it on one line, without the line's end, and starts @builder over.
 */
void
postil_cli_print_json (JsonBuilder *builder)
{
  g_autofree char *json = postil_cli_dup_json (builder);

  fputs (json, stdout);
}
