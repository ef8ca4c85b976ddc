/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-linking.h"

#include <stdlib.h>
#include <string.h>

#include "postil-anchoring.h"

/*
 * What can be done with links between the documents of a workspace. A link lies in one of the two
 * documents, among its annotations, and describes the passage of the other; nothing in the other
 * document tells of it.
 */

static gboolean
is_on (PostilAnchor *passage, PostilText *text)
{
  const char *sha256 = postil_anchor_get_sha256 (passage);

  return sha256 != NULL && postil_text_get_sha256 (text) != NULL &&
         g_ascii_strcasecmp (sha256, postil_text_get_sha256 (text)) == 0;
}

/* Whether @passage is in @text what @answer says: surely found, with every range of it. */
static gboolean
is_found (const PostilPlacement *answer)
{
  return answer->status == POSTIL_STATUS_PLACED || answer->status == POSTIL_STATUS_MOVED;
}

static void
placements_free (PostilPlacement *placements, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      postil_anchor_unref (placements[i].anchor);
      g_free (placements[i].spans);
    }
  g_free (placements);
}

static GArray *
list_spans (const PostilSpan *spans, guint n)
{
  GArray *list = g_array_sized_new (FALSE, FALSE, sizeof (PostilSpan), n);

  g_array_append_vals (list, spans, n);
  g_array_sort (list, postil_span_compare);
  return list;
}

/* Describes ranges of @text as the passage of a link to the document @id. */
static PostilAnchor *
describe (PostilText *text, const PostilSpan *spans, guint n, const char *id)
{
  g_autoptr (PostilAnchor) anchor = postil_anchor_new_for_spans (text, spans, n);
  guint n_selectors;
  const PostilSelector *selectors = postil_anchor_get_selectors (anchor, &n_selectors);

  return postil_anchor_new (selectors, n_selectors, postil_text_get_sha256 (text), id);
}

/* The first of @annotations that is a link; those are the last ones. */
static guint
find_first_link (PostilAnnotationIndex *annotations)
{
  return postil_annotation_index_get_n_shown (annotations);
}

/* The first link of @annotations that starts at @start or after it. */
static guint
find_link_at (PostilAnnotationIndex *annotations, guint start)
{
  guint from = find_first_link (annotations);
  guint to = postil_annotation_index_get_size (annotations);

  while (from < to)
    {
      guint middle = from + (to - from) / 2;
      PostilAnnotation *link = postil_annotation_index_get (annotations, middle);

      if (postil_annotation_get_extent (link).start < start)
        from = middle + 1;
      else
        to = middle;
    }
  return from;
}

static gboolean
has_spans (PostilAnnotation *annotation, const PostilSpan *spans, guint n)
{
  guint n_present;
  const PostilSpan *present = postil_annotation_get_spans (annotation, &n_present);

  return n_present == n && memcmp (present, spans, n * sizeof (PostilSpan)) == 0;
}

static gboolean
overlaps (const PostilSpan *a, guint n_a, const PostilSpan *b, guint n_b)
{
  for (guint i = 0; i < n_a; i++)
    for (guint j = 0; j < n_b; j++)
      if (postil_span_touches (a[i], b[j]))
        return TRUE;
  return FALSE;
}

/* One side of a link that is to be made. */
typedef struct
{
  PostilDocument *document;
  PostilSpan *spans;
  guint n_spans;
  const char *annotation;
} Side;

/* Where the other passages of @candidates, links about @document, stand in its text. */
static GPtrArray *
resolve (GPtrArray *candidates, PostilDocument *document)
{
  g_autoptr (GPtrArray) links = g_ptr_array_new ();

  for (guint i = 0; i < candidates->len; i++)
    g_ptr_array_add (links, postil_annotation_get_link (candidates->pdata[i]));
  return postil_linking_resolve_all (links, postil_document_get_text (document), NULL);
}

