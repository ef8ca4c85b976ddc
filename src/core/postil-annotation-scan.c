/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-annotation-scan.h"

/*
 * PostilAnnotationScan: annotations of some documents to be sorted and filtered in a thread, and
 * what came of it. Made for one run by a PostilAnnotationList, which also frees it: what it holds
 * is not to be released by the thread.
 */
struct _PostilAnnotationScan
{
  /* NULL without a filter. */
  PostilAnnotationMatcher *matcher;
  GArray *shares;
};

/* What has an order. */
typedef struct
{
  PostilAnnotationSorting *sorting;
  /* Those of its documents. */
  GPtrArray *texts;
  GPtrArray *indexes;
  /* NULL until it is sorted. */
  PostilAnnotationIndex *index;
  guint first;
  GArray *matches;
} Share;

static void
share_clear (gpointer data)
{
  Share *share = data;

  postil_annotation_sorting_unref (share->sorting);
  g_ptr_array_unref (share->texts);
  g_ptr_array_unref (share->indexes);
  g_clear_pointer (&share->index, postil_annotation_index_unref);
  g_clear_pointer (&share->matches, g_array_unref);
}

static void
unref_places (gpointer places)
{
  if (places != NULL)
    postil_word_places_free (places);
}

/* Finds in each text of a share where the words are that are asked for. */
static GPtrArray *
find_words (PostilAnnotationScan *self, const Share *share, GCancellable *cancellable)
{
  GPtrArray *places = g_ptr_array_new_with_free_func (unref_places);

  for (guint i = 0; i < share->texts->len; i++)
    g_ptr_array_add (places,
                     postil_annotation_matcher_find_words (
                       self->matcher, postil_annotation_sorting_get_document (share->sorting, i),
                       share->texts->pdata[i], cancellable));
  return places;
}

static void
filter (PostilAnnotationScan *self, const Share *share, GCancellable *cancellable)
{
  guint n = postil_annotation_index_get_n_shown (share->index);
  g_autoptr (GPtrArray) places = find_words (self, share, cancellable);
  g_autoptr (GString) folded = g_string_new (NULL);

  for (guint at = share->first; at < n && !g_cancellable_is_cancelled (cancellable); at++)
    {
      PostilAnnotationEntry entry;

      postil_annotation_index_get_entry (share->index, at, &entry);
      if (postil_annotation_matcher_match_found (
            self->matcher, postil_annotation_sorting_get_document (share->sorting, entry.document),
            share->texts->pdata[entry.document], places->pdata[entry.document], entry.annotation,
            folded))
        g_array_append_val (share->matches, entry);
    }
}

/**
 * postil_annotation_scan_new:
 * @matcher: (nullable): the filter
 *
 * Returns: (transfer full): a scan of nothing
 */
PostilAnnotationScan *
postil_annotation_scan_new (PostilAnnotationMatcher *matcher)
{
  PostilAnnotationScan *self = g_new (PostilAnnotationScan, 1);

  self->matcher = matcher != NULL ? postil_annotation_matcher_ref (matcher) : NULL;
  self->shares = g_array_new (FALSE, FALSE, sizeof (Share));
  g_array_set_clear_func (self->shares, share_clear);
  return self;
}

/**
 * postil_annotation_scan_free:
 * @self: (transfer full): a scan that does not run
 */
void
postil_annotation_scan_free (PostilAnnotationScan *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->matcher, postil_annotation_matcher_unref);
  g_array_unref (self->shares);
  g_free (self);
}

/**
 * postil_annotation_scan_add:
 * @self: a scan that does not run yet
 * @sorting: an order of documents, which have the texts that they have now
 * @index: (nullable): their annotations in this order; %NULL where those that they have now are to
 * be sorted
 * @first: the number of the first of them to be filtered
 */
void
postil_annotation_scan_add (PostilAnnotationScan *self,
                            PostilAnnotationSorting *sorting,
                            PostilAnnotationIndex *index,
                            guint first)
{
  Share share;

  g_return_if_fail (self != NULL && sorting != NULL);

  share = (Share){
    .sorting = postil_annotation_sorting_ref (sorting),
    .texts = g_ptr_array_new_with_free_func ((GDestroyNotify) postil_text_unref),
    .indexes = g_ptr_array_new_with_free_func ((GDestroyNotify) postil_annotation_index_unref),
    .index = index != NULL ? postil_annotation_index_ref (index) : NULL,
    .first = first,
    .matches =
      self->matcher != NULL ? g_array_new (FALSE, FALSE, sizeof (PostilAnnotationEntry)) : NULL,
  };
  for (guint i = 0; i < postil_annotation_sorting_count_documents (sorting); i++)
    {
      PostilDocument *document = postil_annotation_sorting_get_document (sorting, i);

      g_ptr_array_add (share.texts, postil_text_ref (postil_document_get_text (document)));
      if (index == NULL)
        g_ptr_array_add (share.indexes,
                         postil_annotation_index_ref (postil_document_get_annotations (document)));
    }
  g_array_append_val (self->shares, share);
}

/**
 * postil_annotation_scan_run:
 * @cancellable: (nullable): stops it
 *
 * Sorts and filters; in any thread, which has the scan for itself meanwhile.
 */
void
postil_annotation_scan_run (PostilAnnotationScan *self, GCancellable *cancellable)
{
  g_return_if_fail (self != NULL);

  for (guint i = 0; i < self->shares->len; i++)
    {
      Share *share = &g_array_index (self->shares, Share, i);

      if (share->index == NULL)
        share->index = postil_annotation_sorting_sort (
          share->sorting, (PostilAnnotationIndex **) share->indexes->pdata, cancellable);
      if (self->matcher != NULL)
        filter (self, share, cancellable);
    }
}

/**
 * postil_annotation_scan_count:
 * @self: a scan
 *
 * Returns: how many orders were added
 */
guint
postil_annotation_scan_count (PostilAnnotationScan *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->shares->len;
}

/**
 * postil_annotation_scan_get_rows:
 * @self: a scan that has run
 * @number: number of an order that was added
 * @rows: (out caller-allocates): what came of it; valid as long as the scan
 *
 * Gets the annotations in that order, and what the filter let through of those that it was at.
 */
void
postil_annotation_scan_get_rows (PostilAnnotationScan *self,
                                 guint number,
                                 PostilAnnotationRows *rows)
{
  const Share *share;

  g_return_if_fail (self != NULL && number < self->shares->len && rows != NULL);

  share = &g_array_index (self->shares, Share, number);
  *rows = (PostilAnnotationRows){
    .sorting = share->sorting,
    .index = share->index,
    .matches = share->matches,
  };
}
