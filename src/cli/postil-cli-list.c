/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdio.h>

#include <glib/gi18n.h>

#include "postil-cli-session.h"
#include "postil-cli-util.h"
#include "postil-cli.h"
#include "postil-record.h"

#define QUOTE_LENGTH 76

typedef struct
{
  PostilCodebook *codebook;
  /* (nullable): all that are asked for */
  GPtrArray *topics;
  gboolean first;
} Listing;

static gboolean
is_wanted (const Listing *listing, PostilAnnotation *annotation)
{
  guint n_topics;
  const char *const *topics = postil_annotation_get_topics (annotation, &n_topics);

  if (listing->topics == NULL)
    return TRUE;
  for (guint i = 0; i < n_topics; i++)
    for (guint j = 0; j < listing->topics->len; j++)
      if (postil_codebook_is_within (listing->codebook, topics[i],
                                     postil_topic_get_id (g_ptr_array_index (listing->topics, j))))
        return TRUE;
  return FALSE;
}

/* One annotation a line: no listing is too long to be written or read piece by piece. */
static void
print_json (JsonBuilder *builder, Listing *listing, const char *document, PostilRecord *record)
{
  json_builder_begin_object (builder);
  postil_cli_add_record (builder, document, record);
  json_builder_end_object (builder);

  fputs (listing->first ? "\n" : ",\n", stdout);
  listing->first = FALSE;
  postil_cli_print_json (builder);
}

static void
print_note (const char *note)
{
  g_auto (GStrv) lines = g_strsplit (note, "\n", -1);

  for (char **line = lines; *line != NULL; line++)
    {
      /* A note cannot send commands to the terminal; those of ISO 6429 may also be one character
       * beyond ASCII. */
      g_autoptr (GString) shown = g_string_new (NULL);

      for (const char *c = *line; *c != '\0'; c = g_utf8_next_char (c))
        if (*c != '\t' && g_unichar_iscntrl (g_utf8_get_char (c)))
          g_string_append_c (shown, ' ');
        else
          g_string_append_unichar (shown, g_utf8_get_char (c));
      g_strchomp (shown->str);
      printf (*shown->str != '\0' ? "    %s\n" : "\n", shown->str);
    }
}

/* The place as grep and compilers give it, then what it is; below it, set in, the passage and the
 * note. */
static void
print_plain (const char *document, PostilRecord *record)
{
  g_autofree char *topics = g_strjoinv ("; ", record->topics);
  g_autofree char *topics_line = postil_record_shorten (topics, G_MAXINT);
  g_autofree char *name = postil_record_shorten (document, G_MAXINT);

  fputs (name, stdout);
  if (record->placed)
    printf (":%u:%u", record->extent.start, record->extent.end);
  if (*topics_line != '\0')
    printf (" [%s]", topics_line);
  if (record->state != NULL)
    printf (" (%s)", record->state);
  putchar ('\n');

  if (record->quote != NULL)
    {
      g_autofree char *quote = postil_record_shorten (record->quote, QUOTE_LENGTH);

      printf ("    “%s”\n", quote);
    }
  if (record->note != NULL)
    print_note (record->note);
}

static gboolean
run (int argc, char **argv, GError **error)
{
  g_autofree char *topic = NULL;
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "topic", 0, 0, G_OPTION_ARG_FILENAME, &topic,
      N_ ("Only annotations with this topic or one below it"), N_ ("LABEL") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_ ("Print a JSON array"), NULL },
    { NULL },
  };
  g_auto (GStrv) files = postil_cli_parse (
    argc, argv, entries, NULL, _ ("FILE…"), _ ("Lists the annotations of FILEs in reading order."),
    _ ("Places are START:END in characters (Unicode code points) from 0, as annotate --at takes "
       "them."),
    error);
  g_autoptr (PostilCliSession) session = NULL;
  g_autoptr (GPtrArray) wanted = NULL;
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  Listing listing = { NULL, NULL, TRUE };
  GPtrArray *documents;

  if (files == NULL || !postil_cli_check_text ("--topic", &topic, error))
    return FALSE;
  session = postil_cli_session_open ((const char *const *) files, error);
  if (session == NULL)
    return FALSE;

  listing.codebook = postil_workspace_get_codebook (postil_cli_session_get_workspace (session));
  if (topic != NULL)
    {
      listing.topics = wanted = postil_cli_find_topics (listing.codebook, topic, error);
      if (wanted == NULL)
        {
          g_autofree char *names = postil_cli_session_dup_names (session);

          g_prefix_error (error, "%s: ", names);
          return FALSE;
        }
    }

  if (json)
    putchar ('[');
  documents = postil_cli_session_get_documents (session);
  for (guint i = 0; i < documents->len; i++)
    {
      PostilCliDocument *document = g_ptr_array_index (documents, i);
      PostilAnnotationIndex *annotations = document->read->annotations;
      guint n_annotations = postil_annotation_index_get_n_shown (annotations);

      for (guint j = 0; j < n_annotations; j++)
        {
          PostilAnnotation *annotation = postil_annotation_index_get (annotations, j);
          g_autoptr (PostilRecord) record = NULL;

          if (!is_wanted (&listing, annotation))
            continue;
          record = postil_record_new (document->read, listing.codebook, annotation);
          if (json)
            print_json (builder, &listing, document->name, record);
          else
            print_plain (document->name, record);
        }
    }
  if (json)
    puts (listing.first ? "]" : "\n]");
  return TRUE;
}

const PostilCliCommand postil_cli_list = {
  .name = "list",
  .summary = N_ ("List annotations"),
  .run = run,
};