/* Finds a link of @side's document that is the one to be made already. */
static PostilAnnotation *
find_twin (const Side *side, const Side *other, PostilLinkKind kind)
{
  PostilAnnotationIndex *all = postil_document_get_annotations (side->document);
  guint start = side->spans[0].start;
  g_autoptr (GPtrArray) candidates = g_ptr_array_new ();
  g_autoptr (GPtrArray) places = NULL;
  PostilAnnotation *annotation;

  for (guint i = find_link_at (all, start);
       (annotation = postil_annotation_index_get (all, i)) != NULL &&
       postil_annotation_get_extent (annotation).start == start;
       i++)
    {
      PostilLink *link = postil_annotation_get_link (annotation);

      if (postil_link_get_kind (link) == kind &&
          g_strcmp0 (postil_link_get_to (link), side->annotation) == 0 &&
          g_strcmp0 (postil_link_get_from (link), other->annotation) == 0 &&
          has_spans (annotation, side->spans, side->n_spans) &&
          postil_linking_is_about (link, other->document))
        g_ptr_array_add (candidates, annotation);
    }
  places = resolve (candidates, other->document);
  for (guint i = 0; i < candidates->len; i++)
    {
      GArray *spans = places->pdata[i];

      if (spans != NULL && spans->len == other->n_spans &&
          memcmp (spans->data, other->spans, spans->len * sizeof (PostilSpan)) == 0)
        return candidates->pdata[i];
    }
  return NULL;
}

/* Removes the decisions in @side's document that one of @kind about the same passages overrules. */
static void
remove_overruled (PostilStep *step, const Side *side, const Side *other, PostilLinkKind kind)
{
  PostilAnnotationIndex *all = postil_document_get_annotations (side->document);
  g_autoptr (GPtrArray) candidates = g_ptr_array_new ();
  g_autoptr (GPtrArray) places = NULL;

  for (guint i = find_first_link (all); i < postil_annotation_index_get_size (all); i++)
    {
      PostilAnnotation *annotation = postil_annotation_index_get (all, i);
      PostilLink *link = postil_annotation_get_link (annotation);

      if (postil_link_get_kind (link) != POSTIL_LINK_PLAIN &&
          (kind == POSTIL_LINK_PAIRED || postil_link_get_kind (link) == POSTIL_LINK_PAIRED) &&
          postil_linking_is_about (link, other->document))
        g_ptr_array_add (candidates, annotation);
    }
  places = resolve (candidates, other->document);
  for (guint i = 0; i < candidates->len; i++)
    {
      PostilAnnotation *annotation = candidates->pdata[i];
      gboolean both_pair =
        kind == POSTIL_LINK_PAIRED &&
        postil_link_get_kind (postil_annotation_get_link (annotation)) == POSTIL_LINK_PAIRED;
      GArray *found = places->pdata[i];
      gboolean near, far;
      const PostilSpan *spans;
      guint n_spans;

      spans = postil_annotation_get_spans (annotation, &n_spans);
      near = overlaps (spans, n_spans, side->spans, side->n_spans);
      far = found != NULL &&
            overlaps ((const PostilSpan *) found->data, found->len, other->spans, other->n_spans);
      if ((both_pair ? near || far : near && far) && !postil_step_replaces (step, annotation))
        postil_step_change_annotation (step, side->document, annotation, NULL);
    }
}

/**
 * postil_linking_is_about:
 * @link: a link
 * @document: a document
 *
 * Returns: whether @link says that its other passage is of @document: by its IRI, by the SHA-256 of
 *   its file, or by its name
 */
gboolean
postil_linking_is_about (PostilLink *link, PostilDocument *document)
{
  PostilAnchor *passage;

  g_return_val_if_fail (link != NULL && POSTIL_IS_DOCUMENT (document), FALSE);

  passage = postil_link_get_passage (link);
  return g_strcmp0 (postil_anchor_get_source (passage), postil_document_get_id (document)) == 0 ||
         is_on (passage, postil_document_get_text (document)) ||
         g_strcmp0 (postil_link_get_label (link), postil_document_get_name (document)) == 0;
}

/**
 * postil_linking_resolve:
 * @link: a link
 * @text: the text of the document that it is about
 *
 * Finds where the other passage of a link stands. May be called in any thread. For many links
 * postil_linking_resolve_all() is sooner done.
 *
 * Returns: (transfer full) (nullable) (element-type PostilSpan): its ranges in code points, by
 *   start; %NULL when it was not surely found
 */
