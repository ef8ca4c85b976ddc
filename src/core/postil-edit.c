/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-edit.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "postil-error.h"
#include "postil-linking.h"

/*
 * The verbs of Postil. Each adds to a step what it changes; nothing happens until the step is
 * committed with postil_workspace_commit(). Verbs of one step must not change the same value twice.
 */

static gint64
now (PostilWorkspace *workspace)
{
  const PostilEnvironment *environment = postil_workspace_get_environment (workspace);

  return environment->now (environment->data);
}

static char *
new_id (PostilWorkspace *workspace)
{
  const PostilEnvironment *environment = postil_workspace_get_environment (workspace);

  return environment->new_id (environment->data);
}

/* Drops from @foreign what stands in for a property that is changed. */
static void
drop_stand_in (PostilForeign **foreign, const char *key, gboolean changed)
{
  PostilForeign *left = changed ? postil_foreign_without (*foreign, "", key) : NULL;

  if (changed)
    {
      g_clear_pointer (foreign, postil_foreign_unref);
      *foreign = left;
    }
}

/* (transfer full): what @fields say in place of @before, as changed at @time; in any thread */
static PostilAnnotation *
make_changed (PostilAnnotation *before, PostilAnnotationFields *fields, gint64 time)
{
  g_autoptr (PostilForeign) foreign = fields->foreign ? postil_foreign_ref (fields->foreign) : NULL;
  guint n_topics, n_notes;

  postil_annotation_get_topics (before, &n_topics);
  postil_annotation_get_notes (before, &n_notes);
  drop_stand_in (&foreign, POSTIL_FOREIGN_MODIFIED, TRUE);
  drop_stand_in (&foreign, POSTIL_FOREIGN_MOTIVATION,
                 n_topics != fields->n_topics || n_notes != fields->n_notes);
  fields->modified = time;
  fields->foreign = foreign;
  return postil_annotation_new (fields);
}

/* Replaces @before by what @fields say, as changed now. */
static void
change_annotation (PostilWorkspace *workspace,
                   PostilStep *step,
                   PostilDocument *document,
                   PostilAnnotation *before,
                   PostilAnnotationFields *fields)
{
  g_autoptr (PostilAnnotation) after = make_changed (before, fields, now (workspace));

  postil_step_change_annotation (step, document, before, after);
}

/* Replaces @before by what @fields say, as changed now. */
static void
change_topic (PostilWorkspace *workspace,
              PostilStep *step,
              PostilTopic *before,
              const PostilTopicFields *fields)
{
  g_autoptr (PostilForeign) foreign = fields->foreign ? postil_foreign_ref (fields->foreign) : NULL;
  g_autoptr (PostilTopic) after = NULL;
  PostilTopicFields was, changed = *fields;

  postil_topic_get_fields (before, &was);
  drop_stand_in (&foreign, POSTIL_FOREIGN_MODIFIED, TRUE);
  drop_stand_in (&foreign, POSTIL_FOREIGN_LABEL, g_strcmp0 (was.label, fields->label) != 0);
  drop_stand_in (&foreign, POSTIL_FOREIGN_DEFINITION,
                 g_strcmp0 (was.definition, fields->definition) != 0);
  drop_stand_in (&foreign, POSTIL_FOREIGN_COLOR, g_strcmp0 (was.color, fields->color) != 0);
  drop_stand_in (&foreign, POSTIL_FOREIGN_BROADER, g_strcmp0 (was.broader, fields->broader) != 0);
  drop_stand_in (&foreign, POSTIL_FOREIGN_DEPRECATED, was.deprecated != fields->deprecated);
  changed.modified = now (workspace);
  changed.foreign = foreign;
  after = postil_topic_new (&changed);
  postil_step_change_topic (step, before, after);
}

/* A topic that @step is going to make, directly below @broader. */
static PostilTopic *
find_pending (PostilStep *step, const char *broader, const char *label)
{
  guint n_changes;
  const PostilChange *changes = postil_step_get_changes (step, &n_changes);

  for (guint i = 0; i < n_changes; i++)
    {
      PostilTopic *topic = changes[i].topic.after;

      if (topic && changes[i].topic.before == NULL &&
          strcmp (postil_topic_get_label (topic), label) == 0 &&
          g_strcmp0 (postil_topic_get_broader (topic), broader) == 0)
        return topic;
    }

  return NULL;
}

