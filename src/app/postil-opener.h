/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "postil-environment.h"
#include "postil-store.h"

G_BEGIN_DECLS

#define POSTIL_TYPE_OPENER (postil_opener_get_type ())
G_DECLARE_FINAL_TYPE (PostilOpener, postil_opener, POSTIL, OPENER, GObject)

PostilOpener *postil_opener_new (const PostilEnvironment *environment, PostilStore *store);

void postil_opener_open (PostilOpener *self, GFile *file);
gboolean postil_opener_has (PostilOpener *self, GFile *file);
void postil_opener_cancel (PostilOpener *self);

gboolean postil_opener_is_busy (PostilOpener *self);
guint postil_opener_get_n_waiting (PostilOpener *self);
const char *postil_opener_get_name (PostilOpener *self);
double postil_opener_get_fraction (PostilOpener *self);

G_END_DECLS
