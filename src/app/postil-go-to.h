/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-document-view.h"

G_BEGIN_DECLS

void postil_go_to_present (GtkWindow *parent, PostilDocumentView *view);

G_END_DECLS
