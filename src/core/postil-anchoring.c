/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-anchoring.h"

#include <string.h>

#include "postil-folded-text.h"
#include "postil-passage-finder.h"
#include "postil-phrase-search.h"
#include "postil-text-map.h"
#include "postil-utf8-slice.h"

/*
 * Anchoring: where the passages that anchors describe stand in a text that changed since. All of
 * them are decided together.
 *
 * 1. What is known of the old text is put together: all of it, or the quotes with what stood round
 *    them, joined where they overlap. Old and new text are folded (PostilFoldedText), so that case,
 *    accents, quotation marks, dashes, white space and normal forms make no difference.
 * 2. What did not change is mapped, in order (PostilTextMap).
 * 3. Each passage is aligned where the map says that it should be, and where it says that its
 *    surroundings were moved to (PostilPassageFinder, PostilApproximate).
 * 4. Only what is still missing is searched in all of the text (PostilPhraseSearch), and each place
 *    that is found is aligned likewise.
 *
 * Each place has a score, the likeness of the passage and its surroundings. In place little is
 * enough to be sure, as its neighbours vouch for it. Elsewhere the place must be nearly the same,
 * better than all others, and must not have been something else in the old text: else a passage
 * that was deleted would be found in one that was always like it.
 */

/* How much of what stands round a passage is looked at on a side: of what an anchor quotes, in code
 * points, and of what is known of the old text, in units. */
#define MAX_QUOTED 64
#define MAX_AROUND 40

/* A quote so many times longer than the text is not in it. */
#define MAX_GROWTH 4

/* In place: what is surely the passage, and what may be it. */
#define PLACE_SURE_SCORE 0.6
#define PLACE_SURE_QUOTE 0.5
#define PLACE_MAYBE_SCORE 0.5
#define PLACE_MAYBE_QUOTE 0.4
#define PLACE_MAYBE_AROUND 0.8

/* So much came or went next to it that the passage may have, and this be like it, unless it is so
 * like it. */
#define MAX_SPREAD 48
#define PLACE_SPREAD_SCORE 0.85
/* How much less like it another place is at least that it may be told from. */
#define CONTEST_MARGIN 0.04

/* Elsewhere. Fewer equal units than these prove nothing if the quote itself has changed. */
#define MOVED_SURE_SCORE 0.82
#define MOVED_SURE_QUOTE 0.75
#define MOVED_SURE_UNITS 20
#define MOVED_MAYBE_SCORE 0.6
#define MOVED_MAYBE_QUOTE 0.6
/* How much better than the next best, to be sure and to be it rather than what was found before. */
#define SURE_MARGIN 0.2
#define MOVED_MARGIN 0.08

/* Passages that are searched in the whole text at once, and how many places of each are tried. */
#define BATCH 20000
#define MAX_PLACES 4

/* Passages after which progress is told and cancelling looked for. */
#define STEP 256

/* A range of a placement that is not simply where it was. */
typedef struct
{
  PostilPlacement *placement;
  guint range;
  PostilUtf8Slice prefix;
  PostilUtf8Slice exact;
  PostilUtf8Slice suffix;
  /* The quote, when it had to be taken from the old text. */
  char *quoted;
  gboolean has_position;
  /* Where the prefix starts in the old text, in code points, unless that is unknown. */
  gboolean has_place;
  guint place;
  guint n_prefix;
  guint n_exact;
  guint n_suffix;
  PostilPassage passage;
  PostilPassageMatch match;
  PostilStatus status;
} Request;

typedef struct
{
  PostilText *text;
  PostilText *old_text;
  GArray *requests;
  PostilFoldedText *new;
  PostilFoldedText *old;
  guint n_ordered;
  PostilTextMap *map;
  PostilPassageFinder *finder;
  GCancellable *cancellable;
  PostilAnchoringProgress progress;
  gpointer progress_data;
} Anchoring;

static void
request_clear (gpointer data)
{
  g_free (((Request *) data)->quoted);
}

