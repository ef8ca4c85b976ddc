/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-saver.h"

#include "postil-error.h"
#include "postil-saver-record.h"
#include "postil-saver-save.h"

/* Times in ms: from the first unsaved change to the save, so that what is typed in between is one
 * save; and as multiples of it, from a failed save to the next try, at first and at most. */
#define DELAY 1000
#define FIRST_RETRY 4
#define LAST_RETRY 120

/* A save that takes long is put off for so many times what the last one took. */
#define PAUSE 5

/**
 * PostilSaver:
 *
 * Keeps the sidecar of one document, or the codebook's file, up to date by itself. Owned by who
 * opened the document; lives in the main thread and writes in others, one save at a time, each of a
 * snapshot. Each change is at once added to a journal in the store, if there is one, so that from
 * then on the end of the process loses nothing; the sidecar follows after a while. A change made
 * during a save is saved after it. A failed save is tried again after some time, and at once after
 * another change.
 *
 * What another program writes into the sidecar is merged, also when nothing is to be saved, and
 * PostilSaver::merged tells what came of it.
 *
 * Letting go of a saver does not save: flush it before.
 */
struct _PostilSaver
{
  GObject parent_instance;

  PostilDocument *document;
  PostilCodebook *codebook;
  PostilSnapshot *codebook_read;
  PostilSidecar *sidecar;
  GFileMonitor *monitor;
  guint delay;

  PostilSaverState state;
  /* Why nothing is saved in the states that say so. */
  GError *problem;
  /* Nothing was saved yet since the sidecar could not be read. */
  gboolean damaged;
  gboolean beside;

  /* What the last change left: what the next one changes is found in it. */
  PostilSnapshot *last;
  guint64 n_changes;
  gboolean dirty;
  /* In ms. */
  guint pause;
  gboolean saving;
  gboolean taking_over;
  gboolean check_again;
  /* What was merged and not taken over, and what the document held then. */
  PostilSnapshot *untaken;
  PostilSnapshot *untaken_base;
  guint timeout;
  gint64 timeout_due;
  guint retry;
  GPtrArray *flushes;

  PostilJournal *journal;
  /* (element-type PostilSaverRecord): what is not in the journal yet, in order. */
  GQueue records;
  gboolean journaling;
  /* A thread adds records; later ones must wait for their turn. */
  gboolean appending;
  gboolean unflushed;
  /* In the journal: what it has, what a sidecar has of that, what is forgotten. */
  guint64 recorded;
  guint64 saved;
  guint64 forgotten;
};

enum
{
  PROP_0,
  PROP_DOCUMENT,
  PROP_CODEBOOK,
  PROP_CODEBOOK_READ,
  PROP_SIDECAR,
  PROP_DELAY,
  PROP_STATE,
  PROP_MESSAGE,
  PROP_BESIDE,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

enum
{
  MERGING,
  MERGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* What a thread adds to the journal, and how far that came. */
typedef struct
{
  PostilJournal *journal;
  GQueue records;
  guint64 recorded;
  guint64 forget;
  gboolean forgotten;
} Recording;

static void
recording_free (Recording *recording)
{
  g_object_unref (recording->journal);
  g_queue_clear_full (&recording->records, (GDestroyNotify) postil_saver_record_free);
  g_free (recording);
}

G_DEFINE_FINAL_TYPE (PostilSaver, postil_saver, G_TYPE_OBJECT)

GType
postil_saver_state_get_type (void)
{
  static gsize type;
  static const GEnumValue values[] = {
    { POSTIL_SAVER_SAVED, "POSTIL_SAVER_SAVED", "saved" },
    { POSTIL_SAVER_SAVING, "POSTIL_SAVER_SAVING", "saving" },
    { POSTIL_SAVER_FAILED, "POSTIL_SAVER_FAILED", "failed" },
    { POSTIL_SAVER_BLOCKED, "POSTIL_SAVER_BLOCKED", "blocked" },
    { 0, NULL, NULL },
  };

  if (g_once_init_enter (&type))
    g_once_init_leave (
      &type, g_enum_register_static (g_intern_static_string ("PostilSaverState"), values));
  return type;
}

static void start (PostilSaver *self);
static void write_journal (PostilSaver *self);
static void merged_cb (GObject *source, GAsyncResult *result, gpointer data);

static void
set_state (PostilSaver *self, PostilSaverState state, const GError *problem)
{
  gboolean same_message = g_strcmp0 (self->problem != NULL ? self->problem->message : NULL,
                                     problem != NULL ? problem->message : NULL) == 0;
  PostilSaverState before = self->state;
  GError *copy = problem != NULL ? g_error_copy (problem) : NULL;

  g_clear_error (&self->problem);
  self->problem = copy;
  self->state = state;
  g_object_freeze_notify (G_OBJECT (self));
  if (before != state)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
  if (!same_message)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MESSAGE]);
  g_object_thaw_notify (G_OBJECT (self));
}