GArray *
postil_linking_resolve (PostilLink *link, PostilText *text)
{
  g_autoptr (GPtrArray) links = NULL;
  g_autoptr (GPtrArray) found = NULL;

  g_return_val_if_fail (link != NULL && text != NULL, NULL);

  links = g_ptr_array_new ();
  g_ptr_array_add (links, link);
  found = postil_linking_resolve_all (links, text, NULL);
  return found->pdata[0] ? g_array_ref (found->pdata[0]) : NULL;
}

static void
clear_spans (gpointer spans)
{
  if (spans)
    g_array_unref (spans);
}

/**
 * postil_linking_resolve_all:
 * @links: (element-type PostilLink): links
 * @text: the text of the document that all of them are about
 * @cancellable: (nullable): ends it early
 *
 * Finds where the other passages of many links stand. Those that were made on this very text, which
 * their SHA-256 says, stand where they say; the others are looked for by what they quote, all of
 * them together. May be called in any thread.
 *
 * Returns: (transfer full) (nullable) (element-type GArray): for each link what
 *   postil_linking_resolve() says, some of it %NULL; %NULL when cancelled
 */
GPtrArray *
postil_linking_resolve_all (GPtrArray *links, PostilText *text, GCancellable *cancellable)
{
  g_autoptr (GPtrArray) found = NULL;
  PostilPlacement *placements;
  gboolean done;

  g_return_val_if_fail (links != NULL && text != NULL, NULL);

  placements = g_new (PostilPlacement, links->len);
  for (guint i = 0; i < links->len; i++)
    {
      PostilAnchor *passage = postil_link_get_passage (links->pdata[i]);

      placements[i] = (PostilPlacement){
        .anchor = postil_anchor_ref (passage),
        .trusted = is_on (passage, text),
      };
    }
  done = postil_anchoring_place (text, NULL, placements, links->len, NULL, NULL, cancellable);

  found = g_ptr_array_new_full (links->len, clear_spans);
  for (guint i = 0; i < links->len && done; i++)
    {
      guint n;

      postil_anchor_get_selectors (placements[i].anchor, &n);
      g_ptr_array_add (found,
                       is_found (&placements[i]) ? list_spans (placements[i].spans, n) : NULL);
    }
  placements_free (placements, links->len);
  return done ? g_steal_pointer (&found) : NULL;
}

/**
 * postil_linking_add:
 * @workspace: a workspace
 * @step: the step to add to
 * @kind: what the link says
 * @other: one of its documents
 * @other_spans: (array length=n_other_spans): a passage of @other, in code points
 * @n_other_spans: how many ranges that has, at least 1
 * @from: (nullable): id of the annotation of @other that is linked
 * @document: another of its documents, in whose sidecar the link will be
 * @spans: (array length=n_spans): a passage of @document, in code points
 * @n_spans: how many ranges that has, at least 1
 * @to: (nullable): id of the annotation of @document that is linked
 *
 * Joins two passages, unless there is such a link already, in either document. A decision overrules
 * earlier ones, which go in the same step: a pair those pairs that overlap it on either side, and
 * that there is none where both sides overlap; that there is no pair, those pairs whose sides both
 * overlap.
 *
 * Returns: (transfer full): the id of the link
 */