static void
anchoring_clear (Anchoring *self)
{
  g_clear_pointer (&self->finder, postil_passage_finder_free);
  g_clear_pointer (&self->map, postil_text_map_free);
  g_clear_pointer (&self->old, postil_folded_text_free);
  g_clear_pointer (&self->new, postil_folded_text_free);
  g_clear_pointer (&self->requests, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Anchoring, anchoring_clear)

/* Returns whether to go on. */
static gboolean
tell (Anchoring *self, double fraction)
{
  if (self->progress != NULL)
    self->progress (fraction, self->progress_data);
  return !g_cancellable_is_cancelled (self->cancellable);
}

static gboolean
is_in_text (PostilText *text, PostilSpan span)
{
  return span.start <= span.end && span.end <= postil_text_get_length (text);
}

/* Whether a quote stands at a place of a text. */
static gboolean
stands_at (PostilText *text, PostilSpan span, PostilUtf8Slice exact)
{
  PostilUtf8Slice bytes = postil_utf8_slice_of_text (text);
  gsize at;

  if (!is_in_text (text, span))
    return FALSE;
  at = postil_text_get_byte (text, span.start);
  return bytes.n_bytes - at >= exact.n_bytes &&
         at + exact.n_bytes == postil_text_get_byte (text, span.end) &&
         memcmp (bytes.bytes + at, exact.bytes, exact.n_bytes) == 0;
}

/* Whether at @span nothing but white space is other than it was, neither in the quote nor round it.
 */
static gboolean
is_unchanged (PostilText *text, const Request *request, PostilSpan span)
{
  PostilUtf8Slice bytes = postil_utf8_slice_of_text (text);
  const char *start = bytes.bytes + postil_text_get_byte (text, span.start);
  const char *end = bytes.bytes + postil_text_get_byte (text, span.end);

  return postil_utf8_slice_match_forward (request->exact, start, end) == end &&
         postil_utf8_slice_match_forward ((PostilUtf8Slice){ start, end - start },
                                          request->exact.bytes,
                                          request->exact.bytes + request->exact.n_bytes) ==
           request->exact.bytes + request->exact.n_bytes &&
         postil_utf8_slice_matches_backward (request->prefix, bytes.bytes, start) &&
         postil_utf8_slice_match_forward (request->suffix, end, bytes.bytes + bytes.n_bytes) !=
           NULL;
}

/* Looks at a range: leaves it where it is, gives it up, or asks for it. */
static void
begin (Anchoring *self, PostilPlacement *placement, guint range)
{
  guint n_selectors;
  const PostilSelector *selector =
    &postil_anchor_get_selectors (placement->anchor, &n_selectors)[range];
  PostilSpan position = selector->position;
  gboolean has_position = selector->has_position && position.start <= position.end;
  Request request = {
    .placement = placement,
    .range = range,
    .prefix = postil_utf8_slice_keep_end (postil_utf8_slice_new (selector->prefix), MAX_QUOTED),
    .exact = postil_utf8_slice_new (selector->exact),
    .suffix = postil_utf8_slice_keep_start (postil_utf8_slice_new (selector->suffix), MAX_QUOTED),
    .status = POSTIL_STATUS_ORPHANED,
  };

  if (placement->trusted && has_position &&
      (selector->exact != NULL ? stands_at (self->text, position, request.exact)
                               : is_in_text (self->text, position)))
    {
      placement->spans[range] = position;
      return;
    }
  if (selector->exact == NULL && !placement->trusted && has_position && self->old_text != NULL &&
      is_in_text (self->old_text, position))
    {
      request.quoted = postil_text_dup_range (self->old_text, position);
      request.exact = postil_utf8_slice_new (request.quoted);
    }

  /* Of what is far too long to be in the text no more is looked at than shows that. */
  if (request.exact.n_bytes / MAX_GROWTH > postil_utf8_slice_of_text (self->text).n_bytes)
    request.exact = postil_utf8_slice_keep_start (
      request.exact, MAX_GROWTH * (postil_text_get_length (self->text) + MAX_QUOTED));
  request.n_prefix = g_utf8_strlen (request.prefix.bytes, request.prefix.n_bytes);
  request.n_exact = g_utf8_strlen (request.exact.bytes, request.exact.n_bytes);
  request.n_suffix = g_utf8_strlen (request.suffix.bytes, request.suffix.n_bytes);
  request.has_position = has_position;
  request.has_place = has_position;
  if (has_position && self->old_text != NULL)
    request.has_place = !placement->trusted && stands_at (self->old_text, position, request.exact);
  if (request.has_place && position.start < request.n_prefix)
    {
      request.n_prefix = position.start;
      request.prefix = postil_utf8_slice_keep_end (request.prefix, request.n_prefix);
    }
  request.place = position.start - (request.has_place ? request.n_prefix : position.start);
  g_array_append_val (self->requests, request);
}

/* Says where a request is in the units of the old text, of which it has a part. */
static void
locate (Anchoring *self, Request *request, guint from, guint to)
{
  const PostilFoldedText *old = self->old;
  guint place = request->place;
  PostilPassage *passage = &request->passage;

  passage->start = postil_folded_text_find (old, from, to, place + request->n_prefix);
  passage->end =
    postil_folded_text_find (old, passage->start, to, place + request->n_prefix + request->n_exact);
  passage->from = MAX (from, passage->start - MIN (passage->start, MAX_AROUND));
  passage->to = MIN (to, passage->end + MAX_AROUND);
  passage->has_place = request->has_place;
  passage->begins_whole = !postil_folded_text_cuts_word (old, passage->start);
  passage->ends_whole = !postil_folded_text_cuts_word (old, passage->end);
}

static int
compare_requests (gconstpointer a, gconstpointer b)
{
  const Request *x = a, *y = b;

  if (x->has_place != y->has_place)
    return x->has_place ? -1 : 1;
  if (x->place != y->place)
    return x->place < y->place ? -1 : 1;
  return x->n_exact < y->n_exact ? -1 : x->n_exact > y->n_exact;
}

static void
append_code_points (GArray *code_points, PostilUtf8Slice bytes)
{
  for (const char *p = bytes.bytes; p < bytes.bytes + bytes.n_bytes; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      g_array_append_val (code_points, c);
    }
}

/* Puts into @own what a request says of the old text. */
static void
read_own (GArray *own, const Request *request)
{
  g_array_set_size (own, 0);
  append_code_points (own, request->prefix);
  append_code_points (own, request->exact);
  append_code_points (own, request->suffix);
}

/* Adds to @piece, which starts at @start, what @own says of the same text and beyond. Returns
 * whether they agree. */
static gboolean
join (GArray *piece, guint start, GArray *own, guint place)
{
  guint into = place - start, n_both;

  if (into > piece->len)
    return FALSE;
  if (own->len == 0)
    return TRUE;
  n_both = MIN (piece->len - into, own->len);
  if (n_both > 0 &&
      memcmp (&g_array_index (piece, gunichar, into), own->data, n_both * sizeof (gunichar)) != 0)
    return FALSE;
  g_array_append_vals (piece, &g_array_index (own, gunichar, n_both), own->len - n_both);
  return TRUE;
}

/* Adds a piece of the old text, which the requests from @first to @last are in. */
static void
add_piece (Anchoring *self, GArray *piece, guint first, guint last)
{
  guint from = self->old->n_units > 0 ? self->old->n_units + 1 : 0;

  if (first == last)
    return;
  postil_folded_text_append_ucs4 (self->old, (const gunichar *) piece->data, piece->len,
                                  g_array_index (self->requests, Request, first).place);
  for (guint i = first; i < last; i++)
    locate (self, &g_array_index (self->requests, Request, i), from, self->old->n_units);
  g_array_set_size (piece, 0);
}

/* Puts together what is known of the old text by the requests from @first on alone. */
static void
join_pieces (Anchoring *self, guint first)
{
  g_autoptr (GArray) piece = g_array_new (FALSE, FALSE, sizeof (gunichar));
  g_autoptr (GArray) own = g_array_new (FALSE, FALSE, sizeof (gunichar));
  const Request *requests = (const Request *) self->requests->data;
  guint i = first;

  for (; i < self->requests->len && requests[i].has_place; i++)
    {
      read_own (own, &requests[i]);
      if (!join (piece, requests[first].place, own, requests[i].place))
        {
          add_piece (self, piece, first, i);
          first = i;
          g_array_append_vals (piece, own->data, own->len);
        }
    }
  add_piece (self, piece, first, i);
  if (self->old_text == NULL)
    self->n_ordered = self->old->n_units;

  for (; i < self->requests->len; i++)
    {
      read_own (piece, &requests[i]);
      add_piece (self, piece, i, i + 1);
    }
}

static void
fold (Anchoring *self)
{
  guint n_known = 0;
  PostilUtf8Slice bytes = postil_utf8_slice_of_text (self->text);

  self->new = postil_folded_text_new ();
  postil_folded_text_append_utf8 (self->new, bytes.bytes, bytes.n_bytes, 0);

  self->old = postil_folded_text_new ();
  g_array_sort (self->requests, compare_requests);
  if (self->old_text != NULL)
    {
      bytes = postil_utf8_slice_of_text (self->old_text);
      postil_folded_text_append_utf8 (self->old, bytes.bytes, bytes.n_bytes, 0);
      self->n_ordered = self->old->n_units;
      for (; n_known < self->requests->len; n_known++)
        {
          Request *request = &g_array_index (self->requests, Request, n_known);

          if (!request->has_place)
            break;
          locate (self, request, 0, self->n_ordered);
        }
    }
  join_pieces (self, n_known);
}

static void
map (Anchoring *self)
{
  self->map = postil_text_map_new (self->old, self->n_ordered, self->old_text != NULL, self->new,
                                   self->cancellable);
  self->finder = postil_passage_finder_new (self->old, self->new, self->map, self->n_ordered,
                                            self->old_text != NULL);
}

/* Whether so much came or went next to where a passage should be that it may have, too: then what
 * is there must be better than what is elsewhere. */
static gboolean
is_contested (const PostilPassage *passage, const PostilPassageMatch *match)
{
  return match->in_place && match->spread > MAX (MAX_SPREAD, passage->end - passage->start);
}

static PostilStatus
judge_in_place (const PostilPassage *passage, const PostilPassageMatch *match)
{
  if (match->start == match->end && passage->start < passage->end)
    return POSTIL_STATUS_ORPHANED;
  if (match->score >= PLACE_SURE_SCORE && match->quote >= PLACE_SURE_QUOTE)
    {
      gboolean doubtful = match->taken || match->twice ||
                          (is_contested (passage, match) && match->score < PLACE_SPREAD_SCORE);

      return doubtful ? POSTIL_STATUS_UNCERTAIN : POSTIL_STATUS_MOVED;
    }
  if (match->taken)
    return POSTIL_STATUS_ORPHANED;
  if (match->score >= PLACE_MAYBE_SCORE &&
      (match->quote >= PLACE_MAYBE_QUOTE ||
       (match->before >= PLACE_MAYBE_AROUND && match->after >= PLACE_MAYBE_AROUND)))
    return POSTIL_STATUS_UNCERTAIN;
  return POSTIL_STATUS_ORPHANED;
}

/* Whether a place is so like the passage that it can be no other. Where the old text is not known,
 * that may have had places that were like it, too; then only one where nothing changed is. */
static gboolean
is_sure_elsewhere (const PostilPassageMatch *match, gboolean whole)
{
  if (!whole)
    return match->quote >= 1 && MAX (match->before, match->after) >= 1;
  return match->score >= MOVED_SURE_SCORE && match->quote >= MOVED_SURE_QUOTE &&
         (match->n_same >= MOVED_SURE_UNITS || match->quote >= 1);
}

static PostilStatus
judge_elsewhere (const PostilPassage *passage,
                 const PostilPassageMatch *match,
                 double next,
                 gboolean whole)
{
  if (match->taken || (match->start == match->end && passage->start < passage->end))
    return POSTIL_STATUS_ORPHANED;
  if (match->score >= next + SURE_MARGIN && is_sure_elsewhere (match, whole))
    return POSTIL_STATUS_MOVED;
  if (match->score >= MOVED_MAYBE_SCORE && match->quote >= MOVED_MAYBE_QUOTE)
    return POSTIL_STATUS_UNCERTAIN;
  return POSTIL_STATUS_ORPHANED;
}

static gboolean
overlaps (const PostilPassageMatch *a, const PostilPassageMatch *b)
{
  return MAX (a->start, b->start) < MIN (a->end, b->end);
}

/* Whether another place may as well be it. What is all the same is it, unless another is, too. */
static gboolean
is_rival (const PostilPassageMatch *match, const PostilPassageMatch *other)
{
  return other->likeness >= (match->likeness < 1 ? match->likeness - CONTEST_MARGIN : 1);
}

/* Decides between the places of @matches, none of them in place, and what there is already. */
static void
choose_elsewhere (Anchoring *self, Request *request, GArray *matches)
{
  const PostilPassageMatch *best = NULL;
  gboolean has_rival = FALSE, contested;
  PostilStatus status;
  double next = 0;

  for (guint i = 0; i < matches->len; i++)
    {
      const PostilPassageMatch *match = &g_array_index (matches, PostilPassageMatch, i);

      /* The same place counts again when it was not taken for it by what is around. */
      if (match->taken ||
          (request->status != POSTIL_STATUS_ORPHANED && overlaps (match, &request->match)))
        continue;
      has_rival |= is_rival (&request->match, match);
      if (best == NULL || match->score > best->score)
        {
          next = best != NULL ? best->score : next;
          best = match;
        }
      else
        {
          next = MAX (next, match->score);
        }
    }
  if (best == NULL)
    return;
  status = judge_elsewhere (&request->passage, best, next, self->old_text != NULL);
  contested = is_contested (&request->passage, &request->match);
  if (request->status == POSTIL_STATUS_ORPHANED)
    {
      request->status = status;
      request->match = *best;
    }
  else if (contested && !request->match.taken && request->match.quote >= MOVED_SURE_QUOTE)
    {
      /* What was edited in place is rather it than a copy far away, but who knows. */
      if (has_rival)
        request->status = POSTIL_STATUS_UNCERTAIN;
    }
  else if (status <= request->status &&
           best->score > request->match.score + (request->match.taken ? 0 : MOVED_MARGIN))
    {
      request->status = contested && !request->match.taken ? POSTIL_STATUS_UNCERTAIN : status;
      request->match = *best;
    }
  else if (contested && has_rival)
    {
      request->status = MAX (request->status, POSTIL_STATUS_UNCERTAIN);
    }
}

/* Whether two requests are for one and the same passage. */
static gboolean
is_same (const Request *a, const Request *b)
{
  return a->has_place && b->has_place && a->passage.from == b->passage.from &&
         a->passage.start == b->passage.start && a->passage.end == b->passage.end &&
         a->passage.to == b->passage.to;
}

/* Looks for a passage where the map says. */
static void
find_by_map (Anchoring *self, Request *request, GArray *matches)
{
  PostilPassageMatch match;

  g_array_set_size (matches, 0);
  if (request->has_place &&
      postil_passage_finder_find_in_place (self->finder, &request->passage, &match))
    {
      request->match = match;
      request->status = judge_in_place (&request->passage, &match);
    }
  if (request->status <= POSTIL_STATUS_MOVED)
    return;
  postil_passage_finder_find_moved (self->finder, &request->passage, matches);
  choose_elsewhere (self, request, matches);
}

/* Adds to each of @matches the places that the passages of @requests may have anywhere. */
static void
find_anywhere (Anchoring *self,
               Request *const *requests,
               guint n_requests,
               GArray **matches,
               guint max)
{
  g_autofree PostilPhrase *phrases = g_new (PostilPhrase, n_requests);
  g_autoptr (GArray) hits = NULL;

  for (guint i = 0; i < n_requests; i++)
    {
      const PostilPassage *passage = &requests[i]->passage;

      phrases[i] = (PostilPhrase){ self->old->units + passage->from, passage->to - passage->from };
    }
  hits = postil_phrase_search (self->new, phrases, n_requests, max);
  for (guint i = 0; i < hits->len; i++)
    {
      const PostilPhraseHit *hit = &g_array_index (hits, PostilPhraseHit, i);

      postil_passage_finder_find_near (self->finder, &requests[hit->phrase]->passage, hit->at,
                                       matches[hit->phrase]);
    }
}

/* Searches passages in all of the text that the map did not lead to. */
static void
find_missing (Anchoring *self, Request *const *requests, guint n_requests)
{
  g_autoptr (GPtrArray) matches = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);

  for (guint i = 0; i < n_requests; i++)
    g_ptr_array_add (matches, g_array_new (FALSE, FALSE, sizeof (PostilPassageMatch)));
  find_anywhere (self, requests, n_requests, (GArray **) matches->pdata, MAX_PLACES);
  for (guint i = 0; i < n_requests; i++)
    choose_elsewhere (self, requests[i], matches->pdata[i]);
}

