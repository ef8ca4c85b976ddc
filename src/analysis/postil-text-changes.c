/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-text-changes.h"

#include <string.h>

#include "postil-difference.h"

/*
 * Where two versions of a text differ: by paragraph, and within the paragraphs that differ from the
 * first to the last difference.
 */

typedef struct
{
  const char *start;
  gsize n_bytes;
} Paragraph;

static guint
hash_paragraph (gconstpointer key)
{
  const Paragraph *paragraph = key;
  guint hash = 5381;

  for (gsize i = 0; i < paragraph->n_bytes; i++)
    hash = hash * 33 + (guchar) paragraph->start[i];
  return hash;
}

static gboolean
equal_paragraphs (gconstpointer a, gconstpointer b)
{
  const Paragraph *x = a, *y = b;

  return x->n_bytes == y->n_bytes && memcmp (x->start, y->start, x->n_bytes) == 0;
}

static const char *
get_place (PostilText *text, guint offset)
{
  return postil_text_get_utf8 (text, NULL) + postil_text_get_byte (text, offset);
}

/* For each paragraph from @first to before @last a number, the same for the same ones. */
static GArray *
number_paragraphs (GHashTable *numbers, PostilText *text, guint first, guint last)
{
  GArray *ids = g_array_sized_new (FALSE, FALSE, sizeof (guint32), last - first);

  for (guint i = first; i < last; i++)
    {
      PostilSpan span = postil_text_get_paragraph (text, i);
      Paragraph paragraph = { get_place (text, span.start), 0 };
      gpointer id;
      guint32 number;

      paragraph.n_bytes = get_place (text, span.end) - paragraph.start;
      if (!g_hash_table_lookup_extended (numbers, &paragraph, NULL, &id))
        {
          id = GUINT_TO_POINTER (g_hash_table_size (numbers));
          g_hash_table_insert (numbers, g_memdup2 (&paragraph, sizeof paragraph), id);
        }
      number = GPOINTER_TO_UINT (id);
      g_array_append_val (ids, number);
    }
  return ids;
}

static guint
get_start (PostilText *text, guint paragraph)
{
  return paragraph < postil_text_get_n_paragraphs (text)
           ? postil_text_get_paragraph (text, paragraph).start
           : postil_text_get_length (text);
}

/* A span without what both versions begin and end with, and then over the blanks around it. */
static void
add_change (GArray *changes, PostilText *before, PostilSpan old, PostilText *after, PostilSpan new)
{
  PostilText *texts[] = { before, after };
  PostilSpan *spans[] = { &old, &new };
  const char *p = get_place (before, old.start), *q = get_place (after, new.start);
  PostilTextChange change;

  while (old.start < old.end && new.start < new.end && g_utf8_get_char (p) == g_utf8_get_char (q))
    {
      p = g_utf8_next_char (p);
      q = g_utf8_next_char (q);
      old.start++;
      new.start++;
    }
  p = get_place (before, old.end);
  q = get_place (after, new.end);
  while (old.start < old.end && new.start < new.end)
    {
      p = g_utf8_prev_char (p);
      q = g_utf8_prev_char (q);
      if (g_utf8_get_char (p) != g_utf8_get_char (q))
        break;
      old.end--;
      new.end--;
    }
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      guint length = postil_text_get_length (texts[i]);

      p = get_place (texts[i], spans[i]->start);
      while (spans[i]->start > 0 && g_unichar_isspace (g_utf8_get_char (g_utf8_prev_char (p))))
        {
          p = g_utf8_prev_char (p);
          spans[i]->start--;
        }
      p = get_place (texts[i], spans[i]->end);
      while (spans[i]->end < length && g_unichar_isspace (g_utf8_get_char (p)))
        {
          p = g_utf8_next_char (p);
          spans[i]->end++;
        }
    }
  change = (PostilTextChange){ old, new };
  g_array_append_val (changes, change);
}

