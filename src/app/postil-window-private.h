/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What the files of the window share: postil-window.c holds it together and says what stands where,
 * -files.c opens, -saving.c saves and closes, -reload.c takes over what other programs change,
 * -relocate.c finds the annotations of what was renamed or copied,
 * -annotate.c makes and visits annotations, -review.c has a person look at those whose text
 * changed, -compare.c reads its two texts against each other, -marks.c marks them meanwhile,
 * -decide.c has a person decide what is a pair, -carry.c takes annotations from one to the other,
 * -actions.c offers all of that as actions.
 */

#include "postil-after-frame.h"
#include "postil-annotation-pane.h"
#include "postil-bar.h"
#include "postil-compare-bar.h"
#include "postil-comparer.h"
#include "postil-document-view.h"
#include "postil-documents-list.h"
#include "postil-opener.h"
#include "postil-pair-bands.h"
#include "postil-review-pane.h"
#include "postil-savers.h"
#include "postil-scroll-sync.h"
#include "postil-selection-bar.h"
#include "postil-text-watch.h"
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
  GtkWidget *modes;
  GtkToggleButton *read_button;
  GtkToggleButton *compare_button;
  GtkWidget *open_button;
  GMenuModel *open_menu;
  GtkWidget *find_button;
  GtkMenuButton *menu_button;
  GMenu *main_menu;
  GMenu *history_section;
  GtkRevealer *progress_revealer;
  GtkLabel *progress_label;
  GtkProgressBar *progress_bar;
  PostilBar *errors_bar;
  PostilBar *news_bar;
  PostilBar *codebook_bar;
  AdwFlap *start_flap;
  AdwFlap *end_flap;
  GtkWidget *start_paned;
  PostilDocumentsList *documents;
  PostilTopicTree *topics;
  GtkStack *end_stack;
  PostilAnnotationPane *annotations;
  PostilReviewPane *review;
  GtkStack *stack;
  AdwBin *compare_place;
  /* %NULL until texts are compared. */
  PostilCompareBar *compare_bar;
  PostilBar *compare_notice;
  /* Of what stands in the middle: "texts", "summary", or "alone" where a second text is missing. */
  GtkStack *middle;
  GtkPaned *texts;
  GtkBox *end_side;
  PostilPairBands *bands;
  /* Where the summary of the comparison stands; "win.summary" shows it instead of the texts. */
  AdwBin *summary_place;
  PostilDocumentView *start_view;
  PostilDocumentView *end_view;
  GtkDropTarget *drop;
  PostilSelectionBar *selection_bar;
  GtkWidget *chooser;

  GSettings *settings;
  PostilStore *store;
  PostilWorkspace *workspace;
  PostilOpener *opener;
  PostilSavers *savers;
  /* Of the text at the start and the one at the end; both or none. Also while they are only read.
   */
  PostilComparer *comparer;
  PostilScrollSync *scroll_sync;
  /* The passages of the alignment, while there is one, and which of them is current. */
  PostilComparisonWalk *walk;
  PostilComparisonFilter filter;
  guint row;
  /* Where the caret was put when that was gone to. */
  PostilTextView *went_in;
  guint went_to;
  guint arrive_tick;
  guint n_arrive_frames;
  /* The counterparts of what a person looks at, and the view that they are marked in. */
  PostilDocumentView *counterpart_view;
  GArray *counterparts;
  /* A PostilTextWatch for each open PostilDocument. */
  GHashTable *watches;
  GFile *show_next;
  GPtrArray *errors;
  GPtrArray *news;
  GPtrArray *closed;
  gint64 busy_since;
  /* Until when a window that is not seen yet waits for its texts; what waits until it is. */
  guint present_timeout;
  PostilAfterFrame *seen;

  /* One of the two views. */
  PostilDocumentView *active;
  gboolean narrow;
  /* Where the divider below the documents was put last, in pixels; when it is to be put again. */
  int fitted;
  guint fit_tick;
  /* The part of the width of both texts, in pixels, that the first of them has. */
  double texts_share;
  int texts_width;

  PostilDocument *current_document;
  char *current;
  gboolean selecting;
  gboolean replaying;
  gboolean comparing;
  /* Whether to compare as soon as there are two texts, as it was in the last window. */
  gboolean compares_next;
  gboolean closing;
  guint n_annotations;
  guint n_removed;
  guint removed_idle;
  AdwToast *undo_toast;
  /* Whose annotations come next from the sidecar that it takes over; only to be compared. */
  gconstpointer adopting;
};

