/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-application.h"
#include "postil-window-private.h"

G_BEGIN_DECLS

/**
 * PostilBenchApp:
 * @application: the application
 * @folder: where the store and the files are, gone at the end
 *
 * Postil in the benchmark's own process.
 */
typedef struct
{
  PostilApplication *application;
  char *folder;
} PostilBenchApp;

PostilBenchApp *postil_bench_app_new (void);
void postil_bench_app_free (PostilBenchApp *self);

GFile *postil_bench_app_write (PostilBenchApp *self, const char *name, PostilSnapshot *snapshot);
PostilWindow *postil_bench_app_show (PostilBenchApp *self);
void postil_bench_app_open (PostilWindow *window, GFile *file);
PostilTextView *postil_bench_app_get_text_view (PostilWindow *window);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostilBenchApp, postil_bench_app_free)

G_END_DECLS
