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

/* A file may nest topics deeper than a line is long. */
#define MAX_INDENT 40

/* A change that was asked for, such as --rename=Trust=Faith. */
typedef struct
{
  char *option;
  char *value;
} Change;

typedef struct
{
  GPtrArray *changes;
  gboolean json;
  /* What is to be said when all is saved. */
  GString *report;
} Request;

static void
change_free (Change *self)
{
  g_free (self->option);
  g_free (self->value);
  g_free (self);
}

/* Takes the topics and the value out of PATH=VALUE. Both may hold an equals sign: the path ends at
 * the first one before which there is the path of a topic. */
static GPtrArray *
split_value (PostilCodebook *codebook, const char *value, const char **rest, GError **error)
{
  const char *end = strchr (value, '=');
  g_autofree char *path = NULL;

  if (end == NULL)
    {
      g_set_error (error, POSTIL_ERROR, POSTIL_ERROR_INVALID,
                   _ ("Write the topic, “=” and what it is to become."));
      return NULL;
    }
  for (const char *equals = end; equals != NULL; equals = strchr (equals + 1, '='))
    {
      g_autofree char *candidate = g_strndup (value, equals - value);

      if (postil_codebook_find_path (codebook, candidate) != NULL)
        {
          end = equals;
          break;
        }
    }

  *rest = end + 1;
  path = g_strndup (value, end - value);
  return postil_cli_find_topics (codebook, path, error);
}

static gboolean
add (PostilCliSession *session, PostilStep *step, const char *path, GError **error)
{
  PostilWorkspace *workspace = postil_cli_session_get_workspace (session);
  GPtrArray *documents = postil_cli_session_get_documents (session);
  g_autofree char *id = postil_edit_ensure_path (workspace, step, path);

  if (id == NULL)
    {
      g_set_error (error, POSTIL_ERROR, POSTIL_ERROR_INVALID, _ ("That names no topic."));
      return FALSE;
    }
  /* A codebook holds topics that nothing has; without one, every document that was named does. */
  if (postil_workspace_get_folder (workspace) == NULL)
    for (guint i = 0; i < documents->len; i++)
      postil_document_carry_topic (
        ((PostilCliDocument *) g_ptr_array_index (documents, i))->document, id);
  return TRUE;
}

/* Fills in @fields what @asked says; @color is what they may point to. */
static gboolean
fill_fields (PostilCodebook *codebook,
             const Change *asked,
             const char *value,
             PostilTopicFields *fields,
             char **color,
             GError **error)
{
  if (strcmp (asked->option, "--rename") == 0)
    fields->label = value;
  else if (strcmp (asked->option, "--describe") == 0)
    fields->definition = *value != '\0' ? value : NULL;
  else if (strcmp (asked->option, "--color") == 0)
    {
      if (!postil_topic_is_color (value))
        {
          g_set_error (error, POSTIL_ERROR, POSTIL_ERROR_INVALID,
                       _ ("“%s” is not a colour such as #3584e4."), value);
          return FALSE;
        }
      fields->color = *color = g_ascii_strdown (value, -1);
    }
  else
    {
      g_autoptr (GPtrArray) parents = NULL;

      g_assert (strcmp (asked->option, "--move") == 0);
      if (*value != '\0' && (parents = postil_cli_find_topics (codebook, value, error)) == NULL)
        return FALSE;
      fields->broader = parents != NULL ? postil_topic_get_id (parents->pdata[0]) : NULL;
    }
  return TRUE;
}