static PostilSpan
get_span (Anchoring *self, const PostilPassageMatch *match)
{
  PostilSpan span = {
    self->new->offsets[match->start],
    postil_folded_text_get_end (self->new, match->end),
  };

  if (match->start == match->end)
    span.end = span.start;
  return postil_text_snap_to_graphemes (self->text, span);
}

/* White space counts as one, however long it is, but a quote may begin or end inside it: @span as
 * the quote has it. */
static PostilSpan
fit_blanks (PostilText *text, PostilSpan span, PostilUtf8Slice exact)
{
  PostilUtf8Slice bytes = postil_utf8_slice_of_text (text);
  const char *end = bytes.bytes + postil_text_get_byte (text, span.end);
  const char *words =
    postil_utf8_slice_skip_blanks (bytes.bytes + postil_text_get_byte (text, span.start), end);
  gsize n_blanks =
    postil_utf8_slice_skip_blanks (exact.bytes, exact.bytes + exact.n_bytes) - exact.bytes;
  gsize at = words - bytes.bytes;
  PostilSpan fitted;

  if (at < n_blanks || bytes.n_bytes - (at - n_blanks) < exact.n_bytes ||
      memcmp (bytes.bytes + at - n_blanks, exact.bytes, exact.n_bytes) != 0)
    return span;
  at -= n_blanks;
  fitted.start = postil_text_get_offset (text, at);
  fitted.end = postil_text_get_offset (text, at + exact.n_bytes);
  return postil_span_equal (postil_text_snap_to_graphemes (text, fitted), fitted) ? fitted : span;
}