/* The codebook's file has the topics in the order shown, and after them the deleted ones. */
static PostilSnapshot *
take_codebook_snapshot (PostilSaver *self)
{
  g_autoptr (GPtrArray) topics = postil_codebook_list_in_order (self->codebook);
  g_autoptr (GHashTable) listed = g_hash_table_new (NULL, NULL);
  GPtrArray *all = postil_codebook_get_topics (self->codebook);
  PostilSnapshot fields = *self->codebook_read;

  for (guint i = 0; i < topics->len; i++)
    g_hash_table_add (listed, topics->pdata[i]);
  for (guint i = 0; i < all->len; i++)
    if (!g_hash_table_contains (listed, all->pdata[i]))
      g_ptr_array_add (topics, postil_topic_ref (all->pdata[i]));
  fields.topics = topics;
  return postil_snapshot_new (&fields);
}

static PostilSnapshot *
take_snapshot (PostilSaver *self)
{
  return self->document != NULL ? postil_document_snapshot (self->document, self->codebook)
                                : take_codebook_snapshot (self);
}

static void
return_flushes (PostilSaver *self, const GError *problem)
{
  g_autoptr (GPtrArray) flushes = g_steal_pointer (&self->flushes);

  self->flushes = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < flushes->len; i++)
    if (problem != NULL)
      g_task_return_error (flushes->pdata[i], g_error_copy (problem));
    else
      g_task_return_boolean (flushes->pdata[i], TRUE);
}

static gboolean
timeout_cb (gpointer data)
{
  PostilSaver *self = data;

  self->timeout = 0;
  start (self);
  return G_SOURCE_REMOVE;
}

/* Saves in @delay ms, or earlier if that was arranged. */
static void
schedule (PostilSaver *self, guint delay)
{
  gint64 due = g_get_monotonic_time () + delay * G_TIME_SPAN_MILLISECOND;

  if (self->saving || (self->timeout != 0 && self->timeout_due <= due))
    return;
  g_clear_handle_id (&self->timeout, g_source_remove);
  self->timeout = g_timeout_add (delay, timeout_cb, self);
  self->timeout_due = due;
}

static void
mark_changed (PostilSaver *self)
{
  if (self->taking_over)
    return;
  self->n_changes++;
  self->dirty = TRUE;
  if (self->state == POSTIL_SAVER_SAVED)
    set_state (self, POSTIL_SAVER_SAVING, NULL);
  schedule (self, MAX (self->delay, self->pause));
}

/* Notes a change for the journal. Returns whether anything of what is saved changed. */
static gboolean
record (PostilSaver *self, gboolean whole, const PostilChange *changes, guint n_changes)
{
  g_autoptr (PostilSnapshot) before = g_steal_pointer (&self->last);
  g_autoptr (PostilSnapshot) after = take_snapshot (self);
  PostilSaverRecord *noted =
    whole ? postil_saver_record_new_whole (before, after)
          : postil_saver_record_new (before->topics, after, changes, n_changes);

  self->last = postil_snapshot_ref (after);
  if (noted == NULL)
    return FALSE;
  if (self->journal == NULL || self->taking_over)
    {
      postil_saver_record_free (noted);
      return TRUE;
    }
  g_queue_push_tail (&self->records, noted);
  /* Else the journal would take it for saved. */
  self->dirty = TRUE;
  write_journal (self);
  return TRUE;
}

