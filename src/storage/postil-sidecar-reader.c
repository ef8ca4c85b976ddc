/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-sidecar-reader.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "postil-error.h"
#include "postil-sidecar-ahead.h"
#include "postil-sidecar-item.h"
#include "postil-sidecar-object.h"
#include "postil-sidecar-own.h"
#include "postil-sidecar-queue.h"
#include "postil-sidecar-shape.h"

/* How many annotations are read before a cancellation is looked for. */
#define STRETCH 1024

typedef struct
{
  PostilJsonScanner scanner;
  const PostilEnvironment *environment;
  GCancellable *cancellable;
  PostilText *text;
  const char *default_label;
  PostilSidecarReport *report;

  PostilSidecarNames *names;
  PostilSidecarOwn *own;
  PostilSidecarItem *item;
  PostilSidecarContext context;
  GArray *kept;
  GStringChunk *strings;

  /* Whether a member that the annotations depend on came after them, so that all has to be read
   * once more with the annotations last. */
  gboolean late_head;
  gboolean items_last;
  const char *items;

  char *collection;
  char *label;
  char *source_label;
  char *language;
  /* What targets call the text, and its id, which is another where that is no IRI. */
  char *source;
  char *former_source;
  char *id;
  char *sha256;
  gboolean native;
  /* The annotations in the order they came; %NULL where one waits for its place. */
  GPtrArray *annotations;
  PostilSidecarQueue *queue;
  guint n_annotations;
  guint n_bad_positions;
} Reader;

static void
reader_clear (Reader *self)
{
  g_clear_pointer (&self->own, postil_sidecar_own_free);
  g_clear_pointer (&self->item, postil_sidecar_item_free);
  g_clear_pointer (&self->names, postil_sidecar_names_free);
  g_clear_pointer (&self->kept, g_array_unref);
  g_clear_pointer (&self->strings, g_string_chunk_free);
  g_clear_pointer (&self->collection, g_free);
  g_clear_pointer (&self->label, g_free);
  g_clear_pointer (&self->source_label, g_free);
  g_clear_pointer (&self->language, g_free);
  g_clear_pointer (&self->source, g_free);
  g_clear_pointer (&self->former_source, g_free);
  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->sha256, g_free);
  g_clear_pointer (&self->annotations, g_ptr_array_unref);
  g_clear_pointer (&self->queue, postil_sidecar_queue_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reader, reader_clear)

static void
unref_annotation (gpointer annotation)
{
  if (annotation)
    postil_annotation_unref (annotation);
}

static void
reader_begin (Reader *self)
{
  self->names = postil_sidecar_names_new (&self->scanner);
  self->own = postil_sidecar_own_new (&self->scanner, self->names);
  self->item = postil_sidecar_item_new (&self->scanner, self->names);
  self->kept = g_array_new (FALSE, FALSE, sizeof (PostilSidecarKept));
  self->strings = g_string_chunk_new (256);
  self->annotations = g_ptr_array_new_with_free_func (unref_annotation);
  self->queue = postil_sidecar_queue_new ();
  self->late_head = FALSE;
  self->items = NULL;
  self->native = FALSE;
  self->context = (PostilSidecarContext){ .text = self->text, .trusted = TRUE };
  self->n_annotations = 0;
  self->n_bad_positions = 0;
}

static char *
derive_id (const char *object, const char *given)
{
  g_autofree char *seed = g_strconcat (object, " ", given, NULL);

  return postil_environment_derive_id (seed);
}

/* Takes the id of the collection or of the text; one that is no IRI makes way for one derived from
 * it. */
static char *
take_id (Reader *self, const char *object, const char *given, const PostilJsonSlice *raw)
{
  if (postil_sidecar_is_iri (given))
    return g_strdup (given);
  postil_sidecar_keep_old_id (self->kept, object, raw, self->strings);
  self->report->reshape = TRUE;
  return derive_id (object, given);
}

