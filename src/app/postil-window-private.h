/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What the files of the window share: postil-window.c holds it together and says what stands where,
 * -files.c opens, -saving.c saves and closes, -reload.c takes over what another program wrote,
 * -annotate.c makes and visits annotations, -actions.c offers all of that as actions.
 */

#include "postil-annotation-pane.h"
#include "postil-bar.h"
#include "postil-document-view.h"
#include "postil-documents-list.h"
#include "postil-opener.h"
#include "postil-savers.h"
#include "postil-selection-bar.h"
#include "postil-topic-tree.h"
#include "postil-window.h"

G_BEGIN_DECLS

/* Below this width of the window, in pixels at the usual text size, one text shows at a time. */
#define POSTIL_WINDOW_NARROW 640

struct _PostilWindow
{
  AdwApplicationWindow parent_instance;

  AdwToastOverlay *toasts;
  GtkLabel *title;
  GtkWidget *state;
  GtkImage *state_icon;
  GtkLabel *state_label;
  GtkWidget *open_button;
  GtkWidget *find_button;
  GtkMenuButton *menu_button;
  GMenu *history_section;
  GtkRevealer *progress_revealer;
  GtkLabel *progress_label;
  GtkProgressBar *progress_bar;
  PostilBar *errors_bar;
  PostilBar *codebook_bar;
  AdwFlap *start_flap;
  AdwFlap *end_flap;
  GtkWidget *start_paned;
  PostilDocumentsList *documents;
  PostilTopicTree *topics;
  PostilAnnotationPane *annotations;
  GtkStack *stack;
  GtkPaned *texts;
  PostilDocumentView *start_view;
  PostilDocumentView *end_view;
  GtkDropTarget *drop;
  PostilSelectionBar *selection_bar;
  GtkWidget *chooser;

  GSettings *settings;
  PostilWorkspace *workspace;
  PostilOpener *opener;
  PostilSavers *savers;
  GFile *show_next;
  GPtrArray *errors;
  GPtrArray *closed;
  gint64 busy_since;

  /* One of the two views. */
  PostilDocumentView *active;
  gboolean narrow;
  /* Where the divider below the documents was put last, in pixels; when it is to be put again. */
  int fitted;
  guint fit_tick;

  PostilDocument *current_document;
  char *current;
  gboolean selecting;
  gboolean replaying;
  gboolean closing;
  guint n_removed;
  guint removed_idle;
  AdwToast *removed_toast;
};

/* postil-window.c */
void postil_window_show_document (PostilWindow *self,
                                  PostilDocument *document,
                                  PostilDocumentView *view);
void postil_window_put_away (PostilWindow *self, PostilDocument *document);
PostilDocumentView *postil_window_find_view (PostilWindow *self, PostilDocument *document);
void postil_window_activate_view (PostilWindow *self, PostilDocumentView *view);
PostilDocument *postil_window_get_active_document (PostilWindow *self);
PostilDocument *postil_window_find_document (PostilWindow *self, const char *uri);
void postil_window_update_title (PostilWindow *self);

/* postil-window-actions.c */
void postil_window_init_actions (PostilWindow *self);
void postil_window_update_actions (PostilWindow *self);

/* postil-window-annotate.c */
PostilAnnotation *postil_window_get_current (PostilWindow *self);
void postil_window_set_current (PostilWindow *self, PostilDocument *document, const char *id);
void postil_window_go_to (PostilWindow *self,
                          PostilDocument *document,
                          PostilAnnotation *annotation);
void postil_window_highlight (PostilWindow *self);
void postil_window_apply_topic (PostilWindow *self, const char *topic);
void postil_window_apply_path (PostilWindow *self, const char *path);
void postil_window_ask_topic (PostilWindow *self);
void postil_window_note (PostilWindow *self);
void postil_window_note_document (PostilWindow *self);
void postil_window_delete_annotation (PostilWindow *self);
void postil_window_step_annotation (PostilWindow *self, int by);
void postil_window_cycle_annotations (PostilWindow *self);
void postil_window_copy_citation (PostilWindow *self);
void postil_window_selection_settled (PostilWindow *self, PostilDocumentView *view);
void postil_window_offer_annotations (PostilWindow *self,
                                      PostilDocumentView *view,
                                      GPtrArray *annotations);

/* postil-window-files.c */
void postil_window_init_files (PostilWindow *self);
void postil_window_choose_files (PostilWindow *self, gboolean folder);
GFile *postil_window_dup_folder (PostilWindow *self);
void postil_window_add_error (PostilWindow *self, const char *message);
void postil_window_remove_document (PostilWindow *self, PostilDocument *document);
void postil_window_renew_saver (PostilWindow *self,
                                PostilDocument *document,
                                PostilSidecar *sidecar);

/* postil-window-saving.c */
void postil_window_close_document (PostilWindow *self, PostilDocument *document);
gboolean postil_window_close_request (PostilWindow *self);
void postil_window_save (PostilWindow *self, PostilDocument *document);
void postil_window_save_beside (PostilWindow *self, PostilDocument *document);
void postil_window_tell_saved (PostilWindow *self, const char *path);
void postil_window_save_copy (PostilWindow *self, PostilDocument *document);

/* postil-window-reload.c */
void postil_window_reload (PostilWindow *self, PostilDocument *document);

G_END_DECLS