static void
record_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Recording *recording = data;
  GError *error = NULL;
  PostilSaverRecord *noted;

  while (error == NULL && (noted = g_queue_peek_head (&recording->records)) != NULL)
    {
      postil_saver_record_reduce (noted);
      if (postil_journal_append (recording->journal, noted->before, noted->after,
                                 &recording->recorded, &error))
        postil_saver_record_free (g_queue_pop_head (&recording->records));
    }
  if (error == NULL)
    postil_journal_flush (recording->journal, &error);
  recording->forgotten =
    recording->forget > 0 && postil_journal_forget (recording->journal, recording->forget, NULL);
  if (error == NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* Without a journal the sidecar is what keeps the work, so that must not wait. */
static void
handle_journal_failure (PostilSaver *self)
{
  if (self->dirty && self->state != POSTIL_SAVER_FAILED && self->state != POSTIL_SAVER_BLOCKED)
    schedule (self, 0);
}

static void
recorded_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  PostilSaver *self = POSTIL_SAVER (source);
  Recording *recording = g_task_get_task_data (G_TASK (result));
  gboolean done = g_task_propagate_boolean (G_TASK (result), NULL);
  PostilSaverRecord *noted;

  self->journaling = FALSE;
  self->appending = FALSE;
  self->recorded = MAX (self->recorded, recording->recorded);
  if (recording->forgotten)
    self->forgotten = recording->forget;
  while ((noted = g_queue_pop_tail (&recording->records)) != NULL)
    g_queue_push_head (&self->records, noted);
  if (done)
    write_journal (self);
  else
    {
      self->unflushed = TRUE;
      handle_journal_failure (self);
    }
}

/* Adds to the journal what waits, and drops of it what the sidecar has. */
static void
write_journal (PostilSaver *self)
{
  g_autoptr (GTask) task = NULL;
  Recording *recording;
  PostilSaverRecord *noted;
  gboolean failed = FALSE;

  if (self->journal == NULL)
    return;
  while (!failed && !self->appending && (noted = g_queue_peek_head (&self->records)) != NULL &&
         postil_saver_record_is_small (noted))
    {
      failed =
        !postil_journal_append (self->journal, noted->before, noted->after, &self->recorded, NULL);
      if (!failed)
        {
          postil_saver_record_free (g_queue_pop_head (&self->records));
          self->unflushed = TRUE;
        }
    }
  if (failed)
    handle_journal_failure (self);
  if (!self->dirty && !self->saving && !self->appending && g_queue_is_empty (&self->records))
    self->saved = self->recorded;
  if (!self->unflushed && g_queue_is_empty (&self->records) && self->saved <= self->forgotten)
    return;
  if (failed || self->journaling)
    return;

  recording = g_new0 (Recording, 1);
  recording->journal = g_object_ref (self->journal);
  recording->records = self->records;
  recording->recorded = self->recorded;
  recording->forget = self->saved > self->forgotten ? self->saved : 0;
  g_queue_init (&self->records);
  self->journaling = TRUE;
  self->appending = !g_queue_is_empty (&recording->records);
  self->unflushed = FALSE;
  task = g_task_new (self, NULL, recorded_cb, NULL);
  g_task_set_source_tag (task, write_journal);
  g_task_set_task_data (task, recording, (GDestroyNotify) recording_free);
  g_task_run_in_thread (task, record_in_thread);
}

