/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-text-map.h"

#include <string.h>

#include "postil-word-chain.h"

/*
 * PostilTextMap: what of an old text stands unchanged in a new one. Belongs to the search that made
 * it, and never changes.
 *
 * Stretches of a few units that both texts have once only must be the same (P. Heckel, "A technique
 * for isolating differences between files", Communications of the ACM 21(4), 1978), and are made as
 * long as they go. They are found by rolling hashes (R. Karp and M. Rabin, IBM Journal of Research
 * and Development 31(2), 1987). The heaviest chain of them that ascends in both texts (J. Hunt and
 * T. Szymanski, "A fast algorithm for computing longest common subsequences", Communications of the
 * ACM 20(5), 1977) stayed in its order; what is not on it was moved. Between two links of the chain
 * shorter stretches are again unique, so each gap is searched likewise, as patience diff does;
 * where none is, words are compared in order (PostilWordChain). Time and memory grow with the
 * texts.
 */

/* How long a stretch is, at first and within gaps of up to so many units. */
static const struct
{
  guint n_units;
  guint width;
} widths[] = { { 1024, 6 }, { 16384, 8 }, { 1 << 20, 12 }, { G_MAXUINT, 16 } };

/* A block that was moved is longer, so that no phrase which two places have by chance is one. */
#define MIN_MOVED 20

/* Only every so many of the stretches of a long text are looked at, chosen by their hashes. */
#define MAX_STRETCHES (1 << 20)

#define MAX_DEPTH 3

/* Words are compared in gaps that are at least so long. */
#define MIN_COMPARED 10

/* Fewer units in a row do not show that a paragraph was doubled. */
#define MIN_COPIED 12

#define BASE G_GUINT64_CONSTANT (0x9e3779b97f4a7c15)

/* Numbers of units from 1; SEVERAL when there are more. */
#define SEVERAL G_MAXUINT32

typedef struct
{
  guint32 tag;
  guint32 old;
  guint32 new;
} Entry;

typedef struct
{
  PostilTextBlock block;
  /* The unit of the old text that its stretch was found at, and of the new one. */
  guint32 old_seed;
  guint32 new_seed;
  /* The heaviest chain that ends with it, and the link before it, counted from 1. */
  guint64 weight;
  guint32 previous;
} Link;

struct _PostilTextMap
{
  const PostilFoldedText *old;
  const PostilFoldedText *new;
  guint n_ordered;
  gboolean whole;
  GCancellable *cancellable;
  GArray *chain;
  GArray *moved;

  Entry *entries;
  gsize n_entries;
  gsize n_allocated;
  /* What lengthening blocks may still cost. */
  gint64 budget;
};

typedef struct
{
  guint old_start;
  guint old_end;
  guint new_start;
  guint new_end;
} Gap;

/* A walk over all stretches of a text. */
typedef struct
{
  const gunichar *units;
  guint at;
  guint end;
  guint width;
  guint64 sum;
  /* What the unit that leaves the stretch counts. */
  guint64 power;
} Walk;

static void
walk_start (Walk *walk, const gunichar *units, guint start, guint end, guint width)
{
  *walk = (Walk){ units, start, end, width, 0, 1 };
  if (end - start < width)
    {
      walk->end = start;
      return;
    }
  for (guint i = 0; i < width; i++)
    {
      walk->sum = walk->sum * BASE + units[start + i] + 1;
      walk->power *= i > 0 ? BASE : 1;
    }
}

static inline gboolean
walk_is_done (const Walk *walk)
{
  return walk->at + walk->width > walk->end || walk->at == walk->end;
}

static inline void
walk_step (Walk *walk)
{
  const gunichar *units = walk->units + walk->at++;

  if (walk->at + walk->width <= walk->end)
    walk->sum = (walk->sum - (units[0] + G_GUINT64_CONSTANT (1)) * walk->power) * BASE +
                units[walk->width] + 1;
}

static inline guint64
mix (guint64 sum)
{
  sum ^= sum >> 32;
  sum *= G_GUINT64_CONSTANT (0xd1342543de82ef95);
  return sum ^ (sum >> 29);
}