/* A topic that goes from all annotations of a moment, which get another in its place, if any. */
typedef struct
{
  PostilMoment *moment;
  char *topic;
  char *into;
  /* What changes of the codebook, after that. */
  PostilStep *codebook;
  /* Where the walk is. */
  PostilStep *step;
  PostilDocument *document;
  guint n_removed;
} TopicRemoval;

static void
topic_removal_free (gpointer data)
{
  TopicRemoval *removal = data;

  postil_moment_free (removal->moment);
  postil_step_unref (removal->codebook);
  g_free (removal->topic);
  g_free (removal->into);
  g_free (removal);
}

static gboolean
remove_topic_cb (PostilAnnotation *annotation, PostilSpan span, gpointer data)
{
  TopicRemoval *removal = data;
  g_autoptr (PostilAnnotation) after = NULL;

  if (!postil_annotation_has_topic (annotation, removal->topic))
    return G_SOURCE_CONTINUE;
  after = postil_edit_retag (annotation, removal->topic, removal->into,
                             postil_moment_get_time (removal->moment));
  if (after)
    {
      postil_step_change_annotation (removal->step, removal->document, annotation, after);
      removal->n_removed++;
    }

  return G_SOURCE_CONTINUE;
}

/* In any thread. */
static void
compose_removal (PostilStep *step, gpointer data)
{
  TopicRemoval *removal = data;
  guint n_changes;
  const PostilChange *changes = postil_step_get_changes (removal->codebook, &n_changes);

  removal->step = step;
  for (guint i = 0; i < postil_moment_get_n_documents (removal->moment); i++)
    {
      PostilAnnotationIndex *annotations =
        postil_moment_get_annotations (removal->moment, i, &removal->document);

      if (postil_annotation_tally_count_topic (postil_annotation_index_get_tally (annotations),
                                               removal->topic) > 0)
        postil_annotation_index_foreach (annotations, remove_topic_cb, removal);
    }
  for (guint i = 0; i < n_changes; i++)
    postil_step_change_topic (step, changes[i].topic.before, changes[i].topic.after);
}

/* Marks @topic as deprecated and moves those below it up, or below @into. */
static TopicRemoval *
topic_removal_new (PostilWorkspace *workspace, const char *topic, const char *into)
{
  PostilCodebook *codebook = postil_workspace_get_codebook (workspace);
  PostilTopic *before = postil_codebook_get_topic (codebook, topic);
  TopicRemoval *removal = g_new0 (TopicRemoval, 1);
  g_autoptr (GPtrArray) children = postil_codebook_list_children (codebook, topic);
  gboolean moves_up = !into || postil_codebook_is_within (codebook, into, topic);
  PostilTopicFields fields;

  removal->moment = postil_moment_new (workspace);
  removal->topic = g_strdup (topic);
  removal->into = g_strdup (into);
  removal->codebook = postil_step_new ("");
  for (guint i = 0; i < children->len; i++)
    {
      postil_topic_get_fields (g_ptr_array_index (children, i), &fields);
      fields.broader = moves_up ? postil_topic_get_broader (before) : into;
      change_topic (workspace, removal->codebook, g_ptr_array_index (children, i), &fields);
    }
  postil_topic_get_fields (before, &fields);
  fields.deprecated = TRUE;
  change_topic (workspace, removal->codebook, before, &fields);

  return removal;
}

/* Composes the step at once. Returns how many annotations change. */
static guint
remove_now (PostilWorkspace *workspace, PostilStep *step, const char *topic, const char *into)
{
  TopicRemoval *removal = topic_removal_new (workspace, topic, into);
  guint n_removed;

  compose_removal (step, removal);
  n_removed = removal->n_removed;
  topic_removal_free (removal);
  return n_removed;
}

static gboolean
has_topic (PostilWorkspace *workspace, const char *topic)
{
  return postil_codebook_get_topic (postil_workspace_get_codebook (workspace), topic) != NULL;
}