static void
save_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  PostilSaver *self = source;
  GError *error = NULL;

  if (postil_saver_save_run (data, self->sidecar, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
merge_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  postil_saver_save_merge (data);
  g_task_return_boolean (task, TRUE);
}

static void
handle_failure (PostilSaver *self, const GError *problem)
{
  gboolean blocked =
    self->damaged || (problem->domain == POSTIL_ERROR && problem->code != POSTIL_ERROR_CHANGED);

  /* Another program may be in the middle of writing it. */
  if (blocked && !self->damaged && self->retry == 0)
    {
      self->retry = 1;
      schedule (self, self->delay);
      return;
    }
  self->retry = CLAMP (2 * self->retry, FIRST_RETRY, LAST_RETRY);
  set_state (self, blocked ? POSTIL_SAVER_BLOCKED : POSTIL_SAVER_FAILED, problem);
  schedule (self, self->retry * self->delay);
  return_flushes (self, problem);
}

static gboolean
differ_cb (PostilAnnotation *here, PostilAnnotation *after, gpointer data)
{
  *(gboolean *) data = FALSE;
  return G_SOURCE_REMOVE;
}

/* Whether what is here is what @after holds. */
static gboolean
is_taken_over (PostilSaver *self, PostilSnapshot *after)
{
  gboolean same = TRUE;

  if (self->document == NULL)
    {
      for (guint i = 0; i < after->topics->len; i++)
        {
          PostilTopic *topic = postil_codebook_get_topic (
            self->codebook, postil_topic_get_id (after->topics->pdata[i]));

          if (topic == NULL || !postil_topic_equal (topic, after->topics->pdata[i]))
            return FALSE;
        }
      return TRUE;
    }
  postil_annotation_index_foreach_difference (postil_document_get_annotations (self->document),
                                              after->annotations, differ_cb, &same);
  return same;
}

/* Lets what is here become what came of it and the file. What was changed here meanwhile is saved
 * later. */
static void
hand_over (PostilSaver *self, const PostilSaverSave *save)
{
  PostilSnapshot *after = save->after;

  if (self->document == NULL)
    {
      postil_snapshot_unref (self->codebook_read);
      self->codebook_read = postil_snapshot_ref (after);
    }
  self->taking_over = TRUE;
  g_signal_emit (self, signals[MERGED], 0, after, save->n_annotations, save->n_versions);
  self->taking_over = FALSE;
  g_clear_pointer (&self->untaken, postil_snapshot_unref);
  g_clear_pointer (&self->untaken_base, postil_snapshot_unref);
  if (!is_taken_over (self, after))
    {
      g_critical ("Nobody took over what another program wrote");
      self->untaken = postil_snapshot_ref (after);
      self->untaken_base = postil_snapshot_ref (save->here);
    }
}

static void
end_save (PostilSaver *self, const PostilSaverSave *save, const GError *problem)
{
  gboolean beside = postil_sidecar_is_beside (self->sidecar);

  self->saving = FALSE;
  if (problem != NULL)
    {
      self->dirty |= !save->refresh;
      handle_failure (self, problem);
    }
  else
    {
      self->retry = 0;
      self->damaged = FALSE;
      if (!save->refresh)
        {
          self->saved = save->recorded;
          self->pause = MIN (PAUSE * save->duration, G_MAXINT);
        }
      set_state (self, self->dirty ? POSTIL_SAVER_SAVING : POSTIL_SAVER_SAVED, NULL);
      if (!self->dirty)
        {
          g_queue_clear_full (&self->records, (GDestroyNotify) postil_saver_record_free);
          return_flushes (self, NULL);
        }
      else if (self->flushes->len > 0)
        start (self);
      else
        schedule (self, MAX (self->delay, self->pause));
    }
  write_journal (self);
  if (self->beside != beside)
    {
      self->beside = beside;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BESIDE]);
    }
  if (self->check_again && !self->saving)
    start (self);
}

/* Hands what came of a save over when it is about what is here, or else has it merged anew. */
static void
take_over (PostilSaver *self, PostilSaverSave *save)
{
  g_autoptr (GTask) task = NULL;

  g_signal_emit (self, signals[MERGING], 0);
  if (self->n_changes == save->n_changes)
    {
      hand_over (self, save);
      end_save (self, save, NULL);
      return;
    }
  postil_snapshot_unref (save->here);
  save->here = take_snapshot (self);
  save->n_changes = self->n_changes;
  task = g_task_new (self, NULL, merged_cb, NULL);
  g_task_set_source_tag (task, take_over);
  g_task_set_task_data (task, postil_saver_save_ref (save),
                        (GDestroyNotify) postil_saver_save_unref);
  g_task_run_in_thread (task, merge_in_thread);
}

static void
merged_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  take_over (POSTIL_SAVER (source), g_task_get_task_data (G_TASK (result)));
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  PostilSaver *self = POSTIL_SAVER (source);
  PostilSaverSave *save = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) problem = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &problem) && save->after != NULL)
    take_over (self, save);
  else
    end_save (self, save, problem);
}

/* Saves what waits, or else looks what the file holds. Does nothing during a save, which saves
 * again for what changed since it began. */