static PostilSidecarKept *
find_kept (Reader *self, const char *object, const char *key, guint *index)
{
  for (guint i = 0; i < self->kept->len; i++)
    {
      PostilSidecarKept *kept = &g_array_index (self->kept, PostilSidecarKept, i);

      if (kept->key.bytes && strcmp (kept->object, object) == 0 &&
          postil_json_slice_is (&kept->key, key))
        {
          *index = i;
          return kept;
        }
    }
  return NULL;
}

/* (transfer full) (nullable): the id that the text had when take_id() replaced it in an earlier
 * reading. */
static char *
dup_former_source (Reader *self)
{
  guint index, n = 0;
  const PostilSidecarKept *via = find_kept (self, "source", "via", &index);
  g_autofree char *former = NULL;
  g_autofree char *derived = NULL;
  PostilJsonScanner scanner;
  PostilJsonSlice string;

  if (via == NULL)
    return NULL;
  postil_json_scanner_init (&scanner, via->value.bytes, via->value.n_bytes);
  if (postil_json_scanner_peek (&scanner) == '[')
    {
      postil_json_scanner_enter (&scanner);
      postil_json_scanner_next_element (&scanner, &n);
    }
  if (postil_json_scanner_peek (&scanner) == '"' &&
      postil_json_scanner_read_string (&scanner, &string))
    former = postil_sidecar_dup_string (&string);
  derived = former ? derive_id ("source", former) : NULL;
  return g_strcmp0 (derived, self->id) == 0 ? g_steal_pointer (&former) : NULL;
}

static void
read_source (Reader *self, PostilSidecarObject *root)
{
  PostilSidecarObject object;
  g_autofree char *format = NULL;
  guint n_kept = self->kept->len;
  PostilJsonSlice raw = { 0 };
  int known;

  if (postil_json_scanner_peek (&self->scanner) != '{')
    {
      postil_sidecar_object_keep (root);
      return;
    }
  self->native = TRUE;
  postil_sidecar_object_enter (&object, &self->scanner, &postil_sidecar_form_source, self->kept,
                               "source", 0);
  while ((known = postil_sidecar_object_next (&object)) >= 0)
    switch (known)
      {
      case SOURCE_ID:
        self->source = postil_sidecar_object_dup_string (&object);
        raw = postil_sidecar_object_get_value (&object);
        break;
      case SOURCE_TYPE:
        postil_sidecar_object_expect (&object, "Text");
        break;
      case SOURCE_LABEL:
        self->source_label = postil_sidecar_object_dup_string (&object);
        if (self->source_label)
          postil_sidecar_object_keep (&object);
        break;
      case SOURCE_FORMAT:
        /* It tells how the file was decoded last, which is known anew. */
        format = postil_sidecar_object_dup_string (&object);
        if (format && (self->text == NULL || !g_str_has_prefix (format, "text/plain")))
          postil_sidecar_object_keep (&object);
        break;
      case SOURCE_LANGUAGE:
        self->language = postil_sidecar_object_dup_string (&object);
        break;
      case SOURCE_SHA256:
        if (postil_json_scanner_peek (&self->scanner) == '"')
          self->sha256 = postil_sidecar_object_dup_string (&object);
        else
          postil_json_scanner_skip (&self->scanner, NULL);
        if (self->text == NULL)
          postil_sidecar_object_keep (&object);
        break;
      case SOURCE_EXTENT:
        postil_json_scanner_skip (&self->scanner, NULL);
        if (self->text == NULL)
          postil_sidecar_object_keep (&object);
        break;
      default:
        g_assert_not_reached ();
      }

  postil_sidecar_refuse_duplicate (&self->scanner, &object.duplicate);
  if (self->source)
    self->id = take_id (self, "source", self->source, &raw);
  if (self->id == NULL && self->text == NULL)
    {
      /* Nothing can be about it, so it stays as it is. */
      g_array_set_size (self->kept, n_kept);
      postil_sidecar_object_keep (root);
      return;
    }
  self->former_source = self->id ? dup_former_source (self) : NULL;
  self->context.source = self->source;
  self->context.former_source = self->former_source;
  self->context.sha256 = self->sha256;
  self->context.trusted =
    self->text == NULL || self->sha256 == NULL ||
    g_ascii_strcasecmp (self->sha256, postil_text_get_sha256 (self->text)) == 0;
}

