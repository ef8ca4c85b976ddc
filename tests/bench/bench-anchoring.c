/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "postil-anchoring.h"
#include "postil-generator.h"

/*
 * How long it takes to place the annotations of a text in the text itself, and in one that changed
 * since. Arguments: how many annotations (100,000), how many bytes of text (10 MB), how many edits
 * (10,000).
 */

#define SEED 20260101
#define CONTEXT 32

typedef struct
{
  PostilText *text;
  GArray *placements;
} Collection;

static gboolean
collect_cb (PostilAnnotation *annotation, PostilSpan span, gpointer data)
{
  Collection *collection = data;
  guint length = postil_text_get_length (collection->text);
  guint before = span.start - MIN (span.start, CONTEXT);
  guint after = MIN (span.end + CONTEXT, length);
  g_autofree char *prefix =
    postil_text_dup_range (collection->text, (PostilSpan){ before, span.start });
  g_autofree char *exact = postil_text_dup_range (collection->text, span);
  g_autofree char *suffix =
    postil_text_dup_range (collection->text, (PostilSpan){ span.end, after });
  PostilSelector selector = { TRUE, span, exact, prefix, suffix };
  PostilPlacement placement = { .anchor = postil_anchor_new (&selector, 1, NULL, NULL) };

  g_array_append_val (collection->placements, placement);
  return G_SOURCE_CONTINUE;
}

/* Leaves words out of @utf8 and doubles others. */
static char *
edit (const char *utf8, guint n_edits)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (SEED);
  gsize n_bytes = strlen (utf8), chunk = n_bytes / (n_edits + 1);
  GString *edited = g_string_sized_new (n_bytes);
  const char *p = utf8, *word, *end;

  for (guint i = 0; i < n_edits; i++)
    {
      word = strchr (utf8 + i * chunk + g_rand_int_range (random, 0, chunk / 2 + 1), ' ');
      end = word != NULL ? strchr (word + 1, ' ') : NULL;
      if (end == NULL || word < p)
        continue;
      g_string_append_len (edited, p, word - p);
      if (g_rand_boolean (random))
        g_string_append_printf (edited, "%.*s%.*s", (int) (end - word), word, (int) (end - word),
                                word);
      p = end;
    }
  g_string_append (edited, p);
  return g_string_free (edited, FALSE);
}

static void
report (const char *name, PostilText *text, GArray *placements, gboolean trusted)
{
  guint n_by_status[POSTIL_STATUS_ORPHANED + 1] = { 0 };
  gint64 start;

  for (guint i = 0; i < placements->len; i++)
    g_array_index (placements, PostilPlacement, i).trusted = trusted;
  start = g_get_monotonic_time ();
  postil_anchoring_place (text, (PostilPlacement *) placements->data, placements->len);
  start = g_get_monotonic_time () - start;
  for (guint i = 0; i < placements->len; i++)
    {
      PostilPlacement *placement = &g_array_index (placements, PostilPlacement, i);

      n_by_status[placement->status]++;
      g_clear_pointer (&placement->spans, g_free);
    }
  g_print ("%s: %.0f ms, %u placed, %u moved, %u orphaned\n", name, start / 1e3,
           n_by_status[POSTIL_STATUS_PLACED], n_by_status[POSTIL_STATUS_MOVED],
           n_by_status[POSTIL_STATUS_ORPHANED]);
}

int
main (int argc, char **argv)
{
  guint n_annotations = postil_generator_get_argument (argc, argv, 1, 100000);
  guint n_bytes = postil_generator_get_argument (argc, argv, 2, 10 * 1000 * 1000);
  guint n_edits = postil_generator_get_argument (argc, argv, 3, 10000);
  char *prose = postil_generator_text (n_bytes, SEED);
  g_autoptr (PostilText) text = postil_text_new (prose, strlen (prose), NULL);
  g_autoptr (PostilSnapshot) snapshot = postil_generator_snapshot (text, n_annotations, SEED);
  g_autoptr (GArray) placements = g_array_new (FALSE, FALSE, sizeof (PostilPlacement));
  g_autofree char *shifted_prose = g_strconcat ("Preface. ", prose, NULL);
  g_autofree char *edited_prose = edit (prose, n_edits);
  char *other_prose = postil_generator_text (n_bytes, SEED + 1);
  g_autoptr (PostilText) shifted =
    postil_text_new (g_strdup (shifted_prose), strlen (shifted_prose), NULL);
  g_autoptr (PostilText) edited =
    postil_text_new (g_strdup (edited_prose), strlen (edited_prose), NULL);
  g_autoptr (PostilText) other = postil_text_new (other_prose, strlen (other_prose), NULL);

  postil_annotation_index_foreach (snapshot->annotations, collect_cb,
                                   &(Collection){ text, placements });
  report ("the same text", text, placements, TRUE);
  report ("the same text, not trusted", text, placements, FALSE);
  report ("all moved along", shifted, placements, FALSE);
  report ("all moved along, trusted", shifted, placements, TRUE);
  report ("edited", edited, placements, FALSE);
  report ("another text", other, placements, FALSE);
  for (guint i = 0; i < placements->len; i++)
    postil_anchor_unref (g_array_index (placements, PostilPlacement, i).anchor);
  return 0;
}