static void
start (PostilSaver *self)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (PostilSnapshot) snapshot = NULL;
  PostilSaverSave *save;

  if (self->saving)
    return;
  task = g_task_new (self, NULL, saved_cb, NULL);
  snapshot = take_snapshot (self);
  save = postil_saver_save_new (snapshot);
  if (self->untaken != NULL)
    {
      save->untaken = postil_snapshot_ref (self->untaken);
      save->untaken_base = postil_snapshot_ref (self->untaken_base);
    }
  save->refresh = !self->dirty;
  save->n_changes = self->n_changes;
  save->recorded = !self->appending && g_queue_is_empty (&self->records) ? self->recorded : 0;
  g_clear_handle_id (&self->timeout, g_source_remove);
  self->dirty = FALSE;
  self->saving = TRUE;
  self->check_again = FALSE;
  g_task_set_source_tag (task, start);
  g_task_set_task_data (task, save, (GDestroyNotify) postil_saver_save_unref);
  g_task_run_in_thread (task, save_in_thread);
}

/* The file changed, maybe by a save of ours. */
static void
check_outside (PostilSaver *self)
{
  if (self->saving)
    self->check_again = TRUE;
  else if (self->state != POSTIL_SAVER_SAVING)
    start (self);
}

static void
document_changed_cb (PostilSaver *self, const PostilChange *changes, guint n_changes)
{
  record (self, changes == NULL, changes, n_changes);
}

static void
codebook_changed_cb (PostilSaver *self)
{
  if (record (self, FALSE, NULL, 0))
    mark_changed (self);
}