/* Reads the annotators or the topics; an element that is neither is kept. */
static void
read_names (Reader *self,
            const char *object,
            gboolean (*read) (PostilSidecarNames *names),
            const GPtrArray *names)
{
  gboolean array = postil_json_scanner_peek (&self->scanner) == '[';
  guint n = 0;

  if (array)
    postil_json_scanner_enter (&self->scanner);
  else
    self->report->reshape = TRUE;
  while (array ? postil_json_scanner_next_element (&self->scanner, &n) : n == 0 && ++n)
    {
      PostilJsonSlice raw = { .bytes = self->scanner.at };
      guint n_before = names->len;
      gboolean is_object = postil_json_scanner_peek (&self->scanner) == '{';

      if (is_object && read (self->names))
        continue;
      if (!is_object)
        postil_json_scanner_skip (&self->scanner, NULL);
      raw.n_bytes = self->scanner.at - raw.bytes;
      postil_sidecar_keep_element (self->kept, object, 0,
                                   postil_sidecar_insert_number (self->strings, n_before), &raw);
    }
}

/* What targets call the text in a sidecar that does not tell: the source of the first one. */
static void
find_source (Reader *self)
{
  PostilJsonSlice raw;

  self->source = postil_sidecar_shape_find_source (&self->scanner, &raw);
  if (self->source)
    self->id = take_id (self, "source", self->source, &raw);
}

static void
add_item (Reader *self)
{
  PostilSidecarPending pending = { .at = self->scanner.at, .index = self->annotations->len };
  PostilPlacement request;
  PostilAnnotation *annotation = NULL;
  gboolean needs_place;

  if (self->source == NULL && self->text)
    {
      find_source (self);
      self->context.source = self->source;
    }
  annotation = postil_sidecar_own_read (self->own, &self->context);
  if (annotation)
    {
      self->n_annotations++;
      g_ptr_array_add (self->annotations, annotation);
      return;
    }
  postil_sidecar_item_read (self->item, &self->context);
  if (self->scanner.problem != POSTIL_JSON_PROBLEM_NONE)
    return;
  self->n_annotations += postil_sidecar_item_is_annotation (self->item);

  needs_place = postil_sidecar_item_needs_place (self->item, &request, &pending.sha256);
  self->n_bad_positions += postil_sidecar_item_get_n_bad_positions (self->item);
  if (needs_place)
    {
      postil_sidecar_queue_add (self->queue, &pending, &request);
    }
  else
    {
      annotation = postil_sidecar_item_build (self->item, NULL);
      self->report->reshape |= postil_sidecar_item_is_reshaped (self->item);
    }
  g_ptr_array_add (self->annotations, annotation);
}

/* Takes what was read ahead, if it is what stands here. Returns whether it was anything. */
static gboolean
take_ahead (Reader *self, PostilSidecarAhead **ahead)
{
  guint n;

  if (*ahead == NULL || !postil_sidecar_ahead_is_reached (*ahead, &self->scanner))
    return FALSE;
  n = postil_sidecar_ahead_take (*ahead, &self->scanner, self->annotations);
  g_clear_pointer (ahead, postil_sidecar_ahead_free);
  self->n_annotations += n;
  return n > 0;
}

static void
read_items (Reader *self)
{
  g_autoptr (PostilSidecarAhead) ahead = NULL;
  guint n = 0;

  if (postil_json_scanner_peek (&self->scanner) != '[')
    {
      self->report->reshape = TRUE;
      add_item (self);
      return;
    }
  postil_json_scanner_enter (&self->scanner);
  ahead = postil_sidecar_ahead_new (&self->scanner, self->names, &self->context);
  while (postil_json_scanner_next_element (&self->scanner, &n) &&
         (n % STRETCH != 0 || !g_cancellable_is_cancelled (self->cancellable)))
    if (!take_ahead (self, &ahead))
      add_item (self);
}