static inline Entry *
find_entry (PostilTextMap *self, guint64 hash)
{
  guint32 tag = hash >> 32 | 1;
  gsize slot = (hash * BASE >> 20) & (self->n_entries - 1);

  while (self->entries[slot].old != 0 && self->entries[slot].tag != tag)
    slot = (slot + 1) & (self->n_entries - 1);
  self->entries[slot].tag = tag;
  return &self->entries[slot];
}

static void
reserve_entries (PostilTextMap *self, guint n)
{
  gsize n_needed = (gsize) 1 << g_bit_storage (2 * n);

  /* A smaller table is quicker to clear, a larger one need not be made again. */
  if (n_needed > self->n_allocated)
    {
      g_free (self->entries);
      self->entries = g_new (Entry, n_needed);
      self->n_allocated = n_needed;
    }
  self->n_entries = n_needed;
  memset (self->entries, 0, n_needed * sizeof (Entry));
}

static guint
choose_width (guint n_units)
{
  guint i = 0;

  while (n_units > widths[i].n_units)
    i++;
  return widths[i].width;
}

/* Makes a stretch as long as it goes within @gap. */
static Link
lengthen (PostilTextMap *self, const Gap *gap, guint old, guint new, guint width)
{
  const gunichar *olds = self->old->units, *news = self->new->units;
  guint start = 0, end = width;

  while (old - start > gap->old_start && new - start > gap->new_start &&
         olds[old - start - 1] == news[new - start - 1] && self->budget-- > 0)
    start++;
  while (old + end < gap->old_end && new + end < gap->new_end &&
         olds[old + end] == news[new + end] && self->budget-- > 0)
    end++;
  return (
    Link){ .block = { old - start, new - start, start + end }, .old_seed = old, .new_seed = new };
}

/* Finds the blocks that grow from stretches which both sides of @gap have once, by their places in
 * the old text. */
static GArray *
find_links (PostilTextMap *self, const Gap *gap, guint width)
{
  GArray *links = g_array_new (FALSE, FALSE, sizeof (Link));
  guint n_old = gap->old_end - gap->old_start, n_new = gap->new_end - gap->new_start;
  guint64 mask = ((guint64) 1 << g_bit_storage (n_old / MAX_STRETCHES)) - 1;
  const Link *last = NULL;
  gsize n_used = 0;
  Walk walk;

  if (MIN (n_old, n_new) < width)
    return links;
  reserve_entries (self, mask > 0 ? MIN (n_old, 2 * MAX_STRETCHES) : n_old);

  for (walk_start (&walk, self->old->units, gap->old_start, gap->old_end, width);
       !walk_is_done (&walk) && n_used < self->n_entries / 2; walk_step (&walk))
    {
      guint64 hash = mix (walk.sum);
      Entry *entry;

      if ((hash & mask) != 0)
        continue;
      entry = find_entry (self, hash);
      n_used += entry->old == 0;
      entry->old = entry->old == 0 ? walk.at + 1 : SEVERAL;
    }
  for (walk_start (&walk, self->new->units, gap->new_start, gap->new_end, width);
       !walk_is_done (&walk); walk_step (&walk))
    {
      guint64 hash = mix (walk.sum);
      Entry *entry;

      if ((hash & mask) != 0)
        continue;
      entry = find_entry (self, hash);
      if (entry->old != 0)
        entry->new = entry->new == 0 ? walk.at + 1 : SEVERAL;
    }
  for (walk_start (&walk, self->old->units, gap->old_start, gap->old_end, width);
       !walk_is_done (&walk); walk_step (&walk))
    {
      guint64 hash = mix (walk.sum);
      const Entry *entry;
      Link link;

      if ((hash & mask) != 0)
        continue;
      entry = find_entry (self, hash);
      if (entry->old != walk.at + 1 || entry->new == 0 || entry->new == SEVERAL)
        continue;
      /* Most are in the block that the one before them grew to. */
      if (last != NULL && walk.at - last->block.old == entry->new - 1 - last->block.new &&walk.at <
                                                         last->block.old + last->block.length)
        continue;
      if (memcmp (self->old->units + walk.at, self->new->units + entry->new - 1,
                  width * sizeof (gunichar)) != 0)
        continue;
      link = lengthen (self, gap, walk.at, entry->new - 1, width);
      g_array_append_val (links, link);
      last = &g_array_index (links, Link, links->len - 1);
    }
  return links;
}