static void
postil_saver_constructed (GObject *object)
{
  PostilSaver *self = POSTIL_SAVER (object);
  g_autofree char *path = postil_sidecar_dup_target (self->sidecar);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (PostilSnapshot) snapshot = take_snapshot (self);
  const GError *damage = postil_sidecar_get_damage (self->sidecar);

  self->last = postil_snapshot_ref (snapshot);
  self->journal = postil_sidecar_open_journal (self->sidecar, &self->recorded);
  self->beside = postil_sidecar_is_beside (self->sidecar);
  if (damage != NULL)
    {
      self->damaged = TRUE;
      self->state = POSTIL_SAVER_BLOCKED;
      self->problem = g_error_copy (damage);
    }
  if (self->document != NULL)
    {
      g_signal_connect_object (self->document, "changed", G_CALLBACK (document_changed_cb), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (self->document, "notify::version", G_CALLBACK (mark_changed), self,
                               G_CONNECT_SWAPPED);
    }
  g_signal_connect_object (self->codebook, "changed", G_CALLBACK (codebook_changed_cb), self,
                           G_CONNECT_SWAPPED);
  /* Without a monitor a foreign change is noticed by the next save. */
  self->monitor = g_file_monitor_file (file, G_FILE_MONITOR_NONE, NULL, NULL);
  if (self->monitor != NULL)
    g_signal_connect_object (self->monitor, "changed", G_CALLBACK (check_outside), self,
                             G_CONNECT_SWAPPED);
  if (postil_sidecar_get_unsaved (self->sidecar))
    {
      self->dirty = TRUE;
      if (damage == NULL)
        self->state = POSTIL_SAVER_SAVING;
      start (self);
    }

  G_OBJECT_CLASS (postil_saver_parent_class)->constructed (object);
}

static void
postil_saver_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PostilSaver *self = POSTIL_SAVER (object);

  switch (id)
    {
    case PROP_DOCUMENT:
      g_value_set_object (value, self->document);
      break;
    case PROP_SIDECAR:
      g_value_set_object (value, self->sidecar);
      break;
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_MESSAGE:
      g_value_set_string (value, postil_saver_get_message (self));
      break;
    case PROP_BESIDE:
      g_value_set_boolean (value, self->beside);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
postil_saver_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  PostilSaver *self = POSTIL_SAVER (object);

  switch (id)
    {
    case PROP_DOCUMENT:
      self->document = g_value_dup_object (value);
      break;
    case PROP_CODEBOOK:
      self->codebook = g_value_dup_object (value);
      break;
    case PROP_CODEBOOK_READ:
      self->codebook_read = g_value_dup_boxed (value);
      break;
    case PROP_SIDECAR:
      self->sidecar = g_value_dup_object (value);
      break;
    case PROP_DELAY:
      self->delay = g_value_get_uint (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
postil_saver_dispose (GObject *object)
{
  PostilSaver *self = POSTIL_SAVER (object);

  g_clear_handle_id (&self->timeout, g_source_remove);
  g_clear_object (&self->monitor);

  G_OBJECT_CLASS (postil_saver_parent_class)->dispose (object);
}

static void
postil_saver_finalize (GObject *object)
{
  PostilSaver *self = POSTIL_SAVER (object);

  g_clear_object (&self->document);
  g_clear_object (&self->codebook);
  g_clear_pointer (&self->codebook_read, postil_snapshot_unref);
  g_clear_object (&self->sidecar);
  g_clear_pointer (&self->untaken, postil_snapshot_unref);
  g_clear_pointer (&self->untaken_base, postil_snapshot_unref);
  g_clear_error (&self->problem);
  g_clear_pointer (&self->last, postil_snapshot_unref);
  g_ptr_array_unref (self->flushes);
  g_queue_clear_full (&self->records, (GDestroyNotify) postil_saver_record_free);
  g_clear_object (&self->journal);

  G_OBJECT_CLASS (postil_saver_parent_class)->finalize (object);
}

static void
postil_saver_class_init (PostilSaverClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags construct = G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->constructed = postil_saver_constructed;
  object_class->get_property = postil_saver_get_property;
  object_class->set_property = postil_saver_set_property;
  object_class->dispose = postil_saver_dispose;
  object_class->finalize = postil_saver_finalize;

  /* What is saved; NULL when it is the codebook. */
  properties[PROP_DOCUMENT] = g_param_spec_object ("document", NULL, NULL, POSTIL_TYPE_DOCUMENT,
                                                   construct | G_PARAM_READABLE);
  properties[PROP_CODEBOOK] =
    g_param_spec_object ("codebook", NULL, NULL, POSTIL_TYPE_CODEBOOK, construct);
  /* What the codebook's file held when it was read. */
  properties[PROP_CODEBOOK_READ] =
    g_param_spec_boxed ("codebook-read", NULL, NULL, POSTIL_TYPE_SNAPSHOT, construct);
  properties[PROP_SIDECAR] =
    g_param_spec_object ("sidecar", NULL, NULL, POSTIL_TYPE_SIDECAR, construct | G_PARAM_READABLE);
  /* From the first unsaved change to the save, in ms; all other times are multiples of it. */
  properties[PROP_DELAY] = g_param_spec_uint ("delay", NULL, NULL, 1, 10000, DELAY, construct);
  properties[PROP_STATE] =
    g_param_spec_enum ("state", NULL, NULL, POSTIL_TYPE_SAVER_STATE, POSTIL_SAVER_SAVED,
                       G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_MESSAGE] =
    g_param_spec_string ("message", NULL, NULL, NULL,
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  /* Whether the sidecar is beside its document, and not in the user's data folder. */
  properties[PROP_BESIDE] =
    g_param_spec_boolean ("beside", NULL, NULL, TRUE,
                          G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  /**
   * PostilSaver::merging:
   *
   * Another program changed the file; what a person is still typing must become part of what is
   * here now, so that it is merged as well.
   */
  signals[MERGING] = g_signal_new ("merging", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  /**
   * PostilSaver::merged:
   * @after: what the document is to hold now
   * @n_annotations: how many annotations of it are others than here, apart from links
   * @n_versions: of how many there are two versions, as they were changed here as well
   *
   * Another program changed the file, and what it wrote was merged with what is here. Whoever owns
   * what is saved takes @after over before the handler returns, and changes nothing else meanwhile:
   * as one step, see postil_edit_take_over(), and with postil_document_reread(); of the codebook,
   * its topics. That step is no change to be saved, as the file holds it already.
   */
  signals[MERGED] = g_signal_new (
    "merged", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 3,
    POSTIL_TYPE_SNAPSHOT | G_SIGNAL_TYPE_STATIC_SCOPE, G_TYPE_UINT, G_TYPE_UINT);
}

static void
postil_saver_init (PostilSaver *self)
{
  self->flushes = g_ptr_array_new_with_free_func (g_object_unref);
  g_queue_init (&self->records);
}

/**
 * postil_saver_new:
 * @document: a document as it was loaded
 * @codebook: the codebook of its workspace, which has the document's topics already
 * @sidecar: what the document's annotations were loaded from
 *
 * Saves every change from now on.
 *
 * Returns: (transfer full): the document's saver
 */
PostilSaver *
postil_saver_new (PostilDocument *document, PostilCodebook *codebook, PostilSidecar *sidecar)
{
  g_return_val_if_fail (POSTIL_IS_DOCUMENT (document), NULL);
  g_return_val_if_fail (POSTIL_IS_CODEBOOK (codebook) && POSTIL_IS_SIDECAR (sidecar), NULL);

  return g_object_new (POSTIL_TYPE_SAVER, "document", document, "codebook", codebook, "sidecar",
                       sidecar, NULL);
}

/**
 * postil_saver_new_for_codebook:
 * @codebook: the codebook of a workspace
 * @snapshot: what was read from its file
 * @sidecar: what it was read from
 *
 * Saves every change of the codebook from now on.
 *
 * Returns: (transfer full): the codebook's saver
 */
PostilSaver *
postil_saver_new_for_codebook (PostilCodebook *codebook,
                               PostilSnapshot *snapshot,
                               PostilSidecar *sidecar)
{
  g_return_val_if_fail (POSTIL_IS_CODEBOOK (codebook), NULL);
  g_return_val_if_fail (snapshot != NULL && POSTIL_IS_SIDECAR (sidecar), NULL);

  return g_object_new (POSTIL_TYPE_SAVER, "codebook", codebook, "codebook-read", snapshot,
                       "sidecar", sidecar, NULL);
}

/**
 * postil_saver_get_state:
 * @self: a saver
 *
 * Returns: how saving goes
 */
PostilSaverState
postil_saver_get_state (PostilSaver *self)
{
  g_return_val_if_fail (POSTIL_IS_SAVER (self), POSTIL_SAVER_SAVED);

  return self->state;
}

/**
 * postil_saver_get_message:
 * @self: a saver
 *
 * Returns: (nullable): one translated sentence that says why nothing is saved
 */
const char *
postil_saver_get_message (PostilSaver *self)
{
  g_return_val_if_fail (POSTIL_IS_SAVER (self), NULL);

  return self->problem != NULL ? self->problem->message : NULL;
}

/**
 * postil_saver_get_sidecar:
 * @self: a saver
 *
 * Returns: (transfer none): the file that is saved to
 */
PostilSidecar *
postil_saver_get_sidecar (PostilSaver *self)
{
  g_return_val_if_fail (POSTIL_IS_SAVER (self), NULL);

  return self->sidecar;
}

/**
 * postil_saver_get_document:
 * @self: a saver
 *
 * Returns: (transfer none) (nullable): what is saved; %NULL when it is the codebook
 */
PostilDocument *
postil_saver_get_document (PostilSaver *self)
{
  g_return_val_if_fail (POSTIL_IS_SAVER (self), NULL);

  return self->document;
}

/**
 * postil_saver_is_beside:
 * @self: a saver
 *
 * Returns: whether the sidecar is beside its document; %FALSE when it is kept in the user's data
 * folder, as the folder cannot be written or the name is too long
 */
gboolean
postil_saver_is_beside (PostilSaver *self)
{
  g_return_val_if_fail (POSTIL_IS_SAVER (self), TRUE);

  return self->beside;
}

/**
 * postil_saver_take_snapshot:
 * @self: a saver
 *
 * Returns: (transfer full): what would be saved now
 */
PostilSnapshot *
postil_saver_take_snapshot (PostilSaver *self)
{
  g_return_val_if_fail (POSTIL_IS_SAVER (self), NULL);

  return take_snapshot (self);
}

/**
 * postil_saver_flush_async:
 * @self: a saver
 * @callback: called when all changes that were made before are saved, or cannot be
 *
 * Saves now whatever waits.
 */
void
postil_saver_flush_async (PostilSaver *self,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (POSTIL_IS_SAVER (self));

  task = g_task_new (self, cancellable, callback, data);
  g_task_set_source_tag (task, postil_saver_flush_async);
  if (!self->dirty && !self->saving)
    g_task_return_boolean (task, TRUE);
  else
    {
      g_ptr_array_add (self->flushes, g_steal_pointer (&task));
      start (self);
    }
}

/**
 * postil_saver_flush_finish:
 * @self: a saver
 *
 * Returns: whether all changes are saved; %FALSE sets why not, as postil_sidecar_save() does
 */
gboolean
postil_saver_flush_finish (PostilSaver *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
