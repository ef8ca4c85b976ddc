/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "postil-text.h"

G_BEGIN_DECLS

GArray *postil_sentences_list (PostilText *text, GCancellable *cancellable);

G_END_DECLS