static int
compare_by_new (gconstpointer a, gconstpointer b, gpointer data)
{
  const Link *links = data;
  guint x = links[*(const guint32 *) a].new_seed, y = links[*(const guint32 *) b].new_seed;

  return x < y ? -1 : x > y;
}

/* Chains @links, which ascend in the old text, with a Fenwick tree of the heaviest chains by where
 * they end in the new text. Returns the last link, counted from 1. */
static guint
chain_links (GArray *array)
{
  Link *links = (Link *) array->data;
  g_autofree guint32 *order = g_new (guint32, array->len);
  g_autofree guint32 *ranks = g_new (guint32, array->len);
  g_autofree guint32 *tree = g_new0 (guint32, array->len + 1);
  guint heaviest = 0;

  for (guint i = 0; i < array->len; i++)
    order[i] = i;
  g_qsort_with_data (order, array->len, sizeof *order, compare_by_new, links);
  for (guint i = 0; i < array->len; i++)
    ranks[order[i]] = i + 1;

  for (guint i = 0; i < array->len; i++)
    {
      guint best = 0;

      for (guint rank = ranks[i] - 1; rank > 0; rank &= rank - 1)
        if (tree[rank] > 0 && (best == 0 || links[tree[rank] - 1].weight > links[best - 1].weight))
          best = tree[rank];
      links[i].previous = best;
      links[i].weight = links[i].block.length + (best > 0 ? links[best - 1].weight : 0);
      for (guint rank = ranks[i]; rank <= array->len; rank += rank & -rank)
        if (tree[rank] == 0 || links[tree[rank] - 1].weight < links[i].weight)
          tree[rank] = i + 1;
      if (heaviest == 0 || links[i].weight > links[heaviest - 1].weight)
        heaviest = i + 1;
    }
  return heaviest;
}

static void search_gap (PostilTextMap *self, const Gap *gap, guint depth);

/* Adds a link of the chain, after what is in the gap before it. */
static void
add_block (PostilTextMap *self, PostilTextBlock block, Gap *gap, guint depth)
{
  guint cut = 0;
  Gap before;

  /* Blocks that grew into each other: the first one keeps what both have. */
  if (block.old < gap->old_start)
    cut = gap->old_start - block.old;
  if (block.new < gap->new_start)
    cut = MAX (cut, gap->new_start - block.new);
  if (cut >= block.length)
    return;
  block.old += cut;
  block.new += cut;
  block.length -= cut;

  before = (Gap){ gap->old_start, block.old, gap->new_start, block.new };
  search_gap (self, &before, depth + 1);
  g_array_append_val (self->chain, block);
  gap->old_start = block.old + block.length;
  gap->new_start = block.new + block.length;
}

/* Whether all that the old text had in a gap is known; else words that are common would be taken
 * for those that are not known. */
static gboolean
is_known (PostilTextMap *self, const Gap *gap)
{
  const gunichar *olds = self->old->units;

  if (gap->old_start == 0 ? self->old->offsets[0] > 0
                          : olds[gap->old_start - 1] == POSTIL_FOLDED_TEXT_GAP)
    return FALSE;
  if (gap->old_end == self->n_ordered && !self->whole)
    return FALSE;
  for (guint i = gap->old_start; i < MIN (gap->old_end + 1, self->n_ordered); i++)
    if (olds[i] == POSTIL_FOLDED_TEXT_GAP)
      return FALSE;
  return TRUE;
}

/* Adds the words that stayed in a gap which nothing unique parts further. */
static void
compare_words (PostilTextMap *self, const Gap *gap)
{
  guint n_old = gap->old_end - gap->old_start, n_new = gap->new_end - gap->new_start;

  if (MIN (n_old, n_new) >= MIN_COMPARED && MAX (n_old, n_new) <= POSTIL_WORD_CHAIN_MAX_UNITS &&
      is_known (self, gap))
    postil_word_chain_find (self->old, gap->old_start, gap->old_end, self->new, gap->new_start,
                            gap->new_end, self->chain);
}