/**
 * postil_text_changes_list:
 * @before: a text
 * @after: a later version of it
 *
 * Returns: (transfer full) (element-type PostilTextChange): where they differ, in order; what is
 * between two of these is the same
 */
GArray *
postil_text_changes_list (PostilText *before, PostilText *after)
{
  GArray *changes = g_array_new (FALSE, FALSE, sizeof (PostilTextChange));
  g_autoptr (GHashTable) numbers = NULL;
  g_autoptr (GArray) ids_before = NULL;
  g_autoptr (GArray) ids_after = NULL;
  g_autofree guint8 *removed = NULL, *added = NULL;
  guint prefix, suffix, first, last_before, last_after, i = 0, j = 0;

  postil_text_compare (before, after, &prefix, &suffix);
  if (prefix == postil_text_get_length (before) && prefix == postil_text_get_length (after))
    return changes;
  first = postil_text_get_paragraph_at (before, prefix);
  first = MIN (first, postil_text_get_paragraph_at (after, prefix));
  last_before = postil_text_get_paragraph_at (before, postil_text_get_length (before) - suffix) + 1;
  last_after = postil_text_get_paragraph_at (after, postil_text_get_length (after) - suffix) + 1;

  numbers = g_hash_table_new_full (hash_paragraph, equal_paragraphs, g_free, NULL);
  ids_before = number_paragraphs (numbers, before, first, last_before);
  ids_after = number_paragraphs (numbers, after, first, last_after);
  removed = g_new0 (guint8, ids_before->len + 1);
  added = g_new0 (guint8, ids_after->len + 1);
  postil_difference_find ((const guint32 *) ids_before->data, ids_before->len,
                          (const guint32 *) ids_after->data, ids_after->len, removed, added);

  while (i < ids_before->len || j < ids_after->len)
    {
      guint start_i = i, start_j = j;

      while (i < ids_before->len && removed[i])
        i++;
      while (j < ids_after->len && added[j])
        j++;
      if (i > start_i || j > start_j)
        add_change (
          changes, before,
          (PostilSpan){ get_start (before, first + start_i), get_start (before, first + i) }, after,
          (PostilSpan){ get_start (after, first + start_j), get_start (after, first + j) });
      for (; i < ids_before->len && j < ids_after->len && !removed[i] && !added[j]; i++)
        j++;
    }
  return changes;
}

/* The first change that does not end before @offset. */
static guint
find_change (GArray *changes, guint offset, gboolean after)
{
  guint low = 0, high = changes->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      const PostilTextChange *change = &g_array_index (changes, PostilTextChange, middle);

      if ((after ? change->after : change->before).end < offset)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/**
 * postil_text_changes_touch:
 * @changes: (element-type PostilTextChange): where two versions of a text differ
 * @after: a passage of the later one
 *
 * Returns: whether the passage has a part of what changed, or ends or begins there
 */
gboolean
postil_text_changes_touch (GArray *changes, PostilSpan after)
{
  guint i = find_change (changes, after.start, TRUE);

  return i < changes->len && g_array_index (changes, PostilTextChange, i).after.start <= after.end;
}

/**
 * postil_text_changes_follow:
 * @changes: (element-type PostilTextChange): where two versions of a text differ
 * @before: a passage of the earlier one
 * @after: (out): where it stands in the later one
 *
 * Returns: whether it stands there, and nothing changed in it or next to it
 */
gboolean
postil_text_changes_follow (GArray *changes, PostilSpan before, PostilSpan *after)
{
  guint i = find_change (changes, before.start, FALSE), shift = 0;

  if (i < changes->len && g_array_index (changes, PostilTextChange, i).before.start <= before.end)
    return FALSE;
  /* Wraps around where the text became shorter. */
  if (i > 0)
    shift = g_array_index (changes, PostilTextChange, i - 1).after.end -
            g_array_index (changes, PostilTextChange, i - 1).before.end;
  *after = (PostilSpan){ before.start + shift, before.end + shift };
  return TRUE;
}