static gboolean
change (PostilCliSession *session, PostilStep *step, const Change *asked, GError **error)
{
  PostilWorkspace *workspace = postil_cli_session_get_workspace (session);
  PostilCodebook *codebook = postil_workspace_get_codebook (workspace);
  const char *value = NULL;
  g_autoptr (GPtrArray) topics = split_value (codebook, asked->value, &value, error);

  if (topics == NULL)
    return FALSE;
  for (guint i = 0; i < topics->len; i++)
    {
      g_autofree char *color = NULL;
      PostilTopicFields fields;

      postil_topic_get_fields (g_ptr_array_index (topics, i), &fields);
      if (!fill_fields (codebook, asked, value, &fields, &color, error) ||
          !postil_edit_change_topic (workspace, step, &fields, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean delete (PostilCliSession *session,
                        const char *path,
                        GString *report,
                        GError **error)
{
  PostilWorkspace *workspace = postil_cli_session_get_workspace (session);
  g_autoptr (GPtrArray) topics =
    postil_cli_find_topics (postil_workspace_get_codebook (workspace), path, error);
  guint n_annotations = 0;

  if (topics == NULL)
    return FALSE;
  for (guint i = 0; i < topics->len; i++)
    {
      /* An annotation may have two of them, and no step changes it twice. */
      g_autoptr (PostilStep) step = postil_step_new ("topics");

      n_annotations += postil_edit_remove_topic (
        workspace, step, postil_topic_get_id (g_ptr_array_index (topics, i)));
      postil_workspace_commit (workspace, step, NULL);
    }
  g_string_append_printf (report,
                          ngettext ("“%s” was deleted; %u annotation had it.",
                                    "“%s” was deleted; %u annotations had it.", n_annotations),
                          postil_topic_get_label (g_ptr_array_index (topics, 0)), n_annotations);
  g_string_append_c (report, '\n');
  return TRUE;
}

/* Documents may bring several topics of one path, also that of the one that stays. */
static gboolean
merge (PostilCliSession *session, const char *value, GString *report, GError **error)
{
  PostilWorkspace *workspace = postil_cli_session_get_workspace (session);
  PostilCodebook *codebook = postil_workspace_get_codebook (workspace);
  const char *path;
  g_autoptr (GPtrArray) topics = split_value (codebook, value, &path, error), others = NULL;
  guint n_annotations = 0, n_merged = 0;
  const char *into;

  if (topics == NULL || (others = postil_cli_find_topics (codebook, path, error)) == NULL)
    return FALSE;
  into = postil_topic_get_id (g_ptr_array_index (others, 0));
  for (guint i = 0; i < topics->len; i++)
    {
      const char *topic = postil_topic_get_id (g_ptr_array_index (topics, i));
      g_autoptr (PostilStep) step = postil_step_new ("topics");

      if (strcmp (topic, into) == 0)
        continue;
      n_annotations += postil_edit_merge_topic (workspace, step, topic, into);
      n_merged++;
      postil_workspace_commit (workspace, step, NULL);
    }
  if (n_merged == 0)
    {
      g_set_error (error, POSTIL_ERROR, POSTIL_ERROR_INVALID,
                   _ ("A topic cannot be merged into itself."));
      return FALSE;
    }
  g_string_append_printf (report,
                          ngettext ("“%s” was merged into “%s”; %u annotation had it.",
                                    "“%s” was merged into “%s”; %u annotations had it.",
                                    n_annotations),
                          postil_topic_get_label (g_ptr_array_index (topics, 0)),
                          postil_topic_get_label (g_ptr_array_index (others, 0)), n_annotations);
  g_string_append_c (report, '\n');
  return TRUE;
}

static gboolean
edit_cb (PostilCliSession *session, gpointer data, GError **error)
{
  Request *request = data;

  g_string_truncate (request->report, 0);
  for (guint i = 0; i < request->changes->len; i++)
    {
      const Change *asked = g_ptr_array_index (request->changes, i);
      g_autoptr (PostilStep) step = postil_step_new ("topics");
      gboolean done;

      if (strcmp (asked->option, "--add") == 0)
        done = add (session, step, asked->value, error);
      else if (strcmp (asked->option, "--delete") == 0)
        done = delete (session, asked->value, request->report, error);
      else if (strcmp (asked->option, "--merge") == 0)
        done = merge (session, asked->value, request->report, error);
      else
        done = change (session, step, asked, error);
      if (!done)
        {
          g_autofree char *names = postil_cli_session_dup_names (session);

          g_prefix_error (error, "%s: %s=%s: ", names, asked->option, asked->value);
          return FALSE;
        }
      postil_workspace_commit (postil_cli_session_get_workspace (session), step, NULL);
    }
  return TRUE;
}

static void
print_json (PostilWorkspace *workspace, GPtrArray *topics)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  putchar ('[');
  for (guint i = 0; i < topics->len; i++)
    {
      PostilTopic *topic = g_ptr_array_index (topics, i);
      PostilCodebook *codebook = postil_workspace_get_codebook (workspace);
      g_autofree char *path = postil_codebook_dup_path (codebook, topic);

      json_builder_begin_object (builder);
      postil_cli_add_string (builder, "id", postil_topic_get_id (topic));
      postil_cli_add_string (builder, "label", postil_topic_get_label (topic));
      postil_cli_add_string (builder, "path", path);
      postil_cli_add_string (builder, "parent", postil_topic_get_broader (topic));
      postil_cli_add_string (builder, "color", postil_topic_get_color (topic));
      postil_cli_add_string (builder, "description", postil_topic_get_definition (topic));
      json_builder_set_member_name (builder, "count");
      json_builder_add_int_value (
        builder, postil_workspace_count_topic (workspace, postil_topic_get_id (topic)));
      json_builder_end_object (builder);

      fputs (i == 0 ? "\n" : ",\n", stdout);
      postil_cli_print_json (builder);
    }
  puts (topics->len == 0 ? "]" : "\n]");
}

/* A tree, by how far each topic is set in. */
static void
print_plain (PostilWorkspace *workspace, GPtrArray *topics)
{
  g_autoptr (GHashTable) depths = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < topics->len; i++)
    {
      PostilTopic *topic = g_ptr_array_index (topics, i);
      const char *id = postil_topic_get_id (topic);
      const char *parent = postil_topic_get_broader (topic);
      const char *color = postil_topic_get_color (topic);
      g_autofree char *label = postil_record_shorten (postil_topic_get_label (topic), G_MAXINT);
      guint depth = parent ? GPOINTER_TO_UINT (g_hash_table_lookup (depths, parent)) : 0;

      /* One more than it is, so that a parent that is not shown counts as none. */
      g_hash_table_insert (depths, (gpointer) id, GUINT_TO_POINTER (depth + 1));
      printf ("%6u  %-7s  %*s%s\n", postil_workspace_count_topic (workspace, id),
              color != NULL ? color : "", MIN (depth, MAX_INDENT) * 2, "", label);
    }
}

static gboolean
print_topics (const char *const *files, gboolean json, GError **error)
{
  g_autoptr (PostilCliSession) session = postil_cli_session_open (files, error);
  g_autoptr (GPtrArray) topics = NULL;
  PostilWorkspace *workspace;

  if (session == NULL)
    return FALSE;

  workspace = postil_cli_session_get_workspace (session);
  topics = postil_codebook_list_in_order (postil_workspace_get_codebook (workspace));
  if (json)
    print_json (workspace, topics);
  else
    print_plain (workspace, topics);
  return TRUE;
}

/* Keeps the changes in the order in which they were asked for. */
static gboolean
change_cb (const char *option, const char *value, gpointer data, GError **error)
{
  Request *request = data;
  g_autofree char *text = g_strdup (value);
  Change *asked;

  if (!postil_cli_check_text (option, &text, error))
    return FALSE;
  asked = g_new (Change, 1);
  asked->option = g_strdup (option);
  asked->value = g_steal_pointer (&text);
  g_ptr_array_add (request->changes, asked);
  return TRUE;
}

static gboolean
run (int argc, char **argv, GError **error)
{
  g_autoptr (GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify) change_free);
  g_autoptr (GString) report = g_string_new (NULL);
  Request request = { changes, FALSE, report };
  const GOptionEntry entries[] = {
    { "add", 0, G_OPTION_FLAG_FILENAME, G_OPTION_ARG_CALLBACK, change_cb,
      N_ ("Make a topic, and its parents if need be"), N_ ("PATH") },
    { "rename", 0, G_OPTION_FLAG_FILENAME, G_OPTION_ARG_CALLBACK, change_cb,
      N_ ("Give a topic another label"), N_ ("PATH=LABEL") },
    { "color", 0, G_OPTION_FLAG_FILENAME, G_OPTION_ARG_CALLBACK, change_cb,
      N_ ("Give a topic another colour"), N_ ("PATH=#RRGGBB") },
    { "describe", 0, G_OPTION_FLAG_FILENAME, G_OPTION_ARG_CALLBACK, change_cb,
      N_ ("Say what a topic means"), N_ ("PATH=TEXT") },
    { "move", 0, G_OPTION_FLAG_FILENAME, G_OPTION_ARG_CALLBACK, change_cb,
      N_ ("Place a topic below another; below none without PARENT"), N_ ("PATH=PARENT") },
    { "merge", 0, G_OPTION_FLAG_FILENAME, G_OPTION_ARG_CALLBACK, change_cb,
      N_ ("Give annotations another topic in place of one, and take that away"),
      N_ ("PATH=OTHER") },
    { "delete", 0, G_OPTION_FLAG_FILENAME, G_OPTION_ARG_CALLBACK, change_cb,
      N_ ("Take a topic away, also from annotations"), N_ ("PATH") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &request.json, N_ ("Print a JSON array"), NULL },
    { NULL },
  };
  g_auto (GStrv) files = NULL;
  const char *const *names;

  files = postil_cli_parse (
    argc, argv, entries, &request, _ ("FILE…"),
    _ ("Changes the topics of FILEs in the order of the options; without a change, prints them as\n"
       "a tree with the number of annotations that have each."),
    _ ("PATH is a label, or labels from the top down such as Parent/Child; a “/” in a label is\n"
       "written “\\/”."),
    error);
  if (files == NULL)
    return FALSE;

  names = (const char *const *) files;
  if (changes->len > 0 && !postil_cli_session_edit (names, edit_cb, &request, error))
    return FALSE;
  if (request.json || changes->len == 0)
    return print_topics (names, request.json, error);
  fputs (report->str, stdout);
  return TRUE;
}

const PostilCliCommand postil_cli_topics = {
  .name = "topics",
  .summary = N_ ("Show and change topics"),
  .run = run,
};