/**
 * postil_edit_add_annotation:
 * @workspace: a workspace
 * @step: the step to add to
 * @document: one of its documents
 * @spans: (array length=n_spans): the ranges of the passage in code points
 * @n_spans: how many; 0 for an annotation of the whole document
 * @topics: (nullable) (array zero-terminated=1): ids of topics
 * @note: (nullable): a note
 *
 * Returns: (transfer full): the id of the new annotation
 */
char *
postil_edit_add_annotation (PostilWorkspace *workspace,
                            PostilStep *step,
                            PostilDocument *document,
                            const PostilSpan *spans,
                            guint n_spans,
                            const char *const *topics,
                            const char *note)
{
  g_autofree PostilSpan *sorted = NULL;
  g_autofree char *id = NULL;
  g_autoptr (PostilNote) own_note = NULL;
  g_autoptr (PostilAnnotation) annotation = NULL;
  PostilAnnotator *annotator;
  PostilAnnotationFields fields = { 0 };

  g_return_val_if_fail (POSTIL_IS_WORKSPACE (workspace) && step != NULL, NULL);
  g_return_val_if_fail (POSTIL_IS_DOCUMENT (document), NULL);

  annotator = postil_workspace_get_annotator (workspace);
  sorted = g_memdup2 (spans, n_spans * sizeof (PostilSpan));
  if (n_spans > 1)
    qsort (sorted, n_spans, sizeof (PostilSpan), postil_span_compare);
  id = new_id (workspace);

  fields.id = id;
  fields.kind = n_spans > 0 ? POSTIL_ANNOTATION_PASSAGE : POSTIL_ANNOTATION_DOCUMENT;
  fields.creator = postil_annotator_get_id (annotator);
  fields.created = now (workspace);
  fields.spans = sorted;
  fields.n_spans = n_spans;
  fields.topics = topics;
  fields.n_topics = topics ? g_strv_length ((GStrv) topics) : 0;
  if (note && note[0] != '\0')
    {
      own_note = postil_note_new (note, fields.creator, fields.created, NULL);
      fields.notes = &own_note;
      fields.n_notes = 1;
    }

  annotation = postil_annotation_new (&fields);
  postil_document_add_annotator (document, annotator);
  postil_step_change_annotation (step, document, NULL, annotation);

  return g_steal_pointer (&id);
}

void
postil_edit_remove_annotation (PostilStep *step,
                               PostilDocument *document,
                               PostilAnnotation *annotation)
{
  g_return_if_fail (step != NULL && POSTIL_IS_DOCUMENT (document) && annotation != NULL);

  postil_step_change_annotation (step, document, annotation, NULL);
}

/**
 * postil_edit_remove_links:
 * @workspace: a workspace
 * @step: a step that removes annotations; to be called last
 *
 * Removes with them the links of the open documents that name them.
 */
void
postil_edit_remove_links (PostilWorkspace *workspace, PostilStep *step)
{
  g_autoptr (GHashTable) gone = g_hash_table_new (NULL, NULL);
  GListModel *documents;
  const PostilChange *changes;
  guint n_changes, n_before;

  g_return_if_fail (POSTIL_IS_WORKSPACE (workspace) && step != NULL);

  documents = postil_workspace_get_documents (workspace);
  changes = postil_step_get_changes (step, &n_before);
  for (guint i = 0; i < n_before; i++)
    if (changes[i].annotation.before && !changes[i].annotation.after)
      g_hash_table_add (gone, changes[i].annotation.before);
  for (guint d = 0; d < g_list_model_get_n_items (documents); d++)
    {
      g_autoptr (PostilDocument) document = g_list_model_get_item (documents, d);

      for (guint i = 0; i < n_before; i++)
        {
          const PostilChange *change = &postil_step_get_changes (step, &n_changes)[i];
          GPtrArray *links = change->annotation.before && !change->annotation.after
                               ? postil_document_get_links (
                                   document, postil_annotation_get_id (change->annotation.before))
                               : NULL;

          for (guint k = 0; links && k < links->len; k++)
            if (g_hash_table_add (gone, links->pdata[k]))
              postil_step_change_annotation (step, document, links->pdata[k], NULL);
        }
    }
}

static gboolean
is_named (GHashTable *gone, const char *annotation)
{
  return annotation && g_hash_table_contains (gone, annotation);
}

/**
 * postil_edit_remove_links_of_many:
 * @step: a step that removes annotations; to be called last
 * @moment: what the documents hold
 *
 * Does what postil_edit_remove_links() does, in any thread, and looks at every link for it.
 */