char *
postil_linking_add (PostilWorkspace *workspace,
                    PostilStep *step,
                    PostilLinkKind kind,
                    PostilDocument *other,
                    const PostilSpan *other_spans,
                    guint n_other_spans,
                    const char *from,
                    PostilDocument *document,
                    const PostilSpan *spans,
                    guint n_spans,
                    const char *to)
{
  const PostilEnvironment *environment;
  g_autofree PostilSpan *sorted = NULL, *other_sorted = NULL;
  g_autofree char *id = NULL;
  g_autoptr (PostilAnchor) passage = NULL;
  g_autoptr (PostilLink) link = NULL;
  g_autoptr (PostilAnnotation) annotation = NULL;
  PostilAnnotation *twin;
  PostilAnnotator *annotator;
  PostilAnnotationFields fields = { 0 };
  Side near, far;

  g_return_val_if_fail (POSTIL_IS_WORKSPACE (workspace) && step != NULL, NULL);
  g_return_val_if_fail (POSTIL_IS_DOCUMENT (other) && POSTIL_IS_DOCUMENT (document), NULL);
  g_return_val_if_fail (other_spans != NULL && n_other_spans > 0, NULL);
  g_return_val_if_fail (spans != NULL && n_spans > 0, NULL);

  sorted = g_memdup2 (spans, n_spans * sizeof (PostilSpan));
  qsort (sorted, n_spans, sizeof (PostilSpan), postil_span_compare);
  other_sorted = g_memdup2 (other_spans, n_other_spans * sizeof (PostilSpan));
  qsort (other_sorted, n_other_spans, sizeof (PostilSpan), postil_span_compare);
  near = (Side){ document, sorted, n_spans, to };
  far = (Side){ other, other_sorted, n_other_spans, from };

  twin = find_twin (&near, &far, kind);
  if (twin == NULL)
    twin = find_twin (&far, &near, kind);
  if (twin && !postil_step_replaces (step, twin))
    return g_strdup (postil_annotation_get_id (twin));
  if (kind != POSTIL_LINK_PLAIN)
    {
      remove_overruled (step, &near, &far, kind);
      remove_overruled (step, &far, &near, kind);
    }

  environment = postil_workspace_get_environment (workspace);
  annotator = postil_workspace_get_annotator (workspace);
  id = environment->new_id (environment->data);
  passage = describe (postil_document_get_text (other), other_sorted, n_other_spans,
                      postil_document_get_id (other));
  link = postil_link_new (kind, passage, postil_document_get_name (other), from, to);
  fields.id = id;
  fields.kind = POSTIL_ANNOTATION_LINK;
  fields.creator = postil_annotator_get_id (annotator);
  fields.created = environment->now (environment->data);
  fields.spans = sorted;
  fields.n_spans = n_spans;
  fields.link = link;
  annotation = postil_annotation_new (&fields);
  postil_document_add_annotator (document, annotator);
  postil_step_change_annotation (step, document, NULL, annotation);

  return g_steal_pointer (&id);
}

/**
 * postil_linking_list:
 * @document: a document
 * @other: another document
 * @links: (element-type PostilAnnotation) (transfer full): what to add to
 *
 * Adds the links in @document's sidecar of which the other passage is one of @other, by where their
 * own passage begins. All links between two documents are those that this lists of the one and then
 * of the other; the two differ in which passage is the link's own.
 */
void
postil_linking_list (PostilDocument *document, PostilDocument *other, GPtrArray *links)
{
  PostilAnnotationIndex *all;

  g_return_if_fail (POSTIL_IS_DOCUMENT (document) && POSTIL_IS_DOCUMENT (other) && links != NULL);

  all = postil_document_get_annotations (document);
  for (guint i = find_first_link (all); i < postil_annotation_index_get_size (all); i++)
    {
      PostilAnnotation *annotation = postil_annotation_index_get (all, i);

      if (postil_linking_is_about (postil_annotation_get_link (annotation), other))
        g_ptr_array_add (links, postil_annotation_ref (annotation));
    }
}

/* @annotation with its other passage at @spans of @text, unless it says so already. */
static PostilAnnotation *
take_answer (PostilAnnotation *annotation, const PostilPlacement *answer, PostilText *text)
{
  PostilLink *before = postil_annotation_get_link (annotation);
  g_autoptr (PostilAnchor) passage = NULL;
  g_autoptr (PostilLink) link = NULL;
  g_autoptr (GArray) spans = NULL;
  PostilAnnotationFields fields;
  guint n;

  if (!is_found (answer))
    return postil_annotation_ref (annotation);

  postil_anchor_get_selectors (answer->anchor, &n);
  spans = list_spans (answer->spans, n);
  passage = describe (text, (const PostilSpan *) spans->data, n,
                      postil_anchor_get_source (postil_link_get_passage (before)));
  link = postil_link_new (postil_link_get_kind (before), passage, postil_link_get_label (before),
                          postil_link_get_from (before), postil_link_get_to (before));
  postil_annotation_get_fields (annotation, &fields);
  fields.link = link;
  return postil_annotation_new (&fields);
}