/* Reads the page that the scanner stands at. Returns whether it has annotations. */
static gboolean
read_page (Reader *self)
{
  gboolean has_items = FALSE;
  PostilSidecarObject object;
  PostilJsonSlice raw;
  int known;

  postil_sidecar_object_enter (&object, &self->scanner, &postil_sidecar_form_page, self->kept,
                               "page", 0);
  while ((known = postil_sidecar_object_next (&object)) >= 0)
    switch (known)
      {
      case PAGE_ID:
      case PAGE_PART_OF:
        /* Kept until the collection's id is known for sure; those that follow from it go then. */
        postil_sidecar_object_keep (&object);
        break;
      case PAGE_TYPE:
        postil_sidecar_object_expect (&object, "AnnotationPage");
        break;
      case PAGE_START_INDEX:
        postil_json_scanner_skip (&self->scanner, NULL);
        raw = postil_sidecar_object_get_value (&object);
        if (!postil_json_slice_is (&raw, "0"))
          postil_sidecar_object_keep (&object);
        break;
      case PAGE_ITEMS:
        has_items = TRUE;
        read_items (self);
        break;
      default:
        g_assert_not_reached ();
      }
  postil_sidecar_refuse_duplicate (&self->scanner, &object.duplicate);
  return has_items;
}

/* Keeps what stands where the first page was expected as the page after Postil's own. */
static void
keep_next_page (Reader *self, const PostilJsonSlice *raw)
{
  PostilSidecarKept next = {
    .object = "page",
    .after = "items",
    .key = { .bytes = "next", .n_bytes = strlen ("next") },
    .value = *raw,
  };

  g_array_append_val (self->kept, next);
}

static void
read_first (Reader *self)
{
  PostilJsonSlice raw = { .bytes = self->scanner.at };
  guint n_kept = self->kept->len;
  gboolean is_object = postil_json_scanner_peek (&self->scanner) == '{';

  self->items = raw.bytes;
  if (self->items_last || !is_object)
    postil_json_scanner_skip (&self->scanner, NULL);
  else if (read_page (self))
    return;

  raw.n_bytes = self->scanner.at - raw.bytes;
  if (!self->items_last || !is_object)
    {
      g_array_set_size (self->kept, n_kept);
      keep_next_page (self, &raw);
      self->items = NULL;
    }
}

static void
read_collection (Reader *self)
{
  PostilSidecarObject object;
  PostilJsonSlice raw = { 0 };
  g_autofree char *id = NULL;
  int known;

  postil_sidecar_object_enter (&object, &self->scanner, &postil_sidecar_form_collection, self->kept,
                               "", 0);
  while ((known = postil_sidecar_object_next (&object)) >= 0)
    {
      if (self->items && !self->items_last &&
          (known == COLLECTION_CREATOR || known == COLLECTION_SOURCE ||
           known == COLLECTION_SUBJECT))
        self->late_head = TRUE;
      if (self->late_head)
        {
          postil_json_scanner_skip (&self->scanner, NULL);
          continue;
        }

      switch (known)
        {
        case COLLECTION_CONTEXT:
          postil_sidecar_object_expect (&object, POSTIL_SIDECAR_CONTEXT);
          break;
        case COLLECTION_ID:
          id = postil_sidecar_object_dup_string (&object);
          raw = postil_sidecar_object_get_value (&object);
          break;
        case COLLECTION_TYPE:
          postil_sidecar_object_expect (&object, "AnnotationCollection");
          break;
        case COLLECTION_LABEL:
          /* Kept until it is known what the text is called. */
          self->label = postil_sidecar_object_dup_string (&object);
          if (self->label)
            postil_sidecar_object_keep (&object);
          break;
        case COLLECTION_VERSION:
          postil_sidecar_object_expect (&object, POSTIL_SIDECAR_VERSION);
          break;
        case COLLECTION_TOTAL:
          /* Kept until the annotations are counted; if it was right, it goes then. */
          postil_sidecar_object_keep (&object);
          break;
        case COLLECTION_CREATOR:
          read_names (self, "creator", postil_sidecar_names_read_person,
                      postil_sidecar_names_get_annotators (self->names));
          break;
        case COLLECTION_SOURCE:
          read_source (self, &object);
          break;
        case COLLECTION_SUBJECT:
          read_names (self, "subject", postil_sidecar_names_read_topic,
                      postil_sidecar_names_get_topics (self->names));
          break;
        case COLLECTION_FIRST:
          read_first (self);
          break;
        default:
          g_assert_not_reached ();
        }
    }
  postil_sidecar_refuse_duplicate (&self->scanner, &object.duplicate);
  if (id)
    self->collection = take_id (self, "", id, &raw);
}

