/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The longest pattern and text, in units. */
#define POSTIL_APPROXIMATE_MAX_PATTERN 256
#define POSTIL_APPROXIMATE_MAX_TEXT 4096

typedef struct _PostilApproximate PostilApproximate;

PostilApproximate *postil_approximate_new (void);
void postil_approximate_free (PostilApproximate *self);

guint postil_approximate_align (PostilApproximate *self,
                                const gunichar *pattern,
                                guint n_pattern,
                                const gunichar *text,
                                guint n_text,
                                guint expected);
guint postil_approximate_get_first (const PostilApproximate *self, guint unit);
guint postil_approximate_get_last (const PostilApproximate *self, guint unit);
guint postil_approximate_count_errors (const PostilApproximate *self, guint from, guint to);
guint postil_approximate_count_equal (const PostilApproximate *self, guint from, guint to);
guint postil_approximate_find_second (const PostilApproximate *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostilApproximate, postil_approximate_free)

G_END_DECLS