static void
search_gap (PostilTextMap *self, const Gap *gap, guint depth)
{
  guint n_units = MAX (gap->old_end - gap->old_start, gap->new_end - gap->new_start);
  g_autoptr (GArray) links = NULL;
  g_autofree guint32 *path = NULL;
  guint n_path = 0;
  Gap rest = *gap;

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  links = depth < MAX_DEPTH ? find_links (self, gap, choose_width (n_units)) : NULL;
  if (links == NULL || links->len == 0)
    {
      compare_words (self, gap);
      return;
    }

  path = g_new (guint32, links->len);
  for (guint i = chain_links (links); i > 0; i = g_array_index (links, Link, i - 1).previous)
    path[n_path++] = i - 1;
  for (guint i = 0, next = n_path; i < links->len; i++)
    {
      PostilTextBlock block = g_array_index (links, Link, i).block;

      if (next > 0 && path[next - 1] == i)
        {
          next--;
          add_block (self, block, &rest, depth);
        }
      else if (block.length >= MIN_MOVED)
        {
          g_array_append_val (self->moved, block);
        }
    }
  search_gap (self, &rest, depth + 1);
}

/* Leaves out of @gap what both sides begin and end with. */
static void
trim_gap (PostilTextMap *self, Gap *gap, guint *n_start, guint *n_end)
{
  const gunichar *olds = self->old->units, *news = self->new->units;

  for (; gap->old_start < gap->old_end && gap->new_start < gap->new_end &&
         olds[gap->old_start] == news[gap->new_start];
       gap->old_start++, gap->new_start++)
    ++*n_start;
  for (; gap->old_start < gap->old_end && gap->new_start < gap->new_end &&
         olds[gap->old_end - 1] == news[gap->new_end - 1];
       gap->old_end--, gap->new_end--)
    ++*n_end;
}

static void
add_ends (PostilTextMap *self, guint old, guint new, guint length)
{
  PostilTextBlock block = { old, new, length };

  if (length > 0)
    g_array_append_val (self->chain, block);
}

/* Cuts what was moved where blocks overlap in the old text, so that each unit is in one. */
static void
part_moved (PostilTextMap *self)
{
  guint n = 0, end = 0;

  for (guint i = 0; i < self->moved->len; i++)
    {
      PostilTextBlock block = g_array_index (self->moved, PostilTextBlock, i);
      guint cut = end > block.old ? MIN (end - block.old, block.length) : 0;

      if (cut > 0 && block.length - cut < MIN_MOVED)
        continue;
      block.old += cut;
      block.new += cut;
      block.length -= cut;
      end = block.old + block.length;
      g_array_index (self->moved, PostilTextBlock, n++) = block;
    }
  g_array_set_size (self->moved, n);
}

/* Where the first @n units of @block stand in a gap of the new text; its end if nowhere. */
static guint
find_in_gap (PostilTextMap *self, const PostilTextBlock *block, guint n, guint start, guint end)
{
  const gunichar *olds = self->old->units + block->old;

  for (; start + n <= end; start++)
    if (memcmp (self->new->units + start, olds, n * sizeof (gunichar)) == 0)
      return start;
  return end;
}

/* Where a paragraph was doubled, blocks of its first half may be in the one copy, and those of the
 * second half in the other: moves these to where the first half is. */
static void
join_copies (PostilTextMap *self)
{
  g_autoptr (GArray) chain = g_steal_pointer (&self->chain);
  guint old_end = 0, new_end = 0;

  self->chain = g_array_sized_new (FALSE, FALSE, sizeof (PostilTextBlock), chain->len);
  for (guint i = 0; i < chain->len; i++)
    {
      PostilTextBlock block = g_array_index (chain, PostilTextBlock, i);
      guint n_old = block.old - old_end, n_new = block.new - new_end;

      if (block.length >= MIN_COPIED && n_new >= n_old + MIN_COPIED &&
          n_new <= POSTIL_WORD_CHAIN_MAX_UNITS && n_old < POSTIL_WORD_CHAIN_MAX_UNITS)
        {
          guint end = MIN (block.new, new_end + 2 * n_old + 2 * MIN_COPIED);
          guint at = find_in_gap (self, &block, MIN_COPIED, new_end, end);
          PostilTextBlock copied = { block.old, at, 0 };

          while (at < end && copied.length < MIN (block.length, block.new - at) &&
                 self->new->units[at + copied.length] ==
                   self->old->units[block.old + copied.length])
            copied.length++;
          if (copied.length > 0)
            g_array_append_val (self->chain, copied);
          block.old += copied.length;
          block.new += copied.length;
          block.length -= copied.length;
          old_end = copied.length > 0 ? block.old : old_end;
          new_end = copied.length > 0 ? at + copied.length : new_end;
        }
      if (block.length == 0)
        continue;
      g_array_append_val (self->chain, block);
      old_end = block.old + block.length;
      new_end = block.new + block.length;
    }
}