/* Drops what was kept only until it could be compared with what the writer will write. */
static void
drop_own (Reader *self, const char *object, const char *key, const char *own)
{
  guint index;
  PostilSidecarKept *kept = find_kept (self, object, key, &index);

  if (kept && postil_json_slice_is (&kept->value, own))
    g_array_remove_index (self->kept, index);
}

/* Drops @label, which the writer will write as the document is called then, unless it is one that
 * another program or a person chose. */
static void
drop_label (Reader *self, const char *object, const char *label, const char *other)
{
  guint index;

  if (label && (g_strcmp0 (label, other) == 0 || g_strcmp0 (label, self->default_label) == 0) &&
      find_kept (self, object, "label", &index))
    g_array_remove_index (self->kept, index);
}

/* A page alone has its collection's id in "partOf", and the context. */
static void
adopt_page (Reader *self)
{
  guint index;
  PostilSidecarKept *context = find_kept (self, "page", "@context", &index);
  PostilSidecarKept *part_of;
  PostilSidecarObject object;
  PostilJsonSlice id = { 0 };
  g_autofree char *given = NULL;

  if (context)
    {
      context->object = "";
      context->after = "";
      drop_own (self, "", "@context", "\"" POSTIL_SIDECAR_CONTEXT "\"");
    }

  part_of = find_kept (self, "page", "partOf", &index);
  if (part_of == NULL)
    return;
  self->scanner.at = part_of->value.bytes;
  if (postil_json_scanner_peek (&self->scanner) == '"')
    {
      postil_json_scanner_read_string (&self->scanner, &id);
    }
  else if (postil_json_scanner_peek (&self->scanner) == '{')
    {
      g_autoptr (GArray) ignored = g_array_new (FALSE, FALSE, sizeof (PostilSidecarKept));

      postil_sidecar_object_enter (&object, &self->scanner, &postil_sidecar_form_reference, ignored,
                                   "", 0);
      while (postil_sidecar_object_next (&object) >= 0)
        postil_sidecar_object_read_string (&object, &id);
    }
  given = id.bytes ? postil_sidecar_dup_string (&id) : NULL;
  if (given && postil_sidecar_is_iri (given))
    self->collection = g_steal_pointer (&given);
}

/* Reads annotations that stand beside the head of a collection rather than in a page. */
static void
read_loose_items (Reader *self)
{
  guint index;
  PostilSidecarKept *items = find_kept (self, "", "items", &index);

  if (items == NULL)
    return;
  self->scanner.at = items->value.bytes;
  g_array_remove_index (self->kept, index);
  self->report->reshape = TRUE;
  read_items (self);
}

static void
read_root (Reader *self, PostilSidecarRoot root)
{
  switch (root)
    {
    case POSTIL_SIDECAR_ROOT_COLLECTION:
      read_collection (self);
      break;
    case POSTIL_SIDECAR_ROOT_PAGE:
      read_page (self);
      break;
    case POSTIL_SIDECAR_ROOT_ARRAY:
      read_items (self);
      break;
    case POSTIL_SIDECAR_ROOT_ANNOTATION:
      add_item (self);
      break;
    case POSTIL_SIDECAR_ROOT_NOTHING:
    default:
      break;
    }
  postil_json_scanner_finish (&self->scanner);
  if (self->scanner.problem != POSTIL_JSON_PROBLEM_NONE || self->late_head)
    return;

  if (self->items_last && self->items)
    {
      self->scanner.at = self->items;
      self->items_last = FALSE;
      read_first (self);
    }
  if (root == POSTIL_SIDECAR_ROOT_COLLECTION)
    read_loose_items (self);
  else if (root == POSTIL_SIDECAR_ROOT_PAGE)
    adopt_page (self);
}