/* Which characters an edge is between may be open where they are alike. Of the places at @span the
 * one where nothing changed is it. */
static PostilSpan
fit (Anchoring *self, const Request *request, PostilSpan span)
{
  guint n = request->n_exact, position = request->place + request->n_prefix;
  guint starts[] = { position, span.start, span.end - MIN (span.end, n) };

  for (guint i = request->has_place ? 0 : 1; i < G_N_ELEMENTS (starts); i++)
    {
      PostilSpan place = { starts[i], starts[i] + n };

      if (place.start <= span.end && place.end >= span.start &&
          stands_at (self->text, place, request->exact) &&
          is_unchanged (self->text, request, place) &&
          postil_span_equal (postil_text_snap_to_graphemes (self->text, place), place))
        return place;
    }
  return fit_blanks (self->text, span, request->exact);
}

/* What became of a range that was found at @span. */
static PostilStatus
judge_span (Anchoring *self, const Request *request, PostilSpan span)
{
  const PostilPassageMatch *match = &request->match;
  guint position = request->place + request->n_prefix;

  if (request->placement->trusted)
    return request->has_position ? MAX (request->status, POSTIL_STATUS_MOVED)
           : request->status == POSTIL_STATUS_MOVED && stands_at (self->text, span, request->exact)
             ? POSTIL_STATUS_PLACED
             : request->status;
  /* Of several that are equal, the one that did not move at all is it. */
  if (!match->in_place || match->taken ||
      (request->status == POSTIL_STATUS_UNCERTAIN && span.start != position) ||
      !is_unchanged (self->text, request, span))
    return request->status;
  return POSTIL_STATUS_PLACED;
}

