/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For memmem(). */
#define _GNU_SOURCE
#include "config.h"

#include "postil-word-places.h"

#include <string.h>

#include "postil-folding.h"

/*
 * PostilWordPlaces: everywhere in a text that some words are, folded by postil_folding_get(); so
 * that whether a passage holds them takes a look at a few places, and not at its words. To find
 * them takes one walk through the text, however many passages there are and however they overlap.
 * It belongs to the one search that made it.
 */
struct _PostilWordPlaces
{
  /* For each word its places in order, as PostilSpan; their ends are in order too. */
  GPtrArray *places;
};

/* How much of the text is folded at once, in bytes. */
#define PIECE 65536

/* The most bytes that a code point folds to. */
#define MAX_FOLDED (POSTIL_FOLDING_MAX_UNITS * 6)

/* A piece of a text, folded: its bytes, and the code point that each is of. */
typedef struct
{
  char *bytes;
  guint32 *offsets;
  gsize n_bytes;
  gsize n_allocated;
  /* How much of it ends the piece before it. */
  gsize n_before;
  char ascii[0x80];
} Piece;

static void
piece_init (Piece *self)
{
  *self = (Piece){ 0 };
  for (guint c = 0; c < G_N_ELEMENTS (self->ascii); c++)
    self->ascii[c] = postil_folding_get (c)->units[0];
}

static void
piece_clear (Piece *self)
{
  g_free (self->bytes);
  g_free (self->offsets);
}

static void
reserve (Piece *self, gsize n_bytes)
{
  if (self->n_bytes + n_bytes <= self->n_allocated)
    return;
  self->n_allocated = MAX (self->n_bytes + n_bytes, 2 * self->n_allocated);
  self->bytes = g_realloc (self->bytes, self->n_allocated);
  self->offsets = g_renew (guint32, self->offsets, self->n_allocated);
}

/* Keeps the last @n_bytes at most, for words that go on in the next piece. */
static void
begin_piece (Piece *self, gsize n_bytes)
{
  gsize n_kept = MIN (n_bytes, self->n_bytes), start = self->n_bytes - n_kept;

  if (n_kept > 0)
    {
      memmove (self->bytes, self->bytes + start, n_kept);
      memmove (self->offsets, self->offsets + start, n_kept * sizeof *self->offsets);
    }
  self->n_bytes = self->n_before = n_kept;
}

/* Folds what is from @utf8 to @end; returns the offset of @end. */
static guint
fold_piece (Piece *self, const char *utf8, const char *end, guint offset)
{
  reserve (self, end - utf8);
  for (; utf8 < end; offset++)
    {
      if ((guchar) *utf8 < G_N_ELEMENTS (self->ascii))
        {
          reserve (self, 1);
          self->bytes[self->n_bytes] = self->ascii[(guchar) *utf8++];
          self->offsets[self->n_bytes++] = offset;
        }
      else
        {
          const PostilFold *fold = postil_folding_get (g_utf8_get_char (utf8));

          reserve (self, MAX_FOLDED);
          for (guint i = 0; i < fold->n_units; i++)
            for (guint n = g_unichar_to_utf8 (fold->units[i], self->bytes + self->n_bytes); n > 0;
                 n--)
              self->offsets[self->n_bytes++] = offset;
          utf8 = g_utf8_next_char (utf8);
        }
    }
  return offset;
}

static void
find_word (const Piece *piece, const char *word, gsize n_bytes, GArray *places)
{
  /* What ends before this piece was found in the last one. */
  gsize from = piece->n_before - MIN (piece->n_before, n_bytes - 1);
  const char *end = piece->bytes + piece->n_bytes;
  const char *found;

  for (const char *at = piece->bytes + from; (found = memmem (at, end - at, word, n_bytes)) != NULL;
       at = found + 1)
    {
      gsize first = found - piece->bytes;
      PostilSpan span = { piece->offsets[first], piece->offsets[first + n_bytes - 1] + 1 };

      g_array_append_val (places, span);
    }
}

/**
 * postil_word_places_new:
 * @text: a text
 * @words: (array zero-terminated=1): words, folded, none of them empty
 * @cancellable: (nullable): stops the search; what it gives then is not to be used
 *
 * May be called in any thread.
 *
 * Returns: (transfer full): where the words are
 */
PostilWordPlaces *
postil_word_places_new (PostilText *text, const char *const *words, GCancellable *cancellable)
{
  PostilWordPlaces *self;
  gsize n_bytes, longest = 0;
  const char *utf8, *end;
  guint offset = 0;
  Piece piece;

  g_return_val_if_fail (text != NULL && words != NULL, NULL);

  self = g_new0 (PostilWordPlaces, 1);
  self->places = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  for (guint i = 0; words[i] != NULL; i++)
    {
      g_ptr_array_add (self->places, g_array_new (FALSE, FALSE, sizeof (PostilSpan)));
      longest = MAX (longest, strlen (words[i]));
    }

  piece_init (&piece);
  utf8 = postil_text_get_utf8 (text, &n_bytes);
  end = utf8 + n_bytes;
  while (utf8 < end && !g_cancellable_is_cancelled (cancellable))
    {
      const char *stop = end - utf8 > PIECE ? utf8 + PIECE : end;

      while (stop < end && (*stop & 0xc0) == 0x80)
        stop++;
      begin_piece (&piece, longest - 1);
      offset = fold_piece (&piece, utf8, stop, offset);
      for (guint i = 0; words[i] != NULL; i++)
        find_word (&piece, words[i], strlen (words[i]), self->places->pdata[i]);
      utf8 = stop;
    }
  piece_clear (&piece);
  return self;
}

void
postil_word_places_free (PostilWordPlaces *self)
{
  g_return_if_fail (self != NULL);

  g_ptr_array_unref (self->places);
  g_free (self);
}

/**
 * postil_word_places_is_in:
 * @self: places of words
 * @word: the number of a word
 * @span: a part of the text, in code points
 *
 * Returns: whether the word is in it, whole
 */
gboolean
postil_word_places_is_in (const PostilWordPlaces *self, guint word, PostilSpan span)
{
  const GArray *places;
  guint low = 0, high;

  g_return_val_if_fail (self != NULL && word < self->places->len, FALSE);

  places = self->places->pdata[word];
  high = places->len;
  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (places, PostilSpan, middle).start < span.start)
        low = middle + 1;
      else
        high = middle;
    }
  return low < places->len && g_array_index (places, PostilSpan, low).end <= span.end;
}