void
postil_edit_remove_links_of_many (PostilStep *step, const PostilMoment *moment)
{
  g_autoptr (GHashTable) gone = g_hash_table_new (g_str_hash, g_str_equal);
  const PostilChange *changes;
  guint n_changes;

  g_return_if_fail (step != NULL && moment != NULL);

  changes = postil_step_get_changes (step, &n_changes);
  for (guint i = 0; i < n_changes; i++)
    if (changes[i].annotation.before && !changes[i].annotation.after)
      g_hash_table_add (gone, (gpointer) postil_annotation_get_id (changes[i].annotation.before));
  for (guint d = 0; d < postil_moment_get_n_documents (moment); d++)
    {
      PostilDocument *document;
      PostilAnnotationIndex *all = postil_moment_get_annotations (moment, d, &document);

      for (guint i = postil_annotation_index_get_n_shown (all);
           i < postil_annotation_index_get_size (all); i++)
        {
          PostilAnnotation *annotation = postil_annotation_index_get (all, i);
          PostilLink *link = postil_annotation_get_link (annotation);

          if ((is_named (gone, postil_link_get_from (link)) ||
               is_named (gone, postil_link_get_to (link))) &&
              !is_named (gone, postil_annotation_get_id (annotation)))
            postil_step_change_annotation (step, document, annotation, NULL);
        }
    }
}

/**
 * postil_edit_set_spans:
 * @workspace: a workspace
 * @step: the step to add to
 * @document: one of its documents
 * @annotation: one of its annotations, about a passage
 * @spans: (array length=n_spans): the ranges of its passage from now on, in code points
 * @n_spans: how many, at least 1
 *
 * Places an annotation where a person says that it belongs.
 */
void
postil_edit_set_spans (PostilWorkspace *workspace,
                       PostilStep *step,
                       PostilDocument *document,
                       PostilAnnotation *annotation,
                       const PostilSpan *spans,
                       guint n_spans)
{
  g_autofree PostilSpan *sorted = NULL;
  PostilAnnotationFields fields;

  g_return_if_fail (POSTIL_IS_WORKSPACE (workspace) && step != NULL);
  g_return_if_fail (POSTIL_IS_DOCUMENT (document) && annotation != NULL);
  g_return_if_fail (spans != NULL && n_spans > 0);

  postil_annotation_get_fields (annotation, &fields);
  g_return_if_fail (fields.kind == POSTIL_ANNOTATION_PASSAGE);

  sorted = g_memdup2 (spans, n_spans * sizeof (PostilSpan));
  qsort (sorted, n_spans, sizeof (PostilSpan), postil_span_compare);
  fields.spans = sorted;
  fields.n_spans = n_spans;
  fields.status = POSTIL_STATUS_PLACED;
  fields.anchor = NULL;
  change_annotation (workspace, step, document, annotation, &fields);
}

/**
 * postil_edit_set_topic:
 * @workspace: a workspace
 * @step: the step to add to
 * @document: one of its documents
 * @annotation: one of its annotations
 * @topic: id of a topic
 * @present: whether the annotation is to have it
 *
 * Changes nothing when that is so already, nor in an annotation that Postil cannot show.
 */
void
postil_edit_set_topic (PostilWorkspace *workspace,
                       PostilStep *step,
                       PostilDocument *document,
                       PostilAnnotation *annotation,
                       const char *topic,
                       gboolean present)
{
  g_autoptr (PostilAnnotation) after = NULL;

  g_return_if_fail (POSTIL_IS_WORKSPACE (workspace) && step != NULL);
  g_return_if_fail (POSTIL_IS_DOCUMENT (document) && annotation != NULL && topic != NULL);

  after =
    postil_edit_retag (annotation, present ? NULL : topic, present ? topic : NULL, now (workspace));
  if (after)
    postil_step_change_annotation (step, document, annotation, after);
}

/**
 * postil_edit_retag:
 * @annotation: an annotation
 * @taken: (nullable): id of a topic that it is not to have
 * @given: (nullable): id of a topic that it is to have, in place of @taken
 * @time: when, in seconds since the Unix epoch
 *
 * What postil_edit_set_topic() does, for composing a step about very many annotations in a thread.
 *
 * Returns: (transfer full) (nullable): what becomes of @annotation; %NULL when nothing changes
 */
