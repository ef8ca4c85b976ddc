/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-annotation-list.h"

G_BEGIN_DECLS

/* What a view has that believes the list: the rows that it was told of. */
typedef struct
{
  PostilWorkspace *workspace;
  PostilAnnotationList *list;
  PostilAnnotationOrder order;
  GPtrArray *rows;
  guint n_emissions;
  guint last_removed;
  guint last_added;
  guint n_handed_over;
  /* Where it looks. */
  GRand *rand;
} View;

/* What may happen to a list, for how long, and whether a view looks. */
typedef struct
{
  guint n_rounds;
  guint n_annotations;
  guint n_rounds_to_check;
  gboolean looks;
  gboolean sorts;
} RandomTest;

extern const PostilAnnotationFilter everything;

void view_init (View *view);
void view_clear (View *view);
void view_set_order (View *view, PostilAnnotationOrder order);
gboolean is_filtering (View *view);
void finish_filtering (View *view);
void check_announced (View *view);
void check_filtered (View *view, const PostilAnnotationFilter *filter);
PostilAnnotation *get_annotation (PostilDocument *document, const char *id);
void commit (View *view, PostilStep *step);
void test_random (gconstpointer data);

G_END_DECLS
