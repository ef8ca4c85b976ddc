/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-review-pane-private.h"

#include <glib/gi18n-lib.h>

#include "postil-edit.h"

static void
accept_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PostilReviewPane *self = POSTIL_REVIEW_PANE (widget);
  PostilAnnotationRow *row = postil_review_pane_get_row (self);
  g_autoptr (PostilStep) step = postil_step_new (_ ("Accept Place"));

  if (row && postil_review_accept (step, postil_annotation_row_get_document (row),
                                   postil_annotation_row_get_annotation (row)))
    postil_review_pane_commit (self, step);
}

/* All places that were found for sure, accepted in one step. */
typedef struct
{
  PostilReviewPane *pane;
  PostilWorkspace *workspace;
  PostilMoment *moment;
} Acceptance;

static void
compose_acceptance (PostilStep *step, gpointer data)
{
  postil_review_accept_sure (step, ((Acceptance *) data)->moment);
}

/* The pane may show another workspace by now. */
static void
commit_acceptance (PostilStep *step, gpointer data)
{
  Acceptance *acceptance = data;

  if (acceptance->pane->workspace == acceptance->workspace)
    postil_review_pane_commit (acceptance->pane, step);
  else
    postil_workspace_commit (acceptance->workspace, step, NULL);
}

static void
acceptance_free (gpointer data)
{
  Acceptance *acceptance = data;

  postil_moment_free (acceptance->moment);
  g_object_unref (acceptance->pane);
  g_free (acceptance);
}

static void
accept_sure_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PostilReviewPane *self = POSTIL_REVIEW_PANE (widget);
  Acceptance *acceptance = g_new (Acceptance, 1);
  guint n = self->counts.n_moved;
  g_autofree char *label =
    g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "Accept %u Place", "Accept %u Places", n), n);
  g_autoptr (PostilStep) step = postil_step_new (label);

  *acceptance =
    (Acceptance){ g_object_ref (self), self->workspace, postil_moment_new (self->workspace) };
  postil_workspace_prepare (self->workspace, step, n, compose_acceptance, commit_acceptance,
                            acceptance, acceptance_free);
}

/* Places the entry, as a step of that name; ranges that a text does not have are of an older one.
 */
static void
place (PostilReviewPane *self, const char *label, const PostilSpan *spans, guint n_spans)
{
  PostilAnnotationRow *row = postil_review_pane_get_row (self);
  PostilDocument *document = postil_annotation_row_get_document (row);
  guint length = postil_text_get_length (postil_document_get_text (document));
  g_autoptr (PostilStep) step = postil_step_new (label);

  for (guint i = 0; i < n_spans; i++)
    if (spans[i].start > spans[i].end || spans[i].end > length)
      return;
  postil_edit_set_spans (self->workspace, step, document,
                         postil_annotation_row_get_annotation (row), spans, n_spans);
  postil_review_pane_commit (self, step);
}

static void
reattach_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PostilReviewPane *self = POSTIL_REVIEW_PANE (widget);

  place (self, _ ("Re-attach Annotation"), &self->selected_span, 1);
}

static void
use_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PostilReviewPane *self = POSTIL_REVIEW_PANE (widget);
  g_autoptr (GArray) spans = g_array_new (FALSE, FALSE, sizeof (PostilSpan));
  GVariantIter iter;
  PostilSpan span;

  g_variant_iter_init (&iter, parameter);
  while (g_variant_iter_next (&iter, "(uu)", &span.start, &span.end))
    g_array_append_val (spans, span);
  if (spans->len > 0)
    place (self, _ ("Choose Place"), (const PostilSpan *) spans->data, spans->len);
}

static void
delete_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PostilReviewPane *self = POSTIL_REVIEW_PANE (widget);
  PostilAnnotationRow *row = postil_review_pane_get_row (self);
  g_autoptr (PostilStep) step = postil_step_new (_ ("Delete Annotation"));

  postil_edit_remove_annotation (step, postil_annotation_row_get_document (row),
                                 postil_annotation_row_get_annotation (row));
  postil_edit_remove_links (self->workspace, step);
  postil_review_pane_commit (self, step);
}

static void
keep_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PostilReviewPane *self = POSTIL_REVIEW_PANE (widget);
  PostilAnnotationRow *row = postil_review_pane_get_row (self);
  PostilReviewChoice choice = g_variant_get_int32 (parameter);
  g_autoptr (PostilStep) step = postil_step_new (
    choice == POSTIL_REVIEW_KEEP_BOTH ? _ ("Keep Both Versions") : _ ("Keep One Version"));

  if (postil_review_choose (step, postil_annotation_row_get_document (row),
                            postil_annotation_row_get_annotation (row), choice))
    postil_review_pane_commit (self, step);
}

static void
show_all_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_toggle_button_set_active (POSTIL_REVIEW_PANE (widget)->all_button, TRUE);
}

void
postil_review_pane_install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "review.accept", NULL, accept_cb);
  gtk_widget_class_install_action (widget_class, "review.accept-sure", NULL, accept_sure_cb);
  gtk_widget_class_install_action (widget_class, "review.reattach", NULL, reattach_cb);
  gtk_widget_class_install_action (widget_class, "review.delete", NULL, delete_cb);
  gtk_widget_class_install_action (widget_class, "review.use", "a(uu)", use_cb);
  gtk_widget_class_install_action (widget_class, "review.keep", "i", keep_cb);
  gtk_widget_class_install_action (widget_class, "review.show-all", NULL, show_all_cb);
}

void
postil_review_pane_update_actions (PostilReviewPane *self)
{
  PostilAnnotationRow *row = postil_review_pane_get_row (self);
  PostilAnnotation *annotation = row ? postil_annotation_row_get_annotation (row) : NULL;
  PostilReviewKinds kinds = annotation ? postil_review_get_kinds (annotation) : 0;
  gboolean is_unplaced = (kinds & ~POSTIL_REVIEW_VERSIONS) != 0;
  GtkWidget *widget = GTK_WIDGET (self);

  gtk_widget_action_set_enabled (widget, "review.accept",
                                 (kinds & (POSTIL_REVIEW_MOVED | POSTIL_REVIEW_UNCERTAIN)) != 0);
  gtk_widget_action_set_enabled (widget, "review.accept-sure", self->counts.n_moved > 0);
  gtk_widget_action_set_enabled (widget, "review.reattach",
                                 is_unplaced && self->selected_document &&
                                   self->selected_document ==
                                     postil_annotation_row_get_document (row));
  gtk_widget_action_set_enabled (widget, "review.delete", kinds != 0);
  gtk_widget_action_set_enabled (widget, "review.use", is_unplaced);
  gtk_widget_action_set_enabled (widget, "review.keep", (kinds & POSTIL_REVIEW_VERSIONS) != 0);
}