PostilAnnotation *
postil_edit_retag (PostilAnnotation *annotation, const char *taken, const char *given, gint64 time)
{
  g_autoptr (GPtrArray) topics = NULL;
  PostilAnnotationFields fields;
  gboolean takes, gives;

  g_return_val_if_fail (annotation != NULL, NULL);

  postil_annotation_get_fields (annotation, &fields);
  takes = taken && postil_annotation_has_topic (annotation, taken);
  gives = given && !postil_annotation_has_topic (annotation, given);
  if (fields.kind == POSTIL_ANNOTATION_FOREIGN || !(takes || gives))
    return NULL;

  topics = g_ptr_array_new ();
  for (guint i = 0; i < fields.n_topics; i++)
    if (!takes || strcmp (fields.topics[i], taken) != 0)
      g_ptr_array_add (topics, (gpointer) fields.topics[i]);
    else if (gives)
      {
        g_ptr_array_add (topics, (gpointer) given);
        gives = FALSE;
      }
  if (gives)
    g_ptr_array_add (topics, (gpointer) given);
  fields.topics = (const char *const *) topics->pdata;
  fields.n_topics = topics->len;
  return make_changed (annotation, &fields, time);
}

/**
 * postil_edit_set_note:
 * @workspace: a workspace
 * @step: the step to add to
 * @document: one of its documents
 * @annotation: one of its annotations
 * @note: the note of the workspace's annotator; empty to take it away
 *
 * Notes of others stay. Changes nothing when the note is that already, nor in an annotation that
 * Postil cannot show.
 */
void
postil_edit_set_note (PostilWorkspace *workspace,
                      PostilStep *step,
                      PostilDocument *document,
                      PostilAnnotation *annotation,
                      const char *note)
{
  g_autoptr (GPtrArray) notes = NULL;
  g_autoptr (PostilNote) written = NULL;
  PostilAnnotationFields fields;
  PostilAnnotator *annotator;
  PostilNote *own;

  g_return_if_fail (POSTIL_IS_WORKSPACE (workspace) && step != NULL);
  g_return_if_fail (POSTIL_IS_DOCUMENT (document) && annotation != NULL && note != NULL);

  annotator = postil_workspace_get_annotator (workspace);
  postil_annotation_get_fields (annotation, &fields);
  own = postil_annotation_find_note (annotation, postil_annotator_get_id (annotator));
  if (fields.kind == POSTIL_ANNOTATION_FOREIGN ||
      strcmp (own ? postil_note_get_text (own) : "", note) == 0)
    return;

  if (note[0] != '\0')
    written = postil_note_new (note, postil_annotator_get_id (annotator),
                               own ? postil_note_get_created (own) : now (workspace),
                               own ? postil_note_get_foreign (own) : NULL);
  notes = g_ptr_array_new ();
  for (guint i = 0; i < fields.n_notes; i++)
    if (fields.notes[i] != own)
      g_ptr_array_add (notes, fields.notes[i]);
    else if (written)
      g_ptr_array_add (notes, written);
  if (own == NULL)
    g_ptr_array_add (notes, written);
  fields.notes = (PostilNote *const *) notes->pdata;
  fields.n_notes = notes->len;

  postil_document_add_annotator (document, annotator);
  change_annotation (workspace, step, document, annotation, &fields);
}

/**
 * postil_edit_add_topic:
 * @workspace: a workspace
 * @step: the step to add to
 * @label: what it is called
 * @broader: (nullable): id of its parent
 *
 * It gets the colour of the palette that the fewest topics have.
 *
 * Returns: (transfer full): the id of the new topic
 */
char *
postil_edit_add_topic (PostilWorkspace *workspace,
                       PostilStep *step,
                       const char *label,
                       const char *broader)
{
  g_autofree char *id = NULL;
  g_autoptr (PostilTopic) topic = NULL;
  PostilTopicFields fields = { 0 };

  g_return_val_if_fail (POSTIL_IS_WORKSPACE (workspace) && step != NULL && label != NULL, NULL);

  id = new_id (workspace);
  fields.id = id;
  fields.label = label;
  fields.color =
    postil_codebook_get_free_color_after (postil_workspace_get_codebook (workspace), step);
  fields.broader = broader;
  fields.modified = now (workspace);
  topic = postil_topic_new (&fields);
  postil_step_change_topic (step, NULL, topic);

  return g_steal_pointer (&id);
}

