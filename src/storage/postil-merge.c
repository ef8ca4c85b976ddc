/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-merge.h"

#include <string.h>

#include "postil-merge-annotation.h"
#include "postil-merge-topic.h"
#include "postil-reanchoring.h"
#include "postil-sidecar-names.h"

/* What foreign members of a snapshot may belong to. */
enum
{
  PROPERTY_TEXT,
  PROPERTY_LABEL,
  PROPERTY_LANGUAGE,
  N_PROPERTIES
};

typedef struct
{
  PostilSnapshot *snapshots[POSTIL_MERGE_N_SIDES];
  PostilMergeText texts[POSTIL_MERGE_N_SIDES];
  PostilMergeSide text;
  gboolean same_text;
  GHashTable *annotations[POSTIL_MERGE_N_SIDES];

  GPtrArray *merged;
  /* Annotations whose place is from the side that has another text. */
  GPtrArray *strangers;
  PostilMergeSide stranger;
  guint n_conflicts;
} Merge;

static int
get_owner (const PostilForeignMember *member)
{
  gboolean of_source = strcmp (member->object, "source") == 0;

  if (member->key == NULL || (!of_source && *member->object != '\0'))
    return -1;
  if (of_source &&
      (strcmp (member->key, "schema:sha256") == 0 || strcmp (member->key, "dcterms:extent") == 0 ||
       strcmp (member->key, "format") == 0))
    return PROPERTY_TEXT;
  if (of_source && strcmp (member->key, "language") == 0)
    return PROPERTY_LANGUAGE;
  return strcmp (member->key, "label") == 0 || strcmp (member->key, "total") == 0 ? PROPERTY_LABEL
                                                                                  : -1;
}

static gboolean
add_cb (PostilAnnotation *annotation, PostilSpan span, gpointer data)
{
  g_hash_table_insert (data, (gpointer) postil_annotation_get_id (annotation), annotation);
  return G_SOURCE_CONTINUE;
}

/* The SHA-256 of the text that a snapshot is about, also where it was read without that text. */
static char *
dup_sha256 (PostilSnapshot *snapshot)
{
  const PostilForeignMember *member;

  if (snapshot->text)
    return g_strdup (postil_text_get_sha256 (snapshot->text));
  member = postil_foreign_find (snapshot->foreign, "source", "schema:sha256");
  return member && member->n_value > 2 && member->value[0] == '"'
           ? g_strndup (member->value + 1, member->n_value - 2)
           : NULL;
}

static void
merge_init (Merge *self, PostilSnapshot *base, PostilSnapshot *ours, PostilSnapshot *theirs)
{
  const char *sha256[POSTIL_MERGE_N_SIDES];

  *self = (Merge){ .snapshots = { base, ours, theirs } };
  for (guint side = 0; side < POSTIL_MERGE_N_SIDES; side++)
    {
      self->annotations[side] = g_hash_table_new (g_str_hash, g_str_equal);
      if (self->snapshots[side])
        {
          self->texts[side].text = self->snapshots[side]->text;
          self->texts[side].sha256 = dup_sha256 (self->snapshots[side]);
          postil_annotation_index_foreach (self->snapshots[side]->annotations, add_cb,
                                           self->annotations[side]);
        }
      sha256[side] = self->texts[side].sha256;
    }
  self->same_text = g_strcmp0 (sha256[POSTIL_MERGE_OURS], sha256[POSTIL_MERGE_THEIRS]) == 0;
  self->text = postil_merge_choose_greater (sha256);
  self->stranger = self->text == POSTIL_MERGE_OURS ? POSTIL_MERGE_THEIRS : POSTIL_MERGE_OURS;
  self->merged = g_ptr_array_new_with_free_func ((GDestroyNotify) postil_annotation_unref);
  self->strangers = g_ptr_array_new_with_free_func ((GDestroyNotify) postil_annotation_unref);
}

static void
merge_clear (Merge *self)
{
  for (guint side = 0; side < POSTIL_MERGE_N_SIDES; side++)
    {
      g_hash_table_unref (self->annotations[side]);
      g_free ((char *) self->texts[side].sha256);
    }
  g_ptr_array_unref (self->merged);
  g_ptr_array_unref (self->strangers);
}

/* @place is the side that its place is from. */
static void
take_annotation (Merge *self, PostilAnnotation *annotation, PostilMergeSide place)
{
  if (self->same_text || place == self->text ||
      !postil_annotation_kind_has_place (postil_annotation_get_kind (annotation)))
    g_ptr_array_add (self->merged, annotation);
  else
    g_ptr_array_add (self->strangers, annotation);
}

/* To follow a text is not to edit a link, which is often deleted for another one. */
static gboolean
is_edited (PostilAnnotation *before, PostilAnnotation *after)
{
  PostilAnnotationFields was, is;

  postil_annotation_get_fields (before, &was);
  postil_annotation_get_fields (after, &is);
  return was.link && is.link ? was.modified != is.modified
                             : !postil_annotation_equal (before, after);
}

