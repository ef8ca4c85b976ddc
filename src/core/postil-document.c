/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-document.h"

#include "postil-id.h"

/*
 * PostilDocument: a text with its annotations. Owned by the workspace that it is open in, and by
 * steps of its history. Changed only by postil_document_apply() and postil_document_exchange(), for
 * steps: then "changed" is emitted and "version" grows. The index of its annotations is never
 * changed in place while somebody holds a snapshot of it, so that threads can read one.
 */
struct _PostilDocument
{
  GObject parent_instance;

  GFile *file;
  char *name;
  PostilSnapshot *read;
  PostilAnnotationIndex *annotations;
  GHashTable *carried;
  /* The links that name an annotation, of any document, by its id. */
  GHashTable *links;
  GPtrArray *annotators;
  guint64 version;
};

G_DEFINE_FINAL_TYPE (PostilDocument, postil_document, G_TYPE_OBJECT)

enum
{
  PROP_NAME = 1,
  PROP_TEXT,
  PROP_VERSION,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* A topic that was taken from its last passage is still the reader's. */
static void
carry_unused_cb (gpointer topic, gpointer data)
{
  PostilDocument *self = data;

  if (postil_document_count_topic (self, topic) == 0)
    postil_document_carry_topic (self, topic);
}

static void
name_link (PostilDocument *self, const char *id, PostilAnnotation *annotation, gboolean present)
{
  GPtrArray *links = id ? g_hash_table_lookup (self->links, id) : NULL;

  if (!id)
    return;
  if (present && !links)
    {
      links = g_ptr_array_new ();
      g_hash_table_insert (self->links, g_strdup (id), links);
    }
  if (present)
    g_ptr_array_add (links, annotation);
  else if (links && g_ptr_array_remove (links, annotation) && links->len == 0)
    g_hash_table_remove (self->links, id);
}

static void
index_link (PostilDocument *self, PostilAnnotation *annotation, gboolean present)
{
  PostilLink *link = postil_annotation_get_link (annotation);

  if (!link)
    return;
  name_link (self, postil_link_get_from (link), annotation, present);
  name_link (self, postil_link_get_to (link), annotation, present);
}

static void
change_text (PostilDocument *self, PostilText *text)
{
  PostilSnapshot fields = *self->read;
  PostilSnapshot *changed;

  fields.text = text;
  changed = postil_snapshot_new (&fields);
  postil_snapshot_unref (self->read);
  self->read = changed;
}

static void
index_links (PostilDocument *self)
{
  guint size = postil_annotation_index_get_size (self->annotations);

  g_hash_table_remove_all (self->links);
  for (guint i = postil_annotation_index_get_n_shown (self->annotations); i < size; i++)
    index_link (self, postil_annotation_index_get (self->annotations, i), TRUE);
}

static void
emit_changed (PostilDocument *self,
              PostilText *text_before,
              const PostilChange *changes,
              guint n_changes)
{
  self->version++;
  if (self->read->text != text_before)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TEXT]);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0, changes, n_changes);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VERSION]);
}