/* Searches the passages that were not where the sidecar says, and builds their annotations. */
static gboolean
place_pending (Reader *self, PostilStore *store)
{
  PostilSidecarPending pending;
  const PostilPlacement *answer;

  if (!postil_sidecar_queue_run (self->queue, self->text, store, self->cancellable))
    return FALSE;
  for (guint i = 0; i < postil_sidecar_queue_get_size (self->queue); i++)
    {
      answer = postil_sidecar_queue_get (self->queue, i, &pending);
      self->scanner.at = pending.at;
      postil_sidecar_item_read (self->item, &self->context);
      self->annotations->pdata[pending.index] = postil_sidecar_item_build (self->item, answer);
      self->report->reshape |= postil_sidecar_item_is_reshaped (self->item);
    }
  return TRUE;
}

/* Gives each annotation whose id another one had before an id of its own. Returns how many. */
static guint
separate_ids (Reader *self)
{
  g_autoptr (GHashTable) ids = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) copies = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint n_duplicates = 0, copy;

  for (guint i = 0; i < self->annotations->len; i++)
    {
      PostilAnnotation *annotation = self->annotations->pdata[i];
      PostilAnnotationFields fields;
      g_autofree char *id = NULL;

      /* Adding an id again would put this annotation's in the place of the other's, which stays. */
      if (!g_hash_table_contains (ids, postil_annotation_get_id (annotation)))
        {
          g_hash_table_add (ids, (gpointer) postil_annotation_get_id (annotation));
          continue;
        }
      postil_annotation_get_fields (annotation, &fields);
      /* Counting on where the last copy ended: a file may have one id a hundred thousand times. */
      copy = MAX (GPOINTER_TO_UINT (g_hash_table_lookup (copies, fields.id)), 1);
      do
        {
          g_autofree char *seed = g_strdup_printf ("%s %u", fields.id, ++copy);

          g_free (id);
          id = postil_environment_derive_id (seed);
        }
      while (g_hash_table_contains (ids, id));
      g_hash_table_insert (copies, g_strdup (fields.id), GUINT_TO_POINTER (copy));
      fields.id = id;
      self->annotations->pdata[i] = postil_annotation_new (&fields);
      postil_annotation_unref (annotation);
      g_hash_table_add (ids, (gpointer) postil_annotation_get_id (self->annotations->pdata[i]));
      n_duplicates++;
    }
  return n_duplicates;
}