/* Whether no more than marks and the like had to be added lest a grapheme be cut. */
static gboolean
is_whole (Anchoring *self, const PostilPassageMatch *match, PostilSpan span)
{
  const PostilFoldedText *new = self->new;
  guint start = postil_folded_text_find (new, 0, match->start, span.start);
  guint end = postil_folded_text_find (new, match->end, new->n_units, span.end);

  return 2 * (end - start) <= 3 * (match->end - match->start);
}

static void
settle (Anchoring *self, Request *request)
{
  PostilSpan *span = &request->placement->spans[request->range];
  PostilPassageMatch gone = { 0 };

  if (request->status < POSTIL_STATUS_ORPHANED)
    {
      *span = get_span (self, &request->match);
      if (is_whole (self, &request->match, *span))
        {
          *span = fit (self, request, *span);
          request->status = judge_span (self, request, *span);
          return;
        }
      request->status = POSTIL_STATUS_ORPHANED;
    }
  if (request->has_place)
    gone.start = gone.end = postil_passage_finder_expect (self->finder, &request->passage);
  *span = get_span (self, &gone);
}

/* What becomes of a passage, of which some ranges were not simply where they were. */
static void
sum_up (Anchoring *self, PostilPlacement *placements, guint n_placements)
{
  g_autoptr (GHashTable) lost = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < self->requests->len; i++)
    {
      Request *request = &g_array_index (self->requests, Request, i);
      PostilPlacement *placement = request->placement;

      settle (self, request);
      if (request->status == POSTIL_STATUS_ORPHANED)
        {
          gpointer n = g_hash_table_lookup (lost, placement);

          g_hash_table_insert (lost, placement, GUINT_TO_POINTER (GPOINTER_TO_UINT (n) + 1));
          placement->status = POSTIL_STATUS_UNCERTAIN;
        }
      placement->status = MAX (placement->status, request->status);
    }
  for (guint i = 0; i < n_placements; i++)
    {
      PostilPlacement *placement = &placements[i];
      guint n_lost = GPOINTER_TO_UINT (g_hash_table_lookup (lost, placement)), n_selectors;

      postil_anchor_get_selectors (placement->anchor, &n_selectors);
      if (n_lost == 0)
        continue;
      placement->status = POSTIL_STATUS_UNCERTAIN;
      if (n_lost == n_selectors)
        {
          placement->status = POSTIL_STATUS_ORPHANED;
          g_clear_pointer (&placement->spans, g_free);
        }
    }
}

