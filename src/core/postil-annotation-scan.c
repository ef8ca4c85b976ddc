/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-annotation-scan.h"

/*
 * PostilAnnotationScan: annotations of some documents to be filtered in a thread, and what a filter
 * let through. Made for one run by a PostilAnnotationList, which also frees it: what it holds is
 * not to be released by the thread.
 */
struct _PostilAnnotationScan
{
  PostilAnnotationMatcher *matcher;
  GArray *shares;
};

/* What is filtered of one document. */
typedef struct
{
  PostilDocument *document;
  PostilText *text;
  PostilAnnotationIndex *index;
  guint first;
  GArray *matches;
} Share;

static void
share_clear (gpointer data)
{
  Share *share = data;

  g_object_unref (share->document);
  postil_text_unref (share->text);
  postil_annotation_index_unref (share->index);
  g_array_unref (share->matches);
}

/**
 * postil_annotation_scan_new:
 * @matcher: the filter
 *
 * Returns: (transfer full): a scan of nothing
 */
PostilAnnotationScan *
postil_annotation_scan_new (PostilAnnotationMatcher *matcher)
{
  PostilAnnotationScan *self;

  g_return_val_if_fail (matcher != NULL, NULL);

  self = g_new (PostilAnnotationScan, 1);
  self->matcher = postil_annotation_matcher_ref (matcher);
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

  postil_annotation_matcher_unref (self->matcher);
  g_array_unref (self->shares);
  g_free (self);
}

/**
 * postil_annotation_scan_add:
 * @self: a scan that does not run yet
 * @document: a document that is not in it, with the text that it has now
 * @index: annotations of it
 * @first: the number of the first of them to be filtered
 */
void
postil_annotation_scan_add (PostilAnnotationScan *self,
                            PostilDocument *document,
                            PostilAnnotationIndex *index,
                            guint first)
{
  Share share;

  g_return_if_fail (self != NULL && POSTIL_IS_DOCUMENT (document) && index != NULL);

  share = (Share){
    .document = g_object_ref (document),
    .text = postil_text_ref (postil_document_get_text (document)),
    .index = postil_annotation_index_ref (index),
    .first = first,
    .matches = g_array_new (FALSE, FALSE, sizeof (PostilAnnotation *)),
  };
  g_array_append_val (self->shares, share);
}

/**
 * postil_annotation_scan_run:
 * @cancellable: (nullable): stops it
 *
 * Filters; in any thread, which has the scan for itself meanwhile.
 */
void
postil_annotation_scan_run (PostilAnnotationScan *self, GCancellable *cancellable)
{
  g_autoptr (GString) folded = g_string_new (NULL);

  g_return_if_fail (self != NULL);

  for (guint i = 0; i < self->shares->len; i++)
    {
      Share *share = &g_array_index (self->shares, Share, i);
      guint n = postil_annotation_index_get_n_shown (share->index);
      g_autoptr (PostilWordPlaces) places = postil_annotation_matcher_find_words (
        self->matcher, share->document, share->text, cancellable);

      for (guint at = share->first; at < n && !g_cancellable_is_cancelled (cancellable); at++)
        {
          PostilAnnotation *annotation = postil_annotation_index_get (share->index, at);

          if (postil_annotation_matcher_match_found (self->matcher, share->document, share->text,
                                                     places, annotation, folded))
            g_array_append_val (share->matches, annotation);
        }
    }
}

/**
 * postil_annotation_scan_get_matches:
 * @self: a scan that has run
 * @document: a document
 *
 * Returns: (transfer none) (nullable) (element-type PostilAnnotation): what the filter let through
 * of @document, in the order of its index; %NULL when that was not added
 */
GArray *
postil_annotation_scan_get_matches (PostilAnnotationScan *self, PostilDocument *document)
{
  g_return_val_if_fail (self != NULL, NULL);

  for (guint i = 0; i < self->shares->len; i++)
    if (g_array_index (self->shares, Share, i).document == document)
      return g_array_index (self->shares, Share, i).matches;
  return NULL;
}