/**
 * postil_edit_ensure_path:
 * @workspace: a workspace
 * @step: the step to add to
 * @path: a label or a path such as "Parent/Child", see postil_codebook_find_path()
 *
 * Makes the topics of @path that are not there yet.
 *
 * Returns: (transfer full) (nullable): the id of the last one; %NULL when @path names none
 */
char *
postil_edit_ensure_path (PostilWorkspace *workspace, PostilStep *step, const char *path)
{
  PostilCodebook *codebook;
  g_auto (GStrv) labels = NULL;
  g_autofree char *id = NULL;
  PostilTopic *topic;

  g_return_val_if_fail (POSTIL_IS_WORKSPACE (workspace) && step != NULL && path != NULL, NULL);

  codebook = postil_workspace_get_codebook (workspace);
  topic = postil_codebook_find_path (codebook, path);
  if (topic)
    return g_strdup (postil_topic_get_id (topic));

  labels = postil_codebook_split_path (path);
  for (guint i = 0; labels[i]; i++)
    {
      char *child;

      topic = postil_codebook_find_label (codebook, id, labels[i]);
      if (topic == NULL)
        topic = find_pending (step, id, labels[i]);
      child = topic ? g_strdup (postil_topic_get_id (topic))
                    : postil_edit_add_topic (workspace, step, labels[i], id);
      g_free (id);
      id = child;
    }

  return g_steal_pointer (&id);
}

/**
 * postil_edit_change_topic:
 * @workspace: a workspace
 * @step: the step to add to
 * @fields: the topic as it is to be; its id says which
 * @error: return location
 *
 * Returns: whether @fields can be; otherwise %POSTIL_ERROR_INVALID says why not, or
 *   %POSTIL_ERROR_NOT_FOUND
 */
gboolean
postil_edit_change_topic (PostilWorkspace *workspace,
                          PostilStep *step,
                          const PostilTopicFields *fields,
                          GError **error)
{
  PostilCodebook *codebook;
  PostilTopic *before, *twin;
  g_autofree char *label = NULL;
  PostilTopicFields changed;

  g_return_val_if_fail (POSTIL_IS_WORKSPACE (workspace) && step != NULL && fields != NULL, FALSE);

  codebook = postil_workspace_get_codebook (workspace);
  before = postil_codebook_get_topic (codebook, fields->id);
  if (before == NULL)
    {
      g_set_error (error, POSTIL_ERROR, POSTIL_ERROR_NOT_FOUND,
                   _ ("The topic “%s” is not in the codebook"), fields->label);
      return FALSE;
    }

  label = g_strstrip (g_strdup (fields->label));
  if (label[0] == '\0')
    {
      g_set_error_literal (error, POSTIL_ERROR, POSTIL_ERROR_INVALID, _ ("A topic needs a name"));
      return FALSE;
    }
  if (fields->broader && postil_codebook_is_within (codebook, fields->broader, fields->id))
    {
      g_set_error (error, POSTIL_ERROR, POSTIL_ERROR_INVALID,
                   _ ("The topic “%s” cannot be placed below itself"), label);
      return FALSE;
    }
  /* Documents may bring two of one name; those can still be changed otherwise. */
  twin = postil_codebook_find_label (codebook, fields->broader, label);
  if (twin && twin != before &&
      (strcmp (postil_topic_get_label (before), label) != 0 ||
       g_strcmp0 (postil_topic_get_broader (before), fields->broader) != 0))
    {
      g_set_error (error, POSTIL_ERROR, POSTIL_ERROR_INVALID,
                   _ ("There is a topic “%s” at that place already"), label);
      return FALSE;
    }

  changed = *fields;
  changed.label = label;
  change_topic (workspace, step, before, &changed);

  return TRUE;
}

/**
 * postil_edit_remove_topic:
 * @workspace: a workspace
 * @step: the step to add to
 * @topic: id of a topic
 *
 * Takes the topic from all annotations of the open documents, moves those below it up, and marks it
 * as deprecated.
 *
 * Returns: how many annotations lose it
 */