static void
merge_annotation (Merge *self, const char *id)
{
  PostilAnnotation *annotations[POSTIL_MERGE_N_SIDES], *version = NULL, *only;
  PostilAnnotation *base, *ours, *theirs, *result;
  PostilMergeSide places[2];

  for (guint side = 0; side < POSTIL_MERGE_N_SIDES; side++)
    annotations[side] = g_hash_table_lookup (self->annotations[side], id);
  base = annotations[POSTIL_MERGE_BASE];
  ours = annotations[POSTIL_MERGE_OURS];
  theirs = annotations[POSTIL_MERGE_THEIRS];

  if (ours == NULL || theirs == NULL)
    {
      only = ours ? ours : theirs;
      /* An edit beats a deletion. */
      if (base == NULL || is_edited (base, only))
        take_annotation (self, postil_annotation_ref (only),
                         ours ? POSTIL_MERGE_OURS : POSTIL_MERGE_THEIRS);
    }
  else if (self->same_text && (postil_annotation_equal (ours, theirs) ||
                               (base && postil_annotation_equal (theirs, base))))
    {
      g_ptr_array_add (self->merged, postil_annotation_ref (ours));
    }
  else if (self->same_text && base && postil_annotation_equal (ours, base))
    {
      g_ptr_array_add (self->merged, postil_annotation_ref (theirs));
    }
  else
    {
      result = postil_merge_annotation (annotations, self->texts, self->text, &version, places);
      take_annotation (self, result, places[0]);
      /* Merged before, and then kept or changed. */
      if (version && (g_hash_table_contains (self->annotations[POSTIL_MERGE_OURS],
                                             postil_annotation_get_id (version)) ||
                      g_hash_table_contains (self->annotations[POSTIL_MERGE_THEIRS],
                                             postil_annotation_get_id (version))))
        g_clear_pointer (&version, postil_annotation_unref);
      if (version)
        {
          self->n_conflicts++;
          take_annotation (self, version, places[1]);
        }
    }
}

/* Brings annotations over whose place is true for the text of the other side. */
static void
settle_strangers (Merge *self)
{
  PostilText *old_text = self->texts[self->stranger].text;
  PostilText *text = self->texts[self->text].text;
  g_autoptr (GPtrArray) placed = NULL;

  if (self->strangers->len == 0)
    return;
  if (old_text && text)
    {
      placed = postil_reanchoring_run (old_text, text, self->strangers, NULL, NULL, NULL);
    }
  else
    {
      placed = g_ptr_array_new_with_free_func ((GDestroyNotify) postil_annotation_unref);
      for (guint i = 0; i < self->strangers->len; i++)
        g_ptr_array_add (placed, postil_merge_annotation_leave_text (
                                   self->strangers->pdata[i], self->texts[self->stranger].sha256));
    }
  g_ptr_array_extend (self->merged, placed, (GCopyFunc) (GCallback) postil_annotation_ref, NULL);
}

static PostilAnnotationIndex *
merge_annotations (Merge *self)
{
  GHashTableIter iter;
  gpointer id;

  g_hash_table_iter_init (&iter, self->annotations[POSTIL_MERGE_OURS]);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    merge_annotation (self, id);
  g_hash_table_iter_init (&iter, self->annotations[POSTIL_MERGE_THEIRS]);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    if (!g_hash_table_contains (self->annotations[POSTIL_MERGE_OURS], id))
      merge_annotation (self, id);
  settle_strangers (self);
  return postil_annotation_index_new ((PostilAnnotation *const *) self->merged->pdata,
                                      self->merged->len);
}

static void
use (GHashTable *used, const char *id)
{
  if (id)
    g_hash_table_add (used, (gpointer) id);
}

/* Adds the ids of the topics and annotators that an annotation refers to to a set. */
static gboolean
use_cb (PostilAnnotation *annotation, PostilSpan span, gpointer data)
{
  PostilAnnotationFields fields;

  postil_annotation_get_fields (annotation, &fields);
  use (data, fields.creator);
  for (guint i = 0; i < fields.n_topics; i++)
    use (data, fields.topics[i]);
  for (guint i = 0; i < fields.n_notes; i++)
    use (data, postil_note_get_creator (fields.notes[i]));
  return G_SOURCE_CONTINUE;
}