/**
 * postil_linking_run:
 * @old_text: the text that a document had
 * @text: the text that it has now
 * @links: (element-type PostilAnnotation): links about that document
 * @cancellable: (nullable): ends it early
 *
 * Places the other passages of links in a text that changed, all of them together. What is not
 * surely found stays described as it was, and may be found again. May be called in any thread.
 *
 * Returns: (transfer full) (nullable) (element-type PostilAnnotation): for each of @links what it
 *   is now, which is the same value where nothing changes; %NULL when cancelled
 */
GPtrArray *
postil_linking_run (PostilText *old_text,
                    PostilText *text,
                    GPtrArray *links,
                    GCancellable *cancellable)
{
  g_autoptr (GPtrArray) passages = NULL, places = NULL, answers = NULL;
  PostilPlacement *placements;
  guint n = 0, answered = 0;
  gboolean done;

  g_return_val_if_fail (old_text != NULL && text != NULL && links != NULL, NULL);

  passages = g_ptr_array_new ();
  for (guint i = 0; i < links->len; i++)
    g_ptr_array_add (passages, postil_annotation_get_link (links->pdata[i]));
  places = postil_linking_resolve_all (passages, old_text, cancellable);
  if (places == NULL)
    return NULL;

  placements = g_new (PostilPlacement, links->len);
  for (guint i = 0; i < links->len; i++)
    {
      PostilAnchor *passage = postil_link_get_passage (passages->pdata[i]);
      GArray *spans = places->pdata[i];

      if (spans == NULL || is_on (passage, text))
        g_clear_pointer (&places->pdata[i], clear_spans);
      else
        placements[n++].anchor =
          postil_anchor_new_for_spans (old_text, (const PostilSpan *) spans->data, spans->len);
    }
  for (guint i = 0; i < n; i++)
    placements[i] = (PostilPlacement){ .anchor = placements[i].anchor };
  done = postil_anchoring_place (text, old_text, placements, n, NULL, NULL, cancellable);

  answers = g_ptr_array_new_full (links->len, (GDestroyNotify) postil_annotation_unref);
  for (guint i = 0; i < links->len && done; i++)
    g_ptr_array_add (answers, places->pdata[i]
                                ? take_answer (links->pdata[i], &placements[answered++], text)
                                : postil_annotation_ref (links->pdata[i]));
  placements_free (placements, n);
  return done ? g_steal_pointer (&answers) : NULL;
}

/**
 * postil_linking_follow:
 * @workspace: a workspace
 * @step: a step that changes the text of @other
 * @other: one of its documents
 * @old_text: its text
 * @text: what that becomes
 *
 * Has the links of all open documents to @other follow its text.
 */
void
postil_linking_follow (PostilWorkspace *workspace,
                       PostilStep *step,
                       PostilDocument *other,
                       PostilText *old_text,
                       PostilText *text)
{
  GListModel *documents;

  g_return_if_fail (POSTIL_IS_WORKSPACE (workspace) && step != NULL);
  g_return_if_fail (POSTIL_IS_DOCUMENT (other) && old_text != NULL && text != NULL);

  documents = postil_workspace_get_documents (workspace);
  for (guint i = 0; i < g_list_model_get_n_items (documents); i++)
    {
      g_autoptr (PostilDocument) document = g_list_model_get_item (documents, i);
      g_autoptr (GPtrArray) links =
        g_ptr_array_new_with_free_func ((GDestroyNotify) postil_annotation_unref);
      g_autoptr (GPtrArray) answers = NULL;

      if (document == other)
        continue;
      postil_linking_list (document, other, links);
      if (links->len == 0)
        continue;
      answers = postil_linking_run (old_text, text, links, NULL);
      for (guint j = 0; j < links->len; j++)
        if (answers->pdata[j] != links->pdata[j])
          postil_step_change_annotation (step, document, links->pdata[j], answers->pdata[j]);
    }
}
