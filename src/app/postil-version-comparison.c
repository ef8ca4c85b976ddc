/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-version-comparison.h"

static void
difference_clear (gpointer data)
{
  postil_annotation_unref (((PostilVersionDifference *) data)->annotation);
}

static void
add (PostilVersionComparison *self,
     PostilVersionKind kind,
     PostilAnnotation *annotation,
     guint most)
{
  PostilVersionDifference difference = { kind, annotation };

  self->counts[kind]++;
  if (self->differences->len == most)
    return;
  postil_annotation_ref (annotation);
  g_array_append_val (self->differences, difference);
}

/**
 * postil_version_comparison_new:
 * @now: the annotations of a document
 * @then: those of the version
 * @most: how many differences to keep
 *
 * Goes through all annotations that can be shown, in any thread.
 *
 * Returns: (transfer full): what restoring the version would do
 */
PostilVersionComparison *
postil_version_comparison_new (PostilAnnotationIndex *now, PostilAnnotationIndex *then, guint most)
{
  PostilVersionComparison *self;
  g_autoptr (GHashTable) ids = NULL;

  g_return_val_if_fail (now != NULL && then != NULL, NULL);

  self = g_new0 (PostilVersionComparison, 1);
  self->differences = g_array_new (FALSE, FALSE, sizeof (PostilVersionDifference));
  g_array_set_clear_func (self->differences, difference_clear);
  ids = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < postil_annotation_index_get_n_shown (then); i++)
    {
      PostilAnnotation *annotation = postil_annotation_index_get (then, i);
      const char *id = postil_annotation_get_id (annotation);
      PostilAnnotation *present = postil_annotation_index_lookup (now, id);

      g_hash_table_add (ids, (gpointer) id);
      if (present == NULL)
        add (self, POSTIL_VERSION_COMES_BACK, annotation, most);
      else if (!postil_annotation_equal (present, annotation))
        add (self, POSTIL_VERSION_CHANGES, annotation, most);
    }
  for (guint i = 0; i < postil_annotation_index_get_n_shown (now); i++)
    {
      PostilAnnotation *annotation = postil_annotation_index_get (now, i);

      if (!g_hash_table_contains (ids, postil_annotation_get_id (annotation)))
        add (self, POSTIL_VERSION_GOES, annotation, most);
    }
  return self;
}

void
postil_version_comparison_free (PostilVersionComparison *self)
{
  g_return_if_fail (self != NULL);

  g_array_unref (self->differences);
  g_free (self);
}
