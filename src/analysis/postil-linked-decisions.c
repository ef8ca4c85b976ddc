/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-linked-decisions.h"

#include <string.h>

#include "postil-alignment.h"
#include "postil-linking.h"

/* What a person decided about the passages of two documents, as the links between them say. */

/* A decision with what tells which of two is the later one. */
typedef struct
{
  PostilDecision decision;
  gint64 time;
  const char *id;
  PostilAnnotation *link;
} Dated;

static int
compare_dated (gconstpointer a, gconstpointer b)
{
  const Dated *x = a, *y = b;

  if (x->time != y->time)
    return x->time < y->time ? -1 : 1;
  return strcmp (x->id, y->id);
}

/* From the first to the last of several passages. */
static PostilSpan
get_extent (const PostilSpan *spans, guint n_spans)
{
  PostilSpan extent = spans[0];

  for (guint i = 1; i < n_spans; i++)
    extent.end = MAX (extent.end, spans[i].end);
  return extent;
}

static gboolean
decides (const PostilAnnotationFields *fields)
{
  return postil_link_get_kind (fields->link) != POSTIL_LINK_PLAIN && fields->n_spans > 0;
}

/* Adds what the links of one document say. */
static void
add_decisions (GPtrArray *annotations,
               gboolean of_b,
               PostilText *other,
               GCancellable *cancellable,
               GArray *dated)
{
  g_autoptr (GArray) deciding = g_array_new (FALSE, FALSE, sizeof (PostilAnnotationFields));
  g_autoptr (GPtrArray) links = g_ptr_array_new (), of = g_ptr_array_new ();
  g_autoptr (GPtrArray) places = NULL;

  for (guint i = 0; i < annotations->len; i++)
    {
      PostilAnnotationFields fields;

      postil_annotation_get_fields (g_ptr_array_index (annotations, i), &fields);
      if (!decides (&fields))
        continue;
      g_array_append_val (deciding, fields);
      g_ptr_array_add (links, fields.link);
      g_ptr_array_add (of, g_ptr_array_index (annotations, i));
    }
  places = postil_linking_resolve_all (links, other, cancellable);
  for (guint i = 0; places != NULL && i < places->len; i++)
    {
      const PostilAnnotationFields *fields = &g_array_index (deciding, PostilAnnotationFields, i);
      GArray *found = g_ptr_array_index (places, i);
      PostilSpan here, there;
      Dated decision = { .time = MAX (fields->created, fields->modified),
                         .id = fields->id,
                         .link = g_ptr_array_index (of, i) };

      if (found == NULL || found->len == 0)
        continue;
      here = get_extent (fields->spans, fields->n_spans);
      there = get_extent ((const PostilSpan *) found->data, found->len);
      decision.decision = (PostilDecision){
        of_b ? there : here,
        of_b ? here : there,
        postil_link_get_kind (fields->link) == POSTIL_LINK_PAIRED,
      };
      g_array_append_val (dated, decision);
    }
}

/**
 * postil_linked_decisions_collect:
 * @a: a document
 * @b: another one
 * @links: (array fixed-size=2) (out) (element-type PostilAnnotation): the links between them that
 * each has; the caller frees both arrays
 *
 * Collects what postil_linked_decisions_resolve() needs.
 */
void
postil_linked_decisions_collect (PostilDocument *a, PostilDocument *b, GPtrArray *links[2])
{
  g_return_if_fail (POSTIL_IS_DOCUMENT (a) && POSTIL_IS_DOCUMENT (b));

  for (guint side = 0; side < 2; side++)
    links[side] = g_ptr_array_new_with_free_func ((GDestroyNotify) postil_annotation_unref);
  postil_linking_list (a, b, links[0]);
  if (b != a)
    postil_linking_list (b, a, links[1]);
}

/**
 * postil_linked_decisions_resolve:
 * @links: (array fixed-size=2) (element-type PostilAnnotation): links of each of two documents
 * @texts: (array fixed-size=2): their texts
 * @deciding: (nullable) (element-type PostilAnnotation) (transfer full): takes the link of each
 * decision, in their order
 * @cancellable: (nullable): ends it early
 *
 * Finds what they say in the texts; what is not found there decides nothing. May be called in any
 * thread.
 *
 * Returns: (transfer full) (element-type PostilDecision): the decisions, the latest last; not all
 * of them when it was cancelled
 */
GArray *
postil_linked_decisions_resolve (GPtrArray *const links[2],
                                 PostilText *const texts[2],
                                 GPtrArray *deciding,
                                 GCancellable *cancellable)
{
  g_autoptr (GArray) dated = g_array_new (FALSE, FALSE, sizeof (Dated));
  GArray *decisions = g_array_new (FALSE, FALSE, sizeof (PostilDecision));

  for (guint side = 0; side < 2; side++)
    add_decisions (links[side], side == 1, texts[1 - side], cancellable, dated);
  g_array_sort (dated, compare_dated);
  for (guint i = 0; i < dated->len; i++)
    {
      const Dated *settled = &g_array_index (dated, Dated, i);

      g_array_append_val (decisions, settled->decision);
      if (deciding != NULL)
        g_ptr_array_add (deciding, postil_annotation_ref (settled->link));
    }
  return decisions;
}