static void warn_format (Reader *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
warn_format (Reader *self, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_ptr_array_add (self->report->warnings, g_strdup_vprintf (format, arguments));
  va_end (arguments);
}

static void
warn (Reader *self, const GPtrArray *cut, guint n_duplicate_ids, const char *name)
{
  guint n_duplicates = postil_sidecar_names_get_n_duplicates (self->names);
  guint n_undefined = postil_sidecar_names_get_n_undefined (self->names);
  guint index;

  self->report->reshape |=
    cut->len + n_duplicates + n_undefined + n_duplicate_ids > 0 || self->n_bad_positions > 0;
  if (find_kept (self, "", "schema:version", &index))
    warn_format (self,
                 _ ("%s is from another version of Postil; what this version does not know stays "
                    "as it is."),
                 name);
  for (guint i = 0; i < cut->len; i++)
    warn_format (self,
                 _ ("%s: the topic “%s” was its own ancestor and is now at the top level; give it "
                    "a parent again."),
                 name, postil_topic_get_label (cut->pdata[i]));
  if (n_duplicates > 0)
    warn_format (self,
                 g_dngettext (GETTEXT_PACKAGE,
                              "%s: %u topic or annotator had the id of another one and was left "
                              "out; the file is copied before it is saved.",
                              "%s: %u topics or annotators had ids of others and were left out; "
                              "the file is copied before it is saved.",
                              n_duplicates),
                 name, n_duplicates);
  if (n_undefined > 0)
    warn_format (self,
                 g_dngettext (GETTEXT_PACKAGE,
                              "%s: %u topic is used but not described; it is called by the end "
                              "of its id until you rename it.",
                              "%s: %u topics are used but not described; they are called by the "
                              "ends of their ids until you rename them.",
                              n_undefined),
                 name, n_undefined);
  if (n_duplicate_ids > 0)
    warn_format (self,
                 g_dngettext (GETTEXT_PACKAGE,
                              "%s: %u annotation had the id of another one and got a new id; "
                              "check whether both are needed.",
                              "%s: %u annotations had ids of others and got new ids; check "
                              "whether all are needed.",
                              n_duplicate_ids),
                 name, n_duplicate_ids);
  if (self->n_bad_positions > 0)
    warn_format (self,
                 g_dngettext (GETTEXT_PACKAGE,
                              "%s: %u position lies outside the text; its passage was looked for "
                              "by its words.",
                              "%s: %u positions lie outside the text; their passages were looked "
                              "for by their words.",
                              self->n_bad_positions),
                 name, self->n_bad_positions);
  if (find_kept (self, "page", "next", &index))
    warn_format (self,
                 _ ("%s names further pages of annotations in other files, which Postil does not "
                    "read; open those files too."),
                 name);
}

static PostilSnapshot *
make_snapshot (Reader *self, const char *name)
{
  g_autoptr (GPtrArray) cut =
    postil_sidecar_cut_circles (postil_sidecar_names_get_topics (self->names));
  g_autoptr (PostilAnnotationIndex) index = NULL;
  g_autoptr (PostilForeign) foreign = NULL;
  g_autofree char *total = g_strdup_printf ("%u", self->annotations->len);
  g_autofree char *part_of = NULL;
  g_autofree char *page = NULL;
  g_autofree char *page_id = NULL;
  PostilSnapshot fields = { 0 };
  guint n_duplicate_ids = 0;

  if (self->collection == NULL)
    self->collection = self->environment->new_id (self->environment->data);
  if (self->id == NULL && self->text)
    self->id = self->environment->new_id (self->environment->data);

  page = postil_sidecar_form_dup_page_id (self->collection);
  page_id = g_strdup_printf ("\"%s\"", page);
  part_of = g_strdup_printf ("\"%s\"", self->collection);
  drop_own (self, "", "total", total);
  drop_own (self, "page", "id", page_id);
  drop_own (self, "page", "partOf", part_of);
  drop_label (self, "", self->label, self->source_label);
  drop_label (self, "source", self->source_label, self->label);
  index = postil_annotation_index_new_take (self->annotations);
  if (index == NULL)
    {
      n_duplicate_ids = separate_ids (self);
      index = postil_annotation_index_new ((PostilAnnotation *const *) self->annotations->pdata,
                                           self->annotations->len);
    }
  warn (self, cut, n_duplicate_ids, name);

  foreign = postil_sidecar_make_foreign (self->kept);
  fields.id = self->id;
  fields.collection = self->collection;
  fields.label = self->label ? self->label : (char *) self->default_label;
  fields.language = self->language;
  fields.text = self->text;
  fields.annotations = index;
  fields.annotators = postil_sidecar_names_get_annotators (self->names);
  fields.topics = postil_sidecar_names_get_topics (self->names);
  fields.foreign = foreign;
  return postil_snapshot_new (&fields);
}

/**
 * postil_sidecar_report_clear:
 * @report: a report, or zeros
 */
void
postil_sidecar_report_clear (PostilSidecarReport *report)
{
  g_clear_pointer (&report->warnings, g_ptr_array_unref);
}

/**
 * postil_sidecar_read:
 * @bytes: the sidecar
 * @n_bytes: its size in bytes
 * @name: name of its file, for messages
 * @label: (nullable): what the document is called, if the sidecar does not say
 * @text: (nullable): the text that it annotates; %NULL for a codebook, or to read what the sidecar
 *   says and no more: then passages have no ranges, but anchors that say how they are described,
 *   and what it says of its text is foreign, so that writing it again gives the same
 * @environment: where new ids come from
 * @store: (nullable): where earlier texts are, which help to find passages again
 * @cancellable: (nullable): to end it early
 * @report: (out caller-allocates) (nullable): what was found out besides; to be cleared
 * @error: return location
 *
 * Reads a sidecar: a collection as Postil writes it, or any other JSON that has annotations of the
 * W3C Web Annotation Data Model. Annotations whose quotes do not stand at their positions are
 * placed by postil_anchoring_place(). May be called in any thread.
 *
 * Returns: (transfer full) (nullable): all that the sidecar holds. %NULL with
 *   %POSTIL_ERROR_SYNTAX when it is not well-formed JSON in UTF-8, %POSTIL_ERROR_NOT_ANNOTATIONS
 *   when it has no annotations, %POSTIL_ERROR_TOO_LARGE, or %G_IO_ERROR_CANCELLED
 */
PostilSnapshot *
postil_sidecar_read (const char *bytes,
                     gsize n_bytes,
                     const char *name,
                     const char *label,
                     PostilText *text,
                     const PostilEnvironment *environment,
                     PostilStore *store,
                     GCancellable *cancellable,
                     PostilSidecarReport *report,
                     GError **error)
{
  g_auto (PostilSidecarReport) own_report = { 0 };
  g_auto (Reader) reader = { 0 };
  PostilSidecarRoot root;

  g_return_val_if_fail (bytes != NULL || n_bytes == 0, NULL);
  g_return_val_if_fail (name != NULL && environment != NULL, NULL);

  if (report == NULL)
    report = &own_report;
  *report = (PostilSidecarReport){ .warnings = g_ptr_array_new_with_free_func (g_free) };
  if (n_bytes > POSTIL_JSON_MAX_BYTES)
    {
      g_set_error (error, POSTIL_ERROR, POSTIL_ERROR_TOO_LARGE,
                   _ ("%s is larger than 2 GB, more than Postil reads; split it up."), name);
      return NULL;
    }

  reader.environment = environment;
  reader.cancellable = cancellable;
  reader.text = text;
  reader.default_label = label;
  reader.report = report;
  postil_json_scanner_init (&reader.scanner, bytes, n_bytes);
  root = postil_sidecar_shape_find_root (&reader.scanner);
  reader_begin (&reader);
  read_root (&reader, root);
  if (reader.late_head)
    {
      reader_clear (&reader);
      postil_json_scanner_init (&reader.scanner, bytes, n_bytes);
      reader_begin (&reader);
      reader.items_last = TRUE;
      read_root (&reader, root);
    }

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  if (reader.scanner.problem != POSTIL_JSON_PROBLEM_NONE)
    {
      postil_json_scanner_set_error (&reader.scanner, name, error);
      return NULL;
    }
  if (root == POSTIL_SIDECAR_ROOT_NOTHING ||
      (root != POSTIL_SIDECAR_ROOT_COLLECTION && reader.n_annotations == 0))
    {
      g_set_error (error, POSTIL_ERROR, POSTIL_ERROR_NOT_ANNOTATIONS,
                   _ ("%s holds no annotations; move it elsewhere, so that Postil can write its "
                      "own there."),
                   name);
      return NULL;
    }

  report->reshape |= root != POSTIL_SIDECAR_ROOT_COLLECTION || (text && !reader.native);
  report->text_changed = !reader.context.trusted;
  if (!place_pending (&reader, store))
    {
      g_cancellable_set_error_if_cancelled (cancellable, error);
      return NULL;
    }
  return make_snapshot (&reader, name);
}
