/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-note-editor.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "postil-edit.h"

/*
 * PostilNoteEditor: where one's own note on an annotation is written. What is typed becomes part of
 * the annotation at once, so that it is saved as everything else; what is typed without a
 * pause is one step of the workspace's history. The buffer has no history of its own: undoing is
 * the window's, after what was typed last has been committed. A change from elsewhere, such as
 * undoing, is followed with the caret left in place.
 */
struct _PostilNoteEditor
{
  GtkWidget parent_instance;

  PostilWorkspace *workspace;
  PostilDocument *document;
  char *annotation;
  gboolean typed;
  gboolean following;
  guint pause;
  guint commit_timeout;
  guint pause_timeout;

  GtkTextView *view;
  GtkTextBuffer *buffer;
  GtkWidget *placeholder;
};

G_DEFINE_FINAL_TYPE (PostilNoteEditor, postil_note_editor, GTK_TYPE_WIDGET)

enum
{
  PROP_PAUSE = 1,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

enum
{
  SIGNAL_DONE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* What was typed is committed after this time, in ms, so that it is saved within a second. */
#define COMMIT_DELAY 300

/* A step ends when nothing was typed for so long, in ms. */
#define PAUSE 1000

static PostilAnnotation *
find_annotation (PostilNoteEditor *self)
{
  return self->document ? postil_document_get_annotation (self->document, self->annotation) : NULL;
}

static const char *
get_note (PostilNoteEditor *self)
{
  PostilAnnotation *annotation = find_annotation (self);
  PostilNote *note = NULL;

  if (annotation)
    note = postil_annotation_find_note (
      annotation, postil_annotator_get_id (postil_workspace_get_annotator (self->workspace)));

  return note ? postil_note_get_text (note) : "";
}

static char *
dup_text (PostilNoteEditor *self)
{
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (self->buffer, &start, &end);
  return gtk_text_buffer_get_text (self->buffer, &start, &end, TRUE);
}

/* Makes what was typed part of the annotation; the step may still grow. */
static void
write_down (PostilNoteEditor *self)
{
  PostilAnnotation *annotation = find_annotation (self);
  g_autoptr (PostilStep) step = NULL;
  g_autofree char *text = NULL, *key = NULL;

  g_clear_handle_id (&self->commit_timeout, g_source_remove);
  if (!self->typed || annotation == NULL)
    return;

  self->typed = FALSE;
  text = dup_text (self);
  key = g_strconcat ("note:", self->annotation, NULL);
  step = postil_step_new (get_note (self)[0] == '\0' ? _ ("Write Note")
                          : text[0] == '\0'          ? _ ("Delete Note")
                                                     : _ ("Edit Note"));
  postil_edit_set_note (self->workspace, step, self->document, annotation, text);
  postil_workspace_commit (self->workspace, step, key);
}

static gboolean
commit_timeout_cb (gpointer data)
{
  PostilNoteEditor *self = data;

  self->commit_timeout = 0;
  write_down (self);

  return G_SOURCE_REMOVE;
}

static gboolean
pause_timeout_cb (gpointer data)
{
  PostilNoteEditor *self = data;

  self->pause_timeout = 0;
  postil_note_editor_commit (self);

  return G_SOURCE_REMOVE;
}

static void
show_placeholder (PostilNoteEditor *self, gboolean composing)
{
  gtk_widget_set_visible (self->placeholder,
                          !composing && gtk_text_buffer_get_char_count (self->buffer) == 0);
}

/* Replaces only what differs, so that caret and selection stay where they are elsewhere. */
static void
set_text (PostilNoteEditor *self, const char *text)
{
  g_autofree char *present = dup_text (self);
  const char *end = present + strlen (present), *text_end = text + strlen (text);
  const char *start = present, *text_start = text;
  GtkTextIter from, to;

  while (start < end && text_start < text_end &&
         g_utf8_get_char (start) == g_utf8_get_char (text_start))
    {
      start = g_utf8_next_char (start);
      text_start = g_utf8_next_char (text_start);
    }
  while (end > start && text_end > text_start &&
         g_utf8_get_char (g_utf8_prev_char (end)) == g_utf8_get_char (g_utf8_prev_char (text_end)))
    {
      end = g_utf8_prev_char (end);
      text_end = g_utf8_prev_char (text_end);
    }
  if (start == end && text_start == text_end)
    return;

  self->following = TRUE;
  gtk_text_buffer_get_iter_at_offset (self->buffer, &from,
                                      g_utf8_pointer_to_offset (present, start));
  gtk_text_buffer_get_iter_at_offset (self->buffer, &to, g_utf8_pointer_to_offset (present, end));
  gtk_text_buffer_delete (self->buffer, &from, &to);
  gtk_text_buffer_insert (self->buffer, &from, text_start, text_end - text_start);
  self->following = FALSE;
}

/* What a person has typed and is not yet part of the annotation comes before what is there. */
static void
document_changed_cb (PostilNoteEditor *self, const PostilChange *changes, guint n_changes)
{
  if (!self->typed && postil_changes_touch (changes, n_changes, self->annotation))
    set_text (self, get_note (self));
}

static void
changed_cb (PostilNoteEditor *self)
{
  show_placeholder (self, FALSE);
  if (self->following || self->document == NULL)
    return;

  self->typed = TRUE;
  if (self->commit_timeout == 0)
    self->commit_timeout = g_timeout_add (COMMIT_DELAY, commit_timeout_cb, self);
  g_clear_handle_id (&self->pause_timeout, g_source_remove);
  self->pause_timeout = g_timeout_add (self->pause, pause_timeout_cb, self);
}

static void
preedit_changed_cb (PostilNoteEditor *self, const char *preedit)
{
  show_placeholder (self, preedit[0] != '\0');
}

/* Accelerators of the application come before this; these keys are none of them, as a text has an
 * own sense for them. */
static gboolean
key_pressed_cb (PostilNoteEditor *self, guint key, guint keycode, GdkModifierType state)
{
  GdkModifierType modifiers = state & gtk_accelerator_get_default_mod_mask ();
  gboolean undo = modifiers == GDK_CONTROL_MASK && gdk_keyval_to_lower (key) == GDK_KEY_z;
  gboolean redo =
    (modifiers == (GDK_CONTROL_MASK | GDK_SHIFT_MASK) && gdk_keyval_to_lower (key) == GDK_KEY_z) ||
    (modifiers == GDK_CONTROL_MASK && gdk_keyval_to_lower (key) == GDK_KEY_y);

  if (undo || redo)
    {
      postil_note_editor_commit (self);
      gtk_widget_activate_action (GTK_WIDGET (self), undo ? "win.undo" : "win.redo", NULL);
      return GDK_EVENT_STOP;
    }
  if ((key == GDK_KEY_Escape && modifiers == 0) ||
      ((key == GDK_KEY_Return || key == GDK_KEY_KP_Enter) && modifiers == GDK_CONTROL_MASK))
    {
      postil_note_editor_commit (self);
      g_signal_emit (self, signals[SIGNAL_DONE], 0);
      return GDK_EVENT_STOP;
    }

  return GDK_EVENT_PROPAGATE;
}

static gboolean
postil_note_editor_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (POSTIL_NOTE_EDITOR (widget)->view));
}