/* postil-window.c */
void postil_window_show_document (PostilWindow *self,
                                  PostilDocument *document,
                                  PostilDocumentView *view);
void postil_window_put_away (PostilWindow *self, PostilDocument *document);
PostilDocumentView *postil_window_find_view (PostilWindow *self, PostilDocument *document);
void postil_window_preview (PostilWindow *self, GFile *file, PostilText *text);
void postil_window_activate_view (PostilWindow *self, PostilDocumentView *view);
PostilDocument *postil_window_get_active_document (PostilWindow *self);
PostilDocument *postil_window_find_document (PostilWindow *self, const char *uri);
void postil_window_update_title (PostilWindow *self);

/* postil-window-actions.c */
void postil_window_init_actions (PostilWindow *self);
void postil_window_update_actions (PostilWindow *self);

/* postil-window-annotate.c */
PostilStep *postil_window_begin (PostilWindow *self, const char *label);
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

/* postil-window-compare.c: also "win.summary", a state, which shows summary_place. */
void postil_window_init_compare (PostilWindow *self);
void postil_window_finish_compare (PostilWindow *self);
void postil_window_update_compare (PostilWindow *self);
void postil_window_set_comparing (PostilWindow *self, gboolean comparing);
void postil_window_find_second (PostilWindow *self);
void postil_window_compare_at (PostilWindow *self, PostilDocument *document, guint offset);
PostilTextView *postil_window_get_side (PostilWindow *self, gboolean of_b);
gboolean postil_window_is_at_b (PostilWindow *self);

/* postil-window-marks.c */
void postil_window_update_marks (PostilWindow *self);
void postil_window_mark_counterparts (PostilWindow *self,
                                      PostilDocumentView *view,
                                      const PostilSpan *spans,
                                      guint n_spans);

/* postil-window-carry.c */
void postil_window_init_carry (PostilWindow *self);
void postil_window_update_carry (PostilWindow *self);

/* postil-window-decide.c */
void postil_window_init_decide (PostilWindow *self);
const char *postil_window_get_decision (PostilWindow *self);
void postil_window_update_decide (PostilWindow *self);

/* postil-window-files.c */
void postil_window_init_files (PostilWindow *self);
void postil_window_choose_files (PostilWindow *self, gboolean folder);
GFile *postil_window_dup_folder (PostilWindow *self);
void postil_window_add_error (PostilWindow *self, const char *message);
void postil_window_remove_document (PostilWindow *self, PostilDocument *document);

/* postil-window-saving.c */
void postil_window_close_document (PostilWindow *self, PostilDocument *document);
gboolean postil_window_close_request (PostilWindow *self);
void postil_window_save (PostilWindow *self, PostilDocument *document);
void postil_window_tell_saved (PostilWindow *self, const char *path);
void postil_window_save_copy (PostilWindow *self, PostilDocument *document);

/* postil-window-relocate.c */
void postil_window_init_relocate (PostilWindow *self);
void postil_window_update_offers (PostilWindow *self);
void postil_window_take_over (PostilWindow *self, PostilDocument *document);
void postil_window_copy_annotations (PostilWindow *self, PostilDocument *document);
void postil_window_merge_copy (PostilWindow *self, PostilDocument *document);
void postil_window_keep_apart (PostilWindow *self, PostilDocument *document);

/* postil-window-reload.c */
void postil_window_tell (PostilWindow *self, const char *message);
void postil_window_clear_news (PostilWindow *self);
void postil_window_tell_undoable (PostilWindow *self, const char *message);
void postil_window_tell_recovered (PostilWindow *self, PostilDocument *document, guint n);
void postil_window_age_news (PostilWindow *self);
void postil_window_watch (PostilWindow *self, PostilDocument *document);
void postil_window_check_texts (PostilWindow *self);
void postil_window_follow_saver (PostilWindow *self, PostilSaver *saver);
void postil_window_reload (PostilWindow *self, PostilDocument *document);
void postil_window_show_versions (PostilWindow *self);

/* postil-window-review.c */
void postil_window_init_review (PostilWindow *self);
void postil_window_update_review (PostilWindow *self);
void postil_window_show_annotations (PostilWindow *self);
void postil_window_entry_selected (PostilWindow *self,
                                   PostilDocument *document,
                                   PostilAnnotation *annotation);

G_END_DECLS
