/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-review.h"

/*
 * What a person says about annotations whose text changed, and about those that two people changed
 * at the same time. As the verbs of postil-edit.h, each adds to a step what it changes; where one
 * is to be placed anew, postil_edit_set_spans() does it.
 *
 * To confirm a place or to choose between versions is not to write: "modified" stays, so that two
 * people who decide alike end with equal annotations, whenever they did.
 */

typedef struct
{
  PostilStep *step;
  PostilDocument *document;
  guint n_accepted;
} Acceptance;

static gboolean
accept_sure_cb (PostilAnnotation *annotation, PostilSpan span, gpointer data)
{
  Acceptance *acceptance = data;

  if (postil_annotation_get_status (annotation) == POSTIL_STATUS_MOVED &&
      postil_review_accept (acceptance->step, acceptance->document, annotation))
    acceptance->n_accepted += postil_annotation_get_kind (annotation) != POSTIL_ANNOTATION_LINK;

  return G_SOURCE_CONTINUE;
}

static void
replace (PostilStep *step,
         PostilDocument *document,
         PostilAnnotation *before,
         const PostilAnnotationFields *fields)
{
  g_autoptr (PostilAnnotation) after = postil_annotation_new (fields);

  postil_step_change_annotation (step, document, before, after);
}

/**
 * postil_review_accept:
 * @step: the step to add to
 * @document: a document
 * @annotation: one of its annotations
 *
 * Confirms the place that an annotation has in the changed text.
 *
 * Returns: %FALSE when it has no place or nobody doubts it; then nothing changes
 */
gboolean
postil_review_accept (PostilStep *step, PostilDocument *document, PostilAnnotation *annotation)
{
  PostilAnnotationFields fields;

  g_return_val_if_fail (step != NULL && POSTIL_IS_DOCUMENT (document), FALSE);
  g_return_val_if_fail (annotation != NULL, FALSE);

  postil_annotation_get_fields (annotation, &fields);
  if (fields.status != POSTIL_STATUS_MOVED && fields.status != POSTIL_STATUS_UNCERTAIN)
    return FALSE;

  fields.status = POSTIL_STATUS_PLACED;
  fields.anchor = NULL;
  replace (step, document, annotation, &fields);

  return TRUE;
}

/**
 * postil_review_accept_sure:
 * @step: the step to add to
 * @moment: what the documents of a workspace hold
 *
 * Confirms the places of all their annotations that moved and were found for sure, and those of
 * links. May be called in any thread.
 *
 * Returns: how many annotations those are
 */
guint
postil_review_accept_sure (PostilStep *step, const PostilMoment *moment)
{
  Acceptance acceptance = { .step = step };

  g_return_val_if_fail (step != NULL && moment != NULL, 0);

  for (guint i = 0; i < postil_moment_get_n_documents (moment); i++)
    {
      PostilAnnotationIndex *annotations =
        postil_moment_get_annotations (moment, i, &acceptance.document);

      postil_annotation_index_foreach (annotations, accept_sure_cb, &acceptance);
    }

  return acceptance.n_accepted;
}

/**
 * postil_review_choose:
 * @step: the step to add to
 * @document: a document
 * @version: one of its annotations, which is the other version of one
 * @choice: what to keep
 *
 * Decides between two versions. What is kept of two has the id of the first, which others may know.
 * Where the first is gone, the version stays, whatever the choice.
 *
 * Returns: %FALSE when @version is not the version of one; then nothing changes
 */
gboolean
postil_review_choose (PostilStep *step,
                      PostilDocument *document,
                      PostilAnnotation *version,
                      PostilReviewChoice choice)
{
  PostilAnnotation *first;
  PostilAnnotationFields fields;

  g_return_val_if_fail (step != NULL && POSTIL_IS_DOCUMENT (document) && version != NULL, FALSE);

  postil_annotation_get_fields (version, &fields);
  if (fields.version_of == NULL)
    return FALSE;

  first = postil_document_get_annotation (document, fields.version_of);
  if (first == NULL || first == version || choice == POSTIL_REVIEW_KEEP_BOTH)
    {
      fields.version_of = NULL;
      replace (step, document, version, &fields);
      return TRUE;
    }

  if (choice == POSTIL_REVIEW_KEEP_VERSION)
    {
      fields.id = postil_annotation_get_id (first);
      /* There may be a third one, of which this is a version again. */
      fields.version_of = postil_annotation_get_version_of (first);
      replace (step, document, first, &fields);
    }
  postil_step_change_annotation (step, document, version, NULL);

  return TRUE;
}
