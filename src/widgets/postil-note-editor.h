/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "postil-workspace.h"

G_BEGIN_DECLS

#define POSTIL_TYPE_NOTE_EDITOR (postil_note_editor_get_type ())
G_DECLARE_FINAL_TYPE (PostilNoteEditor, postil_note_editor, POSTIL, NOTE_EDITOR, GtkWidget)

/*
 * Where the note of the workspace's annotator on one annotation is written. Signal: "done" (): a
 * person left it by Escape or Ctrl+Enter.
 */
GtkWidget *postil_note_editor_new (void);
void postil_note_editor_set_annotation (PostilNoteEditor *self,
                                        PostilWorkspace *workspace,
                                        PostilDocument *document,
                                        const char *annotation);
void postil_note_editor_commit (PostilNoteEditor *self);

G_END_DECLS