static int
compare_by_old (gconstpointer a, gconstpointer b)
{
  const PostilTextBlock *x = a, *y = b;

  if (x->old != y->old)
    return x->old < y->old ? -1 : 1;
  return x->new < y->new ? -1 : x->new > y->new;
}

/**
 * postil_text_map_new:
 * @old: a text, or what is known of it; must outlive the map
 * @n_ordered: how many of its units, from the first one, are known to be in this order
 * @whole: whether these are all of the text
 * @new: what became of it; must outlive the map
 * @cancellable: (nullable): gives up early
 *
 * Finds what did not change.
 *
 * Returns: (transfer full): a map
 */
PostilTextMap *
postil_text_map_new (const PostilFoldedText *old,
                     guint n_ordered,
                     gboolean whole,
                     const PostilFoldedText *new,
                     GCancellable *cancellable)
{
  PostilTextMap *self = g_new0 (PostilTextMap, 1);
  Gap ordered = { 0, n_ordered, 0, new->n_units };
  guint n_start = 0, n_end = 0;
  Gap loose = { n_ordered, old->n_units, 0, new->n_units };

  self->old = old;
  self->new = new;
  self->n_ordered = n_ordered;
  self->whole = whole;
  self->cancellable = cancellable;
  self->budget = 16 * ((gint64) old->n_units + new->n_units) + 1000000;
  self->chain = g_array_new (FALSE, FALSE, sizeof (PostilTextBlock));
  self->moved = g_array_new (FALSE, FALSE, sizeof (PostilTextBlock));

  if (whole)
    trim_gap (self, &ordered, &n_start, &n_end);
  add_ends (self, 0, 0, n_start);
  search_gap (self, &ordered, 0);
  add_ends (self, ordered.old_end, ordered.new_end, n_end);
  join_copies (self);
  if (loose.old_start < loose.old_end)
    {
      g_autoptr (GArray) links = find_links (self, &loose, choose_width (new->n_units));

      for (guint i = 0; i < links->len; i++)
        g_array_append_val (self->moved, g_array_index (links, Link, i).block);
    }
  g_array_sort (self->moved, compare_by_old);
  part_moved (self);
  g_clear_pointer (&self->entries, g_free);
  return self;
}

void
postil_text_map_free (PostilTextMap *self)
{
  g_array_unref (self->chain);
  g_array_unref (self->moved);
  g_free (self->entries);
  g_free (self);
}

/**
 * postil_text_map_get_chain:
 * @self: a map
 * @n_blocks: (out): how many
 *
 * Returns: (array length=n_blocks): what stayed in its order; ascends in both texts
 */
const PostilTextBlock *
postil_text_map_get_chain (PostilTextMap *self, guint *n_blocks)
{
  *n_blocks = self->chain->len;
  return (const PostilTextBlock *) self->chain->data;
}

/**
 * postil_text_map_get_moved:
 * @self: a map
 * @n_blocks: (out): how many
 *
 * Returns: (array length=n_blocks): what may have been moved, by where it was; blocks do not
 * overlap there
 */
const PostilTextBlock *
postil_text_map_get_moved (PostilTextMap *self, guint *n_blocks)
{
  *n_blocks = self->moved->len;
  return (const PostilTextBlock *) self->moved->data;
}

/**
 * postil_text_map_find:
 * @blocks: (array length=n_blocks): a chain
 * @n_blocks: how many
 * @old: a unit of the old text
 *
 * Returns: the first block that ends after @old
 */
guint
postil_text_map_find (const PostilTextBlock *blocks, guint n_blocks, guint old)
{
  guint low = 0, high = n_blocks;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (blocks[middle].old + blocks[middle].length <= old)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/**
 * postil_text_map_find_new:
 * @blocks: (array length=n_blocks): a chain
 * @n_blocks: how many
 * @new: a unit of the new text
 *
 * Returns: the first block that ends after @new
 */
guint
postil_text_map_find_new (const PostilTextBlock *blocks, guint n_blocks, guint new)
{
  guint low = 0, high = n_blocks;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (blocks[middle].new + blocks[middle].length <= new)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}