/* Finds what can be found. Returns FALSE when cancelled. */
static gboolean
run (Anchoring *self)
{
  g_autoptr (GArray) matches = g_array_new (FALSE, FALSE, sizeof (PostilPassageMatch));
  g_autoptr (GPtrArray) missing = g_ptr_array_new ();
  guint n_requests = self->requests->len;

  fold (self);
  if (!tell (self, 0.1))
    return FALSE;
  map (self);
  if (!tell (self, 0.4))
    return FALSE;

  for (guint i = 0; i < n_requests; i++)
    {
      Request *request = &g_array_index (self->requests, Request, i);

      if (i > 0 && is_same (&request[-1], request))
        {
          request->match = request[-1].match;
          request->status = request[-1].status;
        }
      else
        {
          find_by_map (self, request, matches);
        }
      /* Where several are equal there is nothing better to be found elsewhere. */
      if (is_contested (&request->passage, &request->match))
        g_ptr_array_add (missing, request);
      else if (request->status > POSTIL_STATUS_MOVED &&
               (request->status == POSTIL_STATUS_ORPHANED || request->match.taken ||
                !request->match.twice))
        g_ptr_array_add (missing, request);
      if (i % STEP == 0 && !tell (self, 0.4 + 0.3 * i / n_requests))
        return FALSE;
    }
  for (guint i = 0; i < missing->len; i += BATCH)
    {
      find_missing (self, (Request **) missing->pdata + i, MIN (BATCH, missing->len - i));
      if (!tell (self, 0.7 + 0.3 * i / missing->len))
        return FALSE;
    }
  return TRUE;
}