static void
postil_document_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PostilDocument *self = POSTIL_DOCUMENT (object);

  switch (id)
    {
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_TEXT:
      g_value_set_boxed (value, self->read->text);
      break;
    case PROP_VERSION:
      g_value_set_uint64 (value, self->version);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
postil_document_finalize (GObject *object)
{
  PostilDocument *self = POSTIL_DOCUMENT (object);

  g_clear_object (&self->file);
  g_free (self->name);
  g_clear_pointer (&self->carried, g_hash_table_unref);
  g_clear_pointer (&self->links, g_hash_table_unref);
  g_clear_pointer (&self->annotators, g_ptr_array_unref);
  g_clear_pointer (&self->annotations, postil_annotation_index_unref);
  g_clear_pointer (&self->read, postil_snapshot_unref);

  G_OBJECT_CLASS (postil_document_parent_class)->finalize (object);
}

static void
postil_document_class_init (PostilDocumentClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = postil_document_get_property;
  object_class->finalize = postil_document_finalize;

  properties[PROP_NAME] =
    g_param_spec_string ("name", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  /* Changes when the file did; is notified before "changed" is emitted. */
  properties[PROP_TEXT] = g_param_spec_boxed ("text", NULL, NULL, POSTIL_TYPE_TEXT,
                                              G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  /* Grows with each change; two equal versions hold the same annotations. */
  properties[PROP_VERSION] = g_param_spec_uint64 ("version", NULL, NULL, 0, G_MAXUINT64, 0,
                                                  G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  /**
   * PostilDocument::changed:
   * @self: the document
   * @changes: (array length=n_changes) (type PostilChange) (nullable): what changed, in order;
   * %NULL when so much did at once that everything is to be looked at anew
   * @n_changes: how many; 0 with %NULL
   *
   * Emitted after the changes were made.
   */
  signals[SIGNAL_CHANGED] =
    g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, G_TYPE_POINTER, G_TYPE_UINT);
}

static void
postil_document_init (PostilDocument *self)
{
  self->carried =
    g_hash_table_new_full (g_str_hash, g_str_equal, (GDestroyNotify) g_ref_string_release, NULL);
  self->links =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
}

/**
 * postil_document_new:
 * @file: where the text is
 * @snapshot: the text and what its sidecar holds
 *
 * Returns: (transfer full): a new document
 */
PostilDocument *
postil_document_new (GFile *file, PostilSnapshot *snapshot)
{
  PostilDocument *self;
  g_autofree char *basename = NULL;

  g_return_val_if_fail (G_IS_FILE (file), NULL);
  g_return_val_if_fail (snapshot != NULL && snapshot->text != NULL && snapshot->id != NULL, NULL);

  self = g_object_new (POSTIL_TYPE_DOCUMENT, NULL);
  self->file = g_object_ref (file);
  basename = g_file_get_basename (file);
  self->name = g_filename_display_name (basename);
  self->read = postil_snapshot_ref (snapshot);
  self->annotators = g_ptr_array_ref (snapshot->annotators);
  self->annotations = postil_annotation_index_ref (snapshot->annotations);
  for (guint i = 0; i < snapshot->topics->len; i++)
    postil_document_carry_topic (self,
                                 postil_topic_get_id (g_ptr_array_index (snapshot->topics, i)));
  index_links (self);

  return self;
}

GFile *
postil_document_get_file (PostilDocument *self)
{
  g_return_val_if_fail (POSTIL_IS_DOCUMENT (self), NULL);

  return self->file;
}

/**
 * postil_document_get_name:
 * @self: a document
 *
 * Returns: (transfer none): the file's name as it is shown to people
 */
const char *
postil_document_get_name (PostilDocument *self)
{
  g_return_val_if_fail (POSTIL_IS_DOCUMENT (self), NULL);

  return self->name;
}

/**
 * postil_document_get_id:
 * @self: a document
 *
 * Returns: (transfer none): the IRI of its text
 */
const char *
postil_document_get_id (PostilDocument *self)
{
  g_return_val_if_fail (POSTIL_IS_DOCUMENT (self), NULL);

  return self->read->id;
}

PostilText *
postil_document_get_text (PostilDocument *self)
{
  g_return_val_if_fail (POSTIL_IS_DOCUMENT (self), NULL);

  return self->read->text;
}

/**
 * postil_document_get_annotations:
 * @self: a document
 *
 * Returns: (transfer none): its annotations as they are now; take a reference to keep them so
 */
PostilAnnotationIndex *
postil_document_get_annotations (PostilDocument *self)
{
  g_return_val_if_fail (POSTIL_IS_DOCUMENT (self), NULL);

  return self->annotations;
}

/**
 * postil_document_get_annotation:
 * @self: a document
 * @id: id of an annotation
 *
 * Returns: (transfer none) (nullable): that annotation as it is now
 */
PostilAnnotation *
postil_document_get_annotation (PostilDocument *self, const char *id)
{
  g_return_val_if_fail (POSTIL_IS_DOCUMENT (self) && id != NULL, NULL);

  return postil_annotation_index_lookup (self->annotations, id);
}

/**
 * postil_document_get_links:
 * @self: a document
 * @annotation: id of an annotation of any document
 *
 * Returns: (transfer none) (nullable) (element-type PostilAnnotation): the links of this document
 * that name it as one of the two annotations that they join; until the document changes
 */
GPtrArray *
postil_document_get_links (PostilDocument *self, const char *annotation)
{
  g_return_val_if_fail (POSTIL_IS_DOCUMENT (self) && annotation != NULL, NULL);

  return g_hash_table_size (self->links) > 0 ? g_hash_table_lookup (self->links, annotation) : NULL;
}

/**
 * postil_document_get_annotators:
 * @self: a document
 *
 * Returns: (transfer none) (element-type PostilAnnotator): who made its annotations, as the sidecar
 * names them; the array never changes, a later call may return another one
 */
GPtrArray *
postil_document_get_annotators (PostilDocument *self)
{
  g_return_val_if_fail (POSTIL_IS_DOCUMENT (self), NULL);

  return self->annotators;
}

/**
 * postil_document_get_annotator:
 * @self: a document
 * @id: (nullable): id of an annotator
 *
 * Returns: (transfer none) (nullable): that annotator, as the sidecar names them
 */
PostilAnnotator *
postil_document_get_annotator (PostilDocument *self, const char *id)
{
  g_return_val_if_fail (POSTIL_IS_DOCUMENT (self), NULL);

  for (guint i = 0; i < self->annotators->len; i++)
    {
      PostilAnnotator *annotator = g_ptr_array_index (self->annotators, i);

      if (g_strcmp0 (postil_annotator_get_id (annotator), id) == 0)
        return annotator;
    }

  return NULL;
}

/**
 * postil_document_add_annotator:
 * @self: a document
 * @annotator: an annotator
 *
 * Names @annotator in the sidecar; one with the same id is replaced, so that this also renames.
 */
void
postil_document_add_annotator (PostilDocument *self, PostilAnnotator *annotator)
{
  PostilAnnotator *present;
  GPtrArray *annotators;
  guint index;

  g_return_if_fail (POSTIL_IS_DOCUMENT (self) && annotator != NULL);

  present = postil_document_get_annotator (self, postil_annotator_get_id (annotator));
  if (present &&
      g_str_equal (postil_annotator_get_name (present), postil_annotator_get_name (annotator)))
    return;

  /* Snapshots share the array. */
  annotators =
    g_ptr_array_copy (self->annotators, (GCopyFunc) (gpointer) postil_annotator_ref, NULL);
  g_ptr_array_set_free_func (annotators, (GDestroyNotify) postil_annotator_unref);
  if (present && g_ptr_array_find (annotators, present, &index))
    {
      g_autoptr (PostilForeign) foreign =
        postil_foreign_without (postil_annotator_get_foreign (present), "", POSTIL_FOREIGN_NAME);

      annotators->pdata[index] = postil_annotator_new (
        postil_annotator_get_id (present), postil_annotator_get_name (annotator), foreign);
      postil_annotator_unref (present);
    }
  else
    g_ptr_array_add (annotators, postil_annotator_ref (annotator));
  g_ptr_array_unref (self->annotators);
  self->annotators = annotators;
  self->version++;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VERSION]);
}

/**
 * postil_document_count_topic:
 * @self: a document
 * @topic: id of a topic
 *
 * Returns: how many annotations have that topic
 */
guint
postil_document_count_topic (PostilDocument *self, const char *topic)
{
  g_return_val_if_fail (POSTIL_IS_DOCUMENT (self) && topic != NULL, 0);

  return postil_annotation_tally_count_topic (postil_annotation_index_get_tally (self->annotations),
                                              topic);
}

/**
 * postil_document_get_topics_read:
 * @self: a document
 *
 * Returns: (transfer none) (element-type PostilTopic): the topics that its sidecar held when it was
 * read
 */
GPtrArray *
postil_document_get_topics_read (PostilDocument *self)
{
  g_return_val_if_fail (POSTIL_IS_DOCUMENT (self), NULL);

  return self->read->topics;
}

/**
 * postil_document_carries_topic:
 * @self: a document
 * @topic: id of a topic
 *
 * Returns: whether the sidecar holds that topic even when no annotation has it
 */
gboolean
postil_document_carries_topic (PostilDocument *self, const char *topic)
{
  g_return_val_if_fail (POSTIL_IS_DOCUMENT (self) && topic != NULL, FALSE);

  return g_hash_table_contains (self->carried, topic);
}

/**
 * postil_document_carry_topic:
 * @self: a document
 * @topic: id of a topic
 *
 * Has the sidecar hold that topic from now on even when no annotation has it.
 */
void
postil_document_carry_topic (PostilDocument *self, const char *topic)
{
  g_return_if_fail (POSTIL_IS_DOCUMENT (self) && topic != NULL);

  if (!g_hash_table_contains (self->carried, topic))
    g_hash_table_add (self->carried, postil_id_intern (topic));
}

guint64
postil_document_get_version (PostilDocument *self)
{
  g_return_val_if_fail (POSTIL_IS_DOCUMENT (self), 0);

  return self->version;
}

/**
 * postil_document_apply:
 * @self: a document
 * @changes: (array length=n_changes): changes of its text and annotations
 * @n_changes: how many
 *
 * Makes changes of a step, each in O(log n) for n annotations. Called by the workspace.
 */
void
postil_document_apply (PostilDocument *self, const PostilChange *changes, guint n_changes)
{
  PostilText *text_before;

  g_return_if_fail (POSTIL_IS_DOCUMENT (self) && changes != NULL && n_changes > 0);

  text_before = self->read->text;
  for (guint i = 0; i < n_changes; i++)
    {
      PostilAnnotation *before = changes[i].annotation.before;
      PostilAnnotation *after = changes[i].annotation.after;
      guint n_topics = 0;
      const char *const *topics = before ? postil_annotation_get_topics (before, &n_topics) : NULL;

      g_assert (changes[i].document == self);

      if (changes[i].text.after)
        change_text (self, changes[i].text.after);
      if (before || after)
        self->annotations = postil_annotation_index_replace (self->annotations, before, after);
      if (after)
        index_link (self, after, TRUE);
      if (before)
        index_link (self, before, FALSE);
      for (guint t = 0; t < n_topics; t++)
        carry_unused_cb ((gpointer) topics[t], self);
    }
  emit_changed (self, text_before, changes, n_changes);
}

/**
 * postil_document_exchange:
 * @self: a document
 * @text: (nullable): its text from now on; %NULL for the one that it has
 * @annotations: all its annotations from now on
 *
 * Makes very many changes of a step at once, in a time that does not depend on how many. Called by
 * the workspace.
 */
void
postil_document_exchange (PostilDocument *self,
                          PostilText *text,
                          PostilAnnotationIndex *annotations)
{
  g_autoptr (PostilAnnotationIndex) before = NULL;
  PostilText *text_before;

  g_return_if_fail (POSTIL_IS_DOCUMENT (self) && annotations != NULL);

  text_before = self->read->text;
  before = self->annotations;
  self->annotations = postil_annotation_index_ref (annotations);
  if (text)
    change_text (self, text);
  index_links (self);
  postil_annotation_tally_foreach_topic (postil_annotation_index_get_tally (before),
                                         carry_unused_cb, self);
  emit_changed (self, text_before, NULL, 0);
}

/**
 * postil_document_snapshot:
 * @self: a document
 * @codebook: the codebook of its workspace
 *
 * Returns: (transfer full): all that the sidecar is to hold now: with the topics that annotations
 * have or that it carries, and their parents
 */
PostilSnapshot *
postil_document_snapshot (PostilDocument *self, PostilCodebook *codebook)
{
  g_autoptr (GHashTable) wanted = g_hash_table_new (NULL, NULL);
  g_autoptr (GPtrArray) topics = NULL;
  GPtrArray *all;
  PostilSnapshot fields;

  g_return_val_if_fail (POSTIL_IS_DOCUMENT (self) && POSTIL_IS_CODEBOOK (codebook), NULL);

  all = postil_codebook_get_topics (codebook);
  for (guint i = 0; i < all->len; i++)
    {
      PostilTopic *topic = g_ptr_array_index (all, i);
      const char *id = postil_topic_get_id (topic);

      if (postil_document_count_topic (self, id) == 0 && !postil_document_carries_topic (self, id))
        continue;
      while (topic && g_hash_table_add (wanted, topic))
        {
          const char *broader = postil_topic_get_broader (topic);

          topic = broader ? postil_codebook_get_topic (codebook, broader) : NULL;
        }
    }

  topics = g_ptr_array_new_with_free_func ((GDestroyNotify) postil_topic_unref);
  for (guint i = 0; i < all->len; i++)
    if (g_hash_table_contains (wanted, g_ptr_array_index (all, i)))
      g_ptr_array_add (topics, postil_topic_ref (g_ptr_array_index (all, i)));

  fields = *self->read;
  fields.label = self->name;
  fields.annotations = self->annotations;
  fields.annotators = self->annotators;
  fields.topics = topics;

  return postil_snapshot_new (&fields);
}

/**
 * postil_document_reread:
 * @self: a document
 * @snapshot: what its sidecar holds by now, of the same text
 *
 * Takes over what no step changes: the ids of the text and the collection, the annotators, and what
 * other programs put beside the annotations. Its annotations and topics are left to a step, see
 * postil_edit_take_over().
 */
void
postil_document_reread (PostilDocument *self, PostilSnapshot *snapshot)
{
  g_return_if_fail (POSTIL_IS_DOCUMENT (self));
  g_return_if_fail (snapshot != NULL && snapshot->text == self->read->text);

  postil_snapshot_ref (snapshot);
  postil_snapshot_unref (self->read);
  self->read = snapshot;
  g_ptr_array_unref (self->annotators);
  self->annotators = g_ptr_array_ref (snapshot->annotators);
  for (guint i = 0; i < snapshot->topics->len; i++)
    postil_document_carry_topic (self,
                                 postil_topic_get_id (g_ptr_array_index (snapshot->topics, i)));
}