guint
postil_edit_remove_topic (PostilWorkspace *workspace, PostilStep *step, const char *topic)
{
  g_return_val_if_fail (POSTIL_IS_WORKSPACE (workspace) && step != NULL && topic != NULL, 0);
  g_return_val_if_fail (has_topic (workspace, topic), 0);

  return remove_now (workspace, step, topic, NULL);
}

/**
 * postil_edit_merge_topic:
 * @workspace: a workspace
 * @step: the step to add to
 * @topic: id of a topic
 * @into: id of another topic
 *
 * Gives all annotations of the open documents that have @topic the topic @into in its place, moves
 * those below @topic below @into, or up when @into is one of them, and marks @topic as deprecated.
 *
 * Returns: how many annotations change
 */
guint
postil_edit_merge_topic (PostilWorkspace *workspace,
                         PostilStep *step,
                         const char *topic,
                         const char *into)
{
  g_return_val_if_fail (POSTIL_IS_WORKSPACE (workspace) && step != NULL, 0);
  g_return_val_if_fail (topic != NULL && into != NULL && strcmp (topic, into) != 0, 0);
  g_return_val_if_fail (has_topic (workspace, topic) && has_topic (workspace, into), 0);

  return remove_now (workspace, step, topic, into);
}

/**
 * postil_edit_delete_topic:
 * @workspace: a workspace
 * @step: a step without changes
 * @topic: id of a topic
 * @into: (nullable): id of another topic to take its place
 *
 * Does what postil_edit_remove_topic() or postil_edit_merge_topic() says and commits it, with
 * postil_workspace_prepare(): where many annotations have the topic that takes a while, which the
 * caller does not wait for.
 */
void
postil_edit_delete_topic (PostilWorkspace *workspace,
                          PostilStep *step,
                          const char *topic,
                          const char *into)
{
  g_return_if_fail (POSTIL_IS_WORKSPACE (workspace) && step != NULL && topic != NULL);
  g_return_if_fail (has_topic (workspace, topic));
  g_return_if_fail (into == NULL || (has_topic (workspace, into) && strcmp (topic, into) != 0));

  postil_workspace_settle (workspace);
  postil_workspace_prepare (workspace, step, postil_workspace_count_topic (workspace, topic),
                            compose_removal, NULL, topic_removal_new (workspace, topic, into),
                            topic_removal_free);
}

/**
 * postil_edit_take_over:
 * @workspace: a workspace
 * @step: a step to be committed to it
 * @document: one of its documents
 * @snapshot: what the document is to hold
 *
 * Changes the text, the annotations and the topics to those of @snapshot, as far as they differ;
 * how fast, see postil_step_change_annotations().
 * Topics that @snapshot lacks stay; where a folder has a codebook, that decides and @snapshot only
 * fills gaps.
 */
void
postil_edit_take_over (PostilWorkspace *workspace,
                       PostilStep *step,
                       PostilDocument *document,
                       PostilSnapshot *snapshot)
{
  PostilCodebook *codebook;
  PostilText *text;

  g_return_if_fail (POSTIL_IS_WORKSPACE (workspace) && step != NULL);
  g_return_if_fail (POSTIL_IS_DOCUMENT (document) && snapshot != NULL && snapshot->text != NULL);

  postil_workspace_settle (workspace);
  codebook = postil_workspace_get_codebook (workspace);
  for (guint i = 0; i < snapshot->topics->len; i++)
    {
      PostilTopic *after = g_ptr_array_index (snapshot->topics, i);
      PostilTopic *before = postil_codebook_get_topic (codebook, postil_topic_get_id (after));

      if (before == NULL)
        postil_step_change_topic (step, NULL, after);
      else if (!postil_workspace_get_folder (workspace) && !postil_topic_equal (before, after))
        postil_step_change_topic (step, before, after);
    }

  text = postil_document_get_text (document);
  if (text != snapshot->text)
    postil_step_change_text (step, document, text, snapshot->text);
  postil_step_change_annotations (step, document, postil_document_get_annotations (document),
                                  snapshot->annotations);
  if (text != snapshot->text)
    postil_linking_follow (workspace, step, document, text, snapshot->text);
}