static PostilSnapshot *
merge_snapshot (Merge *self,
                PostilAnnotationIndex *annotations,
                GPtrArray *topics,
                GPtrArray *annotators)
{
  const char *ids[POSTIL_MERGE_N_SIDES] = { NULL };
  const char *collections[POSTIL_MERGE_N_SIDES] = { NULL };
  const char *labels[POSTIL_MERGE_N_SIDES] = { NULL };
  const char *languages[POSTIL_MERGE_N_SIDES] = { NULL };
  PostilForeign *foreign[POSTIL_MERGE_N_SIDES] = { NULL };
  PostilMergeSide sides[N_PROPERTIES];
  g_autoptr (PostilForeign) merged = NULL;
  PostilMergeSide id, collection;

  for (guint side = 0; side < POSTIL_MERGE_N_SIDES; side++)
    if (self->snapshots[side])
      {
        ids[side] = self->snapshots[side]->id;
        collections[side] = self->snapshots[side]->collection;
        labels[side] = self->snapshots[side]->label;
        languages[side] = self->snapshots[side]->language;
        foreign[side] = self->snapshots[side]->foreign;
      }
  sides[PROPERTY_TEXT] = self->text;
  sides[PROPERTY_LABEL] = postil_merge_choose_greater (labels);
  sides[PROPERTY_LANGUAGE] = postil_merge_choose_greater (languages);
  id = postil_merge_choose_greater (ids);
  collection = postil_merge_choose_greater (collections);
  self->n_conflicts += postil_merge_choose (languages) == POSTIL_MERGE_BOTH;
  merged = postil_merge_foreign (foreign, get_owner, sides, NULL, 0);

  return postil_snapshot_new (&(PostilSnapshot){
    .id = (char *) ids[id],
    .collection = (char *) collections[collection],
    .label = (char *) labels[sides[PROPERTY_LABEL]],
    .language = (char *) languages[sides[PROPERTY_LANGUAGE]],
    .text = self->texts[self->text].text,
    .annotations = annotations,
    .annotators = annotators,
    .topics = topics,
    .foreign = merged,
  });
}

/**
 * postil_merge:
 * @base: (nullable): what both sides started from; %NULL when each began for itself
 * @ours: one side
 * @theirs: the other
 * @n_conflicts: (out) (nullable): how often both had changed the same thing differently
 *
 * Merges what two people made of one sidecar: annotations, topics and annotators by id, and each
 * property of them by itself. What only one side changed is taken, an edit beats a deletion. Where
 * both changed the same property of an annotation differently, the later one keeps the id and the
 * other becomes an annotation of its own, a version of it, until a person chooses. Other labels
 * and definitions of a topic stay as such; of its other properties the later one is taken.
 *
 * Exchanging the sides changes nothing, and neither does merging the result with a side again. All
 * three may be about the same text, or have been read without one. A side may hold only what
 * changed since the base, if that holds the same before the change. Where the sides are about
 * different texts the result is about the one that replaced the base's; places in the other are
 * searched there, or without the texts left to who reads the result with its text.
 *
 * Returns: (transfer full): what came of it
 */
PostilSnapshot *
postil_merge (PostilSnapshot *base,
              PostilSnapshot *ours,
              PostilSnapshot *theirs,
              guint *n_conflicts)
{
  g_autoptr (PostilAnnotationIndex) annotations = NULL;
  g_autoptr (GPtrArray) topics = NULL;
  g_autoptr (GPtrArray) annotators = NULL;
  GPtrArray *lists[POSTIL_MERGE_N_SIDES];
  /* The ids that the result refers to, in the place of the base, and the sides. */
  GHashTable *used[POSTIL_MERGE_N_SIDES];
  PostilSnapshot *result;
  Merge merge;

  g_return_val_if_fail (ours != NULL && theirs != NULL, NULL);

  merge_init (&merge, base, ours, theirs);
  annotations = merge_annotations (&merge);
  for (guint side = 0; side < POSTIL_MERGE_N_SIDES; side++)
    {
      lists[side] = merge.snapshots[side] ? merge.snapshots[side]->topics : NULL;
      used[side] = g_hash_table_new (g_str_hash, g_str_equal);
      postil_annotation_index_foreach (
        side == POSTIL_MERGE_BASE ? annotations : merge.snapshots[side]->annotations, use_cb,
        used[side]);
    }
  topics = postil_merge_topics (lists, used, &merge.n_conflicts);
  for (guint side = 0; side < POSTIL_MERGE_N_SIDES; side++)
    lists[side] = merge.snapshots[side] ? merge.snapshots[side]->annotators : NULL;
  annotators = postil_merge_annotators (lists, used);
  for (guint side = 0; side < POSTIL_MERGE_N_SIDES; side++)
    g_hash_table_unref (used[side]);
  result = merge_snapshot (&merge, annotations, topics, annotators);
  if (n_conflicts)
    *n_conflicts = merge.n_conflicts;
  merge_clear (&merge);
  return result;
}

/**
 * postil_merge_into:
 * @base: (nullable): what both sides started from; it may be about an earlier text, and so may
 * @theirs
 * @ours: (inout) (transfer full): what becomes the result, about the text that it is about now
 * @theirs: the other side
 *
 * Merges as postil_merge() does. What stays as it was is the very same in the result, see
 * postil_snapshot_share().
 */
void
postil_merge_into (PostilSnapshot *base, PostilSnapshot **ours, PostilSnapshot *theirs)
{
  g_autoptr (PostilSnapshot) snapshot = NULL, merged = NULL;
  g_autoptr (PostilSnapshot) moved_base = NULL, moved_theirs = NULL;

  g_return_if_fail (ours != NULL && *ours != NULL && theirs != NULL);

  snapshot = *ours;
  if (base != NULL && snapshot->text != NULL)
    {
      base = moved_base = postil_reanchoring_run_snapshot (base, snapshot->text);
      theirs = moved_theirs = postil_reanchoring_run_snapshot (theirs, snapshot->text);
    }
  merged = postil_merge (base, snapshot, theirs, NULL);
  *ours = postil_snapshot_share (merged, snapshot);
}