/**
 * postil_anchoring_place:
 * @text: a text
 * @old_text: (nullable): the text that the positions of what is not trusted were made on, when it
 *   is still known
 * @placements: (array length=n_placements) (inout): the anchors to be placed; what became of them
 * @n_placements: how many
 * @progress: (nullable) (scope call): is told how far it is
 * @progress_data: for @progress
 * @cancellable: (nullable): gives up early
 *
 * Looks for the passages of many annotations in a text, in time that grows with the texts and the
 * quotes together. A range of a passage is
 *
 * - placed, if it stands where it stood among the same words, though their offset and the white
 *   space between them may be others; on a trusted text, if it stands at its position: with its
 *   quote, if it has one;
 * - moved, if it was surely found, but was edited, or something near it was, or is elsewhere;
 * - uncertain, if there is a place that is not surely it, or several;
 * - orphaned, if there is none.
 *
 * What has no position on a trusted text is placed rather than moved. A passage is as its worst
 * range is; but when only some of its ranges are gone it is uncertain, and those are empty spans
 * where they would stand.
 *
 * On return the spans of each placement are (transfer full), to be freed with g_free(); they are in
 * the order of its selectors, which need not be that of the text any more. May be called in any
 * thread.
 *
 * Returns: %FALSE when cancelled, and then all is orphaned
 */
