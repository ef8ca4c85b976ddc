/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "fixture.h"

#include <string.h>

static PostilTopic *
new_topic (const char *id, const char *label, const char *color, const char *broader)
{
  return postil_topic_new (&(PostilTopicFields){ .id = id,
                                                 .label = label,
                                                 .color = color,
                                                 .broader = broader,
                                                 .definition = "<what it means>" });
}

static PostilAnnotation *
new_annotation (const FixtureAnnotation *self, guint number)
{
  g_autofree char *id = g_strdup_printf ("urn:uuid:00000000-0000-4000-8000-%012u", number);
  const char *topics[2];
  PostilNote *notes[2];
  PostilAnnotationFields fields = {
    .id = id,
    .kind = self->kind,
    .status = self->status,
    .creator = FIXTURE_ADA,
    .created = 1767225600,
    .spans = self->spans,
    .topics = topics,
    .notes = notes,
  };
  PostilAnnotation *annotation;

  while (self->spans[fields.n_spans].end > 0)
    fields.n_spans++;
  for (const char *c = self->topics; c != NULL && *c != '\0'; c++)
    topics[fields.n_topics++] = *c == 'T' ? FIXTURE_TRUST : FIXTURE_DOUBT;
  if (self->note != NULL)
    notes[fields.n_notes++] = postil_note_new (self->note, FIXTURE_ADA, 1767225600, NULL);
  if (self->other_note != NULL)
    notes[fields.n_notes++] = postil_note_new (self->other_note, FIXTURE_BOB, 1767225601, NULL);
  if (self->lost_quote != NULL)
    fields.anchor = postil_anchor_new (
      &(PostilSelector){ .exact = self->lost_quote, .prefix = "", .suffix = "" }, 1, NULL, NULL);

  annotation = postil_annotation_new (&fields);
  for (guint i = 0; i < fields.n_notes; i++)
    postil_note_unref (notes[i]);
  g_clear_pointer (&fields.anchor, postil_anchor_unref);
  return annotation;
}

PostilSnapshot *
fixture_snapshot (const char *label,
                  const char *text,
                  const FixtureAnnotation *annotations,
                  guint n_annotations)
{
  g_autoptr (PostilText) decoded = postil_text_new (g_strdup (text), strlen (text), NULL);
  g_autoptr (GPtrArray) list =
    g_ptr_array_new_with_free_func ((GDestroyNotify) postil_annotation_unref);
  g_autoptr (GPtrArray) annotators =
    g_ptr_array_new_with_free_func ((GDestroyNotify) postil_annotator_unref);
  g_autoptr (GPtrArray) topics =
    g_ptr_array_new_with_free_func ((GDestroyNotify) postil_topic_unref);
  g_autoptr (PostilAnnotationIndex) index = NULL;

  for (guint i = 0; i < n_annotations; i++)
    g_ptr_array_add (list, new_annotation (&annotations[i], i + 1));
  index = postil_annotation_index_new ((PostilAnnotation *const *) list->pdata, list->len);
  g_ptr_array_add (annotators, postil_annotator_new (FIXTURE_ADA, "Ada \"A\" <a>", NULL));
  g_ptr_array_add (annotators, postil_annotator_new (FIXTURE_BOB, "Bob", NULL));
  g_ptr_array_add (topics, new_topic (FIXTURE_TRUST, "Trust", "#e5a50a", NULL));
  g_ptr_array_add (topics, new_topic (FIXTURE_DOUBT, "Doubt & <fear>", "#3584e4", FIXTURE_TRUST));

  return postil_snapshot_new (&(PostilSnapshot){
    .id = (char *) "urn:uuid:00000000-0000-4000-8000-000000000c01",
    .collection = (char *) "urn:uuid:00000000-0000-4000-8000-000000000c02",
    .label = (char *) label,
    .text = decoded,
    .annotations = index,
    .annotators = annotators,
    .topics = topics,
  });
}

/* (transfer full): the export of one document, or of two */
char *
fixture_export (const char *format, PostilSnapshot *first, PostilSnapshot *second)
{
  g_autoptr (GPtrArray) snapshots = g_ptr_array_new ();
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (snapshots, first);
  if (second != NULL)
    g_ptr_array_add (snapshots, second);
  bytes = postil_format_export (postil_format_find (format), snapshots, NULL, &error);
  g_assert_no_error (error);
  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}