static void
postil_note_editor_dispose (GObject *object)
{
  PostilNoteEditor *self = POSTIL_NOTE_EDITOR (object);
  GtkWidget *child;

  if (self->document)
    postil_note_editor_set_annotation (self, NULL, NULL, NULL);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))))
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (postil_note_editor_parent_class)->dispose (object);
}

static void
postil_note_editor_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_PAUSE:
      POSTIL_NOTE_EDITOR (object)->pause = g_value_get_uint (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
postil_note_editor_class_init (PostilNoteEditorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->set_property = postil_note_editor_set_property;
  object_class->dispose = postil_note_editor_dispose;
  widget_class->grab_focus = postil_note_editor_grab_focus;

  /* How long a person must rest, in ms, for what comes then to be a step of its own. */
  properties[PROP_PAUSE] =
    g_param_spec_uint ("pause", NULL, NULL, 1, G_MAXUINT, PAUSE,
                       G_PARAM_WRITABLE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  /**
   * PostilNoteEditor::done:
   * @self: the editor
   *
   * A person left the note by Escape or Ctrl+Enter; it is committed.
   */
  signals[SIGNAL_DONE] = g_signal_new ("done", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                       NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/page/postil/Postil/widgets/postil-note-editor.ui");
  gtk_widget_class_bind_template_child (widget_class, PostilNoteEditor, view);
  gtk_widget_class_bind_template_child (widget_class, PostilNoteEditor, buffer);
  gtk_widget_class_bind_template_child (widget_class, PostilNoteEditor, placeholder);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, preedit_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, key_pressed_cb);
  gtk_widget_class_bind_template_callback (widget_class, postil_note_editor_commit);
  gtk_widget_class_set_css_name (widget_class, "noteeditor");
}

static void
postil_note_editor_init (PostilNoteEditor *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
postil_note_editor_new (void)
{
  return g_object_new (POSTIL_TYPE_NOTE_EDITOR, NULL);
}

/**
 * postil_note_editor_set_annotation:
 * @self: a note editor
 * @workspace: (nullable): the workspace, whose annotator writes
 * @document: (nullable): a document of it
 * @annotation: (nullable): id of an annotation of @document; %NULL with the other two for none
 *
 * Shows the note on that annotation. What was typed on the one before is committed first.
 */
void
postil_note_editor_set_annotation (PostilNoteEditor *self,
                                   PostilWorkspace *workspace,
                                   PostilDocument *document,
                                   const char *annotation)
{
  g_return_if_fail (POSTIL_IS_NOTE_EDITOR (self));
  g_return_if_fail ((document == NULL) == (workspace == NULL) &&
                    (document == NULL) == (annotation == NULL));

  if (document == self->document && workspace == self->workspace &&
      g_strcmp0 (annotation, self->annotation) == 0)
    return;

  postil_note_editor_commit (self);
  if (self->document)
    g_signal_handlers_disconnect_by_func (self->document, document_changed_cb, self);
  g_set_object (&self->workspace, workspace);
  g_set_object (&self->document, document);
  g_free (self->annotation);
  self->annotation = g_strdup (annotation);
  self->typed = FALSE;
  if (document)
    g_signal_connect_swapped (document, "changed", G_CALLBACK (document_changed_cb), self);

  self->following = TRUE;
  gtk_text_buffer_set_text (self->buffer, get_note (self), -1);
  self->following = FALSE;
}

/**
 * postil_note_editor_commit:
 * @self: a note editor
 *
 * Makes what was typed part of the annotation now and ends the step.
 */
void
postil_note_editor_commit (PostilNoteEditor *self)
{
  g_return_if_fail (POSTIL_IS_NOTE_EDITOR (self));

  g_clear_handle_id (&self->pause_timeout, g_source_remove);
  write_down (self);
  if (self->workspace)
    postil_history_seal (postil_workspace_get_history (self->workspace));
}