gboolean
postil_anchoring_place (PostilText *text,
                        PostilText *old_text,
                        PostilPlacement *placements,
                        guint n_placements,
                        PostilAnchoringProgress progress,
                        gpointer progress_data,
                        GCancellable *cancellable)
{
  g_auto (Anchoring) self = {
    .text = text,
    .old_text = old_text,
    .requests = g_array_new (FALSE, FALSE, sizeof (Request)),
    .cancellable = cancellable,
    .progress = progress,
    .progress_data = progress_data,
  };

  g_return_val_if_fail (text != NULL, TRUE);
  g_return_val_if_fail (placements != NULL || n_placements == 0, TRUE);

  g_array_set_clear_func (self.requests, request_clear);
  for (guint i = 0; i < n_placements; i++)
    {
      PostilPlacement *placement = &placements[i];
      guint n_selectors;

      postil_anchor_get_selectors (placement->anchor, &n_selectors);
      placement->status = n_selectors > 0 ? POSTIL_STATUS_PLACED : POSTIL_STATUS_ORPHANED;
      placement->spans = n_selectors > 0 ? g_new (PostilSpan, n_selectors) : NULL;
      for (guint j = 0; j < n_selectors; j++)
        begin (&self, placement, j);
    }
  if (self.requests->len > 0)
    {
      if (!run (&self))
        {
          for (guint i = 0; i < n_placements; i++)
            {
              placements[i].status = POSTIL_STATUS_ORPHANED;
              g_clear_pointer (&placements[i].spans, g_free);
            }
          return FALSE;
        }
      sum_up (&self, placements, n_placements);
    }
  if (progress != NULL)
    progress (1, progress_data);
  return TRUE;
}

static int
compare_matches (gconstpointer a, gconstpointer b)
{
  const PostilPassageMatch *x = a, *y = b;

  if (x->score != y->score)
    return x->score > y->score ? -1 : 1;
  return x->start < y->start ? -1 : x->start > y->start;
}

/**
 * postil_anchoring_list_candidates:
 * @text: a text
 * @old_text: (nullable): the text on which the position of @anchor was made
 * @anchor: how the passage was described
 * @range: which of its selectors
 * @max: at most so many
 *
 * Finds all places that a range of a passage may have, likely or not.
 *
 * Returns: (transfer full) (element-type PostilCandidate): places for a person to pick from, the
 *   best first
 */
GArray *
postil_anchoring_list_candidates (PostilText *text,
                                  PostilText *old_text,
                                  PostilAnchor *anchor,
                                  guint range,
                                  guint max)
{
  PostilPlacement placement = { .anchor = anchor };
  GArray *candidates = g_array_new (FALSE, FALSE, sizeof (PostilCandidate));
  g_autoptr (GArray) matches = g_array_new (FALSE, FALSE, sizeof (PostilPassageMatch));
  g_auto (Anchoring) self = {
    .text = text,
    .old_text = old_text,
    .requests = g_array_new (FALSE, FALSE, sizeof (Request)),
  };
  PostilPassageMatch match;
  Request *request;

  g_return_val_if_fail (text != NULL && anchor != NULL, candidates);

  g_array_set_clear_func (self.requests, request_clear);
  begin (&self, &placement, range);
  /* Of the old text only the quote is wanted: mapping all of it would take too long for a click. */
  self.old_text = NULL;
  fold (&self);
  map (&self);
  request = &g_array_index (self.requests, Request, 0);

  if (request->has_place &&
      postil_passage_finder_find_in_place (self.finder, &request->passage, &match))
    g_array_append_val (matches, match);
  postil_passage_finder_find_moved (self.finder, &request->passage, matches);
  find_anywhere (&self, &request, 1, &matches, 4 * max);

  g_array_sort (matches, compare_matches);
  for (guint i = 0; i < matches->len && candidates->len < max; i++)
    {
      const PostilPassageMatch *found = &g_array_index (matches, PostilPassageMatch, i);
      PostilCandidate candidate = { get_span (&self, found), found->score };

      if (found->start < found->end)
        g_array_append_val (candidates, candidate);
    }
  return candidates;
}
